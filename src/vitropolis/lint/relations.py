"""Whether two walks of life are related: equal, in the short printed table, or claimed by the policy under a law.

Guidelines C(2025) 5052, paragraphs 166 and 175-177: data from an unrelated context; a law that names the data may
make it relevant. Whether contexts really are related is a legal test that no table decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from vitropolis.base.yamlfile import parse_yaml
from vitropolis.lint.law import STATUTE, published
from vitropolis.lint.said import Reader

Standing = Literal["same", "table", "claimed", "none", "unknown"]


@dataclass(frozen=True, slots=True)
class Relation:
    """How two contexts stand to one another, why, and the link that claims it."""

    standing: Standing
    why: str
    link: str = ""

    @property
    def related(self) -> bool:
        """Whether they are taken for related without a claim of the policy."""
        return self.standing in ("same", "table")


@cache
def table() -> Mapping[frozenset[str], str]:
    """The linter's own related pairs, with reasons."""
    text = files("vitropolis.lint").joinpath("grounds", "relations.yaml").read_bytes()
    tree = parse_yaml(text, "relations.yaml").plain()
    return {frozenset(item["contexts"]): item["reason"] for item in tree["relations"]}


class Relations:
    """The relations between contexts under one policy."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._links: dict[frozenset[str], str] = {}
        self._found: dict[tuple[str, str], Relation] = {}
        for name, link in reader.policy.links.items():
            self._links[frozenset(link.contexts)] = name

    def between(self, one: str, other: str) -> Relation:
        """How two contexts stand to one another."""
        if (one, other) not in self._found:
            self._found[one, other] = self._between(one, other)
        return self._found[one, other]

    def _between(self, one: str, other: str) -> Relation:
        if "unknown" in (one, other):
            return Relation("unknown", "a context is not known")
        if one == other:
            return Relation("same", f"both are {one}")
        pair = frozenset((one, other))
        if pair in table():
            return Relation("table", table()[pair])
        link = self._links.get(pair)
        if link is not None and self._by_law(link):
            return Relation("claimed", f"links.{link} names a law that specifies the data", f"links.{link}")
        if link is not None:
            why = f"links.{link} names no published law in force that specifies the data"
            return Relation("none", why, f"links.{link}")
        return Relation("none", f"{one} and {other} have no apparent connection")

    def _by_law(self, link: str) -> bool:
        """Whether a published law in force, which specifies the data, stands behind a link."""
        return any(
            self.reader.policy.legal_basis[basis].data_specified is True
            and published(self.reader, basis, *STATUTE).value is True
            for basis in self.reader.policy.links[link].legal_basis
        )
