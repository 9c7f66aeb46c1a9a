"""Words that once cleared what they should not: names of lists, firms' triggers, mild actions, padded conduct."""

from __future__ import annotations

from typing import Any

import pytest
from tests.lint.cases import AS_OF
from tests.lint.tiny import FEED, behaviour, case, listing, measure, score

from vitropolis.lint.case import Case
from vitropolis.lint.check import Options, check
from vitropolis.lint.finding import Finding

LEARNED = {"kind": "learned"}
RECORDS = {"kind": "records", "behaviours": ["late"]}
SHOWN = {"public": True, "fields": ["name", "photo"]}


def findings(found: Case, rule: str, **options: Any) -> list[Finding]:
    return [each for each in check(found.policy, AS_OF, Options(**options)).findings if each.rule == rule]


def kinds(found: Case, rule: str, element: str = "", **options: Any) -> list[str]:
    """The kinds of a rule's outcomes, of an element or of all."""
    every = findings(found, rule, **options)
    return [each.kind for each in every if each.outcome.element.startswith(element)]


def town(polarity: str, ban: bool = True, **fields: Any) -> Case:
    """A list of this name on which records put people for ever, shown to all, with or without a ban on it."""
    measures = {"ban": measure({"kind": "listed", "lists": ["named"]})} if ban else {}
    held = listing(RECORDS, polarity=polarity, term_days=None, publication=SHOWN, excludes_minors=False, **fields)
    return case(behaviours={"late": behaviour(life={"kind": "forever"})}, lists={"named": held}, measures=measures)


LISTS = ("HR-24-1", "HR-17-1", "GDP-5e-1", "DP-LOCK-1", "CN-49-3", "CN-REP-1", "US-605-1")


@pytest.mark.parametrize("rule", LISTS)
@pytest.mark.parametrize("polarity", ["black", "watch", "red"])
def test_a_list_with_a_ban_on_it_is_bad_to_be_on_whatever_it_is_called(rule: str, polarity: str) -> None:
    out = {"auto_expiry": False, "on_compliance": False}
    consulted: dict[str, Any] = {"domain": "other", "consultation_days": 0, "exit": out}
    assert "fail" in kinds(town(polarity, **consulted), rule, "lists.named")


@pytest.mark.parametrize("rule", ["DP-LOCK-1", "CN-49-3", "CN-REP-1", "US-605-1"])
def test_where_only_the_word_differs_it_rests_on_the_word(rule: str) -> None:
    gone = {"domain": "other", "consultation_days": 0, "exit": {"auto_expiry": False, "on_compliance": False}}
    lawful = behaviour(conduct=["petition_filed"], kind="petition", gravity=0, life={"kind": "forever"})
    held = listing(RECORDS, term_days=None, publication=SHOWN, **gone)
    for polarity, kind in (("black", "fail"), ("watch", "review")):
        found = case(behaviours={"late": lawful}, lists={"named": {**held, "polarity": polarity}})
        judged = [each for each in findings(found, rule) if each.outcome.element.startswith("lists.named")]
        assert kind in {each.kind for each in judged}
        if polarity == "watch":
            assert "fail" not in {each.kind for each in judged}
            assert any("lists.named.polarity" in each.outcome.labels for each in judged)


def test_an_honour_is_no_punishment() -> None:
    helped = behaviour(conduct=["volunteering"], context="volunteering", kind="virtue", gravity=0)
    found = case(behaviours={"late": helped}, lists={"named": listing(RECORDS, polarity="red", publication=SHOWN)})
    assert not found.adverse
    assert town("red", ban=False).adverse  # nothing but breaches puts people on it


FIRMS = {"gates": FEED, "works": {**FEED, "about": "firm", "context": "environment", "linkage_key": "firm_id"}}


def firm(service: str, spill: dict[str, Any] | None = None) -> Case:
    """A list of firms that refuses a service, and what goes over."""
    spoiled = behaviour(feed="works", conduct=["firm_pollution"], kind="unlawful_act", gravity=3)
    return case(
        feeds=FIRMS, behaviours={"late": spoiled}, method=LEARNED,
        population={"natural_persons": True, "legal_entities": True, "enrolment": {"mode": "mandatory"}},
        lists={"firms": listing(RECORDS, subject="firm", context="environment")},
        measures={"ban": measure({"kind": "listed", "lists": ["firms"]}, service=service)},
        spillover={"to_them": spill} if spill else {},
    )  # fmt: skip


