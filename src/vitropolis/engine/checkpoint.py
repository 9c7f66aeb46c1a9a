"""A checkpoint: a run's state between two weeks as plain `.npy` files over the whole city, without traits, no pickles.

Nothing in it depends on chunks: a resident's file is written as a run of words (listings, then records, newest first)
without the links by which a chunk's pool strings them together, and records on their way are sorted. Traits are not
in it; a simulation has them from the seed before `restore` brings in the rest. The folder is written under a
temporary name and renamed when every byte is on the disk, so that a checkpoint is either whole or not there.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.errors import RefusedError
from vitropolis.base.kernels import kernel
from vitropolis.base.mark import MARK, mark_line
from vitropolis.base.npyfile import NpyFile, content_of, read_npy
from vitropolis.engine.between import CityState
from vitropolis.engine.chunks import Chunk
from vitropolis.engine.columns import COLUMNS
from vitropolis.engine.firmside import FirmSide, FirmTables
from vitropolis.engine.played import estimate
from vitropolis.engine.possible import ROWS, check_first_looks, check_forms, check_values
from vitropolis.engine.run import Simulation, Tables
from vitropolis.model.files import CORE, LINK, NUMBER, PLACE_AT, POOL_LIMIT, next_of

VERSION = 2  # raised whenever a word of a file or a column has another form
KEPT = 2
NAME = "checkpoint.json"
FIRMS = "firms"  # the folder inside a checkpoint that holds the other population
CITY = tuple(CityState.__dataclass_fields__)
STATE_COLUMNS = tuple(column for column in COLUMNS if not column.trait and column.name != "head")
BYTES_PER_SECOND = 400_000_000  # of writing, hashing and bringing to the disk, with two threads
Block = NDArray[Any]


@kernel
def count_words(head: Any, pool: Any, held: Any) -> Any:
    """Count the words in the file of each resident of a chunk into `held` (uint16[m]); return their sum."""
    total = 0
    for place in range(head.size):
        found, here = 0, head[place]
        while here:
            found += 1
            here = next_of(pool[here])
        held[place] = found
        total += found
    return total


@kernel
def lay_out(head: Any, pool: Any, words: Any) -> Any:
    """Write a chunk's files one after the other, without links, into `words` (int64); return how many words."""
    filled = 0
    for place in range(head.size):
        here = head[place]
        while here:
            words[filled] = pool[here] & CORE
            filled += 1
            here = next_of(pool[here])
    return filled


@kernel
def string_up(held: Any, words: Any, head: Any, pool: Any) -> Any:
    """The way back: fill `head` and `pool` of a chunk from laid-out files; return the first place never used."""
    used = 1
    for place in range(held.size):
        count = held[place]
        head[place] = used if count else 0
        for number in range(count):
            after = used + 1 if number + 1 < count else 0
            pool[used] = words[used - 1] | (after << LINK)
            used += 1
    return used


