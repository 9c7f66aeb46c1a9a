"""Reports with no act behind them: invented ones, and what a department finds to fill a quota (M1).

docs/mechanisms.md, section 4. Both are made between weeks for the whole city, as messages to whoever they land on; the
number is fixed by expectation and one draw, so that worlds and assumption values are coupled report by report.

Invented, by word, district and week: floor or ceiling of N * 7/365 * rate * the sum over behaviours of detection *
`invented` (reports a true report), landing on residents drawn evenly from the district. Quota: records that a
campaign's count lacks by today, spread evenly over its days, are found with residents and behaviours drawn evenly.
Source: none; rates are assumed, quotas are the policy's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream, philox
from vitropolis.base.fixed import ONE32, exact
from vitropolis.model.files import ACT_AT, DELAY_AT, KIND_AT, TRUTH_AT, WORLDS_AT
from vitropolis.model.registers import Registrar
from vitropolis.model.rules import INVENTED, NO_WAIT, QUOTA, WORDS
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import PERSON_WORDS, Value
from vitropolis.policy.triggers import RecordsCampaign

INVENTOR, QUOTA_OFFICE, MACHINE = -1, -2, -3  # what stands as source of a message that no resident caused
Messages = NDArray[np.int64]  # [n, 3]: resident, source, record


@dataclass(frozen=True)
class Expected:
    """How many invented reports a week brings, under one epoch's rules: whole part and 32-bit rest."""

    whole: NDArray[np.int64]  # [world, word, district]
    rest: NDArray[np.int64]
    in_force: NDArray[np.bool_]  # [world, kind]
    first_kind: NDArray[np.int64]  # [word]: where its kinds begin


def expected_reports(registrar: Registrar, sizes: Sequence[int], rules: Any, epoch: int) -> Expected:
    """Work out the expected number of invented reports in an epoch; `sizes` are the residents of each district."""
    plan = registrar.plan
    shape = (len(plan.worlds), WORDS, len(sizes))
    whole, rest = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for number in range(len(plan.worlds)):
        for word in range(WORDS):
            for district, per_head in enumerate(_per_head(registrar, number, word, rules)):
                whole[number, word, district], part = divmod(sizes[district] * per_head, 1)
                rest[number, word, district] = ONE32 * part // 1
    behaviours = np.array([kind.behaviours for kind in plan.kinds], np.int64).T
    forces = np.array([rules["in_force"][number][row] for number, row in enumerate(behaviours)], bool)
    first = np.array(plan.routing.first[epoch], np.int64)
    return Expected(whole, rest, forces & (behaviours >= 0), first)


def _per_head(registrar: Registrar, number: int, word: int, rules: Any) -> Iterator[Fraction]:
    """Invented reports of a word for a resident and week, by district."""
    world, name = registrar.plan.worlds[number], PERSON_WORDS[word]
    named = [place for place, item in enumerate(world.behaviours.values()) if name in item.conduct]
    places = [place for place in named if rules["in_force"][number, place]]
    weekly = exact(world.assumptions.conduct[name].rate.value) * Fraction(7, 365)
    totals = [Fraction(0)] * len(registrar.districts)
    for place in places:
        invented = exact(registrar.clerks[number][place].errors["invented"].value)
        shares = registrar.caught(number, place, word)
        totals = [total + share * invented for total, share in zip(totals, shares, strict=True)]
    return (weekly * total / max(1, len(places)) for total in totals)


def invented_reports(plan: Plan, city: Any, possible: Any, expected: Expected, week: int) -> Messages:
    """Make the invented reports of one week (1 up)."""
    words, districts = np.meshgrid(np.arange(WORDS), np.arange(expected.whole.shape[2]), indexing="ij")
    luck = philox(words, week, Stream.INVENTED, districts << 20, plan.chance)[0].astype(np.int64)
    numbers = expected.whole + (luck < expected.rest)
    most = numbers.max(axis=0)
    word, district = np.repeat(words.ravel(), most.ravel()), np.repeat(districts.ravel(), most.ravel())
    rank = np.arange(word.size) - np.repeat(np.cumsum(most.ravel()) - most.ravel(), most.ravel()) + 1
    where, route, when, _ = philox(word, week, Stream.INVENTED, (district << 20) | rank, plan.chance).astype(np.int64)
    first = np.asarray(city.district_ends, np.int64)
    resident = first[district] + ((where * (first[district + 1] - first[district])) >> 32)
    kind = kinds_at(plan, expected.first_kind, word, route)
    wanted = (rank <= numbers[:, word, district]) & expected.in_force[:, kind]
    wanted &= possible[city.cell[resident], word] > 0
    return messages_of(resident, INVENTOR, kind, INVENTED, wanted, 7 * week + ((when * 7) >> 32), plan.days)


def kinds_at(plan: Plan, first: Any, word: NDArray[np.int64], route: NDArray[np.int64]) -> NDArray[np.int64]:
    """The kinds of record that route draws of words fall to; `first`: where each word's kinds begin."""
    ends = np.array([kind.route_end for kind in plan.kinds], np.int64)
    kind: NDArray[np.int64] = np.asarray(first, np.int64)[word]
    while (further := route >= ends[kind]).any():
        kind = kind + further
    return kind


