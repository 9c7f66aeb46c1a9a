"""Everything that one world of a run says of each resident, so that two worlds can be held against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from vitropolis.city import City
from vitropolis.engine import run as engine_run
from vitropolis.engine.run import Simulation, WeekPlayed
from vitropolis.model import files
from vitropolis.model.counts import ITEMS
from vitropolis.model.deterrence import HOUSEHOLD_AT, WEEK_AT
from vitropolis.model.listing_log import (
    logged_bins,
    logged_cause,
    logged_day,
    logged_event,
    logged_list,
    logged_who,
    logged_world,
)
from vitropolis.model.notes import COUNT_AT, DAY, ITEM_AT
from vitropolis.model.redress import DISPUTED_AT, FILED_AT, UPHELD_AT, WRONG_AT
from vitropolis.model.rules import ALL_WORLDS, FAMILIES, ONE_WORLD, PAYER_BITS, PAYERS
from vitropolis.model.worlds import Plan

Change = Callable[[Simulation], None]
Filed = tuple[int, int, int, int, int, int]  # word, behaviour in this world, truth, act day, delay, wait
TABLES = engine_run.Tables
BY_LEAF = 128  # as in `model.lists`: causes from here on are leaves


@dataclass
class Ledger:
    """One world. `columns`: by name, one array [week, ..., resident]; the rest by resident."""

    columns: dict[str, list[NDArray[Any]]] = field(default_factory=lambda: defaultdict(list))
    files: dict[int, list[Filed]] = field(default_factory=dict)
    running: dict[int, list[tuple[int, ...]]] = field(default_factory=dict)
    notes: dict[int, list[tuple[int, ...]]] = field(default_factory=dict)  # a set; what stands first means nothing
    log: dict[int, list[tuple[int, ...]]] = field(default_factory=lambda: defaultdict(list))
    mail: dict[int, list[tuple[int, ...]]] = field(default_factory=lambda: defaultdict(list))
    filed: dict[int, list[tuple[int, ...]]] = field(default_factory=lambda: defaultdict(list))  # appeals
    answers: dict[int, list[tuple[int, ...]]] = field(default_factory=lambda: defaultdict(list))
    queue: dict[int, list[tuple[int, ...]]] = field(default_factory=lambda: defaultdict(list))  # by week: who waits
    days: list[NDArray[np.int64]] = field(default_factory=list)  # [district, item, day]
    acts: list[NDArray[np.int64]] = field(default_factory=list)  # [district, word, day]
    doors: list[NDArray[np.int64]] = field(default_factory=list)  # [group, service, 5], and the same by district
    courts: list[NDArray[np.int64]] = field(default_factory=list)  # [district, flow, day]


def differing(one: Ledger, other: Ledger) -> set[int]:
    """The residents of whom two worlds say anything different: a column of any week, a file, a list, an appeal."""
    found: set[int] = set()
    assert set(one.columns) == set(other.columns)
    for name, weeks in one.columns.items():
        for mine, theirs in zip(weeks, other.columns[name], strict=True):
            unequal = (mine != theirs).reshape(-1, mine.shape[-1]).any(axis=0)
            found |= {int(place) for place in np.flatnonzero(unequal)}
    for part in ("files", "running", "notes", "log", "mail", "filed", "answers", "queue"):
        mine, theirs = getattr(one, part), getattr(other, part)
        found |= {who for who in {*mine, *theirs} if mine.get(who, []) != theirs.get(who, [])}
    return found


def same_totals(one: Ledger, other: Ledger, but: Collection[str] = ()) -> bool:
    """Whether all counts are equal: items (`but` some) and acts by day and district, doors, the courts' queues."""
    left_out = [ITEMS[name] for name in but]
    mine, theirs = (
        [*(np.delete(days, left_out, axis=1) for days in each.days), *each.acts, *each.doors, *each.courts]
        for each in (one, other)
    )
    pairs = zip(mine, theirs, strict=True)
    return all(np.array_equal(left, right) for left, right in pairs)


