"""A run: the city's chunks over its weeks, on threads (the loop itself is `Simulation.play`)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.city import City
from vitropolis.city.cells import groups
from vitropolis.city.store import let_go
from vitropolis.engine.between import (
    Broadcast,
    WeekTotals,
    add_up,
    groups_of_cells,
    hear_appeals,
    hear_spoken,
    make_counts,
    new_city_state,
    serve_rivals,
)
from vitropolis.engine.chunks import NO_LOG, Chunk, cut, each_of, fixed_view, largest_chunk, make_chunks, make_desk
from vitropolis.engine.epochs import area_ids, epochs_of
from vitropolis.engine.firmside import FirmSide, FirmTables, FirmWeek, tables_of_firms
from vitropolis.engine.firmview import FirmView
from vitropolis.engine.rivals import lines_of
from vitropolis.engine.week import Stage, open_week
from vitropolis.engine.workside import NOBODY, WorkSide
from vitropolis.model.accounts import Drives
from vitropolis.model.demand import demand_of
from vitropolis.model.enrolment import entry_tables, publicly_paid, settle_in
from vitropolis.model.envelope import envelope_of
from vitropolis.model.reports import Messages, quotas_of
from vitropolis.model.rules import NEVER
from vitropolis.model.worlds import Plan

CHUNK = 8192
BLOCK = 1 << 18  # residents of a column that are looked at together


@dataclass
class WeekPlayed:
    """One played week: its totals, its broadcast, the listing log, what was sent to somebody else, appeals filed."""

    totals: WeekTotals
    broadcast: Broadcast
    log: NDArray[np.int64]
    sent: Messages
    filed: NDArray[np.int64]  # [., 3]: resident, filing day << FILED_AT | world, contested record
    losers: NDArray[np.int64]  # who lost a place in a queue: `engine.losers`, sorted
    spoken: NDArray[np.int64]  # [., 2]: resident, worlds in which a drive against accounts saw them
    firms: FirmWeek | None = None


@dataclass
class Clock:
    """Wall seconds by phase."""

    seconds: dict[str, float] = field(default_factory=dict)

    def timed(self, phase: str, work: Callable[[], Any]) -> Any:
        """Do something and add its time to a phase."""
        start = time.perf_counter()
        done = work()
        self.seconds[phase] = self.seconds.get(phase, 0.0) + time.perf_counter() - start
        return done


class Tables:
    """What follows from plan and city alone, and is shared by every chunk."""

    def __init__(self, plan: Plan, city: City) -> None:
        self.plan, self.city = plan, city
        self.envelope = envelope_of(plan)
        self.conduct = self.envelope.tables
        self.demand = demand_of(plan)
        self.epochs = epochs_of(plan, city)
        self.entry = entry_tables(plan, area_ids(city))
        self.quotas = quotas_of(plan, city.n)
        self.lines = lines_of(plan, city)
        self.staff = staff_of(city)
        self.drives = Drives(plan, city)
        self.ledgers = sum(len(world.scores) for world in plan.worlds)
        self.firms: FirmTables | None = tables_of_firms(plan, city, self)

    @property
    def spans(self) -> list[int]:
        """Number of possible scores of each ledger, over all epochs."""
        rules = [epoch.book.table[0] for epoch in self.epochs]
        return [max(int(r["highest"][n]) - int(r["floor"][n]) + 1 for r in rules) for n in range(self.ledgers)]

    def settle(self, chunk: Chunk) -> None:
        """Give a chunk's residents what they are before anything happens."""
        city, seed = self.city, self.plan.seed
        people = tuple(
            fixed_view(column[chunk.first : chunk.end]) for column in (city.registration, city.income, city.sector)
        )
        keys = (np.uint32(seed & 0xFFFFFFFF), np.uint32(seed >> 32))
        thresholds, public = self.conduct.threshold, publicly_paid(city)
        settle_in(chunk.first, chunk.district, *keys, self.entry, thresholds, people, public, chunk.state)


def staff_of(city: City) -> NDArray[np.int64]:
    """How many residents each firm employs; block by block, so that no copy of the column is made."""
    staff = np.zeros(len(city.firm_size), np.int64)
    for first in range(0, city.n, BLOCK):
        part = city.employer[first : first + BLOCK]
        staff += np.bincount(part[part >= 0], minlength=len(staff))
    return staff


