"""How unequally something is spread, and how freely people move: Gini's coefficient, Shorrocks' index of mobility.

With x_1 <= ... <= x_n, Gini = sum_i (2 i - n - 1) x_i / (n sum x): 0 if all have the same, (n - 1) / n if one has all.
Shorrocks' index of an n x n matrix of transitions P is (n - trace P) / (n - 1): 0 if nobody ever moves, 1 if where
somebody will be does not depend on where they are (Shorrocks 1978, "The measurement of mobility", Econometrica 46).
Used by the headlines in `report.unequal`; held by `vitropolis verify inequality` and `list_chain`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def gini(amounts: ArrayLike, others: int = 0) -> float | None:
    """Gini's coefficient of amounts of 0 and more, with `others` more who have nothing; None if nobody has anything."""
    mine = np.sort(np.asarray(amounts))
    people, total = len(mine) + others, mine.sum()
    if not total:
        return None
    # whole numbers stay whole until the last division: exact, however many there are
    place = 2 * np.arange(others + 1, people + 1) - people - 1
    return float((place * mine).sum() / (people * total))


def shorrocks(matrix: ArrayLike) -> float:
    """Shorrocks' index of a matrix whose rows add up to 1."""
    moves = np.asarray(matrix, float)
    return float((len(moves) - np.trace(moves)) / (len(moves) - 1))


def stationary(matrix: ArrayLike) -> Floats:
    """The shares in each state that a step leaves as they are."""
    moves = np.asarray(matrix, float)
    states = len(moves)
    held = np.vstack([moves.T - np.eye(states), np.ones(states)])
    found: Any = np.linalg.lstsq(held, np.append(np.zeros(states), 1.0), rcond=None)[0]
    return np.asarray(found)


def mean_stays(matrix: ArrayLike) -> Floats:
    """The mean number of steps that a visit to each state lasts: 1 / (1 - P_ii)."""
    return np.asarray(1 / (1 - np.diag(np.asarray(matrix, float))))
