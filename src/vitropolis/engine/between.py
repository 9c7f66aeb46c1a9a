"""What is city-wide: added up, decided and handed out between weeks (docs/mechanisms.md, section 8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.kernels import kernel
from vitropolis.city import City
from vitropolis.engine.chunks import Chunk
from vitropolis.engine.epochs import Epoch
from vitropolis.model.counts import ITEMS, Counts
from vitropolis.model.norms import WORK_WEEKS, mood_levels, work_levels
from vitropolis.model.ranks import write_cuts, write_lowers
from vitropolis.model.reports import Messages, Quota, invented_reports, quota_reports
from vitropolis.model.rules import CELLS, DISTRICTS, KINDS, WEEK, WORDS
from vitropolis.model.worlds import Plan

TRUTHS = 7


def make_counts(plan: Plan, city: City, spans: list[int]) -> Counts:
    """Make one thread's empty counters; `spans` are the numbers of possible scores of each ledger."""
    worlds = len(plan.worlds)
    return Counts(
        cells=np.zeros((worlds, DISTRICTS, CELLS, len(ITEMS)), np.int32),
        days=np.zeros((worlds, DISTRICTS, len(ITEMS), 7), np.int32),
        acts=np.zeros((worlds, DISTRICTS, WORDS, 7), np.int32),
        records=np.zeros((worlds, DISTRICTS, KINDS, TRUTHS), np.int32),
        scores=np.zeros((max(1, len(spans)), max(spans, default=1)), np.int64),
        adverse=np.zeros((worlds, DISTRICTS), np.int64),
        work=np.zeros((worlds, len(city.firm_size)), np.int32),
    )


@dataclass
class Broadcast:
    """What every chunk hears before a week: ranks, moods, workplaces, messages sorted by (resident, record)."""

    week: int
    ranks: list[NDArray[Any]]  # one WEEK record per stretch of the week (an epoch may begin inside it)
    mood: NDArray[np.int64]  # [world, district]
    work: NDArray[np.uint8]  # [world, firm]
    messages: Messages


@dataclass
class CityState:
    """What the city as a whole carries from week to week; all of it goes into a checkpoint."""

    people: NDArray[np.int64]  # [ledger, score]: enrolled by score
    before: NDArray[np.int64]  # the same a week earlier
    adverse: NDArray[np.int64]  # [world, district] of last week
    work: NDArray[np.uint8]  # [world, firm] levels
    at_work: NDArray[np.int32]  # [world, firm] adverse records since the levels were last set
    arrived: NDArray[np.int64]  # [week, world, kind]
    sent: Messages = field(default_factory=lambda: np.zeros((0, 3), np.int64))  # last week's, to somebody else


def new_city_state(plan: Plan, city: City, counts: Counts) -> CityState:
    """The state before the first week."""
    return CityState(
        people=np.zeros_like(counts.scores),
        before=np.zeros_like(counts.scores),
        adverse=np.zeros_like(counts.adverse),
        work=np.zeros(counts.work.shape, np.uint8),
        at_work=np.zeros_like(counts.work),
        arrived=np.zeros((plan.weeks, len(plan.worlds), KINDS), np.int64),
    )


@dataclass
class WeekTotals:
    """What happened in one week: int64 arrays, added up over threads.

    `groups` [world, district, item, group], `days` [world, district, item, 7], `acts` [world, district, word, 7],
    `records` [world, district, kind, truth].
    """

    week: int
    groups: NDArray[np.int64]
    days: NDArray[np.int64]
    acts: NDArray[np.int64]
    records: NDArray[np.int64]


def add_up(week: int, counts: list[Counts], members: NDArray[np.int64], state: CityState) -> WeekTotals:
    """Step 1: add up what the threads counted in `week`, empty the counters, move the city's state on."""
    worlds, districts = counts[0].cells.shape[:2]
    groups = np.zeros((worlds, districts, int(members.max()) + 1, len(ITEMS)), np.int64)
    for one in counts:
        drain_cells(one.cells, members, groups)
    rest = zip(*(one[1:] for one in counts), strict=True)
    total: Any = Counts(cast(Any, groups), *(sum(part[1:], part[0].astype(np.int64)) for part in rest))
    state.before = state.people
    state.people = state.people + total.scores
    state.adverse = total.adverse
    state.at_work = state.at_work + total.work.astype(np.int32)
    state.arrived[week] = total.records.sum(axis=(1, 3))
    for one in counts:
        for part in one[1:]:
            part.fill(0)
    return WeekTotals(week, groups.swapaxes(2, 3), total.days, total.acts, total.records)


