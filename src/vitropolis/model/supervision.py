"""From policies and assumptions to the tables by which firms are supervised in a week (`vitropolis.model.firms`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.fixed import ONE32, delay_ends, exact, geometric_quantiles, s32
from vitropolis.model.compliance import CLASSES, costs, found_weekly, thresholds_of
from vitropolis.model.firms import Supervision
from vitropolis.model.measures import measures_of
from vitropolis.model.rules import FIRM_SERVICES, NO_WAIT
from vitropolis.model.worlds import Plan, World
from vitropolis.policy.triggers import Inspect, InspectionsCampaign

CLEAN = "firm_clean_year"


def times_of(world: World, day: date) -> list[tuple[Fraction, int]]:
    """Multiples of the usual rate of inspection that measures of firms bring, each with these measures, one bit each.

    The first that meets a firm counts: the largest above 1, else the smallest below.
    """
    found: dict[Fraction, int] = {}
    for place, item in enumerate(measures_of(world).values()):
        if isinstance(item.action, Inspect) and item.in_force(day):
            times = exact(item.action.times_usual.on(day))
            found[times] = found.get(times, 0) | 1 << place
    more = sorted((times for times in found if times > 1), reverse=True)
    return [(times, found[times]) for times in [*more, *sorted(times for times in found if times < 1)]]


def campaign_on(world: World, day: date) -> Fraction:
    """By how much campaigns for inspections multiply them on a day."""
    factor = Fraction(1)
    for item in world.policy.campaigns.values():
        if isinstance(item, InspectionsCampaign) and item.starts_on <= day < item.ends_before:
            factor *= exact(item.times_usual.on(day))
    return factor


def bans_of(rules: Any, number: int) -> int:
    """How many services of firms some measure in force shuts in a world."""
    shut = int(np.bitwise_or.reduce(rules["class_measures"][number])) & int(rules["shut"][number])
    return sum(shut & int(rules["service_measures"][number, place]) != 0 for place in range(len(FIRM_SERVICES)))


class Supervisor:
    """What does not change from week to week; `on` adds what does. Tables are made anew only when something changed."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        held = [world.assumptions.firms for world in plan.worlds]
        names = [name for name in plan.words if name != CLEAN]
        waits = [geometric_quantiles(exact(firms.settled_daily.value), 256, NO_WAIT) for firms in held]
        self.fixed: dict[str, NDArray[Any]] = {
            "acts": _shares([(firms.acts_violating.value, firms.acts_complying.value) for firms in held]),
            "passes": _shares([firms.inspections.passes.value for firms in held]),
            "errs": _shares([firms.inspections.found_wrongly.value for firms in held]),
            "noticed": _shares([firms.inspections.noticed_otherwise.value for firms in held]),
            "release": _shares([firms.inspections.release.value for firms in held]),
            "clean": _shares([firms.clean_year.value for firms in held]),
            "mix": np.array([_mix(plan.words, {name: firms.acts[name].value for name in names}) for firms in held]),
            "delay": np.array([delay_ends(exact(firms.inspections.delay_mean_days.value)) for firms in held], np.int64),
            "waits": np.array(waits, np.int64),
            "route_end": np.array([kind.route_end for kind in plan.kinds], np.int64),
            "clean_word": np.array([plan.words.index(CLEAN)], np.int64),
        }
        self.costs = [costs(firms.compliance) for firms in held]
        self.known: dict[Any, Supervision] = {}

    def on(self, rules: Any, epoch: int, day: date) -> Supervision:
        """The tables of a week that begins on `day`, under one epoch's rules."""
        factors = tuple(campaign_on(world, day) for world in self.plan.worlds)
        if (epoch, factors) not in self.known:
            self.known = {(epoch, factors): self._made(rules, epoch, day, factors)}
        return self.known[epoch, factors]

    def _made(self, rules: Any, epoch: int, day: date, factors: Sequence[Fraction]) -> Supervision:
        worlds = self.plan.worlds
        times = [times_of(world, day) for world in worlds]
        rates = max(len(row) for row in times)
        complies = np.zeros((len(worlds), 2 + rates, CLASSES), np.uint8)
        measure, target = np.zeros((len(worlds), rates), np.int64), np.zeros((len(worlds), rates), np.uint8)
        chance = np.zeros((len(worlds), 1 + rates), np.int64)
        for number, world in enumerate(worlds):
            usual = exact(world.assumptions.firms.inspections.weekly.value) * factors[number]
            for place, (often, mask) in enumerate([(Fraction(1), 0), *times[number]]):
                chance[number, place] = s32(min(usual * often, Fraction(1)))
                if place:
                    measure[number, place - 1], target[number, place - 1] = mask, often > 1
            for place, highest in enumerate(self._highest(rules, number, [often for often, _ in times[number]])):
                complies[number, place] = [cost <= highest for cost in self.costs[number]]
        first = np.array(self.plan.routing.first[self.plan.epoch_of(epoch)], np.int64)
        made: dict[str, NDArray[Any]] = {"complies": complies, "measure": measure, "chance": chance, "target": target}
        return Supervision(first_kind=first, **made, **self.fixed)

    def _highest(self, rules: Any, number: int, times: Sequence[Fraction]) -> list[Fraction]:
        """The highest cost at which a firm complies: usually, on a list alone, under each rate."""
        firms, bans = self.plan.worlds[number].assumptions.firms, bans_of(rules, number)
        usual, fine = exact(firms.inspections.weekly.value), exact(firms.compliance.fine.value)
        listed = thresholds_of(firms, Fraction(1), bans)
        found = [listed.first, listed.second]
        for often in times:
            less = found_weekly(firms, usual * often) * fine
            found.append(thresholds_of(firms, often, bans).second if often > 1 else less)
        return found


def _shares(values: Sequence[Any]) -> NDArray[np.int64]:
    rows = [[s32(exact(each)) for each in row] if isinstance(row, tuple) else s32(exact(row)) for row in values]
    return np.array(rows, np.int64)


def _mix(words: Sequence[str], weights: dict[str, float]) -> list[int]:
    """Upper ends of the words of acts; a clean year is none."""
    parts = [exact(weights.get(word, 0)) for word in words]
    total = sum(parts, Fraction(0))
    return [ONE32 * running // 1 if not total else int(ONE32 * running / total) for running in accumulate(parts)]
