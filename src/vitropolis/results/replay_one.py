"""One household played again, day by day, against the tape: what a life is read from.

A chunk may be any run of whole households, so one household is played in well under a second, whatever the size of the
city. Everybody else is as the tape says, and so is every answer to an appeal. With a `Change` the same household is
played under one difference; what it then files otherwise is answered by `results.life_courts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream, philox
from vitropolis.engine.between import Broadcast, make_counts
from vitropolis.engine.checkpoint import state_of
from vitropolis.engine.chunks import Chunk, make_chunks, make_desk
from vitropolis.engine.columns import COLUMNS, Days, Desk, Script, State, Where
from vitropolis.engine.day import ACTS
from vitropolis.engine.epochs import Epoch
from vitropolis.engine.run import Tables
from vitropolis.engine.week import Stage
from vitropolis.model.conduct import LAST, who_acts
from vitropolis.model.counts import DOOR_AVOIDED, DOOR_REFUSALS, DOOR_REQUESTS, At, Counts
from vitropolis.model.files import HOLDERS, LAST_PLACE, LINK, LISTING, NOTE, NUMBER, PLACE_AT, TRUTH_AT
from vitropolis.model.redress import UPHELD_AT
from vitropolis.model.rules import ONE_WORLD, PAYER_BITS, PAYERS, RIGHT, STALE
from vitropolis.model.spillover import FAULT
from vitropolis.results.life_courts import Courts

Parts = TypeVar("Parts", State, Desk, Counts)
SHOWN = tuple(column.name for column in COLUMNS if not column.trait and column.name not in ("head", "wake", "fear"))


@dataclass(frozen=True)
class Change:
    """One difference under which a household is played again. Residents are numbers of the run.

    right: whose wrong records never arrive (a stale one is deleted when settled, as it should be). mended: the same of
    single records (numbers without their worlds). clean: of whom no record arrives at all. without: single records
    that never arrive. rules: what is written otherwise into a copy of every stretch's table of rules.
    """

    right: frozenset[int] = frozenset()
    mended: frozenset[int] = frozenset()
    clean: frozenset[int] = frozenset()
    without: frozenset[int] = frozenset()
    rules: Callable[[Any], None] | None = None

    def arriving(self, resident: int, record: int) -> int:
        """The record that arrives instead of this one; -1: none."""
        truth = truth_of_word(record)
        if resident in self.clean or core_of(record) in self.without:
            return -1
        if (resident in self.right and truth != RIGHT) or core_of(record) in self.mended:
            return record & ~(7 << TRUTH_AT) if truth == STALE else -1
        return record

    @property
    def of_records(self) -> bool:
        """Whether it takes single records, or the wrong ones, of somebody away."""
        return bool(self.right or self.mended or self.without)

    def epochs(self, epochs: list[Epoch]) -> list[Epoch]:
        """The stretches of a run with the rules that this change writes."""
        if self.rules is None:
            return epochs
        changed = []
        for epoch in epochs:
            table = epoch.book.table.copy()
            self.rules(table)
            changed.append(replace(epoch, book=replace(epoch.book, table=table)))
        return changed


NO_CHANGE = Change()


@dataclass(frozen=True)
class Act:
    """One act of one resident: its word's place in `policy.PERSON_WORDS`, the worlds in which it happened (bits)."""

    word: int
    worlds: int


@dataclass(frozen=True)
class Asked:
    """What came of one need of the resident behind a closed door: tries, refusals, or (stayed) not even asked."""

    world: int
    service: int
    tries: int
    refusals: int
    stayed: bool


@dataclass(frozen=True)
class Seen:
    """One day of one resident.

    who: the resident and the seed's two halves. rules: the table of rules that held. columns: every shown column of
    the state at the day's end, of the whole household (last axis: place in it). file: the resident's records
    (numbers), newest first. notes: the file's notes
    (`model.notes`). met: by world, the measures that meet the resident, one bit each. sent: records of the resident's
    acts that land on somebody else. filed: appeals (world, record). answers: to appeals (world, upheld, record). log:
    lines of the household's listing log. Records in `filed` and `answers` are without their worlds.
    """

    day: int
    who: tuple[int, int, int]
    rules: Any
    columns: dict[str, NDArray[Any]]
    file: tuple[int, ...]
    notes: tuple[int, ...]
    met: tuple[int, ...]
    act: Act | None
    asked: tuple[Asked, ...]
    sent: tuple[int, ...]
    filed: tuple[tuple[int, int], ...]
    answers: tuple[tuple[int, bool, int], ...]
    log: tuple[int, ...]


@dataclass
class Replay:
    """What playing one household again gave: its days, its state at the end, what was counted of all of it."""

    first: int
    place: int  # the resident's, in the household
    roles: tuple[int, ...]  # of everybody in the household (`city.ROLE_LABELS`)
    enrolled: tuple[int, ...]  # [world]: day of enrolment, 65535: never
    payer: tuple[int, ...]  # [world]: payer type, 0 fast, 1 slow, 2 cannot pay
    counts: Counts
    days: list[Seen] = field(default_factory=list)
    state: dict[str, NDArray[Any]] = field(default_factory=dict)

    @property
    def log(self) -> NDArray[np.int64]:
        """The household's lines of the listing log, sorted."""
        return np.sort(np.array([line for seen in self.days for line in seen.log], np.int64))


