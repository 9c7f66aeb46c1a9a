"""Question 7: who is hit more often: rates by district, registration, age, sex, education and income."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from vitropolis.report.question import ANY_ACCOUNT, FEW, FEWEST, Found, Question
from vitropolis.report.totals import GROUP_LABELS, Totals

AXES = ("district", "registration", "age", "sex", "education", "income")
WHAT = {"hit": "ever_hit", "wrongly": "ever_wrongly"}
SMALLEST = 100  # people without whom a group's rate is shown but not compared
METHODS = {
    "disparity": "The rate of people hit (or wrongly hit) at least once per 1,000 residents of the group (per 1,000 "
    "enrolled where the run does not count residents), in the group with the highest rate divided by that in the group "
    "with the lowest. Groups of fewer than 100 are shown and not compared. Exact counts decide which groups these are, "
    "so with few people hit chance decides too. Numerator and denominator are the people hit in these two groups; the "
    "value is the quotient of their rates, not of these counts.",
}


@dataclass(frozen=True)
class Rate:
    """One group: people hit, its residents (`base`; the enrolled where residents are not counted), the rate per 1,000
    (None: there is nobody)."""

    label: str
    people: int
    base: int

    @property
    def per_1000(self) -> float | None:
        """The rate per 1,000 of the base."""
        return 1000 * self.people / self.base if self.base else None


def rates(totals: Totals, world: int, axis: str, what: str) -> list[Rate]:
    """The rates of all groups of an axis (`AXES`) in the city's order; what: `hit` or `wrongly`."""
    people, base = totals.held(WHAT[what]).last[world], totals.base(world)
    if axis == "district":
        found = zip(totals.districts, people[:, 0], base[:, 0], strict=True)
        return [Rate(label, int(hit), int(all_of)) for label, hit, all_of in found]
    mine = [at for at, label in enumerate(GROUP_LABELS) if label.startswith(f"{axis}=") and "," not in label]
    whole, hit_of = base.sum(axis=0), people.sum(axis=0)
    return [Rate(GROUP_LABELS[at].partition("=")[2], int(hit_of[at]), int(whole[at])) for at in mine]


def extremes(found: Sequence[Rate]) -> tuple[Rate, Rate] | None:
    """The groups with the highest and the lowest rate among those large enough to compare; None without two."""
    compared = [rate for rate in found if rate.base >= SMALLEST]
    if len(compared) < 2:
        return None
    ordered = sorted(compared, key=lambda rate: rate.people / rate.base)
    return ordered[-1], ordered[0]


def disparity(totals: Totals, world: int, axis: str, what: str) -> Found:
    """The highest rate of an axis divided by the lowest; numerator, denominator: people hit in these two groups."""
    ends = extremes(rates(totals, world, axis, what))
    if ends is None:
        return Found(None, status="undefined: fewer than two groups of 100")
    high, low = ends
    if not low.people:
        nobody = "nobody is hit" if what == "hit" else "nobody is wrongly hit"
        where = "any group" if not high.people else f"the group {low.label}"
        return Found(None, high.people, 0, f"undefined: {nobody} in {where}")
    value = high.people * low.base / (high.base * low.people)
    status = FEW if min(high.people, low.people) < FEWEST else "measured"
    return Found(value, high.people, low.people, status)


_TITLES = {"hit": "Highest rate of people hit divided by the lowest", "wrongly": "The same for people wrongly hit"}
DISPARITIES = tuple(
    Question(f"ratio_{what}_{axis}", f"{_TITLES[what]}, by {axis}", "times", "disparity",
             partial(disparity, axis=axis, what=what), (WHAT[what], "enrolled"), ANY_ACCOUNT)
    for axis in AXES for what in WHAT
)  # fmt: skip
