"""What a headline is: a question, how it is counted, and the record in which the answer leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from vitropolis.report.totals import Totals

MEASURED = "measured"
NOT_COUNTED = "not counted in this run"
NO_TWIN = "not computed: the run has no twin"
FEW = "few: fewer than 20 people, acts, records, listings or appeals"
FEWEST = 20
OWN_ACCOUNT = ("lists", "measures")  # sections of a policy that hit somebody on their own account
ANY_ACCOUNT = (*OWN_ACCOUNT, "spillover")  # ... or through others


@dataclass(frozen=True)
class Found:
    """An answer: `value` in the question's unit (None: there is none, `status` says why) and the counts behind it."""

    value: float | None
    numerator: int | None = None
    denominator: int | None = None
    status: str = MEASURED


@dataclass(frozen=True)
class Question:
    """One headline: how it is called, counted and explained.

    title: a sentence; `{first}` and `{second}` stand for the two definitions of deserving. needs: counts that a run
    must have for it. made_by: sections of the policy (or elements) that can have made it. beside_twin: whether the same
    number of the twin says something.
    """

    id: str
    title: str
    unit: str
    method: str
    count: Callable[[Totals, int], Found]
    needs: tuple[str, ...]
    made_by: tuple[str, ...] = OWN_ACCOUNT
    beside_twin: bool = True

    def answer(self, totals: Totals, world: int) -> Found:
        """The answer in one world."""
        return self.count(totals, world) if totals.has(*self.needs) else Found(None, status=NOT_COUNTED)


@dataclass(frozen=True)
class Driver:
    """An assumption that moves a headline: its path and range, and the headline at each end of it, all else as written.

    effect: headline at the upper end less that at the lower; direction: what a larger value does to the headline.
    """

    path: str
    unit: str
    range: tuple[float, float]
    at_low: float | None
    at_high: float | None
    effect: float | None
    direction: Literal["raises", "lowers"]


@dataclass(frozen=True, kw_only=True)
class Headline:
    """One headline of one world, with everything that answers "why?".

    value, low, high: in `unit`; low and high are None unless ranges were computed. Of the `sets` of assumptions played
    for a range (None: there is none) the headline has no value in `undefined`; low and high are over the others and the
    values as written. numerator, denominator: the exact counts; `methods` says where the value is not their quotient.
    rule_ids: elements of the policy that made it, most frequent first; lines: where each is written.
    """

    id: str
    title: str
    unit: str
    world: str
    value: float | None
    twin_value: float | None
    low: float | None
    high: float | None
    numerator: int | None
    denominator: int | None
    rule_ids: tuple[str, ...]
    lines: tuple[str, ...]
    method_id: str
    status: str
    sets: int | None = None
    undefined: int | None = None
    drivers: tuple[Driver, ...] = ()


def of_enrolled(top: int, enrolled: int, per: int = 1000) -> Found:
    """A rate of the enrolled; 0 where nobody is enrolled and nothing happened, as in the twin."""
    return Found(0.0, 0, 0, "nobody is enrolled") if top == enrolled == 0 else ratio(top, enrolled, per)


def ratio(top: int, bottom: int, per: int = 1) -> Found:
    """`top` for every `per` of `bottom`; without a value if `bottom` is 0, marked where few are counted."""
    if bottom == 0:
        return Found(None, top, bottom, "undefined: denominator 0")
    return Found(per * top / bottom, top, bottom, FEW if few(top, bottom) else MEASURED)


def mean(total: int, of: int) -> Found:
    """`total` (days, not people) shared among `of`; marked where these are few."""
    if of == 0:
        return Found(None, total, of, "undefined: denominator 0")
    return Found(total / of, total, of, FEW if of < FEWEST else MEASURED)


def few(top: int, bottom: int) -> bool:
    """Whether a quotient rests on a handful: of few, or few of many (none of many is not)."""
    return bottom < FEWEST or 0 < abs(top) < FEWEST
