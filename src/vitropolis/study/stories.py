"""What a headline tells, as a statement that is true or false at a threshold; `challenge` asks when it would reverse.

A story is told as the written assumptions tell it: on which side of its threshold the number lies. It reverses where it
lies on the other. No story is about what people say, believe or are loyal to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import sqrt

from vitropolis.report import HEADLINES, found, values
from vitropolis.report.disparity import rates
from vitropolis.report.exits import NOT_REACHED
from vitropolis.report.totals import Totals

Number = float | None
Numbers = dict[str, dict[str, dict[str, Number]]]


@dataclass(frozen=True)
class Story:
    """A number with a threshold, and what it says above and not above it."""

    id: str
    threshold: float
    above: str
    below: str
    measure: Callable[[Totals, int], Number]

    def told(self, number: float) -> str:
        """What the number says."""
        return self.above if number > self.threshold else self.below

    def reversed_by(self, written: float, number: Number) -> bool:
        """Whether a number tells the opposite of what the written assumptions tell."""
        return number is not None and (number > self.threshold) != (written > self.threshold)


def _value(totals: Totals, world: int, name: str) -> Number:
    return found(totals, world, name).value


def _days(totals: Totals, world: int, name: str) -> Number:
    """Median days; where fewer than half are out at the end, the days of the whole run, which the median exceeds."""
    answer = found(totals, world, name)
    return float(totals.plan.days) if answer.status == NOT_REACHED else answer.value


def _not_breach(totals: Totals, world: int, defined: str) -> Number:
    breach = found(totals, world, f"share_breach_{defined}").value
    return None if breach is None else 1 - breach


def _rate_ratio(totals: Totals, world: int, axis: str, one: str, other: str) -> Number:
    """The rate of people hit in one group divided by that in another; None without anybody hit in the other."""
    if not totals.has("ever_hit", "enrolled"):
        return None
    known = {rate.label: rate.per_1000 for rate in rates(totals, world, axis, "hit")}
    top, bottom = known.get(one), known.get(other)
    return top / bottom if top is not None and bottom else None


def _refusal_over_notice(totals: Totals, world: int) -> Number:
    refused, told = (found(totals, world, name).value for name in ("learnt_by_refusal", "learnt_by_notice"))
    return None if refused is None or told is None else refused - told


STORIES = (
    Story("amplified", 1.0, "more than one person is wrongly hit for each wrong record",
          "at most one person is wrongly hit for each wrong record",
          partial(_value, name="wrongly_hit_per_wrong_record")),
    Story("mostly_not_breach", 0.5,
          "most of those hit stand under wrong fact, or lawful, protected or unable to pay",
          "at least half of those hit stand under breach as recorded", partial(_not_breach, defined="first")),
    Story("mostly_not_breach_second", 0.5,
          "by the second definition most of those hit stand under wrong fact, or lawful, protected or unable to pay",
          "by the second definition at least half of those hit stand under breach as recorded",
          partial(_not_breach, defined="second")),
    Story("harm_over_wrong", 1.0, "more harmful acts are avoided than people are wrongly hit",
          "no more harmful acts are avoided than people are wrongly hit",
          partial(_value, name="harmful_acts_avoided_per_wrongly_hit")),
    Story("more_through_others", 1.0, "more people are hit through others than on their own account",
          "no more people are hit through others than on their own account",
          partial(_value, name="others_per_person_hit")),
    Story("never_corrected", 0.5, "most listings by wrong fact are never corrected",
          "at least half of the listings by wrong fact are corrected", partial(_value, name="never_corrected")),
    Story("longer_than_a_year", 365.0, "half of all black listings last longer than a year",
          "half of all black listings are over within a year", partial(_days, name="days_until_out")),
    Story("learnt_at_the_door", 0.0, "more people learn of it by being refused than by a notice",
          "at least as many people learn of it by a notice as by being refused", _refusal_over_notice),
    Story("migrants", 1.0, "migrants are hit more often than locals", "migrants are hit no more often than locals",
          partial(_rate_ratio, axis="registration", one="migrant", other="local")),
    Story("poor", 1.0, "the lowest income fifth is hit more often than the highest",
          "the lowest income fifth is hit no more often than the highest",
          partial(_rate_ratio, axis="income", one="lowest", other="highest")),
)  # fmt: skip


def numbers_of(totals: Totals) -> Numbers:
    """Every headline and story of one set: {"values" or "stories": {world: {id: number or None}}}, of policy worlds.

    "errors" has the standard error that a headline's counts alone would give it, were they drawn independently.
    """
    worlds = {totals.name(world): world for world in totals.played}
    return {
        "values": {name: _plain(values(totals, world)) for name, world in worlds.items()},
        "stories": {
            name: {one.id: _float(one.measure(totals, world)) for one in STORIES} for name, world in worlds.items()
        },
        "errors": {name: _errors(totals, world) for name, world in worlds.items()},
    }


def _errors(totals: Totals, world: int) -> dict[str, Number]:
    told = {name: found(totals, world, name) for name in HEADLINES}
    return {name: _error(each.value, each.numerator, each.denominator) for name, each in told.items()}


def _error(value: Number, top: float | None, bottom: float | None) -> Number:
    """Of a quotient of two counts; None if nobody is counted."""
    if value is None or not top:
        return None
    return abs(float(value)) * sqrt(1 / abs(top) + (1 / abs(bottom) if bottom else 0.0))


def _plain(told: Mapping[str, Number]) -> dict[str, Number]:
    return {name: _float(number) for name, number in told.items()}


def _float(number: Number) -> Number:
    return None if number is None else float(number)
