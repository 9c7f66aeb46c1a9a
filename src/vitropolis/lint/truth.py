"""Three-valued truth that remembers what it rests on: what was not declared, what is assumed, whose label was believed.

A condition of a rule is built from `Truth`s with `&`, `|` and `~` (Kleene's strong tables). Of a conjunction that is
false only the operand that makes it so is kept, and of several such the one that rests on least; so the evidence of
an answer is what the answer needs, and nothing that merely stood beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

Names = frozenset[str]
NOTHING: Names = frozenset()


@dataclass(frozen=True, slots=True)
class Truth:
    """True, False or None (cannot be decided), with the elements it rests on, as dotted paths.

    `missing`: not declared or `unknown`; `assumed`: values that no source gives; `labels`: the author's own words for
    what a thing is, where the linter has no better ground.
    """

    value: bool | None
    missing: Names = field(default=NOTHING)
    assumed: Names = field(default=NOTHING)
    labels: Names = field(default=NOTHING)

    def __bool__(self) -> bool:
        raise TypeError("a Truth has three values: use .value, &, | and ~")

    def __invert__(self) -> Truth:
        value = None if self.value is None else not self.value
        return Truth(value, self.missing, self.assumed, self.labels)

    def __and__(self, other: Truth) -> Truth:
        return _meet(self, other, decisive=False)

    def __or__(self, other: Truth) -> Truth:
        return _meet(self, other, decisive=True)

    @property
    def weight(self) -> tuple[int, int, int]:
        """How much it rests on: assumed values first, then labels, then what is missing."""
        return len(self.assumed), len(self.labels), len(self.missing)

    def resting_on(self, labels: Iterable[str] = (), assumed: Iterable[str] = ()) -> Truth:
        """The same, resting on these labels and assumed values as well."""
        return Truth(self.value, self.missing, self.assumed | set(assumed), self.labels | set(labels))


def _meet(left: Truth, right: Truth, decisive: bool) -> Truth:
    """And (`decisive` False) or or (`decisive` True) of two truths."""
    deciding = [truth for truth in (left, right) if truth.value is decisive]
    if deciding:
        return min(deciding, key=lambda truth: truth.weight)
    value = None if left.value is None or right.value is None else not decisive
    labels, assumed = left.labels | right.labels, left.assumed | right.assumed
    return Truth(value, left.missing | right.missing, assumed, labels)


TRUE = Truth(True)
FALSE = Truth(False)


def unknown(*missing: str) -> Truth:
    """Cannot be decided, for want of these elements."""
    return Truth(None, frozenset(missing))


def known(value: bool, *, assumed: Iterable[str] = (), labels: Iterable[str] = ()) -> Truth:
    """True or False, resting on these assumed values and labels."""
    return Truth(value, NOTHING, frozenset(assumed), frozenset(labels))


def any_of(truths: Iterable[Truth]) -> Truth:
    """Or over all; False of none."""
    return _join(truths, True)


def all_of(truths: Iterable[Truth]) -> Truth:
    """And over all; True of none."""
    return _join(truths, False)


def _join(truths: Iterable[Truth], decisive: bool) -> Truth:
    """Like `_meet` one after the other, in one go."""
    found = list(truths)
    deciding = [truth for truth in found if truth.value is decisive]
    if deciding:
        return min(deciding, key=lambda truth: truth.weight)
    value = None if any(truth.value is None for truth in found) else not decisive
    missing, assumed, labels = (
        NOTHING.union(*{getattr(truth, part) for truth in found}) for part in ("missing", "assumed", "labels")
    )
    return Truth(value, missing, assumed, labels)
