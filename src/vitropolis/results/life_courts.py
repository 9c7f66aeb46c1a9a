"""Answers to appeals that a household files otherwise than in the run: given by the queues of its district.

The tape has every appeal of the run. So the queues can be played again with what the household files under a change in
the place of what it filed then, by the same draws and in the same order, until the last week played. Nobody else's
appeals change, and nobody else's answers are taken from here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.npyfile import read_npy
from vitropolis.city.city import City
from vitropolis.engine.between import Broadcast, make_counts, new_city_state, play_queues, take_answers
from vitropolis.engine.run import Tables
from vitropolis.model.rules import ONE_WORLD
from vitropolis.results.folder import INDICATORS, UNFINISHED
from vitropolis.results.reader import OpenRun
from vitropolis.results.sums import counted_in_file, counted_in_weeks
from vitropolis.results.tape import Tape, in_order

Rows = NDArray[np.int64]


class Courts:
    """The queues of one household's district, under a change.

    enrolled: gives int64[week, world, district], at the end of each week; asked for once, if at all. worked_out: by
    world, how many answers reached the household that the run did not give it.
    """

    def __init__(self, tables: Tables, tape: Tape, home: range, enrolled: Callable[[], Rows]) -> None:
        self.tables, self.tape, self.home, self.read_enrolled = tables, tape, home, enrolled
        self.district = _bounds(tables.city, home.start)
        self.apart = False  # whether the household has filed something else than in the run
        self.worked_out: Counter[int] = Counter()

    def answered(self, said: Broadcast) -> Broadcast:
        """A week's broadcast with the answers to what the household has filed under the change."""
        if not self.apart:
            return said
        mine = _of(take_answers(self.state, said.week), self.home)
        told = {tuple(row) for row in _of(said.answers, self.home).tolist()}
        self.worked_out.update(row[2] & ONE_WORLD for row in mine.tolist() if tuple(row) not in told)
        return replace(said, answers=mine)

    def hear(self, week: int, filed: Rows) -> None:
        """Take in what the household has filed in a week: int64[n, 3] of resident, day << FILED_AT | world, record."""
        told = self.tape.appeals(week)
        if not self.apart:
            if np.array_equal(in_order(filed), in_order(_of(told, self.home))):
                return
            self._catch_up(week)
        self._play(week, np.concatenate([_of(told, self.district, but=self.home), filed]))

    def _catch_up(self, week: int) -> None:
        """Play the district's queues as in the run up to a week."""
        plan, city = self.tables.plan, self.tables.city
        self.state = new_city_state(plan, city, make_counts(plan, city, self.tables.spans))
        self.enrolled, self.apart = self.read_enrolled(), True
        for before in range(week):
            self._play(before, _of(self.tape.appeals(before), self.district))
            take_answers(self.state, before + 1)  # the household has had them from the tape

    def _play(self, week: int, filed: Rows) -> None:
        if week:
            self.state.enrolled[:, : self.enrolled.shape[2]] = self.enrolled[week - 1]
        play_queues(self.tables.plan, self.tables.city, self.state, week, filed)


def _bounds(city: City, resident: int) -> range:
    """The residents of a resident's district."""
    place = city.district_of(resident)
    return range(int(city.district_ends[place]), int(city.district_ends[place + 1]))


def _of(rows: Rows, residents: range, but: range = range(0)) -> Rows:
    """The rows about some residents (first column), less those about some of them."""
    who = rows[:, 0]
    inside = (who >= residents.start) & (who < residents.stop)
    return np.ascontiguousarray(rows[inside & ~((who >= but.start) & (who < but.stop))])


def enrolled_in(run: OpenRun) -> Rows:
    """How many were enrolled at the end of each week played: int64[week, world, district]."""
    plan, city, kept = run.setup.plan, run.city, run.checkpoint
    if run.complete or kept is None:
        counted = counted_in_file(plan, city, run.folder / INDICATORS)
    else:
        rows, _ = kept.said["facts"]["rows"]["weeks"]
        weeks = np.array(read_npy(run.folder / UNFINISHED / "weeks.npy")[:rows])
        counted = counted_in_weeks(plan, len(city.district_names), weeks)
    return counted["enrolled"].swapaxes(0, 1)
