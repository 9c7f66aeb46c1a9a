"""Cases, objections, appeals and their queue worked by hand. Sections 11 and 13 of docs/mechanisms.md."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from tests.oracle.appeals import play_queue
from tests.oracle.by_hand import (
    MISATTRIBUTED,
    NEIGHBOURS,
    ON_RECORD,
    RIGHT,
    START,
    days_of,
    deny,
    each_day,
    policy,
    ready,
    send,
)
from tests.oracle.look import Standing
from tests.oracle.measures import procedure_today
from tests.oracle.play import Run
from tests.oracle.redress import Answer, Appeal
from tests.oracle.scenarios import loaded

EVER = {"bad": {**ON_RECORD["bad"], "term_days": None}}
APPEAL = {"available": True}
AT = {"when": "at"}


def run_of(
    procedure: dict[str, Any], lists: dict[str, Any] = EVER, other: dict[str, float] | None = None, **more: Any
) -> Run:
    return ready(policy({}, lists, procedure=procedure, **more), 40, other)


def state(standing: Standing) -> str:
    return standing.case.state if standing.case else ""


def case_days(run: Run, days: int) -> dict[str, list[int]]:
    """By state of the case: the days on which it stands so."""
    found = each_day(run, days, state)
    return {name: days_of([each == name for each in found]) for name in dict.fromkeys(found) if name}


def items(run: Run) -> Counter[str]:
    """What was counted of redress, over all days and districts."""
    found: Counter[str] = Counter()
    for (_, _, item), number in run.worlds[0].counts.items.items():
        if item.partition("_")[0] in ("learnt", "appeals", "upheld", "refused", "objections", "out"):
            found[item] += number
    return +found


def queue(run: Run, what: str) -> dict[int, int]:
    """By day."""
    return {day: number for (day, _, item), number in run.worlds[0].counts.queue.items() if item == what and number}


def out(run: Run) -> list[tuple[int, int | None, str | None]]:
    return [(row.day_in, row.day_out, row.how) for row in run.result().worlds[0].listings or []]


@pytest.mark.parametrize(
    ("procedure", "expected"),
    [
        ({}, {"silent": range(2, 12)}),
        ({"notice": {"when": "none"}}, {"silent": range(2, 12)}),
        ({"notice": AT}, {"told": range(2, 12)}),
        ({"notice": {"when": "before"}}, {"told": range(2, 12)}),
        ({"notice": {"when": "after"}}, {"silent": range(2, 5), "told": range(5, 12)}),
        ({"notice": {"when": {START: "none", date(2020, 1, 3): "at"}}}, {"told": range(2, 12)}),
    ],
)
def test_notice_comes_when_the_policy_says(procedure: dict[str, Any], expected: dict[str, range]) -> None:
    run = run_of(procedure)
    send(run, act=1)
    assert case_days(run, 12) == {name: list(days) for name, days in expected.items()}
    assert items(run) == ({"learnt_notice": 1} if "told" in expected else {})


def test_a_case_ends_with_the_hit_and_notice_that_comes_later_tells_nobody() -> None:
    run = run_of({"notice": {"when": "after"}}, ON_RECORD, {"redress.notice_after_days": 6})
    send(run, act=1)
    assert case_days(run, 12) == {"silent": list(range(2, 7))}
    assert items(run) == {"out_term": 1}


def test_a_person_learns_for_the_first_time_once() -> None:
    run = run_of({"notice": AT}, ON_RECORD)
    for act in (0, 9):
        send(run, act=act)
    assert case_days(run, 13)["told"] == [*range(1, 6), 10, 11, 12]
    assert items(run)["learnt_notice"] == 1


def test_an_appeal_about_a_wrong_record_takes_it_out_and_ends_the_listing() -> None:
    run = run_of({"notice": AT, "appeal": APPEAL})
    send(run, act=0, truth=MISATTRIBUTED)
    # Listed and told on day 1, filed on day 2; nobody was enrolled when week 0 began: decided on day 7, answered on 14.
    assert case_days(run, 18) == {"told": [1], "pending": list(range(2, 14))}
    assert out(run) == [(1, 14, "correction")]
    assert items(run) == {"learnt_notice": 1, "appeals_filed": 1, "upheld_wrong": 1, "out_correction": 1}
    assert (queue(run, "filed"), queue(run, "decided"), queue(run, "wait_days")) == ({2: 1}, {7: 1}, {7: 5})
    assert queue(run, "waiting") == dict.fromkeys(range(2, 7), 1)
    assert run.result().worlds[0].arrived == []


def test_a_right_record_stays_and_there_is_no_second_appeal_in_the_same_case() -> None:
    run = run_of({"notice": AT, "appeal": APPEAL})
    send(run, act=0)
    assert case_days(run, 20) == {"told": [1], "pending": list(range(2, 14)), "answered": list(range(14, 20))}
    assert items(run) == {"learnt_notice": 1, "appeals_filed": 1, "refused_right": 1}
    assert out(run) == [(1, None, None)]


def test_of_several_records_the_newest_wrong_one_is_contested() -> None:
    run = run_of({"notice": AT, "appeal": APPEAL})
    wrong = send(run, act=0, truth=MISATTRIBUTED, delay=2)
    older = send(run, act=0, truth=MISATTRIBUTED, delay=1)
    newest = send(run, act=1, delay=1)
    each_day(run, 3, state)
    assert run.worlds[0].files[500][-1] is older
    assert {wrong, newest} == set(run.worlds[0].files[500][:2])
    (appeal,) = run.worlds[0].fresh_appeals
    assert appeal.record is wrong
    assert (appeal.filed_on, appeal.level) == (2, 1)


@pytest.mark.parametrize(("truth", "expected"), [(MISATTRIBUTED, []), (RIGHT, [(14, None, None)])])
def test_a_disputed_record_is_out_until_the_answer(truth: int, expected: list[Any]) -> None:
    below = {"bad": {"trigger": {"kind": "score", "score": "main", "below": 90}, "term_days": 2}}
    procedure = {"notice": AT, "appeal": APPEAL, "correction": {"flag_dispute": True}}
    run = ready(policy({"points": {"main": -20}}, below, procedure=procedure), 30)
    send(run, act=0, truth=truth)
    found = each_day(run, 16, lambda now: now.scores["main"])
    assert days_of([score == 80 for score in found]) == ([1, 2] if truth else [1, 2, 14, 15])
    assert out(run) == [(1, 3, "term"), *expected]


def test_while_an_appeal_waits_punishing_measures_may_be_suspended() -> None:
    measures = {"no_flights": deny(), "praise": {**deny(), "action": {"kind": "honour"}, "fixed_days": 30}}
    run = run_of({"notice": AT, "appeal": {**APPEAL, "suspends_effect": True}}, measures=measures)
    send(run, act=0)
    found = each_day(run, 16, lambda now: now.acting)
    assert days_of([0 in classes for classes in found]) == [1, 2, 14, 15]  # filed on day 2, answered on day 14
    assert days_of([1 in classes for classes in found]) == list(range(1, 16))


def test_an_appeal_outside_its_window_is_never_made_but_a_mere_correction_has_no_window() -> None:
    run = run_of({"notice": AT, "appeal": {**APPEAL, "window_days": 0}})
    send(run, act=0)
    assert "pending" not in case_days(run, 10)
    run = run_of({"notice": AT, "correction": {"free": True}})
    send(run, act=0)
    assert case_days(run, 10)["pending"][0] == 2
    run = run_of({"notice": AT, "appeal": {"available": False}})
    send(run, act=0)
    assert "pending" not in case_days(run, 10)
    assert items(run) == {"learnt_notice": 1}


def test_an_appeal_is_not_made_where_no_record_is_left_to_contest() -> None:
    lists = {"bad": {**ON_RECORD["bad"], "term_days": None}}
    run = ready(
        policy({"life": {"kind": "expires", "after_days": 2}}, lists, procedure={"notice": AT, "appeal": APPEAL}), 9
    )
    send(run, act=0)
    assert case_days(run, 6) == {"told": list(range(1, 6))}
    assert items(run) == {"learnt_notice": 1, "appeals_not_made": 1}


@pytest.mark.parametrize(
    ("objection", "truth", "listed", "counted"),
    [
        ({"available": True, "days": 3}, MISATTRIBUTED, [], (1, 1)),
        ({"available": True, "days": 3}, RIGHT, [4], (1, 0)),
        ({"available": True}, MISATTRIBUTED, [1], (0, 0)),  # no days of grace
        ({"available": False, "days": 3}, MISATTRIBUTED, [1], (0, 0)),
        ({"available": "unknown", "days": 3}, MISATTRIBUTED, [1], (0, 0)),
    ],
)
def test_an_objection_is_answered_before_the_listing(
    objection: dict[str, Any], truth: int, listed: list[int], counted: tuple[int, int]
) -> None:
    run = run_of({"objection": objection})
    send(run, act=0, truth=truth)
    each_day(run, 6, state)
    assert [row[0] for row in out(run)] == listed
    assert (items(run)["objections"], items(run)["objections_upheld"]) == counted
    assert len(run.worlds[0].voided[500]) == counted[1]


def test_notice_before_gives_at_least_its_days_where_objections_are_heard() -> None:
    notice = {"when": "before", "before_days": 5}
    for objection, day in (({"available": True, "days": 3}, 6), ({"available": False}, 1)):
        run = run_of({"notice": notice, "objection": objection})
        send(run, act=0)
        each_day(run, 8, state)
        assert out(run)[0][0] == day


def asked(appeal: dict[str, Any], other: dict[str, float] | None = None, **more: Any) -> Run:
    """A run whose queue the test plays itself: 100 are enrolled in the first district."""
    run = run_of({"appeal": {**APPEAL, **appeal}, **more}, other=other)
    for world in run.worlds:
        world.begin_day(0)
    return run


def decide(run: Run, appeals: list[Appeal], weeks: int = 1, enrolled: int = 100) -> dict[int, list[Answer]]:
    world = run.worlds[0]
    world.fresh_appeals += appeals
    everybody = [enrolled] * len(world.city.district_names)
    for week in range(weeks):
        play_queue(world, 7 * week, procedure_today(world.policy.procedure, START), everybody)
    return dict(world.answers)


def of_first_district(run: Run, days: tuple[int, ...], truth: int = MISATTRIBUTED) -> list[Appeal]:
    return [Appeal(place, day, 1, send(run, 0, truth=truth, who=place), day) for place, day in enumerate(days)]


def test_staff_decides_so_many_a_day_the_oldest_first() -> None:
    run = asked({"staff_per_100k": 1000}, {"redress.cases_a_staff_day": 0.5})  # half a case a day
    decide(run, of_first_district(run, (3, 0, 0)), weeks=2)
    # On odd days one: those of day 0 by number (residents 1, 2), then resident 0.
    assert queue(run, "decided") == {1: 1, 3: 1, 5: 1}
    assert queue(run, "wait_days") == {1: 1, 3: 3, 5: 2}
    assert queue(run, "waiting") == {0: 2, 1: 1, 2: 1, 3: 1, 4: 1}
    assert [answer.resident for answer in run.worlds[0].answers[7]] == [1, 2, 0]


@pytest.mark.parametrize("if_late", ["waits", "granted", "refused", "unknown"])
def test_what_is_late_waits_or_is_answered_as_the_policy_says(if_late: str) -> None:
    run = asked({"staff_per_100k": 0, "decision_days": 3, "if_late": if_late, "levels": 3}, {"redress.goes_on": 1})
    answers = decide(run, of_first_district(run, (1,)), weeks=2)
    if if_late in ("waits", "unknown"):
        assert (answers, queue(run, "lapsed")) == ({}, {})
        return
    assert [(day, answer.upheld) for day, found in answers.items() for answer in found] == [(7, if_late == "granted")]
    assert (queue(run, "lapsed"), queue(run, "decided"), queue(run, "wait_days")) == ({4: 1}, {}, {})


def test_who_goes_on_joins_again_at_the_next_level_and_gets_no_answer_before() -> None:
    run = asked({"levels": 2}, {"redress.goes_on": 1, "redress.found_wrong.person": 0})
    answers = decide(run, of_first_district(run, (3,)), weeks=3)
    assert (queue(run, "filed"), queue(run, "decided")) == ({3: 1, 7: 1}, {3: 1, 7: 1})
    assert [(day, each.upheld, each.wrong) for day, found in answers.items() for each in found] == [(14, False, True)]


@pytest.mark.parametrize(("proof", "upheld"), [("person", False), ("authority", True), ("unknown", False)])
def test_who_has_to_prove_it_decides(proof: str, upheld: bool) -> None:
    run = asked({"burden_of_proof": proof}, {"redress.found_wrong.person": 0})
    ((answer,),) = decide(run, of_first_district(run, (0,))).values()
    assert answer.upheld is upheld


def test_a_decision_arrives_when_the_entry_is_removed_but_not_before_next_week() -> None:
    for days, arrival in ((0, 7), (3, 7), (9, 12), (None, 9)):
        run = asked({}, {"redress.removal_days": 6}, correction={"removal_days": days})
        assert list(decide(run, of_first_district(run, (3,)))) == [arrival]
    run = asked({}, {"redress.removal_days": 37})
    assert decide(run, of_first_district(run, (3,))) == {}  # on day 40, when the run is over


def test_a_stale_record_is_wrong_from_its_settlement_on() -> None:
    for filed, upheld in ((4, False), (5, True)):
        run = asked({})
        record = send(run, 0, name="debt", truth=4, wait=5)
        ((answer,),) = decide(run, [Appeal(0, filed, 1, record, filed)]).values()
        assert (answer.upheld, answer.wrong) == (upheld, upheld)


def test_no_appeal_is_lost_or_decided_twice() -> None:
    procedure = {"notice": AT, "appeal": {**APPEAL, "levels": 3, "if_late": "refused", "decision_days": 12}}
    other = {"redress.goes_on": 0.5, "redress.found_wrong.person": 0.3, "redress.cases_a_staff_day": 1.3}
    run = run_of(procedure, other=other)
    for who in NEIGHBOURS[:70]:
        send(run, act=who % 30, truth=MISATTRIBUTED, who=who)
    each_day(run, 40, state)
    world, found = run.worlds[0], Counter({what: sum(queue(run, what).values()) for what in ("decided", "lapsed")})
    waiting = sum(map(len, world.waiting_appeals))
    again = sum(level > 1 for level in (each.level for part in world.waiting_appeals for each in part))
    assert found["decided"] > 20 and found["lapsed"] > 5 and again
    assert sum(queue(run, "filed").values()) == found.total() + waiting
    pending = [who for who, each in world.standings.items() if each.case and each.case.state == "pending"]
    late = {answer.resident for part in world.answers.values() for answer in part}
    held = {each.resident for part in [*world.waiting_appeals, world.fresh_appeals] for each in part}
    assert held | late <= set(pending)


def test_the_procedure_of_a_day_takes_defaults_for_what_is_not_said() -> None:
    nothing = procedure_today(None, START)
    assert (nothing.notice, nothing.redress, nothing.levels, nothing.if_late) == ("none", False, 1, "waits")
    said = loaded(policy({}, procedure={"appeal": {"available": {START: False, date(2020, 2, 1): True}}})).procedure
    assert (procedure_today(said, START).redress, procedure_today(said, date(2020, 2, 1)).redress) == (False, True)


def test_nothing_of_an_appeal_holds_while_it_is_not_available() -> None:
    appeal = {"available": False, "levels": 3, "suspends_effect": True, "staff_per_100k": 7, "decision_days": 4}
    found = procedure_today(loaded(policy({}, procedure={"appeal": appeal, "correction": {}})).procedure, START)
    assert (found.redress, found.appeal, found.levels, found.suspends) == (True, False, 1, False)
    assert (found.staff, found.decision_days, found.window) == (None, None, None)
