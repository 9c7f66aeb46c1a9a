"""Rights under data protection: limits by profile, who really decides, and which ground lets a machine."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.lint.cases import AS_OF
from tests.lint.tiny import behaviour, case, listing, measure, score

from vitropolis.lint.case import Case
from vitropolis.lint.catalogue import rules
from vitropolis.lint.check import Options, check
from vitropolis.lint.finding import Outcome

BANDS = {"good": 60, "poor": 0}
LAW = {"kind": "statute", "cite": "Rail Act", "safeguards": True}


def poor() -> dict[str, Any]:
    return {"kind": "band", "score": "rides", "bands": ["poor"]}


def policy(**sections: Any) -> Case:
    parts: dict[str, Any] = {
        "behaviours": {"one": behaviour(points={"rides": -50})}, "scores": {"rides": score(BANDS)},
        "measures": {"stop": measure(poor(), decided_by="automated", legal_basis=["act"])}, "legal_basis": {"act": LAW},
    }  # fmt: skip
    return case(**{**parts, **sections})


def said(rule: str, given: Case) -> dict[str, Outcome]:
    judge = next(each.judge for each in rules() if each.id == rule)
    return {outcome.element: outcome for outcome in judge(given)}


def correction(days: int | None, jurisdictions: list[str], **sections: Any) -> list[Outcome]:
    """What is said of the time to decide, profile by profile."""
    given = {"correction": {"response_days": days}}
    found = policy(procedure=given, head={"jurisdictions": jurisdictions}, **sections)
    judge = next(each.judge for each in rules() if each.id == "GDP-16-1")
    return [each for each in judge(found) if each.element == "procedure.correction.response_days"]


@pytest.mark.parametrize(
    ("days", "jurisdictions", "over"),
    [
        (20, ["CN"], []),
        (21, ["eu"], ["Chinese credit bureaux"]),
        (31, [], ["EU", "US", "Chinese credit bureaux"]),
        (7, ["CN", "CN-SH"], []),
        (8, ["CN", "CN-SH"], ["Shanghai"]),
        (6, ["CN-SD", "CN-SZ"], ["Shandong", "Shenzhen"]),
        (None, ["us"], ["EU", "US", "Chinese credit bureaux"]),
    ],
)
def test_every_limit_that_is_passed_is_named(days: int | None, jurisdictions: list[str], over: list[str]) -> None:
    found = correction(days, jurisdictions)
    assert [label for each in found for label in each.data["over"]] == over
    assert all(each.kind == ("fail" if each.data["over"] else "pass") for each in found)
    assert all(label in each.says for each in found for label in each.data["over"])
    assert [each.profiles for each in found] == [("eu",), ("us",), ("cn",)]


def test_a_list_of_the_courts_has_its_own_limits() -> None:
    lists = {"debtors": listing(poor(), context="civil_judgment")}
    assert "Supreme People's Court" in correction(16, ["CN"], lists=lists)[-1].says
    assert {each.kind for each in correction(15, ["CN"], lists=lists)} == {"pass"}


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"decided_by": "hybrid", "legal_basis": []}, "review"),  # that people take part is the policy's own word
        ({"decided_by": "hybrid"}, "pass"),
        ({"decided_by": "human", "legal_basis": []}, "pass"),
        ({"decided_by": "automated", "legal_basis": []}, "fail"),
    ],
)
def test_half_by_machine_rests_on_the_label(given: dict[str, Any], kind: str) -> None:
    stop = {"stop": measure(poor(), **{"legal_basis": ["act"], **given})}
    review = {"human_review": {"available": True, "authority_to_change": True, "minutes_per_case": 30}}
    assert said("GDP-22-1", policy(measures=stop, procedure=review))["measures.stop"].kind == kind


@pytest.mark.parametrize(
    ("operator", "kind"),
    [
        ({"kind": "public_authority"}, "review"),
        ({"kind": "mixed"}, "review"),
        ({"kind": "private", "official_authority": True}, "review"),
        ({"kind": "private"}, "pass"),
    ],
)
@pytest.mark.parametrize("rule", ["GDP-22-1", "GDP-6-1"])
def test_a_contract_of_a_public_body_rests_on_the_label(operator: dict[str, Any], kind: str, rule: str) -> None:
    found = policy(legal_basis={"act": {**LAW, "kind": "contract"}}, operator=operator)
    assert said(rule, found)["measures.stop"].kind == kind


@pytest.mark.parametrize(
    ("operator", "effect", "kind"),
    [
        ("private", "sanction", "fail"),
        ("mixed", "sanction", "fail"),
        ("mixed", "loss_of_rewards", "fail"),
        ("private", "loss_of_rewards", "pass"),
        ("mixed", "none", "pass"),
        ("private", "unknown", "open"),
    ],
)
def test_consent_is_not_free_where_refusing_is_punished(operator: str, effect: str, kind: str) -> None:
    people = {"natural_persons": True, "legal_entities": False,
              "enrolment": {"mode": "opt_out", "opt_out_effect": effect}}  # fmt: skip
    found = policy(legal_basis={"act": {**LAW, "kind": "consent"}}, operator={"kind": operator}, population=people)
    assert said("GDP-6-1", found)["measures.stop"].kind == kind


PROCEDURE = {"correction": {"response_days": 28}, "access": {"free_copies_per_year": 1}}


@pytest.mark.parametrize(("profile", "fails"), [("eu", []), ("us", []), ("cn", ["GDP-15-1", "GDP-16-1"])])
def test_a_limit_binds_where_its_law_is_looked_at(profile: str, fails: list[str]) -> None:
    report = check(policy(procedure=PROCEDURE).policy, AS_OF, Options(profiles=(profile,), select=("GDP-15", "GDP-16")))
    limits = {"procedure.correction.response_days", "procedure.access.free_copies_per_year"}
    found = [each for each in (*report.shown, *report.passes) if each.outcome.element in limits]
    assert sorted(each.rule for each in found if each.kind == "fail") == fails
    assert {each.outcome.profiles for each in found} == {(profile,)}
    counted = {name: report.fails(name) for name in ("eu", "us", "cn")}
    assert counted["cn"] > counted["eu"]
    assert len({each.fingerprint for each in report.findings}) == len(report.findings)


def test_an_assessment_by_chinese_law_will_do_there() -> None:
    whole = {"date": date(2025, 1, 1), "covers": ["description", "necessity", "risks", "measures"]}
    judge = next(each.judge for each in rules() if each.id == "GDP-35-1")
    both = {each.profiles: each.kind for each in judge(policy(assessments={"pipia": whole}))}
    assert both == {("eu",): "open", ("cn",): "pass"}
    bad = {**whole, "covers": ["risks"]}
    assert {each.profiles: each.kind for each in judge(policy(assessments={"pipia": bad, "dpia": whole}))} == {
        ("eu",): "pass", ("cn",): "pass",
    }  # fmt: skip
    assert [(each.profiles, each.kind) for each in judge(policy(assessments={"dpia": bad}))] == [((), "fail")]


def test_a_law_with_safeguards_lets_a_machine_decide_and_one_without_does_not() -> None:
    assert said("GDP-22-1", policy())["measures.stop"].kind == "pass"
    bare = policy(legal_basis={"act": {**LAW, "safeguards": False}})
    assert said("GDP-22-1", bare)["measures.stop"].kind == "fail"
    silent = policy(legal_basis={"act": {"kind": "statute", "cite": "Rail Act"}})
    found = said("GDP-22-1", silent)["measures.stop"]
    assert (found.kind, "legal_basis.act.safeguards" in found.missing) == ("open", True)


@pytest.mark.parametrize(
    ("kind", "enrolment", "expected"),
    [
        ("public_authority", {"mode": "opt_in", "opt_out_effect": "loss_of_rewards"}, "fail"),
        ("public_authority", {"mode": "opt_in", "opt_out_effect": "none"}, "pass"),
        ("public_authority", {"mode": "opt_in"}, "open"),
        ("private", {"mode": "opt_in", "opt_out_effect": "loss_of_rewards"}, "pass"),
        ("private", {"mode": "mandatory"}, "fail"),
    ],
)
def test_consent_is_a_ground_only_where_refusing_is_free(kind: str, enrolment: dict[str, str], expected: str) -> None:
    people = {"natural_persons": True, "legal_entities": False, "enrolment": enrolment}
    consent = {"act": {"kind": "consent", "cite": "form", "safeguards": True}}
    given = policy(operator={"kind": kind}, population=people, legal_basis=consent)
    assert said("GDP-6-1", given)["measures.stop"].kind == expected


def test_a_special_feed_that_names_no_ground_has_none() -> None:
    faith = {"faith": behaviour(conduct=["unregistered_worship"], kind="unlawful_act", points={"rides": -50})}
    found = said("GDP-22-3", policy(behaviours=faith))["measures.stop"]
    assert (found.kind, found.missing) == ("fail", ("feeds.gates.legal_basis",))
    assert said("GDP-9-1", policy(behaviours=faith))["feeds.gates"].kind == "fail"


def test_an_assessment_after_the_start_is_late() -> None:
    parts = ["description", "necessity", "risks", "measures"]
    for day, expected in (("2026-01-02", "fail"), ("2025-12-31", "pass")):
        made = {"dpia": {"date": date.fromisoformat(day), "covers": parts}}
        given = policy(assessments=made, governance={"rules_effective_from": date(2026, 1, 1)})
        assert said("GDP-35-1", given)["assessments.dpia"].kind == expected
    assert said("GDP-35-1", policy(assessments={}))["assessments"].kind == "fail"


def test_a_conviction_is_exempt_only_if_the_conduct_is_a_crime_by_nature() -> None:
    def kept(word: str) -> dict[str, Any]:
        item = behaviour(conduct=[word], kind="unlawful_act", life={"kind": "forever"}, points={"rides": -50})
        return {**item, "gravity": 4, "established_by": "final_court"}

    given = policy(behaviours={"theft": kept("theft"), "called": kept("fare_dodging")})
    found = said("US-605-1", given)
    assert (found["behaviours.theft"].kind, found["behaviours.called"].kind) == ("pass", "fail")
