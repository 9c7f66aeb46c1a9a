"""How long a way back takes: spans of days with what they rest on, and the first day on which a ledger is good again.

Only good conduct is counted from day 0 on, so a ledger can but rise: deductions end or halve, credits come in. The
first day at which it is high enough is therefore found exactly by halving the time in which everything has happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from vitropolis.lint.truth import NOTHING, Names, Truth, known, unknown


@dataclass(frozen=True, slots=True)
class Span:
    """So many calendar days (inf: never): `least` if what is not declared is taken at its best, `most` at its worst."""

    least: float
    most: float
    missing: Names = NOTHING
    assumed: Names = NOTHING
    labels: Names = NOTHING

    def over(self, limit: int) -> Truth:
        """Whether it is longer than so many days."""
        if self.least > limit:
            return known(True, assumed=self.assumed, labels=self.labels)
        if self.most > limit:
            return unknown(*self.missing)
        return known(False, assumed=self.assumed, labels=self.labels)

    def __add__(self, other: Span) -> Span:
        return _joined(self.least + other.least, self.most + other.most, (self, other))

    def told(self) -> str:
        """In words."""
        if self.least == self.most:
            return "never" if self.least == inf else f"after {self.least:.0f} days"
        return "nobody can say when" if self.most == inf else f"after {self.least:.0f} to {self.most:.0f} days"


AT_ONCE = Span(0, 0)
NEVER = Span(inf, inf)


def earliest(spans: Iterable[Span]) -> Span:
    """The shortest of several ways; of none: never."""
    found = list(spans)
    least, most = min((each.least for each in found), default=inf), min((each.most for each in found), default=inf)
    return _joined(least, most, [each for each in found if each.least <= most])


def latest(spans: Iterable[Span]) -> Span:
    """The longest of several things to wait for; of none: nothing to wait for."""
    found = list(spans)
    least, most = max((each.least for each in found), default=0), max((each.most for each in found), default=0)
    return _joined(least, most, found)


def _joined(least: float, most: float, parts: Sequence[Span]) -> Span:
    missing = NOTHING.union(*(each.missing for each in parts)) if least != most else NOTHING
    assumed = NOTHING.union(*(each.assumed for each in parts))
    return Span(least, most, missing, assumed, NOTHING.union(*(each.labels for each in parts)))


@dataclass(frozen=True, slots=True)
class Fall:
    """Deductions of one kind, all made on day 0: `points` (> 0) each, `times` of them, until day `ends` (inf: never)
    or halving, towards zero, every `half` days."""

    points: int
    times: int
    ends: float = inf
    half: int | None = None

    def left(self, day: int) -> int:
        """Points still deducted on a day."""
        if day >= self.ends:
            return 0
        return self.times * (self.points >> (day // self.half) if self.half else self.points)

    @property
    def settled(self) -> int:
        """A day from which on nothing changes."""
        if self.half:
            return self.half * self.points.bit_length()
        return 0 if self.ends == inf else int(self.ends)


@dataclass(frozen=True, slots=True)
class Gain:
    """Credits of one kind, one a day from day 1 on: `points` (> 0) each, at most `most` at once (None: any number),
    each for `lives` days (inf: always) or halving every `half` days."""

    points: int
    most: int | None
    lives: float = inf
    half: int | None = None

    def made(self, day: int) -> int:
        """Points that count on a day, if every day before brought one."""
        number = day if self.most is None else min(day, self.most)
        if not self.half:
            return self.points * int(min(number, self.lives))
        ages = range(0, number, self.half)  # the record of day d is day - d old; so many have each whole half-life
        return sum((self.points >> (age // self.half)) * min(self.half, number - age) for age in ages)

    def settled(self, wanted: int) -> int:
        """A day from which on it brings no more, or `wanted` points already."""
        enough = -(-wanted // self.points)
        if self.half:
            enough = self.half * self.points.bit_length()
        elif self.lives != inf:
            enough = int(self.lives)
        return enough if self.most is None else min(self.most, enough)


def first_day(wanted: int, start: int, falls: Sequence[Fall], gains: Sequence[Gain]) -> float:
    """The first day on which the ledger is at `wanted` points or above; inf if it never is."""

    def reached(day: int) -> bool:
        rest = sum(each.left(day) for each in falls)
        return start - rest + sum(each.made(day) for each in gains) >= wanted

    lacking = max(0, wanted - start + sum(each.left(0) for each in falls))
    low, high = 0, max([0, *(each.settled for each in falls), *(each.settled(lacking) for each in gains)])
    if not reached(high):
        return inf
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle + 1, high)
    return low
