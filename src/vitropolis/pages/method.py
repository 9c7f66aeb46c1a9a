"""What a run rests on: sources, assumptions, what is not played, methods of all numbers, what never fired, versions."""

from __future__ import annotations

from collections.abc import Iterator

from vitropolis import __version__
from vitropolis.pages.figures import figure_of
from vitropolis.pages.markup import Html, prose, tag
from vitropolis.pages.results import mark_line
from vitropolis.pages.saying import name_of, where
from vitropolis.pages.view import Table, View
from vitropolis.report.figures import spoken
from vitropolis.report.fired import never
from vitropolis.report.result import Result, WorldSaid

NOT_SAID = (
    "It is no forecast, and it describes no real person and no real city. Tests show that the arithmetic is done as "
    "written; whether people and institutions behave so is another question, and most values of behaviour are assumed."
)
BOUNDS = {
    "capped_share": "share of residents whose chance of an act had to be capped",
    "half_squared_rate": "acts missed, since at most one is played for a resident and day (share of residents a day)",
}


def method_view(result: Result) -> View:
    """Method and data of a run."""
    return View("Method and data", method_html(result))


def method_html(result: Result, prefix: str = "") -> Html:
    """The page below its title. prefix: put before every id."""
    head = mark_line(where(result), "")
    moved = figure_of(result, "moved")
    parts = [*_basis(result), *([moved.html(prefix)] if moved else []), *_definitions(result), *_policies(result)]
    parts += [*_never(result), *_methods(result, prefix), *_again(result)]
    return tag("div", head, *parts, class_="vp-page vp-method")


def _section(title: str, *content: str) -> Html:
    return tag("section", tag("h2", title), *content, class_="vp-part")


def _basis(result: Result) -> Iterator[Html]:
    basis = result.basis
    lines = [tag("p", result.what[:1].upper() + result.what[1:] + "."), tag("p", NOT_SAID)]
    lines.append(tag("p", f"{basis.sourced}; the others are calibrated or assumed."))
    if result.studies.ranges:
        sets, size = result.studies.ranges.get("sets", 0), result.studies.ranges.get("size", 0)
        lines.append(
            tag(
                "p",
                f"Ranges: the least and the most over {sets} sets of assumptions, each played with {size:,} residents.",
            )
        )
    held = [f"{BOUNDS.get(name, name)}: {spoken(value)}" for name, value in basis.bounds.items()]
    if held:
        lines.append(tag("p", f"How far off the play can be: {'; '.join(held)}."))
    lines.append(
        tag("p", f"Ways on which one resident's fate reaches another's: {', '.join(basis.open_channels) or 'none'}.")
    )
    yield _section("What this rests on", *lines)


def _definitions(result: Result) -> Iterator[Html]:
    held = [(tag("dt", tag("code", name)), tag("dd", text)) for name, text in result.basis.definitions.items()]
    yield _section("What counts as deserving", tag("dl", *(part for pair in held for part in pair), class_="vp-words"))


def _policies(result: Result) -> Iterator[Html]:
    rows = [[world.name, world.title, world.policy[:16]] for world in result.worlds]
    table = Table(["world", "title", "SHA-256 of the policy, first 16"], rows, plain=True).html(name="The worlds")
    more = []
    for world in result.played:
        missing = result.basis.parts_not_played.get(world.name, [])
        said = "; ".join(missing) if missing else "nothing: every part of it is played"
        more.append(tag("p", f"Not played of {name_or(result, world)}: {said}."))
    if result.basis.fillings_missing:
        more.append(tag("p", f"Fillings not played: {', '.join(result.basis.fillings_missing)}."))
    taken = result.basis.defaults_taken
    if taken:
        items = tag("ul", *(tag("li", each) for each in taken))
        more.append(
            tag("details", tag("summary", f"{len(taken)} values the policy leaves open, and what was taken"), items)
        )
    yield _section("The policies", table, *more)


def name_or(result: Result, world: WorldSaid) -> str:
    """A world's short name; its full one where it is the only one."""
    name = name_of(result, world)
    return world.name if name == "with it" else name


def _never(result: Result) -> Iterator[Html]:
    parts = []
    for world in result.played:
        mine = [row for row in result.tables.fired if row.world == world.name]
        silent = never(mine)
        if not mine:
            continue
        said = f"{name_or(result, world)}: {len(silent)} of {len(mine)} elements never fired"
        rows = [
            [row.element, row.line, f"{row.times:,}", "" if row.residents is None else f"{row.residents:,}", row.reason]
            for row in mine
        ]
        table = Table(["element", "line", "times", "residents met", "why never"], rows, plain=True).html(name=said)
        parts.append(tag("details", tag("summary", said), table))
    if parts:
        yield _section("Every element of the policy, and how often it fired", *parts)


def _methods(result: Result, prefix: str) -> Iterator[Html]:
    titles: dict[str, list[str]] = {}
    for each in result.headlines:
        titles.setdefault(each.method_id, [])
        if each.title not in titles[each.method_id]:
            titles[each.method_id].append(each.title)
    said = []
    for name, text in result.methods.items():
        said += [
            tag("dt", prose("; ".join(titles.get(name, [name]))), id=f"{prefix}method-{name}"),
            tag("dd", prose(text)),
        ]
    yield _section("How each number is counted", tag("dl", *said, class_="vp-words"))


def _again(result: Result) -> Iterator[Html]:
    basis = result.basis
    on = f"assumptions `{basis.assumptions}` ({basis.assumptions_digest[:16]})"
    lines = [
        f"vitropolis {__version__}; {on}; seed {result.seed}.",
        "`vitropolis rerun FOLDER` plays the run again from its own copies and must come to the same hashes.",
        "Licences: the code EUPL-1.2; policies, cities, assumptions and texts that come with it CC BY 4.0.",
    ]
    yield _section("Versions, and how to play it again", *(tag("p", prose(line)) for line in lines))
