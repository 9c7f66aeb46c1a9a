"""The 16 districts as tiles of one size, roughly where they lie, each with its number."""

from __future__ import annotations

from vitropolis.pages.canvas import Canvas, width_of
from vitropolis.pages.ink import ON_STEP
from vitropolis.pages.markup import tag
from vitropolis.pages.saying import basis_of, main_world, name_of, starred, under
from vitropolis.pages.view import Figure, Table
from vitropolis.report.figures import NOTHING, spoken
from vitropolis.report.question import FEWEST
from vitropolis.report.result import Result, WorldSaid
from vitropolis.report.tables import GroupRow

PLACES = {
    "Yanqing": (2, 0),
    "Changping": (2, 1), "Huairou": (3, 1), "Miyun": (4, 1),
    "Haidian": (2, 2), "Shunyi": (4, 2), "Pinggu": (5, 2),
    "Mentougou": (0, 3), "Shijingshan": (1, 3), "Xicheng": (2, 3), "Dongcheng": (3, 3), "Chaoyang": (4, 3),
    "Fangshan": (1, 4), "Fengtai": (2, 4), "Daxing": (3, 4), "Tongzhou": (4, 4),
}  # fmt: skip
"""Column and row of each district: west to east, north to south; nearly every pair lies as on a map."""
COLUMNS, STEPS = 6, 5
SMALLEST = 9.5  # pixels of a letter


def figure(result: Result) -> Figure | None:
    """The tiles of the main world; None for a city with other districts, or where groups are not counted."""
    main = main_world(result)
    rows = {
        row.group: row for row in result.tables.groups if row.axis == "district" and main and row.world == main.name
    }
    if main is None or set(rows) != set(PLACES):
        return None
    rated = sorted(
        (row for row in rows.values() if row.hit_per_1000 is not None), key=lambda row: -(row.hit_per_1000 or 0)
    )
    if not rated:
        return None
    high, low = rated[0], rated[-1]
    most, least = (starred(row.hit_per_1000, row.hit) for row in (high, low))
    return Figure(
        id="districts",
        title=_title(rated, under(result, main)),
        alt=f"Sixteen tiles. People hit per 1,000 residents {under(result, main)}, from most to least: "
        + ", ".join(f"{row.group} {spoken(row.hit_per_1000 or 0)}" for row in rated)
        + ".",
        caption=f"People hit at least once, per 1,000 residents of the district, {under(result, main)}; from "
        f"{least} in {low.group} to {most} in {high.group}. Tiles are "
        "of one size and lie roughly as the districts do: a scheme, no map." + _few(rated),
        basis=basis_of(result),
        table=_table(result),
        draw=lambda canvas: _draw(canvas, rows, main, result),
    )


def _title(rated: list[GroupRow], under_it: str) -> str:
    """The district with the highest rate; where chance decides there, the highest of the others is named."""
    sure = [row for row in rated if row.hit == 0 or row.hit >= FEWEST]
    if rated[0] in sure:
        rate = spoken(rated[0].hit_per_1000 or 0)
        return f"The highest rate is in {rated[0].group}: {rate} of 1,000 residents are hit {under_it}"
    if not sure or not sure[0].hit:
        return f"Fewer than {FEWEST} people are hit in each district {under_it}: chance decides where most are"
    told = f"Where {FEWEST} people or more are hit, the highest rate is in {sure[0].group}"
    return f"{told}: {spoken(sure[0].hit_per_1000 or 0)} of 1,000 residents {under_it}"


def _few(rated: list[GroupRow]) -> str:
    few = [row.group for row in rated if 0 < row.hit < FEWEST]
    return f" In {len(few)} of them fewer than {FEWEST} people are hit (*): chance decides there." if few else ""


def step_of(value: float, most: float) -> int:
    """Which of five shades a value has: equal steps from 0 to the highest."""
    return min(STEPS - 1, int(STEPS * value / most)) if most > 0 else 0


def _table(result: Result) -> Table:
    rows = [row for row in result.tables.groups if row.axis == "district"]
    worlds = result.played
    heads = ["district", "residents"]
    for world in worlds:
        heads += [f"{name_of(result, world)}: hit", "per 1,000", "wrongly hit", "per 1,000"]
    body = []
    for district in PLACES:
        cells = [f"{next(row.base for row in rows if row.group == district):,}"]
        for world in worlds:
            row = next(row for row in rows if row.group == district and row.world == world.name)
            hit = starred(row.hit_per_1000, row.hit)
            cells += [f"{row.hit:,}", hit, f"{row.wrongly_hit:,}", starred(row.wrongly_hit_per_1000, row.wrongly_hit)]
        body.append([district, *cells])
    return Table(heads, body)


def _rate(value: float | None) -> str:
    return NOTHING if value is None else spoken(value)


def fitting(name: str, room: float) -> str:
    """A name, cut short with a full stop where it would be drawn smaller than can be read."""
    if width_of(name, SMALLEST) <= room:
        return name
    return next(short for end in range(len(name) - 1, 0, -1) if width_of(short := f"{name[:end]}.", SMALLEST) <= room)


def _draw(canvas: Canvas, rows: dict[str, GroupRow], main: WorldSaid, result: Result) -> None:
    gap = 4.0
    side = min(104.0, (canvas.width + gap) / COLUMNS - gap)
    high = min(side, 74.0) if side > 60 else side
    most = max(row.hit_per_1000 or 0 for row in rows.values())
    small = side < 70
    for name, (column, line) in PLACES.items():
        row = rows[name]
        ink = f"step{step_of(row.hit_per_1000 or 0, most)}"
        x, y = column * (side + gap), line * (high + gap)
        told = f"{name}: {row.hit:,} of {row.base:,} residents hit, {_rate(row.hit_per_1000)} of 1,000; "
        with_title = tag("title", f"{told}{row.wrongly_hit:,} wrongly")
        canvas.put(tag("g", with_title, canvas.shape("rect", ink, "grid", x=x, y=y, width=side, height=high, rx=2)))
        shown = fitting(name, side - 6)
        size = min(12.5, 12.5 * (side - 6) / width_of(shown, 12.5))
        canvas.text(x + side / 2, y + (0.36 if small else 0.34) * high, shown, ON_STEP[ink], size, "middle")
        value = starred(row.hit_per_1000, row.hit)
        canvas.text(x + side / 2, y + 0.76 * high, value, ON_STEP[ink], 14 if small else 19, "middle", bold=True)
        canvas.reach(y + high)
