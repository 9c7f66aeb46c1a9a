"""Recording (M1): what departments write of what was done, with all their errors (docs/mechanisms.md, section 4).

Detected acts = on the right person + on a wrong person + lost, every day. Conduct and recording use separate streams:
a false record never takes the place of an act. Model errors are rates only; nothing is matched.

An act is detected with the chance min(1, visibility * completeness * intensity of the district). What then goes wrong
is read off one draw by running sums of shares: *lost*; *by name alone* (it lands on a drawn bearer of the same name,
and who did it goes free); *wrong content* (the heavier word that it is mistaken for); *duplicate*; *stale* (not
deleted when settled). The delay is geometric with mean `delay_mean_days`, 1 to 60 days. A debt is settled after a
geometric wait in days with the daily chance of its payer (fast, slow; cannot: never) times `speed` of its class.
Source: none official for any error rate; see `recording` in the assumptions.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream
from vitropolis.base.fixed import LONGEST_DELAY
from vitropolis.base.kernels import inner, int64, philox
from vitropolis.city.kernels import namesake
from vitropolis.model import counts as tally
from vitropolis.model.counts import add
from vitropolis.model.files import HOLDERS, PLACE_AT, WORLDS_AT, arrival_of, pack_record
from vitropolis.model.rules import DUPLICATE, MISATTRIBUTED, NO_WAIT, PAYER_BITS, PAYERS, RIGHT, STALE, WRONG_CONTENT

DRAW, CLERK, NAMESAKE = int(Stream.RECORDING), int(Stream.CLERK), int(Stream.NAMESAKE)
NOTHING, BY_NAME, CONTENT, TWICE, NOT_DELETED, GONE = range(6)


class Recording(NamedTuple):
    """Integer tables of section 4."""

    first_kind: NDArray[np.int16]  # [word]: where its kinds begin; they end with the one whose route_ends is 2^32
    route_ends: NDArray[np.int64]  # [kind]: upper end of the route draws that fall to it
    detected: NDArray[np.int64]  # [world, kind, district], 32-bit; 0 where nothing is in force
    errors: NDArray[np.int64]  # [world, kind, 5]: running sums of lost, by name alone, wrong content, duplicate, stale
    mistaken: NDArray[np.int16]  # [world, word]: the heavier word
    delay_row: NDArray[np.int16]  # [world, kind]
    delays: NDArray[np.int64]  # [row, 60]
    debt: NDArray[np.int16]  # [world, word]: debt class or -1
    payer: NDArray[np.int8]  # [world, debt class]: 0 the resident's own, else 1 + payer type
    waits: NDArray[np.int16]  # [world, debt class, payer type, 256]
    possible: NDArray[np.uint8]  # [cell, word]: 0 where the word's profile is 0


@inner
def kind_at(tables: Any, word: Any, route: Any) -> Any:
    """The kind of record of a word that a route draw falls to."""
    kind = tables.first_kind[word]
    while route >= tables.route_ends[kind]:
        kind += 1
    return kind


@inner
def delay_at(tables: Any, row: Any, draw: Any) -> Any:
    """Days from act to arrival, 1-60."""
    days = 0
    while days < LONGEST_DELAY - 1 and draw >= tables.delays[row, days]:
        days += 1
    return days + 1


@inner
def wait_for(tables: Any, world: Any, word: Any, own: Any, draw: Any) -> Any:
    """Days from the act to settlement (1-2046, 2047 never) of somebody of payer type `own`."""
    debt = tables.debt[world, word]
    if debt < 0:
        return NO_WAIT
    payer = tables.payer[world, debt]
    return int64(tables.waits[world, debt, payer - 1 if payer else own, draw >> 24])


@inner
def error_of(tables: Any, world: Any, kind: Any, draw: Any) -> Any:
    """What goes wrong with a detected act."""
    limits = tables.errors[world, kind]
    if draw < limits[0]:
        return GONE
    if draw < limits[1]:
        return BY_NAME
    if draw < limits[2]:
        return CONTENT
    if draw < limits[3]:
        return TWICE
    return NOT_DELETED if draw < limits[4] else NOTHING


@inner
def send(record: Any, due: Any, at: Any, last_day: Any, state: Any, desk: Any) -> None:
    """Put a record on its way: onto this week's desk, or to what waits for later weeks; never past the horizon."""
    entry = (at.place << PLACE_AT) | record
    if due < at.day - at.weekday + 7:
        if due <= last_day:
            day = due - (at.day - at.weekday)
            desk.due[day, desk.arriving[day]] = entry
            desk.arriving[day] += 1
    else:
        state.pending[state.marks[2]] = entry
        state.marks[2] += 1


