"""Labels that once cleared a finding, and a trifle, a recipient or a silence that once did: now they do not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.lint.cases import AS_OF, HOME
from tests.lint.test_ai_act import SCORES, overlay, rides, said
from tests.lint.tiny import FEED, behaviour, listing, score

from vitropolis.lint.check import check
from vitropolis.lint.finding import Finding
from vitropolis.policy.load import load_text

CROWD = {"natural_persons": True, "legal_entities": False, "enrolment": {"mode": "mandatory"}}
RISK = {"risk": score({"low": 60, "high": 0}, predicts="criminal_offence")}


def of(base: str, text: str, rule: str, element: str = "") -> Finding:
    """The first thing that a rule says of an element of a fixture with something laid over it."""
    policy = load_text(
        f"schema_version: 1\nextends: {base}.policy.yaml\npolicy: {{id: x, title: x}}\n{text}", folder=HOME
    )
    found = check(policy, AS_OF).findings
    return next(each for each in found if each.rule == rule and each.outcome.element.startswith(element))


def act(points: int, **fields: Any) -> dict[str, Any]:
    """A behaviour that takes points from `risk`."""
    return behaviour(points={"risk": points}, established_by="final_admin", max_counted=1, **fields)


@pytest.mark.parametrize(
    ("points", "conduct", "kind", "gravity", "expected"),
    [
        (-10, "fare_dodging", "contract_breach", 1, "review"),  # profile alone suffices beside a trifle
        (-50, "fare_dodging", "contract_breach", 1, "review"),
        (-10, "theft", "unlawful_act", 3, "review"),
        (-50, "theft", "unlawful_act", 3, "review"),
    ],
)
def test_no_fact_beside_it_clears_a_score_that_profile_alone_can_decide(
    points: int, conduct: str, kind: str, gravity: int, expected: str
) -> None:
    trait = act(-50, conduct=["neighbour_dispute"]) | {
        "kind": "personal_trait",
        "gravity": 0,
        "established_by": "report",
    }
    fact = act(points, conduct=[conduct]) | {"kind": kind, "gravity": gravity}
    assert said("AIA-5d-1", behaviours={"trait": trait, "fact": fact}, scores=RISK) == [expected]


@pytest.mark.parametrize(("conduct", "expected"), [("theft", "pass"), ("fare_dodging", "review")])
def test_where_profile_does_not_suffice_the_fact_has_to_be_a_crime_by_nature(conduct: str, expected: str) -> None:
    trait = act(-20) | {"kind": "personal_trait", "gravity": 0, "conduct": ["neighbour_dispute"]}
    fact = act(-60) | {"kind": "unlawful_act", "gravity": 3, "conduct": [conduct]}
    assert said("AIA-5d-1", behaviours={"trait": trait, "fact": fact}, scores=RISK) == [expected]


def test_a_risk_that_credits_add_up_to_is_seen_as_well() -> None:
    risk = {"risk": score({"high": 60, "low": 0}, start=0, predicts="criminal_offence")}
    trait = act(70) | {"kind": "personal_trait", "gravity": 0, "conduct": ["neighbour_dispute"]}
    theft = act(10) | {"kind": "unlawful_act", "gravity": 3, "conduct": ["theft"]}
    assert said("AIA-5d-1", behaviours={"trait": trait, "theft": theft}, scores=risk) == ["review"]


@pytest.mark.parametrize(
    ("predicts", "kind", "expected"),
    [({}, "personal_trait", ["open"]), ({"predicts": "none"}, "personal_trait", []), ({}, "contract_breach", [])],
)
def test_what_is_foretold_is_asked_where_profile_leads_there_and_nothing_is_said(
    predicts: Mapping[str, str], kind: str, expected: list[str]
) -> None:
    lists = {"likely": listing({"kind": "records", "behaviours": ["x"]}, **predicts)}
    fare = behaviour(kind=kind, established_by="final_admin")
    assert said("AIA-5d-1", behaviours={"x": fare}, lists=lists) == expected
    honours = {"red": {**lists["likely"], "polarity": "red"}}
    merit = {**fare, "conduct": ["volunteering"], "gravity": 0}
    assert said("AIA-5d-1", behaviours={"x": merit}, lists=honours) == []


def test_the_silence_about_what_is_foretold_is_counted_among_what_is_not_declared() -> None:
    trait = rides(kind="personal_trait", gravity=0, established_by="report")
    policy = overlay("", "authority-base")
    assert "scores" not in {each.outcome.element for each in check(policy, AS_OF).findings if each.rule == "INT-2"}
    found = of(
        "authority-base",
        f"""
