"""Redress: how people learn that they are hit, object in time, appeal, and what an answer does to their file.

docs/mechanisms.md, section 11. A case is one note in the file, open while somebody is hit on own account: the day
of being told, the day of filing, and how far it has come. Appeals themselves queue city-wide (`engine/queues.py`).

Told by a notice that reaches the share `notice_reaches`, else at the first refusal. Then an appeal with the chance
`appeals_wrong` or `appeals_right` times the profile of the cell, after a geometric number of days with mean
`file_mean_days`; against the newest wrong record, else the newest adverse one. It is upheld with the chance
`found_wrong` or `voids_right`, by who has to prove it. Objections in the days of grace likewise, answered before the
listing. Units: shares and days. Source: found_wrong for the person is calibrated to disputed credit reports
elsewhere, the rest is assumed.
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.draws import Stream
from vitropolis.base.fixed import LONGEST_DELAY
from vitropolis.base.kernels import inner, int64, kernel, philox
from vitropolis.model import counts as tally
from vitropolis.model.counts import add
from vitropolis.model.files import (
    HOLDERS,
    LISTING,
    NUMBER,
    NUMBER_BITS,
    REPAIR_AT,
    WORLDS_AT,
    drop_listing,
    in_front,
    kind_of,
    next_of,
    owner_of,
)
from vitropolis.model.hits import ever
from vitropolis.model.notes import (
    ANY,
    CASE,
    add_note,
    find_note,
    note_day,
    note_item,
    note_number,
    pack_note,
    rewrite_note,
)
from vitropolis.model.rules import NEVER, NO_NOTICE, NOTICE_NOW, RIGHT, WORLD_BITS
from vitropolis.model.scores import find_contested, is_wrong
from vitropolis.model.speech import FEARED, voice_of
from vitropolis.model.verdict import WRONG_FACT, anew, trigger_bin

NOTICE, APPEAL, OBJECTION = int(Stream.NOTICE), int(Stream.APPEAL), int(Stream.OBJECTION)
SILENT, TOLD, PENDING, ANSWERED = range(4)
# Of an appeal's record: whether it was wrong then, whether it stays out till answered.
WRONG_AT, DISPUTED_AT = NUMBER_BITS, NUMBER_BITS + 1
FILED_AT = UPHELD_AT = WORLD_BITS  # above the world's number: day of filing in an appeal, upheld or not in an answer
LEARNT = 128  # bit of `ever`


@kernel
def objects(case: Any, at: Any, entry: Any, on: Any, wrong: Any, state: Any, counts: Any, page: Any) -> Any:
    """Whether somebody who waits for a listing from today objects, and will be upheld."""
    rules, _, world, _, _, _, _, _ = case
    if rules.objects[world, 0] == 0 and rules.objects[world, 1] == 0:
        return False
    other = 1
    if wrong:
        program = rules.trigger[world, entry]
        found = trigger_bin(anew(case, at, state), 0, wrong, program, on, at.resident, at.key0, at.key1, page)
        other = 0 if found == WRONG_FACT else 1
    a, b, _, _ = philox(at.resident, at.day, OBJECTION, entry, at.key0, at.key1)
    if int64(a) >= rules.objects[world, other]:
        return False
    upheld = int64(b) < rules.objection_upheld[world, other]
    add(counts, world, tally.OBJECTIONS, at, 1)
    add(counts, world, tally.UPHELD_OBJECTIONS, at, 1 if upheld else 0)
    return upheld


@kernel
def void_objected(rules: Any, world: Any, at: Any, state: Any) -> None:
    """Take a record out for every upheld objection whose days of grace end today, before the file is read."""
    here = int64(state.head[at.place])
    while here:
        word = state.pool[here]
        if not in_front(word):
            return
        here = next_of(word)
        mine = word & LISTING and owner_of(word) >> 3 == world and (word >> REPAIR_AT) & 8191 == 0
        if mine and word & 8191 == at.day:
            place = find_contested(rules, world, at, state.head[at.place], state.pool)
            if place:
                state.pool[place] &= ~(1 << (WORLDS_AT + world))


@kernel
def tell(rules: Any, week: Any, world: Any, at: Any, wrongly: Any, climate: Any, counts: Any) -> Any:
    """Return the note of a case whose resident is told today: whether and when an appeal will be filed.

    Who does not speak (`climate` [world]: classes that do) appeals with the share `appeals_whisper` alone.
    """
    filing = NEVER
    if rules.redress[world]:
        a, b, dares, _ = philox(at.resident, at.day, APPEAL, 0, at.key0, at.key1)
        share = int64(rules.appeals[world, 0 if wrongly else 1, at.cell]) * week.trust[world, 1]
        wants = int64(a) < share >> 16
        if wants and int64(dares) >= rules.appeals_whisper[world] and int64(voice_of(at)) >= climate[world]:
            counts.speech[world, FEARED] += 1
        elif wants:
            days = 0
            while days < LONGEST_DELAY - 1 and int64(b) >= rules.filing[world, days]:
                days += 1
            if days + 1 <= rules.window[world]:
                filing = min(at.day + days + 1, NEVER)
    return pack_note(CASE, world, TOLD, filing, at.day)


@inner
def learn_of_it(world: Any, at: Any, item: Any, state: Any, counts: Any) -> None:
    """Count somebody who learns of being hit for the first time."""
    if not int64(state.ever[world, at.place]) & LEARNT:
        ever(world, at.place, at, LEARNT, state, counts)
        add(counts, world, item, at, 1)


@kernel
def open_case(rules: Any, week: Any, world: Any, at: Any, wrongly: Any, state: Any, counts: Any) -> Any:
    """Open a case; return its note. Notice reaches by a draw; without it the case is silent."""
    silent = pack_note(CASE, world, SILENT, NEVER, NEVER)
    if rules.notice[world] == NO_NOTICE:
        return silent
    lot, _, _, _ = philox(at.resident, at.day, NOTICE, 0, at.key0, at.key1)
    if int64(lot) >= rules.notice_reaches[world]:
        return silent
    if rules.notice[world] == NOTICE_NOW:
        learn_of_it(world, at, tally.LEARNT_NOTICE, state, counts)
        return tell(rules, week, world, at, wrongly, state.climate, counts)
    return pack_note(CASE, world, SILENT, NEVER, min(at.day + rules.notice_after[world], NEVER))


@kernel
def file_appeal(rules: Any, world: Any, at: Any, state: Any, counts: Any) -> Any:
    """File an appeal against the record that is to be contested; return whether there was one."""
    place = find_contested(rules, world, at, state.head[at.place], state.pool)
    if not place:
        add(counts, world, tally.NOT_MADE, at, 1)
        return False
    word = state.pool[place]
    behaviour = int64(rules.behaviour[world, kind_of(word)])
    wrong = 1 if is_wrong(rules, world, behaviour, word, at.day) else 0
    row = state.appeals[state.marks[5]]
    disputed = 1 if rules.disputes[world] else 0
    row[0], row[1] = at.resident, (at.day << FILED_AT) | world
    row[2] = (word & NUMBER & ~HOLDERS) | (wrong << WRONG_AT) | (disputed << DISPUTED_AT)
    state.marks[5] += 1
    if disputed:
        state.pool[place] = word & ~(1 << (WORLDS_AT + world))
    add(counts, world, tally.FILED, at, 1)
    return True


@inner
def is_pending(world: Any, at: Any, state: Any) -> Any:
    """Whether an appeal of theirs is pending."""
    place = find_note(state.pool, state.head[at.place], world, CASE, ANY)
    return place != 0 and note_number(state.pool[place]) == PENDING


@inner
def follow_case(rules: Any, week: Any, world: Any, at: Any, hit: Any, wrongly: Any, state: Any, counts: Any) -> Any:
    """Move a resident's case on at a look, if it moves today; return the next day on which it does."""
    place = find_note(state.pool, state.head[at.place], world, CASE, ANY)
    if place and hit:
        note = state.pool[place] & NUMBER
        status, told, filing = note_number(note), note_day(note), note_item(note)
        if status == PENDING:
            return NEVER
        if not (status == SILENT and told == at.day) and not (status == TOLD and filing == at.day):
            return told if status == SILENT else filing
    if place or hit:
        return move_case(rules, week, world, at, place, hit, wrongly, state, counts)
    return NEVER


