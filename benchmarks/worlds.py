"""`python -m benchmarks.worlds [SIZE]`: what each further policy of a comparison costs, in one process, as ratios.

The same city, seed and days are played in memory with one world, two, and so on until a pass is full, and then with one
policy more, which opens a second pass beside the same twin, in turn and several times over, and the least of each
counts. Every time is divided by that of the first world alone.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from itertools import pairwise

from benchmarks.measure import say

POLICIES = ("beijing-2018-press", "beijing-2018-text", "court-list-2017", "rongcheng-2014", "rongcheng-2021")
SIZE, SEED, ROUNDS = "1M", 1, 3


def cost(names: Sequence[str], twin: bool, size: str) -> tuple[float, float]:
    """Wall and processor seconds of everything but writing: tables, settling in, all weeks."""
    from vitropolis.engine.run import Simulation
    from vitropolis.engine.scenario import resolve, scenario_for

    scenario = scenario_for([names[0]], size=size, seed=SEED, twin=twin)
    setup = resolve(scenario.model_copy(update={"beside": tuple(names[1:]), "base": (POLICIES[0],)}))
    city = setup.city()
    wall, processor = time.perf_counter(), time.process_time()
    for _ in Simulation(setup.plan, city).play():
        pass
    return time.perf_counter() - wall, time.process_time() - processor


def main(size: str = SIZE) -> None:
    """Warm up, play everything in turn ROUNDS times, print the least of each."""
    from vitropolis.engine.together import MOST

    passes = [(POLICIES[:1], False), *((POLICIES[:count], True) for count in range(1, MOST + 1))]
    passes.append((POLICIES[MOST : MOST + 1], True))
    cost(POLICIES[:1], True, "2000")
    rounds = [[cost(names, twin, size) for names, twin in passes] for _ in range(ROUNDS)]
    for place, unit in enumerate(("wall", "processor")):
        say(f"{unit} seconds, the least of {ROUNDS}:")
        _tell(size, MOST, [min(each[place] for each in column) for column in zip(*rounds, strict=True)])


def _tell(size: str, most: int, took: list[float]) -> None:
    first, *with_twin, other = took
    say(f"{size} residents, {POLICIES[0]} alone: {first:.1f} s")
    for count, (before, total) in enumerate(pairwise([first, *with_twin]), 1):
        added = "its twin" if count == 1 else POLICIES[count - 1]
        say(f"  with {added} too: {total:.1f} s, {100 * (total - before) / first:+.0f} % of the first")
    total = with_twin[-1]
    say(f"  with {POLICIES[most]} in a second pass: {other:.1f} s more, {100 * other / first:+.0f} %")
    say(f"  each of {most} further worlds in one pass {100 * (total - first) / most / first:+.0f} %")
    say(f"  each of {most + 1} in two passes {100 * (total + other - first) / (most + 1) / first:+.0f} %")


if __name__ == "__main__":
    main(*sys.argv[1:2])