feeds: {{f: {{department: office, context: transport, provenance: verified_record}}}}
behaviours: {{x: {{feed: f, conduct: [fare_dodging], kind: {trait["kind"]}, gravity: 0, points: {{rides: -10}}}}}}
scores: {{rides: {{start: 100, range: [0, 100], bands: {{good: {{lower: 60}}, poor: {{lower: 0}}}}}}}}
""",
        "INT-2",
        "scores",
    )
    assert "scores.rides.predicts" in found.outcome.missing


@pytest.mark.parametrize(
    ("feed", "traits", "expected"),
    [
        ({"category": "biometric", "provenance": "sensor"}, {"uses_traits": ["ethnicity"], "proxy_for": []}, ["fail"]),
        (
            {"category": "biometric"},
            {"conduct": ["unregistered_worship"], "uses_traits": [], "proxy_for": []},
            ["fail"],
        ),
        ({"category": "biometric", "provenance": "sensor"}, {"uses_traits": [], "proxy_for": []}, ["review"]),
        ({"category": "biometric"}, {"uses_traits": [], "proxy_for": []}, ["pass"]),
        ({"category": "biometric"}, {}, ["open"]),
        ({"category": "special", "provenance": "inferred"}, {"uses_traits": ["politics"], "proxy_for": []}, ["review"]),
        ({"category": "ordinary", "provenance": "sensor"}, {"proxy_for": ["race"], "uses_traits": []}, ["review"]),
        ({"category": "unknown", "provenance": "sensor"}, {"proxy_for": ["race"], "uses_traits": []}, ["open"]),
        ({"category": "ordinary", "provenance": "sensor"}, {"uses_traits": ["age"], "proxy_for": []}, []),
        ({"category": "ordinary"}, {"uses_traits": ["race"], "proxy_for": []}, []),
    ],
)
def test_traits_read_off_bodies_under_another_name(
    feed: Mapping[str, Any], traits: Mapping[str, Any], expected: list[str]
) -> None:
    assert said("AIA-5fg-1", feeds={"gates": {**FEED, **feed}}, behaviours={"x": behaviour(**traits)}) == expected


def test_a_feed_of_bodies_that_nothing_uses_was_not_looked_into() -> None:
    feeds = {"gates": {**FEED, "category": "biometric_inference"}}
    assert said("AIA-5fg-1", feeds=feeds) == ["open"]
    assert said("AIA-5fg-1", feeds={"gates": {**FEED, "category": "biometric"}}) == ["pass"]


def test_walks_of_life_are_counted_over_feeds_and_behaviours() -> None:
    walks = ("tax", "health", "education", "housing", "unknown")
    five = {name: rides(context=name) for name in walks[:4]}
    assert said("AIA-5c-9", behaviours=five, scores=SCORES, population=CROWD) == ["fail"]
    open_ = {name: rides(context=name) for name in (*walks[:2], walks[4])}
    assert said("AIA-5c-9", behaviours=open_, scores=SCORES, population=CROWD) == ["open"]


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        ("recipient_weight: binding", "review"),
        ("recipient_weight: strong", "review"),
        ("recipient_weight: unknown", "open"),
        ("onward: false", "open"),
        ("recipient_weight: informative", "pass"),
    ],
)
def test_a_recipient_that_leans_on_a_score_is_not_cleared_by_what_it_is_called(weight: str, expected: str) -> None:
    banks = f"recipient: commercial banks, recipient_context: transport, items: [list], {weight}, legal_basis: [act]"
    assert of("clean", f"sharing: {{banks: {{{banks}}}}}", "AIA-5c-5").kind == expected


def test_a_publication_is_told_by_the_name_of_its_list() -> None:
    text = "lists: {banned: {publication: {public: true, fields: [name], until_days: null, seriousness: minor}}}"
    for rule in ("AIA-5c-1", "AIA-5c-2"):
        found = of("clean", text, rule, "lists.banned.publication")
        assert found.outcome.says.startswith("publish list banned ")


STREET = """
feeds: {{eyes: {{department: transport, {feed}, linkage_key: plate, legal_basis: [act]}}}}
behaviours:
  seen: {{feed: eyes, conduct: [{conduct}], kind: unlawful_act, gravity: 1, {rest}, points: {{rides: -1}}}}