def replay_household(
    tables: Tables,
    broadcasts: Iterable[Broadcast],
    resident: int,
    change: Change = NO_CHANGE,
    courts: Courts | None = None,
) -> Replay:
    """Play the household of a resident from day 0 over the weeks of `broadcasts`; note every day of the resident.

    The same household of the same run gives the same, at any size of city. courts: who answers what the household files
    under a change; None: all answers are those of the broadcasts.
    """
    city, plan = tables.city, tables.plan
    home = city.household(resident)
    where = (home.start, home.stop, city.district_of(resident))
    (chunk,) = make_chunks(city, [where], len(plan.worlds), tables.ledgers)
    tables.settle(chunk)
    found = _settled(tables, chunk, resident - home.start)
    desk, epochs = make_desk(chunk.residents), change.epochs(tables.epochs)
    for said in broadcasts:
        heard = said if courts is None else courts.answered(said)
        desk = _Watched(tables, epochs, heard, change, found).play(chunk, found.counts, desk)
        if courts is not None:
            courts.hear(said.week, chunk.filed)
    found.state = state_of(chunk)
    return found


def _settled(tables: Tables, chunk: Chunk, place: int) -> Replay:
    """A replay before its first day, with what the resident is to begin with."""
    payer, state = int(chunk.state.payer[place]), chunk.state
    return Replay(
        first=chunk.first,
        place=place,
        roles=tuple(int(role) for role in tables.city.role[chunk.first : chunk.end]),
        enrolled=tuple(int(day) for day in state.enrolled[:, place]),
        payer=tuple((payer >> (PAYER_BITS * world)) & PAYERS for world in range(len(tables.plan.worlds))),
        counts=make_counts(tables.plan, tables.city, tables.spans),
    )


class _Watched(Stage):
    """A week that is played one day at a time, with a look at the household after each."""

    def __init__(self, tables: Tables, epochs: list[Epoch], said: Broadcast, change: Change, found: Replay) -> None:
        super().__init__(tables.plan, tables.city, epochs, tables.conduct, tables.demand, tables.drives, said)
        self.change, self.found = change, found

    def _play_stretch(self, chunk: Chunk, counts: Counts, desk: Desk, script: Script, where: Where, days: Days) -> Desk:
        for day in range(days.first, days.end):
            _alter(self.change, chunk, desk, day - where.starts)
            before, today = _Before(self, chunk, desk, script, where, day), days._replace(first=day, end=day + 1)
            counted = counts
            if before.crowd:  # the day once more, without the needs of others who would be counted in the same place
                alone, counted = replace(chunk, state=_copied(chunk.state)), _copied(counts)
                alone.state.closed[before.crowd] = 0
                super()._play_stretch(alone, counted, _copied(desk), script, where, today)
            desk = super()._play_stretch(chunk, counts, desk, script, where, today)
            self.found.days.append(before.seen(desk, counted))
        return desk


def _copied(parts: Parts) -> Parts:
    """A copy of all that can be written to."""
    every: Any = parts
    return every._make(part.copy() if part.flags.writeable else part for part in every)  # type: ignore[no-any-return]


def _alter(change: Change, chunk: Chunk, desk: Desk, weekday: int) -> None:
    """Take from today's arrivals what the change leaves out."""
    if change == NO_CHANGE:
        return
    kept = []
    for entry in desk.due[weekday, : desk.arriving[weekday]].tolist():
        place = entry >> PLACE_AT
        record = change.arriving(chunk.first + place, entry & NUMBER)
        kept += [(place << PLACE_AT) | record] if record >= 0 else []
    desk.due[weekday, : len(kept)] = kept
    desk.arriving[weekday] = len(kept)


