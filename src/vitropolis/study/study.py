"""All studies of a run, in the order in which they are worth most if somebody stops half-way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vitropolis.base.errors import InterruptedRun
from vitropolis.engine.run import CHUNK
from vitropolis.results.progress import Progress, Tell, silent
from vitropolis.study.challenge import challenge
from vitropolis.study.channels import CHANNELS, channels
from vitropolis.study.curve import TARGETS, curve
from vitropolis.study.design import SETS
from vitropolis.study.drivers import ALONE
from vitropolis.study.ground import MOST, Ground, ground_of
from vitropolis.study.nodeterrence import nodeterrence
from vitropolis.study.passes import Teller, passes_for
from vitropolis.study.ranges import ranges, sweep_passes
from vitropolis.study.store import Store, store_of

PARTS = ("curve", "channels", "nodeterrence", "ranges")


def missing(folder: str | Path, most: int = MOST) -> tuple[str, ...]:
    """The parts that a complete run was not studied for yet, in the order in which they are played."""
    store, _ = store_of(folder, most)
    return tuple(part for part in PARTS if store.read(part) is None)


def study_run(
    folder: str | Path,
    *,
    parts: Sequence[str] = PARTS,
    threads: int = 2,
    chunk: int = CHUNK,
    progress: Tell = silent,
    most: int = MOST,
    sets: int = SETS,
    alone: int = ALONE,
) -> dict[str, float]:
    """Play what is missing of a complete run's studies; return the wall seconds that each part took, {part: seconds}.

    What is there is not played again, and what was played of an unfinished part is kept. `most`: residents (a larger
    run is studied on a smaller city like it); `sets` and `alone`: size of the ranges' design, and how many parameters
    are played one at a time. UsageError or RefusedError if the folder holds nothing to study, InterruptedRun (Ctrl-C)
    with how to go on.
    """
    store, setup = store_of(folder, most)
    wanted = [part for part in PARTS if part in parts and store.read(part) is None]
    if not wanted:
        return {}
    with kept_when_stopped(folder, "ranges"):
        progress(Progress(phase="building the city"))
        ground = ground_of(setup, threads, chunk, most)
        counts = passes_of(ground, sets, alone)
        teller = Teller(progress, sum(counts[part] for part in wanted))
        return {part: _play(part, ground, store, teller, sets, alone) for part in wanted}


def passes_of(ground: Ground, sets: int = SETS, alone: int = ALONE) -> dict[str, int]:
    """How many passes each part takes at most."""
    return {
        "curve": passes_for(ground, 1) + passes_for(ground, len(TARGETS)),
        "channels": passes_for(ground, len(CHANNELS) + 2),
        "nodeterrence": passes_for(ground, 2),
        "ranges": sweep_passes(ground, sets, alone),
    }


def _play(part: str, ground: Ground, store: Store, teller: Teller, sets: int, alone: int) -> float:
    smaller: dict[str, Callable[..., Any]] = {"curve": curve, "channels": channels, "nodeterrence": nodeterrence}
    if part in smaller:
        return float(smaller[part](ground, store, teller=teller)["seconds"])
    return float(ranges(ground, store, teller=teller, sets=sets, alone=alone)["seconds"])


def challenge_run(
    folder: str | Path,
    *,
    threads: int = 2,
    chunk: int = CHUNK,
    progress: Tell = silent,
    most: int = MOST,
    sets: int = SETS,
    alone: int = ALONE,
) -> dict[str, Any]:
    """Challenge the stories of a complete run (see `vitropolis.study.challenge`); arguments as of `study_run`."""
    store, setup = store_of(folder, most)
    kept = store.read("challenge")
    if kept is not None:
        return kept
    with kept_when_stopped(folder, "challenge"):
        progress(Progress(phase="building the city"))
        ground = ground_of(setup, threads, chunk, most)
        return challenge(ground, store, progress, sets, alone)


@contextmanager
def kept_when_stopped(folder: str | Path, command: str) -> Iterator[None]:
    """A Ctrl-C loses the pass that is being played, and says how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        raise InterruptedRun(f"stopped; finished passes are kept: vitropolis {command} {folder} goes on") from None
