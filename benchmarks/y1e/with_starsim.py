"""The yardstick in starsim: a module of its own with states on people, and one random stream for each decision.

Day by day over whole arrays, the few who change by index; starsim draws a number for everybody at each decision, so
that runs share chance (its common random numbers). Kind and detection of an act share one number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import starsim as ss
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

Ids = NDArray[np.int64]
NONE: tuple[Ids, NDArray[np.int16]] = (np.zeros(0, np.int64), np.zeros(0, np.int16))


class Credit(ss.Module):  # type: ignore[misc]
    """Scores, one list and conduct, for everybody."""

    def __init__(self, residents: int, seed: int) -> None:
        super().__init__(name="credit")
        self.define_states(
            ss.IntArr("points", default=0),
            ss.IntArr("band", default=int(np.searchsorted(LIMITS, START, side="right"))),
            ss.BoolState("listed", default=False),
            ss.FloatArr("chance", default=OFFENCE + DEED),
        )
        self.acts = ss.bernoulli(p=lambda module, sim, uids: module.chance[uids], name="acts")
        self.details = ss.random(name="details")
        sizes = np.array(district_sizes(residents), np.int64)
        self.luck, self.made = np.random.default_rng(seed), empty(sizes)
        self.limits = np.concatenate([[0], np.cumsum(sizes)])
        self.district = np.repeat(np.arange(DISTRICTS), sizes)
        self.stock = np.zeros((DISTRICTS, len(BANDS)), np.int64)
        self.stock[:, np.searchsorted(LIMITS, START, side="right")] = sizes
        self.records: dict[int, tuple[Ids, NDArray[np.int16]]] = {}
        self.terms: dict[int, Ids] = {}
        self.kinds, self.seen = np.cumsum(CHANCES) / CHANCES.sum(), noticed()

    def step(self) -> None:
        """One day."""
        day = int(self.ti)
        if day >= DAYS:
            return
        if day and day % WEEK == 0:
            self.invent(day)
        self.look(day)
        self.act(day)

    def per_district(self, who: Ids) -> NDArray[np.int64]:
        """How many of `who` live in each district."""
        return np.bincount(self.district[who], minlength=DISTRICTS)

    def arrive(self, day: int, who: Ids, points: NDArray[np.int16]) -> None:
        """Put records down for the day on which they arrive."""
        before, of = self.records.get(day, NONE)
        self.records[day] = np.concatenate([before, who]), np.concatenate([of, points])

    def invent(self, first: int) -> None:
        """Make up the reports of a week."""
        resident, kind, weekday = invented_week(self.limits, self.luck)
        for day in range(first, min(first + WEEK, DAYS)):
            today = weekday == day - first
            self.arrive(day, resident[today], POINTS[kind[today]])
            self.made.invented[day] = self.per_district(resident[today])

    def look(self, day: int) -> None:
        """What arrives and what expires; bands and the list of those whom it concerns."""
        came, gone = self.records.get(day, NONE), self.records.pop(day - LIFE, NONE)
        np.add.at(self.points.raw, came[0], came[1])
        np.subtract.at(self.points.raw, gone[0], gone[1])
        who = ss.uids(np.unique(np.concatenate([came[0], gone[0]])))
        before = np.asarray(self.band[who])
        band = np.searchsorted(LIMITS, np.asarray(self.points[who]) + START, side="right")
        moved = band != before
        who, before, band = who[moved], before[moved], band[moved]
        np.add.at(self.stock, (self.district[who], band), 1)
        np.subtract.at(self.stock, (self.district[who], before), 1)
        self.band[who] = band
        self.made.bands[day] = self.stock
        free = ss.uids(self.terms.pop(day, NONE[0]))
        self.listed[free] = False
        joining = who[(band == 0) & ~np.asarray(self.listed[who])]
        self.listed[joining] = True
        self.terms[day + TERM] = np.asarray(joining)
        self.made.left[day], self.made.joined[day] = self.per_district(free), self.per_district(joining)

    def act(self, day: int) -> None:
        """Who does something today, what it is, and what is noticed of it."""
        who = self.acts.filter(self.sim.people.auids)
        number = self.details.rvs(who)
        kind = np.minimum(np.searchsorted(self.kinds, number, side="right"), len(POINTS) - 1)
        width = CHANCES[kind] / CHANCES.sum()
        offence = kind < OFFENCES
        known = ~offence | ((self.kinds[kind] - number) / width < self.seen[self.district[who]])
        self.made.offences[day] = self.per_district(who[offence])
        self.made.deeds[day] = self.per_district(who[~offence])
        self.made.detected[day] = self.per_district(who[offence & known])
        self.arrive(day + 1, np.asarray(who[known]), POINTS[kind[known]])


class Play:
    """A city that is set up; `run` plays it."""

    def __init__(self, residents: int, seed: int) -> None:
        self.credit = Credit(residents, seed)
        time: dict[str, Any] = {"start": "2019-01-07", "dur": ss.days(DAYS - 1), "dt": ss.days(1)}
        self.sim = ss.Sim(n_agents=residents, modules=self.credit, rand_seed=seed, verbose=0, copy_inputs=False, **time)
        self.sim.init()

    def run(self) -> Outcome:
        """Play all days."""
        self.sim.run()
        return self.credit.made