@kernel
def move_case(
    rules: Any, week: Any, world: Any, at: Any, place: Any, hit: Any, wrongly: Any, state: Any, counts: Any
) -> Any:
    """Move a case on; `place` is its note, 0 if there is none; return the next day on which it moves.

    1. Hit and no case: one opens. 2. The day of a later notice: told. 3. The day of filing: filed, or not made.
    4. No longer hit and nothing pending: the case is over.
    """
    if not place:
        note = open_case(rules, week, world, at, wrongly, state, counts)
        place = add_note(state.pool, state.marks, state.head, at.place, note)
    note = state.pool[place] & NUMBER
    status, told, filing = note_number(note), note_day(note), note_item(note)
    if status == PENDING:
        return NEVER
    if not hit:
        if status == TOLD and filing == at.day:
            add(counts, world, tally.NOT_MADE, at, 1)
        drop_listing(state.pool, state.marks, state.head, at.place, place)
        return NEVER
    if status == SILENT and told == at.day:
        learn_of_it(world, at, tally.LEARNT_NOTICE, state, counts)
        note = tell(rules, week, world, at, wrongly, state.climate, counts)
        filing = note_item(note)
    if status == TOLD and filing == at.day:
        made = file_appeal(rules, world, at, state, counts)
        note = pack_note(CASE, world, PENDING if made else ANSWERED, NEVER, told)
        rewrite_note(state.pool, place, note)
        return at.day + 1 if made else NEVER
    rewrite_note(state.pool, place, note)
    silent = note_number(note) == SILENT
    return note_day(note) if silent else note_item(note)


