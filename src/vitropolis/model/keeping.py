"""Keeping after an exit: how long records count once somebody has left the list they led to (docs/mechanisms.md, 19).

With `retention.after_exit_days` A, who leaves a black list by term, compliance or repair has the records that the
list's trigger names, as far as they had arrived by then, for max(1, A) more days; then they leave the world's file
for good. null: they stay as long as their own life goes on. Unit: days. Source: the policy says A.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from vitropolis.base.kernels import inner, int64, kernel
from vitropolis.model.files import LISTING, WORLDS_AT, arrival_of, drop_listing, in_front, kind_of, next_of, worlds_of
from vitropolis.model.notes import (
    KEPT,
    add_note,
    find_note,
    note_day,
    note_item,
    note_type,
    note_world,
    pack_note,
    rewrite_note,
)
from vitropolis.model.rules import NEVER
from vitropolis.model.worlds import World
from vitropolis.policy import leaves
from vitropolis.policy.triggers import RecordsTrigger


@kernel
def keep_for_a_while(rules: Any, world: Any, entry: Any, at: Any, state: Any) -> Any:
    """Note, when somebody leaves a list, until when its records are kept; return that day (NEVER: no end)."""
    if rules.kept_days[world, entry] < 0:
        return NEVER
    end = min(at.day + max(int64(rules.kept_days[world, entry]), 1), NEVER)
    note, place = pack_note(KEPT, world, 0, entry, end), find_note(state.pool, state.head[at.place], world, KEPT, entry)
    if place:
        rewrite_note(state.pool, place, note)
    else:
        add_note(state.pool, state.marks, state.head, at.place, note)
    return end


@inner
def kept_until(rules: Any, world: Any, at: Any, state: Any) -> Any:
    """Before a look: take out what is kept up to today; return the next day on which something is."""
    return take_out_kept(rules, world, at, state) if rules.keeps_records[world] else NEVER


@kernel
def take_out_kept(rules: Any, world: Any, at: Any, state: Any) -> Any:
    """Take the records of every note that is due out of the world's file, and drop the note."""
    here, change = int64(state.head[at.place]), NEVER
    while here and in_front(state.pool[here]):
        word, place = state.pool[here], here
        here = next_of(word)
        if word & LISTING or note_type(word) != KEPT or note_world(word) != world:
            continue
        if note_day(word) > at.day:
            change = min(change, note_day(word))
            continue
        entry = note_item(word)
        if rules.kept_days[world, entry] >= 0:
            until = at.day - max(int64(rules.kept_days[world, entry]), 1)
            take_out(rules, world, entry, until, state.head[at.place], state.pool)
        drop_listing(state.pool, state.marks, state.head, at.place, place)
    return change


@kernel
def take_out(rules: Any, world: Any, entry: Any, until: Any, first: Any, pool: Any) -> None:
    """Take the records that a list's trigger names out of one world's file, as far as they arrived up to `until`."""
    here = int64(first)
    while here:
        word, place = pool[here], here
        here = next_of(word)
        if in_front(word) or not (worlds_of(word) >> world) & 1 or arrival_of(word) > until:
            continue
        behaviour = rules.behaviour[world, kind_of(word)]
        if behaviour >= 0 and (rules.grounds[world, entry] >> behaviour) & 1:
            pool[place] = word & ~(1 << (WORLDS_AT + world))


def write_keeping(table: Any, number: int, world: World, day: date) -> None:
    """Write how long records are kept after an exit on a day into world `number` of a table of rules."""
    retention, names = world.policy.retention, list(world.behaviours)
    said = retention.after_exit_days if retention else None
    table["keeps_records"][number] = said is not None
    days = said.on(day) if said is not None else None
    for place, listing in enumerate(world.lists.values()):
        black = listing.polarity == "black"
        table["kept_days"][number, place] = days if black and days is not None else -1
        found = (leaf for leaf in leaves(listing.trigger) if isinstance(leaf, RecordsTrigger))
        named = {name for leaf in found for name in leaf.behaviours}
        table["grounds"][number, place] = sum(1 << names.index(name) for name in named)
