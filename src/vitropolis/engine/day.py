"""The day of one chunk.

1. Records that arrive today join their files.
2. A look at everybody whose file changed, who wakes today, or whom a change of rules or ranks can touch.
3. Candidates: whose 16-bit number lies below the bound.
4. Acts, and what departments write of them.

What is applied to one resident on one day commutes, so no step has an order inside it.
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.kernels import inner, int64, kernel
from vitropolis.model import counts as tally
from vitropolis.model.arrivals import arrive
from vitropolis.model.conduct import (
    draw_details,
    name_words,
    refine,
    select_below,
    select_equal,
    weekly_numbers,
    who_acts,
)
from vitropolis.model.counts import At, add
from vitropolis.model.look import look
from vitropolis.model.recording import record_act


@inner
def at_place(where: Any, day: Any, place: Any, state: Any) -> Any:
    """Everything a mechanism needs to know about whom and when."""
    first, district, key0, key1, week_starts = where
    cell = int64(state.cell[place])
    return At(int64(day), int64(day - week_starts), int64(place), int64(first + place), district, cell, key0, key1)


@kernel
def prepare_week(where: Any, week: Any, last_day: Any, inbox: Any, state: Any, desk: Any) -> None:
    """Lay out a chunk's week on the desk.

    1. Its numbers. 2. Records on their way that are due this week, by day (they leave the pending store).
    3. Messages from elsewhere. 4. Who wakes this week.
    """
    first, _, key0, key1, starts = where
    residents = state.wake.size
    bring_near(state, desk)
    weekly_numbers(first, residents, week, key0, key1, desk.numbers)
    desk.arriving[:] = 0
    desk.seen[:residents] = 0
    kept = 0
    for place in range(state.marks[2]):
        entry = state.pending[place]
        due = ((entry >> 17) & 8191) + ((entry >> 11) & 63)
        if due >= starts + 7:
            state.pending[kept] = entry
            kept += 1
        elif due <= last_day:
            desk.due[due - starts, desk.arriving[due - starts]] = entry
            desk.arriving[due - starts] += 1
    state.marks[2] = kept
    for place in range(inbox.shape[0]):
        record = inbox[place, 1]
        due = ((record >> 17) & 8191) + ((record >> 11) & 63)
        entry = ((inbox[place, 0] - first) << 44) | record
        if due >= starts + 7:
            state.pending[state.marks[2]] = entry
            state.marks[2] += 1
        elif due <= last_day:
            desk.due[due - starts, desk.arriving[due - starts]] = entry
            desk.arriving[due - starts] += 1


@kernel
def bring_near(state: Any, desk: Any) -> None:
    """Read what the week will look up here and there once in order, so that it comes from memory in one stream."""
    total = 0
    for world in range(state.fear.shape[0]):
        for place in range(0, state.wake.size, 8):
            total += state.fear[world, place]
        for place in range(0, state.wake.size, 32):
            total += int64(state.enrolled[world, place]) + int64(state.lists[world, place]) + int64(state.cell[place])
    for place in range(0, state.wake.size, 16):
        total += int64(state.head[place]) + int64(state.employer[place])
    for place in range(0, state.wake.size, 64):
        total += int64(state.trait[place]) + int64(state.household[place]) + int64(state.payer[place])
    for place in range(0, state.marks[0], 8):
        total += state.pool[place]
    desk.drafts[0] = total  # never read: without a use the reading would be optimised away


@inner
def ask(place: Any, day: Any, found: Any, desk: Any) -> Any:
    """Put somebody on today's list of looks, once; return how many are on it."""
    if desk.seen[place] == day + 1:
        return found
    desk.seen[place] = day + 1
    desk.todo[found] = place
    return found + 1


@kernel
def file_arrivals(rules: Any, where: Any, day: Any, tables: Any, state: Any, counts: Any, desk: Any) -> Any:
    """Step 1: file today's records; return how many residents are to be looked at for it."""
    found = 0
    weekday = day - where[4]
    for number in range(desk.arriving[weekday]):
        entry = desk.due[weekday, number]
        place = entry >> 44
        at = at_place(where, day, place, state)
        arrive(rules, at, entry & ((1 << 44) - 1), tables.fading, tables.settling, state, counts)
        found = ask(place, day, found, desk)
    return found


