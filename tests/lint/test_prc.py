"""China's own rules: edges of what they work out."""

from __future__ import annotations

from datetime import date

import pytest
from tests.lint.cases import AS_OF, HOME

from vitropolis.lint.check import check
from vitropolis.lint.finding import Finding
from vitropolis.policy import load_policy
from vitropolis.policy.load import load_text

HEAD = "schema_version: 1\nextends: clean.policy.yaml\npolicy: {id: small, title: small}\n"
COURT = """
behaviours:
  refuses:
    feed: returns
    conduct: [%s]
    kind: contract_breach
    gravity: 2
    established_by: final_court
    life: {kind: forever}
  obstructs:
    feed: returns
    conduct: [enforcement_obstructed]
    kind: unlawful_act
    gravity: 3
    established_by: final_court
    life: {kind: expires, after_days: 90}
lists:
  banned: {publication: {public: true, fields: [name], until_days: 60, seriousness: minor}, %s}
"""


def said(text: str, rule: str, element: str = "", as_of: date = AS_OF) -> Finding:
    """What a rule says of an overlay of the clean policy, of an element or first of all."""
    policy = load_text(HEAD + text, folder=HOME)
    found = check(policy, as_of).findings
    return next(each for each in found if each.rule == rule and each.outcome.element.startswith(element))


@pytest.mark.parametrize(
    ("conduct", "rest", "kind"),
    [
        ("judgment_unpaid_able", "trigger: {kind: records, behaviours: [refuses]}, term_days: 730", "pass"),
        ("judgment_unpaid_able", "trigger: {kind: records, behaviours: [refuses]}, term_days: 731", "fail"),
        ("judgment_unpaid_able", "trigger: {kind: records, behaviours: [refuses]}, term_days: null", "review"),
        ("judgment_unpaid_unable", "trigger: {kind: records, behaviours: [refuses]}, term_days: null", "fail"),
        ("judgment_unpaid_able", "trigger: {kind: records, behaviours: [refuses, obstructs]}, term_days: null", "fail"),
        (
            "judgment_unpaid_able",
            "trigger: {kind: records, behaviours: [refuses, late_return]}, term_days: null",
            "fail",
        ),
        (
            "traffic_minor",
            "trigger: {kind: records, behaviours: [refuses]}, context: civil_judgment, term_days: null",
            "fail",
        ),
        (
            "judgment_unpaid_able",
            "trigger: {kind: records, behaviours: [refuses]}, term_days: null, exit: {on_compliance: false}",
            "fail",
        ),
        (
            "judgment_unpaid_able",
            "trigger: {kind: records, behaviours: [refuses]}, term_days: 90, exit: {auto_expiry: false}",
            "fail",
        ),
    ],
)
def test_a_court_list_is_told_by_conduct_and_judged_by_its_term(conduct: str, rest: str, kind: str) -> None:
    assert said(COURT % (conduct, rest), "CN-SPC-1").kind == kind


@pytest.mark.parametrize(
    ("trigger", "kind"),
    [
        ("{kind: records, behaviours: [obstructs]}", "pass"),
        ("{kind: records, behaviours: [refuses], count: 2}", "pass"),
        ("{kind: records, behaviours: [refuses]}", "fail"),
    ],
)
def test_a_longer_term_is_for_violence_and_repeated_breaches(trigger: str, kind: str) -> None:
    more = f"extension: {{days: 1095, trigger: {trigger}}}"
    rest = f"trigger: {{kind: records, behaviours: [refuses, obstructs]}}, term_days: 730, {more}"
    assert said(COURT % ("settlement_broken", rest), "CN-SPC-1").kind == kind


def test_a_longer_term_of_more_than_three_years_is_found() -> None:
    more = "extension: {days: 1096, trigger: {kind: records, behaviours: [obstructs]}}"
    rest = f"trigger: {{kind: records, behaviours: [refuses, obstructs]}}, term_days: 730, {more}"
    assert said(COURT % ("settlement_broken", rest), "CN-SPC-1").kind == "fail"


@pytest.mark.parametrize(
    ("until", "seriousness", "kind"),
    [
        ("90", "minor", "pass"),
        ("91", "minor", "fail"),
        ("null", "minor", "pass"),
        ("89", "general", "review"),
        ("365", "general", "review"),
        ("366", "general", "fail"),
        ("364", "serious", "review"),
        ("1096", "serious", "fail"),
        ("60", "unknown", "pass"),
        ("400", "unknown", "open"),
        ("1096", "unknown", "fail"),
    ],
)
def test_display_is_held_against_its_class_and_the_class_against_the_conduct(
    until: str, seriousness: str, kind: str
) -> None:
    text = f"lists: {{banned: {{publication: {{public: true, until_days: {until}, seriousness: {seriousness}}}}}}}"
    assert said(text, "CN-REP-1", "lists.banned.publication").kind == kind