_tables: dict[tuple[int, int], tuple[Plan, City, engine_run.Tables]] = {}


def _tables_of(plan: Plan, city: City) -> engine_run.Tables:
    """Tables are built once for each plan and city (kept, so that their ids stay theirs)."""
    if (id(plan), id(city)) not in _tables:
        _tables[id(plan), id(city)] = plan, city, TABLES(plan, city)
    return _tables[id(plan), id(city)][2]


def simulation_of(plan: Plan, city: City, threads: int = 1, chunk: int = 700) -> Simulation:
    """A simulation at its beginning."""
    with patch.object(engine_run, "Tables", _tables_of):
        return Simulation(plan, city, threads=threads, chunk=chunk)


def play(plan: Plan, city: City, change: Change | None = None, threads: int = 1, chunk: int = 700) -> list[Ledger]:
    """Play a plan, week by week, into one ledger a world; `change` is called before each week."""
    simulation = simulation_of(plan, city, threads, chunk)
    ledgers = [Ledger() for _ in plan.worlds]
    while simulation.week < plan.weeks:
        if change:
            change(simulation)
        week = simulation.play_week()
        for world, ledger in enumerate(ledgers):
            _note_week(simulation, week, world, ledger)
    for world, ledger in enumerate(ledgers):
        _note_files(simulation, world, ledger)
    return ledgers


def _note_week(simulation: Simulation, week: WeekPlayed, world: int, ledger: Ledger) -> None:
    for name, column in _columns(simulation, world, week):
        ledger.columns[name].append(column)
    ledger.days.append(week.totals.days[world])
    ledger.acts.append(week.totals.acts[world])
    ledger.doors += [week.totals.doors[world], week.totals.door_districts[world]]
    ledger.courts.append(week.totals.queue[world])
    _note_appeals(simulation, week, world, ledger)
    for row in sorted(int(row) for row in week.log):
        if logged_world(row) == world:
            entry = (
                logged_day(row),
                logged_list(row),
                logged_event(row),
                _cause(simulation, world, logged_cause(row)),
                logged_bins(row),
            )
            ledger.log[logged_who(row)].append(entry)
    for resident, source, record in week.broadcast.messages.tolist():
        if record >> files.WORLDS_AT & ALL_WORLDS & 1 << world:
            ledger.mail[resident].append((week.broadcast.week, source, *_filed(simulation, world, record)))


def _note_appeals(simulation: Simulation, week: WeekPlayed, world: int, ledger: Ledger) -> None:
    """Appeals filed in the week, answers that arrived in it, and who waits at its end."""
    number = week.broadcast.week
    for resident, what, record in week.filed.tolist():
        if what & ONE_WORLD == world:
            ledger.filed[resident].append((what >> FILED_AT, *_contested(simulation, world, record)))
    for resident, day, what, record in week.broadcast.answers.tolist():
        if what & ONE_WORLD == world:
            ledger.answers[resident].append((day, what >> UPHELD_AT, *_contested(simulation, world, record)))
    for whose, _, filed, resident, level, record in simulation.state.queue.tolist():
        if whose == world:
            ledger.queue[resident].append((number, filed, level, *_contested(simulation, world, record)))


