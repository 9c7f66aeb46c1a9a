"""The score of one life over time, with what each point did: listings, shut doors, wrong records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from vitropolis.pages.canvas import Canvas
from vitropolis.pages.plot import SMALL, Scale
from vitropolis.pages.saying import basis_line
from vitropolis.pages.view import Figure, Table
from vitropolis.results.life import Life
from vitropolis.results.life_entries import Entry
from vitropolis.results.reader import OpenRun

Point = tuple[int, int]
WIDTH = 12.0  # pixels that a mark needs


def score_figure(run: OpenRun, life: Life) -> Figure | None:
    """A step line of the first score; None where the shown world has no score, or it never moved."""
    mine = [entry for entry in life.entries if entry.world == life.worlds[0]]
    moves = [entry for entry in mine if entry.what == "score"]
    name = str(moves[0].facts["score"]) if moves else ""
    points = [(entry.day, int(entry.facts["points"])) for entry in moves if entry.facts["score"] == name]
    if len(points) < 2:
        return None
    plan = run.setup.plan
    first, last = points[0], points[-1]
    wrong = [entry for entry in mine if entry.what == "record" and entry.facts.get("error")]
    hard = [entry for entry in mine if is_door(entry) or is_listing(entry)]
    rows = [[plan.date(day).isoformat(), f"{value:,}"] for day, value in points]
    return Figure(
        id=f"score-{life.id}",
        title=f"From {first[1]:,} points on {plan.date(first[0])} to {last[1]:,} on {plan.date(last[0])}",
        alt=f"A step line of `{name}`: " + ", ".join(f"{value:,} from {plan.date(day)}" for day, value in points) + ".",
        caption=f"Points of `{name}` after each day. Below: crosses are wrong records, diamonds black listings, "
        "squares doors shut; what would lie on one another stands as one mark.",
        basis=basis_line(run.city.n, plan.seed),
        table=Table(["from", "points"], rows),
        draw=lambda canvas: _draw(canvas, run, points, wrong, hard),
    )


def is_door(entry: Entry) -> bool:
    """Whether doors shut."""
    return entry.what == "doors" and entry.text.startswith("DOORS SHUT")


def is_listing(entry: Entry) -> bool:
    """Whether a black listing began."""
    return entry.what == "listed" and entry.facts.get("polarity") == "black"


def _rows(wrong: Sequence[Entry], hard: Sequence[Entry]) -> list[tuple[str, float, list[Entry]]]:
    """The rows of marks below the line: kind, depth, entries by day."""
    rows = (("cross", 22.0, wrong), ("diamond", 38.0, [each for each in hard if is_listing(each)]),
            ("square", 54.0, [each for each in hard if is_door(each)]))  # fmt: skip
    return [(kind, y, sorted(mine, key=lambda entry: entry.day)) for kind, y, mine in rows]


def _draw(canvas: Canvas, run: OpenRun, points: Sequence[Point], wrong: Sequence[Entry], hard: Sequence[Entry]) -> None:
    plan = run.setup.plan
    values = [value for _, value in points]
    spread = max(max(values) - min(values), 10)
    left, right, top, low = 46.0, canvas.width - 12, 18.0, 190.0
    scale = Scale(min(values) - 0.05 * spread, max(values) + 0.05 * spread, low, top)
    x = Scale(0, max(1, plan.days - 1), left, right)
    for value in dict.fromkeys((min(values), values[0], max(values))):
        canvas.line((left, scale(value)), (right, scale(value)), "grid")
        canvas.text(left - 6, scale(value) + 4, f"{value:,}", "soft", SMALL, "end")
    line = list[tuple[float, float]]()
    for day, value in points:
        if line:
            line.append((x(day), line[-1][1]))
        line.append((x(day), scale(value)))
    canvas.path([*line, (right, line[-1][1])], "main", 2.25)
    canvas.line((left, low + 8), (right, low + 8), "axis")
    for kind, y, mine in _rows(wrong, hard):
        last = -WIDTH
        for entry in mine:
            if x(entry.day) - last >= WIDTH:
                last = x(entry.day)
                ink = "wrong" if kind == "cross" else "main"
                canvas.mark(kind, last, low + y, ink, 4.5, f"{plan.date(entry.day)}: {entry.text}")
    for year in range(plan.date(0).year + 1, plan.date(plan.days - 1).year + 1):
        day = (date(year, 1, 1) - plan.date(0)).days
        canvas.line((x(day), low + 8), (x(day), low + 13), "axis")
        canvas.text(x(day), low + 76, f"Jan {year}", "soft", SMALL, "middle")
