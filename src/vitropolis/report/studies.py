"""What studies of a run found (`<run>/study/*.json`), as far as they were made and belong to it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vitropolis.base.errors import RefusedError
from vitropolis.report.question import Driver, Headline
from vitropolis.results.manifest import digest_of

ROOM = "study"
BY_SIZE = ("staff_days", "appeal_wait_days", "appeals_waiting")  # headlines that mean nothing at another size
NAMES = ("ranges", "curve", "channels", "nodeterrence")


@dataclass(frozen=True)
class Studies:
    """Each study as its file says; empty where it was not made."""

    ranges: Mapping[str, Any]
    curve: Mapping[str, Any]
    channels: Mapping[str, Any]
    nodeterrence: Mapping[str, Any]

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of studies that were not made."""
        return tuple(name for name in NAMES if not getattr(self, name))

    def with_range(self, headline: Headline, residents: int) -> Headline:
        """A headline with its range and what moves it most, where ranges were computed for a city that can tell.

        `residents`: of the run. Counts, and waiting in offices that a small city has too few of, do not carry over.
        """
        if headline.id in BY_SIZE and self.ranges.get("residents") != residents:
            return headline
        said = self.ranges.get("headlines", {}).get(headline.id, {}).get(headline.world)
        if not said:
            return headline
        moved = tuple(_driver(each) for each in said.get("drivers", ()))
        return replace(
            headline,
            low=said.get("low"),
            high=said.get("high"),
            sets=self.ranges.get("sets"),
            undefined=said.get("undefined"),
            drivers=moved,
        )


NONE = Studies({}, {}, {}, {})


def read_studies(folder: Path, manifest: Mapping[str, Any]) -> Studies:
    """The studies in a run folder. RefusedError if a file is none that this program writes, or is of another run."""
    run = digest_of_run(manifest)
    return Studies(*(_read(folder / ROOM / f"{name}.json", name, run) for name in NAMES))


def digest_of_run(manifest: Mapping[str, Any]) -> str:
    """One SHA-256 (hex) of what a complete run was made of and what it left: by it a study knows its run."""
    contents = {name: entry["content"] for name, entry in manifest["outputs"].items()}
    return digest_of(contents | {f"inputs/{name}": digest for name, digest in manifest["inputs"].items()})


def _read(path: Path, name: str, run: str) -> Mapping[str, Any]:
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise RefusedError(f"{path} cannot be read; delete it and make the study again") from None
    if not isinstance(found, dict) or found.get("schema") != f"vitropolis.study.{name}/1":
        raise RefusedError(f"{path} is not a study that this program writes; delete it and make the study again")
    if found.get("run") != run:
        raise RefusedError(f"{path} is a study of another run; delete it and make the study again")
    return found


def _driver(said: Mapping[str, Any]) -> Driver:
    low, high = _pair(said["range"])
    ends = {name: said.get(name) for name in ("at_low", "at_high", "effect")}
    return Driver(said["path"], said.get("unit", ""), (low, high), direction=said["direction"], **ends)


def _pair(ends: Sequence[float]) -> tuple[float, float]:
    return float(ends[0]), float(ends[1])