def _columns(simulation: Simulation, world: int, week: WeekPlayed) -> Iterator[tuple[str, NDArray[Any]]]:
    """State as it acts: fear as of this week, and what is usual around somebody only where it has any strength."""
    chunks, plan, city = simulation.chunks, simulation.plan, simulation.city
    norms, tables = plan.worlds[world].assumptions.norms, simulation.tables.conduct
    whole = {name: np.concatenate([getattr(c.state, name)[..., :] for c in chunks], axis=-1) for name in NAMES}
    first, own = 0, len(plan.worlds[world].scores)
    for other in plan.worlds[:world]:
        first += len(other.scores)
    for name in ("score", "band", "visited"):
        yield name, whole[name][first : first + own]
    for name in OF_A_WORLD:
        yield name, whole[name][world]
    yield "closed", whole["closed"] >> world & 1
    yield "payer", whole["payer"] >> PAYER_BITS * world & PAYERS
    felt = whole["fear"][world]
    gone = np.minimum(simulation.week - 1 - (felt >> WEEK_AT), 255)
    for family in range(FAMILIES):
        yield f"fear {family}", tables.fading[world][gone, felt >> 8 * family & 255]
    if norms.household.value:
        yield "household", tables.settling[world][gone, felt >> HOUSEHOLD_AT & 15]
    if norms.workplace.value:
        level = week.broadcast.work[world]
        yield "workplace", np.where(city.employer >= 0, level[np.maximum(city.employer, 0)], 0)
    if norms.district.value:
        yield "mood", np.repeat(week.broadcast.mood[world, : len(city.district_names)], np.diff(city.district_ends))


OF_A_WORLD = ("enrolled", "lists", "held", "touched", "carried", "ever", "wronged", "now")
NAMES = (*OF_A_WORLD, "payer", "fear", "score", "band", "visited", "closed")


def _filed(simulation: Simulation, world: int, record: int) -> Filed:
    kind = simulation.plan.kinds[record >> files.KIND_AT & 127]
    act, delay = record >> files.ACT_AT & 8191, record >> files.DELAY_AT & 63
    return kind.word, kind.behaviours[world], record >> files.TRUTH_AT & 7, act, delay, record & 2047


def _contested(simulation: Simulation, world: int, record: int) -> tuple[int, ...]:
    """A contested record: whether it was wrong then, whether it stays out till answered, and the record."""
    return record >> WRONG_AT & 1, record >> DISPUTED_AT & 1, *_filed(simulation, world, record & files.NUMBER)


def _cause(simulation: Simulation, world: int, cause: int) -> int:
    """A cause as a word and a behaviour of this world: numbers of kinds depend on the other worlds."""
    if cause >= BY_LEAF:
        return cause
    kind = simulation.plan.kinds[cause]
    return 1000 + kind.word * 100 + kind.behaviours[world]


def _note_files(simulation: Simulation, world: int, ledger: Ledger) -> None:
    for chunk in simulation.chunks:
        pool, heads = chunk.state.pool.tolist(), chunk.state.head.tolist()
        for place, here in enumerate(heads):
            kept: list[Filed] = []
            running: list[tuple[int, ...]] = []
            notes: list[tuple[int, ...]] = []
            while here:
                word = pool[here]
                here = word >> files.LINK & files.LAST_PLACE
                if word & files.LISTING:
                    if word >> files.OWNER_AT & ONE_WORLD == world:
                        days = word & 8191, word >> files.REPAIR_AT & 8191, word >> files.DELETION_AT & 8191
                        running.append((word >> files.LIST_AT & 7, *days))
                elif files.in_front(word):
                    if word >> files.WORLDS_AT & ONE_WORLD == world:  # type, number, item, day
                        kind, count = word >> files.KIND_AT & 7, word >> COUNT_AT & 15
                        notes.append((kind, count, word >> ITEM_AT & DAY, word & DAY))
                elif word >> files.WORLDS_AT & 1 << world:
                    kept.append(_filed(simulation, world, word & files.NUMBER))
            if kept:
                ledger.files[chunk.first + place] = sorted(kept, key=_newest_first)
            if running:
                ledger.running[chunk.first + place] = sorted(running)
            if notes:
                ledger.notes[chunk.first + place] = sorted(notes)


def _newest_first(record: Filed) -> tuple[int, Filed]:
    """Order of a file, with those of one day in an order of their own: what depends on theirs shows in the columns."""
    return -(record[3] + record[4]), record


def total(ledger: Ledger, item: str) -> int:
    """One item over the whole run."""
    return int(sum(week[:, ITEMS[item]].sum() for week in ledger.days))
