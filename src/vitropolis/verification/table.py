"""A case and the table in which cases are shown: expected, obtained, standard deviation, z."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

LIMIT = 4.0  # |z| < 4 on fixed seeds, so that false alarms stay below 1 in 10,000


@dataclass(frozen=True)
class Case:
    """One number: `published` as the source prints it, `expected` as the engine's law says, `got`, and its sd."""

    name: str
    published: str
    expected: float
    got: float
    sd: float

    @property
    def tolerance(self) -> float:
        """How far off it may be."""
        return LIMIT * self.sd

    @property
    def z(self) -> float:
        """Distance from what is expected, in standard deviations."""
        return (self.got - self.expected) / self.sd

    @property
    def holds(self) -> bool:
        """Whether it lies within the limit."""
        return abs(self.z) < LIMIT


def counted(name: str, published: str, chance: float, people: int, got: int) -> Case:
    """A count of people, each with the same chance, independent of one another."""
    return Case(name, published, people * chance, got, (people * chance * (1 - chance)) ** 0.5)


def shared(name: str, published: str, chance: float, people: int, got: int) -> Case:
    """The same as a share."""
    return Case(name, published, chance, got / people, (chance * (1 - chance) / people) ** 0.5)


def within(name: str, published: str, expected: float, got: float, tolerance: float) -> Case:
    """A number that must lie within a tolerance of what is expected; nothing is left to chance, or little."""
    return Case(name, published, expected, got, tolerance / LIMIT)


def exactly(name: str, expected: float, got: float) -> Case:
    """A whole number, or one that must be met to the last digits."""
    return within(name, "exact", expected, got, 1e-9)


def show(title: str, cases: Sequence[Case], *notes: str) -> bool:
    """Print a table; return whether every case holds."""
    wide = max(len(case.name) for case in cases)
    lines = [title, f"{'case':<{wide}} {'published':>12} {'expected':>15} {'obtained':>15} {'sd':>12} {'z':>7}"]
    for case in cases:
        numbers = f"{_text(case.expected):>15} {_text(case.got):>15} {_text(case.sd):>12} {case.z:>7.2f}"
        lines.append(f"{case.name:<{wide}} {case.published:>12} {numbers}{'' if case.holds else '  OUTSIDE'}")
    say(*lines, *notes, "")
    return all(case.holds for case in cases)


def say(*lines: str) -> None:
    """Print lines."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _text(number: float) -> str:
    return f"{number:,.1f}" if abs(number) >= 1000 else f"{number:.6f}"
