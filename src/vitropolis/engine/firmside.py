"""The other population: firms play by the same files, looks, scores, lists and measures, in chunks of their own.

Before each week `model.firms.firm_week` decides in every chunk what its firms do and what is recorded of it; these
records are the messages of that week. Then the chunk plays its days as one of residents does (`engine.day`), with
nobody to act, to ask or to appeal. Nothing of this needs another chunk's week but ranks and `told`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from vitropolis.city import City
from vitropolis.city.city import COLLECTIVE
from vitropolis.engine.between import Broadcast, WeekTotals, add_up, make_counts, new_city_state, ranks_for, sort_news
from vitropolis.engine.chunks import (
    NO_LOG,
    NOBODY,
    NOTHING,
    Chunk,
    columns_of,
    each_of,
    empty_columns,
    fixed_view,
    largest_chunk,
    make_desk,
)
from vitropolis.engine.columns import MARKS, Desk, State
from vitropolis.engine.epochs import Epoch, stretches
from vitropolis.engine.firmview import FIRST_FIRM, FirmView, empty_view
from vitropolis.engine.rivals import Lines
from vitropolis.engine.week import Stage
from vitropolis.model.accounts import Drives
from vitropolis.model.conduct import Conduct
from vitropolis.model.counts import Counts
from vitropolis.model.firms import TALLY, Memory, firm_week, settle_firms, view_firms
from vitropolis.model.requests import Demand
from vitropolis.model.rulebook import rulebook_for
from vitropolis.model.rules import DISTRICTS, WORLDS
from vitropolis.model.speech import VOICES
from vitropolis.model.supervision import Supervisor
from vitropolis.model.worlds import Plan

CHUNK = 8192
SIZES = (1, 2, 5, 10, 50, 250, 1000, 10_000)  # staff from which a firm is of this class: the cells of firms
GROWN = 40  # years: nothing that is said of minors is about firms
ROWS = 2  # messages about one firm, world and week, at most


@dataclass(frozen=True)
class FirmCity:
    """Firms as a city of their own: its residents are firms, nobody has an employer in it."""

    n: int
    district_ends: NDArray[np.int64]
    firm_size: NDArray[np.int32]  # none
    names: Any
    cell: NDArray[np.uint16]


def as_city(city: City) -> FirmCity:
    """The firms of a city, which number them district after district."""
    districts = np.asarray(city.firm_district)
    ends = np.searchsorted(districts, np.arange(len(city.district_names) + 1)).astype(np.int64)
    return FirmCity(len(districts), ends, np.zeros(0, np.int32), city.names, city.cell)


class FirmTables:
    """What follows from plan and city alone; `plan` is about firms, `beside` are tables of residents to borrow from."""

    def __init__(self, plan: Plan, city: City, beside: Any) -> None:
        self.plan, self.city, self.whole = plan, as_city(city), city
        self.conduct: Conduct = beside.conduct
        self.demand: Demand = beside.demand._replace(queue_of=np.full_like(beside.demand.queue_of, -1))
        self.lines: Lines = beside.lines  # of which firms stand in none
        self.drives: Drives = beside.drives  # which see no firm
        self.epochs = _epochs(plan, beside.epochs[0])
        self.ledgers = sum(len(world.scores) for world in plan.worlds)
        self.supervisor = Supervisor(plan)
        self.enrolled = np.array([_first_day(plan, number) for number in range(len(plan.worlds))], np.int64)

    @property
    def spans(self) -> list[int]:
        """Number of possible scores of each ledger, over all epochs."""
        rules = [epoch.book.table[0] for epoch in self.epochs]
        return [max(int(r["highest"][n]) - int(r["floor"][n]) + 1 for r in rules) for n in range(self.ledgers)]

    def settle(self, chunk: Chunk) -> None:
        """Give a chunk's firms what they are before anything happens."""
        settle_firms(chunk.first, *keys_of(self.plan.seed), self.enrolled, chunk.state)


def keys_of(seed: int) -> tuple[np.uint32, np.uint32]:
    """The two halves of a seed."""
    return np.uint32(seed & 0xFFFFFFFF), np.uint32(seed >> 32)


def _epochs(plan: Plan, like: Epoch) -> list[Epoch]:
    """Stretches of unchanged rules; what clerks write of residents' acts is in none of them."""
    found = []
    for place, first in enumerate(plan.epochs):
        end = plan.epochs[place + 1] if place + 1 < len(plan.epochs) else plan.days
        found.append(replace(like, first=first, end=end, book=rulebook_for(plan, first)))
    lowest = np.minimum.reduce([epoch.book.table["lowest"] for epoch in found])
    for epoch in found:
        epoch.book.table["floor"] = lowest
    return found


