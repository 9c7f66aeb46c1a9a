"""`python -m benchmarks.y1e.child MODULE RESIDENTS SEED`: one measured play in a process of its own, printed as JSON.

First a city of 1,000 is played, so that nothing is compiled or loaded while the clock runs. `setup` and `play` are
processor seconds of the whole process, `peak` bytes.
"""

from __future__ import annotations

import gc
import json
import sys
import time

from benchmarks.measure import forget_peak, peak_bytes, say
from benchmarks.y1e.versions import EMPTY, set_up


def main(module: str, residents: int, seed: int) -> None:
    """Play once and print what it took."""
    set_up(module, EMPTY, seed).run()
    gc.collect()
    forget_peak()
    first = time.process_time()
    play = set_up(module, residents, seed)
    second = time.process_time()
    outcome = play.run()
    third = time.process_time()
    figures = {"setup": second - first, "play": third - second, "peak": peak_bytes()}
    figures["kernel"] = _kernel() if module == "engine" else 0.0
    say(json.dumps({**figures, "residents": residents, "summary": outcome.summary()}))


def _kernel() -> float:
    from benchmarks.reference import kernel_seconds  # compiles: only where numba is loaded anyway

    return kernel_seconds()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
