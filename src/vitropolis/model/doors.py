"""Doors (M4, M7, M11): which measures meet somebody on a day, and whether they would without the wrong records.

docs/mechanisms.md, section 9. Measures that share a trigger and time limits are one class; the classes that act are
worked out at each look, with notes for those that last beyond their trigger.

A class acts while its trigger holds, or F days from the day it began to hold (`fixed_days`), or A days more after it
ceased (`after_exit_days`). It acts *truly* if it would without the wrong records. Somebody is hit on own account if
on a black list or under a class that punishes. A list lingers at other holders for a geometric number of days with
mean `holders_mean_days`, at most the days promised. Source: measures are the policy's; the lag is assumed.
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.kernels import inner, int64, kernel
from vitropolis.model.files import LISTING, drop_listing, in_front, next_of
from vitropolis.model.notes import (
    ACTS,
    ANY,
    DAY,
    ITEM_AT,
    LINGER,
    TRULY,
    add_note,
    find_note,
    note_day,
    note_item,
    note_number,
    note_type,
    note_world,
    pack_note,
    rewrite_note,
)
from vitropolis.model.rules import NEVER
from vitropolis.model.scores import BREACHES, TRUE_ONLY
from vitropolis.model.triggers import hold_leaves, holds, with_lists
from vitropolis.model.verdict import anew, reread

LOW16 = 65535


@inner
def lingering(world: Any, at: Any, files: Any) -> Any:
    """Return (lists that others still hold, those of them that began by wrong fact, next change); old notes go."""
    lists, wrong, change, here = 0, 0, NEVER, int64(files.head[at.place])
    while here:
        word, place = files.pool[here], here
        if not in_front(word):
            break
        here = next_of(word)
        if word & LISTING or note_type(word) != LINGER or note_world(word) != world:
            continue
        if note_day(word) <= at.day:
            drop_listing(files.pool, files.marks, files.head, at.place, place)
            continue
        lists |= 1 << note_item(word)
        wrong |= note_number(word) << note_item(word)
        change = min(change, note_day(word))
    return lists, wrong, change


@inner
def truly_held(world: Any, place: Any, held: Any, files: Any) -> Any:
    """Return the classes that acted truly on somebody after the last look; `held` are those that acted."""
    note = find_note(files.pool, files.head[place], world, TRULY, ANY)
    return files.pool[note] & LOW16 if note else held


@inner
def keep_truly(world: Any, at: Any, held: Any, truly: Any, files: Any) -> None:
    """Note which classes act truly where they are not all that act."""
    place = find_note(files.pool, files.head[at.place], world, TRULY, ANY)
    note = pack_note(TRULY, world, 0, truly >> ITEM_AT, truly & DAY)
    if place and truly == held:
        drop_listing(files.pool, files.marks, files.head, at.place, place)
    elif place:
        rewrite_note(files.pool, place, note)
    elif truly != held:
        add_note(files.pool, files.marks, files.head, at.place, note)


@inner
def lasting(rules: Any, world: Any, number: Any, at: Any, holding: Any, truth: Any, before: Any, files: Any) -> Any:
    """A class with `fixed_days` or `after_exit_days`: return (whether it acts, truly, next change).

    `holding` and `truth`: whether its trigger holds, and would without wrong records; `before`: 0 it did not act after
    the last look, 1 it did, 3 truly.
    """
    fixed, after = rules.fixed[world, number], rules.after[world, number]
    place = find_note(files.pool, files.head[at.place], world, ACTS, number)
    if fixed < 0 and (holding or after == 0):
        if place:
            drop_listing(files.pool, files.marks, files.head, at.place, place)
        return holding, truth, NEVER
    if not place:
        wrong = (1 if before != 3 else 0) if fixed < 0 else (0 if truth else 1)
        if (fixed < 0 and before == 0) or (fixed >= 0 and not holding):
            return False, False, NEVER
        until = min(at.day + max(fixed, 0) + after, NEVER)
        place = add_note(files.pool, files.marks, files.head, at.place, pack_note(ACTS, world, wrong, number, until))
    word = files.pool[place]
    acts = at.day < note_day(word)
    if not acts and (fixed < 0 or not holding):
        drop_listing(files.pool, files.marks, files.head, at.place, place)
    return acts, acts and note_number(word) == 0, note_day(word) if acts else NEVER


@inner
def forget(world: Any, number: Any, at: Any, files: Any) -> None:
    """Drop the note of a class that is not in force."""
    place = find_note(files.pool, files.head[at.place], world, ACTS, number)
    if place:
        drop_listing(files.pool, files.marks, files.head, at.place, place)


@inner
def acting(rules: Any, world: Any, at: Any, leaves: Any, true_leaves: Any, held: Any, was_true: Any, files: Any) -> Any:
    """Return (classes that act, truly, whose trigger holds, next change) under leaves that hold, and hold truly."""
    now, truly, triggered, change = 0, 0, 0, NEVER
    for number in range(rules.classes[world]):
        bit = 1 << number
        lasts = (rules.lasting[world] >> number) & 1
        if not rules.class_in_force[world, number]:
            if lasts:
                forget(world, number, at, files)
            continue
        program = rules.class_program[world, number]
        acts = holding = holds(program, leaves)
        true = holding
        if leaves != true_leaves:
            true = holds(program, true_leaves)
        if lasts:
            before = ((held & bit) != 0) + 2 * ((was_true & held & bit) != 0)
            acts, true, moved = lasting(rules, world, number, at, holding, true, before, files)
            change = min(change, moved)
        now |= bit if acts else 0
        truly |= bit if acts and true else 0
        triggered |= bit if holding else 0
    return now, truly, triggered, change


@kernel
def shield(case: Any, definition: Any, classes: Any, listed: Any, at: Any, page: Any) -> Any:
    """Whether one of `classes` would not act under a definition of deserving; `listed` leaves stand as they are."""
    rules, week, world, _, _, _, _, _ = case
    reread(case, BREACHES + definition, page)
    leaves = with_lists(rules, world, hold_leaves(rules, week, world, at.resident, at.key0, at.key1, page), listed)
    for number in range(rules.classes[world]):
        if (classes >> number) & 1 and not holds(rules.class_program[world, number], leaves):
            return True
    return False


@kernel
def stand(case: Any, at: Any, held: Any, wrong: Any, was: Any, files: Any, spare: Any) -> Any:
    """Work out which classes act on somebody from today, at the end of a look.

    `held` are the leaves that hold (without `listed` ones), `wrong` whether the file has wrong records, `was` (classes
    that acted after the last look, lists now, those of them that began by wrong fact). Returns (acting classes, truly
    acting, definitions under which a class begins on protected ground, next change).

    1. Lists that others still hold. 2. The file without wrong records, where it matters. 3. The classes. 4. Those that
    begin to punish truly: would they under each definition of deserving?
    """
    rules, week, world, _, _, _, _, _ = case
    before, on, wronged = was
    was_true = truly_held(world, at.place, before, files)
    others, others_wrong, change = lingering(world, at, files)
    listed = on | others
    case = anew(case, at, files)
    honest = (on & ~wronged) | (others & ~others_wrong)
    leaves = with_lists(rules, world, held, listed)
    truth = leaves
    if wrong:
        reread(case, TRUE_ONLY, spare)
        held = hold_leaves(rules, week, world, at.resident, at.key0, at.key1, spare)
    if wrong or honest != listed:
        truth = with_lists(rules, world, held, honest)
    now, truly, triggered, moved = acting(rules, world, at, leaves, truth, before, was_true, files)
    new, shielded = now & ~before & triggered & truly & rules.punishing[world], 0
    if new:
        case = anew(case, at, files)
        for definition in range(2):
            shielded |= (1 if shield(case, definition, new, listed, at, spare) else 0) << definition
    return now, truly, shielded, min(change, moved)


@inner
def of_classes(rules: Any, world: Any, classes: Any, carried: Any) -> Any:
    """The measures that meet somebody in whom these classes act, and whom these spill-overs reach; one bit each."""
    measures, number = 0, 0
    while classes:
        if classes & 1:
            measures |= rules.class_measures[world, number]
        classes >>= 1
        number += 1
    for spill in range(rules.spills[world]):
        if (carried >> spill) & 1:
            measures |= rules.spill_measures[world, spill]
    return measures


@kernel
def doors_of(rules: Any, world: Any, measures: Any) -> Any:
    """The services that these measures shut, one bit each."""
    shut, doors, number = measures & rules.shut[world], 0, 0
    while shut:
        if shut & 1:
            doors |= 1 << int64(rules.service_of[world, number])
        shut >>= 1
        number += 1
    return doors


@inner
def how_many(bits: Any) -> Any:
    """Number of bits that are set."""
    count = 0
    while bits:
        bits &= bits - 1
        count += 1
    return count


@inner
def door_class(doors: Any) -> Any:
    """0 none, 1: one door, 2: two to four, 3: five to nine, 4: ten and more."""
    count = how_many(doors)
    return 0 if count == 0 else 1 if count == 1 else 2 if count < 5 else 3 if count < 10 else 4
