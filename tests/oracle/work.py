"""Work lost through firms and found again, and their legal representatives. Section 17 of docs/mechanisms.md."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tests.oracle.assumed import value
from tests.oracle.chances import s16, s32
from tests.oracle.household import measures_met
from tests.oracle.made_up import FIRST_FIRM, SHUTTING, MadeUp
from tests.oracle.measures import SpillToday
from tests.oracle.philox import JOB, LAYOFF, LEGAL_REP

if TYPE_CHECKING:
    from tests.oracle.world import World


class Work:
    """What firms have done to people in one world; nothing happens where no firms are made up."""

    def __init__(self, world: World, firms: MadeUp | None) -> None:
        self.world, self.firms = world, firms
        self.lost: set[int] = set()  # whoever was laid off, for good
        self.without: set[int] = set()  # who has no work now
        self.cut: dict[int, int] = defaultdict(int)  # by firm: jobs
        self.offices: dict[int, dict[int, bool]] = {}  # by representative: spill-overs, whether wrongly
        self.staff: dict[int, list[int]] = defaultdict(list)
        self.reps: dict[int, int | None] = {}
        if firms is None:
            return
        for resident, firm in enumerate(world.city.employer):
            if firm is not None:
                self.staff[firm].append(resident)
        for staff in self.staff.values():
            staff.sort(key=lambda resident: (world.chance.draw(resident, 0, LAYOFF)[0], resident))
        self.reps = {firm: representative(world, firm, at) for firm, at in enumerate(world.city.firm_district)}

    def begin_week(self, day: int) -> None:
        """Search for work, then what firms tell."""
        if self.firms is None:
            return
        self._search(day // 7)
        listed = {r for r, s in self.world.standings.items() if any(self._black(name) for name in s.listed)}
        for firm in self.reps:
            self._lay_off(firm, day // 7 - 1, self.reps[firm] in listed)
        self._represent(day // 7 - 1)

    def _black(self, name: str) -> bool:
        return self.world.policy.lists[name].polarity == "black"

    def _search(self, week: int) -> None:
        world, known = self.world, self.world.assumed.content.work
        for resident in sorted(self.without - world.left):
            world.count(resident, "weeks_without_work")
            met = [measure for measure in measures_met(world, resident) if measure.in_force]
            if any(measure.shuts and measure.service == "job_market" for measure in met):
                world.count(resident, "search_blocked")
                world.events["work.search_blocked"] += 1
                continue
            standing = world.standings.get(resident)
            screened = standing is not None and any(self._black(name) for name in standing.listed)
            chance = value(known.found_weekly) * (value(known.screening) if screened else 1)
            if world.chance.draw(resident, week, JOB)[0] < s32(chance):
                self.without.remove(resident)
                world.count(resident, "found_work")
                world.events["work.found"] += 1

    def _lay_off(self, firm: int, week: int, rep_listed: bool) -> None:
        assert self.firms is not None
        world, known = self.world, self.world.assumed.content.work
        seen = self.firms.seen(world.place, firm, week)
        lost = sum(s16(value(getattr(known.orders_lost, name))) for name in SHUTTING if name in seen.shut)
        lost += s16(value(known.orders_lost_listed)) * seen.listed
        lost += s16(value(known.rep_listed)) * rep_listed
        staff = self.staff.get(firm, [])
        gone = self.cut[firm]
        gap = (len(staff) * min(65536, lost) * s16(value(known.pass_through)) >> 32) - gone
        if gap <= 0:
            return
        self.cut[firm] += max(1, gap * s16(value(known.closes_weekly)) >> 16)
        world.events["work.rep_listed"] += rep_listed
        for resident in staff[gone : self.cut[firm]]:
            self.lost.add(resident)
            self.without.add(resident)
            world.count(resident, "laid_off")
            world.events["work.laid_off"] += 1
            others = (other for other in world.city.household_of(resident) if other != resident)
            children = sum(world.city.age[other] < 15 for other in others)
            world.counts.items[world.today.day, world.city.district[resident], "children_of_laid_off"] += children

    def _represent(self, week: int) -> None:
        assert self.firms is not None
        world = self.world
        found: dict[int, list[bool]] = defaultdict(list)
        for firm, rep in self.reps.items():
            seen = self.firms.seen(world.place, firm, week)
            if rep is not None and seen.listed:
                found[rep].append(seen.wrongly)
        first = world.spills_at_home
        self.offices = {
            rep: {first + place: all(wrong) for place in range(len(self.firms.spills[world.place]))}
            for rep, wrong in found.items()
        }


def representative(world: World, firm: int, district: int) -> int | None:
    """The first adult of the district whom a draw names."""
    first, size = world.city.district_first[district], world.city.district_sizes[district]
    for attempt in range(64):
        resident = first + (world.chance.draw(FIRST_FIRM + firm, 0, LEGAL_REP, attempt)[0] * size >> 32)
        if world.city.age[resident] >= 18:
            return resident
    return None


def office_spills(world: World) -> list[SpillToday]:
    """What goes over to representatives today."""
    if world.work.firms is None:
        return []
    today, items = world.today.date, world.work.firms.spills[world.place].values()
    return [SpillToday(None, None, "legal_rep", x.in_force(today), x.individual_fault_test is True) for x in items]
