"""Which assumption sets are played: a space-filling design over every value that has a range.

A Latin hypercube: of n sets, each parameter has one value in each n-th of its range, in an order of its own, so that
every margin is covered evenly however many parameters there are. Sobol points of so few sets in hundreds of dimensions
are badly correlated in pairs, and an optimised hypercube gains nothing where parameters outnumber sets: n sets span at
most n - 1 directions, so the pairs' mean squared correlation cannot be much below 1 / (n - 1), which orders drawn at
random have already. A parameter's order is keyed by its name: adding one leaves all others where they are, and the
design is the same on every machine and for every run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from math import floor, log10

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream, philox
from vitropolis.model.assumption_parts import Assumption
from vitropolis.model.assumptions import Assumptions

SETS = 64
DESIGN_SEED = 20181119  # of the design alone; fixed, so that all runs are ranged over the same sets
WHOLE_UNITS = ("steps",)
DIGITS = 4


def moving(held: Assumptions) -> dict[str, Assumption]:
    """Every value whose range is more than a point, by dotted path, in the order of the file."""
    return {path: item for path, item in held.values().items() if item.low < item.high}


def strata(path: str, sets: int) -> NDArray[np.float64]:
    """A parameter's places in its range, float64[sets] in 0-1: one in each of as many equal parts."""
    digest = hashlib.sha256(path.encode()).digest()
    name, slot = int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:8], "little")
    words = philox(np.arange(sets), name, Stream.DESIGN, slot, DESIGN_SEED)
    order = np.argsort(words[0], kind="stable")
    inside = words[1].astype(np.float64) / float(1 << 32)
    return np.asarray((np.argsort(order, kind="stable") + inside) / sets)


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
    places = {path: strata(path, sets) for path in items}
    return [{path: value_at(item, float(places[path][row])) for path, item in items.items()} for row in range(sets)]


def digest_of_design(points: Sequence[Mapping[str, float]]) -> str:
    """SHA-256 (hex) over every value of a design."""
    text = "".join(f"{path} {number!r}\n" for point in points for path, number in point.items())
    return hashlib.sha256(text.encode()).hexdigest()
