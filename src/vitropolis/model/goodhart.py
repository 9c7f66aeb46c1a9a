"""The Goodhart gap: how far a score says who acts more (docs/mechanisms.md, section 21).

Spearman's rank correlation of score and conduct trait over the enrolled, ties at their mean rank, from the number of
people by score and trait class (0-63). A trait multiplies all conduct of a person, breaches and good deeds alike, so a
score that shows breaches has a correlation below 0; gaming moves it towards 0. Unit: none (-1 to 1).
"""

from __future__ import annotations

from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream
from vitropolis.base.kernels import int64, kernel, philox

TRAIT = int(Stream.TRAIT)
CLASSES = 64
MILLION = 1_000_000


@kernel
def count_pairs(first: Any, key0: Any, key1: Any, visited: Any, score: Any, floor: Any, found: Any) -> None:
    """Add residents from `first` on who were ever in a band (`visited`) to int64 `found` [score - floor, class]."""
    for place in range(score.size):
        if visited[place]:
            lot, _, _, _ = philox(first + place, 0, TRAIT, 0, key0, key1)
            found[int64(score[place]) - floor, int64(lot) >> 26] += 1


def rank_correlation(people: NDArray[np.int64]) -> float | None:
    """Spearman's correlation of the two axes of a table of people, to a millionth; None if one of them never varies."""
    rows, columns = (_ranks(people.sum(axis=axis).tolist()) for axis in (1, 0))
    total = int(people.sum())
    centre = total + 1  # twice the mean rank
    both = by_row = by_column = 0
    for row, column in np.argwhere(people).tolist():
        count, x, y = int(people[row, column]), rows[row] - centre, columns[column] - centre
        both, by_row, by_column = both + count * x * y, by_row + count * x * x, by_column + count * y * y
    if not by_row or not by_column:
        return None
    size = isqrt(both * both * MILLION * MILLION // (by_row * by_column))
    return (size if both >= 0 else -size) / MILLION


def _ranks(counts: list[int]) -> list[int]:
    """Twice the mean rank of everybody at each value."""
    ranks, before = [], 0
    for count in counts:
        ranks.append(2 * before + count + 1)
        before += count
    return ranks
