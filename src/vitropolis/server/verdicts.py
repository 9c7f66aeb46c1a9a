"""Whether a run folder was checked before: verdicts, and the pages made of it, kept by what the folder holds.

A key is a digest of every file's name and content (of a large file: of its size, times and number, which change with
it) and of the program's own files. So a folder that was changed, or another version, is looked at again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from vitropolis.base.cache import cache_dir
from vitropolis.base.errors import RefusedError

SMALL = 4_000_000  # bytes up to which a file's content is looked at
MOST_FILES = 5_000
ROOM = "checks"


@cache
def program() -> str:
    """A digest of this program's files by name, size and time: another program, another verdict."""
    package = Path(__file__).resolve().parent.parent
    found = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        status = path.stat()
        found.update(f"{path.relative_to(package)}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return found.hexdigest()


def stamp_of(folder: Path) -> str:
    """A digest of names, sizes, times and numbers of all files of a folder: cheap, and another one after any change."""
    found = hashlib.sha256()
    for name, path in _files(folder):
        found.update(f"{name}\0{_place(path)}\n".encode("utf-8", "surrogateescape"))
    return found.hexdigest()


def key_of(folder: Path) -> str:
    """The key of a folder's content. RefusedError if it is no plain tree of files."""
    found = hashlib.sha256(program().encode())
    for name, path in _files(folder):
        found.update(f"{name}\0".encode("utf-8", "surrogateescape"))
        found.update(path.read_bytes() if path.stat().st_size <= SMALL else _place(path).encode())
        found.update(b"\0")
    return found.hexdigest()


def _place(path: Path) -> str:
    status = path.stat()
    return f"{status.st_size}\0{status.st_mtime_ns}\0{status.st_ctime_ns}\0{status.st_ino}"


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file with its name inside the folder, in order. A link leads elsewhere, so none is followed."""
    found: list[tuple[str, Path]] = []
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            if (Path(place) / name).is_symlink():
                raise RefusedError(f"{folder} is refused: it holds a link ({name}), which no run folder does")
        found += [(os.path.relpath(os.path.join(place, name), folder), Path(place) / name) for name in files]
        if len(found) > MOST_FILES:
            raise RefusedError(
                f"{folder} is refused: it holds more than {MOST_FILES:,} files, which no run folder does"
            )
    return iter(sorted(found))


def kept(key: str, name: str) -> Any:
    """What was kept under a key: `verdict` (empty words: this model made it) or a page; None if nothing was."""
    try:
        return json.loads((cache_dir(ROOM) / key[:40] / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def keep(key: str, name: str, what: Any) -> None:
    """Keep something under a key; a disk that is full loses no more than time."""
    room = cache_dir(ROOM) / key[:40]
    draft = room / f".{name}.{os.getpid()}"
    try:
        room.mkdir(exist_ok=True)
        draft.write_text(json.dumps(what, ensure_ascii=False), encoding="utf-8")
        draft.replace(room / f"{name}.json")
    except OSError:
        draft.unlink(missing_ok=True)
