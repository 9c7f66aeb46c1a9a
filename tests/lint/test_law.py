"""Law behind a thing: in force or not, asked alike by every rule; grounds with their dates, limits written once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from tests.lint.cases import AS_OF
from tests.lint.test_ai_act import LAW, POOR, SCORES, of, rides
from tests.lint.tiny import FEED, case, listing, measure, tiny

from vitropolis.lint.catalogue import rules
from vitropolis.lint.check import check
from vitropolis.lint.grounds import grounds, limits
from vitropolis.lint.law import in_force
from vitropolis.lint.relations import Relations
from vitropolis.lint.rules import MODULES
from vitropolis.lint.rules.court_lists import court_lists
from vitropolis.lint.rules.gdpr_basis import grounds_of
from vitropolis.lint.rules.gdpr_rights import replies
from vitropolis.lint.rules.prc_lists import based_on

LATER = {"act": {**LAW["act"], "starts_on": date(2099, 1, 1)}}
SECRET = {"act": {**LAW["act"], "published": False}}
UNSAID = {"act": {name: value for name, value in LAW["act"].items() if name != "published"}}


@pytest.mark.parametrize(("basis", "standing"), [(LAW, "claimed"), (LATER, "none"), (SECRET, "none"), (UNSAID, "none")])
def test_walks_of_life_are_claimed_to_be_related_by_published_law_in_force(
    basis: Mapping[str, Any], standing: str
) -> None:
    links = {"x": {"contexts": ["tax", "transport"], "legal_basis": ["act"]}}
    held = case(legal_basis=basis, links=links)
    assert Relations(held.reader).between("tax", "transport").standing == standing
    post = rides(context="tax", conduct=["tax_late"], kind="unlawful_act")
    parts = {"behaviours": {"x": post}, "scores": SCORES, "links": links, "legal_basis": basis}
    found = of(tiny(method={"kind": "learned"}, measures={"m": measure(POOR)}, **parts), "AIA-5c-1")
    assert found[0].kind == ("review" if standing == "claimed" else "fail")


def test_every_rule_asks_alike_whether_a_law_is_in_force() -> None:
    for basis, held in ((LAW, True), (LATER, False)):
        feeds = {"gates": {**FEED, "legal_basis": ["act"]}}
        found = case(legal_basis=basis, feeds=feeds)
        assert in_force(found.reader, "act") is held
        assert (based_on(found, "feeds.gates", "statute").value, bool(grounds_of(found, "feeds.gates"))) == (held, held)


def test_a_law_to_come_restricts_no_right_today() -> None:
    banned = {"banned": listing(POOR, publication={"public": True, "fields": ["name"]}, legal_basis=["act"])}
    for basis, kind in ((LAW, "review"), (LATER, "fail")):
        found = check(tiny(behaviours={"x": rides()}, scores=SCORES, lists=banned, legal_basis=basis), AS_OF).findings
        assert [each.kind for each in found if each.rule == "HR-2-1"] == [kind]


def test_a_court_list_is_told_by_conduct_wherever_it_is_asked_for() -> None:
    debt = rides(conduct=["judgment_unpaid_able"], context="credit_finance")
    lists = {"borrowers": listing({"kind": "records", "behaviours": ["debt"]}, context="credit_finance")}
    held = case(behaviours={"debt": debt}, scores=SCORES, lists=lists)
    assert [each.name for each in court_lists(held)] == ["borrowers"]
    assert "the Supreme People's Court" in dict(replies(held, "cn"))


def test_the_first_ground_of_a_rule_has_a_date_where_one_exists() -> None:
    """A lesson or an essay has none; of law whose first day nobody read, the note says so."""
    first = {rule.id: grounds()[rule.grounds[0]] for rule in rules()}
    undated = {name: each for name, each in first.items() if each.applies_from is None}
    assert {name for name, each in undated.items() if each.binding and "first day" not in each.note} == set()
    bodies = {each.body for each in undated.values() if not each.binding}
    assert bodies <= {"scholarship", "principle", "Australia"}


TEXTS = r"ICCPR|ECHR art|FCRA|GDPR art|Guidelines C\(2025\) 5052|AI Act art\. 5\(1\)|PIPL|ECLI:NL:RBDHA:2020:1878"


def test_one_text_begins_on_one_day() -> None:
    days: dict[str, set[date | None]] = {}
    for each in grounds().values():
        for text in re.findall(TEXTS, each.cite)[:1]:
            days.setdefault(text, set()).add(each.applies_from)
    assert {text: found for text, found in days.items() if len(found) > 1} == {}
    assert days["Guidelines C(2025) 5052"] == {date(2025, 7, 29)}


@pytest.mark.parametrize("rule", ["AIA-5c-6", "AIA-5c-8", "AIA-5c-9"])
def test_no_rule_on_social_scoring_is_in_full_application_before_article_5(rule: str) -> None:
    ground = grounds()[next(each for each in rules() if each.id == rule).grounds[0]]
    assert (ground.live(date(2024, 1, 1)), ground.live(date(2025, 2, 2))) == (False, True)


def test_a_limit_of_one_law_is_written_once() -> None:
    written = [(each.value, each.ground, each.note) for each in limits().values() if each.ground.startswith("prc-spc")]
    assert len(written) == len(set(written)) + 1  # a check and a reconsideration take 15 days each
    assert not {"gdpr_review_minutes", "correction_reply_spc", "correction_removal_spc", "cn_adult_years"} & set(
        limits()
    )


@pytest.mark.parametrize("rule", ["AIA-27-1", "GDP-35-1", "CN-49-2", "AIA-5c-6"])
def test_paper_is_never_the_first_thing_to_do(rule: str) -> None:
    found = next(each for each in rules() if each.id == rule)
    assert found.fixes[0][0] in ("remove", "cut")


def test_the_order_of_the_rules_is_that_of_their_modules_whatever_was_imported_first() -> None:
    modules = list(dict.fromkeys(each.judge.__module__.rpartition(".")[2] for each in rules()))
    assert modules == [name for name in MODULES if name in modules]
