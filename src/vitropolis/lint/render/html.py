"""The report as one HTML page that opens from disk: no script, no request, light and dark, prints on paper."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from vitropolis.base.mark import MARK
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

STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fffdf8; --soft: #5d5a52; --line: #cfc9bb; --stop: #8a1c13; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ece8df; --paper: #191817; --soft: #b3aea3; --line: #45423b; --stop: #ff9c8f; }
}
body { font: 1rem/1.5 Georgia, "Times New Roman", serif; color: var(--ink); background: var(--paper);
  max-width: 60rem; margin: 0 auto; padding: 1.5rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .3rem; }
dl.head { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; border-block: 1px solid var(--line);
  padding-block: .6rem; } dl.head dt { color: var(--soft); } dl.head dd { margin: 0; }
p.law, p.soft { color: var(--soft); margin: .2rem 0; }
ol.findings { list-style: none; padding: 0; } ol.findings > li { border-top: 1px solid var(--line); padding: .5rem 0; }
.stop { color: var(--stop); font-weight: bold; } code, pre { font: .9rem/1.4 ui-monospace, Menlo, Consolas, monospace; }
pre { white-space: pre-wrap; margin: .3rem 0; } ol.way { margin: .3rem 0 .3rem 1.2rem; padding: 0; font-size: .92rem; }
@media (max-width: 30rem) { dl.head { grid-template-columns: 1fr; } body { padding: 1rem; } }
@media print { body { max-width: none; } ol.findings > li { break-inside: avoid; } }
"""


def as_html(report: Report) -> str:
    """The whole report."""
    title = f"Findings on {report.policy.id}"
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f'<meta name="mark" content="{escape(MARK)}">',
            f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>",
            f"<header><h1>{escape(title)}</h1>",
            *_head(report),
            "</header><main>",
            *_rules(report),
            f'</main><footer><p class="soft">{escape(STATIC)}</p><p class="soft">{escape(WORKING)}</p></footer>',
            "</body></html>",
            "",
        ]
    )


def _head(report: Report) -> Iterator[str]:
    yield '<dl class="head">'
    for name, text in head_rows(report):
        yield f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>"
    yield "</dl>"


def _rules(report: Report) -> Iterator[str]:
    named: set[str] = set()
    for rule, found in by_rule(report):  # a rule comes back where it has findings of several kinds
        yield "<section>" if rule.id in named else f'<section id="{escape(rule.id)}">'
        named.add(rule.id)
        yield from _rule(report, rule, found)


def _rule(report: Report, rule: Rule, found: list[Finding]) -> Iterator[str]:
    yield f"<h2>{escape(rule.id)} {escape(rule.title)}</h2>"
    yield f"<p>{escape(found[0].severity)}: {escape(counted_kinds(found))}</p>"
    yield f'<p class="law">Ground: {escape(cites(rule))}</p><p>Fix: {escape(rule.fix)}</p>'
    yield f'<p class="soft">Cannot be decided here: {escape(rule.text("Cannot decide"))}</p><ol class="findings">'
    for each in found:
        yield from _finding(report, each)
    yield "</ol></section>"


def _finding(report: Report, finding: Finding) -> Iterator[str]:
    outcome = finding.outcome
    mark = "stop" if finding.counts else "soft"
    yield f'<li><span class="{mark}">{escape(standing_of(finding))}</span> <code>{escape(outcome.element)}</code>'
    yield f" ({escape(finding.file)}, line {finding.line})<br>{escape(outcome.says)}"
    line = report.policy.line(finding.file, finding.line).strip()
    if line:
        yield f"<pre>{escape(line)}</pre>"
    if outcome.path:
        yield '<ol class="way" aria-label="the way from a record to whom it meets">'
        yield from (
            f"<li><code>{escape(hop.element)}</code>{f' ({escape(hop.says)})' if hop.says else ''}</li>"
            for hop in outcome.path
        )
        yield "</ol>"
    yield from (f'<p class="soft">{escape(name)}: {escape(text)}</p>' for name, text in evidence(finding))
    yield "</li>"