"""


@pytest.mark.parametrize(
    ("feed", "conduct", "rest", "expected"),
    [
        ("context: public_space, provenance: verified_record", "tax_late", "established_by: report", "review"),
        ("context: transport, provenance: verified_record", "littering", "established_by: report", "review"),
        ("context: transport, provenance: final_decision", "littering", "definition_precise: true", "review"),
        ("context: public_space, provenance: verified_record", "littering", "established_by: final_admin", None),
        ("context: public_space, provenance: informant", "littering", "established_by: report", None),
        ("context: transport, provenance: verified_record", "tax_late", "established_by: report", None),
    ],
)
def test_a_camera_is_not_gone_because_its_feed_is_called_a_record(
    feed: str, conduct: str, rest: str, expected: str | None
) -> None:
    text = STREET.format(feed=feed, conduct=conduct, rest=rest)
    policy = load_text(
        f"schema_version: 1\nextends: clean.policy.yaml\npolicy: {{id: x, title: x}}\n{text}", folder=HOME
    )
    kinds = [each.kind for each in check(policy, AS_OF).findings
             if each.rule == "CN-PIPL-1" and each.outcome.element == "feeds.eyes"]  # fmt: skip
    assert kinds == ([expected] if expected else [])


COURT = """
feeds:
  courts: {{department: transport, context: civil_judgment, provenance: final_decision, legal_basis: [act]}}
behaviours:
  refuses: {{feed: courts, conduct: [judgment_unpaid_able], kind: contract_breach, gravity: 2}}
  settles_not: {{feed: courts, conduct: [settlement_broken], kind: contract_breach, gravity: 2}}
  fined: {{feed: courts, context: justice, conduct: [fine_unpaid], kind: unlawful_act, gravity: 1}}
lists:
  banned:
    context: {context}
    trigger: {{kind: records, behaviours: [{behaviours}]}}
    term_days: {days}
    publication: {{public: {public}}}
"""


@pytest.mark.parametrize(
    ("context", "behaviours", "days", "public", "expected"),
    [
        ("civil_judgment", "settles_not", "5000", "false", "fail"),  # that nobody sees it shortens no term
        ("justice", "settles_not, fined", "5000", "true", "fail"),  # nor does a second ground
        ("justice", "refuses, fined", "null", "true", "fail"),
        ("civil_judgment", "settles_not", "null", "false", "fail"),
        ("civil_judgment", "refuses", "null", "false", "review"),
    ],
)
def test_neither_a_closed_list_nor_a_mixed_one_has_a_longer_term(
    context: str, behaviours: str, days: str, public: str, expected: str
) -> None:
    text = COURT.format(context=context, behaviours=behaviours, days=days, public=public)
    assert of("clean", text, "CN-SPC-1", "lists.banned").kind == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("", "review"),
        ("term_days: 5000", "fail"),
        ("exit: {on_compliance: false}", "fail"),
        ("publication: {public: true}", "fail"),
        ("trigger: {kind: records, behaviours: [able_but_refuses, owes_elsewhere]}", "fail"),
    ],
)
def test_an_order_without_a_term_goes_with_a_court_list_and_ends_on_performance(change: str, expected: str) -> None:
    text = f"""
behaviours:
  owes_elsewhere: {{feed: enforcement_cases, conduct: [settlement_broken], kind: contract_breach, gravity: 2}}
lists: {{spending_order: {{{change or "title: an order"}}}}}
"""
    policy = load_text(
        f"schema_version: 1\nextends: court-list-2017\npolicy: {{id: x, title: x, as_of: 2017-05-01}}\n{text}",
        folder=HOME,
    )
    kinds = [each.kind for each in check(policy, AS_OF).findings
             if each.rule == "CN-SPC-1" and each.outcome.element == "lists.spending_order"]  # fmt: skip
    assert kinds == [expected]


@pytest.mark.parametrize(
    ("exit_", "expected"),
    [
        ("response_days: 365", "fail"),  # although compliance is answered within 3 days
        ("response_days: null", "fail"),
        ("compliance_days: 365", "fail"),
        ("response_days: 14, compliance_days: 14", "pass"),
    ],
)
def test_each_way_out_is_answered_in_time(exit_: str, expected: str) -> None:
    assert of("clean", f"lists: {{banned: {{exit: {{{exit_}}}}}}}", "CN-REP-1", "lists.banned.exit").kind == expected
