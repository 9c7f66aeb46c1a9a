"""The design: every assumption with a range moves, evenly, inside its range, in an order of its own."""

from __future__ import annotations

from functools import cache

import numpy as np

from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.study.changed import with_values
from vitropolis.study.design import SETS, design, digest_of_design, moving, rounded, strata, value_at


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
            assert len(set(numbers)) > (SETS // 2 if item.unit != "steps" else 3), path
            assert all(item.low <= number <= item.high for number in numbers), path


def test_each_margin_is_covered_evenly() -> None:
    for path in moving(held()):
        places = np.floor(strata(path, SETS) * SETS)
        assert sorted(places) == list(range(SETS)), path


def test_parameters_go_their_own_ways() -> None:
    columns = np.array([strata(path, SETS) for path in moving(held())])
    pairs = np.corrcoef(columns)[np.triu_indices(len(columns), 1)]
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


def test_a_parameter_keeps_its_places_whatever_else_there_is() -> None:
    path = "conduct.theft.rate"
    other = held().with_values({"trait.sigma": 0.65})
    assert [point[path] for point in design(other)] == [point[path] for point in points()]
    assert digest_of_design(points()) != digest_of_design(points()[1:])


def test_the_design_is_the_same_on_every_machine() -> None:
    found = [round(float(place), 6) for place in strata("conduct.theft.rate", 4)]
    assert found == [0.748541, 0.026725, 0.80276, 0.487073]


def test_values_are_short() -> None:
    item = held().values()["conduct.judgment_unpaid_able.rate"]
    assert value_at(item, 0.0) == item.low
    assert value_at(item, 1.0) == item.high
    assert rounded(0.00123456) == 0.001235
    assert rounded(0.0) == 0.0
    assert rounded(123456.0, 2) == 120000