@inner
def merged(record: Any, holder: Any, drafts: Any, holders: Any, count: Any, world: Any) -> Any:
    """Add one world's draft to the drafts of this act, joined to an equal one of another world; return the number."""
    for place in range(count):
        if holders[place] == holder and drafts[place] & ~HOLDERS == record:
            drafts[place] |= 1 << (WORLDS_AT + world)
            return count
    drafts[count] = record | (1 << (WORLDS_AT + world))
    holders[count] = holder
    return count + 1


@inner
def draft(
    tables: Any,
    rules: Any,
    world: Any,
    at: Any,
    word: Any,
    kind: Any,
    error: Any,
    who: Any,
    route: Any,
    clerk: Any,
    state: Any,
) -> Any:
    """Return (truth, kind, delay, wait) of the record one world makes of a detected act on the right or a wrong person.

    `who` is 1 if it lands on somebody else; `clerk` the act's clerical draws.
    """
    truth = RIGHT
    if who:
        truth = MISATTRIBUTED
    elif error == CONTENT:
        heavier = tables.mistaken[world, word]
        if heavier >= 0:
            other = kind_at(tables, heavier, route)
            behaviour = rules.behaviour[world, other]
            if behaviour >= 0 and rules.in_force[world, behaviour]:
                truth, kind = WRONG_CONTENT, other
    elif error == NOT_DELETED:
        truth = STALE
    delay = delay_at(tables, tables.delay_row[world, kind_at(tables, word, route)], clerk[0])
    if who:
        delay = max(delay, 7 - at.weekday)
    own = (int64(state.payer[at.place]) >> (PAYER_BITS * world)) & PAYERS
    wait = NO_WAIT if who else wait_for(tables, world, rules.word[kind], own, clerk[1])
    return truth, kind, delay, wait


@inner
def record_act(
    tables: Any,
    rules: Any,
    names: Any,
    cells: Any,
    worlds: Any,
    at: Any,
    word: Any,
    last_day: Any,
    state: Any,
    desk: Any,
    counts: Any,
) -> None:
    """Let the departments of every world deal with one act.

    1. Route. 2. Per world: detected? 3. What goes wrong; whom a name alone finds. 4. Drafts, joined where worlds agree.
    5. Off they go: on their way, or to somebody else's file by the week's messages.
    """
    seen, route, slip, _ = philox(at.resident, at.day, DRAW, 0, at.key0, at.key1)
    route = int64(route)
    kind = kind_at(tables, word, route)
    clerk, drafted, victim = (0, 0, 0), 0, -1
    for world in range(rules.worlds):
        if not (worlds >> world) & 1 or int64(seen) >= tables.detected[world, kind, at.district]:
            continue
        if clerk[0] == 0 and clerk[1] == 0 and clerk[2] == 0:
            a, b, c, _ = philox(at.resident, at.day, CLERK, 0, at.key0, at.key1)
            clerk = (int64(a), int64(b), int64(c))
        add(counts, world, tally.DETECTED, at, 1)
        error = error_of(tables, world, kind, int64(slip))
        who = 0
        if error == BY_NAME:
            if victim < 0:
                lot, _, _, _ = philox(at.resident, at.day, NAMESAKE, 0, at.key0, at.key1)
                victim = namesake(names.start, names.size, names.keys, names.shape, at.resident, lot)
            if victim != at.resident:
                who = 1
                if not tables.possible[cells[victim], word]:
                    error = GONE
        if error == GONE:
            add(counts, world, tally.LOST, at, 1)
            continue
        add(counts, world, tally.WRONG_PERSON if who else tally.RIGHT_PERSON, at, 1)
        truth, what, delay, wait = draft(tables, rules, world, at, word, kind, error, who, route, clerk, state)
        holder = victim if who else at.resident
        record = pack_record(what, truth, 0, at.day, delay, wait)
        drafted = merged(record, holder, desk.drafts, desk.holders, drafted, world)
        if error == TWICE:
            delay = delay_at(tables, tables.delay_row[world, kind], clerk[2])
            record = pack_record(what, DUPLICATE, 0, at.day, delay, wait)
            drafted = merged(record, holder, desk.drafts, desk.holders, drafted, world)
    for place in range(drafted):
        record = desk.drafts[place]
        if desk.holders[place] == at.resident:
            send(record, arrival_of(record), at, last_day, state, desk)
        elif arrival_of(record) <= last_day:
            state.outbox[state.marks[3], 0] = desk.holders[place]
            state.outbox[state.marks[3], 1] = at.resident
            state.outbox[state.marks[3], 2] = record
            state.marks[3] += 1
