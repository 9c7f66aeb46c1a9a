"""The design: every assumption with a range moves, evenly, inside its range, in its own order, always the same."""

from __future__ import annotations

from functools import cache

import numpy as np

from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.study.changed import with_values
from vitropolis.study.design import SETS, design, digest_of_design, moving, places, rounded, value_at


@cache
def held() -> Assumptions:
    return load_assumptions("default")


@cache
def points() -> list[dict[str, float]]:
    return design(held())


def test_every_assumption_with_a_range_moves_inside_it() -> None:
    items = held().values()
    assert len(points()) == SETS == 64
    for path, item in items.items():
        numbers = [point[path] for point in points() if path in point]
        if item.low == item.high:
            assert numbers == []
        else:
            assert len(set(numbers)) > (SETS // 2 if item.unit != "steps" else min(3, item.high - item.low)), path
            assert all(item.low <= number <= item.high for number in numbers), path


def test_each_margin_is_covered_evenly() -> None:
    where = places(len(moving(held())))
    assert where.shape == (SETS, len(moving(held())))
    for column in np.floor(where * SETS).T:
        assert sorted(column) == list(range(SETS))


def test_a_value_is_the_place_of_its_own_column() -> None:
    where = places(len(moving(held())))
    for column, (path, item) in enumerate(moving(held()).items()):
        assert [point[path] for point in points()] == [value_at(item, share) for share in where[:, column]], path


def test_parameters_go_their_own_ways() -> None:
    columns = places(len(moving(held())))
    pairs = np.asarray(np.corrcoef(columns, rowvar=False))[np.triu_indices(columns.shape[1], 1)]
    assert abs(float(pairs.mean())) < 0.01
    assert float((pairs**2).mean()) < 1.2 / (SETS - 1)  # what orders drawn at random have
    assert float(np.abs(pairs).max()) < 0.75


def test_sets_are_those_that_a_file_may_say() -> None:
    for point in points()[:3]:
        made = held().with_values(point)  # checks sums, payers and needs again
        assert {path: made.values()[path].value for path in point} == point
        assert with_values(held(), point).digest == made.digest


def test_what_is_counted_stays_whole() -> None:
    counted = [path for path, item in moving(held()).items() if item.unit == "steps"]
    assert counted
    assert all(point[path] == int(point[path]) for point in points() for path in counted)


def test_the_design_is_the_same_every_time() -> None:
    assert design(held()) == points()
    other = held().with_values({"trait.sigma": 0.65})  # the values as written are no part of it
    assert design(other) == points()
    assert list(points()[0]) == list(moving(held()))
    assert digest_of_design(points()) != digest_of_design(points()[1:])


def test_the_design_is_the_same_on_every_machine() -> None:
    """With the versions of the locks; other ones of SciPy or NumPy may order otherwise, and the digest then says so."""
    assert np.round(places(3, 4), 6).tolist() == [
        [0.536827, 0.546658, 0.201429],
        [0.212504, 0.090483, 0.309743],
        [0.900181, 0.905934, 0.52516],
        [0.497825, 0.268913, 0.779603],
    ]


def test_nothing_moves_where_nothing_has_a_range() -> None:
    assert places(0, 4).shape == (4, 0)


def test_values_are_short() -> None:
    item = held().values()["conduct.judgment_unpaid_able.rate"]
    assert value_at(item, 0.0) == item.low
    assert value_at(item, 1.0) == item.high
    assert rounded(0.00123456) == 0.001235
    assert rounded(0.0) == 0.0
    assert rounded(123456.0, 2) == 120000
