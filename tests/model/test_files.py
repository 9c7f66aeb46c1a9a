"""The words of a file: what was put in is what is read, and chains hold up to the last place of a pool."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vitropolis.model import files, notes
from vitropolis.model.rules import ALL_WORLDS, WORLDS

DAYS, ALL = st.integers(0, 8191), ALL_WORLDS


@settings(deadline=None)  # the first example compiles
@given(st.integers(0, 127), st.integers(0, 6), st.integers(0, ALL), DAYS, st.integers(0, 63), st.integers(0, 2047))
def test_a_record_says_what_was_put_in(kind: int, truth: int, worlds: int, act: int, delay: int, wait: int) -> None:
    word = int(files.pack_record(kind, truth, worlds, act, delay, wait))
    assert word <= files.NUMBER and not files.in_front(word)
    said = (files.kind_of(word), files.truth_of(word), files.worlds_of(word), files.act_of(word), files.wait_of(word))
    assert said == (kind, truth, worlds, act, wait) and files.arrival_of(word) == act + delay


@settings(deadline=None)
@given(st.integers(0, WORLDS - 1), st.integers(0, 7), DAYS, DAYS, DAYS)
def test_a_listing_says_what_was_put_in(world: int, listed: int, end: int, repair: int, deletion: int) -> None:
    word = int(files.pack_listing(world, listed, end, repair, deletion))
    assert files.in_front(word) and files.owner_of(word) == 8 * world + listed and word >> files.LINK == 0
    assert (word & 8191, word >> files.REPAIR_AT & 8191, word >> files.DELETION_AT & 8191) == (end, repair, deletion)


@settings(deadline=None)
@given(st.integers(0, 5), st.integers(0, WORLDS - 1), st.integers(0, 15), DAYS, DAYS)
def test_a_note_says_what_was_put_in(kind: int, world: int, number: int, item: int, day: int) -> None:
    word = int(notes.pack_note(kind, world, number, item, day))
    assert files.in_front(word) and not word & files.LISTING and word <= files.NUMBER
    assert (notes.note_type(word), notes.note_world(word), notes.note_number(word)) == (kind, world, number)
    assert (notes.note_item(word), notes.note_day(word)) == (item, day)


def test_a_chain_goes_through_the_last_places_of_a_pool() -> None:
    """A place of the upper half has the sign of its word."""
    pool, head, marks = np.zeros(files.POOL_LIMIT, np.int64), np.zeros(1, np.int32), np.zeros(8, np.int64)
    marks[0] = files.POOL_LIMIT - 5
    for act in (30, 10, 20):
        files.add_record(pool, marks, head, 0, files.pack_record(127, 6, ALL, act, 1, 2047))
    files.add_listing(pool, marks, head, 0, files.pack_listing(WORLDS - 1, 7, 8191, 8191, 8191))
    note = notes.add_note(pool, marks, head, 0, notes.pack_note(5, WORLDS - 1, 15, 8191, 8191))
    assert note == files.LAST_PLACE and (pool < 0).any()
    assert files.find_listing(pool, head[0], 8 * WORLDS - 1) == note - 1
    files.drop_listing(pool, marks, head, 0, note - 1)
    found, here = [], int(head[0])
    while here:
        found.append(int(pool[here]))
        here = int(files.next_of(found[-1]))
    assert notes.note_type(found[0]) == 5
    assert [files.act_of(word) for word in found[1:]] == [30, 20, 10]
    assert all(files.worlds_of(word) == ALL for word in found[1:])
    assert files.take_place(pool, marks) == note - 1
