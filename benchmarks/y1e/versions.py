"""The versions of the yardstick: name, module, residents each plays, and which environment has its library."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from benchmarks.y1e.outcome import Outcome


@dataclass(frozen=True)
class Version:
    """One version; `apart`: its library is only in the environment of the benchmarks."""

    name: str
    module: str
    residents: int
    apart: bool = False


OURS = "vitropolis"
VERSIONS = (
    Version(OURS, "engine", 2_000_000),
    Version("NumPy, by index", "with_numpy", 2_000_000),
    Version("NumPy, whole columns", "with_columns", 500_000),
    Version("Polars", "with_polars", 200_000),
    Version("starsim", "with_starsim", 100_000, apart=True),
    Version("Mesa", "with_mesa", 20_000, apart=True),
)
EMPTY = 1_000  # residents of the city that tells what a process weighs without people


class Played(Protocol):
    """A version that is set up."""

    def run(self) -> Outcome:
        """Play all days."""


def set_up(module: str, residents: int, seed: int) -> Played:
    """Set a version up."""
    return cast(Played, import_module(f"benchmarks.y1e.{module}").Play(residents, seed))
