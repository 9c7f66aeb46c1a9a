"""Measures and spill-overs worked by hand. Sections 9 and 10 of docs/mechanisms.md."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.oracle.by_hand import (
    MISATTRIBUTED,
    NEIGHBOURS,
    ON_RECORD,
    RIGHT,
    days_of,
    deny,
    each_day,
    policy,
    ready,
    send,
)
from tests.oracle.cities import seen
from tests.oracle.household import are_relatives
from tests.oracle.look import Standing
from tests.oracle.measures import classes_of, holds_on_list
from tests.oracle.play import Run
from tests.oracle.scenarios import loaded

NO_LINGER = {"bad": {**ON_RECORD["bad"], "exit": {"propagates_within_days": 0}}}


def acting(standing: Standing) -> bool:
    return bool(standing.acting)


def truly(standing: Standing) -> bool:
    return bool(standing.truly)


@pytest.mark.parametrize(
    ("more", "expected"),
    [  # listed on days 2 to 6
        ({}, range(2, 7)),
        ({"after_exit_days": 3}, range(2, 10)),
        ({"after_exit_days": 0}, range(2, 7)),
        ({"after_exit_days": None}, range(2, 14)),
        ({"fixed_days": 2}, (2, 3)),
        ({"fixed_days": 2, "after_exit_days": 1}, (2, 3, 4)),
        ({"fixed_days": 9}, range(2, 11)),
        ({"fixed_days": 2, "after_exit_days": None}, range(2, 14)),
        ({"starts_on": date(2020, 1, 4)}, range(3, 7)),
        ({"ends_before": date(2020, 1, 5)}, (2, 3)),
        ({"ends_before": date(2020, 1, 5), "fixed_days": 9}, (2, 3)),
        ({"starts_on": date(2020, 1, 4), "fixed_days": 2}, (3, 4)),
    ],
)
def test_a_class_acts_while_its_trigger_holds_or_as_long_as_its_days_say(more: dict[str, Any], expected: Any) -> None:
    run = ready(policy({}, NO_LINGER, measures={"no_flights": deny(**more)}), 14)
    send(run, act=1)
    assert days_of(each_day(run, 14, acting)) == list(expected)


def test_a_fixed_time_begins_again_only_after_the_trigger_ceased() -> None:
    trigger = {"kind": "score", "score": "main", "below": 90}
    measure = {**deny(), "trigger": trigger, "fixed_days": 2}
    data = policy({"points": {"main": -20}, "life": {"kind": "expires", "after_days": 5}}, measures={"m": measure})
    run = ready(data, 14)
    for act in (0, 3, 10):
        send(run, act)
    # Below 90 on days 1 to 7 (of acts 0 and 3) and from day 11 on.
    assert days_of(each_day(run, 14, acting)) == [1, 2, 11, 12]


def test_a_list_goes_on_at_other_holders_and_not_longer_than_promised() -> None:
    run = ready(policy({}, ON_RECORD, measures={"no_flights": deny()}), 12, {"lists.holders_mean_days": 1})
    send(run, act=1)
    assert days_of(each_day(run, 12, acting)) == [2, 3, 4, 5, 6, 7]  # listed to day 6, and one day more elsewhere
    lists = {"bad": {**ON_RECORD["bad"], "exit": {"propagates_within_days": 2}}}
    run = ready(policy({}, lists, measures={"no_flights": deny()}), 12, {"lists.holders_mean_days": 3000})
    send(run, act=1)
    assert days_of(each_day(run, 12, acting)) == list(range(2, 9))


def test_what_no_longer_is_a_list_does_not_linger() -> None:
    lists = {"bad": {**ON_RECORD["bad"], "ends_before": date(2020, 1, 5)}}
    run = ready(policy({}, lists, measures={"no_flights": deny()}), 8)
    send(run, act=1)
    assert days_of(each_day(run, 8, acting)) == [2, 3]


@pytest.mark.parametrize("more", [{}, {"fixed_days": 3}, {"after_exit_days": 2}])
def test_a_measure_on_a_wrong_record_does_not_act_truly_nor_do_its_notes(more: dict[str, Any]) -> None:
    for truth, right in ((MISATTRIBUTED, False), (RIGHT, True)):
        run = ready(policy({}, ON_RECORD, measures={"no_flights": deny(**more)}), 10)
        send(run, act=1, truth=truth)
        found = each_day(run, 10, lambda now: (acting(now), truly(now), now.own_hit, now.wrongly))
        assert {each for each in found if each[0]} == {(True, right, True, not right)}
        assert ("wrongly" in run.worlds[0].ever[500]) is not right


def test_a_right_record_beside_a_wrong_one_carries_the_measure_but_not_the_listing() -> None:
    data = policy({"points": {"main": -20}}, measures={"m": {**deny(), "trigger": _below(90)}})
    run = ready(data, 6)
    send(run, act=0, truth=MISATTRIBUTED)
    send(run, act=2)
    found = each_day(run, 6, lambda now: (acting(now), truly(now)))
    assert found == [(False, False), (True, False), (True, False), (True, True), (True, True), (True, True)]


def _below(score: int) -> dict[str, Any]:
    return {"kind": "score", "score": "main", "below": score}


@pytest.mark.parametrize(
    ("action", "hit"),
    [
        ({"kind": "deny"}, True),
        ({"kind": "restrict", "kept_share": 0.5}, True),
        ({"kind": "price", "factor": 1.5}, True),
        ({"kind": "price", "factor": 1.0}, False),
        ({"kind": "price", "factor": 0.5}, False),
        ({"kind": "delay", "days": 2}, True),
        ({"kind": "delay", "days": -2}, False),
        ({"kind": "priority", "place": "behind"}, True),
        ({"kind": "priority", "place": "first"}, False),
        ({"kind": "inspect", "times_usual": 2.0}, True),
        ({"kind": "honour"}, False),
    ],
)
def test_only_a_sanction_makes_somebody_hit(action: dict[str, Any], hit: bool) -> None:
    measure = {**deny("vehicle_plate"), "trigger": _below(90), "action": action}
    run = ready(policy({"points": {"main": -20}}, measures={"m": measure}), 3)
    send(run, act=0)
    assert each_day(run, 3, lambda now: (acting(now), now.own_hit))[-1] == (True, hit)


def test_whom_only_lawful_conduct_brought_behind_a_door_is_protected() -> None:
    data = policy({"points": {"main": -20}}, measures={"m": {**deny(), "trigger": _below(90)}})
    for name, breach, harm in (("act", False, True), ("plea", True, True)):  # gravity 1 and 0
        run = ready(data, 3)
        send(run, act=0, name=name)
        each_day(run, 3, acting)
        ever, state = run.worlds[0].ever[500], run.result().worlds[0].residents[500].ever
        assert ("protected breach" in ever, "protected harm" in ever) == (breach, harm)
        assert state == ("hit", *(["protected first"] if breach else []), *(["protected second"] if harm else []))
        items, district = run.worlds[0].counts.items, run.city.district[500]
        assert items[2, district, "ever_first_breach"] == (not breach)
        assert items[2, district, "ever_second_protected"] == harm


def test_measures_with_the_same_trigger_days_and_dates_are_one_class() -> None:
    measures = {
        "a": deny(),
        "b": {**deny("library"), "action": {"kind": "honour"}},
        "c": deny("parking", fixed_days=3),
        "d": deny("star_hotel", fixed_days=3),
        "e": {**deny(), "trigger": _below(90)},
    }
    found = classes_of(loaded(policy({}, ON_RECORD, measures=measures)))
    assert [each.measures for each in found] == [("a", "b"), ("c", "d"), ("e",)]


def test_doors_are_services_and_people_are_counted_by_how_many_are_shut() -> None:
    services = ("flights", "library", "parking", "star_hotel", "credit_card", "private_school")
    measures = {f"no_{service}": deny(service) for service in services}
    measures |= {"again": deny("flights"), "dear": {**deny("holiday_travel"), "action": {"kind": "price", "factor": 2}}}
    run = ready(policy({}, NO_LINGER, measures=measures), 4)
    send(run, act=1)
    each_day(run, 4, acting)
    counts, district = run.worlds[0].counts, run.city.district[500]
    assert {service for day, _, service in counts.doors if day == 2} == set(services)
    assert (counts.items[3, district, "doors_5_9"], counts.items[1, district, "doors_5_9"]) == (1, 0)
    assert run.worlds[0].closed == {500}


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        ("spouse", {"head>spouse", "spouse>head"}),
        ("child", {"head>child", "spouse>child"}),
        ("parent", {"child>head", "child>spouse", "head>parent", "spouse>parent"}),
    ],
)
def test_who_is_whose_relative(relation: str, expected: set[str]) -> None:
    roles = ("head", "spouse", "child", "parent", "other", "collective")
    found = {f"{a}>{b}" for a in roles for b in roles if are_relatives(relation, a, b)}
    assert found == expected
    assert are_relatives("household", "other", "child") and not are_relatives("household", "collective", "collective")


def a_family() -> tuple[int, int, int]:
    """Head, spouse and only child of some household."""
    city = seen(1000, 0)
    for first, size in dict.fromkeys(city.households[who] for who in NEIGHBOURS):
        roles = city.role[first : first + size]
        if {"head", "spouse", "child"} <= set(roles) and roles.count("child") == 1:
            return tuple(first + roles.index(role) for role in ("head", "spouse", "child"))  # type: ignore[return-value]
    raise AssertionError


def spilled(spill: dict[str, Any], truth: int = RIGHT, sent: tuple[int, ...] = (0,), **more: Any) -> Run:
    """A run of four days in which head, spouse or child (0, 1, 2) got a record on day 2."""
    measures = {"school": deny("private_school"), "both": {**deny(), "trigger": _joint()}}
    data = policy({}, NO_LINGER, measures=measures, spillover={"over": spill}, **more)
    run = ready(data, 4)
    for place in sent:
        send(run, act=1, truth=truth, who=a_family()[place])
    each_day(run, 4, acting)
    return run


def _joint() -> dict[str, Any]:
    return {"kind": "all_of", "of": [{"kind": "listed", "lists": ["bad"]}, _below(90)]}


@pytest.mark.parametrize(
    "carries", [{"kind": "measure", "measure": "school"}, {"kind": "listing", "list": "bad"}], ids=["measure", "list"]
)
@pytest.mark.parametrize("truth", [RIGHT, MISATTRIBUTED])
def test_a_child_is_met_by_what_is_carried_and_by_nothing_else(carries: dict[str, Any], truth: int) -> None:
    run, (head, spouse, child) = spilled({"carries": carries, "to": "child"}, truth), a_family()
    world, wrong = run.worlds[0], truth == MISATTRIBUTED
    assert (world.carried[head], world.carried[spouse], world.carried[child]) == ({}, {}, {0: wrong})
    assert [measure.name for measure in world.meets[child]] == ["school"]
    assert world.ever[child] == ({"through", "wrongly through"} if wrong else {"through"})
    state = run.result().worlds[0].residents[child]
    assert (state.door_class, state.closed) == (1, True)
    counts, district = world.counts.items, run.city.district[child]
    assert (counts[3, district, "through_now"], counts[3, district, "ever_through_wrong"]) == (1, wrong)


def test_a_fault_test_a_weight_of_nothing_and_dates_hold_it_back() -> None:
    over, child = {"carries": {"kind": "listing", "list": "bad"}, "to": "child"}, a_family()[2]
    for more in ({"individual_fault_test": True}, {"weight": 0}, {"ends_before": date(2020, 1, 3)}):
        assert spilled({**over, **more}).worlds[0].carried[child] == {}
    both = spilled({**over, "individual_fault_test": True}, sent=(0, 2))
    assert both.worlds[0].carried[child] == {0: False}
    assert "through_now" not in {item for day, _, item in both.worlds[0].counts.items if day == 3}  # hit themselves


def test_one_right_source_is_enough_for_what_is_carried_to_be_right() -> None:
    over = {"carries": {"kind": "listing", "list": "bad"}, "to": "child"}
    data = policy({}, NO_LINGER, measures={"school": deny("private_school")}, spillover={"over": over})
    run, (head, spouse, child) = ready(data, 5), a_family()
    send(run, act=0, truth=MISATTRIBUTED, who=head)
    send(run, act=2, who=spouse)
    found = each_day(run, 5, lambda _: run.worlds[0].carried[child])
    assert found == [{}, {0: True}, {0: True}, {0: False}, {0: False}]


def test_a_carried_list_meets_only_by_what_follows_from_it_alone() -> None:
    listed = loaded(policy({}, ON_RECORD, measures={"both": {**deny(), "trigger": _joint()}})).measures["both"].trigger
    either = loaded(policy({}, ON_RECORD, measures={"m": {**deny(), "trigger": {**_joint(), "kind": "any_of"}}}))
    assert not holds_on_list(listed, "bad")
    assert holds_on_list(either.measures["m"].trigger, "bad")


def test_a_score_out_of_force_has_no_points_and_no_ceilings() -> None:
    data = policy({"points": {"main": -20}, "band_ceiling": {"main": "c"}})
    data["scores"]["main"] |= {"starts_on": date(2020, 1, 3), "ends_before": date(2020, 1, 5)}
    run = ready(data, 6)
    send(run, act=0)
    found = each_day(run, 6, lambda now: (now.scores["main"], now.bands["main"]))
    assert found == [(100, "a"), (100, "a"), (80, "c"), (80, "c"), (100, "a"), (100, "a")]
