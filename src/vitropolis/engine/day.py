"""The day of one chunk.

1. Records that arrive today join their files, answers to appeals change them.
2. A look at everybody whose file changed, who wakes today, or whom a change of rules or ranks can touch.
3. Doors: what meets everybody in whose household something changed.
4. Requests of those who were behind a closed door yesterday; on the first day of a week, requests of rival services.
5. Candidates: whose 16-bit number lies below the bound.
6. Acts, and what departments write of them.

What is applied on one day to one resident commutes, so no step has an order inside it.
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.kernels import inner, int64, kernel
from vitropolis.model import counts as tally
from vitropolis.model.accounts import notice
from vitropolis.model.arrivals import arrive
from vitropolis.model.conduct import (
    CUT_AT,
    FEIGNED_AT,
    HUSHED_AT,
    draw_details,
    name_words,
    refine,
    select_below,
    select_equal,
    who_acts,
)
from vitropolis.model.counts import At, add
from vitropolis.model.doors import how_many
from vitropolis.model.files import NUMBER, PLACE_AT
from vitropolis.model.look import black_lists, look
from vitropolis.model.recording import record_act
from vitropolis.model.redress import UPHELD_AT, answer
from vitropolis.model.requests import YESTERDAY, need_something, select_needing
from vitropolis.model.rivals import file_requests, select_rivals
from vitropolis.model.rules import ALL_WORLDS, ONE_WORLD
from vitropolis.model.speech import CUT, FEIGNED, HUSHED, LAWFUL
from vitropolis.model.spillover import changed_in, settle, take_place_in

ACTS = ALL_WORLDS  # of what `who_acts` returns: worlds in which the act happens
PLACE = (1 << YESTERDAY) - 1


@kernel
def play_days(script: Any, where: Any, days: Any, state: Any, counts: Any, desk: Any) -> Any:
    """Play days `days.first` up to `days.end` (not included) of a prepared week under one set of rules.

    Returns (day, looks, candidates): the day not yet begun for want of room, with what it may take, or (end, 0, 0).
    """
    rules = script.rulebook[0]
    residents = state.wake.size
    for day in range(days.first, days.end):
        weekday, swept = day - where.starts, day == days.swept
        found = select_below(residents, desk.numbers[weekday], state.threshold, desk.mask, desk.chosen)
        waking = select_equal(residents, state.wake, day, desk.mask, desk.waking)
        needing = select_needing(residents, weekday, script.demand, state, desk)
        select_rivals(residents, weekday, script.demand, state, desk)
        needing += desk.asking[1]
        looks = residents if swept else min(residents, desk.arriving[weekday] + waking + script.answers.shape[0])
        if wants_room(rules, desk.arriving[weekday], looks, found, needing, state, desk):
            return day, looks, found + needing
        former = script.before[0] if day == days.changed else rules
        desk.anew[0] = day == days.changed
        asked = file_arrivals(rules, script, where, day, state, counts, desk)
        asked = take_answers(script, where, day, asked, state, counts, desk)
        asked = ask_more(asked, waking, residents if swept else 0, day, desk)
        stirred = look_at_all(rules, former, script, where, day, asked, state, counts, desk)
        settle_households(rules, former, where, day, stirred, state, counts, desk)
        meet_needs(rules, script, where, day, needing - desk.asking[1], state, counts, desk)
        file_requests(rules, script.ranks[0], script.demand, where, day, state, counts, desk)
        draw_details(where.first, found, desk.chosen, day, where.key0, where.key1, desk.words)
        act_and_record(rules, script, where, day, days.last, found, state, counts, desk)
    return days.end, 0, 0


@inner
def at_place(where: Any, day: Any, place: Any, state: Any) -> Any:
    """Everything a mechanism needs to know about whom and when."""
    cell, resident = int64(state.cell[place]), int64(where.first + place)
    weekday = int64(day - where.starts)
    return At(int64(day), weekday, int64(place), resident, where.district, cell, where.key0, where.key1)


@inner
def wants_room(rules: Any, today: Any, looks: Any, found: Any, needing: Any, state: Any, desk: Any) -> Any:
    """Whether a store could overflow on this day: every bound is known before anything changes."""
    lists, words = 0, 0
    for world in range(rules.worlds):
        lists += rules.lists[world]
        words += (
            3 * rules.lists[world] + how_many(rules.lasting[world]) + 2
        )  # listings, lingering, kept, classes, case, truth
    drafts = 2 * rules.worlds * (found + needing)
    short = state.marks[0] + today + looks * words + drafts > state.pool.size
    short |= state.marks[5] + looks * rules.worlds > state.appeals.shape[0]
    short |= state.marks[2] + drafts > state.pending.size
    short |= state.marks[3] + drafts > state.outbox.shape[0]
    short |= state.marks[4] + 2 * looks * lists > state.log.size
    short |= state.marks[6] + desk.asking[0] > state.asked.shape[0]
    short |= state.marks[7] + found > state.spoken.size
    for day in range(7):
        short |= desk.arriving[day] + drafts > desk.due.shape[1]
    return short


@inner
def ask(place: Any, day: Any, asked: Any, desk: Any) -> Any:
    """Put somebody on today's list of looks, once; return how many are on it."""
    if desk.seen[place] == day + 1:
        return asked
    desk.seen[place] = day + 1
    desk.todo[asked] = place
    return asked + 1


