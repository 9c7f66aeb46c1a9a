"""Working papers: all findings of all profiles first, what the file says, and questions that stay blank."""

from __future__ import annotations

import re

import pytest
from tests.lint.cases import AS_OF, HOME
from tests.lint.tiny import behaviour, measure, tiny

from vitropolis.lint.check import Options, Report, check
from vitropolis.lint.export import ABSENT, BLANK, DOSSIER, FRIA, paper
from vitropolis.lint.render.markdown import cell
from vitropolis.lint.rule import PROFILES
from vitropolis.policy import load_policy

POINTS = {"fria": FRIA, "dossier": DOSSIER}
HELD = {"rule": "HR-19-1", "element": "behaviours.posts", "reason": "under review", "by": "the court", "expires": AS_OF}


def report(**options: object) -> Report:
    posts = behaviour(conduct=["online_criticism"], kind="opinion", context="online_speech")
    sections = {
        "behaviours": {"posts": posts},
        "measures": {"ban": measure({"kind": "records", "behaviours": ["posts"]})},
    }
    return check(tiny(**sections, suppressions=[HELD]), AS_OF, Options(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", POINTS)
def test_it_begins_with_all_findings_whatever_was_selected(kind: str) -> None:
    whole, few = report(), report(profiles=("us",), select=("AIA-0",), ignore=("HR",), scope="selected")
    assert paper(whole, kind) == paper(few, kind)
    text = paper(few, kind)
    start, end = text.index("## All findings of all profiles"), text.index(f"## {POINTS[kind][0].heading}")
    table = text[start:end]
    for each in whole.findings:
        if each.kind in ("fail", "review", "informational") or each.suppressed:
            assert f"| {each.rule} |" in table
            assert cell(each.outcome.says) in table
        elif each.kind == "open":  # what is not declared is told a rule a line
            assert f"* {each.rule} ({each.severity}) " in table
    assert text.index("# ") < text.index("**working paper for the reviewer, not an assessment**") < start
    assert f"| profiles | {', '.join(PROFILES)} |" in text[:start]
    assert "| not selected | none |" in text[:start]


@pytest.mark.parametrize("kind", POINTS)
def test_a_suppressed_finding_is_there_with_its_reason(kind: str) -> None:
    assert "suppressed: under review (by the court, until 2026-11-26)" in paper(report(), kind)


@pytest.mark.parametrize("kind", POINTS)
def test_every_question_is_printed_and_left_blank(kind: str) -> None:
    text = paper(report(), kind)
    asked = [question for point in POINTS[kind] for question in point.asks]
    assert text.count(BLANK) == len(asked)
    for question in asked:
        assert f"{BLANK} {question}\n\n> \n" in text
    assert [f"## {point.heading}" for point in POINTS[kind]] == re.findall(r"^## (?!All).*", text, re.MULTILINE)


def test_the_fundamental_rights_paper_has_the_six_points_of_the_article() -> None:
    assert [point.heading[:3] for point in FRIA] == ["(a)", "(b)", "(c)", "(d)", "(e)", "(f)"]


@pytest.mark.parametrize("kind", POINTS)
def test_what_the_file_does_not_say_is_not_made_up(kind: str) -> None:
    text = paper(report(), kind)
    assert f"appeal, available: {ABSENT} (`procedure.appeal.available`)" in text
    whole = paper(check(load_policy(HOME / "clean.policy.yaml"), AS_OF), kind)
    line = next(number for number, each in enumerate((HOME / "clean.policy.yaml").read_text().splitlines(), 1)
                if each.startswith("  appeal:"))  # fmt: skip
    assert f"* appeal, available: yes (`procedure.appeal.available`, line {line})" in whole
    assert "monitoring.stop" not in text or ABSENT in text


@pytest.mark.parametrize("kind", POINTS)
@pytest.mark.parametrize("source", ["beijing-2018-press", "court-list-2017", "corporate-classes-2022", "robodebt-2016"])
def test_a_real_policy_gives_a_paper_that_assesses_nothing(kind: str, source: str) -> None:
    text = paper(check(load_policy(source), AS_OF), kind)
    assert "working paper for the reviewer, not an assessment" in text
    assert "So no finding is never a clearance." in text
    assert not re.search(
        r"\b(low|medium|high|acceptable|residual) risk\b|\brisk (level|score|rating)\b", text, re.IGNORECASE
    )
