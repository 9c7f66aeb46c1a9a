"""`python -m benchmarks`: the yardstick by every version, then the whole model beside its kept figures.

Exit codes: 0 done, 1 a version that ran was not accepted by the law, 2 usage. A time never makes it fail.
"""

from __future__ import annotations

import argparse
import sys
from statistics import median
from typing import Any

from benchmarks import environment, figures
from benchmarks.measure import apart, machine, say
from benchmarks.y1e.compare import Row, compare, goals, lines_of
from benchmarks.y1e.versions import OURS


def options(arguments: list[str]) -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description="Time the yardstick and the whole model.")
    parser.add_argument("--turns", type=int, default=3, help="repetitions of everything, in turns (default 3)")
    parser.add_argument("--share", type=float, default=1.0, help="share of the usual sizes of the yardstick")
    parser.add_argument("--only", choices=("yardstick", "whole"), help="leave the other out")
    parser.add_argument("--keep", action="store_true", help="write the new figures to benchmarks/figures.json")
    asked = parser.parse_args(arguments)
    if asked.turns < 1 or not 0 < asked.share <= 10:
        parser.error("--turns is at least 1, --share above 0 and at most 10")
    if asked.keep and asked.share != 1:
        parser.error("figures are kept at the usual sizes: leave --share out")
    return asked


def yardstick(turns: int, share: float, ratios: figures.Ratios) -> list[Row]:
    """Play all versions and print their table; our own time over the kernel joins `ratios`."""
    environment.make()
    say("the yardstick, every version in turn (M resident-days a processor second):")
    rows = compare(turns, share)
    say("", *lines_of(rows), *goals(rows), "")
    ours = next(row for row in rows if row.version.name == OURS)
    if ours.ratios and share == 1:  # at another size the figure is another one
        ratios[figures.YARDSTICK] = ours.ratios
    return rows


def whole(turns: int, ratios: figures.Ratios) -> None:
    """Play the whole model; its phases join `ratios`."""
    found: list[dict[str, Any]] = []
    for turn in range(1, turns + 1):
        found.append(apart(sys.executable, "benchmarks.whole"))
        say(f"  whole model, turn {turn}: {found[-1]['phases']['everything']:.2f} processor seconds")
    ratios |= figures.ratios_of(found)


def version_of(row: Row) -> dict[str, Any]:
    """What is kept of a version's row."""
    if row.wrong:
        return {"name": row.version.name, "wrong": row.wrong}
    rates = {"median": median(row.rates), "low": min(row.rates), "high": max(row.rates)}
    shown = {name: round(rate, 1) for name, rate in rates.items()}
    return {"name": row.version.name, "residents": row.residents, **shown, "bytes_each": round(row.bytes_each)}


def main(arguments: list[str]) -> int:
    """Do what is asked for."""
    asked = options(arguments)
    say("; ".join(f"{name} {value}" for name, value in machine().items()))
    ratios: figures.Ratios = {}
    rows = yardstick(asked.turns, asked.share, ratios) if asked.only != "whole" else []
    if asked.only != "yardstick":
        whole(asked.turns, ratios)
    say("", *figures.lines_of(ratios))
    if asked.keep:
        figures.keep(ratios, [version_of(row) for row in rows])
        say(f"kept in {figures.KEPT.name}")
    return 1 if any(row.wrong.startswith("NOT ACCEPTED") for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
