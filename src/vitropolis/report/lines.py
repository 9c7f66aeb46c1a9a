"""The report of a run as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vitropolis.base.figures import WIDTH
from vitropolis.report.figures import FEW_MARK, NOTHING
from vitropolis.report.fired import FiredRow, never
from vitropolis.report.page import Page
from vitropolis.report.question import FEWEST
from vitropolis.report.result import Result
from vitropolis.report.sections import SECTIONS, lead
from vitropolis.results.show import SMALL, defaults_said, run_lines, unplayed_said

NAMED = 6  # elements that never fired, named in the printed report: so many in all
UNRANGED = (
    "No ranges: these numbers hold under the assumptions as written, and other assumptions move the headlines; "
    "`vitropolis ranges FOLDER` says how far, and which move them most."
)
STUDIED = ("other shares of wrong records", "one channel made level", "nobody deterred")  # what the page calls them
FIRST = ("procedure", "lists", "measures", "spillover", "scores", "behaviours")  # which of them are named first


def report_lines(result: Result, folder: str = "RUN", width: int = WIDTH) -> Iterator[str]:
    """Yield the report in lines of at most `width` columns: what it is, people first, what it rests on, how to go on.

    folder: what the commands at the end name as the run.
    """
    page = Page(result, width)
    yield from _head(page)
    yield ""
    yield from lead(page)
    for section in SECTIONS:
        told = list(section(page))
        if told != page.heading:
            yield from told
    notes = [f"{FEW_MARK} fewer than {FEWEST} people, acts, records, listings or appeals: chance decides."] * page.few
    notes += [f"{NOTHING} no value: there is nobody, or nothing, to count or compare."] * page.none
    yield from ([""] if notes else [])
    yield from notes
    yield from _silent(page)
    yield from _basis(page)
    yield from _next(page, folder)


def page_of(
    result: Result, manifest: Mapping[str, Any], folder: Path, outputs: bool = False, width: int = WIDTH
) -> Iterator[str]:
    """Yield what a complete run prints: the report, and below it the facts of the run (with hashes of its outputs)."""
    yield from report_lines(result, str(folder), width)
    yield ""
    yield from run_lines(manifest, folder, outputs, below=True)


def _head(page: Page) -> Iterator[str]:
    result = page.result
    mark = f"{result.mark[:1].upper()}{result.mark[1:]}"
    yield from page.text(f"{mark}: {result.city} with {result.residents:,} residents, seed {result.seed}.")
    yield f"{result.first_day} to {result.last_day}, {result.days} days, complete."
    if result.residents < SMALL:
        yield from page.text(f"So few residents show no rare outcomes: play {SMALL:,} or more to see them.")


def _silent(page: Page) -> Iterator[str]:
    """What the policy says and nobody met, shortly."""
    rows = page.result.tables.fired
    if not rows:
        return
    yield ""
    yield "Elements of the policy that never fired"
    for world in page.played:
        mine = [row for row in rows if row.world == world.name]
        silent = never(mine)
        start = f"{page.name(world)}: " if len(page.played) > 1 else ""
        if not silent:
            yield from page.text(f"{start}none of {len(mine)} elements", "  ")
            continue
        most = max(2, NAMED // len(page.played))
        shown = sorted(silent, key=_place)[:most]
        named = ", ".join(row.element + (f" ({row.reason})" if row.reason else "") for row in shown)
        more = f", and {len(silent) - most} more in result.json" if len(silent) > most else ""
        yield from page.text(f"{start}{len(silent)} of {len(mine)} elements: {named}{more}", "  ")


def _place(row: FiredRow) -> int:
    section = row.element.partition(".")[0]
    return FIRST.index(section) if section in FIRST else len(FIRST)


def _basis(page: Page) -> Iterator[str]:
    basis, studies = page.result.basis, page.result.studies
    yield ""
    yield "What this rests on"
    yield from page.text(f"{basis.sourced}; the others are calibrated or assumed.", "  ")
    for name, parts in basis.parts_not_played.items():
        if parts:
            yield from page.text(unplayed_said(name, parts), "  ")
    if basis.defaults_taken:
        said = defaults_said(len(basis.defaults_taken))
        yield from page.text(f"{said} The lists are in run.json: parts_not_played, defaults_taken.", "  ")
    if basis.fillings_missing:
        missing = ", ".join(basis.fillings_missing)
        yield from page.text(f"Fillings not played: {missing} (--filling all plays all of them).", "  ")
    if studies.ranges is not None:
        sets, size = studies.ranges.get("sets", 0), studies.ranges.get("size", 0)
        said = f"Ranges: the least and the most over {sets} sets of assumptions, each played with {size:,} residents; "
        said += "`as written`: this run, under the values as written."
        yield from page.text(said, "  ")
    else:
        yield from page.text(UNRANGED, "  ")
    yield from _studied(page)


def _studied(page: Page) -> Iterator[str]:
    """With how many residents the smaller studies on the page were played."""
    studies = page.result.studies
    by_size: dict[int, list[str]] = {}
    for words, study in zip(STUDIED, (studies.curve, studies.channels, studies.nodeterrence), strict=True):
        if study and study.get("size"):
            by_size.setdefault(study["size"], []).append(words)
    for size, named in by_size.items():
        yield from page.text(f"Played with {size:,} residents: {', '.join(named)}.", "  ")


def _next(page: Page, folder: str) -> Iterator[str]:
    yield ""
    yield "Go on with"
    ranges = [] if page.result.studies.ranges else [("ranges", "how far the numbers can move")]
    commands = (
        (f"open {folder}", "all of it as pages, in the browser"),
        (f"report {folder} -o x.html", "all of it as one file to send"),
        (f"life {folder} --wrong-fact", "one resident's ledger beside the twin"),
        *((f"{word} {folder}", text) for word, text in ranges),
        (f"challenge {folder}", "which assumptions turn the story round"),
        (f"export {folder} --to csv", "tables for other programs"),
    )
    wide = max(len(command) for command, _ in commands)
    for command, meaning in commands:
        said = f"  vitropolis {command:<{wide}}  {meaning}"
        yield said if len(said) <= page.width else f"  vitropolis {command}"
