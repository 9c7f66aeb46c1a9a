"""How long people stay on a black list: the share of listings still on, by days."""

from __future__ import annotations

from vitropolis.pages.assumed import LISTING, ending, silence_said
from vitropolis.pages.canvas import Canvas, width_of
from vitropolis.pages.plot import SMALL, Scale, apart, lines_said, room_for, upright
from vitropolis.pages.saying import after, basis_of, look_of, main_world, name_of, under
from vitropolis.pages.view import Figure, Table
from vitropolis.report.figures import NOT_YET, NOTHING, percent
from vitropolis.report.result import Result, WorldSaid
from vitropolis.report.tables import AFTER, SurvivalRow

ALL, WRONG, WEEK = "all", "wrong fact", 7
Rows = dict[tuple[str, str], SurvivalRow]


def figure(result: Result) -> Figure | None:
    """Survival curves; None where no listing began."""
    rows = {(row.world, row.listings): row for row in result.tables.survival if row.by_week}
    worlds = [world for world in result.played if (world.name, ALL) in rows]
    main = main_world(result)
    if main is None or not worlds:
        return None
    world = main if main in worlds else worlds[0]
    row = rows[world.name, ALL]
    return Figure(
        id="stays",
        title=_title(result, world, row),
        alt=lines_said([rows[each.name, ALL].by_week for each in worlds])
        + " "
        + "; ".join(_alt(result, each, rows[each.name, ALL]) for each in worlds)
        + ".",
        caption="Share of black listings that are still on after so many days, by Kaplan and Meier: listings that "
        "still run when the run ends count for as long as they were seen. Dashed: listings by wrong fact."
        + after(silence_said(result, ending(result, LISTING))),
        basis=basis_of(result),
        table=_table(result, worlds, rows),
        draw=lambda canvas: _draw(canvas, result, worlds, rows),
    )


def _title(result: Result, world: WorldSaid, row: SurvivalRow) -> str:
    if row.median_days is None:
        share, days = row.by_week[-1], (len(row.by_week) - 1) * WEEK
        still = f"{percent(share, 2)} of black listings {under(result, world)} are still on after {days:,} days"
        return still + _no_end(result)
    return f"Half of those on a black list {under(result, world)} are out after {row.median_days:,} days"


def _no_end(result: Result) -> str:
    """That nothing ends a listing only since this was assumed."""
    taken = [value for _, value in ending(result, LISTING)]
    return "; where the policy names no way off, none was assumed" if taken and set(taken) == {"false"} else ""


def _alt(result: Result, world: WorldSaid, row: SurvivalRow) -> str:
    after = [f"{percent(share, 2)} still on after {days} days" for days, share in row.still_on.items()]
    return f"{under(result, world).capitalize()}, of {row.began:,} listings: {', '.join(after)}"


def _table(result: Result, worlds: list[WorldSaid], rows: Rows) -> Table:
    heads = [
        "listings",
        "began",
        "ended",
        "corrected",
        "days until half are out",
        *(f"on after {day} days" for day in AFTER),
    ]
    body = []
    for world in worlds:
        for kind in (ALL, WRONG):
            row = rows.get((world.name, kind))
            if row is not None:
                median = NOT_YET if row.median_days is None else f"{row.median_days:,}"
                held = [row.still_on.get(str(day)) for day in AFTER]
                shares = [NOTHING if share is None else percent(share) for share in held]
                counts = [f"{row.began:,}", f"{row.ended:,}", f"{row.corrected:,}"]
                body.append([f"{name_of(result, world)}: {kind}", *counts, median, *shares])
    return Table(heads, body)


def _draw(canvas: Canvas, result: Result, worlds: list[WorldSaid], rows: Rows) -> None:
    left = room_for(1.0, percent=True)
    names = [name_of(result, world) for world in worlds]
    right = canvas.width - max(width_of(name) for name in names) - 16
    high = 260.0 if canvas.width > 500 else 210.0
    scale = upright(canvas, 1.0, left, right, 24, high, "still on", percent=True)
    days = max((len(row.by_week) - 1) * WEEK for row in rows.values())
    x = Scale(0, max(days, 1), left, right)
    for day in (0, 90, 180, 365, 730):
        if day <= days and (canvas.width > 500 or day != 90):
            canvas.line((x(day), high), (x(day), high + 4), "axis")
            canvas.text(x(day), high + 18, f"{day}", "soft", SMALL, "middle")
    canvas.text(right, high + 36, "days on the list", "soft", SMALL, "end")
    ends = []
    for world in worlds:
        ink = look_of(result, world)[0]
        for kind, dash in ((ALL, None), (WRONG, "4 4")):
            row = rows.get((world.name, kind))
            if row is not None:
                canvas.path(_steps(row, x, scale), ink, 2.25 if kind == ALL else 1.5, dash)
        ends.append(scale(rows[world.name, ALL].by_week[-1]))
    for world, name, y in zip(worlds, names, apart(ends, 15, 20, high + 2), strict=True):
        canvas.text(right + 8, y + 4, name, look_of(result, world)[0], bold=True)


def _steps(row: SurvivalRow, x: Scale, scale: Scale) -> list[tuple[float, float]]:
    points = list[tuple[float, float]]()
    for week, share in enumerate(row.by_week):
        if points and points[-1][1] != scale(share):
            points.append((x(week * WEEK), points[-1][1]))
        points.append((x(week * WEEK), scale(share)))
    return points