def test_a_measure_on_a_service_of_people_is_on_people_whoever_is_listed() -> None:
    found = firm("emergency_care", {"carries": {"kind": "listing", "list": "firms"}, "to": "legal_rep"})
    assert [each.name for each in found.sanctions] == ["ban"]
    for rule in ("AIA-5c-1", "HR-13-1", "HR-14-1", "GDP-22-1"):
        assert set(kinds(found, rule, "measures.ban")) & {"fail", "open"}, rule


def test_what_stays_with_the_firm_is_left_out() -> None:
    carried = {"carries": {"kind": "measure", "measure": "ban"}, "to": "legal_rep"}
    assert not firm("public_procurement").sanctions
    assert not firm("public_procurement", {**carried, "to": "firm"}).sanctions
    assert not firm("public_procurement", {**carried, "weight": 0}).sanctions
    assert firm("public_procurement", carried).sanctions


@pytest.mark.parametrize(
    ("action", "closes"),
    [
        ({"kind": "restrict", "kept_share": 0}, True),
        ({"kind": "restrict", "kept_share": 0.1}, False),
        ({"kind": "delay", "days": 365}, False),
        ({"kind": "delay", "days": 366}, True),
        ({"kind": "price", "factor": 9.9}, False),
        ({"kind": "price", "factor": 10}, True),
    ],
)
def test_what_amounts_to_a_denial_is_as_severe_as_one(action: dict[str, Any], closes: bool) -> None:
    def refused(by: Any) -> Case:
        return case(behaviours={"late": behaviour(life={"kind": "expires", "after_days": 30})},
                    measures={"m": measure(RECORDS, by, "water_power", minimum_guarantee=False)})  # fmt: skip

    mild, hard = refused(action), refused("deny")
    assert mild.measures[0].closes is closes
    assert (mild.measures[0].severity.low == hard.measures[0].severity.low) is closes
    if closes:
        assert "amounts to deny 3" in mild.measures[0].severity.told()
        assert kinds(mild, "HR-13-1") == ["fail"]


def padded(*conduct: str, context: str = "transport") -> Case:
    item = behaviour(conduct=list(conduct), context=context, kind="unlawful_act", points={"s": -60})
    return case(behaviours={"late": item}, scores={"s": score({"good": 60, "poor": 0})}, method=LEARNED,
                measures={"m": measure({"kind": "band", "score": "s", "bands": ["poor"]})})  # fmt: skip


@pytest.mark.parametrize(
    ("conduct", "kind"),
    [
        (("tax_late",), "review"),
        (("tax_late", "traffic_minor"), "review"),
        (("fare_dodging", "traffic_minor"), "pass"),
        (("assault", "fare_dodging"), "pass"),  # an offence is where it was committed
        (("assault",), "review"),  # nothing says where
        (("assault", "tax_late"), "review"),
        (("fine_unpaid", "fare_dodging"), "review"),  # no offence, a debt
    ],
)
def test_padding_conduct_clears_no_crossing(conduct: tuple[str, ...], kind: str) -> None:
    assert kinds(padded(*conduct), "AIA-5c-1") == [kind]


def test_strict_comes_before_the_gate_and_asks_nothing_of_what_was_not_asked() -> None:
    found = padded("fare_dodging")
    by_hand = case(**{"behaviours": {"late": behaviour()}, "measures": {"m": measure(RECORDS)},
                      "method": {"kind": "human_rules"}})  # fmt: skip
    assert kinds(found, "AIA-5c-3", "purpose", strict=True) == ["fail"]
    assert kinds(by_hand, "AIA-5c-3", "purpose") == ["open"]
    assert kinds(by_hand, "AIA-5c-3", "purpose", strict=True) == ["review"]
    assert "fail" not in kinds(by_hand, "INT-2", strict=True)


def test_the_head_counts_what_prohibited_rules_cannot_decide() -> None:
    from vitropolis.lint.render.text import as_text

    silent = case(behaviours={"late": behaviour()}, lists={"named": listing(RECORDS)})
    report = check(silent.policy, AS_OF)
    assert report.undecided == sum(each.kind == "open" for each in report.findings if each.rule == "HR-24-1") > 0
    assert f"undecided      {report.undecided} of prohibited rules" in as_text(report)