class Simulation:
    """A city at a moment of its run; `play` moves it on week by week.

    `threads` (1 up) and `chunk` (residents, 64 to 32,768) change nothing but speed and memory.
    """

    def __init__(self, plan: Plan, city: City, threads: int = 2, chunk: int = CHUNK) -> None:
        self.plan, self.city, self.clock, self.week = plan, city, Clock(), 0
        self.tables: Tables = self.clock.timed("tables", lambda: Tables(plan, city))
        self.chunks = list(
            make_chunks(city, cut(city, min(chunk, largest_chunk(plan))), len(plan.worlds), self.tables.ledgers)
        )
        largest = max(part.residents for part in self.chunks)
        self.threads = max(1, min(threads, len(self.chunks)))
        self.counts = [make_counts(plan, city, self.tables.spans) for _ in range(self.threads)]
        self.desks = [make_desk(largest) for _ in range(self.threads)]
        self.state = new_city_state(plan, city, self.counts[0])
        self.members = groups_of_cells(groups()[1])
        self.clock.timed("settling in", lambda: self.each(lambda chunk, _: self.tables.settle(chunk)))
        about = self.tables.firms
        self.firms: FirmSide | None = None
        if about is not None:
            self.firms = self.clock.timed("settling in", lambda: FirmSide(about, threads, chunk))
        self.view: Callable[[], FirmView] | None = self.firms.view if self.firms else None
        self.work: WorkSide | None = None
        let_go(city.registration, city.income, city.sector, city.age)

    def each(self, work: Callable[[Chunk, int], None]) -> None:
        """Do something with every chunk, on all threads; the second argument is the thread's number."""
        each_of(self.chunks, self.threads, work)

    def play(self, until: int | None = None) -> Iterator[WeekPlayed]:
        """Play the weeks that are left (up to week `until`, not included), yielding each when it is over."""
        while self.week < min(self.plan.weeks, self.plan.weeks if until is None else until):
            yield self.play_week()

    def _told(self) -> NDArray[np.int64]:
        """News of this week that follow from how firms stand at the end of the last."""
        if self.view is None or not self.week:
            return NOBODY
        self.work = self.work or WorkSide(self.plan, self.city, self.tables.staff)
        return self.work.tell(self.state, self.view(), self.chunks)

    def play_week(self) -> WeekPlayed:
        """Play one week (the list is in `vitropolis.engine.week`)."""
        tables, week = self.tables, self.week
        news = self.clock.timed("work", self._told)
        broadcast: Broadcast = self.clock.timed(
            "between weeks",
            lambda: open_week(
                self.plan, self.city, tables.epochs, tables.quotas, self.state, tables.staff, tables.drives, week, news
            ),
        )
        stage = Stage(self.plan, self.city, tables.epochs, tables.conduct, tables.demand, tables.drives, broadcast)

        def play(chunk: Chunk, thread: int) -> None:
            self.desks[thread] = stage.play(chunk, self.counts[thread], self.desks[thread])

        self.clock.timed("weeks", lambda: self.each(play))
        totals: WeekTotals = self.clock.timed("adding up", lambda: add_up(week, self.counts, self.members, self.state))
        self.state.sent = np.concatenate([chunk.sent for chunk in self.chunks])
        filed = np.concatenate([chunk.filed for chunk in self.chunks])
        self.clock.timed("appeals", lambda: hear_appeals(self.plan, self.city, self.state, totals, filed))
        asked = [chunk.asked for chunk in self.chunks]
        self.clock.timed("rivals", lambda: serve_rivals(self.plan, tables.lines, self.state, totals, asked))
        firms = self.clock.timed("firms", self.firms.play_week) if self.firms else None
        self.week += 1
        log = np.concatenate([chunk.logged for chunk in self.chunks])
        spoken = hear_spoken(self.state, np.concatenate([chunk.spoken for chunk in self.chunks]))
        losers = totals.rivals.losers if totals.rivals is not None else NO_LOG
        return WeekPlayed(totals, broadcast, log, self.state.sent, filed, losers, spoken, firms)


assert NEVER > 8000
