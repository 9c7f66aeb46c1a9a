"""Exact arithmetic over records, against brute force: what sums can be reached, and by which records."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lint.tiny import STEADY

from vitropolis.lint.arithmetic import Move, Reach, as_data, reach_down, reach_up, told

STEPS = st.lists(st.integers(1, 9), min_size=1, max_size=3, unique=True).map(lambda found: tuple(sorted(found)))
MOVES = st.lists(st.tuples(STEPS, st.one_of(st.none(), st.integers(1, 4))), max_size=3).map(
    lambda found: tuple(Move(f"m{number}", steps, most) for number, (steps, most) in enumerate(found))
)
SPANS = st.integers(0, 24)


def ways(move: Move, span: int) -> set[int]:
    """What records of one behaviour can add up to, by trying all of them; beyond the span one more changes nothing."""
    most = -(-span // min(move.steps)) if move.most is None else move.most
    return {sum(steps) for times in range(most + 1) for steps in combinations_with_replacement(move.steps, times)}


def reachable(moves: Sequence[Move], span: int) -> set[int]:
    """Every distance from the start, clamped at the end of the range, by trying all records."""
    found = {0}
    for move in moves:
        found = {min(span, one + other) for one in found for other in ways(move, span)}
    return found


@settings(STEADY, max_examples=150)
@given(MOVES, SPANS)
def test_the_distances_that_can_be_reached_are_those_that_trying_finds(moves: tuple[Move, ...], span: int) -> None:
    bits = Reach(0, span, True, moves).prefixes[-1]
    assert {place for place in range(bits.bit_length()) if bits >> place & 1} == reachable(moves, span)


@settings(STEADY, max_examples=200)
@given(MOVES, st.integers(-20, 20), SPANS, st.booleans(), st.integers(-45, 45), st.integers(-3, 30))
def test_an_interval_can_be_reached_exactly_if_a_score_in_it_can(
    moves: tuple[Move, ...], start: int, span: int, down: bool, low: int, width: int
) -> None:
    reach = reach_down(start, start - span, moves) if down else reach_up(start, start + span, moves)
    scores = {start - each if down else start + each for each in reachable(moves, span)}
    high = low + width
    expected = any(low <= each <= high for each in scores)
    assert reach.can(low, high) is expected
    assert (reach.witness(low, high) is not None) is expected


@settings(STEADY, max_examples=200)
@given(MOVES, st.integers(-20, 20), SPANS, st.booleans(), st.integers(-45, 45), st.integers(0, 12))
def test_the_records_of_a_witness_bring_the_score_there_and_keep_to_the_caps(
    moves: tuple[Move, ...], start: int, span: int, down: bool, low: int, width: int
) -> None:
    reach = reach_down(start, start - span, moves) if down else reach_up(start, start + span, moves)
    witness = reach.witness(low, low + width)
    if witness is None:
        return
    by_name = {move.name: move for move in moves}
    for name in {name for name, _, _ in witness}:
        times = sum(number for told_name, number, _ in witness if told_name == name)
        most = by_name[name].most
        assert most is None or times <= most
    assert all(abs(points) in by_name[name].steps and (points < 0) is down for name, _, points in witness)
    assert all(times > 0 for _, times, _ in witness)
    total = start + sum(times * points for _, times, points in witness)
    ended = max(start - span, total) if down else min(start + span, total)
    assert low <= ended <= low + width


@settings(STEADY)
@given(MOVES, SPANS, st.integers(0, 24), st.integers(0, 6))
def test_a_witness_takes_the_nearest_score_that_the_fewest_kinds_of_record_reach(
    moves: tuple[Move, ...], span: int, near: int, width: int
) -> None:
    witness = reach_up(0, span, moves).witness(near, near + width)
    if witness is None:
        return
    wanted = range(near, min(span, near + width) + 1)
    used = next(n for n in range(len(moves) + 1) if reachable(moves[:n], span) & set(wanted))
    nearest = min(each for each in reachable(moves[:used], span) if each in wanted)
    assert min(span, sum(times * points for _, times, points in witness)) == nearest
    assert {name for name, _, _ in witness} <= {move.name for move in moves[:used]}


def test_more_records_and_wider_ranges_are_no_trouble() -> None:
    """A whole policy's worth: 300 behaviours over 2,000 points, half of them at an official's discretion."""
    moves = [Move(f"m{n}", tuple(range(1 + n % 7, 3 + n % 50)) if n % 2 else (1 + n % 40,), 1 + n % 10)
             for n in range(300)]  # fmt: skip
    reach = reach_down(1000, -1000, [move for move in moves if move.steps])
    assert reach.can(-1000, -1000)
    assert reach.can(123, 123)
    witness = reach.witness(-500, -500)
    assert witness is not None
    assert sum(times * points for _, times, points in witness) == -1500


@pytest.mark.parametrize(
    ("witness", "words"),
    [
        ((), "no record at all"),
        ((("post", 3, -50),), "3 x post (-50)"),
        ((("post", 1, 0), ("debt", 2, 10)), "1 x post + 2 x debt (+10)"),
    ],
)
def test_a_witness_in_words(witness: tuple[tuple[str, int, int], ...], words: str) -> None:
    assert told(witness) == words
    assert as_data(witness) == [{"behaviour": n, "records": t, "points": p} for n, t, p in witness]
