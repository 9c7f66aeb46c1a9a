"""Who comes in when, ranks, and the weekly cuts of relative bands. Section 7 of docs/mechanisms.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.oracle.assumed import value
from tests.oracle.chances import ONE32, ends32, exact, s32
from tests.oracle.philox import ENROLMENT, Words

if TYPE_CHECKING:
    from tests.oracle.world import World

BELOW_ALL = -(1 << 40)


class Enrolment:
    """Decides for every resident when they come under the policy of one world."""

    def __init__(self, world: World) -> None:
        self.world, self.city, self.events = world, world.city, world.events
        self.population, self.known = world.policy.population, world.assumed.content.enrolment

    def days(self, horizon: int) -> list[int | None]:
        """The first day of each resident under the policy; None if it does not come within the horizon."""
        shares = [self.shares(name, horizon) for name in self.city.district_names]
        found: list[int | None] = []
        for resident in range(self.city.n):
            e = self.world.chance.draw(resident, 0, ENROLMENT)
            open_to = shares[self.city.district[resident]]
            comes = self.covered(resident, e) and self.willing(e)
            open_days = (day for day in range(horizon) if e[0] < open_to[day] and self.old_enough(resident, day))
            found.append(next(open_days, None) if comes else None)
        return found

    def old_enough(self, resident: int, day: int) -> bool:
        youngest = self.population.min_age_years
        held = youngest.on(self.world.start + timedelta(days=day)) if youngest else None
        old = held is None or self.city.age[resident] >= held
        self.events["enrolment.not_covered.age"] += not old
        return old

    def shares(self, district: str, horizon: int) -> list[int]:
        """[2^32 * ramp] on every day."""
        enrolment = self.population.enrolment
        ramp = enrolment.ramp_by_district.get(district, enrolment.ramp)
        return [ends32(ramp_share(ramp, self.world.start + timedelta(days=day))) for day in range(horizon)]

    def covered(self, resident: int, e: Words) -> bool:
        population, city = self.population, self.city
        areas, statuses = population.only_areas, population.only_status
        tests = {
            "natural_persons": population.natural_persons,
            "area": not areas or city.district_names[city.district[resident]] in areas,
            "status": not statuses or any(self.has_status(word, resident, e) for word in statuses),
        }
        for name, passed in tests.items():
            self.events[f"enrolment.not_covered.{name}"] += not passed
        return all(tests.values())

    def has_status(self, status: str, resident: int, e: Words) -> bool:
        if status == "benefit_recipient":
            return self.city.income_fifth(resident) == 0 and e[2] < s32(value(self.known.benefit_share))
        if status == "public_employee":
            return self.city.publicly_employed[resident]
        if status == "student":
            return 6 <= self.city.age[resident] <= 22 and self.city.employer[resident] is None
        return self.city.migrant[resident] == (status == "migrant")

    def willing(self, e: Words) -> bool:
        mode = self.population.enrolment.mode
        if mode == "opt_in":
            consents = e[1] < s32(value(self.known.consent))
            self.events[f"enrolment.opt_in.{'consented' if consents else 'refused'}"] += 1
            return consents
        if mode == "opt_out":
            objects = e[1] < s32(value(self.known.objection))
            self.events[f"enrolment.opt_out.{'objected' if objects else 'stayed'}"] += 1
            return not objects
        return True


def ramp_share(ramp: dict[date, float] | None, today: date) -> Fraction:
    """Straight lines between the dates; before the first 0, after the last its share."""
    if ramp is None:
        return Fraction(1)
    points = sorted((day, exact(share)) for day, share in ramp.items())
    if today < points[0][0]:
        return Fraction(0)
    for (left, low), (right, high) in pairwise(points):
        if left <= today < right:
            return low + (high - low) * Fraction((today - left).days, (right - left).days)
    return points[-1][1]


@dataclass(frozen=True, slots=True)
class Cut:
    """Everybody beyond `score` has a place, and at it those with a rank draw below `share`."""

    best: bool
    score: int
    share: int

    def has_place(self, score: int, draw: int) -> bool:
        beyond = score > self.score if self.best else score < self.score
        return beyond or (score == self.score and draw < self.share)


def rank_cut(scores: Sequence[int], share: Fraction, best: bool) -> Cut | None:
    """The cut for `floor(share * enrolled)` places; None if there are none."""
    places = (share * len(scores)).__floor__()
    if places == 0:
        return None
    ordered = sorted(scores, reverse=best)
    cut = ordered[places - 1]
    beyond = sum(score > cut if best else score < cut for score in scores)
    return Cut(best, cut, ONE32 * (places - beyond) // scores.count(cut))


def band_cut(scores: Sequence[int], per_mille: int) -> int:
    """The lowest score below which at least `per_mille` of the enrolled lie."""
    below = per_mille * len(scores) // 1000
    return sorted(scores)[below - 1] + 1 if below > 0 else BELOW_ALL
