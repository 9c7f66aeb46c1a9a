"""Integer tables of what people need (docs/mechanisms.md, section 12), computed exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.fixed import ONE32, exact, geometric_quantiles, share16
from vitropolis.model.assumptions import Assumptions
from vitropolis.model.envelope import ends_of, integers_of, over_cells, round_even
from vitropolis.model.requests import HIGHEST, Demand
from vitropolis.model.rivals import RIVALS, queued
from vitropolis.model.rules import CELLS, NEEDS, PERSON_SERVICES
from vitropolis.model.worlds import Plan

MOST_TRIES = 60


def demand_of(plan: Plan) -> Demand:
    """Build the tables of needs. Worlds share the ranges of their assumptions, so bounds and mixes are the first's."""
    worlds = [world.assumptions for world in plan.worlds]
    sets = [next(place for place, held in enumerate(worlds) if held is own) for own in worlds]
    different = sorted(set(sets))
    uppers = [_uppers(worlds[0], name) for name in PERSON_SERVICES]
    none = [Fraction(0)] * CELLS
    bound, _ = _mix(uppers)
    rival, rival_ends = _mix([row if place in RIVALS else none for place, row in enumerate(uppers)])
    _, ends = _mix([none if place in RIVALS else row for place, row in enumerate(uppers)])
    ratio = np.zeros((CELLS, NEEDS, len(different)), np.uint32)
    for number, place in enumerate(different):
        for service, name in enumerate(PERSON_SERVICES):
            ratio[:, service, number] = _ratios(worlds[place], name)
    return Demand(
        bound=bound,
        rival=rival,
        ends=ends,
        rival_ends=rival_ends,
        queue_of=np.array([_place(queued(plan), place) for place in range(NEEDS)], np.int64),
        ratio=ratio,
        set_of=np.array([different.index(place) for place in sets], np.int64),
        season=_seasons(plan),
        goes=np.array([_goes(held) for held in worlds], np.int64),
        tries=np.array([_tries(held) for held in worlds], np.int64),
    )


def _place(queues: tuple[int, ...], service: int) -> int:
    """Which queue a service has; -1: none."""
    return queues.index(service) if service in queues else -1


def _top(held: Assumptions, service: str) -> Fraction:
    """K of a service: how far seasons can raise its need."""
    tops = [exact(season.factor.high) for season in held.services.seasons.values() if service in season.services]
    return max([Fraction(1), *tops])


def _uppers(held: Assumptions, service: str) -> list[Fraction]:
    """S of a service in every cell: needs a day, at the upper ends."""
    need = held.services.demand[service]
    rate = exact(need.rate.high) / 365 * _top(held, service)
    return [rate * part for part in over_cells(held.profiles[need.profile], upper=True)]


def _mix(uppers: list[list[Fraction]]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """A week's chance of any need, 16-bit, and the services' shares in it, in every cell."""
    scaled, scale = integers_of(uppers)
    totals = [sum(column) for column in zip(*scaled, strict=True)]
    return np.array([min(65535, 65536 * 7 * total // scale) for total in totals], np.int64), ends_of(scaled)


def _ratios(held: Assumptions, service: str) -> list[int]:
    """Values over upper ends (without seasons) in every cell, 32-bit."""
    need = held.services.demand[service]
    share = exact(need.rate.value) / exact(need.rate.high) if need.rate.high else Fraction(0)
    profile = held.profiles[need.profile]
    pairs = zip(over_cells(profile, upper=False), over_cells(profile, upper=True), strict=True)
    parts = [share * value / upper if upper else Fraction(0) for value, upper in pairs]
    return [min(round_even(part.numerator * ONE32, part.denominator), ONE32 - 1) for part in parts]


def _seasons(plan: Plan) -> NDArray[np.uint32]:
    """What seasons leave of each service's need: [world, service, day], 16-bit."""
    table = np.full((len(plan.worlds), NEEDS, plan.days), 65536, np.uint32)
    for number, world in enumerate(plan.worlds):
        held = world.assumptions
        for service, name in enumerate(PERSON_SERVICES):
            mine = [season for season in held.services.seasons.values() if name in season.services]
            if not mine:
                continue
            top = _top(held, name)
            for day in range(plan.days):
                factor, today = Fraction(1), plan.date(day)
                for season in mine:
                    if season.starts_on <= today < season.ends_before:
                        factor *= exact(season.factor.value)
                table[number, service, day] = share16(factor / top)
    return table


def _goes(held: Assumptions) -> list[int]:
    """Share (16-bit) that still goes there after so many days of refusal."""
    learning = held.services.learning
    floor, avoids = exact(learning.floor.value), exact(learning.avoids.value)
    return [round(65536 * (floor + (1 - floor) * (1 - avoids) ** level)) for level in range(HIGHEST + 1)]


def _tries(held: Assumptions) -> list[list[int]]:
    """How often a refused person tries, 256 quantiles: at first, and later."""
    learning = held.services.learning
    means = (learning.first_tries, learning.later_tries)
    return [geometric_quantiles(1 / exact(mean.value), 256, MOST_TRIES) for mean in means]
