"""The error-rate curve: people wrongly hit if departments erred less, or more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from math import log10
from typing import Any

from vitropolis.pages.canvas import NARROW, WIDE, Canvas, width_of
from vitropolis.pages.hand import Step, mark_of, slider
from vitropolis.pages.plot import SMALL, Scale, apart, lines_said, room_for, upright
from vitropolis.pages.saying import basis_of, listed, look_of, main_world, name_of, under
from vitropolis.pages.view import Figure, Table
from vitropolis.report.figures import NOTHING, one_in, spoken
from vitropolis.report.result import Result, WorldSaid

VALUE = "wrongly_hit_per_1000"
RATIO = "wrongly_hit_per_wrong_record"
Points = list[Mapping[str, Any]]


def points_of(result: Result) -> dict[str, Points]:
    """The computed points of each world: the curve, and the run's own share where it was played beside it, by share."""
    study = result.studies.curve or {}
    found: dict[str, Points] = {}
    for world in result.played:
        rows: Points = [dict(row) for row in study.get("worlds", {}).get(world.name, [])]
        written = study.get("as_written", {}).get(world.name)
        if rows and written:
            rows.append({**written, "written": True})
        found[world.name] = sorted((row for row in rows if row.get("share")), key=lambda row: row["share"])
    return {name: rows for name, rows in found.items() if rows}


def figure(result: Result) -> Figure | None:
    """Wrongly hit per 1,000 by the share of wrong records, with a slider; None where the study was not made."""
    points, main = points_of(result), main_world(result)
    if main is None or main.name not in points:
        return None
    mine = points[main.name]
    rated = [row for row in mine if row[VALUE] is not None]
    if not rated:
        return None
    least, most = rated[0], rated[-1]
    size = (result.studies.curve or {}).get("size", result.residents)
    steps = [_step(result, points, main, at) for at in range(len(mine))]
    start = next((at for at, row in enumerate(mine) if row.get("written")), 0)
    told = f"{spoken(most[VALUE])} of 1,000 are wrongly hit if {one_in(most['share'])} records is wrong"
    return Figure(
        id="errors",
        title=f"{told}, {spoken(least[VALUE])} if {one_in(least['share'])}, {under(result, main)}",
        alt=f"{lines_said(_rates(rows) for rows in points.values())} " + " ".join(step.sentence for step in steps),
        caption=f"{(result.studies.curve or {}).get('method', '')} Played with {size:,} residents.",
        basis=basis_of(result),
        table=_table(result, points),
        draw=lambda canvas: _draw(canvas, result, points, main, start),
        extra=slider("hand-errors", "Of all records that arrive, wrong are", steps, start),
    )


def _step(result: Result, points: dict[str, Points], main: WorldSaid, at: int) -> Step:
    row = points[main.name][at]
    label = one_in(row["share"]) + (" (as written)" if row.get("written") else "")
    said = [
        _at(result, world, found, row)
        for world in result.played
        if (found := beside(row, points.get(world.name, []))) is not None
    ]
    sentence = f"If {one_in(row['share'])} records is wrong, {listed(said)}."
    ends = _ends(points)
    return Step(label, sentence, {f"{width}": _across(canvas_width, points, ends)(log10(row["share"]))
                                  for width, canvas_width in (("wide", WIDE), ("narrow", NARROW))})  # fmt: skip


def beside(row: Mapping[str, Any], others: Points) -> Mapping[str, Any] | None:
    """The point of another world that was played with the same error rates."""
    return next((each for each in others if each.get("target") == row.get("target")), None)


def _at(result: Result, world: WorldSaid, row: Mapping[str, Any], main: Mapping[str, Any]) -> str:
    if row[VALUE] is None:
        return f"nobody can be counted {under(result, world)}"
    rate = spoken(row[VALUE])
    ratio = NOTHING if row[RATIO] is None else spoken(row[RATIO])
    own = one_in(row["share"])
    there = "" if own == one_in(main["share"]) else f", where {own} is wrong"
    return f"{rate} of 1,000 enrolled are wrongly hit {under(result, world)} ({ratio} for each wrong record{there})"


def _ends(points: dict[str, Points]) -> tuple[float, float]:
    shares = [log10(row["share"]) for rows in points.values() for row in rows]
    return min(shares), max(shares)


def _most(points: dict[str, Points]) -> float:
    return max(rate for rows in points.values() for rate in _rates(rows))


def _rates(rows: Points) -> list[float]:
    """The rates of those points that have one."""
    return [float(row[VALUE]) for row in rows if row[VALUE] is not None]


def _across(width: float, points: dict[str, Points], ends: tuple[float, float]) -> Scale:
    return Scale(*ends, room_for(_most(points)) + 6, width - 78)


def _table(result: Result, points: dict[str, Points]) -> Table:
    heads = ["error rates"]
    worlds = [world for world in result.played if world.name in points]
    for world in worlds:
        heads += [
            f"{name_of(result, world)}: wrong of all records",
            "wrongly hit per 1,000",
            "people",
            "for each wrong",
        ]
    body = []
    for row in points[worlds[0].name]:
        cells = ["as written" if row.get("written") else f"aimed at {one_in(row['target'])}"]
        for world in worlds:
            mine = beside(row, points[world.name]) or {}
            ends = [NOTHING if mine.get(key) is None else spoken(mine[key]) for key in (VALUE, RATIO)]
            people = NOTHING if mine.get("wrongly_hit") is None else f"{mine['wrongly_hit']:,}"
            cells += [one_in(mine.get("share")), ends[0], people, ends[1]]
        body.append(cells)
    return Table(heads, body)


def _draw(canvas: Canvas, result: Result, points: dict[str, Points], main: WorldSaid, start: int) -> None:
    x, high = _across(canvas.width, points, _ends(points)), 240.0
    scale = upright(canvas, _most(points), x.start - 6, x.end, 24, high, "wrongly hit, per 1,000 enrolled")
    worlds = [world for world in result.played if _rates(points.get(world.name, []))]
    for world in worlds:
        ink, kind = look_of(result, world)
        for known, rows in groupby(points[world.name], key=lambda row: row[VALUE] is not None):
            mine = [(x(log10(row["share"])), scale(float(row[VALUE]))) for row in rows] if known else []
            canvas.path(mine, ink, 2.25 if world == main else 1.5)
            for place in mine:
                canvas.mark(kind, *place, ink, 4)
    _shares(canvas, points[main.name], x, high)
    if not canvas.paper:
        canvas.put(mark_of(x(log10(points[main.name][start]["share"])), 20, high))
    ends = apart([scale(_rates(points[world.name])[-1]) for world in worlds], 15, 20, high)
    for world, y in zip(worlds, ends, strict=True):
        canvas.text(x.end + 8, y + 4, name_of(result, world), look_of(result, world)[0], bold=True)


def _shares(canvas: Canvas, rows: Sequence[Mapping[str, Any]], x: Scale, low: float) -> None:
    last = -100.0
    for row in rows:
        place, words = x(log10(row["share"])), one_in(row["share"])
        canvas.line((place, low), (place, low + 4), "axis")
        if place - last > width_of(words, SMALL) + 6:
            canvas.text(place, low + 18, words, "soft", SMALL, "middle")
            last = place
    canvas.text(x.end, low + 35, "records that are wrong", "soft", SMALL, "end")
