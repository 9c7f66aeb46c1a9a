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
from vitropolis.engine.queues import empty_queue, hold_courts, queue_rows
from vitropolis.engine.rivals import Lines, WeekOfQueues, play_rivals
from vitropolis.model.accounts import Drives, by_world, news_of
from vitropolis.model.counts import DOORS_SEEN, ENROLLED, FIRED, ITEMS, Counts
from vitropolis.model.findings import machine_findings
from vitropolis.model.norms import WORK_WEEKS, mood_levels, work_levels
from vitropolis.model.procedure import court_on
from vitropolis.model.ranks import write_cuts, write_lowers
from vitropolis.model.reports import Messages, Quota, invented_reports, quota_reports
from vitropolis.model.rules import ALL_WORLDS, CELLS, DISTRICTS, KINDS, NEEDS, WEEK, WORDS, WORLDS
from vitropolis.model.speech import REMOVED_NOW, WRONGLY_NOW, climate_of, first_state, next_state, voices
from vitropolis.model.trust import full_trust, trust_after
from vitropolis.model.worlds import Plan
from vitropolis.policy import Taken

TRUTHS = 7
NOBODY = np.zeros((0, 2), np.int64)


def make_counts(plan: Plan, city: City, spans: list[int], cells: int = CELLS) -> Counts:
    """Make one thread's empty counters; `spans` are the numbers of possible scores of each ledger."""
    worlds = len(plan.worlds)
    return Counts(
        cells=np.zeros((worlds, DISTRICTS, cells, len(ITEMS)), np.int32),
        days=np.zeros((worlds, DISTRICTS, len(ITEMS), 7), np.int32),
        acts=np.zeros((worlds, DISTRICTS, WORDS, 7), np.int32),
        records=np.zeros((worlds, DISTRICTS, KINDS, TRUTHS), np.int32),
        scores=np.zeros((max(1, len(spans)), max(spans, default=1)), np.int64),
        adverse=np.zeros((worlds, DISTRICTS), np.int64),
        work=np.zeros((worlds, len(city.firm_size)), np.int32),
        doors=np.zeros((worlds, DISTRICTS, cells, NEEDS, 5), np.int32),
        fired=np.zeros((worlds, FIRED), np.int64),
        speech=np.zeros((worlds, 4), np.int64),
        seen=np.zeros((worlds, DISTRICTS, cells), np.uint8),
    )


@dataclass
class Broadcast:
    """What every chunk hears before a week: ranks, moods, workplaces, messages sorted by (resident, record)."""

    week: int
    ranks: list[NDArray[Any]]  # one WEEK record per stretch of the week (an epoch may begin inside it)
    mood: NDArray[np.int64]  # [world, district]
    work: NDArray[np.uint8]  # [world, firm]
    messages: Messages
    answers: NDArray[np.int64]  # [., 4]: resident, day, world | upheld << UPHELD_AT, record; sorted by resident
    news: NDArray[np.int64]  # [., 3]: resident, what, value (see `model.news`); sorted
    speak: NDArray[np.int64]  # [world]: classes of threshold that speak (see `model.speech`)


@dataclass
class CityState:
    """What the city as a whole carries from week to week; all of it goes into a checkpoint."""

    people: NDArray[np.int64]  # [ledger, score]: enrolled by score
    before: NDArray[np.int64]  # the same a week earlier
    adverse: NDArray[np.int64]  # [world, district] of last week
    work: NDArray[np.uint8]  # [world, firm] levels
    at_work: NDArray[np.int32]  # [world, firm] adverse records since the levels were last set
    arrived: NDArray[np.int64]  # [week, world, kind]
    enrolled: NDArray[np.int64]  # [world, district] at the end of last week
    fired: NDArray[np.int64]  # [world, element]: how often measures, bands and spill-overs did something
    speech: NDArray[np.int64]  # [world, 4]: speaking, risk, accounts removed this week, wrongly (see `model.speech`)
    trust: NDArray[np.int64]  # [world]: 16-bit, see model.trust
    jobs: NDArray[np.int32]  # [world, firm]: jobs that the firm has cut so far
    queue: NDArray[np.int64] = field(default_factory=empty_queue)  # appeals that wait: see engine.queues
    answers: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 4), np.int64))  # on their way
    offices: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 3), np.int64))  # see engine.workside
    sent: Messages = field(default_factory=lambda: np.zeros((0, 3), np.int64))  # last week's, to somebody else
    waiting: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 2), np.int64))  # requests: see model.rivals
    ended: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, WORLDS), np.uint8))  # how, in each world
    spoken: NDArray[np.int64] = field(
        default_factory=lambda: NOBODY
    )  # [., 2]: resident, worlds in which a drive saw them
    removed: NDArray[np.int64] = field(
        default_factory=lambda: NOBODY
    )  # [., 2]: resident, world in which an account was


