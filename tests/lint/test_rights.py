"""Human and social rights, Council of Europe, UNESCO: edges of what these rules work out."""

from __future__ import annotations

import pytest
from tests.lint.cases import AS_OF, HOME

from vitropolis.lint.case import Case
from vitropolis.lint.catalogue import rules
from vitropolis.lint.finding import Outcome
from vitropolis.lint.grounds import grounds
from vitropolis.policy.load import load_text

HEAD = "schema_version: 1\nextends: clean.policy.yaml\npolicy: {id: small, title: small}\n"
UNABLE = "judgment_unpaid_unable"
DENY = "trigger: {kind: listed, lists: [banned]}, action: {kind: deny}, fixed_days: 90, decided_by: human"


def outcomes(text: str, rule: str) -> dict[str, Outcome]:
    """What a rule says of an overlay of the clean policy, by element (the first of each)."""
    case = Case(load_text(HEAD + text, folder=HOME), AS_OF)
    judge = next(each.judge for each in rules() if each.id == rule)
    found: dict[str, Outcome] = {}
    for outcome in judge(case):
        found.setdefault(outcome.element, outcome)
    return found


def test_every_ground_and_limit_is_known() -> None:
    mine = [each for each in rules() if each.id.startswith(("HR-", "COE-", "UNE-"))]
    assert len(mine) == 16
    assert [name for each in mine for name in each.grounds if name not in grounds()] == []


@pytest.mark.parametrize(
    ("basis", "kind"),
    [
        ("kind: statute, cite: a, published: true", "review"),
        ("kind: judicial_interpretation, cite: a, published: true", "review"),
        ("kind: statute, cite: a, published: false", "fail"),
        ("kind: statute, cite: a", "open"),
        ("kind: unknown, cite: a, published: true", "open"),
        ("kind: statute, cite: a, published: true, status: assumed", "open"),
        ("kind: decree, cite: a, published: true", "fail"),
        ("kind: consent, cite: a", "fail"),
    ],
)
def test_the_best_that_a_law_can_do_is_a_review(basis: str, kind: str) -> None:
    text = f"legal_basis: {{law: {{{basis}}}}}\nmeasures: {{ban: {{{DENY}, service: flights, legal_basis: [law]}}}}\n"
    assert outcomes(text, "HR-2-1")["measures.ban"].kind == kind


@pytest.mark.parametrize(
    ("service", "right"),
    [("flights", "movement"), ("online_account", "expression"), ("job_market", "work"), ("bank_account", "property")],
)
def test_the_right_follows_from_the_service(service: str, right: str) -> None:
    text = f"measures: {{ban: {{{DENY}, service: {service}, legal_basis: []}}}}\n"
    found = outcomes(text, "HR-2-1")["measures.ban"]
    assert (found.kind, found.data["right"]) == ("fail", right)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [("[unknown]", "open"), ("[unknown, photo]", "fail"), ("[]", "pass"), ("[id_partial, amount]", "pass")],
)
def test_what_a_public_list_shows(fields: str, kind: str) -> None:
    text = f"lists: {{banned: {{publication: {{public: true, fields: {fields}}}}}}}\n"
    assert outcomes(text, "HR-17-1")["lists.banned.publication"].kind == kind


@pytest.mark.parametrize(
    ("decided", "action", "kind"),
    [
        ("human", "{kind: deny}", "pass"),
        ("hybrid", "{kind: deny}", "review"),
        ("unknown", "{kind: deny}", "open"),
        ("automated", "{kind: restrict, kept_share: 0.9}", "fail"),
        ("automated", "{kind: price, factor: 2}", "review"),
    ],
)
def test_who_closes_the_way(decided: str, action: str, kind: str) -> None:
    text = (
        f"measures: {{ban: {{trigger: {{kind: listed, lists: [banned]}}, action: {action}, service: exit_country, "
        f"fixed_days: 90, decided_by: {decided}, hardship_exception: true, legal_basis: [act]}}}}\n"
    )
    assert outcomes(text, "HR-12-1")["measures.ban"].kind == kind


def test_a_reward_too_may_hang_a_public_post_on_unrelated_conduct() -> None:
    text = """
measures:
  ahead: {trigger: {kind: band, score: rides, bands: [good]}, action: {kind: priority, place: first},
          service: public_employment, decided_by: human}
behaviours: {late_return: {points: {rides: 5}}}
"""
    assert outcomes(text, "HR-25-1")["measures.ahead"].kind == "fail"


