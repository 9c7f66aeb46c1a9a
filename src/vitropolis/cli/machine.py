"""What this machine has, and which size it can play within minutes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vitropolis.base.figures import size_of, time_of
from vitropolis.engine.played import Estimate, estimate, free_disk, free_memory
from vitropolis.engine.scenario import SIZES
from vitropolis.study.expected import cores as cores
from vitropolis.study.expected import cost_words

PATIENCE = 300  # seconds that `auto` lets a run take
SPARE = 0.9  # the part of free memory that `auto` uses


def total_memory() -> int:
    """Return the bytes of memory this machine has; 0 where it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return 0


@dataclass(frozen=True)
class Choice:
    """The size that `auto` takes, and why not the next larger one."""

    name: str
    residents: int
    expected: Estimate
    why: str


def choose(population: int, days: int, worlds: int, threads: int, out: Path) -> Choice:
    """Return the largest of full, 2M, 200k, 20k that fits memory, disk and five minutes; the smallest if none does."""
    names = [(name, residents or population) for name, residents in SIZES.items()]
    larger = [(name, residents) for name, residents in names if residents <= population]
    memory, disk = int(free_memory() * SPARE), free_disk(out)
    refused: list[str] = []
    for name, residents in larger:
        expected = estimate(residents, days, worlds, threads)
        wrong = _too_much(expected, memory, disk)
        if not wrong or name == larger[-1][0]:
            return Choice(name, residents, expected, _why(refused, memory))
        refused.append(f"{name} {wrong}")
    raise AssertionError("a city has more than 20,000 residents")


def _too_much(expected: Estimate, memory: int, disk: int) -> str:
    if expected.memory_bytes > memory:
        return f"would need {size_of(expected.memory_bytes)} of memory, {size_of(memory)} can be used"
    if expected.disk_bytes > disk:
        return f"would need {size_of(expected.disk_bytes)} on disk, {size_of(disk)} are free"
    if expected.seconds > PATIENCE:
        return f"would take {time_of(expected.seconds)}, more than {time_of(PATIENCE)}"
    return ""


def _why(refused: Sequence[str], memory: int) -> str:
    return refused[-1] if refused else f"the whole city fits {size_of(memory)} of memory and {time_of(PATIENCE)}"


def cost_line(expected: Estimate, threads: int) -> str:
    """What is said before anything long is played."""
    return f"expected: {cost_words(expected, threads)}"