def new_city_state(plan: Plan, city: City, counts: Counts) -> CityState:
    """The state before the first week."""
    return CityState(
        people=np.zeros_like(counts.scores),
        before=np.zeros_like(counts.scores),
        adverse=np.zeros_like(counts.adverse),
        work=np.zeros(counts.work.shape, np.uint8),
        at_work=np.zeros_like(counts.work),
        arrived=np.zeros((plan.weeks, len(plan.worlds), KINDS), np.int64),
        enrolled=np.zeros_like(counts.adverse),
        fired=np.zeros_like(counts.fired),
        trust=full_trust(len(plan.worlds)),
        speech=first_state(climate_of(plan)),
        jobs=np.zeros_like(counts.work),
    )


@dataclass
class WeekTotals:
    """What happened in one week: int64 arrays, added up over threads.

    `groups` [world, district, item, group], `days` [world, district, item, 7], `acts` [world, district, word, 7],
    `records` [world, district, kind, truth], `doors` [world, service, 5, group], `door_districts` [world, service, 5,
    district] (see `counts.DOOR_CHANGE`), `queue` [world, district, flow, 7] (see `queues.FLOWS`). `rivals`: what the
    week brought in the queues of rival services (None: not played yet). `speech` [world, number]
    (see `speech.NUMBERS`).
    """

    week: int
    groups: NDArray[np.int64]
    days: NDArray[np.int64]
    acts: NDArray[np.int64]
    records: NDArray[np.int64]
    doors: NDArray[np.int64]
    door_districts: NDArray[np.int64]
    queue: NDArray[np.int64]
    speech: NDArray[np.int64]
    rivals: WeekOfQueues | None = None


def add_up(week: int, counts: list[Counts], members: NDArray[np.int64], state: CityState) -> WeekTotals:
    """Step 1: add up what the threads counted in `week`, empty the counters, move the city's state on."""
    worlds, districts = counts[0].cells.shape[:2]
    groups = np.zeros((worlds, districts, int(members.max()) + 1, len(ITEMS)), np.int64)
    doors = np.zeros((worlds, groups.shape[2], NEEDS, 5), np.int64)
    by_district = np.zeros((worlds, districts, NEEDS, 5), np.int64)
    for one in counts:
        drain_cells(one.cells, one.seen, members, groups)
        drain_doors(one.doors, one.seen, members, doors, by_district)
    rest: Any = zip(*(one[1:] for one in counts), strict=True)
    total: Any = Counts(cast(Any, groups), *cast(Any, [_sum(part) for part in rest]))
    state.before = state.people
    state.people = state.people + total.scores
    state.adverse = total.adverse
    state.at_work = state.at_work + total.work.astype(np.int32)
    state.arrived[week] = total.records.sum(axis=(1, 3))
    state.fired = state.fired + total.fired
    for one in counts:
        for part in one[1:]:
            if part is not one.doors:  # drained, and large
                part.fill(0)
    queue = np.zeros((worlds, districts, 5, 7), np.int64)
    told = doors.transpose(0, 2, 3, 1), by_district.transpose(0, 2, 3, 1)
    speech = np.concatenate([total.speech, state.speech], axis=1)
    return WeekTotals(week, groups.swapaxes(2, 3), total.days, total.acts, total.records, *told, queue, speech)


def _sum(parts: tuple[NDArray[Any], ...]) -> NDArray[np.int64]:
    """Add up one counter over threads (`doors` is drained before, and empty here)."""
    if parts[0].ndim == 5:
        return np.zeros(0, np.int64)
    whole: NDArray[np.int64] = sum(parts[1:], parts[0].astype(np.int64))
    return whole


def hear_appeals(plan: Plan, city: City, state: CityState, totals: WeekTotals, filed: NDArray[np.int64]) -> None:
    """Step 1, last: the appeals filed in a week join the queues, whose week is played; answers go on their way."""
    totals.queue = play_queues(plan, city, state, totals.week, filed)
    state.enrolled = state.enrolled + totals.days[:, :, ENROLLED].sum(axis=-1)
    state.trust = trust_after(plan, city.n, state.trust, totals.days)


def serve_rivals(
    plan: Plan, lines: Lines, state: CityState, totals: WeekTotals, asked: list[NDArray[np.int64]]
) -> None:
    """Step 1, last: the requests of rival services that were made in a week join their queues, whose week is played."""
    where = len(plan.worlds), totals.week, plan.days, plan.seed
    state.waiting, state.ended, totals.rivals = play_rivals(lines, state.waiting, state.ended, asked, *where)


