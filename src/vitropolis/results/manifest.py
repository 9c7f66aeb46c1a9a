"""`run.json`: what was played, from what, with what result, on which machine, at which cost."""

from __future__ import annotations

import hashlib
import json
import math
import platform
import resource
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from vitropolis import __version__
from vitropolis.base.fixed import ONE32
from vitropolis.base.mark import MARK
from vitropolis.city.city import City
from vitropolis.engine.played import open_channels, parts_not_played
from vitropolis.engine.run import Tables
from vitropolis.engine.scenario import Setup
from vitropolis.model.envelope import CLASSES, HIGHEST
from vitropolis.model.rules import CELLS
from vitropolis.policy import sourced_values
from vitropolis.results.folder import FORMAT

PACKAGES = ("numpy", "numba", "llvmlite", "polars", "h5py", "h5netcdf", "scipy", "pydantic", "PyYAML")
WHAT = "what synthetic residents go through under a policy and a set of assumptions; it says nothing about real people"


def first_manifest(setup: Setup, call: Sequence[str]) -> dict[str, Any]:
    """What can be said before the first week: status `interrupted`, so that a killed run is what it says."""
    plan = setup.plan
    counted = {policy.id: sourced_values(policy) for policy in setup.policies if policy.id != "none"}
    values = ", ".join(f"{n} of {m} values of {name}" for name, (n, m) in counted.items())
    found, known = setup.assumptions.sourced()
    return {
        "format": FORMAT,
        "mark": MARK,
        "what": WHAT,
        "status": "interrupted",
        "call": list(call),
        "seed": plan.seed,
        "scenario": setup.scenario.scenario.id,
        "residents": setup.size,
        "from": plan.start.isoformat(),
        "to": plan.date(plan.days - 1).isoformat(),
        "days": plan.days,
        "weeks_played": 0,
        "headline": {},
        "worlds": [_world(world, setup) for world in plan.worlds],
        "fillings_missing": list(setup.missing),
        "assumptions": {"id": setup.assumptions.id, "digest": setup.assumptions.digest},
        "city": {"name": setup.tables.name, "tables": setup.tables.digest},
        "values_sourced": f"{values}, {found} of {known} assumptions are sourced",
        "open_channels": open_channels(plan),
        "parts_not_played": {policy.id: parts_not_played(policy) for policy in setup.policies},
        "versions": {"vitropolis": __version__, "python": platform.python_version()} | _versions(),
        "platform": {"system": platform.system(), "machine": platform.machine(), "byte_order": sys.byteorder},
        "inputs": {name: hashlib.sha256(content).hexdigest() for name, content in setup.inputs.items()},
        "outputs": {},
    }


DECLARED = (
    "what", "seed", "scenario", "residents", "from", "to", "days", "worlds", "fillings_missing", "assumptions",
    "values_sourced", "open_channels", "parts_not_played",
)  # fmt: skip
COMPILED = ("city", "tables", "defaults_taken", "envelope")


def untrue(manifest: Mapping[str, Any], expected: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
    """The names among `keys` under which a manifest says something else than is expected."""
    as_read = json.loads(json.dumps({key: expected[key] for key in keys}))
    return [key for key in keys if not _same(manifest.get(key), as_read[key])]


def _same(one: Any, other: Any) -> bool:
    """Whether two values from JSON are equal, measured shares to nine digits: their sums depend on the machine."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-15)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return bool(one == other)


def _world(world: Any, setup: Setup) -> dict[str, Any]:
    policy = world.policy
    return {
        "name": world.name,
        "filling": setup.fillings.get(world.name),
        "policy": policy.digest,
        "title": policy.policy.title,
        "made_of": [Path(name).name for name in policy.chain],  # a run holds copies: names, no places
    }


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found


def played_manifest(setup: Setup, city: City, tables: Tables) -> dict[str, Any]:
    """What the tables say: their hashes, defaults that were taken, how good the envelope is."""
    taken = {line for epoch in tables.epochs for line in epoch.book.taken.lines()}
    return {
        "city": {"name": city.name, "tables": setup.tables.digest, "digest": city.digest},
        "tables": table_hashes(tables),
        "defaults_taken": sorted(taken),
        "envelope": envelope_bounds(city, tables),
    }


def table_hashes(tables: Tables) -> dict[str, str]:
    """SHA-256 of every integer table that kernels read, by name; a new platform shows itself here."""
    found = {f"conduct.{name}": _hash(part) for name, part in tables.conduct._asdict().items()}
    found |= {f"entry.{name}": _hash(part) for name, part in tables.entry._asdict().items()}
    found |= {f"demand.{name}": _hash(part) for name, part in tables.demand._asdict().items()}
    for number, epoch in enumerate(tables.epochs):
        found[f"rules.{number}"] = _hash(epoch.book.table)
        found |= {f"recording.{number}.{name}": _hash(part) for name, part in epoch.register._asdict().items()}
    return found


def _hash(part: Any) -> str:
    array = np.asarray(part)
    digest = hashlib.sha256(f"{array.shape}".encode())
    for name in array.dtype.names or ("",):
        column = array[name] if name else array
        digest.update(f"{name} {column.dtype.str}".encode())
        digest.update(np.ascontiguousarray(column, column.dtype.newbyteorder("<")).tobytes())
    return digest.hexdigest()


def envelope_bounds(city: City, tables: Tables) -> dict[str, float]:
    """How far "at most one act a resident and day" can be off: expected shares of this city's residents.

    capped_share: residents whose daily bound was cut off; half_squared_rate: mean of half the squared daily bound,
    which is above the share of resident-days with two acts.
    """
    people = np.bincount(city.cell, minlength=CELLS) / city.n
    bounds = tables.conduct.threshold.reshape(CELLS, CLASSES).astype(np.float64)
    capped = float((people * (bounds >= HIGHEST).mean(axis=1)).sum())
    squared = float((people * ((bounds / ONE32) ** 2 / 2).mean(axis=1)).sum())
    return {"capped_share": capped, "half_squared_rate": squared}


def costs(seconds: Mapping[str, float], city: City, played: int) -> dict[str, Any]:
    """Seconds by phase, nanoseconds for a resident and day in the phases of play, peak memory. `played`: days here."""
    play = sum(seconds.get(phase, 0.0) for phase in ("between weeks", "weeks", "adding up"))
    scale = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale
    return {
        "seconds": {phase: round(spent, 3) for phase, spent in seconds.items()},
        "days_played_here": played,
        "ns_per_resident_day": round(play * 1e9 / max(1, city.n * played), 3),
        "peak_memory_bytes": peak,
        "bytes_per_resident": round(peak / city.n, 1),
    }


def digest_of(parts: Mapping[str, str]) -> str:
    """One SHA-256 (hex) of many named ones."""
    return hashlib.sha256("".join(f"{name} {parts[name]}\n" for name in sorted(parts)).encode()).hexdigest()
