"""Axes that several pictures share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vitropolis.pages.canvas import Canvas, ticks, width_of
from vitropolis.report.figures import spoken

SMALL = 11.5


@dataclass(frozen=True)
class Scale:
    """From values to pixels, along one axis."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value."""
        reach = self.high - self.low or 1.0
        return self.start + (value - self.low) / reach * (self.end - self.start)


def tick_words(value: float, percent: bool = False) -> str:
    """A number at an axis."""
    return f"{spoken(100 * value)} %" if percent else spoken(value)


def across(canvas: Canvas, most: float, left: float, right: float, top: float, bottom: float, unit: str,
           percent: bool = False) -> Scale:  # fmt: skip
    """An axis of values from 0 along the top, with lines down to `bottom`; `unit` stands above it."""
    steps = ticks(most, 5 if right - left > 300 else 3)
    scale = Scale(0, steps[-1], left, right)
    canvas.text(left, top - 22, unit, "soft", SMALL)
    for value in steps:
        canvas.line((scale(value), top), (scale(value), bottom), "axis" if value == 0 else "grid")
        canvas.text(scale(value), top - 6, tick_words(value, percent), "soft", SMALL, "middle")
    return scale


def upright(canvas: Canvas, most: float, left: float, right: float, top: float, bottom: float, unit: str,
            percent: bool = False) -> Scale:  # fmt: skip
    """An axis of values from 0 upwards, with lines across; `unit` stands above it."""
    steps = ticks(most, 4)
    scale = Scale(0, steps[-1], bottom, top)
    canvas.text(0, top - 12, unit, "soft", SMALL)
    for value in steps:
        canvas.line((left, scale(value)), (right, scale(value)), "axis" if value == 0 else "grid")
        canvas.text(left - 6, scale(value) + 4, tick_words(value, percent), "soft", SMALL, "end")
    return scale


def room_for(most: float, percent: bool = False) -> float:
    """Pixels that the numbers of an upright axis need."""
    return 12 + max(width_of(tick_words(value, percent), SMALL) for value in ticks(most, 4))


def lines_said(lines: Iterable[Sequence[float]]) -> str:
    """How lines run, for who cannot see them, where all run alike: `Rising lines.`"""
    ways = {_way(line) for line in lines}
    return f"{ways.pop()} lines." if len(ways) == 1 and None not in ways else "Lines."


def _way(line: Sequence[float]) -> str | None:
    steps = [later - earlier for earlier, later in pairwise(line)]
    if not any(steps):
        return "Level"
    return "Rising" if min(steps) >= 0 else "Falling" if max(steps) <= 0 else None


def apart(places: Sequence[float], least: float, low: float, high: float) -> list[float]:
    """Places moved as little as needed for labels not to overlap, in the same order, between `low` and `high`."""
    order = sorted(range(len(places)), key=lambda at: places[at])
    found = list(places)
    for rank, at in enumerate(order):
        floor = low if rank == 0 else found[order[rank - 1]] + least
        found[at] = max(found[at], floor)
    ceiling = high
    for at in reversed(order):
        found[at] = min(found[at], ceiling)
        ceiling = found[at] - least
    return found


def row_label(canvas: Canvas, words: str, left: float, beside: float, above: float | None = None) -> None:
    """What a row is called: at the left of `left` on the base line `beside`, or over it on the base line `above`."""
    if above is None:
        canvas.text(left - 10, beside, words, anchor="end")
    else:
        canvas.text(0, above, words)
