"""Work lost through firms, and found again (M8; docs/mechanisms.md, section 17).

A firm loses a share of its orders: the sum, at most 1, of `orders_lost` of each service that is shut to it, of
`orders_lost_listed` on a black list, of `rep_listed` where its legal representative is on one. It aims at
staff - floor(staff * lost * pass_through), and closes floor(gap * closes_weekly), at least 1, of the gap each week.
Those who go are the first of the firm's employees in the order of a draw that is the same in every world; nobody comes
back to the same firm. Without work somebody looks for it once a week: never through a shut `job_market`, else with
chance `found_weekly`, times `screening` on a black list. Shares in 16 bits, chances in 32. Source: none; assumed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream
from vitropolis.base.draws import philox as draw
from vitropolis.base.fixed import exact, s32
from vitropolis.base.kernels import building_kernel, int64, kernel
from vitropolis.base.kernels import philox as philox
from vitropolis.model import counts as tally
from vitropolis.model.conduct import gather
from vitropolis.model.counts import At, add
from vitropolis.model.doors import of_classes
from vitropolis.model.gone import gone_from
from vitropolis.model.look import black_lists
from vitropolis.model.news import LAID_OFF, LOST_AT, SPILLS, WORK_AT
from vitropolis.model.rules import ALL_WORLDS, PERSON_SERVICES
from vitropolis.model.worlds import Plan, World

JOB, LAYOFF = int(Stream.JOB), int(Stream.LAYOFF)
JOB_MARKET = PERSON_SERVICES.index("job_market")
CHILD = 15  # years below which somebody is a child
ID_AT = 28  # bits of a resident's number under a draw


@kernel
def search_for_work(where: Any, rules: Any, state: Any, counts: Any, desk: Any) -> None:
    """Let everybody without work when the week begins look for it, as they stood the day before."""
    for place in range(state.wake.size):
        desk.mask[place] = ((state.away[place] >> WORK_AT) & ALL_WORLDS) != 0
    found = gather(state.wake.size, desk.mask, desk.chosen)
    for number in range(found):
        place = int64(desk.chosen[number])
        resident, day = int64(where.first + place), int64(where.starts)
        lot, _, _, _ = philox(resident, day // 7, JOB, 0, where.key0, where.key1)
        at = At(day, int64(0), place, resident, where.district, int64(state.cell[place]), where.key0, where.key1)
        for world in range(rules.worlds):
            if not (int64(state.away[place]) >> (WORK_AT + world)) & 1 or gone_from(world, at, state):
                continue
            add(counts, world, tally.WEEKS_WITHOUT_WORK, at, 1)
            carried = int64(state.carried[world, place]) & SPILLS
            met = of_classes(rules, world, int64(state.held[world, place]), carried)
            if met & rules.shut[world] & rules.service_measures[world, JOB_MARKET]:
                add(counts, world, tally.SEARCH_BLOCKED, at, 1)
                continue
            listed = int64(state.lists[world, place]) & black_lists(rules, world)
            if int64(lot) < (rules.found_screened[world] if listed else rules.found_work[world]):
                state.away[place] = int64(state.away[place]) & ~(1 << (WORK_AT + world))
                add(counts, world, tally.FOUND_WORK, at, 1)
                add(counts, world, tally.WITHOUT_WORK, at, -1)


@kernel
def be_laid_off(where: Any, news: Any, state: Any, counts: Any) -> None:
    """Count whom a firm lays off this week, and the children they live with; before the news is taken in."""
    for number in range(news.shape[0]):
        if news[number, 1] != LAID_OFF:
            continue
        place = int64(news[number, 0] - where.first)
        resident, day = int64(where.first + place), int64(where.starts)
        at = At(day, int64(0), place, resident, where.district, int64(state.cell[place]), where.key0, where.key1)
        first, children = place - (int64(state.household[place]) >> 4), 0
        for other in range(first, first + (int64(state.household[place]) & 15)):
            children += 1 if other != place and state.age[other] < CHILD else 0
        for world in range(state.held.shape[0]):
            if (news[number, 2] >> world) & 1 and not (int64(state.away[place]) >> (LOST_AT + world)) & 1:
                add(counts, world, tally.LAID_OFF, at, 1)
                add(counts, world, tally.WITHOUT_WORK, at, 1)
                add(counts, world, tally.CHILDREN_OF_LAID_OFF, at, children)


@building_kernel
def sort_by_firm(employer: Any, first: Any, places: Any, who: Any) -> None:
    """Write residents into `who` (int32) by firm, in the order of their numbers; `places` int64[firm] moves on."""
    for number in range(employer.size):
        firm = employer[number]
        if firm >= 0:
            who[places[firm]] = first + number
            places[firm] += 1


class Staff:
    """Who works where, by firm: `who[starts[f]:starts[f + 1]]`, in the order in which they go once that is asked."""

    def __init__(self, employer: NDArray[np.int32], staff: NDArray[np.int64], seed: int) -> None:
        self.starts = np.zeros(len(staff) + 1, np.int64)
        np.cumsum(staff, out=self.starts[1:])
        self.who = np.zeros(int(self.starts[-1]), np.int32)
        sort_by_firm(employer, 0, self.starts[:-1].copy(), self.who)
        self.ordered, self.seed = np.zeros(len(staff), bool), seed

    def order(self, firms: NDArray[np.int64]) -> None:
        """Bring the employees of some firms into the order in which they go."""
        for firm in firms[~self.ordered[firms]]:
            part = self.who[self.starts[firm] : self.starts[firm + 1]]
            lots = draw(part, 0, LAYOFF, 0, self.seed)[0].astype(np.int64)
            part[:] = np.sort((lots << ID_AT) | part) & ((1 << ID_AT) - 1)
        self.ordered[firms] = True

    def next(self, firms: NDArray[np.int64], gone: NDArray[np.int64], more: NDArray[np.int64]) -> NDArray[np.int64]:
        """Who goes when `more` go from each of some firms that `gone` have left before."""
        self.order(firms[more > 0])
        ends = np.cumsum(more)
        inside = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - more, more)
        return self.who[np.repeat(self.starts[firms] + gone, more) + inside].astype(np.int64)


def jobs_to_go(
    staff: NDArray[np.int64], lost: NDArray[np.int64], gone: NDArray[np.int64], through: int, closes: int
) -> NDArray[np.int64]:
    """How many more jobs each firm cuts this week; `lost` orders, `through` and `closes` in 16 bits."""
    gap = ((staff * lost * through) >> 32) - gone
    return np.where(gap > 0, np.maximum(1, (gap * closes) >> 16), 0)


def plays_work(plan: Plan) -> bool:
    """Whether a firm can come to cut jobs, by what policies and assumptions say."""
    firms = any(item.subject == "firm" for world in plan.worlds for item in world.policy.lists.values())
    return firms and any(world.assumptions.work.pass_through.value > 0 for world in plan.worlds)


def write_work(table: Any, number: int, world: World) -> None:
    """Write the chances of finding work into world `number` of a table of rules."""
    held = world.assumptions.work
    table["found_work"][number] = s32(exact(held.found_weekly.value))
    table["found_screened"][number] = s32(exact(held.found_weekly.value) * exact(held.screening.value))