@inner
def file_arrivals(rules: Any, script: Any, where: Any, day: Any, state: Any, counts: Any, desk: Any) -> Any:
    """Step 1: file today's records; return how many residents are to be looked at for it."""
    asked, weekday, felt = 0, day - where.starts, script.conduct
    for number in range(desk.arriving[weekday]):
        entry = desk.due[weekday, number]
        at = at_place(where, day, entry >> PLACE_AT, state)
        arrive(rules, at, entry & NUMBER, felt.fading, felt.settling, state, counts)
        asked = ask(at.place, day, asked, desk)
    return asked


@inner
def ask_more(asked: Any, waking: Any, everybody: Any, day: Any, desk: Any) -> Any:
    """Step 2: add those who wake today, and on a day of sweep everybody; return how many are asked."""
    for number in range(waking):
        asked = ask(desk.waking[number], day, asked, desk)
    for place in range(everybody):
        asked = ask(place, day, asked, desk)
    return asked


@inner
def look_at_all(
    rules: Any, former: Any, script: Any, where: Any, day: Any, asked: Any, state: Any, counts: Any, desk: Any
) -> Any:
    """Step 2: look at everybody who is asked; return how many are stirred. `former` are the rules of the last look."""
    felt, week, stirred = script.conduct, script.ranks[0], 0
    bring_files_near(asked, state, desk)
    for number in range(asked):
        at = at_place(where, day, desk.todo[number], state)
        stirred = look(rules, former, week, at, felt.fading, felt.settling, state, counts, desk, stirred)
    return stirred


@inner
def bring_files_near(asked: Any, state: Any, desk: Any) -> None:
    """Ask memory for the first words of all files that will be read, so that the waits overlap."""
    total = 0
    for number in range(asked):
        place = desk.todo[number]
        total += state.pool[state.head[place]]
        for world in range(state.held.shape[0]):
            total += int64(state.lists[world, place]) + int64(state.held[world, place]) + int64(state.now[world, place])
    desk.drafts[0] = total  # never read: without a use the reading would be optimised away


@inner
def settle_households(
    rules: Any, former: Any, where: Any, day: Any, stirred: Any, state: Any, counts: Any, desk: Any
) -> None:
    """Step 3: work out what meets everybody in the household of somebody who is stirred, each household once."""
    for number in range(stirred):
        place = int64(desk.stirred[number])
        first, size = place - (int64(state.household[place]) >> 4), int64(state.household[place]) & 15
        if desk.settled[first] == day + 1:
            continue
        desk.settled[first] = day + 1
        for world in range(rules.worlds):
            if rules.looks[world] and changed_in(world, first, size, day, desk):
                settle_in_world(rules, former, world, where, day, first, size, state, counts, desk)


