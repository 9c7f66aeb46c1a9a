"""The page of results: the band of numbers, then question after question with its numbers and pictures."""

from __future__ import annotations

from collections.abc import Iterator

from vitropolis.pages.band import band, rows
from vitropolis.pages.figures import FIGURES, figure_of
from vitropolis.pages.markup import Html, joined, prose, tag
from vitropolis.pages.order import PARTS, Part
from vitropolis.pages.saying import main_world, under, where
from vitropolis.pages.view import View
from vitropolis.report.page import Page
from vitropolis.report.result import Result
from vitropolis.report.sections import MEANING, lead

WIDE_ENOUGH = 100_000  # columns: no sentence is broken into lines
NO_RANGES = (
    "No ranges were computed for this run: the numbers hold under the assumptions as written, and other assumptions "
    "move them. `vitropolis ranges {folder}` says how far."
)


def title_of(result: Result) -> str:
    """What the run found, in one sentence; what was played where it found nothing."""
    main = main_world(result)
    hit = result.headline("hit_per_1000", main.name) if main else None
    wrongly = result.headline("wrongly_hit_per_1000", main.name) if main else None
    if main is None or hit is None or hit.numerator is None:
        return f"{result.scenario} on {result.city}"
    said = f"{hit.numerator:,} of {result.residents:,} synthetic residents are hit {under(result, main)}"
    count = wrongly.numerator if wrongly is not None else None
    return said + (
        f", {count:,} of them wrongly" if count and hit.numerator else ", none of them wrongly" if hit.numerator else ""
    )


def mark_line(words: str, what: str) -> Html:
    """The line that says on every page what it is."""
    return tag("p", tag("strong", "Synthetic city, no real people."), f" {words}. {what}", class_="vp-mark-line")


def results_view(result: Result, folder: str = "RUN") -> View:
    """Everything a run found, for readers. folder: what commands name as the run."""
    return View(title_of(result), results_html(result, folder))


def results_html(result: Result, folder: str = "RUN", prefix: str = "") -> Html:
    """The page below its title. prefix: put before every id, where several pages share a document."""
    head = [mark_line(where(result), f"Policy: {result.scenario}."), *lead_of(result, folder)]
    parts = [_part(result, part, prefix) for part in PARTS]
    first = tag("section", tag("h2", "The numbers to read first"), band(result), class_="vp-first")
    return tag("div", *head, first, *parts, class_="vp-page")


def lead_of(result: Result, folder: str) -> Iterator[Html]:
    """What it found in sentences, what its words mean, whether there are ranges."""
    for line in lead(Page(result, WIDE_ENOUGH)):
        yield tag("p", prose(line.strip()), class_="vp-lead")
    yield tag("p", MEANING, class_="vp-meaning")
    if result.studies.ranges is None:
        yield tag("p", prose(NO_RANGES.format(folder=folder)), class_="vp-note")


def _part(result: Result, part: Part, prefix: str) -> Html:
    pictures = [found.html(prefix) for name in part.figures if (found := figure_of(result, name)) is not None]
    missing = [_missing(name) for name in part.figures if name == "errors" and not pictures]
    numbers = rows(result, part.headlines)
    if not pictures and not numbers and not missing:
        return Html("")
    heading = tag("h2", part.title, id=f"{prefix}part-{part.id}")
    more = tag("div", joined(pictures), *missing, class_="vp-pictures")
    return tag("section", heading, more, numbers, class_="vp-part")


def _missing(name: str) -> Html:
    what = FIGURES[name][0]
    return tag(
        "p", prose(f"Not shown, since it was not studied: {what}. `vitropolis ranges` plays it."), class_="vp-note"
    )