@inner
def same_record(word: Any, record: Any) -> Any:
    """Whether a word of a file is a record, worlds apart."""
    return not in_front(word) and (word & NUMBER & ~HOLDERS) == record


@kernel
def answer(world: Any, at: Any, upheld: Any, appeal: Any, state: Any, counts: Any) -> None:
    """An answer arrives: the record leaves the world's file, or, if it was disputed, comes back; the case is answered.

    `appeal` is the record without worlds, whether it was wrong (WRONG_AT), whether it was disputed (DISPUTED_AT).
    """
    record, wrong, disputed = appeal & NUMBER, (appeal >> WRONG_AT) & 1, (appeal >> DISPUTED_AT) & 1
    bit, here = 1 << (WORLDS_AT + world), int64(state.head[at.place])
    while here:
        word = state.pool[here]
        if same_record(word, record) and ((word & bit) == 0) == (disputed == 1):
            if upheld:
                state.pool[here] = word & ~bit
            elif disputed:
                state.pool[here] = word | bit
            break
        here = next_of(word)
    place = find_note(state.pool, state.head[at.place], world, CASE, ANY)
    if place:
        told = note_day(state.pool[place])
        rewrite_note(state.pool, place, pack_note(CASE, world, ANSWERED, NEVER, told))
    if upheld:
        state.now[world, at.place] |= 128
        add(counts, world, tally.UPHELD_WRONG if wrong else tally.UPHELD_RIGHT, at, 1)
    else:
        add(counts, world, tally.REFUSED_WRONG if wrong else tally.REFUSED_RIGHT, at, 1)


assert RIGHT == 0
