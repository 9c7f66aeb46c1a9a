"""Learning to stay away: the tables in closed form, one door against its chain, the court list of 2014."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vitropolis.model.assumptions import load_assumptions
from vitropolis.verification import refusals
from vitropolis.verification.refusals import (
    CAUGHT,
    Learning,
    caught_case,
    court_list,
    court_plan,
    door_cases,
    door_plan,
)

SMALL = 4_000


def test_the_tables_hold_what_the_assumptions_say() -> None:
    learning, held = Learning.of(court_plan(1)), load_assumptions("default").services.learning
    floor, avoids = held.floor.value, held.avoids.value
    law = [floor + (1 - floor) * (1 - avoids) ** level for level in range(len(learning.goes))]
    assert learning.goes == pytest.approx(law, abs=1e-5)
    assert learning.tries_at(0) == pytest.approx(held.first_tries.value, rel=0.005)
    assert learning.tries_at(5) == pytest.approx(held.later_tries.value, rel=0.005)
    assert (learning.tries.min(), learning.tries.max()) == (1, 52)
    assert (np.diff(learning.goes[:13]) < 0).all()


def test_what_a_newcomer_and_an_old_hand_expect_in_closed_form() -> None:
    """A door met for the first time: 8.7 tries; years later 0.3 of needs at 1.8 tries each."""
    learning = replace(Learning.of(door_plan(1)), need=0.2, first_week=0.2)
    assert float(learning.after(1)[1].sum()) == pytest.approx(0.2 * learning.tries_at(0))
    early, late = (float(learning.after(weeks)[1].sum()) for weeks in (400, 401))
    assert late - early == pytest.approx(0.2 * 0.3 * learning.tries_at(9), rel=0.001)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_door_keeps_the_chain(seed: int) -> None:
    cases = list(door_cases(SMALL, seed, weeks=20))
    assert [f"{case.name} z {case.z:.2f}" for case in cases if not case.holds] == []
    assert min(case.got for case in cases) > 1_000


def test_another_chain_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    of = Learning.of
    monkeypatch.setattr(Learning, "of", lambda plan: replace(of(plan), goes=np.minimum(1, of(plan).goes * 1.1)))
    assert [case for case in door_cases(SMALL, 1, weeks=20) if not case.holds]


def test_those_caught_by_the_court_list_in_2014() -> None:
    found = court_list(20_000, 1, end=CAUGHT)
    silent, told = 0, 1
    assert found.caught[silent] > 25
    assert caught_case([found]).holds
    assert found.refusals[told] / found.caught[told] < found.refusals[silent] / found.caught[silent]


@pytest.mark.long
def test_at_full_size() -> None:
    assert refusals.main()
