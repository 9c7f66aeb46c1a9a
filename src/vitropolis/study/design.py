"""Which assumption sets are played: a space-filling design over every value that has a range.

A Latin hypercube, from `scipy.stats.qmc` with a fixed seed: of n sets, each parameter has one value in each n-th of its
range, so that every margin is covered evenly however many parameters there are. Why not Sobol points: 64 of them in
some 450 dimensions cover each margin no better, and of their pairs of parameters one in 33 is correlated beyond 0.5, a
few beyond 0.9, so that one would be taken for the other; in the hypercube it is one in some 20,000, and none beyond
0.6. An optimised hypercube gains nothing where parameters outnumber sets: n sets span at most n - 1 directions, so the
pairs' mean squared correlation cannot be much below 1 / (n - 1), which orders drawn at random have already.

One generator orders all columns, in the order of the file: the same file has the same design for every run, and a file
in which another parameter moves has another one. What a seed gives is for SciPy and NumPy to say: `ranges.json` keeps
the design's digest (`digest_of_design`), so that a version that draws otherwise shows itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from math import floor, log10

import numpy as np
from numpy.typing import NDArray

from vitropolis.model.assumption_parts import Assumption
from vitropolis.model.assumptions import Assumptions

SETS = 64
DESIGN_SEED = 20181119  # of the design alone; fixed, so that all runs are ranged over the same sets
WHOLE_UNITS = ("steps",)
DIGITS = 4


def moving(held: Assumptions) -> dict[str, Assumption]:
    """Every value whose range is more than a point, by dotted path, in the order of the file."""
    return {path: item for path, item in held.values().items() if item.low < item.high}


def places(parameters: int, sets: int = SETS) -> NDArray[np.float64]:
    """Where in its range each parameter lies in each set, 0-1: float64[sets, parameters], one in each n-th of it."""
    from scipy.stats.qmc import LatinHypercube  # takes a second to load

    return np.asarray(LatinHypercube(d=parameters, rng=DESIGN_SEED).random(sets), dtype=np.float64)


def value_at(item: Assumption, share: float) -> float:
    """The value at a place 0-1 of a range, to four digits and inside it; a whole number where the unit is counted."""
    raw = item.low + share * (item.high - item.low)
    if item.unit in WHOLE_UNITS:
        return float(min(max(round(raw), item.low), item.high))
    return min(max(rounded(raw), item.low), item.high)


def rounded(number: float, digits: int = DIGITS) -> float:
    """A number to so many significant digits: short decimals keep the model's exact fractions small."""
    if number == 0:
        return 0.0
    return round(number, digits - 1 - floor(log10(abs(number))))


def design(held: Assumptions, sets: int = SETS) -> list[dict[str, float]]:
    """The values of each set, by path. All constraints between values hold: a file's upper ends must fit together."""
    items = moving(held)
    rows = places(len(items), sets).tolist()
    return [{path: value_at(items[path], share) for path, share in zip(items, row, strict=True)} for row in rows]


def digest_of_design(points: Sequence[Mapping[str, float]]) -> str:
    """SHA-256 (hex) over every value of a design."""
    text = "".join(f"{path} {number!r}\n" for point in points for path, number in point.items())
    return hashlib.sha256(text.encode()).hexdigest()