def weeks_to_keep(size: int, weeks: int, worlds: int, threads: int) -> tuple[int, ...]:
    """After how many weeks a run writes checkpoints, the last at its end: as many as cost 5% of it, 2 to 12."""
    expected = estimate(size, 7 * weeks, worlds, threads)
    each = expected.disk_bytes // 2 * 1000 // BYTES_PER_SECOND + 50  # milliseconds
    number = max(1, min(12, weeks, max(2, expected.seconds * 1000 // 20 // each)))
    return tuple(weeks * step // number for step in range(1, number + 1))


def save(simulation: Simulation, home: Path, facts: dict[str, Any]) -> Path:
    """Write a checkpoint of `simulation` into `home`/week-NNN and forget all but the newest two; return its folder.

    `facts` (plain JSON) come back from `restore`. OSError if the disk says no; then nothing is left behind.
    """
    target = home / f"week-{simulation.week:04}"
    draft = home / f".draft-{simulation.week:04}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        content = _write_all(simulation, draft)
        said = {"schema_version": VERSION, "mark": MARK, "seed": simulation.plan.seed, "week": simulation.week}
        said |= {"residents": simulation.city.n, "worlds": [world.name for world in simulation.plan.worlds]}
        said |= {"content": content, "facts": facts}
        _write_text(draft / NAME, json.dumps(said, indent=1))
        _write_text(draft / "README.txt", f"{mark_line(simulation.plan.seed)}\nState of the run between two weeks.\n")
        _sync_folder(draft)
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
        _sync_folder(home)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    for old in checkpoints_in(home)[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    return target


def checkpoints_in(home: Path) -> list[Path]:
    """The whole checkpoints of a folder, newest first."""
    return sorted((path for path in home.glob("week-*") if (path / NAME).is_file()), reverse=True)


def described(folder: Path) -> dict[str, Any]:
    """What a checkpoint says of itself. RefusedError if it cannot be read or is of another version."""
    try:
        said = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise RefusedError(f"{folder}: {NAME} cannot be read") from None
    if not isinstance(said, dict) or said.get("schema_version") != VERSION:
        raise RefusedError(f"{folder}: was written by another version of this program")
    return said


def _write_text(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_all(simulation: Simulation, folder: Path) -> dict[str, str]:
    """Write every array on all threads, the largest first; return {name: SHA-256 of its values}."""
    files = _files_of(simulation)
    if simulation.firms is not None:
        (folder / FIRMS).mkdir()
        files |= {f"{FIRMS}/{name}": part for name, part in _files_of(simulation.firms).items()}
        for name, row in simulation.firms.remembered():
            files[f"{FIRMS}/{name}"] = (row.dtype, iter([row]))

    def write(name: str) -> str:
        dtype, blocks = files[name]
        with NpyFile(folder / f"{name}.npy", dtype) as out:
            for block in blocks:
                out.append(block)
            out.sync()
            return out.content

    with ThreadPoolExecutor(simulation.threads) as pool:
        return dict(zip(files, pool.map(write, files), strict=True))


def _files_of(simulation: Simulation | FirmSide) -> dict[str, tuple[Any, Iterator[Block]]]:
    """Every array of one population: its type, and its values block by block."""
    files: dict[str, tuple[Any, Iterator[Block]]] = {"files": (np.int64, _laid_out(simulation.chunks))}
    for name, dtype, rows in _column_rows(simulation):
        files[name] = (np.dtype(dtype), rows)
    files["held"] = (np.uint16, _counts(simulation.chunks))
    files["pending_resident"] = (np.uint32, (part[0] for part in _pending(simulation.chunks)))
    files["pending_record"] = (np.int64, (part[1] for part in _pending(simulation.chunks)))
    for name in CITY:
        files[f"city_{name}"] = (getattr(simulation.state, name).dtype, iter([_city_part(simulation.state, name)]))
    return files


def _column_rows(simulation: Simulation | FirmSide) -> Iterator[tuple[str, str, Iterator[Block]]]:
    for column in STATE_COLUMNS:
        shape = getattr(simulation.chunks[0].state, column.name).shape
        for row in range(shape[0]) if len(shape) > 1 else ():
            yield f"{column.name}_{row}", column.dtype, _row(simulation.chunks, column.name, row)
        if len(shape) == 1:
            yield column.name, column.dtype, _row(simulation.chunks, column.name, None)


def _row(chunks: Sequence[Chunk], name: str, row: int | None) -> Iterator[Block]:
    for chunk in chunks:
        column = getattr(chunk.state, name)
        yield column if row is None else column[row]


def _counts(chunks: Sequence[Chunk]) -> Iterator[Block]:
    for chunk in chunks:
        yield held_by(chunk)


def held_by(chunk: Chunk) -> NDArray[np.uint16]:
    """How many words the file of each resident of a chunk has."""
    held = np.zeros(chunk.residents, np.uint16)
    count_words(chunk.state.head, chunk.state.pool, held)
    return held


def _laid_out(chunks: Sequence[Chunk]) -> Iterator[Block]:
    for chunk in chunks:
        yield words_of(chunk)


def words_of(chunk: Chunk) -> NDArray[np.int64]:
    """The files of a chunk's residents one after the other, without links."""
    words = np.zeros(int(chunk.state.marks[0]), np.int64)
    return words[: lay_out(chunk.state.head, chunk.state.pool, words)]


def pending_of(chunk: Chunk) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Records on their way to a chunk's residents, sorted by resident and record: residents, records."""
    entries = np.sort(chunk.state.pending[: int(chunk.state.marks[2])])
    return ((entries >> PLACE_AT) + chunk.low).astype(np.uint32), entries & NUMBER


def _pending(chunks: Sequence[Chunk]) -> Iterator[tuple[Block, Block]]:
    for chunk in chunks:
        yield pending_of(chunk)


def _city_part(state: CityState, name: str) -> Block:
    part: Block = getattr(state, name)
    return part[np.lexsort((part[:, 1], part[:, 2], part[:, 0]))] if name == "sent" else part


class Checkpoint:
    """A checkpoint on disk: arrays over the whole city, mapped when asked for."""

    def __init__(self, folder: Path, said: dict[str, Any] | None = None) -> None:
        self.folder, self.said = folder, described(folder) if said is None else said
        self.week = int(self.said["week"])
        self._arrays: dict[str, NDArray[Any]] = {}
        self._starts: NDArray[np.int64] | None = None

    @property
    def firms(self) -> Checkpoint:
        """The part that holds the firms."""
        return Checkpoint(self.folder / FIRMS, self.said)

    def array(self, name: str) -> NDArray[Any]:
        """One array, read-only. RefusedError if it is missing or no array."""
        if name not in self._arrays:
            try:
                self._arrays[name] = read_npy(self.folder / f"{name}.npy")
            except (OSError, ValueError, EOFError):
                raise RefusedError(f"{self.folder.name}/{name}.npy is missing or damaged") from None
        return self._arrays[name]

    def block(self, name: str, first: int, count: int) -> NDArray[Any]:
        """Read `count` values of one array from `first` on (fewer at its end), without mapping the file."""
        whole: Any = self.array(name)
        start = whole.offset + first * whole.itemsize
        return np.fromfile(
            self.folder / f"{name}.npy", whole.dtype, max(0, min(count, len(whole) - first)), offset=start
        )

    def check(self, residents: int, worlds: Sequence[str], tables: Tables | None = None) -> None:
        """RefusedError unless it is of a run with these residents and worlds, and every array is what was written.

        With the run's `tables` also unless everything in it can be: to be asked of whatever is read or played on.
        """
        if self.said["residents"] != residents or self.said["worlds"] != list(worlds):
            raise RefusedError(f"{self.folder.name} is of another run")
        content = self.said["content"]
        if tables is not None:
            _check_forms(self, content, tables)
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda name: content_of(self.array(name)), content))
        for name, digest in zip(content, found, strict=True):
            if content[name] != digest:
                raise RefusedError(f"{self.folder.name}/{name}.npy was changed after it was written")
        self._fits(residents)
        if tables is not None:
            check_values(self, tables)
            if tables.firms is not None:
                self.firms._fits(tables.firms.city.n)
                check_values(self.firms, tables.firms)

    def _fits(self, residents: int) -> None:
        """RefusedError unless files and records on their way are of so many."""
        pending = len(self.array("pending_resident")) == len(self.array("pending_record"))
        if len(self.starts) != residents + 1 or self.starts[-1] != len(self.array("files")) or not pending:
            raise RefusedError(f"{self.folder.name} does not fit together")

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where each resident's file begins in `files`: int64[n + 1]."""
        if self._starts is None:
            held = self.array("held")
            found = np.zeros(len(held) + 1, np.int64)
            np.cumsum(held, out=found[1:])
            self._starts = found  # whole at once: threads fill their chunks side by side
        return self._starts

    def part(self, first: int, end: int, columns: Sequence[str]) -> dict[str, NDArray[Any]]:
        """The state of residents `first`..`end`-1: every named column, their files and records on their way."""
        found = {name: np.array(self.array(name)[first:end]) for name in (*columns, "held")}
        found["files"] = np.array(self.array("files")[self.starts[first] : self.starts[end]])
        residents = self.array("pending_resident")
        low, high = np.searchsorted(residents, (first, end))
        found["pending_resident"] = np.array(residents[low:high])
        found["pending_record"] = np.array(self.array("pending_record")[low:high])
        return found


def _check_forms(kept: Checkpoint, content: dict[str, str], tables: Tables) -> None:
    """RefusedError unless the arrays of both populations are just those of a run of these tables."""
    inside = {name: digest for name, digest in content.items() if name.startswith(f"{FIRMS}/")}
    check_forms(kept, {name: digest for name, digest in content.items() if name not in inside}, tables)
    if tables.firms is not None:
        check_forms(kept.firms, {name.removeprefix(f"{FIRMS}/"): inside[name] for name in inside}, tables.firms)
    elif inside:
        raise RefusedError(f"{kept.folder.name} has firms, which a run of its inputs does not play")


def state_of(chunk: Chunk) -> dict[str, NDArray[Any]]:
    """The state of one chunk in the shape of `Checkpoint.part`."""
    found: dict[str, NDArray[Any]] = {}
    for column in STATE_COLUMNS:
        found |= dict(_rows_of(chunk, column.name))
    found |= {"held": held_by(chunk), "files": words_of(chunk)}
    found["pending_resident"], found["pending_record"] = pending_of(chunk)
    return found


def restore(simulation: Simulation, folder: Path, progress: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Bring a simulation that has just settled in to the week of a checkpoint; return the facts kept with it.

    Threads and chunk size may be others than those of the run that wrote it. RefusedError if it does not fit.
    """
    kept = Checkpoint(folder)
    (progress or (lambda _: None))(f"reading the checkpoint of week {kept.week}")
    kept.check(simulation.city.n, [world.name for world in simulation.plan.worlds], simulation.tables)
    _bring_back(simulation, kept)
    if simulation.firms is not None:
        _bring_back(simulation.firms, kept.firms)
        for name, row in simulation.firms.remembered():
            row[:] = kept.firms.array(name)
    facts: dict[str, Any] = kept.said["facts"]
    return facts


def _bring_back(simulation: Simulation | FirmSide, kept: Checkpoint) -> None:
    """Fill the state of one population."""
    simulation.each(lambda chunk, _: _fill(chunk, kept, simulation.tables))
    for name in CITY:
        old = getattr(simulation.state, name)
        shape = (-1, old.shape[1]) if name in ROWS else old.shape
        setattr(simulation.state, name, np.array(kept.array(f"city_{name}"), old.dtype).reshape(shape))
    simulation.week = kept.week


def _fill(chunk: Chunk, kept: Checkpoint, tables: Tables | FirmTables) -> None:
    """Fill one chunk's columns and stores. RefusedError if that cannot be, by when its residents are enrolled."""
    columns = [(name, row) for column in STATE_COLUMNS for name, row in _rows_of(chunk, column.name)]
    part = kept.part(chunk.low, chunk.high, [name for name, _ in columns])
    for name, row in columns:
        row[:] = part[name]
    check_first_looks(kept, tables, chunk)
    words = part["files"]
    chunk.grow(pool=len(words) * 9 // 8 + 64 if len(words) * 9 // 8 + 64 <= POOL_LIMIT else len(words) + 1)
    chunk.grow(pending=len(part["pending_record"]))
    state = chunk.state
    state.marks[:] = 0
    state.marks[0] = string_up(part["held"], words, state.head, state.pool)
    state.marks[2] = len(part["pending_record"])
    places = part["pending_resident"].astype(np.int64) - chunk.low
    state.pending[: state.marks[2]] = (places << PLACE_AT) | part["pending_record"]


def _rows_of(chunk: Chunk, name: str) -> Iterator[tuple[str, Block]]:
    values = getattr(chunk.state, name)
    if values.ndim == 1:
        yield name, values
    else:
        yield from ((f"{name}_{number}", row) for number, row in enumerate(values))
