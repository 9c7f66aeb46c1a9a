"""`vitropolis doctor`: what this machine can play, and whether the arithmetic is right on it."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from textwrap import wrap
from typing import Any

from vitropolis import __version__
from vitropolis.base.figures import WIDTH, size_of, time_of
from vitropolis.cli.options import PLAIN, Common
from vitropolis.cli.output import Voice

PACKAGES = (
    "numpy",
    "scipy",
    "numba",
    "llvmlite",
    "pydantic",
    "PyYAML",
    "polars",
    "xarray",
    "h5netcdf",
    "h5py",
    "cyclopts",
    "rich",
)
DAYS, WORLDS = 804, 2


def doctor(*, common: Common = PLAIN) -> int:
    """Say what this machine has and can play, where caches lie, and check the arithmetic."""
    voice = Voice.of(common)
    found = {"versions": _versions(), "machine": _machine(), "caches": _caches(), "auto": _auto()}
    if not voice.json:
        voice.lines(fitted(_told(found)))
    if not found["caches"]["compiled"]:
        voice.note("the self check compiles the kernels first (once per machine and version) ...")
    checks = list(_checks(voice))
    right = all(check["ok"] for check in checks)
    voice.answer("doctor", {**found, "checks": checks, "ok": right}, ["", "all is well" if right else "NOT well"])
    return 0 if right else 1


def _checks(voice: Voice) -> Iterator[dict[str, Any]]:
    from vitropolis.cli.check import self_check

    if not voice.json:
        voice.lines(["", "Self check (compiling the kernels, where that was not done yet, is part of it)"])
    for check in self_check():
        if not voice.json:
            voice.lines(fitted([f"  {'ok' if check.ok else 'WRONG':<6}{check.name} ({time_of(check.seconds)})"]))
        yield {"name": check.name, "ok": check.ok, "seconds": round(check.seconds, 3)}


def fitted(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines of at most 80 columns; what goes on stands two columns further in. Paths are cut where they must."""
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        yield from wrap(line, WIDTH, subsequent_indent=f"{indent}  ", break_on_hyphens=False) or [""]


def _versions() -> dict[str, str]:
    found = {"vitropolis": __version__, "python": platform.python_version(), "system": platform.platform(terse=True)}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "missing"
    return found


def _machine() -> dict[str, Any]:
    from vitropolis.cli.machine import cores, total_memory
    from vitropolis.engine.played import free_disk, free_memory

    return {
        "processor": platform.machine(),
        "cores": cores(),
        "memory_bytes": total_memory(),
        "memory_free_bytes": free_memory(),
        "disk_free_bytes": free_disk(Path("runs")),
        "folder": str(Path.cwd()),
    }


def _caches() -> dict[str, Any]:
    from vitropolis.base.cache import cache_dir
    from vitropolis.base.kernels import KERNEL_CACHE
    from vitropolis.cli.check import compiled

    cities = cache_dir("cities")
    return {
        "kernels": str(KERNEL_CACHE.parent),
        "kernels_bytes": _weight(KERNEL_CACHE.parent),
        "version": KERNEL_CACHE.name,
        "compiled": compiled(),
        "cities": str(cities),
        "cities_bytes": _weight(cities),
    }


def _weight(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total


def _auto() -> dict[str, Any]:
    from vitropolis.city import load_tables
    from vitropolis.cli.machine import choose, cores

    chosen = choose(load_tables("beijing").population, DAYS, WORLDS, cores(), Path("runs/any"))
    expected = chosen.expected
    return {
        "size": chosen.name,
        "residents": chosen.residents,
        "why": chosen.why,
        "seconds": expected.seconds,
        "memory_bytes": expected.memory_bytes,
        "disk_bytes": expected.disk_bytes,
    }


def _told(found: dict[str, Any]) -> Iterator[str]:
    versions, machine, caches, auto = found["versions"], found["machine"], found["caches"], found["auto"]
    yield f"vitropolis {versions['vitropolis']}, Python {versions['python']}, {versions['system']}"
    names = [f"{name} {versions[name]}" for name in PACKAGES]
    yield from ("  " + ", ".join(names[first : first + 4]) for first in range(0, len(names), 4))
    yield ""
    yield f"Machine: {machine['processor']}, {machine['cores']} cores"
    yield f"  memory {size_of(machine['memory_bytes'])}, {size_of(machine['memory_free_bytes'])} free"
    yield f"  disk   {size_of(machine['disk_free_bytes'])} free in {machine['folder']}"
    yield ""
    yield "Caches (may be deleted at any time)"
    state = "compiled" if caches["compiled"] else "not compiled yet"
    yield f"  kernels {size_of(caches['kernels_bytes'])} in {caches['kernels']}"
    yield f"    this version ({caches['version']}): {state}"
    yield f"  cities  {size_of(caches['cities_bytes'])} in {caches['cities']}"
    yield ""
    yield f"`run --size auto` takes {auto['size']}, {auto['residents']:,} residents: {auto['why']}"
    expected = f"about {time_of(auto['seconds'])}, {size_of(auto['memory_bytes'])} of memory"
    yield f"  {DAYS} days, {WORLDS} worlds: {expected}, {size_of(auto['disk_bytes'])} on disk"
