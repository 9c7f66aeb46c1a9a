"""A report in each of its formats: text for a terminal, JSON, SARIF 2.1.0, GitHub annotations, Markdown, HTML."""

from __future__ import annotations

from vitropolis.base.errors import UsageError
from vitropolis.base.located import nearest
from vitropolis.lint.check import Report

FORMATS = ("text", "json", "sarif", "github", "markdown", "html")


def render(report: Report, format: str, *, full: bool = False, passes: bool = False) -> str:
    """A report in one of FORMATS. `full`: every finding with its line and way (text); `passes`: in SARIF too what was
    looked at and did not trigger. UsageError for another format."""
    if format == "text":
        from vitropolis.lint.render.text import as_text

        return as_text(report, full)
    if format == "json":
        from vitropolis.lint.render.as_json import as_json

        return as_json(report)
    if format == "sarif":
        from vitropolis.lint.render.sarif import as_sarif

        return as_sarif(report, passes)
    if format == "github":
        from vitropolis.lint.render.github import as_github

        return as_github(report)
    if format == "markdown":
        from vitropolis.lint.render.markdown import as_markdown

        return as_markdown(report)
    if format == "html":
        from vitropolis.lint.render.html import as_html

        return as_html(report)
    raise UsageError(f"`{format}` is not a format{nearest(format, FORMATS)} (legal: {', '.join(FORMATS)})")