@kernel
def look_at_all(
    rules: Any,
    former: Any,
    week: Any,
    where: Any,
    day: Any,
    found: Any,
    waking: Any,
    sweep: Any,
    tables: Any,
    state: Any,
    counts: Any,
    desk: Any,
) -> None:
    """Step 2: look at those asked for, those who wake, and everybody on a day of sweep."""
    for number in range(waking):
        found = ask(desk.waking[number], day, found, desk)
    for place in range(state.wake.size if sweep else 0):
        found = ask(place, day, found, desk)
    for number in range(found):
        at = at_place(where, day, desk.todo[number], state)
        look(rules, former, week, at, tables.fading, tables.settling, state, counts, desk.page[0], desk.spare[0])


@kernel
def count_act(rules: Any, worlds: Any, at: Any, word: Any, counts: Any) -> None:
    """Count an act by word, and by what it is worth: harmful, minor, protected, good."""
    for world in range(rules.worlds):
        if (worlds >> world) & 1:
            counts.acts[world, at.district, word, at.weekday] += 1
            add(counts, world, tally.ACTS + rules.worth[word], at, 1)


@kernel
def act_and_record(
    rules: Any,
    names: Any,
    cells: Any,
    where: Any,
    day: Any,
    last_day: Any,
    today: Any,
    work: Any,
    tables: Any,
    register: Any,
    state: Any,
    counts: Any,
    desk: Any,
    found: Any,
) -> None:
    """Step 4: let candidates act in the worlds in which they do, and departments write."""
    found = refine(tables, found, day - where[4], state, desk)
    found = name_words(tables, rules, found, today, state, desk)
    for number in range(found):
        at = at_place(where, day, desk.chosen[number], state)
        word = int64(desk.words[0, number])
        worlds = who_acts(tables, rules, today, at, word, int64(desk.words[2, number]), state, work)
        if worlds:
            count_act(rules, worlds, at, word, counts)
            record_act(register, rules, names, cells, worlds, at, word, last_day, state, desk, counts)


@inner
def room_needed(
    rules: Any, today: Any, found: Any, residents: Any, sweep: Any, waking: Any, state: Any, desk: Any
) -> Any:
    """Whether a store could overflow on this day: every bound is known before anything changes."""
    lists = 0
    for world in range(rules.worlds):
        lists += rules.lists[world]
    looks = residents if sweep else min(residents, today + waking)
    drafts = 2 * rules.worlds * found
    short = state.marks[0] + today + looks * lists > state.pool.size
    short |= state.marks[2] + drafts > state.pending.size
    short |= state.marks[3] + drafts > state.outbox.shape[0]
    short |= state.marks[4] + 2 * looks * lists > state.log.size
    for day in range(7):
        short |= desk.arriving[day] + drafts > desk.due.shape[1]
    return short


@kernel
def play_days(
    rulebook: Any,
    before: Any,
    ranks: Any,
    names: Any,
    cells: Any,
    where: Any,
    days: Any,
    today: Any,
    work: Any,
    tables: Any,
    register: Any,
    state: Any,
    counts: Any,
    desk: Any,
) -> Any:
    """Play days `days[0]` up to `days[1]` (not included) of a prepared week under one set of rules.

    Returns (day, looks, candidates): the day not yet begun for want of room and what it may take, or (days[1], 0, 0).
    `days[2]` is the horizon's last day, `days[3]` a day on which everybody is looked at, `days[4]` one on which rules
    changed from those in `before` (-1: none). `today` is [weekday, world, family]: what calendar and mood leave of the
    chance to act.
    """
    first, end, last_day, sweep_day, change_day = days
    rules, week = rulebook[0], ranks[0]
    residents = state.wake.size
    for day in range(first, end):
        weekday = day - where[4]
        found = select_below(residents, desk.numbers[weekday], state.threshold, desk.mask, desk.chosen)
        waking = select_equal(residents, state.wake, day, desk.mask, desk.waking)
        sweep = day == sweep_day
        if room_needed(rules, desk.arriving[weekday], found, residents, sweep, waking, state, desk):
            return day, (residents if sweep else min(residents, desk.arriving[weekday] + waking)), found
        asked = file_arrivals(rules, where, day, tables, state, counts, desk)
        former = before[0] if day == change_day else rules
        look_at_all(rules, former, week, where, day, asked, waking, sweep, tables, state, counts, desk)
        draw_details(where[0], found, desk.chosen, day, where[2], where[3], desk.words)
        act_and_record(
            rules,
            names,
            cells,
            where,
            day,
            last_day,
            today[weekday],
            work,
            tables,
            register,
            state,
            counts,
            desk,
            found,
        )
    return end, 0, 0
