"""Which texts are law by their rank, and whether they are in force on the policy's day: one answer for all rules.

Whether a law is good enough, or names what a policy says that it names, is for courts.
"""

from __future__ import annotations

from vitropolis.lint.said import Reader
from vitropolis.lint.truth import Truth, known

STATUTE = ("statute", "regulation")
"""Law in every legal order; the only texts by which a policy may claim that two walks of life are related."""

LAW = (*STATUTE, "judicial_interpretation")
"""With what a supreme court lays down for all courts, which binds like a law in China."""

UNION_LAW = (*STATUTE, "decree")
"""What article 6(3) GDPR takes for law of a member state: it need not be an act of parliament (recital 41)."""

RULES = (*LAW, "decree")
"""With rules of a department: enough for the criteria of a list in China, not for a measure."""


def in_force(reader: Reader, basis: str) -> bool:
    """Whether a legal basis has begun on the policy's day; one that names no first day has."""
    starts = reader.policy.legal_basis[basis].starts_on
    return starts is None or starts <= reader.day


def of_rank(reader: Reader, basis: str, *kinds: str) -> Truth:
    """Whether a legal basis is one of these kinds and in force."""
    return reader.said(f"legal_basis.{basis}.kind").is_(*kinds) & known(in_force(reader, basis))


def published(reader: Reader, basis: str, *kinds: str) -> Truth:
    """Whether a legal basis is one of these kinds, in force, and published, so that people can know it."""
    return of_rank(reader, basis, *kinds) & reader.said(f"legal_basis.{basis}.published").is_true()