def play_queues(plan: Plan, city: City, state: CityState, week: int, filed: NDArray[np.int64]) -> NDArray[np.int64]:
    """Play a week in every queue (state moves on); return int64[world, district, flow, 7]."""
    first = 7 * week
    days = min(7, plan.days - first)
    if not len(state.queue) and not len(filed):
        return np.zeros((*state.enrolled.shape, 5, 7), np.int64)
    courts = [court_on(world, plan.date(first), Taken()) for world in plan.worlds]
    rows = queue_rows(filed, city.district_ends)
    state.queue, said, flows = hold_courts(state.queue, rows, courts, state.enrolled, first, days, plan.chance)
    state.answers = np.concatenate([state.answers, said[said[:, 1] < plan.days]])
    state.answers = state.answers[np.lexsort((state.answers[:, 3], state.answers[:, 1], state.answers[:, 0]))]
    return flows


def take_answers(state: CityState, week: int) -> NDArray[np.int64]:
    """Step 4: the answers that arrive in a week, by resident; the others stay on their way."""
    now = state.answers[:, 1] < 7 * week + 7
    found, state.answers = state.answers[now], state.answers[~now]
    return found


def hold_speech(
    plan: Plan, city: City, drives: Drives, state: CityState, week: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Step 8: how many classes speak in a week, and the news of accounts that are removed; the state moves on."""
    if week:
        next_state(climate_of(plan), state.speech, state.arrived[week - 1], city.n)
    removals = drives.removals(week, state.spoken, state.removed)
    for world, numbers in enumerate(by_world(removals, state.spoken, len(plan.worlds))):
        state.speech[world, [REMOVED_NOW, WRONGLY_NOW]] = numbers
    state.removed = np.concatenate([state.removed, removals])
    return voices(state.speech), news_of(removals)


def hear_spoken(state: CityState, spoken: NDArray[np.int64]) -> NDArray[np.int64]:
    """Step 1: take in whom drives saw in a week (resident << WORLDS | worlds, any order); return both, sorted."""
    rows = np.sort(spoken)
    found = np.stack([rows >> WORLDS, rows & ALL_WORLDS], axis=1)
    state.spoken = np.concatenate([state.spoken, found])
    return found


@kernel
def drain_cells(cells: Any, seen: Any, members: Any, groups: Any) -> None:
    """Add int32 `cells` [world, district, cell, item] to int64 `groups` [world, district, group, item], and empty it.

    `members` int64[cell, groups of a cell]. Cells in which nothing happened (`seen` is 0) are passed over.
    """
    for world in range(cells.shape[0]):
        for district in range(cells.shape[1]):
            for cell in range(cells.shape[2]):
                if not seen[world, district, cell]:
                    continue
                row = cells[world, district, cell]
                for item in range(row.size):
                    if row[item]:
                        for place in range(members.shape[1]):
                            groups[world, district, members[cell, place], item] += row[item]
                        row[item] = 0


@kernel
def drain_doors(cells: Any, seen: Any, members: Any, groups: Any, districts: Any) -> None:
    """Add int32 `cells` [world, district, cell, service, 5] to `groups` [world, group, service, 5] and empty it.

    `districts` int64[world, district, service, 5] gets the same by district.
    """
    for world in range(cells.shape[0]):
        for district in range(cells.shape[1]):
            for cell in range(cells.shape[2]):
                if not seen[world, district, cell] & DOORS_SEEN:
                    continue
                row = cells[world, district, cell]
                for service in range(row.shape[0]):
                    for what in range(5):
                        if row[service, what]:
                            districts[world, district, service, what] += row[service, what]
                            for place in range(members.shape[1]):
                                groups[world, members[cell, place], service, what] += row[service, what]
                            row[service, what] = 0


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
    """Steps 5 and 6: invented reports, what machines find without an act, and what quotas still lack."""
    if week == 0:
        return np.zeros((0, 3), np.int64)
    possible = epoch.register.possible
    found = [invented_reports(plan, city, possible, epoch.expected, week)]
    if epoch.findings is not None:
        found.append(machine_findings(plan, city, epoch.register, epoch.findings, week))
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
    """Step 8: one array sorted by resident, record, source."""
    whole = np.concatenate(parts)
    return whole[np.lexsort((whole[:, 1], whole[:, 2], whole[:, 0]))]


def sort_news(*parts: NDArray[np.int64]) -> NDArray[np.int64]:
    """News of a week, by resident, what and value."""
    whole = np.concatenate([np.zeros((0, 3), np.int64), *parts])
    return whole[np.lexsort((whole[:, 2], whole[:, 1], whole[:, 0]))]


class Post:
    """Rows sorted by resident (column 0), from which every chunk gets its own."""

    def __init__(self, rows: NDArray[np.int64]) -> None:
        self.rows, self.residents = np.ascontiguousarray(rows), rows[:, 0].copy()
        self.nothing = self.rows[:0]

    def of(self, chunk: Chunk) -> NDArray[np.int64]:
        """The rows of one chunk's residents."""
        if not len(self.rows):
            return self.nothing
        low, high = self.residents.searchsorted((chunk.first, chunk.end))
        return self.rows[low:high]