@kernel
def drain_cells(cells: Any, members: Any, groups: Any) -> None:
    """Add int32 `cells` [world, district, cell, item] to int64 `groups` [world, district, group, item], and empty it.

    `members` int64[cell, groups of a cell]. A cell in which nothing happened is passed over.
    """
    for world in range(cells.shape[0]):
        for district in range(cells.shape[1]):
            for cell in range(cells.shape[2]):
                row, used = cells[world, district, cell], 0
                for item in range(row.size):
                    used |= row[item]
                if not used:
                    continue
                for place in range(members.shape[1]):
                    target = groups[world, district, members[cell, place]]
                    for item in range(row.size):
                        target[item] += row[item]
                row[:] = 0


def groups_of_cells(rows: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return int64[cell, groups]: the groups each cell belongs to; `rows` is uint8 0/1 [group, cell]."""
    return np.array([np.flatnonzero(column) for column in rows.T], np.int64)


def ranks_for(epochs: list[Epoch], last: Epoch, state: CityState, week: int) -> list[NDArray[Any]]:
    """Step 2: one WEEK record for each of the epochs that have days in the week; `last` was in force a week ago.

    Ranks are made once, under the rules of the week's first day; bands by points follow each epoch's own.
    """
    found = []
    for epoch in epochs:
        record = np.zeros(1, WEEK)
        write_lowers(epoch.book, record[0], epochs[0].book, list(state.people), week == 0)
        write_cuts(epochs[0].book, record[0], list(state.people), "cut", "tie")
        write_cuts(last.book, record[0], list(state.before), "old_cut", "old_tie")
        found.append(record)
    return found


def set_norms(plan: Plan, city: City, state: CityState, staff: NDArray[Any], week: int) -> NDArray[np.int64]:
    """Step 3: moods of the districts; every fourth week the levels of workplaces (in `state`)."""
    if week and week % WORK_WEEKS == 0:
        state.work = work_levels(plan, state.at_work, staff)
        state.at_work = np.zeros_like(state.at_work)
    sizes = np.ones(DISTRICTS, np.int64)
    sizes[: len(city.district_ends) - 1] = np.diff(city.district_ends)
    return mood_levels(plan, state.adverse, sizes)


def reports_for(plan: Plan, city: City, epoch: Epoch, quotas: list[Quota], state: CityState, week: int) -> Messages:
    """Steps 4 and 5: invented reports, and what quotas still lack."""
    if week == 0:
        return np.zeros((0, 3), np.int64)
    possible = epoch.register.possible
    found = [invented_reports(plan, city, possible, epoch.expected, week)]
    for quota in quotas:
        kinds = [
            place
            for place, kind in enumerate(plan.kinds)
            if kind.behaviours[quota.world] >= 0
            and list(plan.worlds[quota.world].behaviours.values())[kind.behaviours[quota.world]].feed == quota.feed
        ]
        since = max(0, quota.starts // 7)
        arrived = int(state.arrived[since:week, quota.world, kinds].sum())
        found.append(quota_reports(plan, city, possible, epoch.expected, quota, week, quota.missing(week, arrived)))
    return np.concatenate(found)


def sort_messages(*parts: Messages) -> Messages:
    """Step 7: one array sorted by resident, record, source."""
    whole = np.concatenate(parts)
    return whole[np.lexsort((whole[:, 1], whole[:, 2], whole[:, 0]))]


def inbox(messages: Messages, chunk: Chunk) -> Messages:
    """The messages of one chunk: int64[n, 2] of resident and record."""
    low, high = np.searchsorted(messages[:, 0], (chunk.first, chunk.end))
    return np.ascontiguousarray(messages[low:high][:, [0, 2]])
