"""Of 100 people hit on their own account: on which ground, one mark for each."""

from __future__ import annotations

from collections.abc import Sequence

from vitropolis.pages.canvas import Canvas
from vitropolis.pages.saying import basis_of, listed, main_world, name_of, under
from vitropolis.pages.view import Figure, Table
from vitropolis.report.figures import percent
from vitropolis.report.result import Result, WorldSaid
from vitropolis.report.tables import BinRow
from vitropolis.results.lists import BINS

INKS, MARKS = ("wrong", "lawful", "breach"), ("dot", "ring", "square")
SHORT = ("wrong fact", "lawful, protected, or unable to pay", "breach as recorded")
COLUMNS, ROWS = 20, 5


def of_100(counts: Sequence[int]) -> list[int]:
    """Shares of 100, whole and adding up to 100, by largest remainder; all 0 where there is nobody."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    found = [100 * count // total for count in counts]
    order = sorted(range(len(counts)), key=lambda place: (-(100 * counts[place] % total), place))
    for place in order[: 100 - sum(found)]:
        found[place] += 1
    return found


def parts_of(row: BinRow) -> tuple[int, int, int]:
    """The three bins of people hit on their own account."""
    return row.wrong_fact, row.protected, row.breach


def figure(result: Result) -> Figure | None:
    """The icon array: one block of 100 for each world with a policy; None where nobody is hit so."""
    main = main_world(result)
    firsts: dict[str, BinRow] = {}
    for row in result.tables.bins:
        firsts.setdefault(row.world, row)
    shown = [(world, firsts[world.name]) for world in result.played if sum(parts_of(firsts.get(world.name, NOBODY)))]
    if main is None or not shown:
        return None
    world, row = next(((w, r) for w, r in shown if w == main), shown[0])
    mine = of_100(parts_of(row))
    definition = row.definition
    meaning = result.basis.definitions.get(definition, definition)
    return Figure(
        id="grounds",
        title=f"{mine[0]} of 100 people hit on their own account {under(result, world)} are hit by a wrong fact",
        alt="; ".join(_alt(result, each, held) for each, held in shown) + ".",
        caption=f"Each mark is one of 100 people hit on their own account, rounded. By `{definition}`: {meaning}. No "
        f"ground says that anybody was hit justly. Only through others, and not among them: {_through(result, shown)}.",
        basis=basis_of(result),
        table=_table(result, shown),
        draw=lambda canvas: _draw(canvas, result, shown),
    )


NOBODY = BinRow("", "", 0, 0, 0, 0)
Shown = Sequence[tuple[WorldSaid, BinRow]]


def _alt(result: Result, world: WorldSaid, row: BinRow) -> str:
    counts = zip(of_100(parts_of(row)), SHORT, strict=True)
    said = listed([f"{count} {words}" for count, words in counts])
    return (
        f"Of 100 people hit on their own account {under(result, world)}: {said} ({sum(parts_of(row)):,} people in all)"
    )


def _through(result: Result, shown: Shown) -> str:
    return listed([f"{row.through_others:,} {under(result, world)}" for world, row in shown])


def _table(result: Result, shown: Shown) -> Table:
    rows = []
    for held in result.tables.bins:
        world = next(each for each in result.worlds if each.name == held.world)
        total = sum(parts_of(held))
        cells = [f"{count:,} ({percent(count / total)})" if total else "0" for count in parts_of(held)]
        rows.append([f"{name_of(result, world)}, by {held.definition}", *cells, f"{held.through_others:,}"])
    return Table(["people", *BINS, "only through others"], rows)


def _draw(canvas: Canvas, result: Result, shown: Shown) -> None:
    cell = min(17.0, canvas.width / COLUMNS)
    beside = canvas.width > COLUMNS * cell + 260
    y = 4.0
    for world, row in shown:
        counts = parts_of(row)
        canvas.text(0, y + 12, f"{name_of(result, world)}: {sum(counts):,} people", bold=True)
        y += 22
        places = of_100(counts)
        kinds = [kind for kind, many in enumerate(places) for _ in range(many)]
        for place, kind in enumerate(kinds):
            at = (place % COLUMNS + 0.5) * cell, y + (place // COLUMNS + 0.5) * cell
            canvas.mark(MARKS[kind], *at, INKS[kind], cell * 0.36)
        x, low = (COLUMNS * cell + 24, y) if beside else (0, y + ROWS * cell + 6)
        for kind, words in enumerate(SHORT):
            canvas.mark(MARKS[kind], x + 6, low + 11, INKS[kind], 6)
            canvas.text(x + 20, low + 15.5, f"{places[kind]} {words}")
            low += 22
        y = max(low, y + ROWS * cell) + 18
    canvas.reach(y - 14)
