"""Notes in a resident's file: what has to be remembered of somebody in one world until a day.

They are words of the file's chain like listings and stand, as those do, before all records. A note has a day in 13
bits, an item or second day in 13, a number in 4, then, where a record has its worlds, the number of its world, 7 where
a record has its truth, and its type in 3.
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.draws import Stream
from vitropolis.base.kernels import inner, int64, kernel, philox
from vitropolis.model.files import CORE, KIND_AT, LINK, LISTING, NOTE, WORLDS_AT, in_front, next_of, take_place
from vitropolis.model.rules import ONE_WORLD

HOLDER = int(Stream.HOLDER)
REFUSED, CASE, TRULY, ACTS, LINGER, KEPT = range(6)
ANY = -1
DAY = 8191
ITEM_AT, COUNT_AT = 13, 26


@inner
def pack_note(kind: Any, world: Any, number: Any, item: Any, day: Any) -> Any:
    """Return a note's word without link: type 0-5, number 0-15, item 0-8191, day 0-8191 (8191: none)."""
    return (kind << KIND_AT) | NOTE | (world << WORLDS_AT) | (number << COUNT_AT) | (item << ITEM_AT) | day


@inner
def note_day(word: Any) -> Any:
    """The note's day."""
    return word & DAY


@inner
def note_item(word: Any) -> Any:
    """The note's item, or its second day."""
    return (word >> ITEM_AT) & DAY


@inner
def note_number(word: Any) -> Any:
    """The note's number, 0-15."""
    return (word >> COUNT_AT) & 15


@inner
def note_type(word: Any) -> Any:
    """The note's type, 0-5."""
    return (word >> KIND_AT) & 7


@inner
def note_world(word: Any) -> Any:
    """The number of the note's world."""
    return (word >> WORLDS_AT) & ONE_WORLD


@kernel
def find_note(pool: Any, first: Any, world: Any, kind: Any, item: Any) -> Any:
    """Return the place of a note of a type (and item; ANY: the first) in a world, 0 if there is none."""
    here = first
    while here:
        word = pool[here]
        if not in_front(word):
            return 0
        mine = not word & LISTING and note_type(word) == kind and note_world(word) == world
        if mine and (item == ANY or note_item(word) == item):
            return here
        here = next_of(word)
    return 0


@kernel
def add_note(pool: Any, marks: Any, head: Any, resident: Any, note: Any) -> Any:
    """Put a note in front of the file of `resident` (place in the chunk); return its place in the pool."""
    place = take_place(pool, marks)
    pool[place] = note | (head[resident] << LINK)
    head[resident] = place
    return place


@inner
def rewrite_note(pool: Any, place: Any, note: Any) -> None:
    """Let a note say something else."""
    pool[place] = (pool[place] & ~CORE) | note


@kernel
def linger(rules: Any, world: Any, entry: Any, at: Any, corrected: Any, state: Any) -> None:
    """Others go on holding a listing that ends today for a while; the note keeps the latest end."""
    lot, _, _, _ = philox(at.resident, at.day, HOLDER, entry, at.key0, at.key1)
    days = int64(rules.holder[world, entry, 1 if corrected else 0, int64(lot) >> 24])
    if days <= 0:
        return
    wrong = (int64(state.wronged[world, at.place]) >> entry) & 1
    end = min(at.day + days, DAY)
    place = find_note(state.pool, state.head[at.place], world, LINGER, entry)
    if place and note_day(state.pool[place]) > end:
        return
    if place:
        rewrite_note(state.pool, place, pack_note(LINGER, world, wrong, entry, end))
    else:
        add_note(state.pool, state.marks, state.head, at.place, pack_note(LINGER, world, wrong, entry, end))