def messages_of(
    resident: Any, source: int, kind: Any, truth: int, wanted: Any, day: Any, days: int, wait: Any = NO_WAIT
) -> Messages:
    """Pack reports that arrive on `day` of an act alleged for the day before, settled after `wait` days.

    `wanted` is [world, n].
    """
    worlds = sum(
        (row.astype(np.int64) << number for number, row in enumerate(wanted)), np.zeros(len(resident), np.int64)
    )
    record = (
        (kind << KIND_AT) | (truth << TRUTH_AT) | (worlds << WORLDS_AT) | ((day - 1) << ACT_AT) | (1 << DELAY_AT) | wait
    )
    kept = (worlds > 0) & (day < days)
    made: Messages = np.stack([resident, np.full(len(resident), source), record], axis=1).astype(np.int64)[kept]
    return made


@dataclass(frozen=True)
class Quota:
    """One campaign for records in one world: days of the period, count at this size on each week's first day."""

    world: int
    place: int  # among the policy's campaigns
    feed: str
    starts: int
    ends: int
    counts: tuple[int, ...]  # [week]

    def missing(self, week: int, arrived: int) -> int:
        """Records to be found in the week; `arrived`: of the feed, since the week in which the period began."""
        first = 7 * week
        if first <= self.starts or first > self.ends + 6:
            return 0
        due = self.counts[week] * (min(first, self.ends) - self.starts) // (self.ends - self.starts)
        return max(0, due - arrived)


def quotas_of(plan: Plan, residents: int) -> list[Quota]:
    """List the campaigns for records of all worlds, scaled to the size of the city."""
    found = []
    for number, world in enumerate(plan.worlds):
        written = world.policy.population.residents
        for place, item in enumerate(world.policy.campaigns.values()):
            if isinstance(item, RecordsCampaign) and not world.policy.is_firm_feed(item.feed):
                starts, ends = ((day - plan.start).days for day in (item.starts_on, item.ends_before))
                left = Fraction(ends - max(starts, 0), ends - starts)  # of a campaign that began before the horizon
                dates = [plan.date(7 * week) for week in range(plan.weeks)]
                counts = tuple(_scaled(item, written, day, residents, left) for day in dates)
                if ends > 0:
                    found.append(Quota(number, place, item.feed, max(starts, 0), ends, counts))
    return found


def _scaled(campaign: RecordsCampaign, written: Value[int] | None, day: date, residents: int, left: Fraction) -> int:
    """The count in force on a day at the size of this city, as far as the period lies in the horizon; 0 before it."""
    if day < campaign.starts_on:
        return 0
    base = written.on(day) if written is not None else residents
    return round(campaign.count.on(day) * left * residents / base)


def quota_reports(
    plan: Plan, city: Any, possible: Any, expected: Expected, quota: Quota, week: int, missing: int
) -> Messages:
    """Find `missing` records in the week for a quota: whoever the draws name, where the word is possible."""
    world = plan.worlds[quota.world]
    open_to = [
        [
            place
            for place, kind in enumerate(plan.kinds)
            if kind.behaviours[quota.world] == number and expected.in_force[quota.world, place]
        ]
        for number, item in enumerate(world.behaviours.values())
        if item.feed == quota.feed
    ]
    choices = [_lowest_routes(plan, world, kinds) for kinds in open_to if kinds]
    if not choices or not missing:
        return np.zeros((0, 3), np.int64)
    tries = np.arange(4 * missing + 100)
    where, which, when, _ = philox(quota.place, week, Stream.QUOTA, tries, plan.chance).astype(np.int64)
    resident = (where * city.n) >> 32
    behaviour = (which * len(choices)) >> 32
    kind = np.full(tries.size, -1, np.int64)
    for number, kinds in enumerate(choices):
        for place in reversed(kinds):
            fits = (behaviour == number) & (possible[city.cell[resident], plan.kinds[place].word] > 0)
            kind = np.where(fits, place, kind)
    taken = np.flatnonzero(kind >= 0)[:missing]
    wanted = np.zeros((len(plan.worlds), taken.size), bool)
    wanted[quota.world] = True
    day = 7 * week + ((when[taken] * 7) >> 32)
    return messages_of(resident[taken], QUOTA_OFFICE, kind[taken], QUOTA, wanted, day, plan.days)


def _lowest_routes(plan: Plan, world: World, kinds: Sequence[int]) -> list[int]:
    """One kind for each word of a behaviour, in the order the behaviour names them."""
    number = next(place for place, other in enumerate(plan.worlds) if other is world)
    behaviour = list(world.behaviours.values())[plan.kinds[kinds[0]].behaviours[number]]
    by_word: dict[int, int] = {}
    for place in kinds:
        by_word.setdefault(plan.kinds[place].word, place)
    words = [PERSON_WORDS.index(name) for name in behaviour.conduct]
    return [by_word[word] for word in words if word in by_word]
