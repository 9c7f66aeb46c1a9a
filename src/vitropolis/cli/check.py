"""The self check of `doctor`: published known answers of Philox, and a tiny city played in two ways."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

# Random123, kat_vectors, philox4x32-10: counter, key, answer
KNOWN = (
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0),
     (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
)  # fmt: skip


@dataclass(frozen=True)
class Check:
    """One thing that was checked: what, whether it holds, how long it took (seconds)."""

    name: str
    ok: bool
    seconds: float


def self_check() -> Iterator[Check]:
    """Check the generator of chance, then that threads and chunks change nothing. Compiles kernels where need be."""
    start = time.perf_counter()
    ok = _known_answers()
    yield Check("Philox4x32-10 gives its published answers", ok, time.perf_counter() - start)
    start = time.perf_counter()
    warm_up()
    yield Check("kernels compile (or were compiled before) and play", True, time.perf_counter() - start)
    start = time.perf_counter()
    ok = _played(1, 1000) == _played(2, 256)
    yield Check("1 and 2 threads, chunks of 1,000 and 256: the same city", ok, time.perf_counter() - start)


def _known_answers() -> bool:
    from vitropolis.base.draws import philox

    def answer(counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
        entity, when, stream, slot = counter
        return tuple(int(word) for word in philox(entity, when, stream, slot, key[0] | key[1] << 32))

    return all(answer(counter, key) == known for counter, key, known in KNOWN)


def _played(threads: int, chunk: int) -> list[Any]:
    """Play 1,000 residents for two weeks; return every total."""
    from vitropolis.engine.run import Simulation
    from vitropolis.engine.scenario import resolve, scenario_for

    days = {"first_day": date(2019, 12, 2), "last_day": date(2019, 12, 15)}
    setup = resolve(scenario_for("beijing-2018-press", filling="middle", size=1000, **days))
    simulation = Simulation(setup.plan, setup.city(threads=threads), threads=threads, chunk=chunk)
    totals = [week.totals for week in simulation.play()]
    return [
        (week.week, *(_bytes(part) for part in (week.groups, week.days, week.acts, week.records))) for week in totals
    ]


def _bytes(column: Any) -> bytes:
    return bytes(column.tobytes())


def play_tiny() -> None:
    """Play a tiny city with every kernel."""
    _played(2, 256)


def warm_up() -> float:
    """Compile every kernel, or load it where it was compiled before, by playing a tiny city; return the seconds.

    Done in a process of its own: what the compiler takes, about a gigabyte, goes back with it.
    """
    start = time.perf_counter()
    told = [sys.executable, "-P", "-c", f"from {__name__} import play_tiny; play_tiny()"]
    if subprocess.run(told, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        play_tiny()  # here, where what went wrong is said as it is of everything else
    with suppress(OSError):
        _marker().touch()
    return time.perf_counter() - start


def compiled() -> bool:
    """Say whether this version's kernels were all compiled on this machine before."""
    return _marker().exists()


def _marker() -> Path:
    from vitropolis.base.kernels import KERNEL_CACHE

    return KERNEL_CACHE / "compiled"
