"""Debts behind an exit that needs what the list shuts, and scores that stand still: worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from tests.oracle.by_hand import days_of, deny, each_day, policy, ready, send

DEBTORS = {"kind": "records", "behaviours": ["debt"]}
LIFE = {"life": {"kind": "until_settled"}}


def debtors(*needed: str, **more: Any) -> dict[str, Any]:
    exit_ = {"auto_expiry": False, "on_compliance": True, "needs_services": list(needed)}
    return policy(LIFE, {"bad": {"trigger": DEBTORS, "term_days": None, "exit": exit_, **more}}, measures={"m": deny()})


def listed(data: dict[str, Any], pace: float, days: int = 25) -> list[int]:
    """The days on the list of somebody with a debt of day 0 that arrives on day 1 and has a wait of 4."""
    run = ready(data, days, {"payers.pace_shut": pace})
    send(run, 0, name="debt", wait=4)
    return days_of(each_day(run, days, lambda standing: "bad" in standing.listed))


def test_a_debt_is_paid_more_slowly_while_the_list_shuts_what_its_exit_needs() -> None:
    # Three days of the wait are left on day 1: at half the pace six days, so paid on day 7, and off the day after.
    assert listed(debtors("flights"), 0.5) == list(range(1, 8))
    assert listed(debtors("flights", "job_market"), 1.0) == listed(debtors(), 0.5) == list(range(1, 5))
    assert listed(debtors("job_market"), 0.5) == list(range(1, 5))
    assert listed(debtors("flights"), 0.0) == list(range(1, 25))


def test_days_of_grace_are_paid_at_the_usual_pace() -> None:
    # Two days of grace count in full; the one day that is left takes two: paid on day 5.
    assert listed(debtors("flights", grace_days=2), 0.5) == [3, 4, 5]
    assert listed(debtors("flights", grace_days=4), 0.5) == []


@pytest.mark.parametrize(("often", "moves"), [("daily", 3), ("monthly", 31), ("yearly", 366)])
def test_a_score_moves_on_the_day_on_which_it_is_worked_out(often: str, moves: int) -> None:
    data = policy({"points": {"main": -20}})
    data["scores"]["main"]["recomputed"] = often
    days = 34 if often != "yearly" else 4
    run = ready(data, days)  # from 1 January 2020
    send(run, 2)
    found = each_day(run, days, lambda standing: standing.scores["main"])
    assert found == [100 if day < moves else 80 for day in range(days)]
