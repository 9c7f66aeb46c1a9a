"""What runs counted, kept whole, so that its books can be balanced."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from tests.twins.busy import city_of, made, plan_of, put
from tests.twins.full import full_data, full_held

from vitropolis.city import City
from vitropolis.engine.run import Simulation
from vitropolis.engine.scenario import resolve, scenario_for
from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.model.counts import ITEMS
from vitropolis.model.rules import ONE_WORLD
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import none_beside


@dataclass
class Week:
    """What a week left: appeals that wait and answers on their way (by world), appeals filed in it (by world)."""

    waiting: list[int]
    again: list[int]  # of those that wait, filed anew for the coming week
    coming: list[int]
    filed: list[int]


@dataclass
class Book:
    """What a run counted, in arrays.

    days [world, district, item, day], acts [world, district, word, day], records [world, district, kind, truth],
    log: rows of the listing log, queue [world, district, flow, day], doors [week, world, service, 5, district].
    """

    simulation: Simulation
    days: Any
    acts: Any
    records: Any
    log: Any
    queue: Any
    doors: Any
    weeks: list[Week]

    @property
    def plan(self) -> Plan:
        return self.simulation.plan

    def item(self, name: str) -> Any:
        return self.days[:, :, ITEMS[name]]

    def stock(self, name: str) -> Any:
        return self.item(name).cumsum(axis=-1)

    def column(self, name: str) -> Any:
        """A column of the state at the end, over the whole city."""
        return column(self.simulation, name)

    def by_district(self, marked: Any) -> Any:
        """How many residents of each district are marked (bool[world, resident])."""
        starts = self.simulation.city.district_ends[:-1].astype(np.int64)
        return np.add.reduceat(np.asarray(marked, np.int64), starts, axis=-1)


def column(simulation: Simulation, name: str) -> Any:
    """A column of a simulation's state, over the whole city."""
    return np.concatenate([getattr(chunk.state, name) for chunk in simulation.chunks], axis=-1)


def kept(plan: Plan, city: City) -> Book:
    simulation = Simulation(plan, city)
    weeks, left = [], []
    for week in simulation.play():
        weeks.append(week)
        left.append(_left(simulation, week.filed))
    days = np.concatenate([week.totals.days for week in weeks], axis=-1)[..., : plan.days]
    acts = np.concatenate([week.totals.acts for week in weeks], axis=-1)[..., : plan.days]
    queue = np.concatenate([week.totals.queue for week in weeks], axis=-1)[..., : plan.days]
    records = np.asarray(sum(week.totals.records for week in weeks))
    doors = np.stack([week.totals.door_districts for week in weeks])
    log = np.concatenate([week.log for week in weeks])
    return Book(simulation, days, acts, records, log, queue, doors, left)


def _left(simulation: Simulation, filed: Any) -> Week:
    state, worlds = simulation.state, range(len(simulation.plan.worlds))
    new = state.queue[:, 2] >= 7 * simulation.week
    return Week(
        waiting=[int(((state.queue[:, 0] == world) & ~new).sum()) for world in worlds],
        again=[int(((state.queue[:, 0] == world) & new).sum()) for world in worlds],
        coming=[int((state.answers[:, 2] & ONE_WORLD == world).sum()) for world in worlds],
        filed=[int((filed[:, 1] & ONE_WORLD == world).sum()) for world in worlds],
    )


@cache
def reference(size: int = 20_000) -> Book:
    """The press policy, middle filling, with its twin, over the whole horizon."""
    setup = resolve(scenario_for("beijing-2018-press", filling="middle", size=size))
    return kept(setup.plan, setup.city())


@cache
def often() -> Book:
    """The same at four times the rates, so that the rarest word is sure to be done and recorded."""
    plan = reference().plan
    data = load_assumptions("default").model_dump()
    for item in data["conduct"].values():
        put(item["rate"], max(4 * item["rate"]["value"], 0.05))
    held = Assumptions.model_validate(data)
    worlds = tuple(World(world.name, world.policy, held) for world in plan.worlds)
    return kept(Plan(worlds, plan.start, plan.days, plan.seed), reference().simulation.city)


def full_plan() -> Plan:
    """A policy in which every mechanism fires, and its twin; the last week is short."""
    policy = made(full_data())
    return plan_of([(policy, full_held()), (none_beside(policy), full_held())], days=137)


@cache
def full() -> Book:
    """It in a small city."""
    return kept(full_plan(), city_of(4000))
