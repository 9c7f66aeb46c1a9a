"""Severity*: what is done, to which service, for how long, to whom else; the author's own number only upward."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest
from tests.lint.tiny import behaviour, case, listing, measure, score

from vitropolis.lint.severity import severity
from vitropolis.lint.views import Duration, Severity4
from vitropolis.policy.words import SERVICES, Service

# Written out by hand from the text that the table stands for, not read from the table.
ACTIONS = {"inspect": 1, "delay": 1, "price": 1, "priority": 1, "restrict": 2, "deny": 3, "withdraw": 3, "publish": 3}
CLASSES = {"transit_fare": 0, "consumer_loan": 0, "flights": 1, "emergency_care": 1}
LASTS = {"a year": (Duration(365), 0), "longer": (Duration(366), 1), "no end": (Duration(None), 1)}


def service_of(name: str | None) -> Service | None:
    return SERVICES[name] if name else None


@pytest.mark.parametrize("spills", [False, True], ids=["alone", "others"])
@pytest.mark.parametrize("lasting", LASTS)
@pytest.mark.parametrize("name", [None, *CLASSES])
@pytest.mark.parametrize("action", ACTIONS)
def test_it_is_the_sum_of_its_parts_up_to_four(action: str, name: str | None, lasting: str, spills: bool) -> None:
    duration, more = LASTS[lasting]
    expected = min(4, ACTIONS[action] + (CLASSES[name] if name else 0) + more + spills)
    found = severity(action, service_of(name), duration, spills, None)
    assert (found.low, found.high, found.missing) == (expected, expected, frozenset())


def test_praise_is_no_hardship_whatever_it_is_of() -> None:
    assert severity("honour", SERVICES["flights"], Duration(None), True, None) == Severity4(0, 0, ("honour 0",))


@pytest.mark.parametrize("author", range(5))
@pytest.mark.parametrize(("action", "name"), list(product([*ACTIONS, "honour"], CLASSES)))
def test_an_author_can_say_more_and_never_less(action: str, name: str, author: int) -> None:
    mine = severity(action, SERVICES[name], Duration(30), False, None)
    theirs = severity(action, SERVICES[name], Duration(30), False, author)
    assert (theirs.low, theirs.high) == (max(author, mine.low), max(author, mine.high))


@pytest.mark.parametrize("action", ["deny", "price"])
def test_a_time_that_is_not_known_leaves_it_open_only_where_the_time_decides(action: str) -> None:
    found = severity(action, SERVICES["consumer_loan"], Duration(None, frozenset({"x.term"})), False, None)
    table = ACTIONS[action]
    assert (found.low, found.high) == (table, table + 1)
    assert found.at_least(table).value is True
    assert found.at_least(table + 1).value is None
    assert found.at_least(table + 1).missing == {"x.term"}
    assert found.at_least(table + 2).value is False


def test_an_assumed_time_never_clears() -> None:
    found = severity("deny", SERVICES["consumer_loan"], Duration(90, assumed=frozenset({"x.term"})), False, None)
    assert found.at_least(4).value is False
    assert found.at_least(4).assumed == {"x.term"}


def test_it_says_how_it_comes_about() -> None:
    found = severity("restrict", SERVICES["flights"], Duration(None), True, None)
    assert found.told() == "severity 4 of 4 (restrict 2, E2 service 1, reaches others 1, lasts no end 1)"
    found = severity("price", SERVICES["parking"], Duration(9), False, 3)
    assert found.told() == "severity 3 of 4 (price 1, its author says 3)"


def severity_of(trigger: dict[str, Any], listing_: dict[str, Any] | None = None, **fields: Any) -> tuple[int, int, Any]:
    """Severity* of the refusal of a loan, in a town of one score and one list."""
    more = fields.pop("more", {})
    found = case(
        behaviours={"late": behaviour(points={"s": -60}, **fields.pop("late", {}))},
        scores={"s": score({"good": 60, "poor": 0})},
        lists={"black": listing({"kind": "records", "behaviours": ["late"]}, **(listing_ or {}))},
        measures={"no_loan": measure(trigger, service="consumer_loan", **fields)}, **more,
    ).measures[0]  # fmt: skip
    return found.severity.low, found.severity.high, found.duration


BAND = {"kind": "band", "score": "s", "bands": ["poor"]}
LISTED = {"kind": "listed", "lists": ["black"]}
RECORDS = {"kind": "records", "behaviours": ["late"]}


@pytest.mark.parametrize("trigger", [BAND, RECORDS], ids=["band", "records"])
def test_what_hangs_on_records_lasts_as_long_as_they_do(trigger: dict[str, Any]) -> None:
    assert severity_of(trigger, late={"life": {"kind": "expires", "after_days": 300}}) == (3, 3, Duration(300))
    assert severity_of(trigger, late={"life": {"kind": "forever"}})[:2] == (4, 4)
    assert severity_of(trigger, late={"life": {"kind": "until_settled"}})[:2] == (4, 4)
    assert severity_of(trigger, late={"life": {"kind": "expires", "after_days": None}})[:2] == (4, 4)
    assert severity_of(trigger, more={"retention": {"adverse_days": 300}}) == (3, 3, Duration(300))
    assert severity_of(trigger, more={"retention": {"adverse_days": None}})[:2] == (4, 4)
    halves = severity_of(trigger, late={"life": {"kind": "half_life", "days": 60}})
    assert halves == (3, 3, Duration(360))  # 60 points are gone after six halvings


def test_a_life_that_nobody_states_leaves_it_open() -> None:
    assert severity_of(BAND) == (3, 4, Duration(None, frozenset({"retention.adverse_days"})))


def test_what_hangs_on_a_list_lasts_as_long_as_a_listing_with_its_extension() -> None:
    assert severity_of(LISTED) == (3, 3, Duration(90))
    assert severity_of(LISTED, {"term_days": None})[:2] == (4, 4)
    longer = {"days": 300, "trigger": RECORDS}
    assert severity_of(LISTED, {"extension": longer}) == (4, 4, Duration(390))
    assert severity_of(LISTED, {"extension": {**longer, "days": None}})[:2] == (4, 4)
    assert severity_of({"kind": "any_of", "of": [LISTED, BAND]},
                       late={"life": {"kind": "expires", "after_days": 400}}) == (4, 4, Duration(400))  # fmt: skip


def test_fixed_days_go_before_and_what_goes_on_after_is_added() -> None:
    endless = {"term_days": None}
    assert severity_of(LISTED, endless, fixed_days=30) == (3, 3, Duration(30))
    assert severity_of(LISTED, endless, fixed_days=None)[:2] == (4, 4)
    assert severity_of(LISTED, fixed_days=365, after_exit_days=1) == (4, 4, Duration(366))
    assert severity_of(LISTED, after_exit_days=None)[:2] == (4, 4)


def test_working_days_are_counted_as_calendar_days() -> None:
    assert severity_of(LISTED, {"term_days": {"value": 265, "unit": "working_days"}}) == (4, 4, Duration(371))


def test_every_assumed_time_is_named_that_a_pass_would_rest_on() -> None:
    guess = {"value": 50, "status": "assumed"}
    found = severity_of(LISTED, {"extension": {"days": guess, "trigger": RECORDS}}, after_exit_days=guess)[2]
    assert found == Duration(190, assumed=frozenset({"lists.black.extension.days", "measures.no_loan.after_exit_days"}))
    shorter = {"kind": "any_of", "of": [LISTED, RECORDS]}
    lives = {"life": {"kind": "expires", "after_days": guess}}
    assert severity_of(shorter, late=lives)[2].assumed == {"behaviours.late.life.after_days"}


@pytest.mark.parametrize(
    ("carries", "expected"),
    [
        ({"kind": "measure", "measure": "no_loan"}, 4),
        ({"kind": "listing", "list": "black"}, 4),
        ({"kind": "points", "score": "s"}, 3),  # no way of this measure goes through the score
    ],
)
def test_what_reaches_others_weighs_more(carries: dict[str, str], expected: int) -> None:
    more = {"spillover": {"kin": {"carries": carries, "to": "spouse"}}}
    assert severity_of(LISTED, more=more)[0] == expected
    idle = {"spillover": {"kin": {"carries": carries, "to": "spouse", "weight": 0}}}
    assert severity_of(LISTED, more=idle)[0] == 3


def test_a_public_list_is_a_measure_of_three_and_more_without_end() -> None:
    def published(**fields: Any) -> tuple[int, int]:
        found = case(behaviours={"late": behaviour()}, lists={"black": listing(RECORDS, **fields)}).measures[0]
        return found.severity.low, found.severity.high

    assert published(publication={"public": True, "until_days": 90}) == (3, 3)
    assert published(publication={"public": True, "until_days": None}, term_days=None) == (4, 4)
    assert published(publication={"public": True}) == (3, 3)


def test_a_campaign_against_accounts_takes_them_for_good() -> None:
    campaign = {"kind": "accounts", "count": 100, "starts_on": date(2026, 1, 1), "ends_before": date(2026, 1, 2)}
    found = case(campaigns={"sweep": campaign}).measures[0]
    assert (found.kind, found.action, found.severity.low) == ("campaign", "withdraw", 4)
