"""Chunks: some thousands of residents, whole households of one district, that play a week alone."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from mmap import ACCESS_COPY, mmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.errors import ResourceError
from vitropolis.city import City
from vitropolis.engine.columns import COLUMNS, MARKS, Desk, State
from vitropolis.engine.firmview import FIRST_FIRM
from vitropolis.model.files import POOL_LIMIT
from vitropolis.model.measures import classes_of
from vitropolis.model.rules import PAGE, WORLDS
from vitropolis.model.worlds import Plan

RECORDS_EACH = 12  # records a resident may have on average in the largest chunk
LARGEST = 32_768  # residents of a chunk; a place has 16 bits, room for drafts is kept
LENT = ("outbox", "log", "appeals", "asked", "spoken")  # stores of a desk, lent to each chunk for its week
PAGES = 1 << 16  # bytes from which a store has pages of its own
NOTHING, NO_LOG, NOBODY = np.zeros((0, 3), np.int64), np.zeros(0, np.int64), np.zeros((0, 2), np.int64)


def largest_chunk(plan: Plan) -> int:
    """Residents of a chunk whose files still fit one pool if everybody joins every list and has many records."""
    notes = sum(3 * len(world.lists) + len(classes_of(world)) + 2 for world in plan.worlds)
    return min(LARGEST, POOL_LIMIT // (RECORDS_EACH + notes))


def cut(city: City, size: int) -> list[tuple[int, int, int]]:
    """Cut a city into chunks of at most `size` residents: (first, end, district), whole households of one district."""
    found = []
    for district in range(len(city.district_ends) - 1):
        first, last = int(city.district_ends[district]), int(city.district_ends[district + 1])
        while first < last:
            end = min(first + size, last)
            if end < last:
                end -= int(city.place[end]) >> 4
            found.append((first, end, district))
            first = end
    return found


def room(shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
    """Zeros, of which no page takes memory until something is written there, if they are many.

    So room that is kept for what might happen costs nothing, and goes back at once when a larger one takes its place.
    """
    count = math.prod(shape)
    if count * np.dtype(dtype).itemsize < PAGES:
        return np.zeros(shape, dtype)
    return np.frombuffer(mmap(-1, count * np.dtype(dtype).itemsize, access=ACCESS_COPY), dtype, count).reshape(shape)


def empty_columns(residents: int, worlds: int, ledgers: int) -> dict[str, tuple[int, NDArray[Any]]]:
    """The declared columns of so many residents, all zero, each with its number of rows.

    A column of all chunks is one stretch of memory, of which each chunk owns a block: what a policy never does to
    anybody then costs no memory.
    """
    rows = {"": 1, "world": worlds, "ledger": max(1, ledgers)}
    sizes = {column.name: rows[column.axis] for column in COLUMNS}
    return {
        column.name: (sizes[column.name], room((sizes[column.name] * residents,), column.dtype)) for column in COLUMNS
    }


def columns_of(whole: dict[str, tuple[int, NDArray[Any]]], first: int, end: int) -> dict[str, NDArray[Any]]:
    """One chunk's block of every column."""
    blocks = {name: column[rows * first : rows * end] for name, (rows, column) in whole.items()}
    shaped = {column.name: (-1, end - first) if column.axis else (end - first,) for column in COLUMNS}
    return {name: block.reshape(shaped[name]) for name, block in blocks.items()}


def fixed_view(column: NDArray[Any]) -> NDArray[Any]:
    """A view that cannot be written to: kernels then have one signature, whether a city was built or read from disk."""
    view = np.asarray(column).view(np.ndarray)
    view.flags.writeable = False
    return view


