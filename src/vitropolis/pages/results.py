"""The page of results: the band of numbers, then question after question with its numbers and pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vitropolis.pages.band import band, headline_of, rows
from vitropolis.pages.figures import FIGURES, figure_of
from vitropolis.pages.markup import Html, dated, joined, prose, tag
from vitropolis.pages.order import BAND, PARTS, Part
from vitropolis.pages.rests import box, glossary
from vitropolis.pages.saying import FEW_NOTE, city_of, is_few, main_world, under, where
from vitropolis.pages.view import View
from vitropolis.report.figures import NOTHING
from vitropolis.report.page import Page
from vitropolis.report.result import Result
from vitropolis.report.sections import MEANING, lead

WIDE_ENOUGH = 100_000  # columns: no sentence is broken into lines
REDRESS = (
    "Appeals can be upheld although hardly a listing by wrong fact is corrected: few people appeal, and an upheld "
    "appeal takes one record out of the file, which does not always end the listing that came of it. "
)


def title_of(result: Result) -> str:
    """What the run found, in one sentence; what was played where it found nothing."""
    main = main_world(result)
    hit = result.headline("hit_per_1000", main.name) if main else None
    wrongly = result.headline("wrongly_hit_per_1000", main.name) if main else None
    if main is None or hit is None or hit.numerator is None:
        return f"{result.scenario} on {city_of(result)}"
    said = f"{hit.numerator:,} of {result.residents:,} synthetic residents are hit {under(result, main)}"
    count = wrongly.numerator if wrongly is not None else None
    return said + (
        f", {count:,} of them wrongly" if count and hit.numerator else ", none of them wrongly" if hit.numerator else ""
    )


def mark_line(words: str, what: str) -> Html:
    """The line that says on every page what it is."""
    strong = tag("strong", "Synthetic city, no real people.")
    return tag("p", strong, " ", dated(f"{words}. {what}"), class_="vp-mark-line")


def results_view(result: Result, folder: str = "RUN") -> View:
    """Everything a run found, for readers. folder: what commands name as the run."""
    return View(title_of(result), results_html(result, folder))


def results_html(result: Result, folder: str = "RUN", prefix: str = "", method: str = "") -> Html:
    """The page below its title.

    prefix: put before every id, where several pages share a document. method: address of method and data, if there.
    """
    head = [
        mark_line(where(result), f"Policy: {result.scenario}."),
        *lead_of(result),
        box(result, folder, prefix, method),
    ]
    held = [(part, made) for part in PARTS if (made := _part(result, part, prefix))]
    title = tag("h2", "The numbers to read first", id=f"{prefix}part-first")
    first = tag("section", title, signs(result, BAND), band(result), class_="vp-first")
    nav = contents([("first", "The numbers to read first"), *((part.id, part.title) for part, _ in held)], prefix)
    parts = [made for _, made in held]
    return tag("div", *head, nav, first, *parts, glossary(result, prefix), class_="vp-page")


def contents(sections: Sequence[tuple[str, str]], prefix: str) -> Html:
    """The sections of the page as links. sections: id after `part-`, title."""
    name = f"{prefix}contents"
    every = [*sections, ("words", "Words")]
    items = [tag("li", tag("a", title, href=f"#{prefix}part-{place}")) for place, title in every]
    return tag("nav", tag("h2", "On this page", id=name), tag("ul", *items), class_="vp-contents", aria_labelledby=name)


def signs(result: Result, names: Sequence[str]) -> Html:
    """What the star and the dash mean, once above the numbers that carry them."""
    mine = [each for name in names for each in headline_of(result, name)]
    said = [FEW_NOTE] if any(is_few(each) for each in mine) else []
    said += (
        [f"{NOTHING} No value: there was nothing to count, or to divide by."]
        if any(each.value is None and not each.status.startswith("not reached") for each in mine)
        else []
    )
    return tag("p", " ".join(said), class_="vp-note") if said else Html("")


def lead_of(result: Result) -> Iterator[Html]:
    """What it found in sentences, and what its words mean."""
    for line in lead(Page(result, WIDE_ENOUGH)):
        yield tag("p", prose(line.strip()), class_="vp-lead")
    yield tag("p", MEANING, class_="vp-meaning")


def _part(result: Result, part: Part, prefix: str) -> Html:
    pictures = [found.html(prefix) for name in part.figures if (found := figure_of(result, name)) is not None]
    missing = [_missing(name) for name in part.figures if name == "errors" and not pictures]
    numbers = rows(result, part.headlines)
    if not pictures and not numbers and not missing:
        return Html("")
    heading = tag("h2", part.title, id=f"{prefix}part-{part.id}")
    more = tag("div", joined(pictures), *missing, class_="vp-pictures")
    note = signs(result, [name for name in part.headlines if name not in BAND])
    return tag("section", heading, note, _redress(result, part, prefix), more, numbers, class_="vp-part")


def _redress(result: Result, part: Part, prefix: str) -> Html:
    """Why wrong listings can stay although appeals are upheld, with the way to the appeals."""
    appeals = headline_of(result, "appeals_per_1000_hit")
    if part.id != "out" or not any(each.value for each in appeals):
        return Html("")
    link = tag("a", "What error and redress cost", href=f"#{prefix}part-costs")
    return tag("p", REDRESS, link, ".", class_="vp-note")


def _missing(name: str) -> Html:
    what = FIGURES[name][0]
    return tag(
        "p", prose(f"Not shown, since it was not studied: {what}. `vitropolis ranges` plays it."), class_="vp-note"
    )
