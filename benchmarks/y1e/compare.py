"""All versions of the yardstick in one run: each play in a process of its own, in turns, accepted by the law or not."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.environment import PYTHON
from benchmarks.measure import NotRunError, apart, say
from benchmarks.y1e.law import checks
from benchmarks.y1e.rules import DAYS
from benchmarks.y1e.versions import EMPTY, OURS, VERSIONS, Version

GOAL_RATE, GOAL_BYTES = 250.0, 64.0


@dataclass
class Row:
    """What one version gave: M resident-days a processor second of every turn, or why it did not run."""

    version: Version
    residents: int
    rates: list[float] = field(default_factory=list)
    setups: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)  # seconds of 100 M resident-days over those of the kernel
    peaks: list[int] = field(default_factory=list)
    empty: int = 0
    wrong: str = ""

    @property
    def bytes_each(self) -> float:
        """Peak bytes a resident beyond those of a city of 1,000."""
        return (median(self.peaks) - self.empty) / (self.residents - EMPTY)


def python_of(version: Version) -> str:
    """The interpreter that has the version's library."""
    return str(PYTHON) if version.apart else sys.executable


def take_turn(row: Row, seed: int) -> None:
    """Play one version once; nothing counts that the law does not accept."""
    if row.wrong:
        return
    try:
        said = _played(row.version, row.residents, seed)
        row.empty = row.empty or int(_played(row.version, EMPTY, seed)["peak"])
    except (NotRunError, OSError) as error:
        row.wrong = f"NOT RUN: {error}"
        return
    bad = [f"{check.name} z = {check.z:.1f}" for check in checks(said["summary"]) if not check.holds]
    if bad:
        row.wrong = f"NOT ACCEPTED: {', '.join(bad)}"
        return
    row.rates.append(row.residents * DAYS / said["play"] / 1e6)
    row.setups.append(said["setup"])
    if said["kernel"]:
        row.ratios.append(said["play"] / row.residents / DAYS * 1e8 / said["kernel"])
    row.peaks.append(int(said["peak"]))


def _played(version: Version, residents: int, seed: int) -> dict[str, Any]:
    python = python_of(version)
    if not Path(python).exists():
        raise NotRunError(".venv-bench is not there: `make bench` makes it")
    return apart(python, "benchmarks.y1e.child", version.module, residents, seed)


def compare(turns: int, share: float = 1.0) -> list[Row]:
    """Let all versions play in turn, `turns` times, at `share` of their sizes; turn k has seed k."""
    rows = [Row(version, max(int(version.residents * share), 2 * EMPTY)) for version in VERSIONS]
    ours = rows[0]
    take_turn(Row(ours.version, ours.residents), 1)  # builds the city that is kept on disk; not counted
    for turn in range(1, turns + 1):
        for row in rows:
            take_turn(row, turn)
            say(f"  turn {turn}: {row.version.name} {row.wrong or f'{row.rates[-1]:.1f}'}")
    return rows


def lines_of(rows: Sequence[Row]) -> list[str]:
    """The table: medians, ranges, ratios of ours to each version turn by turn."""
    ours = next(row for row in rows if row.version.name == OURS)
    head = f"{'version':<21}{'residents':>10}{'M resident-days/CPU-s':>28}{'ours is':>22}"
    head += f"{'bytes each':>11}{'peak MB':>9}{'setup s':>9}"
    return [head, *(_line(row, ours) for row in rows)]


def _line(row: Row, ours: Row) -> str:
    start = f"{row.version.name:<21}{row.residents:>10,}"
    if row.wrong:
        return f"{start}  {row.wrong}"
    rate = f"{median(row.rates):.1f} ({min(row.rates):.1f}-{max(row.rates):.1f})"
    ratios = [mine / other for mine, other in zip(ours.rates, row.rates, strict=False)]
    ratio = f"{median(ratios):.2f}x ({min(ratios):.2f}-{max(ratios):.2f})" if ratios else "-"
    peak, setup = median(row.peaks) / 1e6, median(row.setups)
    return f"{start}{rate:>28}{ratio:>22}{row.bytes_each:>11.0f}{peak:>9.0f}{setup:>9.2f}"


def goals(rows: Sequence[Row]) -> list[str]:
    """Whether our own row is where it should be."""
    ours = next(row for row in rows if row.version.name == OURS)
    if ours.wrong:
        return [f"ours: {ours.wrong}"]
    rate, each = median(ours.rates), ours.bytes_each
    return [
        f"goal {GOAL_RATE:.0f} M resident-days a CPU-second: {'met' if rate >= GOAL_RATE else 'NOT MET'} ({rate:.1f})",
        f"goal {GOAL_BYTES:.0f} bytes a resident: {'met' if each <= GOAL_BYTES else 'NOT MET'} ({each:.0f})",
    ]
