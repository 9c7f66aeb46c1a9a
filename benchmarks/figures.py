"""The kept figures: `figures.json`, written by `make bench KEEP=1`, with which every later run is compared.

A figure is a time divided by that of the fixed kernel beside which it was taken, so that it says something on another
machine too, if not to the last percent. It counts as slower from SLOWER on; what takes under SHORT of the whole never
does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import machine
from benchmarks.whole import PHASES

KEPT = Path(__file__).resolve().parent / "figures.json"
SLOWER, SHORT = 1.15, 0.04
EVERYTHING, YARDSTICK = "everything", "yardstick"
Ratios = dict[str, list[float]]


def ratios_of(turns: Sequence[Mapping[str, Any]]) -> Ratios:
    """Times of the whole model over those of the kernel, by phase, one for each turn."""
    names = [*PHASES, EVERYTHING]
    return {name: [turn["phases"].get(name, 0.0) / turn["kernel"] for turn in turns] for name in names}


def kept() -> dict[str, Any]:
    """What the repository holds; empty where nothing was kept yet."""
    if not KEPT.exists():
        return {}
    found: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))
    return found


def keep(ratios: Ratios, versions: Sequence[Mapping[str, Any]]) -> None:
    """Write the file anew; what this run left out stays as it was."""
    figures = {name: _figure(found) for name, found in ratios.items()}
    before = kept()
    content = {
        "about": "medians; `ratios`: processor seconds over those of benchmarks/reference.py; see docs/benchmarks.md",
        "taken": date.today().isoformat(),
        "machine": machine(),
        "ratios": before.get("ratios", {}) | figures,
        "versions": list(versions) or before.get("versions", []),
    }
    KEPT.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _figure(found: Sequence[float]) -> dict[str, float]:
    return {
        name: round(number, 3)
        for name, number in (("median", median(found)), ("low", min(found)), ("high", max(found)))
    }


def lines_of(ratios: Ratios) -> list[str]:
    """The table: new and kept ratios, and which phase has become slower."""
    before = kept()
    old = before.get("ratios", {})
    where = before.get("machine", {}).get("processor", "")
    lines = [f"kept: {before.get('taken', 'nothing yet')} {where}".rstrip()]
    lines.append(f"{'over the kernel':<16}{'now':>26}{'kept':>10}{'change':>9}")
    whole = median(ratios[EVERYTHING]) if EVERYTHING in ratios else 0.0
    return lines + [_line(name, found, old.get(name, {}).get("median"), whole) for name, found in ratios.items()]


def _line(name: str, found: Sequence[float], old: float | None, whole: float) -> str:
    now = median(found)
    line = f"{name:<16}{f'{now:.2f} ({min(found):.2f}-{max(found):.2f})':>26}"
    if not old:
        return f"{line}{'-':>10}"
    line += f"{old:>10.2f}{100 * (now / old - 1):>+8.0f}%"
    return line + ("  SLOWER" if is_slower(now, old, whole) else "")


def is_slower(now: float, old: float, whole: float) -> bool:
    """Whether a figure is worse than the kept one by more than chance explains; short phases never are."""
    return now > SLOWER * old and now >= SHORT * whole
