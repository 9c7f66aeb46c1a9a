"""What all passes of a study share: the run's worlds, a city of a modest size, threads; and how one pass is played.

A pass plays a few worlds, so as many whole assumption sets as fit: each set with every world of the run. A world's
numbers do not depend on which others are played beside it, so it does not matter how sets are put together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.errors import UsageError
from vitropolis.city.build import build_city
from vitropolis.city.city import City
from vitropolis.engine.between import WeekTotals
from vitropolis.engine.firmside import FirmWeek
from vitropolis.engine.run import CHUNK, Simulation
from vitropolis.engine.scenario import Setup
from vitropolis.model.assumptions import Assumptions
from vitropolis.model.rivals import queued
from vitropolis.model.rules import WORLDS
from vitropolis.model.worlds import Plan, World
from vitropolis.report.totals import GROUPED, Held, Totals, reduced
from vitropolis.results.gaps import gaps_of
from vitropolis.results.indicators import variables
from vitropolis.results.lists import stays_in
from vitropolis.results.weekly import Layout, layout_of, week_row

MOST = 200_000  # residents: noise between seeds is small against the assumptions', and a pass takes seconds


@dataclass(frozen=True)
class Ground:
    """The worlds of a run and the city on which its studies play them. threads and chunk change nothing but speed."""

    plan: Plan
    city: City
    assumptions: Assumptions
    threads: int = 2
    chunk: int = CHUNK

    @property
    def sets_a_pass(self) -> int:
        """How many whole sets one pass plays: one where queues are compared with the last world of a pass."""
        return 1 if queued(self.plan) else WORLDS // len(self.plan.worlds)

    @property
    def judged(self) -> tuple[str, ...]:
        """The names of the worlds that have a policy."""
        return tuple(world.name for world in self.plan.worlds if world.policy.id != "none")

    def plan_of(self, sets: Sequence[Assumptions]) -> Plan:
        """The plan of one pass: every world of the run under every set; the first set keeps the worlds' names."""
        worlds = [
            World(world.name if not number else f"{world.name}+{number}", world.policy, held)
            for number, held in enumerate(sets)
            for world in self.plan.worlds
        ]
        return replace(self.plan, worlds=tuple(worlds))


def ground_of(setup: Setup, threads: int = 2, chunk: int = CHUNK, most: int = MOST) -> Ground:
    """The ground of a run's studies: its own city if that has at most `most` residents, else a smaller one like it."""
    if all(world.policy.id == "none" for world in setup.plan.worlds):
        raise UsageError("a run without a policy has nothing to study")
    size = min(setup.size, most)
    city = build_city(setup.tables, size, setup.plan.seed, threads=threads)
    return Ground(setup.plan, city, setup.assumptions, threads, chunk)


def play_pass(ground: Ground, sets: Sequence[Assumptions], heard: Callable[[], None] = lambda: None) -> list[Totals]:
    """Play every world of the run under each of at most `sets_a_pass` sets; `heard` is called after each week."""
    simulation = Simulation(ground.plan_of(sets), ground.city, ground.threads, ground.chunk)
    held, stays = played_through(simulation, heard)
    gaps = list(gaps_of(simulation).values())
    return [_of_set(ground, place, own, held, stays, gaps) for place, own in enumerate(sets)]


def played_through(simulation: Simulation, heard: Callable[[], None]) -> tuple[dict[str, Held], NDArray[Any]]:
    """Play to the end; return what was counted, and every stay on a list. `heard` is called after each week."""
    weeks, logs = Weeks(simulation.plan), list[NDArray[np.int64]]()
    for played in simulation.play():
        weeks.add(played.totals, played.firms)
        logs.append(played.log)
        heard()
    return weeks.held(simulation.city), stays_in(np.concatenate(logs))


class Weeks:
    """What the weeks of a pass counted. Counts by group, most of all numbers, are only kept as their sum over weeks.

    That is all that is asked of them: a stock is counted as changes, so that its sum is the last number.
    """

    def __init__(self, plan: Plan) -> None:
        whole = layout_of(plan)
        groups = whole.shapes["groups"]
        self.plan, self.whole, self.week = plan, whole, 0
        self.rest = Layout(whole.items[:1], {**whole.shapes, "groups": (*groups[:2], 1, groups[3])})
        self.rows = np.zeros((plan.weeks, self.rest.size), np.int32)
        self.sums = np.zeros(whole.size, np.int64)

    def add(self, totals: WeekTotals, firms: FirmWeek | None = None) -> None:
        """Take a week in."""
        row = week_row(self.plan, self.whole, totals, firms)
        parts = self.whole.split(row)
        kept = [part[:, :, :, :1] if name == "groups" else part for name, part in parts.items()]
        self.rows[self.week] = np.concatenate([part.reshape(-1) for part in kept])
        self.sums += row
        self.week += 1

    def held(self, city: City) -> dict[str, Held]:
        """Every count of the pass, as totals hold it."""
        summed = variables(self.plan, city, self.whole, self.sums, False)
        found = {item.name: replace(reduced(item), series=None) for item in summed if item.dims == GROUPED}
        rest = variables(self.plan, city, self.rest, self.rows.reshape(-1), False)
        return {item.name: reduced(item) for item in rest} | found


def _of_set(
    ground: Ground,
    place: int,
    own: Assumptions,
    held: dict[str, Held],
    stays: NDArray[Any],
    found: list[dict[str, float | None]],
) -> Totals:
    """One set's worlds cut out of a pass, under the names that they have in the run."""
    many = len(ground.plan.worlds)
    first = place * many
    mine = stays[(stays["world"] >= first) & (stays["world"] < first + many)]
    mine["world"] -= first
    cut = {name: _cut(part, first, many) for name, part in held.items()}
    worlds = tuple(World(world.name, world.policy, own) for world in ground.plan.worlds)
    plan = replace(ground.plan, worlds=worlds)
    gaps = {world.name: found[first + number] for number, world in enumerate(ground.plan.worlds)}
    return Totals(plan, ground.city.n, cut, cut.__getitem__, ground.city.district_names, mine, {}, gaps)


def _cut(part: Held, first: int, many: int) -> Held:
    if part.dims[:1] != ("world",):
        return part
    here = slice(first, first + many)
    series = None if part.series is None else part.series[here]
    return Held(part.dims, part.sums[here], part.last[here], series)


def batches(ground: Ground, count: int) -> Iterator[range]:
    """Which of `count` sets are played together."""
    step = ground.sets_a_pass
    return (range(first, min(first + step, count)) for first in range(0, count, step))
