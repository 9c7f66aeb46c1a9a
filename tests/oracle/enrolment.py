"""Who comes in when, ranks, and the weekly cuts of relative bands. Section 7 of docs/mechanisms.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.assumed import Assumed, value
from tests.oracle.chances import ONE32, ends32, exact, s32
from tests.oracle.city_view import CityView
from tests.oracle.philox import ENROLMENT, Chance, Words
from vitropolis.policy.schema import Policy

BELOW_ALL = -(1 << 40)


def days_of_enrolment(
    policy: Policy, assumed: Assumed, city: CityView, chance: Chance, start: date, days: int, events: Counter[str]
) -> list[int | None]:
    """The first day of each resident under the policy; None if it does not come within the horizon."""
    by_district = [_shares(policy, name, start, days) for name in city.district_names]
    found: list[int | None] = []
    for resident in range(city.n):
        e = chance.draw(resident, 0, ENROLMENT)
        shares = by_district[city.district[resident]]
        willing = _covered(policy, assumed, city, resident, e, start, events) and _willing(policy, assumed, e, events)
        found.append(next((t for t in range(days) if e[0] < shares[t]), None) if willing else None)
    return found


def _shares(policy: Policy, district: str, start: date, days: int) -> list[int]:
    enrolment = policy.population.enrolment
    ramp = enrolment.ramp_by_district.get(district, enrolment.ramp)
    return [ends32(ramp_share(ramp, start + timedelta(days=t))) for t in range(days)]


def ramp_share(ramp: dict[date, float] | None, today: date) -> Fraction:
    """Straight lines between the dates; before the first 0, after the last its share."""
    if ramp is None:
        return Fraction(1)
    points = sorted((day, exact(share)) for day, share in ramp.items())
    if today < points[0][0]:
        return Fraction(0)
    for (left, low), (right, high) in zip(points, points[1:], strict=False):
        if left <= today < right:
            return low + (high - low) * Fraction((today - left).days, (right - left).days)
    return points[-1][1]


def _covered(policy: Policy, assumed: Assumed, city: CityView, resident: int, e: Words, start: date, events: Counter[str]) -> bool:
    population = policy.population
    youngest = population.min_age_years.on(start) if population.min_age_years else None
    tests = {
        "natural_persons": population.natural_persons,
        "age": youngest is None or city.age[resident] >= youngest,
        "area": not population.only_areas or city.district_names[city.district[resident]] in population.only_areas,
        "status": not population.only_status
        or any(_has_status(word, assumed, city, resident, e) for word in population.only_status),
    }
    for name, passed in tests.items():
        events[f"enrolment.not_covered.{name}"] += not passed
    return all(tests.values())


def _has_status(status: str, assumed: Assumed, city: CityView, resident: int, e: Words) -> bool:
    if status == "benefit_recipient":
        share = s32(value(assumed.content.enrolment.benefit_share))
        return city.income_fifth(resident) == 0 and e[2] < share
    if status == "public_employee":
        return city.publicly_employed[resident]
    if status == "student":
        return 6 <= city.age[resident] <= 22 and city.employer[resident] is None
    return city.migrant[resident] == (status == "migrant")


def _willing(policy: Policy, assumed: Assumed, e: Words, events: Counter[str]) -> bool:
    known, mode = assumed.content.enrolment, policy.population.enrolment.mode
    if mode == "opt_in":
        willing = e[1] < s32(value(known.consent))
        events[f"enrolment.opt_in.{'consented' if willing else 'refused'}"] += 1
        return willing
    if mode == "opt_out":
        objects = e[1] < s32(value(known.objection))
        events[f"enrolment.opt_out.{'objected' if objects else 'stayed'}"] += 1
        return not objects
    return True


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
