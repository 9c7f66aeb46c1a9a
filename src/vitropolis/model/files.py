"""A resident's file: a chain of records, newest first, with the listings that are running before them.

A chunk keeps all its files in one pool of 64-bit words; word 0 is the end of every chain. A record's low bits are its
number, which orders records that arrived on one day: settlement wait 11 bits, delay 6, act day 13, worlds one bit
each, truth 3, kind 7. A listing's are planned end 13, day of repair 13, day of deletion 13, the world's number, list 3.
The bit above tells the two apart; the rest, the sign among it, is the place of the next (`next_of`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.kernels import inner, kernel
from vitropolis.model.rules import ALL_WORLDS, ONE_WORLD, WORLD_BITS, WORLDS

DELAY_AT, ACT_AT, WORLDS_AT = 11, 17, 30
TRUTH_AT = WORLDS_AT + WORLDS
KIND_AT = TRUTH_AT + 3
NUMBER_BITS = KIND_AT + 7
NUMBER = (1 << NUMBER_BITS) - 1
HOLDERS = ALL_WORLDS << WORLDS_AT  # the worlds in a record's number
NOTE = 7 << TRUTH_AT  # no record has this truth
LISTING = 1 << NUMBER_BITS
REPAIR_AT, DELETION_AT, OWNER_AT = 13, 26, 39
LIST_AT = OWNER_AT + WORLD_BITS
LINK = NUMBER_BITS + 1
POOL_LIMIT = 1 << 18
LAST_PLACE = POOL_LIMIT - 1
CORE = (1 << LINK) - 1  # a word without its link
PLACE_AT = NUMBER_BITS  # of a record on its way: its resident's place in the chunk stands above its number
assert LIST_AT + 3 <= NUMBER_BITS and POOL_LIMIT <= 1 << (64 - LINK)


class Files(NamedTuple):
    """All that is needed to read and change the files of a chunk: a kernel that takes this is cheaper to call."""

    pool: NDArray[np.int64]
    marks: NDArray[np.int64]
    head: NDArray[np.int32]


@inner
def files_of(state: Any) -> Any:
    """The files of a chunk, without the rest of its state."""
    return Files(state.pool, state.marks, state.head)


@inner
def pack_record(kind: Any, truth: Any, worlds: Any, act: Any, delay: Any, wait: Any) -> Any:
    """Return the record's number; see the module's text for ranges."""
    told = (act << ACT_AT) | (delay << DELAY_AT) | wait
    return (kind << KIND_AT) | (truth << TRUTH_AT) | (worlds << WORLDS_AT) | told


@inner
def kind_of(record: Any) -> Any:
    """What the record says was done, and how it was routed: 0-127."""
    return (record >> KIND_AT) & 127


@inner
def truth_of(record: Any) -> Any:
    """Whether and how it is wrong: 0-6."""
    return (record >> TRUTH_AT) & 7


@inner
def worlds_of(record: Any) -> Any:
    """The worlds that hold it, one bit each."""
    return (record >> WORLDS_AT) & ALL_WORLDS


@inner
def act_of(record: Any) -> Any:
    """Day of the act, from the first day of the horizon."""
    return (record >> ACT_AT) & 8191


@inner
def arrival_of(record: Any) -> Any:
    """Day on which it arrived."""
    return ((record >> ACT_AT) & 8191) + ((record >> DELAY_AT) & 63)


@inner
def wait_of(record: Any) -> Any:
    """Days from the act to its settlement, 2047: never."""
    return record & 2047


@inner
def order_of(record: Any) -> Any:
    """Where a record stands among those of its day: truth, act, delay and wait first, which no other world changes."""
    told = (truth_of(record) << WORLDS_AT) | (record & ((1 << WORLDS_AT) - 1))
    return (((told << 7) | kind_of(record)) << WORLDS) | worlds_of(record)


@inner
def pack_listing(world: Any, listed: Any, end: Any, repair: Any, deletion: Any) -> Any:
    """Return a listing's word without link; days 0-8191, 8191: never."""
    days = (deletion << DELETION_AT) | (repair << REPAIR_AT) | end
    return LISTING | (listed << LIST_AT) | (world << OWNER_AT) | days


@inner
def owner_of(listing: Any) -> Any:
    """World and list of a listing as one number, world * 8 + list."""
    return (((listing >> OWNER_AT) & ONE_WORLD) << 3) | ((listing >> LIST_AT) & 7)


@inner
def next_of(word: Any) -> Any:
    """The place of the next word of a chain, 0: there is none."""
    return (word >> LINK) & LAST_PLACE


@inner
def in_front(word: Any) -> Any:
    """Whether a word stands before the records: a listing, or a note (see `vitropolis.model.notes`)."""
    return (word & LISTING) != 0 or (word & NOTE) == NOTE


@kernel
def take_place(pool: Any, marks: Any) -> Any:
    """Return a free place of the pool; marks[0] is the first never used, marks[1] heads the chain of freed ones."""
    if marks[1]:
        place = marks[1]
        marks[1] = next_of(pool[place])
        return place
    place = marks[0]
    marks[0] += 1
    return place


@kernel
def add_record(pool: Any, marks: Any, head: Any, owner: Any, record: Any) -> None:
    """Put a record into the file of resident `owner` (place in the chunk), keeping newest first."""
    place = take_place(pool, marks)
    arrival = arrival_of(record)
    before, here = 0, head[owner]
    while here:
        word = pool[here]
        if not in_front(word):
            other = arrival_of(word)
            if other < arrival or (other == arrival and order_of(word) >= order_of(record)):
                break
        before, here = here, next_of(word)
    pool[place] = record | (here << LINK)
    if before:
        pool[before] = (pool[before] & CORE) | (place << LINK)
    else:
        head[owner] = place


@kernel
def find_listing(pool: Any, first: Any, owner: Any) -> Any:
    """Return the place of the running (or waiting) listing of world * 8 + list `owner`, 0 if there is none."""
    here = first
    while here:
        word = pool[here]
        if not in_front(word):
            return 0
        if word & LISTING and owner_of(word) == owner:
            return here
        here = next_of(word)
    return 0


@kernel
def add_listing(pool: Any, marks: Any, head: Any, resident: Any, listing: Any) -> None:
    """Put a listing in front of the file of `resident`."""
    place = take_place(pool, marks)
    pool[place] = listing | (head[resident] << LINK)
    head[resident] = place


@kernel
def drop_listing(pool: Any, marks: Any, head: Any, resident: Any, place: Any) -> None:
    """Take the listing (or note) at `place` out of the file of `resident` and free its place."""
    after = next_of(pool[place])
    if head[resident] == place:
        head[resident] = after
    else:
        here = head[resident]
        while next_of(pool[here]) != place:
            here = next_of(pool[here])
        pool[here] = (pool[here] & CORE) | (after << LINK)
    pool[place] = marks[1] << LINK
    marks[1] = place
