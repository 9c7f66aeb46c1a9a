"""Findings without an act: what a machine that compares files takes for a debt or a fraud (M1).

docs/mechanisms.md, section 4. Where a policy says that an algorithm establishes a behaviour, everybody it covers is
compared, and of comparisons of somebody with nothing behind it a share shows a difference all the same: a year's
income divided into fortnights, a quarter's wages spread over weeks, a model's mark. Yearly findings of a resident of
cell c, by behaviour:

    comparisons_yearly * min(1, false_difference * f(c)) / (number of its conduct words)

with f the row's profile (whose income is uneven), the row by the provenance of the feed. Made between weeks for the
whole city as trials at the upper end of all rows' ranges, each accepted by the ratio of rate and upper end: so worlds
and values are coupled finding by finding. One lands on a drawn resident who is enrolled by the day it arrives; nobody
else is found. It is as wrong as an invented report (the same truth), but it is a claim of money and is settled like
others: by the payer of its class of debt, owed or not.

An approximation: who did act is compared like anybody, so a few in a thousand findings hit somebody who had done
something. The city knows no history of jobs; uneven incomes are a profile by age, registration and education.
Units: comparisons a person and year, shares, days. Source: see `recording.findings` in the assumptions; no rate of
such findings among those compared was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream, philox
from vitropolis.base.fixed import ONE32, exact, s32
from vitropolis.model.assumption_parts import Comparing
from vitropolis.model.assumptions import Assumptions
from vitropolis.model.enrolment import Entry, enrolled_on, entry_tables
from vitropolis.model.envelope import over_cells
from vitropolis.model.recording import Recording
from vitropolis.model.reports import MACHINE, Messages, kinds_at, messages_of
from vitropolis.model.rules import CELLS, INVENTED, NO_WAIT, WORDS
from vitropolis.model.worlds import Plan, World

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Findings:
    """What machines find under one epoch's rules: trials of a week, and the share of them that counts."""

    whole: Numbers  # [world, word, district]
    rest: Numbers  # the same, 32-bit
    share: Numbers  # [world, kind, cell], 32-bit
    entry: Entry


def yearly(held: Assumptions, row: Comparing, upper: bool = False) -> tuple[Fraction, ...]:
    """Findings a year of somebody without an act in every cell, by value or at the upper ends of the ranges."""
    often, share = row.comparisons_yearly, row.false_difference
    factors = over_cells(held.profiles[row.profile], upper)
    times, most = (exact(item.high if upper else item.value) for item in (often, share))
    return tuple(times * min(most * factor, Fraction(1)) for factor in factors)


def most_yearly(held: Assumptions) -> Fraction:
    """The most findings a year that any value inside its range gives anybody."""
    return max(max(yearly(held, row, upper=True)) for _, row in held.recording.findings.items())


