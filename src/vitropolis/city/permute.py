"""A keyed bijection of 0..n-1: a shuffle that needs no memory and can be asked for one place at a time.

Six Feistel rounds on a grid of `side` x `side` places with side = ceil(sqrt(n)) and cycle walking for the few
places beyond n (Black and Rogaway 2002, "Ciphers with arbitrary finite domains"). Round keys are Philox
words of stream CITY; the round function is the finaliser of MurmurHash3. Not cryptography: a shuffle.
The compiled twins are `permute` and `unpermute` in `vitropolis.city.kernels`.
"""

from __future__ import annotations

from math import isqrt

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream, philox

ROUNDS = 6
Places = NDArray[np.int64]


def round_keys(seed: int, step: int) -> NDArray[np.uint32]:
    """Return the uint32[6] round keys of the shuffle made in one step of the synthesis."""
    words = philox([0, 1], 0, int(Stream.CITY), step, seed)
    return np.ascontiguousarray(words.T.reshape(-1)[:ROUNDS])


def side_of(count: int) -> int:
    """Return ceil(sqrt(count)), at least 1: the side of the grid on which `count` places are shuffled."""
    return isqrt(max(count, 1) - 1) + 1


def _round(right: Places, key: np.uint32, side: int) -> Places:
    mixed = right.astype(np.uint32) * np.uint32(0x9E3779B1) ^ key
    mixed ^= mixed >> np.uint32(16)
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    return ((mixed.astype(np.uint64) * np.uint64(side)) >> np.uint64(32)).astype(np.int64)


def _once(places: Places, keys: NDArray[np.uint32], side: int, forward: bool) -> Places:
    left, right = places // side, places % side
    for key in keys if forward else keys[::-1]:
        if forward:
            left, right = right, (left + _round(right, key, side)) % side
        else:
            left, right = (right - _round(left, key, side)) % side, left
    return left * side + right


def _walk(places: Places, keys: NDArray[np.uint32], count: int, forward: bool) -> Places:
    side = side_of(count)
    found = _once(np.asarray(places, dtype=np.int64), keys, side, forward)
    while (outside := found >= count).any():
        found[outside] = _once(found[outside], keys, side, forward)
    return found


def permute(places: Places, keys: NDArray[np.uint32], count: int) -> Places:
    """Return where each of `places` (int64, 0..count-1, one dimension) goes: int64, 0..count-1, no two alike."""
    return _walk(places, keys, count, True)


def unpermute(places: Places, keys: NDArray[np.uint32], count: int) -> Places:
    """Return where each of `places` came from; the inverse of `permute`."""
    return _walk(places, keys, count, False)