class _Before:
    """How far stores and counters were filled before a day; `seen` reads off what the day added."""

    def __init__(self, stage: _Watched, chunk: Chunk, desk: Desk, script: Script, where: Where, day: int) -> None:
        self.stage, self.chunk, self.script, self.where, self.day = stage, chunk, script, where, day
        self.place, self.weekday = stage.found.place, day - where.starts
        self.marks = chunk.state.marks.copy()
        needs, cell = _who_needs(script, chunk, desk, self.weekday), chunk.state.cell
        mine = [place for place in needs if cell[place] == cell[self.place]] if self.place in needs else []
        self.doors = self._doors(stage.found.counts).copy() if mine else None
        self.crowd = [place for place in mine if place != self.place]  # others whose needs are counted with this one's

    def seen(self, desk: Desk, counted: Counts) -> Seen:
        """What the day left of the household. counted: counters in which no need but the resident's was added."""
        state, marks = self.chunk.state, self.chunk.state.marks
        resident, world_count = self.chunk.first + self.place, len(self.stage.plan.worlds)
        sent, filed = state.outbox[self.marks[3] : marks[3]], state.appeals[self.marks[5] : marks[5]]
        words = _words_of(state.pool, int(state.head[self.place]))
        said = self.script.answers
        said = said[(said[:, 0] == resident) & (said[:, 1] == self.day)]
        return Seen(
            day=self.day,
            who=(resident, int(self.where.key0), int(self.where.key1)),
            rules=self.script.rulebook[0],
            columns={name: getattr(state, name).copy() for name in SHOWN},
            file=tuple(word for word in words if word & NOTE != NOTE),
            notes=tuple(word for word in words if word & NOTE == NOTE),
            met=tuple(self._met(world) for world in range(world_count)),
            act=self._act(desk),
            asked=tuple(self._asked(counted)),
            sent=tuple(sent[sent[:, 1] == resident, 2].tolist()),
            filed=tuple((row[1] & ONE_WORLD, core_of(row[2])) for row in filed.tolist() if row[0] == resident),
            answers=tuple(
                (row[2] & ONE_WORLD, bool(row[2] >> UPHELD_AT & 1), core_of(row[3])) for row in said.tolist()
            ),
            log=tuple(state.log[self.marks[4] : marks[4]].tolist()),
        )

    def _doors(self, counts: Counts) -> NDArray[np.int32]:
        """What was counted of services in the resident's cell: [world, service, 5]."""
        return counts.doors[:, self.where.district, int(self.chunk.state.cell[self.place])]

    def _met(self, world: int) -> int:
        """The measures that meet the resident, one bit each (docs/mechanisms.md, section 10)."""
        rules, state = self.script.rulebook[0], self.chunk.state
        held, carried = int(state.held[world, self.place]), int(state.carried[world, self.place]) & ~FAULT
        parts = [int(rules["class_measures"][world, bit]) for bit in _bits(held)]
        parts += [int(rules["spill_measures"][world, bit]) for bit in _bits(carried)]
        return int(np.bitwise_or.reduce(np.array(parts, np.int64))) if parts else 0

    def _asked(self, counts: Counts) -> Iterable[Asked]:
        """What came of today's need, as it was counted."""
        if self.doors is None:
            return
        added = self._doors(counts) - self.doors
        tries, refusals, stayed = (added[:, :, at] for at in (DOOR_REQUESTS, DOOR_REFUSALS, DOOR_AVOIDED))
        for world, service in zip(*np.nonzero(tries + stayed), strict=True):
            counted = int(tries[world, service]), int(refusals[world, service])
            yield Asked(int(world), int(service), *counted, bool(stayed[world, service]))

    def _act(self, desk: Desk) -> Act | None:
        """What the resident did today (docs/mechanisms.md, section 2); nothing later in the day moves it."""
        state, place, conduct = self.chunk.state, self.place, self.script.conduct
        resident, cell, number = (
            self.chunk.first + place,
            int(state.cell[place]),
            int(desk.numbers[self.weekday, place]),
        )
        if number >= int(state.threshold[place]):
            return None
        fine, which, mark, _ = (
            int(word) for word in philox(resident, self.day, Stream.CONDUCT, 0, self.stage.plan.chance)
        )
        if (number << 16 | (fine & 65535)) >= int(conduct.threshold[cell * 64 + int(state.trait[place])]):
            return None
        ends, where = conduct.ends[cell], self.where
        word = int(np.argmax((ends > which) | (ends == LAST)))
        at = At(self.day, self.weekday, place, resident, where.district, cell, where.key0, where.key1)
        rules, today = self.script.rulebook[0], self.script.today[self.weekday]
        worlds = (
            int(who_acts(conduct, rules, self.script.ranks[0], today, at, word, mark, state, self.script.work)) & ACTS
        )
        return Act(word, worlds) if worlds else None


def _who_needs(script: Script, chunk: Chunk, desk: Desk, weekday: int) -> list[int]:
    """Who in the household was behind a closed door yesterday and needs something today: places in it."""
    found = []
    for place in np.flatnonzero(chunk.state.closed).tolist():
        cell, lot = chunk.state.cell[place], int(desk.numbers[7, place])
        rival, bound = int(script.demand.rival[cell]), int(script.demand.bound[cell])
        when = 0 if lot < rival else (lot - rival) * 7 // (bound - rival) if lot < bound else -1
        found += [place] if when == weekday else []
    return found


def _bits(mask: int) -> list[int]:
    """The places of the bits that are set."""
    return [place for place in range(mask.bit_length()) if (mask >> place) & 1]


def truth_of_word(word: int) -> int:
    """Whether and how a record is wrong (`model.rules`: 0-6)."""
    return (word >> TRUTH_AT) & 7


def _words_of(pool: NDArray[np.int64], here: int) -> list[int]:
    """The records and notes of a file, in its order."""
    found = []
    while here:
        word = int(pool[here])
        found += [] if word & LISTING else [word & NUMBER]
        here = (word >> LINK) & LAST_PLACE
    return found


def core_of(record: int) -> int:
    """A record's number without the worlds that hold it: what stays the same of it in every world."""
    return record & NUMBER & ~HOLDERS
