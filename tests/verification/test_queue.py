"""The queue of appeals: its law in days, overload, and that nobody is passed over."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitropolis.engine.queues import FLOWS, LEVEL, RESIDENT, capacity_of, empty_queue, hold_courts, serve
from vitropolis.model.procedure import Court
from vitropolis.verification import queue
from vitropolis.verification.queue import COME, GO, ROWS, YEAR, Law, court_of, law_of, overload, row_cases

QUICK = 100_000
FILED, DECIDED, LAPSED, WAITING = (FLOWS.index(name) for name in ("filed", "decided", "lapsed", "waiting"))


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_published_digits_are_those_of_the_chain(row: tuple[int, int, str, str, str]) -> None:
    come, go, mean, empty, sd = row
    law = law_of(come, go)
    assert law.mean == pytest.approx(float(mean), abs=1e-6)
    assert law.empty == pytest.approx(float(empty), abs=1e-6)
    assert law.sd == pytest.approx(float(sd), abs=1e-4)


@pytest.mark.parametrize("row", range(len(ROWS)))
def test_the_engines_queue_keeps_the_law(row: int) -> None:
    cases = row_cases(row, QUICK, 1)
    assert [f"{case.name} z {case.z:.2f}" for case in cases if abs(case.z) >= 3] == []


def test_another_law_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    other = law_of(8.15, 10)
    monkeypatch.setattr(queue, "law_of", lambda come, go: Law(other.mean, other.empty, other.sd))
    assert [case for case in row_cases(0, QUICK, 1) if not case.holds]


def test_overload_grows_by_what_is_not_decided() -> None:
    waiting, wait = overload()
    assert waiting.tolist() == [(COME - GO) * (day + 1) for day in range(YEAR)]
    assert wait == pytest.approx(7300 / 220, rel=0.005)
    assert [case.name for case in queue.overload_cases() if not case.holds] == []


@given(st.integers(0, 400), st.integers(0, 50_000), st.integers(0, 900))
def test_capacity_adds_up_to_the_floor_of_the_rate(staff: int, enrolled: int, weeks: int) -> None:
    rate = court_of(staff).staff * enrolled / 100_000
    days = [capacity_of(court_of(staff), enrolled, 7 * week, 7) for week in range(weeks, weeks + 3)]
    assert sum(map(sum, days)) == int(rate * 7 * (weeks + 3)) - int(rate * 7 * weeks)
    assert {day for week in days for day in week} <= {int(rate), int(rate) + 1}


Weeks = st.lists(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 5)), min_size=7, max_size=7), min_size=1, max_size=4
)


@settings(max_examples=300)
@given(Weeks, st.one_of(st.none(), st.integers(0, 9)))
def test_nobody_is_passed_over(weeks: list[list[tuple[int, int]]], deadline: int | None) -> None:
    """`weeks`: filed and capacity of each day. Waiting appeals are carried from week to week as the engine does."""
    left, gone, waiting = np.zeros(0, np.int64), [], 0
    for number, week in enumerate(weeks):
        first = 7 * number
        come = np.repeat(np.arange(first, first + 7), [filed for filed, _ in week])
        whole = np.concatenate([left, come])
        served = serve(whole, first, [capacity for _, capacity in week], deadline)
        done = served.day >= 0
        assert done.tolist() == sorted(done, reverse=True)  # who is served is a front part of the queue
        assert (served.day[done] >= whole[done]).all()
        gone += list(zip(whole[done].tolist(), served.day[done].tolist(), served.lapsed[done].tolist(), strict=True))
        for day, (filed, capacity) in enumerate(week):
            flows = served.flows[:, day]
            waiting += filed - flows[DECIDED] - flows[LAPSED]
            assert (flows[FILED], flows[WAITING]) == (filed, waiting)
            assert flows[DECIDED] <= capacity
            assert flows[DECIDED] == capacity or waiting == 0  # nobody waits while a decision is left
        left = whole[~done]
        assert deadline is None or (left > first + 6 - deadline).all()
    assert [day for _, day, _ in gone] == sorted(day for _, day, _ in gone)
    assert [filed for filed, _, _ in gone] == sorted(filed for filed, _, _ in gone)
    late = [day - filed for filed, day, lapsed in gone if lapsed]
    assert late == [deadline] * len(late)


def court(levels: int, late: str, deadline: int | None, removal: int) -> Court:
    """Decides two a day for 100,000, upholds half, and of the refused half go on."""
    half, made = 1 << 31, court_of(2)
    return Court(made.staff, made.pace, levels, late, deadline, removal, half, half, half)


Filings = st.lists(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 1)), max_size=25), min_size=1, max_size=4)


@settings(max_examples=150)
@given(Filings, st.integers(1, 3), st.sampled_from(("waits", "granted", "refused")), st.integers(0, 12))
def test_what_comes_in_is_answered_or_waits(
    weeks: list[list[tuple[int, int]]], levels: int, late: str, deadline: int
) -> None:
    """`weeks`: weekday and district of each appeal. Two districts; appeals that go on join again."""
    held, enrolled, turn = court(levels, late, deadline, 3), np.array([[100_000, 50_000]]), 0
    left, answered, waiting, files = empty_queue(), [], np.zeros(2, np.int64), 0
    for number, week in enumerate(weeks):
        rows = np.zeros((len(week), 6), np.int64)
        for place, (weekday, district) in enumerate(sorted(week)):
            rows[place] = 0, district, 7 * number + weekday, turn, 1, turn
            turn += 1
        before = np.concatenate([left, rows])
        left, said, flows = hold_courts(left, rows, [held], enrolled, 7 * number, 7, seed=3)
        daily = np.asarray(flows[0])
        assert daily[:, WAITING].tolist() == _waiting(waiting, daily).tolist()
        waiting = daily[:, WAITING, -1]
        files += int(daily[:, FILED].sum())
        answered += said.tolist()
        again = left[left[:, 2] == 7 * number + 7]
        assert (again[:, LEVEL] <= levels).all()
        _still_in_order(before, left[left[:, 2] < 7 * number + 7])
        assert (said[:, 1] >= 7 * number + 7).all()
    people = [row[0] for row in answered] + left[:, RESIDENT].tolist()
    assert sorted(people) == list(range(turn))  # everybody is answered once or waits, and nobody else is


def _waiting(before: Any, daily: Any) -> Any:
    return before[:, None] + (daily[:, FILED] - daily[:, DECIDED] - daily[:, LAPSED]).cumsum(axis=1)


def _still_in_order(before: Any, left: Any) -> None:
    """Who still waits are the last of their district's queue."""
    for district in (0, 1):
        mine = before[before[:, 1] == district]
        mine = mine[np.lexsort((mine[:, LEVEL], mine[:, RESIDENT], mine[:, 2]))]
        rest = left[left[:, 1] == district]
        assert mine[len(mine) - len(rest) :].tolist() == rest.tolist()


@pytest.mark.long
def test_at_full_length() -> None:
    assert queue.main()