def test_display_while_listed_lasts_as_long_as_the_longest_term() -> None:
    text = """
lists:
  banned:
    term_days: 90
    extension: {days: 900, trigger: {kind: records, behaviours: [late_return]}}
    publication: {public: true, until_days: null, seriousness: minor}
"""
    found = said(text, "CN-REP-1", "lists.banned.publication")
    assert (found.kind, found.outcome.data["days"]) == ("fail", 990)


def test_before_order_36_applies_its_findings_are_one_step_lower() -> None:
    text = "lists: {banned: {exit: {fee_yuan: 10}}}"
    early, late = (said(text, "CN-REP-1", "lists.banned.exit", day) for day in (date(2026, 3, 31), date(2026, 4, 1)))
    assert (early.severity, late.severity) == ("advice", "medium")
    assert "not yet in application" in early.led


def test_a_basis_that_has_not_begun_is_none() -> None:
    text = "legal_basis: {act: {starts_on: 2027-01-01}}"
    assert said(text, "CN-49-2").kind == "fail"


def test_notice_on_the_day_itself_is_not_before() -> None:
    text = "procedure: {notice: {before_days: 0}}"
    assert said(text, "CN-49-4", "procedure.notice.when").kind == "fail"


@pytest.mark.parametrize(
    ("feed", "uses", "kind"),
    [
        ("context: public_space, provenance: sensor", "points: {rides: -1}", "fail"),
        ("context: transport, provenance: verified_record, category: biometric", "points: {rides: -1}", "review"),
        (
            "context: public_space, provenance: verified_record",
            "established_by: algorithm, points: {rides: -1}",
            "review",
        ),
        ("context: public_space, provenance: unknown", "points: {rides: -1}", "open"),
        ("context: public_space, provenance: sensor", "points: {}", "pass"),
    ],
)
def test_cameras_are_told_by_more_than_one_label(feed: str, uses: str, kind: str) -> None:
    text = f"""
feeds: {{eyes: {{department: transport, {feed}, linkage_key: plate, legal_basis: [act]}}}}
behaviours: {{seen: {{feed: eyes, conduct: [littering], kind: unlawful_act, gravity: 1, {uses}}}}}
"""
    assert said(text, "CN-PIPL-1").kind == kind


def test_consent_under_an_opt_in_leaves_cameras_for_review() -> None:
    text = """
legal_basis: {form: {kind: consent, cite: a form}}
feeds:
  eyes: {department: transport, context: public_space, provenance: sensor, linkage_key: plate, legal_basis: [form]}
behaviours: {seen: {feed: eyes, conduct: [littering], kind: unlawful_act, gravity: 1, points: {rides: -1}}}
"""
    assert said(text, "CN-PIPL-1").kind == "review"


@pytest.mark.parametrize(
    ("age", "kind"), [("18", "pass"), ("17", "review"), ("14", "review"), ("13", "fail"), ("null", "fail")]
)
def test_minors_in_a_score(age: str, kind: str) -> None:
    assert said(f"population: {{min_age_years: {age}}}", "CN-PIPL-2", "scores.").kind == kind


def test_consent_and_special_rules_leave_childrens_data_for_review() -> None:
    text = """
legal_basis: {form: {kind: consent, cite: a form}}
population: {min_age_years: 10}
feeds: {returns: {legal_basis: [form]}}
"""
    assert said(text, "CN-PIPL-2", "feeds.").kind == "review"


def test_points_of_weight_nothing_reach_no_child() -> None:
    text = "spillover: {child: {carries: {kind: points, score: rides}, to: child, weight: 0}}"
    assert said(text, "CN-PIPL-2", "spillover.").kind == "pass"


def test_the_court_list_of_2017_is_at_most_for_review_on_its_term_and_correction() -> None:
    findings = check(load_policy("court-list-2017"), AS_OF).findings
    kinds = {rule: {each.kind for each in findings if each.rule == rule} for rule in ("CN-SPC-1", "CN-SPC-2")}
    assert kinds == {"CN-SPC-1": {"review", "pass"}, "CN-SPC-2": {"pass"}}
