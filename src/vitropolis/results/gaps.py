"""How far every score says who acts more, at the end of a run: from its state, by world and score."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.engine.checkpoint import Checkpoint
from vitropolis.engine.run import Simulation, Tables
from vitropolis.model.goodhart import CLASSES, count_pairs, rank_correlation

BLOCK = 1 << 20  # residents that are read at once
Gaps = dict[str, dict[str, float | None]]
Parts = Iterable[tuple[int, NDArray[Any], NDArray[Any]]]  # first resident, bands ever entered, scores


def gaps_in(tables: Tables, kept: Checkpoint) -> Gaps:
    """Rank correlation of score and trait by world and score, of a run that is over."""

    def parts(ledger: int) -> Parts:
        for first in range(0, tables.city.n, BLOCK):
            yield first, kept.block(f"visited_{ledger}", first, BLOCK), kept.block(f"score_{ledger}", first, BLOCK)

    return _gaps(tables, parts)


def gaps_of(simulation: Simulation) -> Gaps:
    """The same of a simulation as it stands."""

    def parts(ledger: int) -> Parts:
        for chunk in simulation.chunks:
            yield chunk.first, chunk.state.visited[ledger], chunk.state.score[ledger]

    return _gaps(simulation.tables, parts)


def _gaps(tables: Tables, parts: Callable[[int], Parts]) -> Gaps:
    plan, ledger = tables.plan, 0
    keys = (np.uint32(plan.seed & 0xFFFFFFFF), np.uint32(plan.seed >> 32))
    floors = tables.epochs[0].book.table[0]["floor"]
    found: Gaps = {}
    for world in plan.worlds:
        found[world.name] = {}
        for name in world.scores:
            people = np.zeros((tables.spans[ledger], CLASSES), np.int64)
            for first, visited, score in parts(ledger):
                count_pairs(first, *keys, visited, score, int(floors[ledger]), people)
            found[world.name][name] = rank_correlation(people)
            ledger += 1
    return found
