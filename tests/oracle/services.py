"""Needs, and what happens at a door that is shut, dear or slow. Section 12 of docs/mechanisms.md."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from tests.oracle.assumed import Assumed, Classes, value
from tests.oracle.chances import cum, falls_to, geometric_quantiles, s16, s32
from tests.oracle.measures import MeasureToday
from tests.oracle.philox import SERVICE, Words
from tests.oracle.redress import tell

from vitropolis.policy.words import SERVICES

if TYPE_CHECKING:
    from tests.oracle.world import World

PERSON_SERVICES = [name for name, item in SERVICES.items() if item.subject == "person"]
RIVALS = [name for name in PERSON_SERVICES if SERVICES[name].rival]
MOST_TRIES, MOST_DAYS_REFUSED = 60, 15


class Needs:
    """Who may need what on which day: the same in every world of a run."""

    def __init__(self, assumed: Assumed) -> None:
        self.assumed = assumed
        self._bounds: dict[Classes, list[Fraction]] = {}
        self._weekly: dict[tuple[Classes, bool], int] = {}

    def bounds(self, classes: Classes) -> list[Fraction]:
        """S(s, c) for every service."""
        if classes not in self._bounds:
            known = self.assumed
            self._bounds[classes] = [
                known.need_bound(s, classes) * known.needs_season_bound(s) for s in PERSON_SERVICES
            ]
        return self._bounds[classes]

    def weekly(self, classes: Classes, only_rival: bool) -> int:
        """A week's chance of a need in 16 bits, of any service or of a rival one."""
        key = (classes, only_rival)
        if key not in self._weekly:
            chosen = self.shares(classes, True) if only_rival else self.bounds(classes)
            self._weekly[key] = min(65535, (65536 * 7 * sum(chosen)).__floor__())
        return self._weekly[key]

    def shares(self, classes: Classes, rival: bool) -> list[Fraction]:
        bounds = zip(PERSON_SERVICES, self.bounds(classes), strict=True)
        return [bound if (service in RIVALS) == rival else Fraction(0) for service, bound in bounds]

    def is_rival(self, classes: Classes, number: int) -> bool:
        """Whether a week's number brings a need of a rival service, on the first day of the week."""
        return number < self.weekly(classes, True)

    def weekday(self, classes: Classes, number: int) -> int | None:
        """The day of the week on which a week's number brings a need of any other service."""
        rival, bound = self.weekly(classes, True), self.weekly(classes, False)
        return (number - rival) * 7 // (bound - rival) if rival <= number < bound else None

    def service(self, classes: Classes, draw: int, rival: bool = False) -> str:
        return PERSON_SERVICES[falls_to(draw, cum(self.shares(classes, rival)))]


def is_real(world: World, service: str, classes: Classes, mark: int) -> bool:
    """Whether a possible need is one in this world today."""
    known, today = world.assumed, world.today.date
    ratio = known.need(service, classes) / known.need_bound(service, classes)
    return mark < s32(ratio) * s16(known.needs_season(service, today) / known.needs_season_bound(service)) >> 16


def meet_need(world: World, resident: int, day: int, service: str, q: Words) -> None:
    """One possible need of one resident in one world, behind a closed door."""
    measures = [each for each in world.meets[resident] if each.service == service and each.bears_on_requests]
    if not measures:
        world.events["need.at_open_door"] += 1
        return
    if not is_real(world, service, world.city.classes[resident], q[1]):
        world.events["need.not_here"] += 1
        return
    ask(world, resident, day, service, measures, q)