SPEECH = """
behaviours:
  said:
    feed: returns
    conduct: [%s]
    kind: %s
    gravity: 1
    established_by: %s
    points: {rides: %s}
    max_counted: 6
    life: {kind: expires, after_days: 180}
    uses_traits: []
    proxy_for: []
"""


@pytest.mark.parametrize(
    ("conduct", "declared", "by", "points", "kind"),
    [
        ("online_rumour", "unlawful_act", "final_court", "-5", "pass"),
        ("online_rumour", "unlawful_act", "appealable", "-5", "fail"),
        ("online_rumour", "unlawful_act", "unknown", "-5", "open"),
        ("online_rumour", "unknown", "final_court", "-5", "open"),
        ("online_rumour", "opinion", "final_court", "-5", "fail"),
        ("online_criticism", "unlawful_act", "final_court", "-5", "fail"),
        ("online_criticism", "opinion", "report", "5", "pass"),
        ("online_criticism", "opinion", "report", "0", "pass"),
        ("online_criticism", "opinion", "report", "{value: 0, status: assumed}", "open"),
    ],
)
def test_speech_is_held_against_people(conduct: str, declared: str, by: str, points: str, kind: str) -> None:
    assert outcomes(SPEECH % (conduct, declared, by, points), "HR-19-1")["behaviours.said"].kind == kind


def test_an_opinion_counts_also_where_it_earns_points() -> None:
    assert outcomes(SPEECH % ("online_criticism", "opinion", "report", "5"), "HR-18-1")["behaviours.said"].kind == (
        "fail"
    )
    assert outcomes(SPEECH % ("online_criticism", "opinion", "report", "0"), "HR-18-1")["behaviours.said"].kind == (
        "pass"
    )


@pytest.mark.parametrize(
    ("aimed", "kind"),
    [
        ("aimed_at: [online_criticism, online_rumour]", "fail"),
        ("aimed_at: [petition_filed]", "fail"),
        ("aimed_at: [online_rumour]", "review"),
        ("aimed_at: [false_goods_sold]", "pass"),
        ("aimed_at: []", "fail"),
        ("decided_by: human", "open"),
    ],
)
def test_what_a_campaign_is_aimed_at(aimed: str, kind: str) -> None:
    text = f"campaigns: {{c: {{kind: accounts, starts_on: 2026-03-01, ends_before: 2026-04-01, count: 10, {aimed}}}}}\n"
    assert outcomes(text, "HR-19-1")["campaigns.c"].kind == kind


@pytest.mark.parametrize(
    ("conduct", "declared", "points", "kind"),
    [
        ("lawsuit_filed", "contract_breach", "-5", "fail"),
        ("complaint_filed", "complaint", "5", "pass"),
        ("littering", "strike", "-5", "fail"),
        ("littering", "unknown", "-5", "open"),
    ],
)
def test_remedies_are_held_against_people(conduct: str, declared: str, points: str, kind: str) -> None:
    assert outcomes(SPEECH % (conduct, declared, "report", points), "HR-21-1")["behaviours.said"].kind == kind


@pytest.mark.parametrize(
    ("text", "element", "kind"),
    [
        ("feeds: {returns: {category: special}}", "behaviours.late_return", "review"),
        ("behaviours: {late_return: {kind: personal_trait}}", "behaviours.late_return", "review"),
        ("behaviours: {late_return: {proxy_for: [social_origin]}}", "behaviours.late_return", "fail"),
        ("population: {only_status: [migrant]}", "population.only_status", "review"),
    ],
)
def test_protected_status(text: str, element: str, kind: str) -> None:
    assert outcomes(text + "\n", "HR-26-1")[element].kind == kind


@pytest.mark.parametrize(
    ("action", "guarantee", "kind"),
    [
        ("{kind: deny}", "false", "fail"),
        ("{kind: restrict, kept_share: 0}", "false", "fail"),
        ("{kind: restrict, kept_share: 0.2}", "false", "review"),
        ("{kind: withdraw}", "unknown", "open"),
        ("{kind: delay, days: 30}", "false", "pass"),
    ],
)
def test_a_share_of_nothing_is_a_denial(action: str, guarantee: str, kind: str) -> None:
    text = (
        f"measures: {{ban: {{trigger: {{kind: listed, lists: [banned]}}, action: {action}, service: water_power, "
        f"minimum_guarantee: {guarantee}}}}}\n"
    )
    assert outcomes(text, "HR-13-1")["measures.ban"].kind == kind


