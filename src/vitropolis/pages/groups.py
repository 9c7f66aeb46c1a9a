"""People hit and wrongly hit by group: a row for each, with what chance alone would do to so few."""

from __future__ import annotations

from math import sqrt

from vitropolis.pages.canvas import BOLDER, Canvas, width_of
from vitropolis.pages.plot import across
from vitropolis.pages.saying import basis_of, main_world, name_of, starred, under
from vitropolis.pages.view import Figure, Table
from vitropolis.report.figures import NOTHING, spoken
from vitropolis.report.question import FEWEST
from vitropolis.report.result import Result, WorldSaid
from vitropolis.report.tables import GroupRow

Z = 1.959964  # of 95 per cent
LINE = 21.0


def interval(hit: int, base: int) -> tuple[float, float]:
    """Wilson's interval (95 %) of a share, per 1,000: where the rate could lie if so many were hit one by one."""
    if base == 0:
        return 0.0, 0.0
    share = hit / base
    middle = share + Z * Z / (2 * base)
    reach = Z * sqrt(share * (1 - share) / base + Z * Z / (4 * base * base))
    below = 1 + Z * Z / base
    return max(0.0, 1000 * (middle - reach) / below), 1000 * (middle + reach) / below


def figure(result: Result) -> Figure | None:
    """Dots with intervals, of the main world; None where groups are not counted."""
    main = main_world(result)
    rows = [
        row for row in result.tables.groups if main and row.world == main.name and row.base and row.axis != "district"
    ]
    if main is None or not rows or not any(row.hit for row in rows):
        return None
    return Figure(
        id="groups",
        title=_title(result, main, rows),
        alt=f"Dots, a row for each group. Hit per 1,000 residents {under(result, main)}, and of these wrongly: "
        + "; ".join(f"{_label(row)} {_rate(row.hit_per_1000)} and {_rate(row.wrongly_hit_per_1000)}" for row in rows)
        + ".",
        caption=f"People hit at least once per 1,000 residents of the group, {under(result, main)}. The bars say what "
        "chance alone would do to a rate of so few (Wilson's interval, 95 %, as if people were hit one by one); they "
        f"say nothing of the assumptions. The dotted line is the city. In the table * stands where fewer than {FEWEST} "
        "people are hit: chance decides.",
        basis=basis_of(result),
        table=_table(result),
        draw=lambda canvas: _draw(canvas, rows, _city(result, main)),
    )


def _title(result: Result, main: WorldSaid, rows: list[GroupRow]) -> str:
    big = [row for row in rows if row.base >= 100]
    sure = [row for row in big if row.hit == 0 or row.hit >= FEWEST]
    chance = "" if sure else "; so few are hit that chance decides"
    axes: dict[str, list[GroupRow]] = {}
    for row in sure or big or rows:
        axes.setdefault(row.axis, []).append(row)
    widest, high, low = max(
        ((max(each.hit_per_1000 or 0 for each in mine) - min(each.hit_per_1000 or 0 for each in mine), *_ends(mine))
         for mine in axes.values()), key=lambda found: found[0],
    )  # fmt: skip
    if not widest:
        return f"All groups are hit alike {under(result, main)}"
    most, least = (spoken(row.hit_per_1000 or 0) for row in (high, low))
    told = f"{most} of 1,000 are hit in {_label(high)}, {least} in {_label(low)}"
    return f"{told}, {under(result, main)}{chance}"


def _ends(rows: list[GroupRow]) -> tuple[GroupRow, GroupRow]:
    order = sorted(rows, key=lambda row: row.hit_per_1000 or 0)
    return order[-1], order[0]


def _label(row: GroupRow) -> str:
    return f"{row.axis} {row.group}"


def _rate(value: float | None) -> str:
    return NOTHING if value is None else spoken(value)


def _city(result: Result, main: WorldSaid) -> float | None:
    rows = [row for row in result.tables.groups if row.world == main.name and row.axis == "sex"]
    base = sum(row.base for row in rows)
    return 1000 * sum(row.hit for row in rows) / base if base else None


def _table(result: Result) -> Table:
    heads, body = ["group", "residents"], []
    rows = [row for row in result.tables.groups if row.axis != "district"]
    for world in result.played:
        heads += [f"{name_of(result, world)}: hit", "per 1,000", "wrongly hit", "per 1,000"]
    for key in dict.fromkeys((row.axis, row.group) for row in rows):
        mine = {row.world: row for row in rows if (row.axis, row.group) == key}
        cells = [f"{next(iter(mine.values())).base:,}"]
        for world in result.played:
            row = mine[world.name]
            hit = starred(row.hit_per_1000, row.hit)
            cells += [f"{row.hit:,}", hit, f"{row.wrongly_hit:,}", starred(row.wrongly_hit_per_1000, row.wrongly_hit)]
        body.append([" ".join(key), *cells])
    return Table(heads, body)


def _draw(canvas: Canvas, rows: list[GroupRow], city: float | None) -> None:
    names = [row.group for row in rows]
    axes = {row.axis for row in rows}
    left = max(*(width_of(name) for name in names), *(width_of(axis) * BOLDER for axis in axes)) + 14
    right = canvas.width - 18
    bottom = 52 + sum(LINE for _ in rows) + 26 * len(axes)
    most = max(min(interval(row.hit, row.base)[1], 2.2 * max(r.hit_per_1000 or 0 for r in rows)) for row in rows)
    canvas.mark("dot", 6, 7, "main")
    canvas.text(16, 12, "hit")
    canvas.mark("ring", 54, 7, "wrong")
    canvas.text(64, 12, "of these, wrongly")
    scale = across(canvas, most, left, right, 52, bottom, "per 1,000 residents")
    if city is not None:
        canvas.line((scale(city), 52), (scale(city), bottom), "twin", 1.5, "2 4")
        canvas.text(scale(city), bottom + 14, f"city {spoken(city)}", "soft", 11.5, "middle")
    y, axis = 52.0, ""
    for row in rows:
        if row.axis != axis:
            axis = row.axis
            y += 26
            canvas.text(0, y - 4, axis, bold=True)
        y += LINE
        _row(canvas, row, y, left, scale.high, scale)


def _row(canvas: Canvas, row: GroupRow, y: float, left: float, most: float, scale: object) -> None:
    place = scale if callable(scale) else None
    assert place is not None
    canvas.text(left - 10, y, row.group, anchor="end")
    pairs = (
        ("main", "dot", row.hit, row.hit_per_1000, -7.0),
        ("wrong", "ring", row.wrongly_hit, row.wrongly_hit_per_1000, -2.0),
    )
    for ink, kind, count, value, up in pairs:
        if value is None:
            continue
        low, high = (min(end, most) for end in interval(count, row.base))
        canvas.line((place(low), y + up), (place(high), y + up), ink, 1.5)
        title = f"{_label(row)}: {count:,} of {row.base:,}, {spoken(value)} of 1,000"
        canvas.mark(kind, place(value), y + up, ink, 4.5, title)