def ask(world: World, resident: int, day: int, service: str, measures: list[MeasureToday], q: Words) -> bool:
    """A need of a service on which measures bear: whether they went there and were not refused."""
    standing, where = world.standings.get(resident), (day // 7, world.city.district[resident], service)
    case = standing.case if standing else None
    refused_before = min(MOST_DAYS_REFUSED, world.refused_days[resident][service])
    level = max(refused_before, int(case is not None and case.state != "silent"))
    world.events["need.learnt_but_never_refused"] += level > refused_before
    if (q[2] & 0xFFFF) >= world.goes_there[level]:
        world.counts.services[(*where, "avoided")] += 1
        world.count(resident, "needs_avoided")
        world.events["need.avoided"] += 1
        return False
    if (q[2] >> 16) >= turned_away(world, resident, measures):
        world.counts.services[(*where, "requests")] += 1
        served(world, resident, measures)
        return True
    tries = min(MOST_TRIES, (world.later_tries if level else world.first_tries)[q[3] >> 24])
    world.events["need.refused.first" if level == 0 else "need.refused.later"] += 1
    for what in ("requests", "refusals"):
        world.counts.services[(*where, what)] += tries
        world.count(resident, what, tries)
    world.unease["refused"] += tries
    refuse(world, resident, day, service)
    return False


def refuse(world: World, resident: int, day: int, service: str) -> None:
    """A day on which a service was refused: remembered, and perhaps the first that somebody hears of their case."""
    days = world.refused_days[resident]
    days[service] = min(MOST_DAYS_REFUSED, days[service] + 1)
    world.ever[resident].add("refused")
    standing = world.standings.get(resident)
    if standing is None or standing.case is None:
        world.events["need.refused.without_case"] += 1
    elif standing.case.state == "silent":
        tell(world, resident, standing, day, "refused")


def served(world: World, resident: int, measures: list[MeasureToday]) -> None:
    """A request that is met, perhaps at a price or late."""
    world.count(resident, "requests")
    world.events["need.served.in_spite"] += any(each.shuts for each in measures)
    if any(each.dearer for each in measures):
        world.count(resident, "dearer")
        world.events["need.dearer"] += 1
    delay = max(each.delay for each in measures)
    if delay > 0:
        world.count(resident, "delayed")
        world.count(resident, "delay_days", delay)
        world.events["need.delayed"] += 1


def turned_away(world: World, resident: int, measures: list[MeasureToday]) -> int:
    """The share of requests that fail at the strictest of the measures, in 16 bits."""
    poor = world.city.income_fifth(resident) < 2
    asked = [each for each in measures if each.shuts or (poor and each.deposits)]
    world.events["need.deposit"] += any(each.deposits > 0 for each in asked)
    return max((refused_share(world, each) for each in asked), default=0)


def refused_share(world: World, measure: MeasureToday) -> int:
    """In 16 bits."""
    known, share = world.assumed.content.services, measure.refuses
    if measure.deposits:
        share = min(Fraction(1), measure.deposits * value(known.deposit_short))
    if measure.hardship_exception:
        share *= 1 - value(known.hardship_lifted)
    if measure.minimum_guarantee:
        share *= 1 - value(known.minimum_kept)
    clerks = world.assumed.content.clerks
    if measure.decided_by in ("human", "hybrid"):
        looks = Fraction(1) if measure.decided_by == "human" else value(clerks.hybrid_looks)
        share *= 1 - looks * value(clerks.clerk_lifts)
        world.events["need.clerk"] += 1
    world.events["need.exception"] += measure.hardship_exception or measure.minimum_guarantee
    return s16(share)


def goes_there(assumed: Assumed) -> list[int]:
    """In 16 bits, by days of refusal."""
    known = assumed.content.services.learning
    floor, stays = value(known.floor), 1 - value(known.avoids)
    return [s16(floor + (1 - floor) * stays**level) for level in range(MOST_DAYS_REFUSED + 1)]


def tries(mean: Fraction) -> list[int]:
    return geometric_quantiles(1 / mean)


def of_day(worlds: list[World], needs: Needs, day: int) -> None:
    """The needs of a day, of everybody who was behind a closed door yesterday, in each world where they were."""
    city, chance = worlds[0].city, worlds[0].chance
    for resident in sorted({who for world in worlds for who in world.closed_before}):
        classes = city.classes[resident]
        weekday = needs.weekday(classes, chance.week_numbers(resident, day // 7)[7])
        if weekday is None or weekday != day % 7:
            continue
        q = chance.draw(resident, day, SERVICE)
        service = needs.service(classes, q[0])
        for world in worlds:
            if resident in world.closed_before and resident not in world.left:
                meet_need(world, resident, day, service, q)
