"""A run as a cell of a notebook shows it: the sentences, the numbers to read first, a picture; without scripts."""

from __future__ import annotations

from vitropolis.pages.band import band
from vitropolis.pages.document import SHEET, static
from vitropolis.pages.figures import figure_of
from vitropolis.pages.markup import Html, tag
from vitropolis.pages.rests import ranges_note
from vitropolis.pages.results import lead_of, mark_line, title_of
from vitropolis.pages.saying import where
from vitropolis.report.result import Result

SHOWN = ("grounds", "course")
LIGHT = """.vp-notebook{color-scheme:light;background:#fbfaf7;padding:1rem;max-width:48rem}
.vp-notebook .vp-hand{display:none}"""


def run_html(result: Result, folder: str = "RUN") -> str:
    """The cell. It is always light: notebooks differ in how they say that they are dark."""
    pictures = [found.html(None) for name in SHOWN if (found := figure_of(result, name)) is not None]
    head = [
        tag("h2", title_of(result)),
        mark_line(where(result), f"Policy: {result.scenario}."),
        *lead_of(result),
        *ranges_note(result, folder),
    ]
    sheet = tag("style", Html(static(SHEET) + LIGHT))
    return tag("div", sheet, *head, band(result), *pictures, class_="vp-page vp-notebook")
