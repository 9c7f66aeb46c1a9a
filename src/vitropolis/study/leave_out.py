"""Which rule does it? Every element of a policy left out in turn, on the run's own residents and chance.

Elements that lead to the same are left out together first (`policy.left_out.groups_of`); of the groups that free most
the members follow one by one. Safeguards stay in: what a policy does without them is no question here. Counted is harm
alone, never speech or loyalty: who is freed, newly hit, wrongly hit, hit through others, requests refused, days of lost
access, places lost, jobs lost. Residents whom two things hit at once are freed by neither alone: such pairs are looked
for among the people of the run, and played.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.errors import UsageError
from vitropolis.base.npyfile import read_npy
from vitropolis.city.city import City
from vitropolis.engine.played import estimate, free_memory
from vitropolis.engine.run import CHUNK, Simulation
from vitropolis.engine.scenario import MOST, Setup
from vitropolis.model.hits import HIT, THROUGH, THROUGH_WRONG, WRONGLY
from vitropolis.model.measures import classes_of
from vitropolis.model.rules import WORLDS
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import Policy, leaves, polarity
from vitropolis.policy.left_out import NEVER, Group, alone, groups_of, left_out
from vitropolis.policy.triggers import ListedTrigger
from vitropolis.report.headlines import found
from vitropolis.report.totals import Totals, totals_in
from vitropolis.results.folder import disk_trouble
from vitropolis.results.progress import Tell, silent
from vitropolis.results.reader import open_run
from vitropolis.results.standing import Standing, standings_in
from vitropolis.study.fork import world_of
from vitropolis.study.ground import played_through
from vitropolis.study.passes import Teller
from vitropolis.study.store import Store, store_of
from vitropolis.study.study import kept_when_stopped

NAME = "rules"
OPENED = 2  # groups whose members are left out one by one
MOST_PAIRS = 6
COUNTS = (
    ("refused", "refusals_per_1000"),
    ("lost_days", "lost_access_days"),
    ("places_lost", "places_lost_per_1000"),
    ("jobs_lost", "jobs_lost_per_1000"),
)
METHOD = (
    "Each element out of force on every day, safeguards as they are, the same residents and chance; an act that a "
    "behaviour left out would have been goes to another of its conduct, where there is one. Freed: hit in the run, not "
    "without the element; newly: hit without it, not in the run. Other columns: fewer than in the run."
)


@dataclass(frozen=True)
class Effect:
    """What happens without some elements, against the run: residents freed and newly hit; fewer wrongly hit, fewer hit
    only through others, fewer requests refused, days of access lost, places lost and jobs lost.
    """

    name: str
    elements: tuple[str, ...]
    freed: int
    newly: int
    wrongly: int
    through: int
    refused: int
    lost_days: int
    places_lost: int
    jobs_lost: int


@dataclass(frozen=True)
class PairEffect:
    """Two things left out at once: residents freed, by each alone, and those whom only both together free."""

    first: str
    second: str
    freed: int
    freed_first: int
    freed_second: int
    together: int


@dataclass(frozen=True, eq=False)
class _Bench:
    """What every pass of the study needs."""

    setup: Setup
    world: World
    city: City
    whole: Standing
    numbers: dict[str, int]
    most: int  # worlds in a pass, as memory allows
    threads: int
    chunk: int

    def plan_of(self, variants: Sequence[Group]) -> Plan:
        """One pass: the policy without each of at most four groups."""
        worlds = [
            World(f"without-{at}", left_out(self.world.policy, each.elements), self.world.assumptions)
            for at, each in enumerate(variants)
        ]
        return replace(self.setup.plan, worlds=tuple(worlds))


def leave_out(
    folder: str | Path,
    *,
    world: str | None = None,
    opened: int = OPENED,
    threads: int = 2,
    chunk: int = CHUNK,
    progress: Tell = silent,
) -> dict[str, Any]:
    """Play a complete run without each of its policy's elements; return what `study/rules.json` says.

    world: which policy, where the run has several; opened: how many groups are taken apart. UsageError if there is
    nothing to leave out, InterruptedRun (Ctrl-C) with how to go on: finished passes are kept.
    """
    store, setup = store_of(folder, MOST)  # its own city, not a smaller one
    mine = world_of(setup, world)
    name = NAME if world is None else f"{NAME}-{mine.name}"
    if store.read(name) is None:
        with kept_when_stopped(folder, "compare --rules"):
            bench = _bench(Path(folder), mine, threads, chunk, progress)
            groups = groups_of(mine.policy)
            if not groups:
                raise UsageError(f"{mine.name} has no elements that could be left out")
            teller = Teller(progress, -(-len(groups) // bench.most) + 8)
            store.write(name, _played(bench, store, name, groups, opened, teller))
    said = store.read(name)
    assert said is not None
    return said


def _played(
    bench: _Bench, store: Store, name: str, groups: Sequence[Group], opened: int, teller: Teller
) -> dict[str, Any]:
    began = teller.now()
    effects = _effects(bench, store, name, groups, teller)
    many = sorted((each for each in effects if len(each.elements) > 1 and each.freed), key=lambda each: -each.freed)
    inside = [part for each in many[:opened] for part in alone(Group(each.name, each.elements))]
    every = Group("all of them", tuple(element for group in groups for element in group.elements))
    pairs = _pairs(bench, store, name, groups, effects, teller)
    return {
        "method": METHOD,
        "world": bench.world.name,
        "title": bench.world.policy.policy.title,
        "residents": bench.city.n,
        "whole": bench.numbers,
        "groups": [asdict(each) for each in effects],
        "members": [asdict(each) for each in _effects(bench, store, name, inside, teller)],
        "pairs": [asdict(each) for each in pairs],
        "joint": asdict(_effects(bench, store, name, [every], teller)[0]),
        "freed_by": _freed_by(store, name, groups, bench.city.n),
        "seconds": teller.since(began),
    }


def _pairs(
    bench: _Bench, store: Store, name: str, groups: Sequence[Group], effects: Sequence[Effect], teller: Teller
) -> list[PairEffect]:
    wanted = pairs_of(bench.whole, groups, bench.world)
    both = [Group(f"{one.name} and {other.name}", one.elements + other.elements) for one, other in wanted]
    joint = _effects(bench, store, name, both, teller)
    freed = {each.name: each.freed for each in effects}
    found = []
    for (one, other), group, effect in zip(wanted, both, joint, strict=True):
        masks = [_mask(store, name, each, bench.city.n) for each in (one, other, group)]
        together = int((masks[2] & ~masks[0] & ~masks[1]).sum())
        found.append(PairEffect(one.name, other.name, effect.freed, freed[one.name], freed[other.name], together))
    return sorted(found, key=lambda each: -each.together)


def _freed_by(store: Store, name: str, groups: Sequence[Group], residents: int) -> dict[str, int]:
    """Residents whom one group alone frees, by how many groups there are of which that is true: one, two or more."""
    times = np.zeros(residents, np.uint8)
    for group in groups:
        times += _mask(store, name, group, residents)
    return {"one": int((times == 1).sum()), "more": int((times > 1).sum())}


def _mask(store: Store, name: str, group: Group, residents: int) -> NDArray[np.bool_]:
    """Who is freed without a group that was played."""
    packed = np.array(read_npy(_mask_path(store, name, group)))
    return np.unpackbits(packed, count=residents).astype(bool)


def _mask_path(store: Store, name: str, group: Group) -> Path:
    return store.home / name / f"{_digest([group])}.npy"


def _bench(folder: Path, mine: World, threads: int, chunk: int, progress: Tell) -> _Bench:
    """Open the run, and so check it; read what it counted."""
    run = open_run(folder, threads=threads, progress=progress)
    plan = run.setup.plan
    totals = totals_in(folder, plan, run.manifest)
    place = next(at for at, each in enumerate(plan.worlds) if each.name == mine.name)
    whole = standings_in(folder, plan)[mine.name]
    numbers, free = _numbers(totals, place, whole.ever), free_memory()
    costs = [estimate(run.city.n, plan.days, worlds, threads).memory_bytes for worlds in range(1, WORLDS + 1)]
    most = max([1, *(worlds for worlds, needed in enumerate(costs, 1) if needed <= free)])
    return _Bench(run.setup, mine, run.city, whole, numbers, most, threads, chunk)


def _effects(bench: _Bench, store: Store, name: str, variants: Sequence[Group], teller: Teller) -> list[Effect]:
    """The effect of leaving out each, in passes of as many as fit; what was kept of one is not played again."""
    found: list[Effect] = []
    for first in range(0, len(variants), bench.most):
        batch = list(variants[first : first + bench.most])
        part = f"{name}/{_digest(batch)}"
        kept = store.read(part)
        if kept is None or not all(_mask_path(store, name, each).is_file() for each in batch):
            effects = [asdict(each) for each in _play(bench, store, name, batch, teller.heard)]
            kept = store.write(part, {"effects": effects})
        teller.finished(f"without {batch[0].name}")
        found += [Effect(**{**each, "elements": tuple(each["elements"])}) for each in kept["effects"]]
    return found


def _digest(batch: Sequence[Group]) -> str:
    return hashlib.sha256("\n".join("\0".join(each.elements) for each in batch).encode()).hexdigest()[:16]


def _play(
    bench: _Bench, store: Store, name: str, batch: Sequence[Group], heard: Callable[[str], None]
) -> Iterator[Effect]:
    plan = bench.plan_of(batch)
    simulation = Simulation(plan, bench.city, bench.threads, bench.chunk)
    held, stays = played_through(simulation, lambda: heard(f"without {batch[0].name}"))
    totals = Totals(plan, bench.city.n, held, held.__getitem__, bench.city.district_names, stays, {})
    for place, group in enumerate(batch):
        ever = np.concatenate([chunk.state.ever[place] for chunk in simulation.chunks])
        path = _mask_path(store, name, group)
        with disk_trouble(path, "free some space, then call again: what is finished is kept"):
            path.parent.mkdir(parents=True, exist_ok=True)
            np.save(path, np.packbits(bench.whole.hit & ((ever & (HIT | THROUGH)) == 0)))
        yield _effect(bench, group, ever, _numbers(totals, place, ever))


def _effect(bench: _Bench, group: Group, ever: NDArray[np.uint8], numbers: dict[str, int]) -> Effect:
    hit = (ever & (HIT | THROUGH)) != 0
    fewer = {name: bench.numbers[name] - numbers[name] for name in numbers if name != "hit"}
    freed, newly = int((bench.whole.hit & ~hit).sum()), int((hit & ~bench.whole.hit).sum())
    return Effect(name=group.name, elements=group.elements, freed=freed, newly=newly, **fewer)


def _numbers(totals: Totals, place: int, ever: NDArray[np.uint8]) -> dict[str, int]:
    counts = {name: found(totals, place, head).numerator or 0 for name, head in COUNTS}
    return {
        "hit": int(((ever & (HIT | THROUGH)) != 0).sum()),
        "wrongly": int(((ever & (WRONGLY | THROUGH_WRONG)) != 0).sum()),
        "through": int(((ever & (HIT | THROUGH)) == THROUGH).sum()),
        **counts,
    }


def pairs_of(
    whole: Standing, groups: Sequence[Group], world: World, most: int = MOST_PAIRS
) -> list[tuple[Group, Group]]:
    """Pairs of groups worth playing: those that hit most residents just between them, then pairs of behaviours.

    Whoever is hit by just two things that do not follow from one another is freed by neither alone.
    """
    by_element = {element: group for group in groups for element in group.elements}
    masks, counts = np.unique(_keys(whole), return_counts=True)
    met: Counter[tuple[str, str]] = Counter()
    for mask, count in zip(masks.tolist(), counts.tolist(), strict=True):
        hitting = sorted({by_element[name].name for name in _hitting(mask, world)})
        if len(hitting) == 2:
            met[hitting[0], hitting[1]] += count
    named = {group.name: group for group in groups}
    found = [(named[one], named[other]) for (one, other), _ in met.most_common(most)]
    scored = [group for group in groups if _punishes(group, world.policy)]
    found += [pair for pair in combinations(scored, 2) if pair not in found]
    return found[:most]


def _keys(whole: Standing) -> NDArray[np.int64]:
    keys = whole.touched.astype(np.int64) | (whole.listed.astype(np.int64) << 16)
    return keys[whole.hit]


def _hitting(mask: int, world: World) -> Iterator[str]:
    """Elements that hit somebody on their own: black lists, and punishing measures that no such list starts."""
    on = [name for at, name in enumerate(world.lists) if (mask >> (16 + at)) & 1]
    black = [name for name in on if world.lists[name].polarity == "black"]
    yield from (f"lists.{name}" for name in black)
    for at, one in enumerate(classes_of(world)):
        measure = world.policy.measures[one.names[0]]
        parts = list(leaves(measure.trigger))
        follows = all(isinstance(part, ListedTrigger) and set(part.lists) & set(black) for part in parts)
        punish = [name for name in one.names if polarity(world.policy.measures[name].action, NEVER) == "sanction"]
        if (mask >> at) & 1 and punish and not follows:
            yield f"measures.{punish[0]}"


def _punishes(group: Group, policy: Policy) -> bool:
    """Whether a group is of behaviours of persons that cost points or lead to a list."""
    section, _, name = group.elements[0].partition(".")
    if section != "behaviours" or policy.is_firm_feed(policy.behaviours[name].feed):
        return False
    points = [number for value in policy.behaviours[name].points.values() for number in value.all]
    return min(points, default=-1) < 0