@pytest.mark.parametrize(
    ("carries", "rest", "kind"),
    [
        ("{kind: measure, measure: deposit}", "to: child", "fail"),
        ("{kind: measure, measure: thanks}", "to: child", "pass"),
        ("{kind: listing, list: banned}", "to: child, weight: 0", "pass"),
        ("{kind: points, score: rides}", "to: child, individual_fault_test: true", "fail"),
        ("{kind: points, score: rides}", "to: household", "review"),
    ],
)
def test_what_goes_over_to_children(carries: str, rest: str, kind: str) -> None:
    text = f"spillover: {{home: {{carries: {carries}, {rest}}}}}\n"
    assert outcomes(text, "HR-24-1")["spillover.home"].kind == kind


@pytest.mark.parametrize(
    ("age", "excludes", "kind"),
    [("18", "false", "pass"), ("17", "false", "fail"), ("null", "false", "fail"), ("null", "unknown", "open"),
     ("{value: 18, status: assumed}", "false", "open"), ("{value: 18, status: assumed}", "true", "pass")],
)  # fmt: skip
def test_minors_on_a_list(age: str, excludes: str, kind: str) -> None:
    text = f"population: {{min_age_years: {age}}}\nlists: {{banned: {{excludes_minors: {excludes}}}}}\n"
    assert outcomes(text, "HR-24-1")["lists.banned"].kind == kind


def test_what_is_recorded_of_pupils_themselves_may_be_their_own() -> None:
    school = f"measures: {{ban: {{{DENY}, service: compulsory_school}}}}\n"
    assert outcomes(school, "HR-24-1")["measures.ban"].kind == "fail"
    assert outcomes(school + "feeds: {returns: {about: student}}\n", "HR-24-1")["measures.ban"].kind == "review"


@pytest.mark.parametrize(
    ("appeal", "kind"),
    [
        ("available: false", "fail"),
        ("independent_tribunal: false", "fail"),
        ("independent_tribunal: unknown", "open"),
        ("window_days: 1", "pass"),
    ],
)
def test_access_to_a_tribunal(appeal: str, kind: str) -> None:
    text = f"measures: {{ban: {{{DENY}, service: flights}}}}\nprocedure: {{appeal: {{{appeal}}}}}\n"
    assert outcomes(text, "HR-14-1")["measures.ban"].kind == kind


def test_a_list_and_what_follows_from_it_count_once() -> None:
    text = """
behaviours: {late_return: {absorption: none}}
lists:
  more: {polarity: black, context: transport, trigger: {kind: listed, lists: [banned]}, term_days: 30}
measures: {dear: {trigger: {kind: listed, lists: [more]}, action: {kind: price, factor: 2}, service: transit_fare}}
"""
    found = outcomes(text, "HR-15-1")["behaviours.late_return.absorption"]
    assert (found.kind, found.data["consequences"]) == ("pass", ["lists.banned"])


@pytest.mark.parametrize(
    ("trigger", "test", "kind"),
    [
        ("{kind: band, score: rides, bands: [poor]}", "false", "fail"),
        ("{kind: all_of, of: [{kind: band, score: rides, bands: [poor]}, {kind: records, behaviours: [late_return]}]}",
         "false", "review"),
        ("{kind: records, behaviours: [owes]}", "unknown", "open"),
        ("{kind: records, behaviours: [late_return]}", "false", "pass"),
    ],
)  # fmt: skip
def test_debts_on_the_way_to_a_list(trigger: str, test: str, kind: str) -> None:
    text = f"""
behaviours:
  owes: {{feed: returns, conduct: [loan_overdue], kind: contract_breach, gravity: 1, points: {{rides: -10}}}}
lists: {{banned: {{trigger: {trigger}, ability_test: {test}}}}}
"""
    assert outcomes(text, "HR-11-1")["lists.banned"].kind == kind


def test_debts_that_sanction_without_a_list() -> None:
    text = """
behaviours: {owes: {feed: returns, conduct: [%s], kind: contract_breach, gravity: 1}}
measures:
  ban: {trigger: {kind: records, behaviours: [owes]}, action: {kind: deny}, service: flights, hardship_exception: %s}
"""
    cases = (("loan_overdue", "true", "pass"), ("loan_overdue", "false", "review"), (UNABLE, "true", "fail"))
    for conduct, hardship, kind in cases:
        assert outcomes(text % (conduct, hardship), "HR-11-1")["measures.ban"].kind == kind


def test_unesco_says_what_the_ai_act_rules_say_whatever_the_method() -> None:
    text = f"method: {{kind: human_rules, infers: false}}\nmeasures: {{ban: {{{DENY}, service: job_market}}}}\n"
    found = outcomes(text, "UNE-26-1")
    assert (found["measures.ban"].kind, found["scores.rides"].kind, found["measures.deposit"].kind) == (
        "fail", "fail", "pass",
    )  # fmt: skip
