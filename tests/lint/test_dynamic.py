"""What a run says stands beside findings and changes no verdict."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.lint.cases import AS_OF
from tests.lint.tiny import behaviour, measure, tiny

from vitropolis.lint.check import Report, check
from vitropolis.lint.dynamic import PENDING, SAID, RunFacts, said, share, with_facts
from vitropolis.lint.export import paper
from vitropolis.lint.render import FORMATS, render
from vitropolis.policy import load_policy

FACTS = RunFacts(
    folder="runs/a", residents=20_000, seed=7, days=365, assumptions="default",
    headlines={
        "share_breach_second": (0.123456, 12, 97), "wrongly_hit_per_1000": (4.2, 1234, 300_000),
        "wrong_records_per_10000": (None, None, None), "children_among_others": (0.5, 1, 2),
        "days_until_out": (90.4, 3, 4),
    },
    fired={"measures.ban": (1234, 56), "lists.untrustworthy": (3, None), "behaviours.posts": (0, 0)},
    not_played=frozenset({"measures.toll"}),
)  # fmt: skip


def report() -> Report:
    posts = behaviour(conduct=["online_criticism"], kind="opinion", context="online_speech")
    trigger = {"kind": "records", "behaviours": ["posts"]}
    measures = {"ban": measure(trigger), "toll": measure(trigger, {"kind": "price", "factor": 2}, "parking")}
    return check(tiny(behaviours={"posts": posts}, measures=measures), AS_OF)


def test_no_verdict_changes() -> None:
    for plain in (report(), check(load_policy("beijing-2018-press"), AS_OF)):
        shown = with_facts(plain, FACTS)
        assert [replace(each, ran=()) for each in shown.findings] == list(plain.findings)
        assert (shown.exit_code, shown.open, shown.unselected) == (plain.exit_code, plain.open, plain.unselected)
        assert any(each.ran for each in shown.findings)


def test_an_element_says_how_often_it_fired() -> None:
    told = {each.outcome.element: each.ran for each in with_facts(report(), FACTS).findings if each.rule == "AIA-5c-2"}
    assert "measures.ban fired 1,234 times, on 56 residents" in told["measures.ban"]
    other = {each.outcome.element: each.ran for each in with_facts(report(), FACTS).findings if each.rule == "AIA-5c-1"}
    assert other["measures.toll"][0] == "measures.toll was not played: its mechanism does not exist yet"
    assert "behaviours.posts never fired" in {
        line for each in with_facts(report(), FACTS).findings for line in each.ran if each.rule == "HR-18-1"
    }


def test_a_rule_has_its_own_number_and_says_what_a_run_does_not_show() -> None:
    told = {(each.rule, each.outcome.element): each.ran for each in with_facts(report(), FACTS).findings}
    assert ("of those hit on their own account, 12.3 % had done something of gravity 2 or more and could pay"
            in told["AIA-5c-2", "measures.ban"])  # fmt: skip
    assert told["AIA-5c-1", "measures.ban"][-1] == f"the run does not show {PENDING['AIA-5c-1']}"


def test_a_number_that_the_run_has_not_is_not_told() -> None:
    finding = next(each for each in report().findings if each.rule == "AIA-5c-2" and each.kind == "review")
    accuracy = replace(finding, rule="GDP-5d-1")
    assert list(said(accuracy, FACTS))[1:] == ["4.2 of 1,000 enrolled were hit wrongly, 1,234 people"]
    empty = replace(FACTS, headlines={}, fired={}, not_played=frozenset())
    assert list(said(accuracy, empty)) == []


def test_what_was_silent_stays_silent() -> None:
    passes = [each for each in with_facts(report(), FACTS).findings if each.kind == "pass"]
    assert passes
    assert [each for each in passes if each.ran] == []


def test_every_format_says_under_what_the_numbers_hold() -> None:
    shown = with_facts(report(), FACTS)
    condition = "runs/a: 20,000 residents, 365 days, assumptions default"
    assert shown.run.startswith(condition)
    assert "no real people" in shown.run and "7" in shown.run
    for format in FORMATS:
        assert "20,000 residents" in " ".join(render(shown, format).split())
    assert json.loads(render(shown, "json"))["head"]["run"] == shown.run
    assert "it says of a finding changes no verdict" in " ".join(render(shown, "text").split())
    assert condition in paper(shown, "fria")


def test_every_sentence_can_be_said() -> None:
    finding = next(each for each in report().findings if each.rule == "AIA-5c-2" and each.kind == "review")
    for rule, told in SAID.items():
        heads = {headline: (0.5, 1, 2) for headline, _ in told}
        lines = list(
            said(replace(finding, rule=rule), replace(FACTS, headlines=heads, fired={}, not_played=frozenset()))
        )
        assert len([line for line in lines if not line.startswith("the run does not show")]) == len(told)
        assert not any("{" in line for line in lines)


def test_shares_are_told_with_two_or_three_figures() -> None:
    assert [share(each) for each in (0.5, 0.12345, 0.001234, 1.0, 0.0)] == ["50 %", "12.3 %", "0.123 %", "100 %", "0 %"]
