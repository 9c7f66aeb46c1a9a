"""Annotations for GitHub: a line a finding, and no text that could begin a line or a property of its own."""

from __future__ import annotations

import re

from tests.lint.cases import AS_OF
from tests.lint.hostile import hostile
from tests.lint.tiny import behaviour, measure, tiny

from vitropolis.lint.check import check
from vitropolis.lint.render import render

LINE = re.compile(r"::(error|warning|notice) (file=[^,:]+,line=\d+,col=\d+,)?title=[^,:]*::[^\r\n]*")


def test_every_line_is_a_command_whatever_the_texts_say() -> None:
    report = hostile()
    lines = render(report, "github").removesuffix("\n").split("\n")
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert len(lines) == 2 + len(report.shown)
    held = [each for each in report.shown if each.suppressed]
    assert sum("%0Asuppressed: " in line for line in lines) >= len(held) > 0
    assert "never say" in lines[-1]


def test_what_has_a_meaning_there_is_written_otherwise() -> None:
    text = render(hostile(), "github")
    assert "\r" not in text
    assert "%250A::warning" in text
    assert "line one%0Aline two%0D%0A::set-output" in text


def test_the_level_follows_the_standing() -> None:
    posts = behaviour(conduct=["online_criticism"], kind="opinion", context="online_speech")
    measures = {"ban": measure({"kind": "records", "behaviours": ["posts"]})}
    report = check(tiny(behaviours={"posts": posts}, measures=measures), AS_OF)
    lines = render(report, "github").splitlines()[1:-1]
    levels = {"prohibited": "error", "high": "error", "medium": "warning", "advice": "notice", "review": "notice"}
    for finding, line in zip(report.shown, lines, strict=True):
        counts = finding.counts or finding.kind == "fail"
        level = levels[finding.severity] if counts else "notice"
        assert line.startswith(f"::{level} file=tiny.policy.yaml,line={finding.line},")
        assert f"title={finding.rule} {finding.severity}%2C {finding.kind}" in line
        assert "%0Aground%3A " in line or "%0Aground: " in line
