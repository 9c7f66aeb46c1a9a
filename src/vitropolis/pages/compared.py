"""A comparison as a page: differences first, then levels, then groups and queues."""

from __future__ import annotations

from collections.abc import Iterator

from vitropolis.pages.compared_figures import figures_of_comparison, name_at
from vitropolis.pages.markup import Html, prose, tag
from vitropolis.pages.view import Table, View
from vitropolis.report.compared import Comparison, Level, Queue
from vitropolis.report.compared_page import LEVELS, NOTE, RANGED, signed, waited
from vitropolis.report.figures import NOTHING, said, span
from vitropolis.report.totals import TWIN
from vitropolis.results.standing import BINS

APART = "the same residents under each policy, each with chance of its own"
SHARED = "the same residents and the same chance under each policy"


def compared_title(found: Comparison) -> str:
    """What the first pair shows, in one sentence."""
    pair = found.pairs[0] if found.pairs else None
    if pair is None:
        return "Policies compared"
    first, second = (f"{side.hit:,}" for side in (pair.only_first, pair.only_second))
    names = name_at(pair.first), name_at(pair.second)
    said_of = f"{second} people are hit under {names[1]} alone, {first} under {names[0]} alone"
    return f"{said_of}, {pair.both:,} under both"


def compared_view(found: Comparison, folder: str = "COMPARISON") -> View:
    """Everything that a comparison found."""
    return View(compared_title(found), compared_html(found, folder))


def compared_html(found: Comparison, folder: str = "COMPARISON", prefix: str = "") -> Html:
    """The page below its title. prefix: put before every id."""
    figures = figures_of_comparison(found)
    parts = [*_head(found), _policies(found)]
    parts.append(
        _section(
            "Who is hit under one policy and not under the other",
            *(each.html(prefix) for each in figures),
            *_grounds(found),
        )
    )
    parts += [*_differences(found), _levels(found), *_queues(found), _end(found, folder)]
    return tag("div", *parts, class_="vp-page vp-compared")


def _section(title: str, *content: str) -> Html:
    return tag("section", tag("h2", title), *content, class_="vp-part")


def _head(found: Comparison) -> Iterator[Html]:
    where = (
        f" {found.city} with {found.residents:,} residents, seed {found.seed}, {found.first_day} to {found.last_day}; "
    )
    chance = APART if found.coupling == "apart" else SHARED
    words = f"{where}assumptions {found.assumptions}; {chance}."
    yield tag("p", tag("strong", "Synthetic city, no real people."), words, class_="vp-mark-line")
    yield tag("p", NOTE, class_="vp-meaning")


def _policies(found: Comparison) -> Html:
    rows = []
    for world in found.worlds:
        title = "records go on, and nothing follows from them" if world.name == TWIN else world.title
        rows.append([world.name, title, "; ".join(world.parts_not_played) or "all of it is played", world.policy[:16]])
    heads = ["policy", "title", "not played", "SHA-256, first 16"]
    return _section("The policies", Table(heads, rows, plain=True).html(name="The policies"))


def _grounds(found: Comparison) -> Iterator[Html]:
    rows = []
    for pair in found.pairs:
        for name, other, side in (
            (pair.first, pair.second, pair.only_first),
            (pair.second, pair.first, pair.only_second),
        ):
            if side.hit:
                bins = [f"{side.bins[each]:,}" for each in BINS if each]
                rows.append([f"{name}, not {other}", f"{side.hit:,}", f"{side.wrongly:,}", *bins])
    if rows:
        heads = ["hit under", "people", "wrongly", *(each for each in BINS if each)]
        yield tag("h3", "On what ground, of those hit under one alone")
        yield Table(heads, rows).html(name="On what ground, of those hit under one policy alone")


def _differences(found: Comparison) -> Iterator[Html]:
    rows, by_id = [], {level.id: level for level in found.levels}
    for each in found.differences:
        level = by_id.get(each.id)
        if (
            each.id in RANGED
            and level is not None
            and each.low is not None
            and each.high is not None
            and each.value is not None
        ):
            ends = f"{signed(each.low, level.unit, 2)} to {signed(each.high, level.unit, 2)}"
            rows.append(
                [
                    f"{level.title}, {level.unit}",
                    f"{each.second} less {each.first}",
                    ends,
                    signed(each.value, level.unit),
                ]
            )
    if rows:
        table = Table(["number", "difference", f"over {found.sets} sets of assumptions", "as written"], rows)
        yield _section("How far apart, over the assumptions", table.html(name="Differences over the assumptions"))


def _levels(found: Comparison) -> Html:
    names, rows = [world.name for world in found.worlds], []
    by_id = {level.id: level for level in found.levels}
    for level in (by_id[name] for name in LEVELS if name in by_id):
        if any(level.values.get(name) is not None for name in names):
            unit = "" if level.unit == "share" else f", {level.unit}"
            rows.append([f"{level.title}{unit}".replace("`", ""), *(_level(level, name) for name in names)])
    table = Table(["number", *(name_at(name) for name in names)], rows)
    return _section("Levels, under each policy", table.html(name="Levels under each policy"))


def _level(level: Level, name: str) -> str:
    """The range first where there is one, the value as written behind it."""
    value, low, high = (part.get(name) for part in (level.values, level.low, level.high))
    if value is None:
        return NOTHING
    if low is None or high is None:
        return said(value, level.unit)
    return f"{span(low, high, level.unit)} ({said(value, level.unit)} as written)"


def _queues(found: Comparison) -> Iterator[Html]:
    rows = [
        [f"{row.service.replace('_', ' ')}, {name_at(row.world)}", *_counts(row)]
        for row in sorted(found.queues, key=lambda row: row.service)
    ]
    if rows:
        heads = [
            "queue",
            "requests",
            "served",
            "given up",
            "weeks waited if served",
            "places lost, and gained by others",
        ]
        yield _section("Queues for a limited number of places", Table(heads, rows).html(name="Queues"))


def _counts(row: Queue) -> list[str]:
    return [f"{row.requested:,}", f"{row.served:,}", f"{row.gave_up:,}", waited(row), f"{row.places_lost:,}"]


def _end(found: Comparison, folder: str) -> Html:
    said_of = f"Every resident hit under any of them, and by what: `{folder}/{found.people}`."
    return tag("p", prose(said_of), class_="vp-note")
