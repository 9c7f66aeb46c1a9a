"""Queues for a limited number of places: known answers, exact books, and an order that hangs on nobody's number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitropolis.engine.rivals import BY_GROUP, FLOWS
from vitropolis.model.rivals import NO_MEASURE, RESIDENTS, TIE_AT, WORLD_AT
from vitropolis.verification.rivals import COME, PEOPLE, Rows, asked_in, cases, course, lines

LATER, EARLIER, HERE, TWIN = (FLOWS.index(name) for name in ("later_weeks", "earlier_weeks", "only_here", "only_twin"))


@pytest.mark.parametrize(("name", "expected", "got"), cases(), ids=lambda each: str(each).replace(" ", "_"))
def test_known_answers(name: str, expected: int, got: int) -> None:
    assert got == expected, name


def standing(week: int, places: list[int], worlds: int = 2) -> Rows:
    """A week's requests of which each stands at a place in world 0, by a measure of that number."""
    rows = asked_in(week, len(places), worlds=worlds)
    for row, place in enumerate(places):
        measure = NO_MEASURE if place == 2 else place
        rows[row, 1] &= ~(511 << WORLD_AT)
        rows[row, 1] |= (place | (measure << 3)) << WORLD_AT
    return rows


PLACES = st.lists(st.lists(st.sampled_from([0, 1, 2, 2, 2, 3, 4]), min_size=1, max_size=30), min_size=1, max_size=12)


@settings(deadline=None, max_examples=60)
@given(PLACES, st.integers(0, 20), st.integers(0, 5))
def test_books_balance_and_as_many_gain_as_lose(weeks: list[list[int]], capacity: int, patience: int) -> None:
    found = course(lines(capacity, patience, 2), [standing(*pair) for pair in enumerate(weeks)], 2)
    for world in range(2):
        change = np.diff(found.of("waiting", world), prepend=0)
        balance = found.of("served", world) + found.of("gave_up", world) + change
        assert balance.tolist() == found.of("filed", world).tolist() == [len(week) for week in weeks]
        assert (found.of("served", world) <= capacity).all()
        there = found.of("served", world) + found.of("gave_up", world) + found.of("waiting", world)
        assert found.of("served", world).tolist() == np.minimum(capacity, there).tolist()  # no place is left empty
    for week in found.weeks:
        moved = int(week.flows[0, 0, FLOWS.index("moved")].sum())
        assert week.measures[0].sum(axis=0).tolist() == [moved, moved] == [len(week.losers), len(week.losers)]
        assert week.cells[0, 0].sum(axis=-1).tolist()[:2] == [moved, moved]
        assert not week.measures[1].any() and BY_GROUP[1] == "places_lost"
        assert (
            week.flows[0, 0, [LATER, EARLIER, HERE, TWIN]].sum(axis=-1).tolist()
            == week.cells[0, 0].sum(-1).tolist()[2:]
        )


def test_without_places_worlds_are_alike_and_nobody_is_moved() -> None:
    asked = [asked_in(week, COME, worlds=2) for week in range(20)]
    found = course(lines(200, 3, 2), asked, 2)
    assert found.flows[:, 0].tolist() == found.flows[:, 1].tolist()
    assert not any(len(week.losers) for week in found.weeks)


def test_other_numbers_of_residents_change_nothing() -> None:
    asked = [standing(week, [(who * 7) % 5 for who in range(40)]) for week in range(10)]
    other = [rows.copy() for rows in asked]
    for rows in other:
        rows[:, 0] = (rows[:, 0] >> TIE_AT << TIE_AT) | (PEOPLE - 1 - (rows[:, 0] & RESIDENTS))
    one, two = (course(lines(30, 4, 2), rows, 2) for rows in (asked, other))
    assert one.flows.tolist() == two.flows.tolist()


def test_how_requests_are_cut_into_chunks_and_ordered_changes_nothing() -> None:
    asked = [standing(week, [(who * 11) % 5 for who in range(60)]) for week in range(10)]
    one, two = course(lines(40, 4, 2), asked, 2), course(lines(40, 4, 2), [rows[::-1].copy() for rows in asked], 2)
    assert one.flows.tolist() == two.flows.tolist()
    assert [week.losers.tolist() for week in one.weeks] == [week.losers.tolist() for week in two.weeks]
