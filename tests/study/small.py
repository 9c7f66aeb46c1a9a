"""A small run in which a lot happens, and studies of it that take seconds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.results.small import setup_of

from vitropolis.study.study import study_run

SIZE, SETS, ALONE = 1500, 4, 4


def study(folder: Path, **options: Any) -> dict[str, float]:
    """Study a small run with few sets."""
    return study_run(folder, **({"sets": SETS, "alone": ALONE} | options))


def read(folder: Path, name: str) -> dict[str, Any]:
    """A study's file."""
    found: dict[str, Any] = json.loads((folder / "study" / f"{name}.json").read_text())
    return found


def told(folder: Path, name: str) -> dict[str, Any]:
    """A study's file without what differs from machine to machine."""
    return {key: value for key, value in read(folder, name).items() if key != "seconds"}


__all__ = ["ALONE", "SETS", "SIZE", "read", "setup_of", "study", "told"]
