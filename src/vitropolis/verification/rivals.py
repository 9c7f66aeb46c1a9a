"""Queues for a limited number of places: known answers, played through `engine.rivals.play_rivals` as between weeks.

Shows that all is exact: with as many places as requests nobody waits; without patience to lose the backlog grows by
what is not served; with patience P and 240 requests for 220 places a week the 220 served have waited P weeks, 20 give
up, and P weeks of requests wait. With a share put first, these are served at once and as many others lose a place.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream, philox
from vitropolis.base.fixed import ONE32
from vitropolis.engine.rivals import FLOWS, Lines, WeekOfQueues, play_rivals
from vitropolis.model.rivals import EACH, NO_MEASURE, ORDINARY, TIE_AT, WORLD_AT
from vitropolis.model.rules import WORLDS
from vitropolis.verification.table import Case, exactly, show

COME, GO, WEEKS, PATIENCE, AHEAD = 240, 220, 120, 6, 24
PEOPLE = 1 << 16  # who may come, all of one cell
FIRST, MEASURE = 0, 5
Rows = NDArray[np.int64]


def lines(places_a_week: int, patience: int, worlds: int = 1) -> Lines:
    """One queue in one district, the same in every world."""
    rows = tuple(((Fraction(places_a_week, 7),),) for _ in range(worlds))
    return Lines((0,), rows, np.full((WORLDS, 1), patience, np.int64), ONE32, np.full(PEOPLE, 3, np.uint16))


def asked_in(week: int, number: int, first: int = 0, worlds: int = 1, seed: int = 1) -> Rows:
    """A week's requests of residents 0 up, of whom the `first` are put first in world 0."""
    who = np.arange(number, dtype=np.int64)
    tie = philox(who, week, Stream.RIVAL, 0, seed)[2].astype(np.int64)
    what = np.full(number, week, np.int64)
    for world in range(worlds):
        ahead = (who < first) & (world == 0)
        what |= np.where(ahead, FIRST | (MEASURE << 3), ORDINARY | (NO_MEASURE << 3)) << (WORLD_AT + EACH * world)
    return np.stack([(tie << TIE_AT) | (week * number + who), what], axis=1)


@dataclass
class Course:
    """What a queue went through: flows int64[week, world, flow], weeks as they were."""

    flows: Rows
    weeks: list[WeekOfQueues] = field(default_factory=list)

    def of(self, name: str, world: int = 0) -> Rows:
        """One flow by week."""
        return np.asarray(self.flows[:, world, FLOWS.index(name)])


def course(queue: Lines, asked: list[Rows], worlds: int = 1) -> Course:
    """Play so many weeks."""
    waiting, ended = np.zeros((0, 2), np.int64), np.zeros((0, WORLDS), np.uint8)
    found = []
    for week, rows in enumerate(asked):
        waiting, ended, one = play_rivals(queue, waiting, ended, [rows], worlds, week, 7 * len(asked), 1)
        found.append(one)
    return Course(np.stack([one.flows[:, 0].sum(axis=-1) for one in found]), found)


def cases() -> list[tuple[str, int, int]]:
    """Every case: what it is, expected, obtained."""
    asked = [asked_in(week, COME) for week in range(WEEKS)]
    enough, short = course(lines(COME, PATIENCE), asked), course(lines(GO, 250), asked)
    patient = course(lines(GO, PATIENCE), asked)
    channel = [asked_in(week, COME, AHEAD, 2) for week in range(WEEKS)]
    green = course(lines(GO, PATIENCE, 2), channel, 2)
    late = slice(WEEKS // 2, None)
    found = [
        ("places for all: waiting", 0, int(enough.of("waiting").sum())),
        ("places for all: weeks waited", 0, int(enough.of("wait_weeks").sum())),
        ("overload: most off the line 20 (w + 1)", 0, _off(short.of("waiting"))),
        ("overload with patience: gave up a week", COME - GO, int(patient.of("gave_up")[late].max())),
        ("overload with patience: served had waited", PATIENCE * GO, int(patient.of("wait_weeks")[-1])),
        ("overload with patience: waiting", PATIENCE * COME, int(patient.of("waiting")[-1])),
        ("green channel: places moved a week", AHEAD, int(green.of("moved")[-1])),
        ("green channel: moved in the twin", 0, int(green.of("moved", 1).sum())),
        ("green channel: served", int(green.of("served", 1).sum()), int(green.of("served").sum())),
        ("gained less lost", 0, int(sum((one.measures[:, :, 0] - one.measures[:, :, 1]).sum() for one in green.weeks))),
        ("lost by the measure", int(green.of("moved").sum()), int(sum(w.measures[0, MEASURE, 1] for w in green.weeks))),
    ]
    for name, one in (("overload", short), ("patience", patient), ("green channel", green)):
        found.append((f"{name}: filed less served, given up and change of waiting", 0, _off_the_books(one)))
    return found


def _off(waiting: Rows) -> int:
    return int(np.abs(waiting - (COME - GO) * np.arange(1, len(waiting) + 1)).max())


def _off_the_books(one: Course) -> int:
    change = np.diff(one.of("waiting"), prepend=0)
    return int(np.abs(one.of("filed") - one.of("served") - one.of("gave_up") - change).max())


def known(full: bool) -> Iterator[Case]:
    """All cases; there is but one size."""
    yield from (exactly(name, expected, got) for name, expected, got in cases())


def main() -> bool:
    """Print the table."""
    return show("Queues for a limited number of places", [*known(True)])


if __name__ == "__main__":
    sys.exit(not main())
