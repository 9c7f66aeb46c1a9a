"""Drives against accounts (M12): exactly so many are removed, of whom the draws or the accusers name.

docs/mechanisms.md, section 18. A campaign of `count` accounts, scaled to the size of the city, is spread evenly over
its days like a quota. Under `uniform` anybody with an account is taken, under `accusation` people who were seen to
do what it is aimed at, save the share `error`, who are anybody. Nobody is chosen by reach, contacts or opinion. A
removed account does nothing online until it comes back.

Units: accounts, days. Source: none; that everybody older than 14 has one with the same chance is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream, philox
from vitropolis.base.fixed import ONE32, exact, s32
from vitropolis.base.kernels import inner, int64, kernel
from vitropolis.base.kernels import philox as draw
from vitropolis.model.news import ACCOUNT_AT, REMOVED, SEEN_AT
from vitropolis.model.rules import ALL_WORLDS, WORDS, WORLDS
from vitropolis.model.speech import NATURE, ONLINE
from vitropolis.model.worlds import Plan
from vitropolis.policy import PERSON_WORDS
from vitropolis.policy.triggers import AccountsCampaign

ACCOUNT, REMOVAL = int(Stream.ACCOUNT), int(Stream.REMOVAL)
LEAST_AGE = 15
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Drive:
    """One campaign against accounts in one world: its days of the run, how many in all, aimed at which words."""

    world: int
    place: int  # among the policy's campaigns
    starts: int
    ends: int
    count: int
    accusation: bool
    error: Fraction
    accounts: int  # share of people who have one, 32-bit
    aimed: tuple[int, ...]

    def due(self, day: int) -> int:
        """Accounts removed when `day` begins, if it is the first of a week."""
        past = min(day, self.ends) - self.starts
        return self.count * past // (self.ends - self.starts) if past > 0 else 0

    def mistaken(self, day: int) -> int:
        """How many of them were mistaken for somebody who is accused."""
        return int(self.due(day) * self.error // 1)


def drives_of(plan: Plan, residents: int) -> list[Drive]:
    """All campaigns against accounts that have days in the horizon, scaled to the size of the city."""
    found = []
    for number, world in enumerate(plan.worlds):
        written, held = world.policy.population.residents, world.assumptions.speech
        for place, item in enumerate(world.policy.campaigns.values()):
            if not isinstance(item, AccountsCampaign):
                continue
            starts, ends = ((day - plan.start).days for day in (item.starts_on, item.ends_before))
            if ends <= max(starts, 0) or starts >= plan.days:
                continue
            left = Fraction(ends - max(starts, 0), ends - starts)  # of a campaign that began before the horizon
            day = max(item.starts_on, plan.start)
            base = written.on(day) if written is not None else residents
            count = round(item.count.on(day) * left * residents / base)
            aimed = item.aimed_at or tuple(
                word for word, nature in zip(PERSON_WORDS, NATURE, strict=True) if nature & ONLINE
            )
            words = tuple(PERSON_WORDS.index(word) for word in aimed if word in PERSON_WORDS)
            error, accounts = exact(held.error.value), s32(exact(held.has_account.value))
            accusation = held.mode == "accusation"
            found.append(Drive(number, place, max(starts, 0), ends, count, accusation, error, accounts, words))
    return found


@kernel
def people_in_order(
    ages: Any, place: Any, share: Any, bound: Any, key0: Any, key1: Any, resident: Any, lot: Any
) -> Any:
    """Find everybody with an account whose draw lies below `bound`; return how many, as far as there is room."""
    found = 0
    for who in range(ages.size):
        if ages[who] < LEAST_AGE:
            continue
        mine, _, _, _ = draw(who, place, REMOVAL, 0, key0, key1)
        if int64(mine) >= bound:
            continue
        has, _, _, _ = draw(who, 0, ACCOUNT, 0, key0, key1)
        if int64(has) >= share:
            continue
        if found < resident.size:
            resident[found], lot[found] = who, mine
        found += 1
    return found


class Drives:
    """The drives of a run, and the orders in which they would take everybody."""

    def __init__(self, plan: Plan, city: Any) -> None:
        self.plan, self.city, self.all = plan, city, drives_of(plan, city.n)
        self._most = sum(drive.count for drive in self.all)
        self._orders: dict[tuple[int, int], Rows] = {}

    def order(self, drive: Drive) -> Rows:
        """People with an account by (draw, number): as many as can ever be needed."""
        key = (drive.place, drive.accounts)
        if key not in self._orders:
            self._orders[key] = self._drawn(drive, min(ONE32, ONE32 * (8 * self._most + 4000) // self.city.n))
        return self._orders[key]

    def _drawn(self, drive: Drive, bound: int) -> Rows:
        ages, seed = np.asarray(self.city.age).view(np.ndarray), self.plan.chance
        room = self.city.n if bound == ONE32 else 2 * (8 * self._most + 4000)
        resident, lot = np.zeros(room, np.int64), np.zeros(room, np.int64)
        keys = np.uint32(seed & 0xFFFFFFFF), np.uint32(seed >> 32)
        found = people_in_order(ages, drive.place, drive.accounts, bound, *keys, resident, lot)
        if bound < ONE32 and (found > room or found < self._most):
            return self._drawn(drive, ONE32)
        order = np.lexsort((resident[:found], lot[:found]))
        return resident[order][: self._most].copy()

    def aimed(self, week: int) -> NDArray[np.uint8]:
        """Whether a drive that runs is aimed at a word, uint8[weekday, world, word]."""
        table = np.zeros((7, len(self.plan.worlds), WORDS), np.uint8)
        for drive in self.all:
            days = [day for day in range(7) if drive.starts <= 7 * week + day < drive.ends]
            for word in drive.aimed:
                table[days, drive.world, word] = 1
        return table

    def removals(self, week: int, spoken: Rows, removed: Rows) -> Rows:
        """Whose accounts are removed when a week begins, [n, 2] of resident and world's bit.

        `spoken`, `removed` [n, 2] of resident and worlds: who was seen to do what a drive is aimed at, who was removed.
        """
        now = [removed]
        for drive in self.all:
            found = self._taken(drive, week, spoken, np.concatenate(now))
            now.append(np.stack([found, np.full(len(found), 1 << drive.world)], axis=1).astype(np.int64))
        rows = np.concatenate([np.zeros((0, 2), np.int64), *now[1:]])
        return rows[np.lexsort((rows[:, 1], rows[:, 0]))]

    def _taken(self, drive: Drive, week: int, spoken: Rows, removed: Rows) -> Rows:
        today, before = 7 * week, 7 * week - 7
        number = drive.due(today) - drive.due(before)
        if number <= 0:
            return np.zeros(0, np.int64)
        gone = residents_in(removed, drive.world)
        accused = np.zeros(0, np.int64)
        if drive.accusation:
            wanted = number - (drive.mistaken(today) - drive.mistaken(before))
            accused = self._accused(drive, np.setdiff1d(residents_in(spoken, drive.world), gone))[:wanted]
        order = self.order(drive)
        rest = order[~np.isin(order, np.concatenate([gone, accused]))]
        return np.concatenate([accused, rest[: number - len(accused)]])

    def _accused(self, drive: Drive, people: Rows) -> Rows:
        seed = self.plan.chance
        has = philox(people, 0, ACCOUNT, 0, seed)[0].astype(np.int64) < drive.accounts
        people = people[has & (np.asarray(self.city.age)[people] >= LEAST_AGE)]
        return people[np.lexsort((people, philox(people, drive.place, REMOVAL, 0, seed)[0]))]


def residents_in(rows: Rows, world: int) -> Rows:
    """Residents of rows (resident, worlds) that hold in a world, sorted, each once."""
    return np.unique(rows[(rows[:, 1] >> world) & 1 == 1, 0])


def news_of(removals: Rows) -> Rows:
    """Removals as news: resident, REMOVED, worlds."""
    return np.insert(removals, 1, REMOVED, axis=1)


def by_world(removals: Rows, spoken: Rows, worlds: int) -> Iterator[tuple[int, int]]:
    """For each world how many are removed now, and how many of them did nothing that a drive is aimed at."""
    for world in range(worlds):
        mine = residents_in(removals, world)
        yield len(mine), len(np.setdiff1d(mine, residents_in(spoken, world))) if len(mine) else 0


@kernel
def come_back(where: Any, returns: Any, state: Any) -> None:
    """Give removed accounts back when a week begins: in each world with its weekly chance, by one draw."""
    for place in range(state.away.size):
        gone = (int64(state.away[place]) >> ACCOUNT_AT) & ALL_WORLDS
        if not gone:
            continue
        lot, _, _, _ = draw(where.first + place, where.starts // 7, ACCOUNT, 1, where.key0, where.key1)
        for world in range(returns.size):
            if (gone >> world) & 1 and int64(lot) < returns[world]:
                state.away[place] = int64(state.away[place]) & ~(1 << (ACCOUNT_AT + world))


@inner
def notice(aimed: Any, worlds: Any, at: Any, word: Any, state: Any) -> None:
    """Note who does what a running drive of a world is aimed at, for the first time: a row for the city."""
    seen = 0
    for world in range(state.held.shape[0]):
        fresh = (int64(state.away[at.place]) >> (SEEN_AT + world)) & 1 == 0
        if aimed[at.weekday, world, word] and (worlds >> world) & 1 and fresh:
            seen |= 1 << world
    if seen:
        state.away[at.place] = int64(state.away[at.place]) | (seen << SEEN_AT)
        state.spoken[state.marks[7]] = (at.resident << WORLDS) | seen
        state.marks[7] += 1
