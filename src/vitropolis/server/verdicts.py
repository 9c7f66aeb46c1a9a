"""Whether a run folder was checked before: verdicts, and the pages made of it, kept by what the folder holds.

A key is a digest of every file's name and content (of a large file: of its size, times and number, which change with
it) and of the program's own files. So a folder that was changed, or another version, is looked at again. What names its
folder is kept under that name too.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from vitropolis.base.cache import cache_dir
from vitropolis.base.errors import RefusedError

SMALL = 4_000_000  # bytes up to which a file's content is looked at
MOST_FILES = 5_000
ROOM = "checks"
MOST_ROOMS = 300  # folders of which something is kept, those used last
NOT_OURS = ("__pycache__", "static")  # what is made of other files, and says nothing of a run


@cache
def program() -> str:
    """A digest of this program's files, code and data, by name, size and time: another program, another verdict."""
    return digest_of(Path(__file__).resolve().parent.parent)


def digest_of(package: Path) -> str:
    """The same of the files of any folder."""
    found = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if not path.is_file() or set(NOT_OURS) & set(path.relative_to(package).parts):
            continue
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
    """What was kept under a key: `verdict` (empty: this model made it), a refusal or a page; None if nothing was."""
    room = cache_dir(ROOM) / key[:40]
    try:
        found = json.loads((room / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    with suppress(OSError):
        os.utime(room)
    return found


def named(name: str, folder: str) -> str:
    """The name of something that holds for a content under this name of a folder alone."""
    return f"{name}-{hashlib.sha256(folder.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"


def prune(most: int = MOST_ROOMS) -> None:
    """Forget what was not used for longest."""
    with suppress(OSError):
        rooms = sorted(cache_dir(ROOM).iterdir(), key=lambda room: room.stat().st_mtime, reverse=True)
        for room in rooms[most:]:
            shutil.rmtree(room, ignore_errors=True)


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
