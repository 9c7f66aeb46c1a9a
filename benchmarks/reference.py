"""The fixed kernel by which all times of the whole model are divided, so that figures of two machines can be compared.

It fills a buffer with Philox4x32-10 words, as the engine's weekly draws do. It is a copy on purpose: it must not change
when the engine does. If it is ever changed, every kept figure has to be taken anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numba import njit, uint32, uint64
from numpy.typing import NDArray

CALLS, TIMES = 1 << 15, 4_000  # calls of four words each, fills of the buffer: about a tenth of a second


def _fill(buffer: Any, week: Any) -> None:
    for place in range(buffer.shape[1]):
        c0, c1, c2, c3 = uint32(place), uint32(week), uint32(7), uint32(0)
        k0, k1 = uint32(1), uint32(2)
        for _ in range(10):
            low = uint64(c0) * uint64(0xD2511F53)
            high = uint64(c2) * uint64(0xCD9E8D57)
            n0 = uint32(high >> uint64(32)) ^ c1 ^ k0
            n2 = uint32(low >> uint64(32)) ^ c3 ^ k1
            c0, c1, c2, c3 = uint32(n0), uint32(high), uint32(n2), uint32(low)
            k0 = uint32(k0 + uint32(0x9E3779B9))
            k1 = uint32(k1 + uint32(0xBB67AE85))
        buffer[0, place], buffer[1, place], buffer[2, place], buffer[3, place] = c0, c1, c2, c3


_compiled: list[Callable[[NDArray[np.uint32], int], None]] = []


def kernel_seconds() -> float:
    """Processor seconds of one timing of the kernel, the best of three."""
    buffer = np.zeros((4, CALLS), np.uint32)
    if not _compiled:
        _compiled.append(cast(Callable[[NDArray[np.uint32], int], None], njit(nogil=True)(_fill)))
        _compiled[0](buffer, 0)
    return min(_once(buffer) for _ in range(3))


def _once(buffer: NDArray[np.uint32]) -> float:
    start = time.process_time()
    for week in range(TIMES):
        _compiled[0](buffer, week)
    return time.process_time() - start
