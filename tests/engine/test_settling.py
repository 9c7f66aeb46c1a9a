"""Whole runs in which an exit needs what its list shuts: the trap lengthens stays, and without it nothing changes."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from vitropolis.engine.run import Simulation, WeekPlayed
from vitropolis.model.assumptions import Assumptions
from vitropolis.model.counts import ITEMS
from vitropolis.policy import Policy
from vitropolis.results.lists import stays_in
from vitropolis.verification.quiet import (
    Plain,
    Word,
    assumed,
    behaviour,
    black_list,
    city_of,
    plan_of,
    policy,
    put,
    quiet,
)

DEBT, WEEKS = "loan_overdue", 40
PACES = (1.0, 0.7, 0.4, 0.0)


def debtors(*needed: str) -> Policy:
    exit_ = {"auto_expiry": False, "on_compliance": True, "needs_services": list(needed)}
    listed = {**black_list("owes"), "term_days": None, "exit": exit_}
    measure = {"trigger": {"kind": "listed", "lists": ["black"]}, "action": {"kind": "deny"}, "service": "company_post"}
    owes = behaviour("courts", DEBT, life={"kind": "until_settled"})
    return policy(("courts",), behaviours={"owes": owes}, lists={"black": listed}, measures={"no_post": measure})


def assumptions(pace: float) -> Assumptions:
    data: Plain = quiet({DEBT: Word(0.002)})
    data["conduct"][DEBT]["debt"] = "loan"
    put(data["payers"]["pace_shut"], pace, 0.0, 1.0)
    return assumed(data)


@cache
def played() -> tuple[Simulation, list[WeekPlayed]]:
    """Four paces beside each other."""
    worlds = [(f"pace {pace}", debtors("company_post"), assumptions(pace)) for pace in PACES]
    simulation = Simulation(plan_of(worlds, 7 * WEEKS, 3), city_of(2_000), threads=1, chunk=512)
    return simulation, list(simulation.play())


def counted(weeks: list[WeekPlayed], world: int) -> list[Any]:
    return [week.totals.days[world].tolist() for week in weeks]


def stays(world: int) -> dict[tuple[int, int], int]:
    """Days on the list by resident and first day; of who is still on it up to the end of the run."""
    _, weeks = played()
    rows = stays_in(np.concatenate([week.log for week in weeks]))
    mine = rows[rows["world"] == world]
    ends = np.where(mine["day_out"] < 0, 7 * WEEKS, mine["day_out"])
    keys = zip(mine["resident"].tolist(), mine["day_in"].tolist(), strict=True)
    return dict(zip(keys, (ends - mine["day_in"]).tolist(), strict=True))


def test_a_slower_pace_never_shortens_a_stay() -> None:
    found = [stays(world) for world in range(len(PACES))]
    assert all(len(each) > 100 for each in found)
    for quick, slow in pairwise(found):
        # who is still on the list owes again without being listed again: only first stays can be compared
        first = {who: min(day for other, day in quick if other == who) for who, _ in quick}
        both = [(who, day) for who, day in first.items() if (who, day) in slow]
        assert len(both) == len(first)
        assert all(slow[key] >= quick[key] for key in both)
        assert sum(slow[key] for key in both) > 1.05 * sum(quick[key] for key in both)


def test_with_a_pace_of_0_nobody_pays_who_was_listed() -> None:
    _, weeks = played()
    out = [sum(int(week.totals.days[world, :, ITEMS["out_compliance"]].sum()) for week in weeks) for world in (0, 3)]
    assert out[0] > 100 and out[1] == 0


def test_the_usual_pace_plays_as_if_the_exit_needed_nothing() -> None:
    _, weeks = played()
    others = [("none", debtors(), assumptions(0.4)), ("open", debtors("library"), assumptions(0.4))]
    beside = Simulation(plan_of(others, 7 * WEEKS, 3), city_of(2_000), threads=1, chunk=512)
    again = list(beside.play())
    assert counted(again, 0) == counted(again, 1) == counted(weeks, 0)
