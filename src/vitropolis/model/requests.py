"""Requests at closed doors (M4, M9): attempts made without knowing, refusals, and learning to stay away.

docs/mechanisms.md, section 12. Only somebody whom a measure meets that bears on requests is played; everybody else
is served. Calibrated to the first weeks of the court list of 2014 (108,000 refusals of 12,389 persons in 34 days,
China Youth Daily 2014-08-11): see the assumptions.

A need arises on a day of the week with the chance of the cell's sum of upper ends, names a service in proportion, and
is real with the ratio of value to upper end (needs a person and year). Somebody at level L (days of refusal, 0-15)
goes there with the chance floor + (1 - floor)(1 - avoids)^L, else the need is avoided. Refused, they try a geometric
number of times with mean `first_tries` at level 0, `later_tries` above. A shut door refuses all, less
`hardship_lifted` where hardship counts and `minimum_kept` where a minimum is guaranteed; a raised deposit is too much
for the share `deposit_short` * (factor - 1) of the two lowest income fifths; `restrict` refuses 1 -
`kept_share`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream
from vitropolis.base.kernels import inner, int64, kernel, philox
from vitropolis.model import counts as tally
from vitropolis.model.conduct import select_marked
from vitropolis.model.counts import DOORS_SEEN, add
from vitropolis.model.doors import of_classes
from vitropolis.model.gone import gone_from
from vitropolis.model.hits import REFUSED as EVER_REFUSED
from vitropolis.model.hits import ever
from vitropolis.model.lists import INCOMES, POOR
from vitropolis.model.notes import (
    ANY,
    CASE,
    REFUSED,
    add_note,
    find_note,
    note_item,
    note_number,
    pack_note,
    rewrite_note,
)
from vitropolis.model.redress import SILENT, learn_of_it, tell

SERVICE = int(Stream.SERVICE)
HIGHEST = 15  # level of learning
SPILLED = 127
YESTERDAY = 16


class Demand(NamedTuple):
    """Integer tables of section 12; S services of persons."""

    bound: NDArray[np.int64]  # [cell]: a week's chance of any need, 16-bit
    rival: NDArray[np.int64]  # [cell]: of these, the chance of a need of a rival service
    ends: NDArray[np.uint32]  # [cell, S]: upper ends of the shares of services that are not rival; 2^32 as 2^32 - 1
    rival_ends: NDArray[np.uint32]  # [cell, S]: the same of rival services
    queue_of: NDArray[np.int64]  # [S]: number of a rival service's queue; -1: it has none in this run
    ratio: NDArray[np.uint32]  # [cell, S, set of assumptions]: values over upper ends, 32-bit
    set_of: NDArray[np.int64]  # [world]
    season: NDArray[np.uint32]  # [world, S, day]: 16-bit
    goes: NDArray[np.int64]  # [world, level]: share that still goes there, 16-bit
    tries: NDArray[np.int64]  # [world, 2, 256]: how often a refused person tries, at first and later


@kernel
def select_needing(count: Any, weekday: Any, demand: Any, state: Any, desk: Any) -> Any:
    """Write into `desk.needing` who was behind a closed door yesterday and needs something today; return how many.

    An entry is place | worlds with a closed door << YESTERDAY.
    """
    found = select_marked(count, state.closed, desk.mask, desk.needing)
    kept = 0
    for number in range(found):
        place = desk.needing[number]
        rival = demand.rival[state.cell[place]]
        lot, bound = int64(desk.numbers[7, place]) - rival, demand.bound[state.cell[place]] - rival
        desk.needing[kept] = place | (int64(state.closed[place]) << YESTERDAY)
        kept += lot >= 0 and lot < bound and lot * 7 // max(bound, 1) == weekday
    return kept


@inner
def service_at(ends: Any, cell: Any, draw: Any) -> Any:
    """The service that a draw falls to."""
    service = 0
    while draw >= int64(ends[cell, service]) and int64(ends[cell, service]) != 0xFFFFFFFF:
        service += 1
    return service


@inner
def is_real(demand: Any, world: Any, at: Any, service: Any, draw: Any) -> Any:
    """Whether a possible need is one in this world today."""
    share = int64(demand.ratio[at.cell, service, demand.set_of[world]])
    return draw < (share * int64(demand.season[world, service, at.day])) >> 16


@inner
def need_something(rules: Any, week: Any, demand: Any, at: Any, worlds: Any, state: Any, counts: Any) -> None:
    """Play one resident's need of today in those of `worlds` (doors closed yesterday) where a measure bears on it."""
    which, real, how, tries = philox(at.resident, at.day, SERVICE, 0, at.key0, at.key1)
    service = service_at(demand.ends, at.cell, int64(which))
    for world in range(rules.worlds):
        if not (worlds >> world) & 1 or gone_from(world, at, state):
            continue
        if not is_real(demand, world, at, service, int64(real)):
            continue
        classes, carried = int64(state.held[world, at.place]), int64(state.carried[world, at.place]) & SPILLED
        measures = of_classes(rules, world, classes, carried) & rules.bear[world]
        measures &= rules.service_measures[world, service]
        if measures:
            ask(rules, week, demand, world, at, service, measures, int64(how), int64(tries) >> 24, state, counts)


