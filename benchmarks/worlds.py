"""`python -m benchmarks.worlds [SIZE]`: what each further policy of a comparison costs, in one process, as ratios.

The same city, seed and days are played in memory with one world, two, three and four (one pass), and then with a fifth,
which opens a second pass beside the same twin. Every time is divided by that of the first world alone.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from benchmarks.measure import say

POLICIES = ("beijing-2018-press", "beijing-2018-text", "court-list-2017", "rongcheng-2014")
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
    seconds(POLICIES[:1], True, "2000")
    first = seconds(POLICIES[:1], False, size)
    say(f"{size} residents, {POLICIES[0]} alone: {first:.1f} s")
    before, total = first, 0.0
    for count in (1, 2, 3):
        total = seconds(POLICIES[:count], True, size)
        added = "its twin" if count == 1 else POLICIES[count - 1]
        say(f"  with {added} too: {total:.1f} s, {100 * (total - before) / first:+.0f} % of the first")
        before = total
    fifth = seconds(POLICIES[3:], True, size)
    say(f"  with {POLICIES[3]} in a second pass: {fifth:.1f} s more, {100 * fifth / first:+.0f} %")
    say(f"  each of three in one pass {100 * (total - first) / 3 / first:+.0f} %")
    say(f"  each of four in two passes {100 * (total + fifth - first) / 4 / first:+.0f} %")


if __name__ == "__main__":
    main(*sys.argv[1:2])
