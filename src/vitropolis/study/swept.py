"""What the sets of a design, groups and single parameters gave: the numbers, and how they are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

from vitropolis.study.drivers import SHARE
from vitropolis.study.stories import Number, Numbers

KINDS = ("values", "stories")
SPEECH = "speech"  # headlines whose id starts so have a range and never a driver
Key = tuple[str, str, str]  # kind, world, headline or story


def at(told: Numbers, key: Key) -> Number:
    """One number of a set."""
    kind, world, name = key
    return told[kind][world][name]


@dataclass
class Swept:
    """What was played: the numbers as written, of every set, of groups moved together, of parameters alone.

    far, near: by path, the numbers at the end of the range that is farther from the value as written, and at the other.
    """

    written: Numbers
    found: list[Numbers]
    groups: dict[str, Numbers] = field(default_factory=dict)
    far: dict[str, Numbers] = field(default_factory=dict)
    near: dict[str, Numbers] = field(default_factory=dict)

    @property
    def keys(self) -> list[Key]:
        """Every number by kind, world and id."""
        told = self.written
        return [(kind, world, name) for kind in KINDS for world in told[kind] for name in told[kind][world]]

    @property
    def named(self) -> list[Key]:
        """The numbers that may have drivers."""
        return [key for key in self.keys if not key[2].startswith(SPEECH)]

    def series(self, key: Key) -> list[Number]:
        """A number in every set."""
        return [at(told, key) for told in self.found]

    def ends(self, key: Key) -> tuple[float, float] | None:
        """The smallest and largest value over the sets and as written; None without any."""
        known = [number for number in (*self.series(key), at(self.written, key)) if number is not None]
        return (min(known), max(known)) if known else None

    def width(self, key: Key) -> float:
        """How far apart these are."""
        ends = self.ends(key)
        return ends[1] - ends[0] if ends else 0.0

    def least(self, key: Key) -> float:
        """What a change must make to count: a part of the width, and two standard errors of a headline's counts."""
        kind, world, name = key
        error = self.written["errors"][world].get(name) if kind == "values" else 0.0
        return inf if error is None else max(SHARE * self.width(key), 2 * error)

    def shares(self, key: Key, sets: Mapping[str, Numbers]) -> dict[str, float]:
        """By how much each of these sets moves a number, as a share of its width over the design."""
        width, written = self.width(key), at(self.written, key)
        if written is None or not width:
            return {}
        numbers = {name: at(told, key) for name, told in sets.items()}
        return {name: (number - written) / width for name, number in numbers.items() if number is not None}
