"""People hit, week by week, under each policy and in the twin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from vitropolis.pages.canvas import Canvas, width_of
from vitropolis.pages.plot import SMALL, Scale, apart, room_for, upright
from vitropolis.pages.saying import WITHOUT, basis_of, look_of, main_world, name_of, under
from vitropolis.pages.view import Figure, Table
from vitropolis.report.course import CourseRow
from vitropolis.report.figures import spoken
from vitropolis.report.result import Result, WorldSaid

ROWS = 12  # of the table, about
MUCH = 3  # times the main world's highest: what is above leaves it no room


def rate(row: CourseRow, counts: Sequence[int]) -> list[float]:
    """Persons per 1,000 enrolled at the end of each week; 0 where nobody is enrolled."""
    return [1000 * count / all_ if all_ else 0.0 for count, all_ in zip(counts, row.enrolled, strict=True)]


def figure(result: Result) -> Figure | None:
    """Lines per 1,000 enrolled; None where the run does not count them."""
    rows = {row.world: row for row in result.tables.course}
    main = main_world(result)
    if main is None or main.name not in rows or not rows[main.name].weeks:
        return None
    row = rows[main.name]
    hit, wrong = rate(row, row.hit)[-1], rate(row, row.own_wrongly)[-1]
    title = f"{spoken(hit)} of 1,000 enrolled are hit in the last week {under(result, main)}, {spoken(wrong)} of them "
    title += "wrongly on their own account"
    return Figure(
        id="course",
        title=title,
        alt=_alt(result, rows),
        caption="People hit at the end of each week, per 1,000 enrolled. Shaded: of them wrongly on their own account, "
        f"{under(result, main)}. "
        "The dashed line is the twin: the same people and the same chance without the policy.",
        basis=basis_of(result),
        table=_table(result, rows),
        draw=lambda canvas: _draw(canvas, result, rows, main),
    )


Rows = dict[str, CourseRow]


def _worlds(result: Result, rows: Rows) -> list[WorldSaid]:
    return [world for world in result.worlds if world.name in rows]


def _alt(result: Result, rows: Rows) -> str:
    parts = []
    for world in _worlds(result, rows):
        row = rows[world.name]
        rates = rate(row, row.hit)
        high = max(range(len(rates)), key=lambda at: rates[at])
        who = "Without the policy" if world.twin else f"{under(result, world).capitalize()}"
        said = f"{who} {spoken(rates[-1])} of 1,000 enrolled are hit in the week to {row.weeks[-1]}"
        said += f", at most {spoken(rates[high])} in the week to {row.weeks[high]}" if rates[high] else ""
        parts.append(said)
    return "Lines over time. " + "; ".join(parts) + "."


def _table(result: Result, rows: Rows) -> Table:
    worlds = _worlds(result, rows)
    weeks = rows[worlds[0].name].weeks
    step = max(1, len(weeks) // ROWS)
    places = [*range(len(weeks) - 1, -1, -step)][::-1]
    heads = ["week to"]
    for world in worlds:
        name = WITHOUT if world.twin else name_of(result, world)
        heads += [f"{name}: hit", f"{name}: wrongly, own account"]
    body = []
    for at in places:
        pairs = ((rows[world.name].hit[at], rows[world.name].own_wrongly[at]) for world in worlds)
        body.append([weeks[at], *(f"{count:,}" for pair in pairs for count in pair)])
    return Table(heads, body)


def _draw(canvas: Canvas, result: Result, rows: Rows, main: WorldSaid) -> None:
    """All worlds; below them again, closer, without those that leave the main one no room."""
    worlds = _worlds(result, rows)
    top = {world.name: max(rate(rows[world.name], rows[world.name].hit)) for world in worlds}
    near = [world for world in worlds if top[world.name] <= MUCH * top[main.name]]
    panels = [worlds] if len(near) == len(worlds) or not top[main.name] else [worlds, near]
    y = 0.0
    for panel in panels:
        if y:
            canvas.text(0, y + 16, "The same, closer", bold=True)
            y += 24
        _panel(canvas, result, rows, (panel, main), y)
        y = canvas.height + 20


def _panel(canvas: Canvas, result: Result, rows: Rows, shown: tuple[Sequence[WorldSaid], WorldSaid], y: float) -> None:
    worlds, main = shown
    rates = {world.name: rate(rows[world.name], rows[world.name].hit) for world in worlds}
    names = {world.name: WITHOUT if world.twin else name_of(result, world) for world in worlds}
    most = max(max(each) for each in rates.values())
    left = room_for(most)
    right = canvas.width - max(width_of(name, 14.5) for name in names.values()) - 12
    low = y + (250.0 if canvas.width > 500 else 200.0)
    scale = upright(canvas, most, left, right, y + 30, low, "per 1,000 enrolled")
    x = Scale(0, max(1, len(rows[main.name].weeks) - 1), left, right)
    wrong = rate(rows[main.name], rows[main.name].own_wrongly)
    ends = [(x(at), scale(value)) for at, value in enumerate(wrong)]
    canvas.area([(x(0), scale(0)), *ends, (right, scale(0))], "wash")
    canvas.path(ends, "wrong", 1.5)
    for world in worlds:
        ink = "twin" if world.twin else look_of(result, world)[0]
        points = [(x(at), scale(value)) for at, value in enumerate(rates[world.name])]
        canvas.path(points, ink, 2.5 if world == main else 1.75, "5 4" if world.twin else None)
    _years(canvas, rows[main.name].weeks, left, right, low)
    _labels(canvas, result, worlds, [scale(rates[world.name][-1]) for world in worlds], names, right, low)
    if scale(0) - ends[-1][1] > 20:
        canvas.text(right - 6, scale(0) - 7, "wrongly", "wrong", SMALL, "end", bold=True)


def _years(canvas: Canvas, weeks: Sequence[str], left: float, right: float, low: float) -> None:
    """Half-years along the bottom."""
    days = [date.fromisoformat(week) for week in weeks]
    reach = max(1, (days[-1] - days[0]).days)
    canvas.reach(low + 22)
    last = -100.0
    for year in range(days[0].year, days[-1].year + 1):
        for month in (1, 7):
            mark = date(year, month, 1)
            if days[0] <= mark <= days[-1]:
                x = left + (mark - days[0]).days / reach * (right - left)
                canvas.line((x, low), (x, low + 4), "axis")
                if x - last > 64 and x < right - 10:
                    canvas.text(x, low + 18, f"{'Jan' if month == 1 else 'July'} {year}", "soft", SMALL, "middle")
                    last = x


def _labels(
    canvas: Canvas, result: Result, worlds: Sequence[WorldSaid], places: Sequence[float], names: dict[str, str],
    right: float, low: float,
) -> None:  # fmt: skip
    moved = apart(list(places), 15, low - 240, low + 2)
    for world, y in zip(worlds, moved, strict=True):
        ink = "twin" if world.twin else look_of(result, world)[0]
        canvas.text(right + 8, y + 4, names[world.name], ink, bold=not world.twin)