@inner
def level_of(word: Any, learnt: Any) -> Any:
    """Level of learning: days on which the service was refused, at least 1 for somebody who has learnt of the case."""
    return max(note_number(word), 1 if learnt else 0)


@kernel
def refused_share(rules: Any, world: Any, measures: Any, cell: Any) -> Any:
    """Largest 16-bit share of requests that one of these measures refuses to somebody of a cell."""
    income = 0 if cell % INCOMES < POOR else 1
    share, number = 0, 0
    while measures:
        if measures & 1:
            share = max(share, int64(rules.refuses[world, number, income]))
        measures >>= 1
        number += 1
    return share


@kernel
def longest_delay(rules: Any, world: Any, measures: Any) -> Any:
    """Most days that one of these measures adds."""
    days, number = 0, 0
    while measures:
        if measures & 1:
            days = max(days, int64(rules.delay[world, number]))
        measures >>= 1
        number += 1
    return days


@inner
def ask(
    rules: Any,
    week: Any,
    demand: Any,
    world: Any,
    at: Any,
    service: Any,
    measures: Any,
    how: Any,
    tries: Any,
    state: Any,
    counts: Any,
) -> Any:
    """Somebody needs a service on which `measures` bear: stays away, is refused again and again, or is served.

    Returns whether they went there and were not refused.

    1. What they have learnt. 2. Do they go? 3. Refused: tries, level, learning of the case. 4. Served: dearer, later.
    """
    row = counts.doors[world, at.district, at.cell, service]
    counts.seen[world, at.district, at.cell] |= DOORS_SEEN
    place = find_note(state.pool, state.head[at.place], world, REFUSED, service)
    case = find_note(state.pool, state.head[at.place], world, CASE, ANY)
    learnt = case != 0 and note_number(state.pool[case]) != SILENT
    level = level_of(state.pool[place] if place else 0, learnt)
    if how & 65535 >= demand.goes[world, level]:
        add(counts, world, tally.AVOIDED, at, 1)
        row[tally.DOOR_AVOIDED] += 1
        return False
    if how >> 16 >= refused_share(rules, world, measures, at.cell):
        add(counts, world, tally.REQUESTS, at, 1)
        row[tally.DOOR_REQUESTS] += 1
        days = longest_delay(rules, world, measures)
        add(counts, world, tally.DEARER, at, 1 if measures & rules.dearer[world] else 0)
        add(counts, world, tally.DELAYED, at, 1 if days else 0)
        add(counts, world, tally.DELAY_DAYS, at, days)
        return True
    times = demand.tries[world, 1 if level else 0, tries]
    for item in (tally.REQUESTS, tally.REFUSALS):
        add(counts, world, item, at, times)
    row[tally.DOOR_REQUESTS] += times
    row[tally.DOOR_REFUSALS] += times
    refused_at(rules, week, world, at, service, place, case, state, counts)
    return False


@kernel
def refused_at(
    rules: Any, week: Any, world: Any, at: Any, service: Any, place: Any, case: Any, state: Any, counts: Any
) -> None:
    """Remember a refusal; it tells somebody who was not told. `place`, `case`: their notes, 0 if there is none."""
    ever(world, at.place, at, EVER_REFUSED, state, counts)
    if place:
        level = min(note_number(state.pool[place]) + 1, HIGHEST)
        rewrite_note(state.pool, place, pack_note(REFUSED, world, level, service, at.day))
    if case and note_number(state.pool[case]) == SILENT:
        learn_of_it(world, at, tally.LEARNT_REFUSED, state, counts)
        note = tell(rules, week, world, at, int64(state.now[world, at.place]) & 2 != 0, state.climate, counts)
        rewrite_note(state.pool, case, note)
        state.wake[at.place] = min(int64(state.wake[at.place]), max(note_item(note), at.day + 1))
    if not place:
        add_note(state.pool, state.marks, state.head, at.place, pack_note(REFUSED, world, 1, service, at.day))
