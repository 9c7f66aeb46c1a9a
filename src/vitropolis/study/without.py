"""Every mechanism off alone: a headline of the run with it and without it.

A mechanism goes off by assumptions (strengths, shares and rates at 0) or by the policy (elements taken out). Ranges are
widened to reach 0 where they do not. The residents and the chance are those of the run, so that what differs differs
because of the mechanism, down to a single person; the size is that of the studies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from vitropolis.engine.run import CHUNK
from vitropolis.model.worlds import World
from vitropolis.policy import Policy, lacking
from vitropolis.report.headlines import values
from vitropolis.report.totals import TWIN, Totals
from vitropolis.results.progress import Progress, Tell, silent
from vitropolis.study.changed import reaching, widened, with_values
from vitropolis.study.ground import MOST, Ground, ground_of
from vitropolis.study.mechanisms import MECHANISMS, Mechanism, elements
from vitropolis.study.passes import Teller, passes_for, played
from vitropolis.study.store import Store, store_of
from vitropolis.study.study import kept_when_stopped

NAME = "without"
METHOD = (
    "Each mechanism out of force alone, by assumptions at 0 or by elements of the policy taken out; same residents, "
    "same chance. Shown is the first of its headlines that differs, else the first of all that does."
)
Numbers = dict[str, dict[str, float | None]]  # world, headline


@dataclass(frozen=True)
class Row:
    """One mechanism in one world: the first of its headlines that differs (else its first), with it and without.

    off: what was put to 0 or taken out. differing: how many of all headlines differ.
    """

    mechanism: str
    claim: str
    world: str
    headline: str
    value: float | None
    without: float | None
    differing: int
    off: tuple[str, ...]


def _numbers(totals: Totals) -> Numbers:
    return {totals.name(world): values(totals, world) for world in totals.played}


def matching(patterns: tuple[str, ...], names: Mapping[str, Any]) -> list[str]:
    """The names that fit one of the patterns (`*` stands for anything), in their order."""
    return [name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)]


def zeros(ground: Ground, mechanism: Mechanism) -> dict[str, float]:
    """The assumptions that put a mechanism out of force, at 0 (or at what it names instead)."""
    names = matching(mechanism.values, ground.assumptions.values())
    return dict.fromkeys(names, mechanism.at)


def elements_of(policy: Policy, mechanism: Mechanism) -> list[str]:
    """The elements of a policy that carry a mechanism."""
    return [name for name in elements(policy) if mechanism.carries(policy, name)]


def _ground_without(ground: Ground, mechanism: Mechanism) -> tuple[Ground, tuple[str, ...]]:
    """The ground whose policies lack the elements that carry a mechanism, and which these are."""
    gone: list[str] = []
    worlds = []
    for world in ground.plan.worlds:
        if world.policy.id == TWIN:
            worlds.append(world)
            continue
        mine = elements_of(world.policy, mechanism)
        gone += [name for name in mine if name not in gone]
        worlds.append(World(world.name, lacking(world.policy, mine), world.assumptions))
    return replace(ground, plan=replace(ground.plan, worlds=tuple(worlds))), tuple(gone)


def rows_of(mechanism: Mechanism, whole: Numbers, off: Numbers, gone: tuple[str, ...]) -> Iterator[Row]:
    """What a mechanism does in every world."""
    for world, mine in whole.items():
        other = off[world]
        apart = [name for name in mine if mine[name] != other[name]]
        shown = next((name for name in (*mechanism.shows, *apart) if name in apart), mechanism.shows[0])
        yield Row(mechanism.name, mechanism.claim, world, shown, mine[shown], other[shown], len(apart), gone)


def play_without(ground: Ground, store: Store, teller: Teller) -> Iterator[Row]:
    """Play the run as it is, and once without each mechanism."""
    (whole,) = played(ground, store, f"{NAME}/whole", [ground.assumptions], _numbers, teller)
    for mechanism in MECHANISMS:
        other, gone = _ground_without(ground, mechanism)
        off = zeros(ground, mechanism)
        if not gone and not off:
            continue
        held = with_values(widened(ground.assumptions, reaching(off)), off) if off else ground.assumptions
        part = f"{NAME}/{mechanism.name.replace(' ', '_')}"
        (numbers,) = played(replace(other, assumptions=held), store, part, [held], _numbers, teller)
        yield from rows_of(mechanism, whole, numbers, (*gone, *off))


def without_run(
    folder: str | Path, *, threads: int = 2, chunk: int = CHUNK, progress: Tell = silent, most: int = MOST
) -> dict[str, Any]:
    """Play a complete run without each of its mechanisms; return what `without.json` says. Errors as of `study_run`."""
    store, setup = store_of(folder, most)
    kept = store.read(NAME)
    if kept is not None:
        return kept
    with kept_when_stopped(folder, "without"):
        progress(Progress(phase="building the city"))
        ground = ground_of(setup, threads, chunk, most)
        teller = Teller(progress, passes_for(ground, 1) * (1 + len(MECHANISMS)))
        rows = [{**vars(row), "off": list(row.off)} for row in play_without(ground, store, teller)]
        return store.write(NAME, {"method": METHOD, "residents": ground.city.n, "rows": rows})
