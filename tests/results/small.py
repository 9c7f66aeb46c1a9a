"""Small runs in which a lot happens, and folders that were changed as a forger would."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from tests.twins.busy import START
from tests.twins.full import full_data, full_values

from vitropolis.base.npyfile import content_of
from vitropolis.engine.checkpoint import checkpoints_in
from vitropolis.engine.scenario import Setup, resolve, scenario_for
from vitropolis.model.assumptions import load_assumptions
from vitropolis.results.folder import file_hash
from vitropolis.results.manifest import digest_of

FIRST = date(2020, 6, 1)  # everybody is enrolled within weeks


@cache
def setup_of(size: int = 3000, days: int = 80, seed: int = 3) -> Setup:
    """The harsh filling and its twin."""
    last = FIRST + timedelta(days=days - 1)
    return resolve(
        scenario_for("beijing-2018-press", filling="harsh", size=size, first_day=FIRST, last_day=last, seed=seed)
    )


def contents(folder: Path) -> dict[str, str]:
    """The content hash of every output."""
    said = json.loads((folder / "run.json").read_text())
    return {name: entry["content"] for name, entry in said["outputs"].items()}


@cache
def full_setup(size: int = 2000, days: int = 80, seed: int = 3) -> Setup:
    """The policy in which every mechanism fires (doors, spill-over, objections, appeals), and its twin."""
    with TemporaryDirectory() as room:
        policy, assumptions = Path(room) / "busy.policy.yaml", Path(room) / "busy.assumptions.yaml"
        policy.write_text(yaml.safe_dump(full_data(), sort_keys=False), encoding="utf8")
        assumptions.write_text(yaml.safe_dump(moved(full_values()), sort_keys=False), encoding="utf8")
        last = START + timedelta(days=days - 1)
        asked = scenario_for(policy, size=size, first_day=START, last_day=last, seed=seed, assumptions=str(assumptions))
        return resolve(asked)


def moved(data: dict[str, Any]) -> dict[str, Any]:
    """An assumptions file on top of the default one that says what is other in `data`."""
    changed = _other(data, load_assumptions("default").model_dump())
    head = {"schema_version": 1, "extends": "default", "assumptions": {"id": "busy", "title": "a lot happens"}}
    return head | changed


def _other(mine: dict[str, Any], usual: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, item in mine.items():
        if item == usual[key]:
            continue
        if "value" in item and "range" in item:
            found[key] = {"value": item["value"], "range": list(item["range"])}
        else:
            found[key] = _other(item, usual[key])
    return found


Rows = NDArray[Any]
Change = Callable[[Rows], Rows]


def last_bit(values: Rows) -> Rows:
    return values ^ np.array(1, values.dtype) << values.dtype.type(8 * values.dtype.itemsize - 1)  # type: ignore[no-any-return]


def unsorted(values: Rows) -> Rows:
    return values[::-1].copy()


def forge_state(folder: Path, name: str, change: Change) -> None:
    """Change an array of the newest checkpoint, with every hash that a forger can make fit."""
    home = checkpoints_in(folder / "checkpoints")[0]
    values = change(np.load(home / f"{name}.npy"))
    np.save(home / f"{name}.npy", values)
    said = json.loads((home / "checkpoint.json").read_text())
    said["content"][name] = content_of(values)
    (home / "checkpoint.json").write_text(json.dumps(said))
    _rehash(folder, "state", digest_of(said["content"]), None)


def forge_tape(folder: Path, name: str, change: Change) -> None:
    """Change a table of the tape likewise; the checkpoint says how many rows it has."""
    path = folder / "tape" / f"{name}.npy"
    values = change(np.load(path))
    np.save(path, values)
    home = checkpoints_in(folder / "checkpoints")[0]
    said = json.loads((home / "checkpoint.json").read_text())
    said["facts"]["rows"][name] = [len(values), content_of(values)]
    (home / "checkpoint.json").write_text(json.dumps(said))
    _rehash(folder, f"tape/{name}.npy", content_of(values), file_hash(path))


def _rehash(folder: Path, name: str, content: str, file: str | None) -> None:
    manifest = json.loads((folder / "run.json").read_text())
    if name in manifest["outputs"]:
        manifest["outputs"][name] = {"content": content, "file": file}
        (folder / "run.json").write_text(json.dumps(manifest))


def rehash(folder: Path, name: str, content: str) -> None:
    """Make `run.json` fit an output that was written anew."""
    _rehash(folder, name, content, file_hash(folder / name))
