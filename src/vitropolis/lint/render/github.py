"""Annotations as GitHub's workflow commands: one line a finding, first of all the head as a notice."""

from __future__ import annotations

from collections.abc import Iterator

from vitropolis.lint.check import Report
from vitropolis.lint.finding import Finding
from vitropolis.lint.render.words import STATIC, cites, evidence, head_rows, standing_of

LEVELS = {"prohibited": "error", "high": "error", "medium": "warning", "advice": "notice", "review": "notice"}


def as_github(report: Report) -> str:
    """The whole report as workflow commands."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    head = "\n".join(f"{name}: {text}" for name, text in head_rows(report))
    yield f"::notice title={_value(f'vitropolis lint {report.policy.id}')}::{_text(head)}"
    for each in report.shown:
        yield _line(report, each)
    yield f"::notice title={_value('what no check can say')}::{_text(STATIC)}"


def _line(report: Report, finding: Finding) -> str:
    rule = report.rule(finding.rule)
    stops = (finding.counts or finding.kind == "fail") and not finding.suppressed
    level = LEVELS[finding.severity] if stops else "notice"
    title = _value(f"{finding.rule} {standing_of(finding)}")
    rests = "".join(f"\n{name}: {said}" for name, said in evidence(finding))
    text = _text(f"{finding.outcome.says}\nground: {cites(rule)}\nfix: {rule.fix}{rests}")
    return f"::{level} file={_value(finding.file)},line={finding.line},col={finding.column},title={title}::{text}"


def _text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
