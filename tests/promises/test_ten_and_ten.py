"""Every number is read from its file: three assumptions and three values of a filling, each changed alone in a copy."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from vitropolis.base.yamlfile import parse_yaml
from vitropolis.engine.scenario import resolve, scenario_for
from vitropolis.model.worlds import World
from vitropolis.policy import load_policy
from vitropolis.verification import ten_and_ten
from vitropolis.verification.ten_and_ten import Numbers, Pick, asked_values, compared, edited, played_values, results


@cache
def three_and_three() -> tuple[Numbers, list[Pick]]:
    return results(count=3, seed=21, size=20_000)


def test_each_changed_value_reaches_the_run() -> None:
    before, picks = three_and_three()
    assert len(picks) == 6
    assert min(before[name] for name in ("acts", "detected", "wrong records", "trusted", "black listings")) > 0
    assert [pick.path for pick in picks if pick.after is None] == []
    moved = [pick.path for pick in picks if pick.differs]
    assert len(moved) >= 5, f"of {[pick.path for pick in picks]} only {moved} changed anything"


def test_the_same_draw_gives_the_same_picks() -> None:
    picks = three_and_three()[1]
    assert [(pick.path, pick.new) for pick in picks] == [(pick.path, pick.new) for pick in results(3, 21, 5_000, 14)[1]]
    assert len({pick.path for pick in picks}) == 6
    assert all(pick.line > 0 for pick in picks)


def test_values_that_wait_for_their_mechanism_are_left_out() -> None:
    paths = played_values(load_policy(ten_and_ten.FILLING))
    assert {"behaviours.theft.points.city", "procedure.appeal.window_days"} <= set(paths)
    assert "measures.jobs_restricted.action.kept_share" in paths
    waiting = ("behaviours.firm_", "lists.untrustworthy_firms", "campaigns.")
    assert not [path for path in paths if path.startswith(waiting)]


def test_assumptions_that_nothing_asks_for_are_left_out() -> None:
    """And no others: what is left out changes not one count of a run with every one of them moved."""
    world = resolve(scenario_for(ten_and_ten.FILLING, filling="middle", twin=False)).plan.worlds[0]
    asked, values = asked_values(world), world.assumptions.values()
    for path in ("spillover.reach.child", "services.demand.flights.rate", "redress.staff_per_100k", "norms.household"):
        assert path in asked
    idle = {path: item for path, item in values.items() if path not in asked and item.high > item.low}
    assert {"spillover.reach.parent", "redress.objection_false", "enrolment.consent"} <= set(idle)
    highest = {path: item.high for path, item in idle.items()}
    moved = World("moved", world.policy, world.assumptions.with_values(highest))
    plan = replace(resolve(scenario_for(ten_and_ten.FILLING, filling="middle", twin=False)).plan, days=400)
    assert [differs for _, differs in compared(plan, [world, moved], 5_000)] == [0, 0]


def test_one_scalar_is_written_over() -> None:
    text = "a: {value: 0.50, range: [0, 1]}  # half\nb: null\n"
    tree = parse_yaml(text, "text")
    first = tree.child("a")
    assert first is not None
    value = first.child("value")
    assert value is not None
    assert edited(text, value, "0.5", "0.75") == "a: {value: 0.75, range: [0, 1]}  # half\nb: null\n"
    last = tree.child("b")
    assert last is not None
    assert edited(text, last, "null", "180").endswith("b: 180\n")
    with pytest.raises(ValueError, match="stands there"):
        edited(text, last, "7", "8")