def _first_day(plan: Plan, number: int) -> int:
    """The day from which a world's policy covers firms, 65535: never."""
    policy = plan.worlds[number].policy
    if not policy.population.legal_entities:
        return 65535
    starts = policy.starts_on
    day = 0 if starts is None else max(0, (starts - plan.start).days)
    return day if day < plan.days else 65535


def cut_firms(city: FirmCity, size: int) -> list[tuple[int, int, int]]:
    """Cut the firms into chunks of at most `size`: (first, end, district), numbered from 0."""
    found = []
    for district in range(len(city.district_ends) - 1):
        low, high = int(city.district_ends[district]), int(city.district_ends[district + 1])
        found += [(first, min(first + size, high), district) for first in range(low, high, size)]
    return found


def make_firm_chunks(tables: FirmTables, cuts: list[tuple[int, int, int]]) -> list[Chunk]:
    """Make empty chunks of firms."""
    worlds, made, chunks = len(tables.plan.worlds), 0, []
    whole = empty_columns(sum(end - first for first, end, _ in cuts), worlds, tables.ledgers)
    for number, (first, end, district) in enumerate(cuts):
        made += end - first
        state = State(
            **columns_of(whole, made - (end - first), made),
            **_traits(tables.whole, first, end),
            pool=np.zeros(64, np.int64),
            pending=np.zeros((end - first) // 8 + 64, np.int64),
            outbox=NOTHING,
            log=NO_LOG,
            appeals=NOTHING,
            asked=NOBODY,
            spoken=NO_LOG,
            climate=np.full(worlds, VOICES, np.int64),
            marks=np.zeros(len(MARKS), np.int64),
        )
        state.marks[0] = 1
        chunks.append(Chunk(number, FIRST_FIRM + first, FIRST_FIRM + end, district, state))
    return chunks


def _traits(city: City, first: int, end: int) -> dict[str, NDArray[Any]]:
    """What stands where a resident's traits do: a cell by size, alone at home, nobody's child, without work."""
    count = end - first
    cells = np.searchsorted(SIZES, np.asarray(city.firm_size[first:end]), side="right") - 1
    return {
        "cell": fixed_view(np.maximum(cells, 0).astype(np.uint16)),
        "household": fixed_view(np.ones(count, np.uint8)),
        "employer": fixed_view(np.full(count, -1, np.int32)),
        "age": fixed_view(np.full(count, GROWN, np.uint8)),
        "role": fixed_view(np.full(count, COLLECTIVE, np.uint8)),
    }


def memory_of(firms: int, worlds: int) -> Memory:
    """Firms of which nothing is remembered."""
    return Memory(np.zeros((worlds, firms), np.uint16), np.zeros((worlds, firms), np.uint16))


def part_of(memory: Memory, chunk: Chunk) -> Memory:
    """What is remembered of a chunk's firms."""
    return Memory(*(column[:, chunk.low : chunk.high] for column in memory))


class FirmStage:
    """Everything a chunk of firms needs to play one week. `said`: what firms hear, without messages."""

    def __init__(self, tables: FirmTables, said: Broadcast) -> None:
        self.plan, self.week = tables.plan, said.week
        city, parts = cast(Any, tables.city), (tables.epochs, tables.conduct, tables.demand, tables.drives)
        self.stage = Stage(self.plan, city, *parts, said)
        today = self.stage.stretches[0].epoch
        self.rulebook = today.book.table
        self.supervision = tables.supervisor.on(self.rulebook[0], today.first, self.plan.date(7 * self.week))
        self.keys = keys_of(self.plan.chance)

    def play(self, chunk: Chunk, memory: Memory, counts: Counts, desk: Desk, tally: NDArray[np.int64]) -> Desk:
        """Play a chunk's week: what its firms do, then its days; returns the (grown) desk."""
        made = np.zeros((ROWS * len(self.plan.worlds) * chunk.residents, 3), np.int64)
        args = (chunk.first, self.week, min(7, self.plan.days - 7 * self.week), *self.keys, memory, chunk.state, made)
        sent = firm_week(self.rulebook, self.supervision, *args, tally, np.zeros((3, WORLDS), np.int64))
        messages = made[:sent][np.lexsort((made[:sent, 2], made[:sent, 0]))]
        return self.stage.play(chunk, counts, desk, np.ascontiguousarray(messages[:, [0, 2]]))


@dataclass
class FirmWeek:
    """One played week of firms: totals as those of residents (their groups are sizes of firms), the listing log, and
    `tally` int64[world, district, len(TALLY)] of what they did."""

    totals: WeekTotals
    broadcast: Broadcast
    log: NDArray[np.int64]
    tally: NDArray[np.int64]


class FirmSide:
    """All firms at a moment of a run; `play_week` moves them on. Looks like a `Simulation` to whoever keeps it."""

    def __init__(self, tables: FirmTables, threads: int = 2, chunk: int = CHUNK) -> None:
        self.tables, self.plan, self.city, self.week = tables, tables.plan, tables.city, 0
        plan = self.plan
        cuts = cut_firms(self.city, min(chunk, largest_chunk(plan)))
        self.chunks = make_firm_chunks(self.tables, cuts)
        self.threads = max(1, min(threads, len(self.chunks)))
        self.counts = [self._counts() for _ in range(self.threads)]
        self.desks = [make_desk(max(part.residents for part in self.chunks)) for _ in range(self.threads)]
        self.state = new_city_state(plan, cast(Any, self.city), self.counts[0])
        self.memory = memory_of(self.city.n, len(plan.worlds))
        self.members = np.arange(len(SIZES), dtype=np.int64)[:, None]
        self.told: NDArray[np.int64] = np.zeros((0, 3), np.int64)  # (firm, what, value): news of the week to come
        self.each(lambda chunk, _: self.tables.settle(chunk))

    def remembered(self) -> list[tuple[str, NDArray[np.uint16]]]:
        """What a checkpoint keeps beside the files: every row by its name."""
        rows = [(name, getattr(self.memory, name)) for name in Memory._fields]
        return [(f"{name}_{number}", row) for name, whole in rows for number, row in enumerate(whole)]

    def _counts(self) -> Counts:
        return make_counts(self.plan, cast(Any, self.city), self.tables.spans, len(SIZES))

    def each(self, work: Callable[[Chunk, int], None]) -> None:
        """Do something with every chunk, on all threads; the second argument is the thread's number."""
        each_of(self.chunks, self.threads, work)

    def play_week(self) -> FirmWeek:
        """Play one week of every firm."""
        week, plan = self.week, self.plan
        said = firm_broadcast(self.tables, self.state, week, self.told)
        tally = np.zeros((len(self.chunks), len(plan.worlds), len(TALLY)), np.int64)
        stage = FirmStage(self.tables, said)

        def play(chunk: Chunk, thread: int) -> None:
            args = (self.counts[thread], self.desks[thread], tally[chunk.number])
            self.desks[thread] = stage.play(chunk, part_of(self.memory, chunk), *args)

        self.each(play)
        totals = add_up(week, self.counts, self.members, self.state)
        self.week, self.told = week + 1, np.zeros((0, 3), np.int64)
        by_district = np.zeros((DISTRICTS, *tally.shape[1:]), np.int64)
        np.add.at(by_district, [chunk.district for chunk in self.chunks], tally)
        log = np.concatenate([chunk.logged for chunk in self.chunks])
        return FirmWeek(totals, said, log, by_district.swapaxes(0, 1))

    def view(self) -> FirmView:
        """How every firm stands, by the rules of the last day played."""
        found = empty_view(len(self.plan.worlds), self.city.n)
        last = max(0, min(7 * self.week, self.plan.days) - 1)
        rulebook = stretches(self.tables.epochs, last, last + 1)[0][0].book.table
        self.each(lambda chunk, _: view_firms(rulebook, chunk.low, chunk.state, *found))
        return found


def firm_broadcast(tables: FirmTables, state: Any, week: int, told: NDArray[np.int64]) -> Broadcast:
    """What every chunk of firms hears before a week: ranks, and what residents carry to firms."""
    plan = tables.plan
    days = stretches(tables.epochs, 7 * week, min(7 * week + 7, plan.days))
    last = stretches(tables.epochs, 7 * max(week - 1, 0), 7 * week + 1)[0][0]
    ranks = ranks_for([epoch for epoch, _, _ in days], last, state, week)
    return heard_by_firms(plan, week, ranks, sort_news(told + np.array([FIRST_FIRM, 0, 0])))


def heard_by_firms(plan: Plan, week: int, ranks: list[NDArray[Any]], news: NDArray[np.int64]) -> Broadcast:
    """A broadcast to firms, who have no moods, workplaces and answers; `news` sorted, of firms as draws number them."""
    mood, work = np.zeros((len(plan.worlds), DISTRICTS), np.int64), np.zeros((len(plan.worlds), 1), np.uint8)
    return Broadcast(
        week, ranks, mood, work, NOTHING, np.zeros((0, 4), np.int64), news, np.full(len(plan.worlds), VOICES)
    )


def tables_of_firms(plan: Plan, city: City, beside: Any) -> FirmTables | None:
    """The tables of a run's firms; None where no policy of it covers any, or the city has none."""
    about = plan.of_firms()
    return None if about is None or not len(city.firm_size) else FirmTables(about, city, beside)
