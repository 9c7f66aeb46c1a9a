"""Colours by what they mean. Pages name the meaning (a class) and the sheet gives the colour, light or dark; a file for
print carries the light colour itself.

Chosen to differ for every kind of colour vision, and never red against green: blue, ochre, violet and grey of clearly
different lightness. Where two stand beside one another, their shapes or labels differ too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Ink(NamedTuple):
    """A colour on a light page and on a dark one, as #rrggbb."""

    light: str
    dark: str


PAPER = Ink("#fbfaf7", "#15171a")
INKS: Mapping[str, Ink] = {
    "text": Ink("#1c1b19", "#e9e6df"),
    "soft": Ink("#5b5852", "#a9a59c"),
    "grid": Ink("#d8d4ca", "#3a3f45"),
    "axis": Ink("#7d786e", "#8b877e"),
    "blank": PAPER,
    "twin": Ink("#74706a", "#a09b93"),
    "first": Ink("#4a90c4", "#6fb2e4"),
    "main": Ink("#1d4f84", "#9cc8f5"),
    "third": Ink("#7b4a9e", "#c9a3ea"),
    "wrong": Ink("#b3560b", "#f0a94e"),
    "wash": Ink("#f3d9bd", "#5c3d17"),
    "lawful": Ink("#1d6fa5", "#7fbef0"),
    "breach": Ink("#6b6761", "#b3aea5"),
    "step0": Ink("#eef3f8", "#20262c"),
    "step1": Ink("#cfe0f0", "#263c52"),
    "step2": Ink("#9dc1e0", "#2f5a80"),
    "step3": Ink("#3876aa", "#79b4e2"),
    "step4": Ink("#1d4f84", "#b9dbfa"),
}
ON_STEP = {"step0": "text", "step1": "text", "step2": "text", "step3": "onstep", "step4": "onstep"}
ON_DEEP = Ink("#ffffff", "#0e1419")
PALETTE: Mapping[str, Ink] = {**INKS, "onstep": ON_DEEP}


def contrast(one: str, other: str) -> float:
    """How far two colours (#rrggbb) stand apart in lightness, 1 to 21, as WCAG 2 counts it."""
    high, low = sorted((_lightness(one), _lightness(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _lightness(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
