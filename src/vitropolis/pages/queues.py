"""Queues for a limited number of places: places lost against first come, first served, without and with the policy."""

from __future__ import annotations

from vitropolis.pages.canvas import Canvas, width_of
from vitropolis.pages.plot import SMALL, across, row_label
from vitropolis.pages.saying import WITHOUT, basis_of, look_of, main_world, name_of, under
from vitropolis.pages.services import legend, plain
from vitropolis.pages.view import Figure, Table
from vitropolis.report.figures import NOTHING, spoken
from vitropolis.report.result import Result, WorldSaid
from vitropolis.report.rivals import RivalRow

Rows = dict[tuple[str, str], RivalRow]


def waited(row: RivalRow | None) -> float | None:
    """Weeks that those who were served waited, mean; None where nobody was."""
    return row.wait_weeks / row.served if row is not None and row.served else None


def figure(result: Result) -> Figure | None:
    """Dumbbells of places lost; None where there is no queue, or no twin to set them against."""
    rows = {(row.service, row.world): row for row in result.tables.rivals}
    main, twin = main_world(result), next((world for world in result.worlds if world.twin), None)
    services = [
        name
        for name in dict.fromkeys(name for name, _ in rows)
        if main and waited(rows.get((name, main.name))) is not None
    ]
    if main is None or twin is None or not services or (services[0], twin.name) not in rows:
        return None
    lost = {name: rows[name, main.name].places_lost for name in services}
    worst = max(services, key=lambda name: lost[name])
    return Figure(
        id="queues",
        title=f"{lost[worst]:,} places in the queue for {plain(worst)} go to who came later, {under(result, main)}"
        if lost[worst]
        else f"Nobody loses a place in a queue {under(result, main)}",
        alt=f"Dumbbells of places lost, from 0 without the policy to so many {under(result, main)}: "
        + "; ".join(_alt(rows, name, twin, main) for name in services)
        + ".",
        caption="Places lost to others: times somebody was not served whose turn it was by first come, first "
        "served, since somebody who came later stood before them; per 1,000 residents. "
        "Rewards move some people forward; as many places are lost by others.",
        basis=basis_of(result),
        table=_table(result, services, rows),
        draw=lambda canvas: _draw(canvas, result, services, rows),
    )


def _alt(rows: Rows, name: str, twin: WorldSaid, main: WorldSaid) -> str:
    ends = [_said(waited(rows.get((name, world.name)))) for world in (twin, main)]
    lost = f"{plain(name)} {rows[name, main.name].places_lost:,}"
    return f"{lost} (those served waited {ends[0]} weeks without it, {ends[1]} with it)"


def _said(value: float | None) -> str:
    return NOTHING if value is None else spoken(value)


def _table(result: Result, services: list[str], rows: Rows) -> Table:
    heads = ["service and world", "requests", "served", "given up", "weeks waited if served", "places lost",
             "weeks later than in the twin", "served in the twin only"]  # fmt: skip
    body = []
    for name in services:
        for world in result.worlds:
            row = rows.get((name, world.name))
            if row is not None:
                who = WITHOUT if world.twin else name_of(result, world)
                counts = [f"{row.requested:,}", f"{row.served:,}", f"{row.gave_up:,}", _said(waited(row))]
                more = (
                    [NOTHING] * 3
                    if world.twin
                    else [f"{row.places_lost:,}", f"{row.later_weeks:,}", f"{row.only_twin:,}"]
                )
                body.append([f"{plain(name)}, {who}", *counts, *more])
    return Table(heads, body)


def _draw(canvas: Canvas, result: Result, services: list[str], rows: Rows) -> None:
    wide, per = canvas.width > 500, 1000 / result.residents
    left = max(width_of(plain(name)) for name in services) + 14 if wide else 10.0
    line, first = (34.0, 60.0) if wide else (46.0, 64.0)
    bottom = first + line * len(services)
    legend(canvas, result)
    scale = across(
        canvas, max(row.places_lost * per for row in rows.values()), left, canvas.width - 30, first, bottom, ""
    )
    canvas.text(canvas.width, bottom + 16, "places lost, per 1,000 residents", "soft", SMALL, "end")
    for place, name in enumerate(services):
        y = first + line * (place + (0.5 if wide else 0.72))
        row_label(canvas, plain(name), left, y + 4, y - 13 if not wide else None)
        lost = [
            (world, row.places_lost) for world in result.played if (row := rows.get((name, world.name))) is not None
        ]
        canvas.line((scale(0), y), (scale(per * max(count for _, count in lost)), y), "axis", 1.5)
        canvas.mark("ring", scale(0), y, "twin", 4.5)
        for world, count in lost:
            ink, kind = look_of(result, world)
            canvas.mark(
                kind, scale(count * per), y, ink, 5, f"{plain(name)}, {name_of(result, world)}: {count:,} places lost"
            )
