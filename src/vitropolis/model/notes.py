"""Notes in a resident's file: what has to be remembered of somebody in one world until a day.

They are words of the file's chain like listings and stand, as those do, before all records. A note's low 44 bits are
a day 13, an item or second day 13, a number 4, world 2, two bits unused, 7 where a record has its truth, type 3.
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.draws import Stream
from vitropolis.base.kernels import inner, int64, kernel, philox
from vitropolis.model.files import LINK, LISTING, NOTE, in_front, take_place

HOLDER = int(Stream.HOLDER)
REFUSED, CASE, TRULY, ACTS, LINGER, KEPT = range(6)
ANY = -1
DAY = 8191


@inner
def pack_note(kind: Any, world: Any, number: Any, item: Any, day: Any) -> Any:
    """Return a note's word without link: type 0-5, number 0-15, item 0-8191, day 0-8191 (8191: none)."""
    return (kind << 37) | NOTE | (world << 30) | (number << 26) | (item << 13) | day


@inner
def note_day(word: Any) -> Any:
    """The note's day."""
    return word & DAY


@inner
def note_item(word: Any) -> Any:
    """The note's item, or its second day."""
    return (word >> 13) & DAY


@inner
def note_number(word: Any) -> Any:
    """The note's number, 0-15."""
    return (word >> 26) & 15


@kernel
def find_note(pool: Any, first: Any, world: Any, kind: Any, item: Any) -> Any:
    """Return the place of a note of a type (and item; ANY: the first) in a world, 0 if there is none."""
    here = first
    while here:
        word = pool[here]
        if not in_front(word):
            return 0
        mine = not word & LISTING and (word >> 37) & 7 == kind and (word >> 30) & 3 == world
        if mine and (item == ANY or note_item(word) == item):
            return here
        here = word >> LINK
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
    pool[place] = (pool[place] & ~((1 << LINK) - 1)) | note


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
