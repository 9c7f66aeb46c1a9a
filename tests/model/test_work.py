"""Known answers of work lost through firms, and what representatives carry."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.oracle.engine_view import all_days, made_up, played
from tests.oracle.made_up import MadeUp
from tests.oracle.scenarios import scenario

from vitropolis.base.draws import Stream, philox
from vitropolis.engine.workside import WorkSide
from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.model.counts import ITEMS
from vitropolis.model.jobs import Staff, jobs_to_go
from vitropolis.model.news import CARRIED, LAID_OFF, REACH_AT, WRONGLY_AT
from vitropolis.model.representatives import Source, carried_by, held_by, news_of_offices


def ints(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, np.int64)


def test_a_firm_closes_part_of_its_gap_and_at_least_one_job_a_week() -> None:
    staff, lost, gone = ints(100, 100, 3, 100, 0), ints(65536, 32768, 65536, 65536, 65536), ints(0, 0, 0, 60, 0)
    assert jobs_to_go(staff, lost, gone, 32768, 6554).tolist() == [5, 2, 1, 0, 0]
    assert jobs_to_go(staff, lost, gone, 0, 6554).tolist() == [0] * 5


def test_orders_lost_for_good_cost_exactly_the_jobs_aimed_at() -> None:
    gone = ints(0)
    for _ in range(200):
        gone = gone + jobs_to_go(ints(1000), ints(30000), gone, 50000, 3000)
    assert gone.tolist() == [1000 * 30000 * 50000 >> 32]


def test_employees_go_in_the_order_of_their_draws_each_once() -> None:
    employer = np.array([0, 1, 0, -1, 0, 1, 0], np.int32)
    people = Staff(employer, ints(4, 2), 5)
    first = people.next(ints(0, 1), ints(0, 0), ints(2, 1)).tolist()
    rest = people.next(ints(0, 1), ints(2, 1), ints(2, 1)).tolist()
    lots = philox(np.arange(7), 0, int(Stream.LAYOFF), 0, 5)[0]
    by_lot = {firm: sorted(np.flatnonzero(employer == firm), key=lambda i: (lots[i], i)) for firm in (0, 1)}
    assert first == [*by_lot[0][:2], by_lot[1][0]]
    assert rest == [*by_lot[0][2:], by_lot[1][1]]


def test_wrong_is_what_only_wrongly_listed_firms_carry() -> None:
    every, true = carried_by([Source(2, True, 0)], ints(0, 0, 0), ints(1, 1, 0), ints(1, 0, 0))
    assert every.tolist() == [4, 4, 0] and true.tolist() == [0, 4, 0]
    who, value = held_by(ints(7, 7, 7), every, true)
    assert who.tolist() == [7] and value.tolist() == [4]
    who, value = held_by(ints(7, 8, -1), every, true)
    assert who.tolist() == [7, 8] and value.tolist() == [4 | 4 << 8, 4]


def test_news_name_only_those_for_whom_something_changed() -> None:
    before = np.array([[1, 0, 1], [2, 1, 1], [3, 0, 1]], np.int64)
    now = np.array([[1, 0, 1], [3, 0, 257], [4, 1, 2]], np.int64)
    rows = news_of_offices(before, now).tolist()
    assert rows == [[2, CARRIED, 1], [3, CARRIED, 1 << REACH_AT | 1 << WRONGLY_AT], [4, CARRIED, 1 | 2 << REACH_AT]]


def test_jobs_cut_are_lay_offs_are_residents_laid_off_week_for_week() -> None:
    found = scenario(3)
    simulation, weeks = played(found)
    days = all_days(simulation.plan, weeks)
    told = 0
    for week in weeks:
        rows = week.broadcast.news[week.broadcast.news[:, 1] == LAID_OFF]
        for world in range(len(found.played)):
            events = int((rows[:, 2] >> world & 1).sum())
            assert events == int(week.totals.days[world, :, ITEMS["laid_off"]].sum())
            told += events
    assert told == int(simulation.state.jobs.sum()) > 50
    assert (simulation.state.jobs <= simulation.tables.staff).all()
    flows = [int(days[:, :, ITEMS[name]].sum()) for name in ("laid_off", "found_work", "without_work")]
    assert flows[0] == flows[1] + flows[2]


def test_representatives_are_adults_of_their_firms_district() -> None:
    found = scenario(3)
    simulation, _ = played(found)
    side = WorkSide(simulation.plan, simulation.city, simulation.tables.staff)
    assert (side.reps >= 0).all() and (simulation.city.age[side.reps] >= 18).all()
    ends = simulation.city.district_ends
    assert (np.searchsorted(ends, side.reps, side="right") - 1 == simulation.city.firm_district).all()
    assert made_up(simulation, found).shut.any()


def test_a_share_of_orders_above_one_is_refused() -> None:
    held = load_assumptions("default")
    with pytest.raises(Exception, match=r"work\.orders_lost\.firm_loan"):
        held.with_values({"work.orders_lost.firm_loan": 1.5})


def test_work_is_found_with_its_weekly_chance_where_nothing_is_in_the_way() -> None:
    weeks_, found_, expected, variance = 0, 0, 0.0, 0.0
    for index in (0, 1, 3, 4, 6, 8):
        case = scenario(index)
        simulation, weeks = played(case)
        days = all_days(simulation.plan, weeks)
        for world, (policy, held) in enumerate(case.played):
            if policy.id != "none":
                continue
            spent, got = (int(days[world, :, ITEMS[name]].sum()) for name in ("weeks_without_work", "found_work"))
            chance = held.work.found_weekly.value
            weeks_, found_ = weeks_ + spent, found_ + got
            expected, variance = expected + spent * chance, variance + spent * chance * (1 - chance)
    assert weeks_ > 100
    assert abs(found_ - expected) < 4 * variance**0.5


def test_where_no_job_follows_from_orders_a_run_is_as_without_firms() -> None:
    case = scenario(3)
    off = [(policy, without_lay_offs(held)) for policy, held in case.played]
    assert not any(case.firms.spills)
    seen, alone = played(replace(case, played=off)), played(replace(case, played=off, firms=NOBODY_SHUT))
    for one, other in zip(seen[1], alone[1], strict=True):
        assert np.array_equal(one.totals.days, other.totals.days)
        assert not len(one.broadcast.news) and not len(other.broadcast.news)
    assert not seen[0].state.jobs.any()


NOBODY_SHUT = MadeUp(-1, [{}] * 4, [False] * 4, calm=True)


def without_lay_offs(held: Assumptions) -> Assumptions:
    through = held.work.pass_through.model_copy(update={"value": 0.0})
    return held.model_copy(update={"work": held.work.model_copy(update={"pass_through": through})})