@inner
def settle_in_world(
    rules: Any,
    former: Any,
    world: Any,
    where: Any,
    day: Any,
    first: Any,
    size: Any,
    state: Any,
    counts: Any,
    desk: Any,
) -> None:
    """Step 3 for one household: nobody's standing of today counts as yesterday's before all are worked out."""
    black = black_lists(rules, world)
    for place in range(first, first + size):
        at = at_place(where, day, place, state)
        bears = settle(rules, former, black, world, at, state, counts, desk)
        if (int64(state.closed[place]) >> world) & 1 != (1 if bears else 0):
            state.closed[place] ^= 1 << world
    for place in range(first, first + size):
        take_place_in(world, place, day, state, desk)


@inner
def take_answers(script: Any, where: Any, day: Any, asked: Any, state: Any, counts: Any, desk: Any) -> Any:
    """Step 1: answers that arrive today; return how many residents are to be looked at by now."""
    for number in range(script.answers.shape[0]):
        row = script.answers[number]
        if row[1] != day:
            continue
        at = at_place(where, day, row[0] - where.first, state)
        answer(row[2] & ONE_WORLD, at, (row[2] >> UPHELD_AT) & 1, row[3], state, counts)
        asked = ask(at.place, day, asked, desk)
    return asked


@inner
def meet_needs(rules: Any, script: Any, where: Any, day: Any, needing: Any, state: Any, counts: Any, desk: Any) -> None:
    """Step 4: those who were behind a closed door yesterday and need something today."""
    for number in range(needing):
        entry = int64(desk.needing[number])
        at = at_place(where, day, entry & PLACE, state)
        need_something(rules, script.ranks[0], script.demand, at, entry >> YESTERDAY, state, counts)


@inner
def act_and_record(
    rules: Any, script: Any, where: Any, day: Any, last_day: Any, found: Any, state: Any, counts: Any, desk: Any
) -> None:
    """Steps 5 and 6: narrow the candidates down, let them act in the worlds in which they do, and departments write."""
    weekday, conduct = day - where.starts, script.conduct
    today = script.today[weekday]
    found = refine(conduct, found, weekday, state, desk)
    found = name_words(conduct, rules, found, today, state, desk)
    for number in range(found):
        at = at_place(where, day, desk.chosen[number], state)
        word, mark = int64(desk.words[0, number]), int64(desk.words[2, number])
        worlds = int64(who_acts(conduct, rules, script.ranks[0], today, at, word, mark, state, script.work))
        if worlds >> HUSHED_AT:
            count_silence(worlds, word, conduct, counts)
        worlds &= ACTS
        if worlds:
            notice(script.aimed, worlds, at, word, state)
            count_act(rules, worlds, at, word, counts)
            record_act(
                script.register, rules, script.names, script.cells, worlds, at, word, last_day, state, desk, counts
            )


@inner
def count_silence(found: Any, word: Any, conduct: Any, counts: Any) -> None:
    """Count lawful speech that is kept back or cut off, and loyalty shown by the silent; of the whole city alone."""
    for world in range(counts.speech.shape[0]):
        if int64(conduct.nature[word]) & LAWFUL:
            counts.speech[world, HUSHED] += (found >> (HUSHED_AT + world)) & 1
            counts.speech[world, CUT] += (found >> (CUT_AT + world)) & 1
        counts.speech[world, FEIGNED] += (found >> (FEIGNED_AT + world)) & 1


@inner
def count_act(rules: Any, worlds: Any, at: Any, word: Any, counts: Any) -> None:
    """Count an act by word, and by what it is worth: harmful, minor, protected, good."""
    for world in range(rules.worlds):
        if (worlds >> world) & 1:
            counts.acts[world, at.district, word, at.weekday] += 1
            add(counts, world, tally.ACTS + rules.worth[word], at, 1)
