"""`python -m benchmarks.worlds [SIZE]`: what each further policy of a comparison costs, in one process, as ratios.

The same city, seed and days are played in memory with one world, two, and so on until a pass is full, and then with one
policy more, which opens a second pass beside the same twin. Every time is divided by that of the first world alone.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from benchmarks.measure import say

POLICIES = ("beijing-2018-press", "beijing-2018-text", "court-list-2017", "rongcheng-2014", "rongcheng-2021")
SIZE, SEED = "1M", 1


def seconds(names: Sequence[str], twin: bool, size: str) -> float:
    """Wall seconds of everything but writing: tables, settling in, all weeks."""
    from vitropolis.engine.run import Simulation
    from vitropolis.engine.scenario import resolve, scenario_for

    scenario = scenario_for([names[0]], size=size, seed=SEED, twin=twin)
    setup = resolve(scenario.model_copy(update={"beside": tuple(names[1:]), "base": (POLICIES[0],)}))
    city = setup.city()
    start = time.perf_counter()
    for _ in Simulation(setup.plan, city).play():
        pass
    return time.perf_counter() - start


def main(size: str = SIZE) -> None:
    """Warm up, play, print."""
    from vitropolis.engine.together import MOST

    seconds(POLICIES[:1], True, "2000")
    first = seconds(POLICIES[:1], False, size)
    say(f"{size} residents, {POLICIES[0]} alone: {first:.1f} s")
    before, total = first, 0.0
    for count in range(1, MOST + 1):
        total = seconds(POLICIES[:count], True, size)
        added = "its twin" if count == 1 else POLICIES[count - 1]
        say(f"  with {added} too: {total:.1f} s, {100 * (total - before) / first:+.0f} % of the first")
        before = total
    other = seconds(POLICIES[MOST : MOST + 1], True, size)
    say(f"  with {POLICIES[MOST]} in a second pass: {other:.1f} s more, {100 * other / first:+.0f} %")
    say(f"  each of {MOST} further worlds in one pass {100 * (total - first) / MOST / first:+.0f} %")
    say(f"  each of {MOST + 1} in two passes {100 * (total + other - first) / (MOST + 1) / first:+.0f} %")


if __name__ == "__main__":
    main(*sys.argv[1:2])
