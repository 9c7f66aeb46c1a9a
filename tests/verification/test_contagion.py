"""Spill-over in the household reaches (s - 1) q others, exactly so at q = 0 and q = 1."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from vitropolis.verification import contagion
from vitropolis.verification.contagion import SHARES, TESTED, Reached, by_household, cases_of, homes_of, one_listed
from vitropolis.verification.quiet import city_of

SMALL = 8_000


@cache
def reached(seed: int) -> Reached:
    return contagion.reached(SMALL, seed)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_as_many_are_reached_as_the_law_says(seed: int) -> None:
    cases = list(cases_of(city_of(SMALL), reached(seed), f"seed {seed}"))
    assert [f"{case.name} expected {case.expected}, got {case.got}" for case in cases if not case.holds] == []
    assert sum(case.expected > 5 for case in cases) >= 8  # and there is somebody to reach


def test_no_and_full_reach_are_exact() -> None:
    homes, found = homes_of(city_of(SMALL)), reached(1)
    assert not found.carried[SHARES.index(0.0)].any()
    size, others = one_listed(homes, found, SHARES.index(1.0))
    assert len(size) > 80
    assert np.array_equal(others, size - 1)


def test_only_relatives_in_the_same_household_are_reached() -> None:
    homes, found = homes_of(city_of(SMALL)), reached(1)
    world = SHARES.index(1.0)
    without = by_household(homes, found.listed[world]) == 0
    assert not found.carried[world][without[homes.of] | homes.collective[homes.of]].any()
    assert (found.listed[world] & homes.collective[homes.of]).any()


def test_the_same_are_listed_in_every_world_and_more_reach_reaches_more() -> None:
    found = reached(1)
    assert all(np.array_equal(found.listed[0], other) for other in found.listed[1:])
    for less, more in zip(range(TESTED - 1), range(1, TESTED), strict=True):
        assert not (found.carried[less] & ~found.carried[more]).any()


def test_another_reach_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = reached(1)
    monkeypatch.setattr(contagion, "SHARES", (0.0, 0.45, 1.0))
    wrong = [case.name for case in cases_of(city_of(SMALL), found, "wrong") if not case.holds]
    assert any("q 0.45" in name for name in wrong)
    monkeypatch.undo()
    one_more = replace(found, counted=found.counted + 1)
    assert [case for case in cases_of(city_of(SMALL), one_more, "wrong") if not case.holds]


@pytest.mark.long
def test_at_full_size() -> None:
    assert contagion.main()
