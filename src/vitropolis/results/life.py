"""One synthetic resident's life under a policy, beside the same life without it, and what would have changed it.

Read from a run folder by playing the resident's household again (`results.replay_one`). Nothing is asked about anybody:
a life belongs to an id of the run. What somebody thinks, says or believes is in it only where a department recorded it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vitropolis.base.errors import UsageError
from vitropolis.city.cells import AGE_LABELS, decode
from vitropolis.city.city import ROLE_LABELS, City
from vitropolis.model.rules import DISTRICTS
from vitropolis.model.worlds import Plan
from vitropolis.results.folder import TAPE
from vitropolis.results.life_cases import Cases
from vitropolis.results.life_changes import Different, changes_for
from vitropolis.results.life_courts import Courts, enrolled_in
from vitropolis.results.life_doors import Doors
from vitropolis.results.life_entries import Entry, WorldDays
from vitropolis.results.life_points import Decisive, decisive_day, moved_on
from vitropolis.results.outcome import Outcome, outcome_of
from vitropolis.results.picks import Picked, by_id, played
from vitropolis.results.picks import pick as picked
from vitropolis.results.reader import OpenRun
from vitropolis.results.replay_one import Replay, Seen, replay_household
from vitropolis.results.tape import Tape

TWIN = "none"


@dataclass(frozen=True)
class Life:
    """One life. worlds: the world that is shown and its twin (one alone if the run has no twin), by number.

    who: age band, district, household of how many, role. entries: in the order of days. ends: what it came to in each
    world. unrecorded: acts without a record, by world, but never what somebody thinks, says or believes. different:
    what it would have come to in the shown world under one difference. decisive: the day on which points are compared.
    """

    resident: int
    id: str
    who: Mapping[str, Any]
    picked: Picked
    worlds: tuple[int, ...]
    entries: tuple[Entry, ...]
    ends: Mapping[int, Outcome]
    unrecorded: Mapping[int, int]
    different: tuple[Different, ...]
    decisive: Decisive


def life_of(
    run: OpenRun, *, id: str | None = None, pick: str = "random", number: int = 0, world: str | None = None
) -> Life:
    """The life of one resident of an opened run: by its synthetic id, or the first of a pick of `picks.PICKS`.

    number: how many residents of the pick are passed over, 0 and more. world: a name or a filling; left out, the middle
    filling or the first policy. UsageError if there is no such resident or world, or nothing was played yet.
    """
    place = world_named(run, world)
    return ledger_of(run, by_id(run, id) if id is not None else picked(run, pick, place, number + 1), place)


def ledger_of(run: OpenRun, found: Picked, world: int) -> Life:
    """The life of a resident who was picked already, in a world (by number), beside the twin."""
    plan = run.setup.plan
    replay = replayed(run, found.resident)
    worlds = tuple(dict.fromkeys([world, *(n for n, each in enumerate(plan.worlds) if each.name == TWIN)]))
    sides = {number: WorldDays(plan, replay, number) for number in worlds}
    entries = sorted((entry for side in sides.values() for entry in entries_of(side)), key=lambda entry: entry.day)
    ends = {number: outcome_of(side) for number, side in sides.items()}
    return Life(
        resident=found.resident,
        id=run.city.id_of(found.resident),
        who=who_is(run.city, found.resident),
        picked=found,
        worlds=worlds,
        entries=tuple(entries),
        ends=ends,
        unrecorded={number: side.unrecorded() for number, side in sides.items()},
        different=tuple(_different(run, sides[world])),
        decisive=decisive_day(sides[world]),
    )


def entries_of(side: WorldDays) -> Iterator[Entry]:
    """Everything that one world's side of a life shows, in the order in which it happened."""
    doors, cases = Doors(side), Cases(side)
    before: Seen | None = None
    for seen in side.replay.days:
        for part in (cases.answers, side.entries, doors.entries, cases.entries):
            yield from part(before, seen)
        before = seen


def replayed(run: OpenRun, resident: int) -> Replay:
    """Play a resident's household of a run folder again, as far as its newest checkpoint goes."""
    return replay_household(run.tables, tape_of(run).broadcasts(played(run).week), resident)


def tape_of(run: OpenRun) -> Tape:
    """The tape of a run, as far as its newest checkpoint goes."""
    rows = {name: count for name, (count, _) in played(run).said["facts"]["rows"].items()}
    return Tape(run.folder / TAPE, rows, len(run.setup.plan.worlds), DISTRICTS, len(run.city.firm_size))


def who_is(city: City, resident: int) -> dict[str, Any]:
    """What is said of a synthetic resident: age band, district, household, role in it."""
    return {
        "age": AGE_LABELS[decode(int(city.cell[resident])).age_class],
        "district": city.district_names[city.district_of(resident)],
        "household": len(city.household(resident)),
        "role": ROLE_LABELS[int(city.role[resident])],
    }


def world_named(run: OpenRun, name: str | None) -> int:
    """The number of a world: by name or filling; left out, the middle filling or the first policy. UsageError else."""
    plan, fillings = run.setup.plan, run.setup.fillings
    names = [world.name for world in plan.worlds]
    if name is None:
        middle = [names.index(each) for each, filling in fillings.items() if filling == "middle"]
        return middle[0] if middle else 0
    known = {**{filling: names.index(each) for each, filling in fillings.items()}, **_numbers(plan)}
    if name not in known:
        raise UsageError(f"`{name}` is not legal for --world (legal: {', '.join(known)})")
    return known[name]


def _numbers(plan: Plan) -> dict[str, int]:
    return {world.name: number for number, world in enumerate(plan.worlds)}


def _different(run: OpenRun, side: WorldDays) -> Iterator[Different]:
    """What it would have come to under each change that can be tried."""
    resident, tape, day = side.replay.first + side.replay.place, tape_of(run), decisive_day(side).day
    for title, change in changes_for(side):
        courts = Courts(run.tables, tape, run.city.household(resident), lambda: enrolled_in(run))
        replay = replay_household(run.tables, tape.broadcasts(played(run).week), resident, change, courts)
        other = WorldDays(side.plan, replay, side.number)
        moved = moved_on(side, other, day) if change.of_records else ()
        yield Different(title, outcome_of(other), courts.worked_out[side.number], moved)
