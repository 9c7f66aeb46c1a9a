"""What departments make up before a week is played: invented reports, and what is found for a quota. Section 4."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

from tests.oracle.assumed import value
from tests.oracle.chances import ONE32, nearest
from tests.oracle.philox import INVENTED, QUOTA
from tests.oracle.recording import Departments, Written
from tests.oracle.records import INVENTED as MADE_UP
from tests.oracle.records import QUOTA as FOUND
from tests.oracle.records import UNSETTLED
from tests.oracle.today import behaviour_in_force
from tests.oracle.world import World

from vitropolis.policy.triggers import RecordsCampaign
from vitropolis.policy.words import PERSON_WORDS

Key = tuple[int, int, int]  # which word and district, or campaign; which report


def invented_reports(departments: Departments, day: int) -> Iterator[tuple[Key, Written]]:
    """Reports with no act behind them in the week that begins on `day`."""
    world = departments.world
    for word in range(len(PERSON_WORDS)):
        for district in range(len(world.city.district_names)):
            expected = _expected(departments, word, district)
            if expected:
                yield from _reports(world, word, district, expected, day)


def _expected(departments: Departments, word: int, district: int) -> Fraction:
    world = departments.world
    naming = world.kinds.naming[word][(world.today.date - world.kinds.start).days][world.place]
    naming = [name for name in naming if departments.in_force(name)]
    share = sum(
        (
            departments.seen[behaviour, word, district] * departments.errors[behaviour]["invented"] / len(naming)
            for behaviour in naming
        ),
        Fraction(0),
    )
    if not share:
        return share
    return world.city.district_sizes[district] * Fraction(7, 365) * value(world.assumed.words[word].rate) * share


def _reports(world: World, word: int, district: int, expected: Fraction, day: int) -> Iterator[tuple[Key, Written]]:
    def draw(report: int) -> tuple[int, int, int, int]:
        return world.chance.draw(word, day // 7, INVENTED, district << 20 | report)

    number = expected.__floor__()
    number += draw(0)[0] < (ONE32 * (expected - number)).__floor__()
    for report in range(1, number + 1):
        e = draw(report)
        on = world.city.district_first[district] + (e[0] * world.city.district_sizes[district] >> 32)
        kind = world.kinds.routed(word, e[1], day)
        behaviour = None if kind is None else kind.behaviours[world.place]
        arrival = day + (e[2] * 7 >> 32)
        if kind is None or behaviour is None or not world.today.behaviours[behaviour].in_force:
            world.events["invented.not_counted_here"] += 1
        elif not world.can_happen(word, on):
            world.events["invented.impossible"] += 1
        else:
            world.events["invented"] += 1
            yield (word, district, report), Written(on, kind, MADE_UP, arrival - 1, 1, UNSETTLED)


def quota_finds(departments: Departments, day: int) -> Iterator[tuple[Key, Written]]:
    """What campaigns for records find in the week that begins on `day`, true or not."""
    for place, campaign in enumerate(departments.world.policy.campaigns.values()):
        if isinstance(campaign, RecordsCampaign):
            yield from _finds(departments, place, campaign, day)


def _finds(departments: Departments, place: int, campaign: RecordsCampaign, day: int) -> Iterator[tuple[Key, Written]]:
    world = departments.world
    begin, end = (campaign.starts_on - world.start).days, (campaign.ends_before - world.start).days
    left = Fraction(end - max(begin, 0), end - begin)  # of a campaign that began before the horizon
    begin = max(begin, 0)
    if end <= 0 or day <= begin or day > end + 6:
        return
    should = _scaled(world, campaign, left) * (min(day, end) - begin) // (end - begin)
    arrived = sum(world.by_feed[campaign.feed, past] for past in range(begin // 7 * 7, day))
    missing = should - arrived
    attempt = found = 0
    while found < missing and attempt < 4 * missing + 100:
        written = _attempt(departments, place, campaign, day, attempt)
        if written is None:
            world.events["quota.failed_attempt"] += 1
        else:
            found += 1
            world.events["quota.found"] += 1
            yield (place, attempt, 0), written
        attempt += 1
    world.events["quota.met"] += missing <= 0


def _scaled(world: World, campaign: RecordsCampaign, left: Fraction) -> int:
    """The count, written for a population, at the size of this city."""
    residents = world.policy.population.residents
    written_for = residents.on(world.today.date) if residents else world.city.n
    return nearest(campaign.count.on(world.today.date) * left * Fraction(world.city.n, written_for))


def _attempt(departments: Departments, place: int, campaign: RecordsCampaign, day: int, attempt: int) -> Written | None:
    world, policy = departments.world, departments.world.policy
    draw = world.chance.draw(place, day // 7, QUOTA, attempt)
    today = world.start + timedelta(days=day)
    names = [name for name, item in policy.behaviours.items() if item.feed == campaign.feed]
    names = [name for name in names if behaviour_in_force(policy, name, today)]
    if not names:
        return None
    on, behaviour = draw[0] * world.city.n >> 32, names[draw[1] * len(names) >> 32]
    words = [PERSON_WORDS.index(word) for word in policy.behaviours[behaviour].conduct]
    word = next((word for word in words if world.can_happen(word, on)), None)
    if word is None:
        return None
    arrival = day + (draw[2] * 7 >> 32)
    return Written(on, world.kinds.lowest(word, world.place, behaviour), FOUND, arrival - 1, 1, UNSETTLED)
