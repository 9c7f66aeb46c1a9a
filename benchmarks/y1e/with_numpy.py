"""The yardstick in NumPy: day by day over whole columns, with the few who change dealt with by index.

Records lie in a calendar by the day they arrived, so that what expires today is one entry of it. Chances are a column:
they may differ between residents, and no version may use that here they do not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.y1e.outcome import Outcome, empty
from benchmarks.y1e.rules import (
    BANDS,
    CHANCES,
    DAYS,
    DEED,
    DISTRICTS,
    LIFE,
    LIMITS,
    OFFENCE,
    OFFENCES,
    POINTS,
    START,
    TERM,
    WEEK,
    district_sizes,
    invented_week,
    noticed,
)

Ids = NDArray[np.int32]
NONE: tuple[Ids, NDArray[np.int16]] = (np.zeros(0, np.int32), np.zeros(0, np.int16))


class Play:
    """A city that is set up; `run` plays it."""

    def __init__(self, residents: int, seed: int) -> None:
        self.rng = np.random.Generator(np.random.SFC64(seed))
        sizes = np.array(district_sizes(residents), np.int64)
        self.ends = np.concatenate([[0], np.cumsum(sizes)])
        self.made = empty(sizes)
        self.district = np.repeat(np.arange(DISTRICTS, dtype=np.int8), sizes)
        self.chance = np.full(residents, OFFENCE + DEED, np.float32)
        self.points = np.zeros(residents, np.int16)
        self.band = np.full(residents, np.searchsorted(LIMITS, START, side="right"), np.int8)
        self.listed = np.zeros(residents, np.bool_)
        self.luck = np.zeros(residents, np.float32)
        self.records: dict[int, tuple[Ids, NDArray[np.int16]]] = {}  # by day of arrival: whose, points
        self.terms: dict[int, Ids] = {}  # by day on which they end
        self.kinds, self.seen = np.cumsum(CHANCES) / CHANCES.sum(), noticed()
        self.stock = np.zeros((DISTRICTS, len(BANDS)), np.int64)
        self.stock[:, self.band[0]] = sizes

    def run(self) -> Outcome:
        """Play all days."""
        for day in range(DAYS):
            if day and day % WEEK == 0:
                self.invent(day)
            self.look(day)
            self.act(day)
        return self.made

    def per_district(self, who: Ids) -> NDArray[np.int64]:
        """How many of `who` live in each district."""
        return np.bincount(self.district[who], minlength=DISTRICTS)

    def arrive(self, day: int, who: Ids, points: NDArray[np.int16]) -> None:
        """Put records down for the day on which they arrive."""
        before, of = self.records.get(day, NONE)
        self.records[day] = np.concatenate([before, who]), np.concatenate([of, points])

    def invent(self, first: int) -> None:
        """Make up the reports of a week."""
        resident, kind, weekday = invented_week(self.ends, self.rng)
        for day in range(first, min(first + WEEK, DAYS)):
            today = weekday == day - first
            who = resident[today].astype(np.int32)
            self.arrive(day, who, POINTS[kind[today]])
            self.made.invented[day] = self.per_district(who)

    def look(self, day: int) -> None:
        """What arrives and what expires; bands and the list of those whom it concerns."""
        came, gone = self.records.get(day, NONE), self.records.pop(day - LIFE, NONE)
        np.add.at(self.points, came[0], came[1])
        np.subtract.at(self.points, gone[0], gone[1])
        who = np.unique(np.concatenate([came[0], gone[0]]))
        before = self.band[who]
        band = np.searchsorted(LIMITS, self.points[who] + START, side="right").astype(np.int8)
        moved = band != before
        who, before, band = who[moved], before[moved], band[moved]
        np.add.at(self.stock, (self.district[who], band), 1)
        np.subtract.at(self.stock, (self.district[who], before), 1)
        self.band[who] = band
        self.made.bands[day] = self.stock
        free = self.terms.pop(day, NONE[0])
        self.listed[free] = False
        joining = who[(band == 0) & ~self.listed[who]]
        self.listed[joining] = True
        self.terms[day + TERM] = joining
        self.made.left[day], self.made.joined[day] = self.per_district(free), self.per_district(joining)

    def act(self, day: int) -> None:
        """Who does something today, what it is, and what is noticed of it."""
        self.rng.random(out=self.luck, dtype=np.float32)
        who = np.flatnonzero(self.luck < self.chance).astype(np.int32)
        kind = np.searchsorted(self.kinds, self.rng.random(who.size), side="right")
        offence = kind < OFFENCES
        known = ~offence | (self.rng.random(who.size) < self.seen[self.district[who]])
        self.made.offences[day] = self.per_district(who[offence])
        self.made.deeds[day] = self.per_district(who[~offence])
        self.made.detected[day] = self.per_district(who[offence & known])
        self.arrive(day + 1, who[known], POINTS[kind[known]])
