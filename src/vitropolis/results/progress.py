"""What a run says while it goes on, and when it is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date as Date
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where a run is: `fraction` 0 to 1 of the whole, `headline` counts of the first world; None: not known yet."""

    phase: str
    date: Date | None = None
    fraction: float = 0.0
    resident_days_per_s: float | None = None
    seconds_left: float | None = None
    headline: Mapping[str, int] = field(default_factory=dict)


Tell = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class RunReport:
    """A finished run: its folder, and what `run.json` says."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def contents(self) -> dict[str, str]:
        """The content hash of every output: what another run of the same scenario must reproduce."""
        return {name: entry["content"] for name, entry in self.manifest["outputs"].items()}
