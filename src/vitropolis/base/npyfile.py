"""A `.npy` file of one dimension that grows: rows are appended, and the header says how many there are.

NumPy pads headers so that the number of rows can be written over. A file that was cut off in the middle is brought back
to a known number of rows with `rows`; readers need nothing but NumPy.
"""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

# A header is a Python literal, and CPython 3.11's parser keeps one count of its depth for all threads: two that read a
# header at once may fail with SystemError.
_HEADER = threading.Lock()


class NpyFile:
    """One growing file, opened anew or, with `rows`, cut back to its first so many rows. OSError as the disk says."""

    def __init__(self, path: Path, dtype: Any, rows: int | None = None) -> None:
        self.path, self.dtype, self.rows = path, np.dtype(dtype).newbyteorder("<"), 0
        self._sha = hashlib.sha256()
        self._stream: BinaryIO = path.open("xb" if rows is None else "r+b")
        self._write_header()
        if rows is not None:
            self._keep(rows)

    def _write_header(self) -> None:
        self._stream.seek(0)
        shape = {"descr": npy.dtype_to_descr(self.dtype), "fortran_order": False, "shape": (self.rows,)}
        npy.write_array_header_1_0(self._stream, shape)
        self._start = self._stream.tell()

    def _keep(self, rows: int) -> None:
        size = self._start + rows * self.dtype.itemsize
        self._stream.flush()
        if os.fstat(self._stream.fileno()).st_size < size:
            self._stream.close()
            raise ValueError(f"{self.path.name} has fewer than {rows} rows")
        self._stream.truncate(size)
        while block := self._stream.read(1 << 22):
            self._sha.update(block)
        self.rows = rows

    def append(self, rows: NDArray[Any]) -> None:
        """Append rows (any shape; they are taken flat)."""
        flat = np.ascontiguousarray(rows, self.dtype).reshape(-1)
        if flat.size:
            raw = flat.view(np.uint8).data
            self._stream.write(raw)
            self._sha.update(raw)
        self.rows += flat.size

    @property
    def content(self) -> str:
        """SHA-256 (hex) of the values so far, little-endian, without the header."""
        return self._sha.hexdigest()

    def sync(self) -> int:
        """Bring header and rows to the disk; return the number of rows."""
        self._write_header()
        self._stream.seek(0, os.SEEK_END)
        self._stream.flush()
        os.fsync(self._stream.fileno())
        return self.rows

    def close(self) -> None:
        """Write the header and close."""
        if not self._stream.closed:
            try:
                self._write_header()
            finally:
                self._stream.close()

    def __enter__(self) -> NpyFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read_npy(path: Path) -> NDArray[Any]:
    """Map an array from disk, read-only; ValueError or OSError if it is none. Never reads pickled objects."""
    with _HEADER:
        found: NDArray[Any] = np.load(path, mmap_mode="r")
    return found


def content_of(values: NDArray[Any]) -> str:
    """SHA-256 (hex) of an array's values, little-endian."""
    flat = np.ascontiguousarray(values, values.dtype.newbyteorder("<")).reshape(-1)
    return hashlib.sha256(flat.view(np.uint8).data if flat.size else b"").hexdigest()
