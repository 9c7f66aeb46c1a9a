"""AI Act: edges of what its rules work out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from tests.lint.cases import AS_OF, HOME
from tests.lint.tiny import FEED, behaviour, case, listing, measure, score, tiny

from vitropolis.lint.check import check
from vitropolis.lint.finding import Finding
from vitropolis.lint.rules.ai_act_duties import point
from vitropolis.lint.rules.ai_act_scoring import named, natural_gravity, telling
from vitropolis.policy import Policy
from vitropolis.policy.load import load_text

POOR = {"kind": "band", "score": "rides", "bands": ["poor"]}
SCORES = {"rides": score({"good": 60, "poor": 0})}
LEARNED = {"kind": "learned", "infers": True}
LAW = {"act": {"kind": "statute", "cite": "Act", "data_specified": True, "published": True}}


def of(policy: Policy, rule: str, as_of: date = AS_OF) -> list[Finding]:
    """What a rule says of a policy."""
    return [each for each in check(policy, as_of).findings if each.rule == rule]


def said(rule: str, **sections: Any) -> list[str]:
    """The kinds of what a rule says of a tiny policy with a learned method."""
    return [each.kind for each in of(tiny(method=LEARNED, **sections), rule)]


def overlay(text: str, base: str = "benefit-checks-safeguarded") -> Policy:
    """A policy laid over a fixture."""
    return load_text(
        f"schema_version: 1\nextends: {base}.policy.yaml\npolicy: {{id: x, title: x}}\n{text}", folder=HOME
    )


def rides(**fields: Any) -> dict[str, Any]:
    """A behaviour that takes points from `rides`."""
    return behaviour(points={"rides": -10}, life={"kind": "expires", "after_days": 90}, **fields)


def test_the_most_telling_behaviours_are_protected_then_least_grave_and_of_several_walks_of_life() -> None:
    found = case(
        behaviours={
            "grave": behaviour(gravity=3, context="tax"),
            "minor": behaviour(gravity=1, context="tax"),
            "post": behaviour(conduct=["online_criticism"], context="online_speech"),
            "prayer": behaviour(conduct=["unregistered_worship"], kind="unlawful_act", gravity=4, context="religion"),
        }
    ).behaviours
    assert [each.name for each in telling(found.values())] == ["post", "prayer", "minor"]
    assert named(list(found.values())) == "post (online_speech), prayer (religion), minor (tax) and 1 more"


@pytest.mark.parametrize(
    ("conduct", "declared", "expected"),
    [(["littering"], 4, 1), (["littering", "theft"], 3, 3), (["theft"], 1, 1), (["online_criticism"], 3, 0)],
)
def test_gravity_is_never_more_than_the_gravest_conduct_has_by_nature(
    conduct: list[str], declared: int, expected: int
) -> None:
    item = behaviour(conduct=conduct, kind="unlawful_act", gravity=declared)
    assert natural_gravity(case(behaviours={"x": item}).behaviours["x"]) == expected


@pytest.mark.parametrize(
    ("service", "action", "expected"),
    [
        ("social_assistance", "deny", "5(a)"),
        ("water_power", "deny", "5(a)"),
        ("consumer_loan", "deny", "5(b)"),
        ("high_premium_insurance", "deny", "5(c)"),
        ("compulsory_school", "deny", "3"),
        ("company_post", "deny", "4"),
        ("voting", "deny", ""),
        ("flights", "deny", ""),
        ("primary_care", "honour", ""),
    ],
)
def test_a_service_falls_under_a_point_of_annex_iii(service: str, action: str, expected: str) -> None:
    held = case(behaviours={"x": rides()}, scores=SCORES, measures={"m": measure(POOR, action, service)})
    assert point(held.measures[0]) == expected


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ({"kind": "private", "official_authority": False}, "pass"),
        ({"kind": "private", "official_authority": True}, "fail"),
        ({"kind": "mixed"}, "fail"),
        ({"kind": "unknown"}, "open"),
        ({}, "open"),
    ],
)
def test_essential_services_are_high_risk_where_a_public_authority_stands_behind(
    operator: Mapping[str, Any], expected: str
) -> None:
    held = {"behaviours": {"x": rides()}, "scores": SCORES, "measures": {"m": measure(POOR, "deny", "water_power")}}
    assert said("AIA-III5-1", operator=operator, governance={"high_risk_file": False}, **held) == [expected]


def test_duties_of_annex_iii_are_a_step_lower_until_they_apply() -> None:
    policy = overlay("governance: {high_risk_file: false}\nprocedure: {remedy: {explains: []}}")
    before, after = of(policy, "AIA-III5-1")[0], of(policy, "AIA-III5-1", date(2027, 12, 2))[0]
    assert (before.severity, after.severity) == ("medium", "high")
    assert "not yet in application" in before.led and not after.led
    assert of(policy, "AIA-86-1")[0].kind == "review"
    assert of(policy, "AIA-86-1", date(2027, 12, 2))[0].kind == "fail"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("governance: {audit_log: {retention_days: 182}}", "fail"),
        ("governance: {audit_log: {retention_days: 183}}", "pass"),
        ("governance: {audit_log: {retention_days: null}}", "pass"),
        ("governance: {audit_log: {enabled: false}}", "fail"),
        ("governance: {audit_log: {retention_days: 239}}\nprocedure: {appeal: {decision_days: 90, levels: 2}}", "fail"),
        ("governance: {audit_log: {retention_days: 240}}\nprocedure: {appeal: {decision_days: 90, levels: 2}}", "pass"),
        ("procedure: {appeal: {window_days: null}}", "fail"),
        ("procedure: {appeal: {available: false, window_days: 9999}}", "pass"),
        ("procedure: {appeal: {window_days: {value: 60, status: assumed}}}", "open"),
    ],
)
def test_logs_outlive_the_last_appeal(written: str, expected: str) -> None:
    assert [each.kind for each in of(overlay(written), "AIA-26-3")] == [expected]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("assessments: {fria: {date: 2026-01-01}}", "fail"),
        ("assessments: {fria: {date: 2025-12-31}}", "pass"),
        ("assessments: {fria: {covers: []}}", "fail"),
        ("delete: [assessments.fria]", "fail"),
    ],
)
def test_an_assessment_is_whole_and_dated_before_the_rules(written: str, expected: str) -> None:
    assert [each.kind for each in of(overlay(written), "AIA-27-1")] == [expected]


def test_a_law_named_for_the_true_context_is_reviewed_whatever_the_feed_is_called() -> None:
    held = {
        "scores": SCORES,
        "measures": {"m": measure(POOR, {"kind": "delay", "days": 1}, "transit_fare")},
        "legal_basis": LAW,
        "links": {"speech": {"contexts": ["online_speech", "transport"], "legal_basis": ["act"]}},
    }
    post = rides(conduct=["online_criticism"], kind="opinion", gravity=0)
    for context in ("transport", "online_speech"):
        feeds = {"gates": {**FEED, "context": context}}
        assert said("AIA-5c-1", behaviours={"post": post}, feeds=feeds, **held) == ["review"]


def test_a_band_that_nothing_reaches_is_told_as_such() -> None:
    far = {"rides": score({"good": 60, "poor": 0}, start=100, low=0)}
    post = rides(conduct=["online_criticism"], kind="opinion", context="online_speech", max_counted=1)
    held = tiny(method=LEARNED, behaviours={"post": post}, scores=far, measures={"m": measure(POOR)})
    assert "no records that the arithmetic knows of" in of(held, "AIA-5c-1")[0].outcome.says


def test_praise_does_not_make_a_score_general() -> None:
    measures = {"m": measure(POOR), "praise": measure({**POOR, "bands": ["good"]}, "honour", "public_honours")}
    kinds = said("AIA-5c-3", behaviours={"x": rides()}, scores=SCORES, measures=measures, purpose={"specific": True})
    assert kinds == ["pass", "pass"]


@pytest.mark.parametrize(
    ("effect", "expected"), [("sanction", "fail"), ("loss_of_rewards", "pass"), ("none", "pass"), (None, "open")]
)
def test_enrolment_that_costs_a_sanction_to_leave_is_not_free(effect: str | None, expected: str) -> None:
    mode = {"mode": "opt_out"} | ({"opt_out_effect": effect} if effect else {})
    population = {"natural_persons": True, "legal_entities": False, "enrolment": mode}
    feeds = {name: {**FEED, "context": name} for name in ("tax", "health", "education", "housing")}
    assert said("AIA-5c-9", population=population, feeds=feeds) == [expected]


def test_that_an_intimate_feed_holds_decisions_on_single_persons_rests_on_its_label() -> None:
    for provenance, expected in (("sensor", "fail"), ("final_decision", "review")):
        feeds = {"phones": {**FEED, "category": "location", "provenance": provenance}}
        assert sorted(said("AIA-5c-9", feeds=feeds)) == sorted([expected, "pass"])


@pytest.mark.parametrize(
    ("established", "expected"), [("final_court", "pass"), ("report", "review"), (None, "open"), ("unknown", "open")]
)
def test_crime_risk_needs_an_established_fact(established: str | None, expected: str) -> None:
    fact = {} if established is None else {"established_by": established}
    theft = behaviour(conduct=["theft"], kind="unlawful_act", gravity=3, **fact)
    lists = {"likely": listing({"kind": "records", "behaviours": ["theft"]}, predicts="criminal_offence")}
    assert said("AIA-5d-1", behaviours={"theft": theft}, lists=lists) == [expected]


@pytest.mark.parametrize(
    ("feed", "traits", "expected"),
    [
        ({"category": "biometric_inference"}, {"uses_traits": ["race"], "proxy_for": []}, "fail"),
        ({"category": "biometric_inference"}, {"uses_traits": ["age"], "proxy_for": []}, "review"),
        ({"category": "biometric_inference"}, {}, "open"),
        ({"category": "biometric", "provenance": "inferred"}, {}, "review"),
        ({"category": "emotion_inference", "context": "health"}, {"conduct": ["medical_disturbance"]}, "pass"),
        ({"category": "emotion_inference", "context": "health"}, {"conduct": ["exam_cheating"]}, "review"),
        ({"category": "emotion_inference", "context": "unknown"}, {}, "open"),
        ({"category": "emotion_inference", "context": "health", "about": "employee"}, {}, "fail"),
    ],
)
def test_what_is_read_from_bodies(feed: Mapping[str, Any], traits: Mapping[str, Any], expected: str) -> None:
    assert said("AIA-5fg-1", feeds={"gates": {**FEED, **feed}}, behaviours={"x": behaviour(**traits)}) == [expected]
