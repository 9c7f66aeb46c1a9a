"""The one way to compile: `kernel` for what Python calls, `inner` for what kernels call.

Compiled code is cached under a digest of every source that can hold a kernel, of the versions of
Python, NumPy, numba and llvmlite and of the processor, because numba's own cache does not notice an
edit in another file.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import llvmlite
import numba
import numpy as np
from llvmlite import binding
from numba import int64 as int64
from numba import njit, uint32, uint64

from vitropolis.base.cache import cache_dir

ROOMS = ("base", "city", "model", "engine")
Function = TypeVar("Function", bound=Callable[..., Any])


def kernel_digest() -> str:
    """Return 16 hexadecimal digits that change with any kernel source, version or processor."""
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parent.parent
    for room in ROOMS:
        for path in sorted((package / room).glob("*.py")):
            digest.update(f"{room}/{path.name}\0".encode() + path.read_bytes() + b"\0")
    for part in (sys.version, np.__version__, numba.__version__, llvmlite.__version__, binding.get_host_cpu_name()):
        digest.update(part.encode() + b"\0")
    digest.update(binding.get_host_cpu_features().flatten().encode())
    return digest.hexdigest()[:16]


KERNEL_CACHE = cache_dir("kernels") / kernel_digest()
numba.config.CACHE_DIR = str(KERNEL_CACHE)


def kernel(function: Function) -> Function:
    """Compile `function` without the interpreter's lock and keep the result between processes.

    A kernel may not make arrays: it is compiled without reference counts, which two threads would fight over at
    every call. See `building_kernel`.
    """
    compiled: Function = njit(nogil=True, cache=True, _nrt=False)(function)
    return compiled


def building_kernel(function: Function) -> Function:
    """Compile like `kernel`, for functions that make arrays of their own."""
    compiled: Function = njit(nogil=True, cache=True)(function)
    return compiled


def inner(function: Function) -> Function:
    """Compile `function` into its callers."""
    compiled: Function = njit(inline="always", _nrt=False)(function)
    return compiled


@inner
def philox(entity: Any, when: Any, stream: Any, slot: Any, key0: Any, key1: Any) -> Any:
    """Return the four 32-bit words of Philox4x32-10 for one key; see `vitropolis.base.draws`."""
    c0, c1, c2, c3 = uint32(entity), uint32(when), uint32(stream), uint32(slot)
    k0, k1 = uint32(key0), uint32(key1)
    for _ in range(10):
        low = uint64(c0) * uint64(0xD2511F53)
        high = uint64(c2) * uint64(0xCD9E8D57)
        n0 = uint32(high >> uint64(32)) ^ c1 ^ k0
        n2 = uint32(low >> uint64(32)) ^ c3 ^ k1
        c0, c1, c2, c3 = uint32(n0), uint32(high), uint32(n2), uint32(low)
        k0 = uint32(k0 + uint32(0x9E3779B9))
        k1 = uint32(k1 + uint32(0xBB67AE85))
    return c0, c1, c2, c3