class Comparer:
    """What machines compare in every epoch of a run; `findings` adds what is in force."""

    def __init__(self, plan: Plan, districts: Sequence[str]) -> None:
        self.plan, self.most = plan, most_yearly(plan.worlds[0].assumptions)
        self.rows = [[world.compares(item) for item in world.behaviours.values()] for world in plan.worlds]
        rates = [row.comparisons_yearly.value * row.false_difference.value for each in self.rows for row in each if row]
        self.entry = entry_tables(plan, districts) if any(rates) else None

    def findings(self, sizes: Sequence[int], rules: Any) -> Findings | None:
        """What is found under one epoch's rules (None: nothing ever); `sizes` are the residents of each district."""
        if self.entry is None:
            return None
        shape = (len(self.plan.worlds), WORDS, len(sizes))
        whole, rest = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        share = np.zeros((len(self.plan.worlds), len(self.plan.kinds), CELLS), np.int64)
        for number, world in enumerate(self.plan.worlds):
            for place, kind in enumerate(self.plan.kinds):
                behaviour = kind.behaviours[number]
                if behaviour >= 0 and rules["in_force"][number, behaviour]:
                    share[number, place] = self._share(number, world, behaviour)
                if share[number, place].any():
                    trials = [size * self._trials(number, kind.word, rules) for size in sizes]
                    whole[number, kind.word] = [each // 1 for each in trials]
                    rest[number, kind.word] = [ONE32 * (each % 1) // 1 for each in trials]
        return Findings(whole, rest, share, self.entry)

    def _share(self, number: int, world: World, behaviour: int) -> list[int]:
        """Of trials that fall to a behaviour, those that count, by cell."""
        row = self.rows[number][behaviour]
        if row is None:
            return [0] * CELLS
        words = len(list(world.behaviours.values())[behaviour].conduct)
        return [s32(rate / words / self.most) for rate in yearly(world.assumptions, row)]

    def _trials(self, number: int, word: int, rules: Any) -> Fraction:
        """Trials a resident and week of a word: as many for each behaviour in force that names it."""
        world, name = self.plan.worlds[number], self.plan.words[word]
        named = sum(
            name in item.conduct and bool(rules["in_force"][number, place])
            for place, item in enumerate(world.behaviours.values())
        )
        return named * self.most * Fraction(7, 365)


def machine_findings(plan: Plan, city: Any, register: Recording, found: Findings, week: int) -> Messages:
    """Make what machines find in one week (1 up), for everybody whom a draw names and the policy covers."""
    word, district, rank, tried = _trials(plan, found, week)
    where, route, when, mark = philox(word << 4 | district, week, Stream.FINDING, rank, plan.chance).astype(np.int64)
    ends = np.asarray(city.district_ends, np.int64)
    resident = ends[district] + ((where * (ends[district + 1] - ends[district])) >> 32)
    kind, cell = kinds_at(plan, register.first_kind, word, route), city.cell[resident]
    wanted = tried & (mark < found.share[:, kind, cell]) & (register.possible[cell, word] > 0)
    some = np.flatnonzero(wanted.any(axis=0))
    resident, kind, word, when, wanted = resident[some], kind[some], word[some], when[some], wanted[:, some]
    day = 7 * week + ((when * 7) >> 32)
    wanted &= enrolled_on(found.entry, city, resident, plan.seed) <= day
    waits = _waits(register, found.entry, city, word, resident, when & 255, plan.seed)
    return _packed(plan, resident, kind, wanted, day, waits)


def _trials(plan: Plan, found: Findings, week: int) -> tuple[Numbers, Numbers, Numbers, NDArray[np.bool_]]:
    """Word, district and number (1 up) of every trial of a week, and in which worlds it is one: [world, n]."""
    words, districts = np.meshgrid(np.arange(WORDS), np.arange(found.whole.shape[2]), indexing="ij")
    luck = philox(words << 4 | districts, week, Stream.FINDING, 0, plan.chance)[0].astype(np.int64)
    numbers = found.whole + (luck < found.rest)
    most = numbers.max(axis=0).ravel()
    word, district = np.repeat(words.ravel(), most), np.repeat(districts.ravel(), most)
    rank = np.arange(word.size) - np.repeat(np.cumsum(most) - most, most) + 1
    return word, district, rank, rank <= numbers[:, word, district]


def _waits(
    register: Recording, entry: Entry, city: Any, word: Numbers, resident: Numbers, quantile: Numbers, seed: int
) -> Numbers:
    """Days from the alleged day to settlement in every world, as the class of debt is paid: [world, n]."""
    draw = philox(resident, 0, Stream.PAYER, 0, seed)[0].astype(np.int64)
    waits = np.full((len(register.debt), len(resident)), NO_WAIT, np.int64)
    for world, paid in enumerate(waits):
        ends, debt = entry.payers[world, city.income[resident]], register.debt[world, word]
        payer = register.payer[world, debt].astype(np.int64)
        own = (draw >= ends[:, 0]).astype(np.int64) + (draw >= ends[:, 1])
        settled = register.waits[world, debt, np.where(payer > 0, payer - 1, own), quantile]
        paid[:] = np.where(debt < 0, NO_WAIT, settled)
    return waits


def _packed(plan: Plan, resident: Numbers, kind: Numbers, wanted: Any, day: Numbers, waits: Numbers) -> Messages:
    """Put findings into messages; worlds in which one is settled alike share it."""
    parts, left = [], wanted.copy()
    for world, wait in enumerate(waits):
        same = left & left[world] & (waits == wait)
        parts.append(messages_of(resident, MACHINE, kind, INVENTED, same, day, plan.days, wait))
        left &= ~same
    return np.concatenate(parts)