@dataclass
class Chunk:
    """One chunk: who, where, its state, and what it sent and logged this week."""

    number: int
    first: int
    end: int
    district: int
    state: State
    sent: NDArray[np.int64] = field(default_factory=lambda: NOTHING)
    logged: NDArray[np.int64] = field(default_factory=lambda: NO_LOG)
    filed: NDArray[np.int64] = field(default_factory=lambda: NOTHING)
    asked: NDArray[np.int64] = field(default_factory=lambda: NOBODY)
    spoken: NDArray[np.int64] = field(default_factory=lambda: NO_LOG)

    @property
    def residents(self) -> int:
        """Number of residents."""
        return self.end - self.first

    @property
    def low(self) -> int:
        """The first one's place in the city: among its residents, or among its firms."""
        return self.first % FIRST_FIRM

    @property
    def high(self) -> int:
        """The place behind the last one."""
        return self.low + self.residents

    def grow(self, **rooms: int) -> None:
        """Enlarge stores to at least so many entries. ResourceError if the pool would pass its limit."""
        changed: dict[str, Any] = {}
        for name, needed in rooms.items():
            old = getattr(self.state, name)
            if old.shape[0] >= needed:
                continue
            if name == "pool" and needed > POOL_LIMIT:
                raise ResourceError(
                    f"chunk {self.number}: the files of {self.residents:,} residents need over {POOL_LIMIT:,}"
                    " records; use a smaller --chunk"
                )
            new = room((max(needed, old.shape[0] * 5 // 4), *old.shape[1:]), old.dtype)
            new[: old.shape[0]] = old
            changed[name] = new[:POOL_LIMIT] if name == "pool" else new
        if changed:
            self.state = self.state._replace(**changed)

    def collect(self) -> None:
        """Take what the week put into the lent stores, and empty all five."""
        sent, logged, filed, asked, spoken = self.state.marks[3:8].tolist()
        self.sent = self.state.outbox[:sent].copy() if sent else NOTHING
        self.logged = self.state.log[:logged].copy() if logged else NO_LOG
        self.filed = self.state.appeals[:filed].copy() if filed else NOTHING
        self.asked = self.state.asked[:asked].copy() if asked else NOBODY
        self.spoken = self.state.spoken[:spoken].copy() if spoken else NO_LOG
        self.state.marks[3:8] = 0

    def borrow(self, desk: Desk) -> None:
        """Take the desk's stores for a week; the chunk still has them if it sat there last week."""
        lent = {name: getattr(desk, name) for name in LENT}
        if any(getattr(self.state, name) is not store for name, store in lent.items()):
            self.state = self.state._replace(**lent)

    def give_back(self, desk: Desk) -> Desk:
        """Return the desk with its stores, as large as they have grown."""
        lent = {name: getattr(self.state, name) for name in LENT}
        return desk if all(getattr(desk, name) is store for name, store in lent.items()) else desk._replace(**lent)

    def stores(self) -> dict[str, NDArray[np.int64]]:
        """The filled parts of what the chunk carries from week to week."""
        marks = self.state.marks
        return {"pool": self.state.pool[: marks[0]], "pending": self.state.pending[: marks[2]], "marks": marks[:3]}


def make_chunks(city: City, cuts: list[tuple[int, int, int]], worlds: int, ledgers: int) -> Iterator[Chunk]:
    """Make empty chunks of a city."""
    whole, made = empty_columns(sum(end - first for first, end, _ in cuts), worlds, ledgers), 0
    for number, (first, end, district) in enumerate(cuts):
        residents = end - first
        made += residents
        state = State(
            **columns_of(whole, made - residents, made),
            cell=fixed_view(city.cell[first:end]),
            household=fixed_view(city.place[first:end]),
            employer=fixed_view(city.employer[first:end]),
            age=fixed_view(city.age[first:end]),
            role=fixed_view(city.role[first:end]),
            pool=np.zeros(64, np.int64),
            pending=np.zeros(residents // 8 + 64, np.int64),
            outbox=NOTHING,
            log=NO_LOG,
            appeals=NOTHING,
            asked=NOBODY,
            spoken=NO_LOG,
            climate=np.full(worlds, 256, np.int64),
            marks=np.zeros(len(MARKS), np.int64),
        )
        state.marks[0] = 1
        yield Chunk(number, first, end, district, state)


def each_of(chunks: Sequence[Chunk], threads: int, work: Callable[[Chunk, int], None]) -> None:
    """Do something with every chunk, on so many threads; the second argument is the thread's number."""
    turns = itertools.count()

    def worker(thread: int) -> None:
        while (turn := next(turns)) < len(chunks):
            work(chunks[turn], thread)

    if threads == 1:
        worker(0)
        return
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(worker, thread) for thread in range(threads)]:
            done.result()


def make_desk(largest: int) -> Desk:
    """Make one thread's scratch for chunks of at most `largest` residents."""
    return Desk(
        numbers=np.zeros((8, largest), np.uint16),
        mask=np.zeros((largest + 16) // 8 * 8, np.uint8),
        chosen=np.zeros(largest + 16, np.int32),
        words=np.zeros((3, largest), np.uint32),
        due=np.zeros((7, 4096), np.int64),
        arriving=np.zeros(7, np.int64),
        todo=np.zeros(largest, np.int32),
        seen=np.zeros(largest, np.int32),
        waking=np.zeros(largest + 16, np.int32),
        drafts=np.zeros(2 * WORLDS, np.int64),
        holders=np.zeros(2 * WORLDS, np.int64),
        outbox=np.zeros((64, 3), np.int64),
        log=np.zeros(256, np.int64),
        appeals=np.zeros((64, 3), np.int64),
        asked=np.zeros((64, 2), np.int64),
        spoken=np.zeros(256, np.int64),
        needing=np.zeros(largest + 16, np.int32),
        rivals=np.zeros(largest + 16, np.int32),
        asking=np.zeros(2, np.int64),
        stirred=np.zeros(largest, np.int32),
        stamp=np.zeros(largest, np.int32),
        settled=np.zeros(largest, np.int32),
        anew=np.zeros(1, np.uint8),
        standing=np.zeros((WORLDS, largest), np.int64),
        page=np.zeros(1, PAGE),
        spare=np.zeros(1, PAGE),
    )
