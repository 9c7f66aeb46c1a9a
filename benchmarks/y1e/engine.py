"""The yardstick by this engine: its policy and its assumptions, one world, no twin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.y1e.outcome import Outcome, empty
from benchmarks.y1e.rules import BANDS, DAYS
from vitropolis.city import City, build_city, load_tables
from vitropolis.engine.between import WeekTotals
from vitropolis.engine.run import Simulation
from vitropolis.model.assumptions import load_assumptions
from vitropolis.model.counts import ITEMS
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import PERSON_WORDS, load_policy

HOME = Path(__file__).resolve().parent
FIRST = date(2019, 1, 7)
CITY_SEED = 1
KEPT_FROM = 100_000  # residents: a smaller city is built at once


def plan(seed: int) -> Plan:
    """What is played."""
    policy = load_policy(HOME / "y1e.policy.yaml")
    return Plan((World("y1e", policy, load_assumptions(HOME / "y1e.assumptions.yaml")),), FIRST, DAYS, seed)


def city_of(residents: int) -> City:
    """The library's city at this size, the same for every seed of play, kept on disk: building it is not measured."""
    return build_city(load_tables("beijing"), residents, CITY_SEED, threads=1, cache=residents >= KEPT_FROM)


class Play:
    """A play that is set up; `run` plays it."""

    def __init__(self, residents: int, seed: int, threads: int = 1) -> None:
        self.city = city_of(residents)
        self.simulation = Simulation(plan(seed), self.city, threads=threads)
        worlds = self.simulation.plan.worlds[0].behaviours.values()
        self.deeds = [PERSON_WORDS.index(item.conduct[0]) for item in worlds if item.kind == "virtue"]
        self.offences = [PERSON_WORDS.index(item.conduct[0]) for item in worlds if item.kind != "virtue"]

    def run(self) -> Outcome:
        """Play all weeks; add what the engine counts to the yardstick's tables."""
        made = empty(np.diff(self.city.district_ends))
        for week in self.simulation.play():
            self._note(made, week.totals)
        made.bands = np.cumsum(made.bands, axis=0)  # the engine counts changes
        return made

    def _note(self, made: Outcome, totals: WeekTotals) -> None:
        first = 7 * totals.week
        days = slice(first, min(first + 7, DAYS))
        length = days.stop - first
        items, acts = totals.days[0].T[:length], totals.acts[0].T[:length]  # [day, item or word, district]
        made.offences[days] = acts[:, self.offences].sum(axis=1)
        made.deeds[days] = acts[:, self.deeds].sum(axis=1)
        made.detected[days] = items[:, ITEMS["detected"]] - made.deeds[days]  # every deed is noticed
        made.invented[days] = items[:, ITEMS["records_invented"]]
        made.joined[days] = items[:, ITEMS["in_0"]]
        made.left[days] = items[:, ITEMS["out_term"]]
        made.bands[days] = items[:, [ITEMS[name] for name in _bands()]].swapaxes(1, 2)


def _bands() -> Iterator[str]:
    return (f"score_0_band_{place}" for place in range(len(BANDS)))
