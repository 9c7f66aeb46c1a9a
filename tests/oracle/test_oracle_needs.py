"""Needs and requests worked by hand. Section 12 of docs/mechanisms.md."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from tests.oracle.assumed import Assumed
from tests.oracle.by_hand import ON_RECORD, RIGHT, START, deny, each_day, policy, quiet, ready, send
from tests.oracle.cities import seen
from tests.oracle.play import Run
from tests.oracle.services import PERSON_SERVICES, Needs, goes_there

from vitropolis.model.assumptions import Assumptions

EVER = {"bad": {**ON_RECORD["bad"], "term_days": None}}
DAYS = 70
SEEN = ("requests", "refusals", "needs_avoided", "dearer", "delayed", "delay_days", "learnt_refused", "learnt_notice")


def played(measure: dict[str, Any], other: dict[str, float] | None = None, **more: Any) -> Run:
    """Ten weeks behind one door."""
    run = ready(policy({}, EVER, measures={"m": measure}, **more), DAYS, other)
    send(run, act=0)
    each_day(run, DAYS, lambda _: None)
    return run


def items(run: Run) -> Counter[str]:
    found: Counter[str] = Counter()
    for (_, _, item), number in run.worlds[0].counts.items.items():
        if item in SEEN:
            found[item] += number
    return +found


def needs_of(run: Run, who: int = 500) -> int:
    """Days after the first on which somebody needs a flight, by the week's eighth number."""
    bound = 65536 * 7 * 52 // 365
    numbers = [run.chance.week_numbers(who, week)[7] for week in range(DAYS // 7)]
    days = [7 * week + number * 7 // bound for week, number in enumerate(numbers) if number < bound]
    return sum(day > 1 for day in days)


def test_everybody_behind_a_door_is_refused_each_time_and_the_days_are_remembered() -> None:
    run = played(deny())
    needs = needs_of(run)
    assert 7 <= needs <= 10
    assert items(run) == {"requests": needs, "refusals": needs, "learnt_refused": 1}
    assert run.worlds[0].refused_days[500] == {"flights": needs}
    assert "refused" in run.worlds[0].ever[500]


def test_refusals_are_several_at_first_and_fewer_later() -> None:
    found = items(played(deny(), {"services.learning.first_tries": 60, "services.learning.later_tries": 1}))
    assert found["refusals"] > found["learnt_refused"] + needs_of(played(deny())) - 1
    assert found["requests"] == found["refusals"]


def test_who_was_refused_or_told_stays_away() -> None:
    run = played(deny(), {"services.learning.avoids": 1})
    assert items(run) == {"requests": 1, "refusals": 1, "learnt_refused": 1, "needs_avoided": needs_of(run) - 1}
    run = played(deny(), {"services.learning.avoids": 1}, procedure={"notice": {"when": "at"}})
    assert items(run) == {"needs_avoided": needs_of(run), "learnt_notice": 1}


@pytest.mark.parametrize(
    ("more", "refused"),
    [
        ({"action": {"kind": "withdraw"}}, True),
        ({"action": {"kind": "restrict", "kept_share": 0}}, True),
        ({"action": {"kind": "restrict", "kept_share": 1}}, False),
        ({"hardship_exception": True}, False),  # lifts everything here
        ({"hardship_exception": "unknown"}, True),
        ({"minimum_guarantee": True}, True),  # keeps nothing here
    ],
)
def test_a_door_is_shut_as_far_as_the_policy_says(more: dict[str, Any], refused: bool) -> None:
    found = items(played({**deny(), **more}))
    assert found["requests"] and (found["refusals"] > 0) == refused


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ({"kind": "price", "factor": 2.0}, {"requests", "dearer"}),
        ({"kind": "price", "factor": 0.5}, set()),
        ({"kind": "delay", "days": 4}, {"requests", "delayed", "delay_days"}),
        ({"kind": "delay", "days": -4}, set()),
        ({"kind": "honour"}, set()),
    ],
)
def test_dear_and_slow_doors_are_gone_through(action: dict[str, Any], expected: set[str]) -> None:
    found = items(played({**deny(), "action": action}))
    assert set(found) == expected
    assert found["delay_days"] == 4 * found["delayed"]


def test_nobody_asks_in_the_open_or_for_something_else() -> None:
    run = ready(policy({}, EVER, measures={"m": deny()}), 10)
    each_day(run, 10, lambda _: None)
    assert items(run) == {}
    assert items(played(deny("library"))) == {}


def test_another_worlds_doors_change_nothing() -> None:
    late = policy({}, EVER, measures={"m": deny(starts_on=date(2020, 1, 30))})
    found = []
    for beside in ([], [policy({}, EVER, measures={"m": deny()})]):
        run = ready(late, DAYS, None, *beside)
        send(run, act=0)
        each_day(run, DAYS, lambda _: None)
        found.append(items(run))
    assert found[0] == found[1]
    assert found[0]["refusals"] >= 4


def test_needs_are_at_most_one_a_week_and_fall_as_often_as_the_rates_say() -> None:
    needs, classes = Needs(Assumed(quiet())), seen(1000, 0).classes[500]
    found = Counter(needs.weekday(classes, number) for number in range(65536))
    found[None] -= sum(needs.is_rival(classes, number) for number in range(65536))
    assert found[None] == 65536 - 65536 * 7 * 52 // 365
    assert max(found[day] for day in range(7)) - min(found[day] for day in range(7)) <= 1
    assert needs.service(classes, 0) == needs.service(classes, 0xFFFFFFFF) == "flights"


def test_seasons_raise_the_bound_and_lower_the_days_outside() -> None:
    data = quiet().model_dump()
    factor = {**data["trait"]["sigma"], "unit": "ratio", "value": 0.5, "range": (0.5, 1.0)}
    season = {"starts_on": START, "ends_before": date(2020, 2, 1), "services": ("flights",), "factor": factor}
    data["services"]["seasons"] = {"quiet": season}
    known = Assumed(Assumptions.model_validate(data))
    assert known.needs_season_bound("flights") == known.needs_season_bound("library") == 1
    assert known.needs_season("flights", START) == Fraction(1, 2)
    assert known.needs_season("flights", date(2020, 2, 1)) == known.needs_season("library", START) == 1


def test_who_stays_away_more_with_every_day_comes_down_to_the_floor() -> None:
    known = Assumed(quiet({"services.learning.avoids": 0.5, "services.learning.floor": 0.25}))
    assert goes_there(known)[:4] == [65536, 40960, 28672, 22528]


def test_services_of_persons_stand_in_the_order_of_the_words() -> None:
    assert PERSON_SERVICES[0] == "emergency_care" and len(PERSON_SERVICES) == 47
    assert RIGHT == 0
