"""The report for a terminal, in the style of a compiler: place, rule, standing, the line, and the way below it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from unicodedata import category

from vitropolis.lint.check import Report
from vitropolis.lint.finding import Finding, Hop
from vitropolis.lint.render.words import (
    STATIC,
    UNDECIDED,
    WORKING,
    by_rule,
    cites,
    counted_kinds,
    evidence,
    folds,
    head_rows,
    standing_of,
    undecided,
)
from vitropolis.lint.rule import Rule

WIDTH = 100
FIRST = 1  # findings of a rule that are shown in full before the rest stand in one line each
NAME = 14
STEERING = ("Cc", "Cf", "Cs", "Zl", "Zp")


def as_text(report: Report, full: bool = False) -> str:
    """The whole report; `full` shows every finding with its line and way, not only the first of each rule."""
    return "\n".join(visible(line) for line in _lines(report, full)) + "\n"


def visible(line: str) -> str:
    """A line in which characters that steer a terminal, or turn the order of letters, are shown and not sent."""
    return "".join(repr(each)[1:-1] if category(each) in STEERING else each for each in line)


def _lines(report: Report, full: bool) -> Iterator[str]:
    for name, text in head_rows(report):
        yield from _row(name, text)
    yield ""
    for rule, found in by_rule(report):
        told = found if full else [each for each in found if not folds(each)]
        if told:
            yield from _rule(report, rule, told, full)
            yield ""
    if not full:
        yield from _undecided(report)
    silent = sorted({each.rule for each in report.passes} - {each.rule for each in report.shown})
    if silent:
        yield from _row("not triggered", ", ".join(silent))
    idle = [each for each in report.not_applicable if each in report.selected]
    if idle:
        yield from _row("not applicable", ", ".join(idle))
    if not full:
        yield "Every finding whole, with its line and way: --full. What a rule means: vitropolis lint rule ID."
    yield from textwrap.wrap(STATIC, WIDTH)
    yield from textwrap.wrap(WORKING, WIDTH)


def _row(name: str, text: str, indent: int = 0) -> Iterator[str]:
    start = " " * indent + name.ljust(NAME) + " "
    later = " " * len(start)
    yield from textwrap.wrap(text, WIDTH, initial_indent=start, subsequent_indent=later, break_on_hyphens=False,
                             break_long_words=False) or [start.rstrip()]  # fmt: skip


def _rule(report: Report, rule: Rule, found: list[Finding], full: bool) -> Iterator[str]:
    yield f"{rule.id} {rule.name} [{found[0].severity}] {counted_kinds(found)}"
    yield from _row("what", rule.title, 2)
    yield from _row("ground", cites(rule), 2)
    yield from _row("fix", rule.fix, 2)
    whole = found if full else found[:FIRST]
    for each in whole:
        yield from _finding(report, each)
    for each in found[len(whole) :]:
        yield _brief(each)


def _brief(finding: Finding) -> str:
    """A finding like the first of its rule in one line, shortened; `--full` shows it whole."""
    led = f"suppressed ({finding.suppressed})" if finding.suppressed else finding.kind
    text = f"  {finding.file}:{finding.line}: {led}: {finding.outcome.says}"
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 3]}..."


def _undecided(report: Report) -> Iterator[str]:
    """What cannot be decided, a rule a line."""
    lines: list[str] = []
    for rule, severity, what, elements in undecided(report):
        lines += _short(f"{rule.id} [{severity}] {what} {', '.join(elements)}")
    if lines:
        yield UNDECIDED
        yield from (*lines, "")


def _short(text: str) -> Iterator[str]:
    yield from textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False,
                             break_long_words=False)  # fmt: skip


def _finding(report: Report, finding: Finding) -> Iterator[str]:
    place = f"{finding.file}:{finding.line}:{finding.column}"
    yield from _short(f"{place}: {finding.rule} {standing_of(finding)}")
    yield from _short(f"    {finding.outcome.says}".strip())
    yield from source_lines(report, finding)
    yield from _way(report, finding.outcome.path)
    for name, text in evidence(finding):
        yield from _row(name, text, 4)


def source_lines(report: Report, finding: Finding) -> Iterator[str]:
    """The offending line with a mark under the element's key."""
    line = report.policy.line(finding.file, finding.line)
    if not line.strip():
        return
    column = finding.column - 1
    start = max(0, column - 4) if len(line) > WIDTH - 12 and column > 40 else 0
    shown = line[start : start + WIDTH - 12]
    gutter = f"{finding.line:>7} | "
    yield gutter + shown + ("..." if len(line) > start + len(shown) else "")
    key = finding.outcome.element.rpartition(".")[2]
    width = len(key) if line[column:].startswith(key) else 1
    yield " " * 8 + "| " + " " * (column - start) + "^" * width


def _way(report: Report, path: Iterable[Hop]) -> Iterator[str]:
    """The way from a record to whom it meets, one element a line."""
    for number, hop in enumerate(path):
        file, line = report.policy.source.place_of(hop.element)
        says = f" ({hop.says})" if hop.says else ""
        lead = "    way   " if number == 0 else "       -> "
        yield f"{lead}{hop.element}{says}  {file}:{line}"
