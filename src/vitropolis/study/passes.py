"""Playing many assumption sets one pass after another, so that stopping at any moment loses one pass at most."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from vitropolis.model.assumptions import Assumptions
from vitropolis.report.totals import Totals
from vitropolis.results.progress import Progress, Tell, silent
from vitropolis.study.ground import Ground, batches, play_pass
from vitropolis.study.store import Store

MOST_SIDE_BY_SIDE = 4
Take = Callable[[Totals], Any]


@dataclass
class Teller:
    """Says how far the studies of a call are. passes: how many are expected of the whole call."""

    tell: Tell = silent
    passes: int = 1
    done: int = 0
    began: float = field(default_factory=time.perf_counter)
    turn: Lock = field(default_factory=Lock)

    @staticmethod
    def now() -> float:
        """A moment, for `since`."""
        return time.perf_counter()

    @staticmethod
    def since(moment: float) -> float:
        """Wall seconds since a moment, to a tenth."""
        return round(time.perf_counter() - moment, 1)

    def finished(self, phase: str) -> None:
        """Another pass is over, or was kept from before."""
        self.done += 1
        self.heard(phase)

    def heard(self, phase: str) -> None:
        """Something went on in a phase."""
        share = min(1.0, self.done / max(1, self.passes, self.done))
        spent = time.perf_counter() - self.began
        left = spent * (1 - share) / share if self.done > 1 else None
        with self.turn:
            self.tell(Progress(phase=phase, fraction=share, seconds_left=left))


def passes_for(ground: Ground, sets: int) -> int:
    """How many passes so many sets take."""
    return len(list(batches(ground, sets)))


def played(
    ground: Ground, store: Store, part: str, sets: Sequence[Assumptions], take: Take, teller: Teller
) -> Iterator[Any]:
    """Play every set and yield what `take` takes from its totals, in order; what was kept before is not played again.

    Each pass is kept as `<part>/NNN.json` with the digests of its sets: another set in its place is played anew. Passes
    go side by side where there are threads, because making a pass's tables keeps one of them busy.
    """
    side_by_side = min(MOST_SIDE_BY_SIDE, ground.threads)
    own = replace(ground, threads=max(1, ground.threads // side_by_side))

    def one(batch: range) -> list[Any]:
        return _pass(own, store, f"{part}/{batch.start:03d}", sets[batch.start : batch.stop], take, teller)

    every = list(batches(ground, len(sets)))
    pool = ThreadPoolExecutor(side_by_side)
    try:
        for number, found in enumerate(pool.map(one, every), 1):
            teller.finished(f"{part}: {number} of {len(every)} passes")
            yield from found
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _pass(
    ground: Ground, store: Store, name: str, sets: Sequence[Assumptions], take: Take, teller: Teller
) -> list[Any]:
    digests = [held.digest for held in sets]
    kept = store.read(name)
    if kept is None or kept.get("sets") != digests:
        totals = play_pass(ground, sets, lambda: teller.heard(name.partition("/")[0]))
        kept = store.write(name, {"sets": digests, "found": [take(each) for each in totals]})
    return list(kept["found"])
