"""A difference that touches nobody changes nothing; worlds of one pass are the worlds of passes of their own."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date

import pytest
from tests.twins.busy import Plain, busy_data, city_of, held, made, plan_of
from tests.twins.ledger import differing, play, same_totals, total

from vitropolis.policy import none_beside

SIZE = 2000


def _title(data: Plain) -> None:
    data["policy"]["title"] = "the same under another name"
    data["behaviours"]["crime"]["title"] = "theft and the like"


def _never_done(data: Plain) -> None:
    data["behaviours"]["bravery"]["points"]["main"] = 60


def _measure(data: Plain) -> None:
    """A door that would shut for an act that nobody ever does."""
    data["measures"]["no_trains"] = {
        "trigger": {"kind": "records", "behaviours": ["bravery"]},
        "action": {"kind": "deny"},
        "service": "high_speed_rail",
    }


def _nothing(data: Plain) -> None:
    del data


WHOLE = ("all_shut",)  # counts who has everything shut that a policy can shut: one measure more, and it is fewer
CHANGES: tuple[Callable[[Plain], None], ...] = (_nothing, _title, _never_done, _measure)


@pytest.mark.parametrize("change", CHANGES)
def test_nobody_differs(change: Callable[[Plain], None]) -> None:
    data = busy_data(rank=True)
    other = deepcopy(data)
    change(other)
    plan = plan_of([(made(data), held()), (made(other), held())])
    one, two = play(plan, city_of(SIZE))
    assert differing(one, two) == set()
    assert same_totals(one, two, WHOLE if change is _measure else ())
    assert total(one, "in_0") > 50 and total(one, "wrong_person") > 50  # a lot happened


@pytest.mark.parametrize("change", CHANGES)
def test_nor_between_two_runs(change: Callable[[Plain], None]) -> None:
    data = busy_data(rank=True)
    other = deepcopy(data)
    change(other)
    one, two = (play(plan_of([(made(each), held())]), city_of(SIZE))[0] for each in (data, other))
    assert differing(one, two) == set()
    assert same_totals(one, two, WHOLE if change is _measure else ())


def test_a_difference_that_touches_somebody_is_seen() -> None:
    data = busy_data()
    data["behaviours"]["crime"]["points"]["main"] = -41
    one, two = play(plan_of([(made(busy_data()), held()), (made(data), held())]), city_of(SIZE))
    assert len(differing(one, two)) > 100


def test_three_worlds_in_one_pass_are_three_passes() -> None:
    """Worlds with other routes, lives, ranks and change days beside them: what they hold is what they hold alone."""
    ranked, plain = busy_data(rank=True), busy_data()
    plain["behaviours"]["rumour"]["points"]["main"] = {date(2010, 1, 1): -10, date(2019, 4, 1): -30}
    del plain["behaviours"]["passage"]
    values = {"conduct.theft.rate": 5.0, "norms.household": 0.2, "deterrence.listing_step": 60}
    worlds = [(made(ranked), held()), (made(plain), held().with_values(values)), (none_beside(made(ranked)), held())]
    together = play(plan_of(worlds), city_of(SIZE), threads=2)
    for world, beside in zip(worlds, together, strict=True):
        alone = play(plan_of([world]), city_of(SIZE), chunk=1500)[0]
        assert differing(beside, alone) == set()
        assert same_totals(beside, alone)
    assert len(differing(together[0], together[1])) > SIZE // 4


def test_what_is_counted_of_one_day_does_not_depend_on_other_worlds() -> None:
    """Half-lives from the act, only the newest counts: two records arrive on one day, cut apart by another world."""
    data = busy_data()
    life = {"kind": "half_life", "days": 3}
    data["behaviours"]["passage"] |= {"conduct": ["traffic_minor"], "max_counted": 1, "life": life}
    del data["behaviours"]["road"]
    often = held((), 40.0)
    alone = play(plan_of([(made(data), often)]), city_of(SIZE))[0]
    beside = play(plan_of([(made(data), often), (made(busy_data()), often)]), city_of(SIZE))[0]
    assert differing(alone, beside) == set()
