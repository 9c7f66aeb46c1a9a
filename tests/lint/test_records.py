"""What rules say of records: whence and since when they count, for how long, what they reveal, and whom they press."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.lint.overlaid import case_of, said_by
from tests.lint.tiny import behaviour, case, measure, score

from vitropolis.lint.catalogue import rules
from vitropolis.lint.reveals import BY_KIND
from vitropolis.policy.words import KINDS

ACT = {"kind": "statute", "cite": "Bicycle Act", "published": True, "data_specified": True, "safeguards": True}
LATE = {"feed": "returns", "conduct": ["fare_dodging"], "kind": "contract_breach", "gravity": 1}


def kind_of(rule: str, element: str, folder: Path, **parts: Any) -> str:
    return said_by(rule, case_of(folder, **parts))[element].kind


# Acts from before a law


@pytest.mark.parametrize(
    ("law", "kind"),
    [
        ({"starts_on": date(2025, 1, 1)}, "pass"),
        ({"starts_on": date(2026, 2, 1)}, "fail"),
        ({}, "open"),
    ],
)
@pytest.mark.parametrize("element", ["feeds.returns", "lists.banned", "measures.deposit"])
def test_acts_count_from_no_day_before_the_law_of_all_that_they_lead_to(
    tmp_path: Path, element: str, law: dict[str, Any], kind: str
) -> None:
    section, name = element.split(".")
    parts = {"legal_basis": {"later": {**ACT, **law}}, section: {name: {"legal_basis": ["later"]}}}
    assert kind_of("HR-15-1", "behaviours.late_return.counts_acts_since", tmp_path, **parts) == kind


def test_of_several_laws_the_first_will_do(tmp_path: Path) -> None:
    parts = {"legal_basis": {"later": ACT}, "lists": {"banned": {"legal_basis": ["later", "act"]}}}
    assert kind_of("HR-15-1", "behaviours.late_return.counts_acts_since", tmp_path, **parts) == "pass"


# How long


@pytest.mark.parametrize(
    ("word", "life", "days"),
    [
        ("fare_dodging", {"kind": "until_settled", "then_days": 180}, 180),
        ("fare_dodging", {"kind": "until_settled", "then_days": 0}, 0),
        ("fare_dodging", {"kind": "until_settled"}, None),
        ("judgment_unpaid_unable", {"kind": "until_settled", "then_days": 180}, None),
    ],
)
def test_what_counts_until_it_is_paid_is_counted_from_then(word: str, life: dict[str, Any], days: int | None) -> None:
    found = case(
        behaviours={"late": behaviour(conduct=[word], points={"s": -60}, life=life)},
        scores={"s": score({"good": 60, "poor": 0})},
    )
    assert found.durations.of_record(found.behaviours["late"]).days == days


@pytest.mark.parametrize(("days", "kind"), [(1825, "pass"), (1826, "fail")])
def test_chinese_law_gives_bad_information_five_years(tmp_path: Path, days: int, kind: str) -> None:
    life = {"late_return": {"life": {"kind": "expires", "after_days": days}}}
    given = case_of(tmp_path, behaviours=life, feeds={"returns": {"source_public_days": 5000}})
    judge = next(each.judge for each in rules() if each.id == "GDP-5e-1")
    outcomes = [each for each in judge(given) if each.element == "behaviours.late_return"]
    found = {each.profiles: each.kind for each in outcomes}
    assert found == {(): "pass", ("cn",): kind}


# Rates that promise nothing


@pytest.mark.parametrize(
    ("rate", "kind"), [(0.01, "pass"), (0.49, "pass"), (0.5, "fail"), (1.0, "fail"), (None, "fail")]
)
def test_half_wrong_is_no_promise(tmp_path: Path, rate: float | None, kind: str) -> None:
    feeds = {"returns": {"promised_error_rate": rate}}
    found = said_by("GDP-5d-1", case_of(tmp_path, feeds=feeds))["feeds.returns"]
    assert found.kind == kind
    assert ("an error rate is promised" in found.says) == (kind == "pass")


# Purposes


LINK = {each: {"contexts": ["tax", each], "legal_basis": ["tie"]} for each in ("transport", "neighbourhood")}


@pytest.mark.parametrize(
    ("own", "links", "kind", "says"),
    [
        ({}, {}, "fail", "no law that names the data covers both"),
        ({}, LINK, "review", " claims one that joins the two"),
        ({"legal_basis": ["act"]}, LINK, "pass", "nothing outside its own walk of life"),
    ],
)
def test_a_claimed_link_makes_it_a_review_and_never_silent(
    tmp_path: Path, own: dict[str, Any], links: dict[str, Any], kind: str, says: str
) -> None:
    tie = {**ACT, "starts_on": date(2025, 1, 1)}
    feeds = {"taxes": {"department": "transport", "context": "tax", "provenance": "final_decision",
                       "legal_basis": ["tie"], **own}}  # fmt: skip
    late = {**LATE, "feed": "taxes", "conduct": ["tax_late"], "kind": "unlawful_act", "points": {"rides": -50}}
    given = case_of(tmp_path, legal_basis={"tie": tie}, feeds=feeds, behaviours={"owing": late}, links=links)
    found = said_by("GDP-5b-1", given)["feeds.taxes"]
    assert (found.kind, says in found.says) == (kind, True)


def test_where_a_label_alone_clears_it_the_sentence_says_so(tmp_path: Path) -> None:
    late = {**LATE, "conduct": ["tax_late"], "points": {"rides": -50}}
    found = said_by("GDP-5b-1", case_of(tmp_path, behaviours={"owing": late}))["feeds.returns"]
    assert found.kind == "review"
    assert "owing is of tax by nature, called transport" in found.says
    assert found.says.endswith("; only the policy's own label keeps this from triggering")
    assert found.labels == ("feeds.returns.context",)


# What conduct reveals


@pytest.mark.parametrize(
    ("conduct", "kind", "trait"),
    [
        ("blood_donation", "virtue", "health"),
        ("assembly_unapproved", "unlawful_act", "politics"),
        ("unregistered_worship", "unlawful_act", "religion"),
        ("fare_dodging", "strike", "union"),
    ],
)
def test_all_rules_take_what_conduct_reveals_from_one_table(
    tmp_path: Path, conduct: str, kind: str, trait: str
) -> None:
    item = {**LATE, "conduct": [conduct], "kind": kind, "points": {"rides": -9}, "uses_traits": [], "proxy_for": []}
    given = case_of(tmp_path, behaviours={"shown": item})
    assert trait in given.behaviours["shown"].reveals
    assert trait in said_by("HR-26-1", given)["behaviours.shown"].says
    assert said_by("HR-26-1", given)["behaviours.shown"].kind == "fail"
    assert trait in said_by("GDP-9-1", given)["feeds.returns"].says


def test_the_table_is_of_kinds_that_there_are() -> None:
    assert set(BY_KIND) <= set(KINDS)


# Floors and debts


@pytest.mark.parametrize(
    ("service", "action", "kind"),
    [
        ("water_power", {"kind": "deny"}, "pass"),
        ("voting", {"kind": "deny"}, "fail"),
        ("identity_papers", {"kind": "withdraw"}, "fail"),
        ("legal_aid", {"kind": "restrict", "kept_share": 0.5}, "fail"),
        ("water_power", {"kind": "restrict", "kept_share": 0.5}, "pass"),
    ],
)
def test_of_a_vote_there_is_no_minimum(service: str, action: dict[str, Any], kind: str) -> None:
    found = case(
        behaviours={"late": behaviour(points={"s": -60})}, scores={"s": score({"good": 60, "poor": 0})},
        measures={"shut": measure({"kind": "band", "score": "s", "bands": ["poor"]}, action, service,
                                  minimum_guarantee=True)},
    )  # fmt: skip
    assert said_by("HR-13-1", found)["measures.shut"].kind == kind


@pytest.mark.parametrize(
    ("word", "points", "spared", "kind", "how"),
    [
        ("utility_unpaid", -60, False, "review", "suffice by points for"),
        ("utility_unpaid", -60, True, "pass", "suffice by points for"),
        ("judgment_unpaid_unable", -60, True, "fail", "suffice by points for"),
        ("judgment_unpaid_unable", -1, False, "review", "count by points towards"),
    ],
)
def test_debts_that_shut_a_service_by_points_are_seen(
    word: str, points: int, spared: bool, kind: str, how: str
) -> None:
    found = case(
        behaviours={"owing": behaviour(conduct=[word], points={"s": points}, max_counted=1),
                    "other": behaviour(points={"s": -60})},
        scores={"s": score({"good": 60, "poor": 0})},
        measures={"dry": measure({"kind": "band", "score": "s", "bands": ["poor"]}, service="water_power",
                                 hardship_exception=spared)},
    )  # fmt: skip
    outcome = said_by("HR-11-1", found)["measures.dry"]
    assert (outcome.kind, how in outcome.says) == (kind, True)
