"""The report as Markdown: for a review, an annex, a ticket."""

from __future__ import annotations

from collections.abc import Iterator

from vitropolis.lint.check import Report
from vitropolis.lint.finding import Finding
from vitropolis.lint.render.words import (
    STATIC,
    WORKING,
    by_rule,
    cites,
    counted_kinds,
    evidence,
    head_rows,
    standing_of,
)
from vitropolis.lint.rule import Rule


def as_markdown(report: Report) -> str:
    """The whole report."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# Findings on {plain(report.policy.id)}"
    yield ""
    yield "| | |"
    yield "|---|---|"
    for name, text in head_rows(report):
        yield f"| {name} | {cell(text)} |"
    yield ""
    for rule, found in by_rule(report):
        yield from _rule(report, rule, found)
    yield from ("", STATIC, "", WORKING)


def _rule(report: Report, rule: Rule, found: list[Finding]) -> Iterator[str]:
    yield f"## {rule.id} {plain(rule.title)}"
    yield ""
    yield f"{found[0].severity}: {counted_kinds(found)}. Ground: {plain(cites(rule))}."
    yield f"Fix: {plain(rule.fix)}. A static check cannot decide: {plain(rule.text('Cannot decide'))}"
    yield ""
    yield "| place | element | standing | finding | rests on |"
    yield "|---|---|---|---|---|"
    for each in found:
        way = " → ".join(f"`{hop.element}`" for hop in each.outcome.path)
        says = cell(each.outcome.says) + (f"<br>{way}" if way else "")
        rests = "<br>".join(f"{name}: {cell(text)}" for name, text in evidence(each))
        place = f"{each.file}:{each.line}"
        yield f"| {cell(place)} | `{each.outcome.element}` | {cell(standing_of(each))} | {says} | {rests} |"
    yield ""


def plain(text: str) -> str:
    """Text on one line in which nothing is taken for markup."""
    text = " ".join(text.split())
    for mark in ("\\", "`", "*", "_", "<", "[", "#"):
        text = text.replace(mark, f"\\{mark}")
    return text


def cell(text: str) -> str:
    """The same for a cell of a table."""
    return plain(text).replace("|", "\\|")
