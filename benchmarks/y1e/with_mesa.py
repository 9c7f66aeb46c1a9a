"""The yardstick in Mesa: one agent a resident, who looks at its own file and acts, day by day (`AgentSet.do`)."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque

import mesa
import numpy as np

from benchmarks.y1e.outcome import Outcome, empty
from benchmarks.y1e.rules import (
    BANDS,
    CHANCES,
    DAYS,
    DEED,
    HIGHEST,
    LIFE,
    LIMITS,
    OFFENCE,
    OFFENCES,
    START,
    TERM,
    WEEK,
    district_sizes,
    invented_week,
    noticed,
)
from benchmarks.y1e.rules import POINTS as POINTS_ARRAY

POINTS = POINTS_ARRAY.tolist()
KINDS = (np.cumsum(CHANCES) / CHANCES.sum()).tolist()


class Resident(mesa.Agent):  # type: ignore[misc]
    """Somebody with a file of (day of arrival, points), oldest first, and what arrives next."""

    def __init__(self, model: City, district: int, seen: float) -> None:
        super().__init__(model)
        self.district, self.seen, self.chance = district, seen, OFFENCE + DEED
        self.points, self.band, self.ends = 0, bisect_right(LIMITS, START), -1
        self.file: deque[tuple[int, int]] = deque()
        self.coming: list[tuple[int, int]] = []

    def step(self) -> None:
        """One day: records, look, act."""
        day = self.model.day
        if self.coming or self.ends == day or (self.file and self.file[0][0] == day - LIFE):
            self.look(day)
        if self.model.random.random() < self.chance:
            self.act(day)

    def look(self, day: int) -> None:
        """What arrives and what expires; band and list."""
        for record in [each for each in self.coming if each[0] == day]:
            self.coming.remove(record)
            self.file.append(record)
            self.points += record[1]
        while self.file and self.file[0][0] == day - LIFE:
            self.points -= self.file.popleft()[1]
        if self.ends == day:
            self.ends = -1
            self.model.left[self.district] += 1
        band = bisect_right(LIMITS, min(max(START + self.points, 0), HIGHEST))
        if band != self.band:
            self.model.stock[self.district][self.band] -= 1
            self.model.stock[self.district][band] += 1
            self.band = band
            if band == 0 and self.ends < 0:
                self.ends = day + TERM
                self.model.joined[self.district] += 1

    def act(self, day: int) -> None:
        """What it is, and whether it is noticed."""
        kind = bisect_right(KINDS, self.model.random.random())
        offence = kind < OFFENCES
        tables = self.model.made
        (tables.offences if offence else tables.deeds)[day, self.district] += 1
        if offence:
            if self.model.random.random() >= self.seen:
                return
            tables.detected[day, self.district] += 1
        self.coming.append((day + 1, POINTS[kind]))


class City(mesa.Model):  # type: ignore[misc]
    """The city: whose day it is, its stocks and tables."""

    def __init__(self, residents: int, seed: int) -> None:
        super().__init__(seed=seed)
        sizes = district_sizes(residents)
        self.day, self.made = 0, empty(np.array(sizes, np.int64))
        self.ends = np.concatenate([[0], np.cumsum(sizes)])
        self.luck = np.random.default_rng(seed)
        first = bisect_right(LIMITS, START)
        self.stock = [[size if place == first else 0 for place in range(len(BANDS))] for size in sizes]
        self.left, self.joined = [0] * len(sizes), [0] * len(sizes)
        chances = noticed().tolist()
        self.people = [Resident(self, place, chances[place]) for place, size in enumerate(sizes) for _ in range(size)]

    def step(self) -> None:
        """One day."""
        if self.day and self.day % WEEK == 0:
            self.invent()
        self.left, self.joined = [0] * len(self.left), [0] * len(self.joined)
        self.agents.do("step")
        self.made.bands[self.day] = self.stock
        self.made.left[self.day], self.made.joined[self.day] = self.left, self.joined
        self.day += 1

    def invent(self) -> None:
        """Make up the reports of a week."""
        for who, kind, weekday in zip(*(part.tolist() for part in invented_week(self.ends, self.luck)), strict=True):
            day = self.day + weekday
            self.people[who].coming.append((day, POINTS[kind]))
            if day < DAYS:
                self.made.invented[day, self.people[who].district] += 1


class Play:
    """A city that is set up; `run` plays it."""

    def __init__(self, residents: int, seed: int) -> None:
        self.city = City(residents, seed)

    def run(self) -> Outcome:
        """Play all days."""
        for _ in range(DAYS):
            self.city.step()
        return self.city.made
