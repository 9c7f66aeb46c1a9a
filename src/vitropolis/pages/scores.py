"""Where people stand by score when the run ends, and where the bands begin; a hand on the cut-off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vitropolis.pages.canvas import NARROW, WIDE, Canvas, ticks
from vitropolis.pages.hand import Step, mark_of, slider
from vitropolis.pages.plot import SMALL, Scale, room_for, upright
from vitropolis.pages.saying import basis_of, main_world, name_of, under
from vitropolis.pages.view import Figure, Table
from vitropolis.report.course import ScoreRow
from vitropolis.report.figures import percent
from vitropolis.report.result import Result, WorldSaid

BINS = 60
STEPS = 40


@dataclass(frozen=True)
class Bars:
    """A score in bars of `size` points from `low` up, with the bands' lower ends that lie inside."""

    low: int
    size: int
    counts: list[int]
    bands: list[tuple[str, int]]

    @property
    def high(self) -> int:
        """Where the last bar ends."""
        return self.low + self.size * len(self.counts)


def bars_of(row: ScoreRow) -> Bars:
    """A score's people in at most `BINS` bars of a round number of points."""
    span = len(row.people)
    size = next(each for each in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 5000) if each * BINS >= span)
    low = row.lowest // size * size
    counts = [0] * ((row.lowest + span - 1 - low) // size + 1)
    for place, people in enumerate(row.people):
        counts[(row.lowest + place - low) // size] += people
    high = low + size * len(counts)
    bands = [] if row.by_rank else [(name, lower) for name, lower in row.bands if low < lower < high]
    return Bars(low, size, counts, bands)


def below(row: ScoreRow, cut: int) -> int:
    """How many stand below a number of points."""
    return sum(row.people[: max(0, cut - row.lowest)])


def figure(result: Result) -> Figure | None:
    """The histogram of the first score of the main world, with a slider over cut-offs; None without the state."""
    main = main_world(result)
    mine = [row for row in result.tables.scores if main and row.world == main.name and sum(row.people)]
    if main is None or not mine:
        return None
    row, bars = mine[0], bars_of(mine[0])
    total = sum(row.people)
    cuts = _cuts(row, bars)
    told = _told(row)
    start = len(cuts) // 2 if told is None else _nearest(cuts, told[1])
    return Figure(
        id="scores",
        title=_title(result, main, row),
        alt=f"Bars of the {total:,} people enrolled by points of `{row.score}` {under(result, main)}, from "
        f"{bars.low:,} to {bars.high:,}; " + "; ".join(f"{count:,} {words}" for words, count in _by_band(row)) + ".",
        caption=f"People enrolled by points of `{row.score}` on the last day {under(result, main)}, in steps of "
        f"{bars.size}. Lines: where bands begin. A policy can also put people into a band by other rules than points.",
        basis=basis_of(result),
        table=_table(result),
        draw=lambda canvas: _draw(canvas, bars, start, cuts),
        extra=slider("hand-scores", "Cut-off, in points", [_step(result, main, row, bars, cut) for cut in cuts], start),
    )


def _cuts(row: ScoreRow, bars: Bars) -> list[int]:
    """Cut-offs of the slider: ends of bars, and where bands begin."""
    every = [bars.low + bars.size * place for place in range(len(bars.counts) + 1)]
    step = max(1, len(every) // STEPS)
    return sorted({*every[::step], *(lower for _, lower in bars.bands)})


def _nearest(cuts: Sequence[int], wanted: int) -> int:
    return min(range(len(cuts)), key=lambda at: abs(cuts[at] - wanted))


def _step(result: Result, world: WorldSaid, row: ScoreRow, bars: Bars, cut: int) -> Step:
    total, under_it = sum(row.people), below(row, cut)
    begins = next((f" Band {name} begins here." for name, lower in row.bands if lower == cut and not row.by_rank), "")
    said = f"Below {cut:,} points stand {under_it:,} of {total:,} people ({percent(under_it / total)})"
    said += f" {under(result, world)}."
    places = {name: _across(width, bars)(cut) for name, width in (("wide", WIDE), ("narrow", NARROW))}
    return Step(f"{cut:,}", said + begins, places)


def _by_band(row: ScoreRow) -> list[tuple[str, int]]:
    """How many stand at the points of each band, best first."""
    if row.by_rank:
        return []
    found, above = [], row.lowest + len(row.people)
    for name, lower in row.bands:
        found.append((f"at the points of band {name} (from {lower:,})", below(row, above) - below(row, lower)))
        above = lower
    return found


def _told(row: ScoreRow) -> tuple[str, int] | None:
    """The lowest band that somebody stays below; None where nobody does, or bands go by rank."""
    below_it = [band for band in row.bands[::-1] if below(row, band[1])]
    return None if row.by_rank or not below_it else below_it[0]


def _title(result: Result, main: WorldSaid, row: ScoreRow) -> str:
    total = sum(row.people)
    told = _told(row)
    if told is None:
        return f"{total:,} people are scored {under(result, main)}"
    name, lower = told
    few = below(row, lower)
    return f"{few:,} of {total:,} people stand below {lower:,} points, where band {name} begins, {under(result, main)}"


def _table(result: Result) -> Table:
    body = []
    for world in result.played:
        for row in (each for each in result.tables.scores if each.world == world.name):
            bars = bars_of(row)
            for place, count in enumerate(bars.counts):
                if count:
                    low = bars.low + place * bars.size
                    span = f"{low:,}" if bars.size == 1 else f"{low:,} to {low + bars.size - 1:,}"
                    body.append([f"{name_of(result, world)}, {row.score}: {span} points", f"{count:,}"])
    return Table(["points", "people"], body)


def _across(width: float, bars: Bars) -> Scale:
    return Scale(bars.low, bars.high, room_for(max(bars.counts)), width - 8)


def _draw(canvas: Canvas, bars: Bars, start: int, cuts: Sequence[int]) -> None:
    x, high, top = _across(canvas.width, bars), 270.0, 58.0
    scale = upright(canvas, max(bars.counts), x.start, x.end, top, high, "people")
    for place, count in enumerate(bars.counts):
        if count:
            left, right = x(bars.low + place * bars.size), x(bars.low + (place + 1) * bars.size)
            tall = max(1.0, high - scale(count))
            canvas.rect(left + 0.4, high - tall, max(0.6, right - left - 0.8), tall, "main")
    last = -100.0
    for name, lower in sorted(bars.bands, key=lambda band: band[1]):
        canvas.line((x(lower), top - 26), (x(lower), high), "wrong", 1.5, "3 3")
        level = 0 if x(lower) - last > 26 else 13
        canvas.text(x(lower) + 3, top - 18 - level, name, "wrong", SMALL, bold=True)
        last = x(lower)
    step = round(ticks(bars.high - bars.low, 4 if canvas.width < 500 else 8)[1]) or 1
    for value in range(-(-bars.low // step) * step, bars.high + 1, step):
        canvas.line((x(value), high), (x(value), high + 4), "axis")
        canvas.text(x(value), high + 18, f"{value:,}", "soft", SMALL, "middle")
    canvas.text(x.end, high + 36, "points", "soft", SMALL, "end")
    if not canvas.paper:
        canvas.put(mark_of(x(cuts[start]), top, high))
