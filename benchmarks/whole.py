"""`python -m benchmarks.whole`: the whole model once, phase by phase, in a process of its own, printed as JSON.

The plan of 2018 (its middle filling) beside its twin, 200,000 residents, 804 days, one thread, written to a folder that
is thrown away. Every phase is in processor seconds, divided by those of the fixed kernel, timed before and after.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

from benchmarks.measure import forget_peak, peak_bytes, say
from benchmarks.reference import kernel_seconds

POLICY, FILLING, RESIDENTS, DAYS, SEED = "beijing-2018-press", "middle", 200_000, 804, 1
PHASES = ("city", "tables", "settling in", "between weeks", "weeks", "adding up", "checkpoints", "writing")


def play(residents: int) -> tuple[dict[str, float], int]:
    """Play into a folder; return processor seconds by phase, and days played."""
    from vitropolis.engine.scenario import resolve, scenario_for
    from vitropolis.results import play_to_folder

    setup = resolve(scenario_for(POLICY, filling=FILLING, size=residents, seed=SEED))
    with tempfile.TemporaryDirectory() as home:
        report = play_to_folder(setup, Path(home) / "run", threads=1)
    return dict(report.manifest["seconds"]), setup.plan.days


def count_processor_time() -> None:
    """Let the program's own clock of phases count processor time instead of what a busy machine makes of it."""
    time.perf_counter = time.process_time  # the program reads it as `time.perf_counter()` and in no other way


def main() -> None:
    """Warm up, play, print."""
    count_processor_time()
    play(2_000)
    before = kernel_seconds()
    forget_peak()
    start = time.process_time()
    phases, days = play(RESIDENTS)
    total = time.process_time() - start
    kernel = (before + kernel_seconds()) / 2
    phases["everything"] = total
    found = {"kernel": kernel, "phases": phases, "days": days, "residents": RESIDENTS, "peak": peak_bytes()}
    say(json.dumps(found))


if __name__ == "__main__":
    main()
