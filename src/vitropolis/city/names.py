"""Name groups: how many residents share one name, without an array per resident.

Residents are shuffled to positions by a keyed bijection (`vitropolis.city.permute`); positions are cut into
blocks of equal size inside each of a few size classes, and a block is a name. The sizes follow a heavy-tailed
model table: each doubling of the size holds the same share of residents, up to 4,096 people of one name.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.fixed import largest_remainder
from vitropolis.city.permute import permute, round_keys, side_of, unpermute


class NameTables(NamedTuple):
    """What kernels need to find a namesake; pass the four arrays to `vitropolis.city.kernels.namesake`.

    `start` int64[classes + 1]: first position of each size class, the last entry is n; `size` int64[classes]:
    people of one name; `keys` uint32[6]: round keys; `shape` int64[2]: n and the side of the shuffle's grid.
    """

    start: NDArray[np.int64]
    size: NDArray[np.int64]
    keys: NDArray[np.uint32]
    shape: NDArray[np.int64]


def make_names(sizes: list[int], weights: list[int], count: int, seed: int, step: int) -> NameTables:
    """Cut `count` residents into name groups: `weights` are shares of residents by group size.

    Sizes above count / 64 are left out; what does not fill a whole group goes to the next smaller size, the
    rest to names that only one resident bears.
    """
    usable = sorted(
        (size, weight) for size, weight in zip(sizes, weights, strict=True) if size * 64 <= count or size == 1
    )
    people = largest_remainder(count, [weight for _, weight in usable])
    start, size, left, at = [0], [], 0, 0
    for (group, _), share in reversed(list(zip(usable, people, strict=True))):
        whole = (share + left) // group * group
        left += share - whole
        at += whole
        start.append(at)
        size.append(group)
    if at < count:
        start.append(count)
        size.append(1)
    shape = np.array([count, side_of(count)], dtype=np.int64)
    return NameTables(np.array(start, dtype=np.int64), np.array(size, dtype=np.int64), round_keys(seed, step), shape)


def _block(names: NameTables, positions: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return first position and size of the name group of each position."""
    group = np.searchsorted(names.start, positions, side="right") - 1
    size = names.size[group]
    return positions - (positions - names.start[group]) % size, size


def namesakes(names: NameTables, residents: NDArray[np.int64], words: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the member of each resident's name group that a 32-bit word picks (the resident included).

    `residents` int64[m] 0..n-1, `words` uint32[m]; result int64[m]. The compiled twin is
    `vitropolis.city.kernels.namesake`.
    """
    count = int(names.shape[0])
    first, size = _block(names, permute(residents, names.keys, count))
    picked = first + ((words.astype(np.uint64) * size.astype(np.uint64)) >> np.uint64(32)).astype(np.int64)
    return unpermute(picked, names.keys, count)


def name_group(names: NameTables, resident: int) -> NDArray[np.int64]:
    """Return everybody who bears `resident`'s name, ascending: int64[size of the group]."""
    count = int(names.shape[0])
    first, size = _block(names, permute(np.array([resident], dtype=np.int64), names.keys, count))
    positions = np.arange(int(first[0]), int(first[0] + size[0]), dtype=np.int64)
    return np.sort(unpermute(positions, names.keys, count))
