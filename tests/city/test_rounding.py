"""Whole numbers that meet their margins: properties and the published known answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitropolis.base.errors import InputError
from vitropolis.city.rounding import clamp_shares, fit_table, meet_total

counts = st.integers(0, 3_000)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[int], list[int], list[list[int]]]:
    """A table of counts, given by its margins, and a seed that is positive wherever the table is."""
    height, width = draw(st.integers(1, 8)), draw(st.integers(1, 5))
    cells = [[draw(counts) for _ in range(width)] for _ in range(height)]
    seed = [[draw(st.integers(1 if cell else 0, 1_000)) for cell in line] for line in cells]
    return [sum(line) for line in cells], [sum(part) for part in zip(*cells, strict=True)], seed


@given(tables())
@settings(max_examples=150, deadline=None)
def test_margins_are_met_and_zeros_stay(case: tuple[list[int], list[int], list[list[int]]]) -> None:
    rows, columns, seed = case
    table = fit_table(rows, columns, seed)
    assert [sum(line) for line in table] == rows
    assert [sum(part) for part in zip(*table, strict=True)] == columns
    assert all(cell >= 0 and (weight or not cell) for line, own in zip(table, seed, strict=True)
               for cell, weight in zip(line, own, strict=True))  # fmt: skip


def test_the_pattern_of_the_seed_is_kept() -> None:
    # known case: seed [[1,2,1],[3,5,5],[6,2,2]], rows 5 15 8, columns 11 8 9, a thousandfold
    known = [[1548, 2095, 1356], [4180, 4715, 6104], [5271, 1189, 1539]]
    table = fit_table([5000, 15000, 8000], [11000, 8000, 9000], [[1, 2, 1], [3, 5, 5], [6, 2, 2]])
    assert all(abs(got - want) <= 1 for line, own in zip(table, known, strict=True)
               for got, want in zip(line, own, strict=True))  # fmt: skip


def test_margins_that_differ_or_cannot_be_met_are_named() -> None:
    with pytest.raises(InputError, match="sex: the rows sum to 3, the columns to 4"):
        fit_table([3], [2, 2], [[1, 1]], "sex")
    with pytest.raises(InputError, match="sex: these margins cannot be met together"):
        fit_table([3, 1], [2, 2], [[1, 0], [1, 1]], "sex")
    with pytest.raises(InputError, match="no cell that may hold them"):
        fit_table([3, 1], [2, 2], [[0, 0], [1, 1]], "sex")


@given(st.lists(counts, min_size=2, max_size=8), st.data())
@settings(max_examples=150, deadline=None)
def test_a_weighted_sum_is_met_inside_groups(cells: list[int], data: st.DataObject) -> None:
    values = list(range(1, len(cells) + 1))
    whole = sum(cells)
    target = data.draw(st.integers(whole, whole * len(cells)))
    met = meet_total(cells, values, [0] * len(cells), target)
    assert sum(met) == whole
    assert sum(count * value for count, value in zip(met, values, strict=True)) == target
    assert min(met) >= 0


def test_a_sum_that_cannot_be_met_is_named() -> None:
    with pytest.raises(InputError, match="homes: a total of 9 cannot be reached"):
        meet_total([1, 1], [1, 2], [0, 0], 9, "homes")


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), counts), min_size=1, max_size=8), st.data())
@settings(max_examples=100, deadline=None)
def test_shares_stay_between_their_bounds(cases: list[tuple[int, int, int]], data: st.DataObject) -> None:
    low, high = [case[0] for case in cases], [case[0] + case[1] for case in cases]
    total = data.draw(st.integers(sum(low), sum(high)))
    parts = clamp_shares(total, [case[2] + 1 for case in cases], low, high, "homes")
    assert sum(parts) == total
    assert all(least <= part <= most for least, part, most in zip(low, parts, high, strict=True))
    with pytest.raises(InputError, match="homes"):
        clamp_shares(sum(high) + 1, [1] * len(cases), low, high, "homes")
