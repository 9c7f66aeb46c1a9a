"""Rival services (M10): who asks for one of a limited number of places, and where a policy puts them in the queue.

docs/mechanisms.md, section 14. Everybody may need a rival service: a hospital appointment, a university place, public
housing, a public post, residence registration, a car plate. Needs a week have the chance of the cell's sum of upper
ends over these services; one is real with the ratio of value to upper end (needs a person and year). It becomes a
request in the queue of its service and district, on the first day of the week, unless a closed door refuses it
(`model.requests`). A measure of `priority` puts its people first, ahead, behind or last: whoever any such measure puts
behind stands at the worst of these places, anybody else at the best. Queues are played between weeks, by
`engine.rivals`. Source: the measures are the policy's; demand, places and patience are assumed.

A request is two numbers. The key orders those of one queue and class: queue << 60 | tie << 28 | resident. What it is:
week of filing (bits 0-10), district (11-14), and from bit 15 on for each world place | measure << 3 (nine bits): place
0 first, 1 ahead, 2 as others, 3 behind, 4 last, 7 no request there; measure 63: none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vitropolis.base.draws import Stream
from vitropolis.base.kernels import inner, int64, kernel, philox
from vitropolis.model.counts import At
from vitropolis.model.doors import of_classes
from vitropolis.model.gone import gone_from
from vitropolis.model.measures import measures_of
from vitropolis.model.requests import SPILLED, YESTERDAY, ask, is_real, service_at
from vitropolis.model.rules import PERSON_SERVICES, WORLDS
from vitropolis.policy.words import SERVICES

if TYPE_CHECKING:
    from vitropolis.model.worlds import Plan

RIVALS = tuple(place for place, name in enumerate(PERSON_SERVICES) if SERVICES[name].rival)
RIVAL, RIVAL_OUT = int(Stream.RIVAL), int(Stream.RIVAL_OUT)
ORDINARY, ABSENT, NO_MEASURE = 2, 7, 63
PLACES = 5
PLACE = (1 << YESTERDAY) - 1
RESIDENTS, TIE_AT, QUEUE_AT = (1 << 28) - 1, 28, 60
DISTRICT_AT, WORLD_AT, EACH = 11, 15, 9
assert WORLD_AT + EACH * WORLDS <= 63


def queued(plan: Plan) -> tuple[int, ...]:
    """The rival services that have a queue in a run: those of which some measure of some world speaks, or the plan."""
    named = {item.service for world in plan.worlds for item in measures_of(world).values()} | {*plan.queues}
    return tuple(service for service in RIVALS if PERSON_SERVICES[service] in named)


@kernel
def select_rivals(count: Any, weekday: Any, demand: Any, state: Any, desk: Any) -> None:
    """On the first day of a week write into `desk.rivals` who may need a rival service; on other days nobody.

    An entry is place | worlds with a closed door yesterday << YESTERDAY. `desk.asking`: how many there are, and how
    many of them were behind a closed door.
    """
    found, closed, queues = 0, 0, 0
    for service in RIVALS:
        queues += demand.queue_of[service] >= 0
    if weekday == 0 and queues:
        for place in range(count):
            desk.rivals[found] = place
            found += desk.numbers[7, place] < demand.rival[state.cell[place]]
        for number in range(found):
            doors = int64(state.closed[desk.rivals[number]])
            closed += doors != 0
            desk.rivals[number] |= doors << YESTERDAY
    desk.asking[0], desk.asking[1] = found, closed


@kernel
def place_in_queue(rules: Any, world: Any, measures: Any) -> Any:
    """Where these measures of priority put somebody, with the (first) measure that does: place | measure << 3."""
    worst, best, by_worst, by_best, number = ORDINARY, ORDINARY, NO_MEASURE, NO_MEASURE, 0
    while measures:
        if measures & 1:
            place = int64(rules.place_in_queue[world, number])
            if place > worst:
                worst, by_worst = place, number
            if place < best:
                best, by_best = place, number
        measures >>= 1
        number += 1
    return worst | (by_worst << 3) if worst > ORDINARY else best | (by_best << 3)


@kernel
def join_queue(
    rules: Any, week: Any, demand: Any, world: Any, at: Any, service: Any, closed: Any, state: Any, counts: Any
) -> Any:
    """What becomes of the real need of somebody whom measures may meet: where it stands in the queue, or ABSENT."""
    held, carried = int64(state.held[world, at.place]), int64(state.carried[world, at.place]) & SPILLED
    measures = of_classes(rules, world, held, carried) & rules.service_measures[world, service]
    bear = measures & rules.bear[world]
    if closed and bear:
        how, tries, _, _ = philox(at.resident, at.day // 7, RIVAL_OUT, 0, at.key0, at.key1)
        if not ask(rules, week, demand, world, at, service, bear, int64(how), int64(tries) >> 24, state, counts):
            return ABSENT | (NO_MEASURE << 3)
    return place_in_queue(rules, world, measures & rules.puts[world])


@inner
def file_requests(
    rules: Any, ranks: Any, demand: Any, where: Any, day: Any, state: Any, counts: Any, desk: Any
) -> None:
    """Draw what those in `desk.rivals` need this week, and write their requests into the store of the chunk."""
    for number in range(desk.asking[0]):
        entry = int64(desk.rivals[number])
        place = entry & PLACE
        cell, resident, week = int64(state.cell[place]), int64(where.first + place), int64(day // 7)
        which, real, tie, _ = philox(resident, week, RIVAL, 0, where.key0, where.key1)
        service = service_at(demand.rival_ends, cell, int64(which))
        queue = demand.queue_of[service]
        if queue < 0:
            continue
        at = At(int64(day), int64(0), place, resident, where.district, cell, where.key0, where.key1)
        what, filed = week | (int64(where.district) << DISTRICT_AT), False
        for world in range(rules.worlds):
            found = ABSENT | (NO_MEASURE << 3)
            if is_real(demand, world, at, service, int64(real)) and not gone_from(world, at, state):
                found = ORDINARY | (NO_MEASURE << 3)
                if state.held[world, place] or int64(state.carried[world, place]) & SPILLED:
                    closed = (entry >> YESTERDAY >> world) & 1
                    found = join_queue(rules, ranks, demand, world, at, service, closed, state, counts)
            filed |= found & 7 != ABSENT
            what |= found << (WORLD_AT + EACH * world)
        if filed:
            state.asked[state.marks[6], 0] = (queue << QUEUE_AT) | (int64(tie) << TIE_AT) | resident
            state.asked[state.marks[6], 1] = what
            state.marks[6] += 1
