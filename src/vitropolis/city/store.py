"""Built cities kept on disk by content, so that the next run starts at once; anything doubtful is built anew."""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.cache import cache_dir
from vitropolis.base.npyfile import read_npy
from vitropolis.city.city import COLUMNS, City
from vitropolis.city.names import NameTables

KEPT = 3  # cities; the least recently used go first
FORMAT = 1
_SCALARS = ("n", "seed", "digest", "name", "district_names", "sector_names", "public_sector", "public_sectors")


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _arrays(city: City) -> dict[str, Any]:
    arrays = {name: getattr(city, name) for name in COLUMNS}
    return arrays | {f"names_{name}": array for name, array in city.names._asdict().items()}


def save(city: City, root: Path | None = None) -> Path | None:
    """Write a city under `root`/<digest>: a temporary folder, renamed when whole. None if the disk says no.

    At most KEPT cities stay; what was used longest ago is deleted.
    """
    home = root or cache_dir("cities")
    target = home / city.digest
    try:
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=home))
    except OSError:
        return None
    try:
        for name, array in _arrays(city).items():
            np.save(draft / f"{name}.npy", array)
        facts: dict[str, Any] = {name: getattr(city, name) for name in _SCALARS}
        facts |= {"format": FORMAT, "sha256": {path.name: _hash(path) for path in sorted(draft.glob("*.npy"))}}
        (draft / "city.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)  # another process was quicker, or the disk is full: no harm
        return target if target.is_dir() else None
    _forget(home, target)
    return target


def load(digest: str, root: Path | None = None) -> City | None:
    """Return the city of this digest, its columns mapped from disk; None if it is not there or not whole."""
    folder = (root or cache_dir("cities")) / digest
    if not folder.is_dir():
        return None
    try:
        facts = json.loads((folder / "city.json").read_text(encoding="utf-8"))
        names = [*COLUMNS, *(f"names_{name}" for name in NameTables._fields)]
        if facts["format"] != FORMAT or facts["digest"] != digest:
            raise ValueError("another format or city")
        if any(_hash(folder / f"{name}.npy") != facts["sha256"][f"{name}.npy"] for name in names):
            raise ValueError("a column was changed")
        arrays: dict[str, Any] = {name: np.asarray(read_npy(folder / f"{name}.npy")) for name in names}
        tables = NameTables(*(np.array(arrays.pop(f"names_{name}")) for name in NameTables._fields))
        scalars = {name: facts[name] for name in _SCALARS}
        for name in ("district_names", "sector_names", "public_sectors"):
            scalars[name] = tuple(scalars[name])
        city = City(**scalars, **arrays, names=tables)
        os.utime(folder)
    except (OSError, ValueError, KeyError, TypeError):
        shutil.rmtree(folder, ignore_errors=True)
        return None
    return city


def let_go(*columns: NDArray[Any]) -> None:
    """Give back the memory of columns that are mapped from disk; what is read again comes back by itself."""
    for column in columns:
        held: Any = column
        while isinstance(held, np.ndarray):
            held = held.base
        if isinstance(held, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            held.madvise(mmap.MADV_DONTNEED)


def _forget(home: Path, newest: Path) -> None:
    """Delete cities beyond the KEPT most recently used, and drafts that a killed process left a day ago."""
    folders = [path for path in home.iterdir() if path.is_dir()]
    now = newest.stat().st_mtime
    for path in folders:
        if path.name.startswith(".draft-") and now - path.stat().st_mtime > 86_400:
            shutil.rmtree(path, ignore_errors=True)
    whole = [path for path in folders if not path.name.startswith(".") and path != newest]
    for path in sorted(whole, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
