"""Equal fifths: whole households change to the neighbouring fifth until each fifth holds its people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vitropolis.city.permute import permute

Bytes = NDArray[np.uint8]


def even_out(income: Bytes, place: Bytes, fifths: list[int], keys: NDArray[np.uint32]) -> None:
    """Move whole households between neighbouring fifths, in place, until `fifths` (people) are met.

    `income` uint8[n] (the same for all members), `place` uint8[n] as in `City`. Dealing households of several
    people misses by a few; here those who move are taken in a keyed order, large households only where they fit,
    so what can remain is less than the smallest household at hand (nobody, while somebody lives alone).
    """
    have = [int(count) for count in np.bincount(income, minlength=len(fifths))]
    for fifth in range(len(fifths) - 1):
        gap = have[fifth] - fifths[fifth]
        source, target = (fifth, fifth + 1) if gap > 0 else (fifth + 1, fifth)
        moved = _move(income, place, source, target, abs(gap), keys)
        have[source] -= moved
        have[target] += moved


def _move(income: Bytes, place: Bytes, source: int, target: int, need: int, keys: NDArray[np.uint32]) -> int:
    """Move households of up to `need` people from one fifth to another; return how many people moved."""
    heads = np.flatnonzero((income == source) & (place >> 4 == 0))
    left = need
    for turn in range(heads.size):
        if left == 0:
            break
        head = int(heads[permute(np.array([turn], dtype=np.int64), keys, heads.size)[0]])
        size = int(place[head]) & 15
        if size <= left:
            income[head : head + size] = target
            left -= size
    return need - left
