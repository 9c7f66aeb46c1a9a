"""Which assumptions move the number of people hit most, and how far."""

from __future__ import annotations

from vitropolis.pages.canvas import Canvas
from vitropolis.pages.plot import SMALL, across
from vitropolis.pages.saying import basis_of, main_world, under
from vitropolis.pages.view import Figure, Table
from vitropolis.report.figures import NOTHING, spoken
from vitropolis.report.question import Driver, Headline
from vitropolis.report.result import Result

ABOUT = ("hit_per_1000", "wrongly_hit_per_1000")


def figure(result: Result) -> Figure | None:
    """Dumbbells from the lower to the upper end of each assumption; None without ranges."""
    main = main_world(result)
    shown = [result.headline(name, main.name) for name in ABOUT] if main else []
    held = [each for each in shown if each is not None and each.drivers]
    if main is None or not held:
        return None
    first = held[0]
    return Figure(
        id="moved",
        title=f"`{first.drivers[0].path}` moves the number of people hit most {under(result, main)}",
        alt="Dumbbells. " + "; ".join(_alt(headline, driver) for headline in held for driver in headline.drivers) + ".",
        caption="Each assumption at the lower (ring) and at the upper end (dot) of its range, all others as written; "
        "per 1,000 enrolled.",
        basis=basis_of(result),
        table=Table(["assumption", "of", "from", "to", "gives", "to"], [_row(h, d) for h in held for d in h.drivers]),
        draw=lambda canvas: _draw(canvas, held),
    )


def _said(value: float | None) -> str:
    return NOTHING if value is None else spoken(value)


def _alt(headline: Headline, driver: Driver) -> str:
    low, high = driver.range
    ends = f"from {_said(driver.at_low)} at {low:g} to {_said(driver.at_high)} at {high:g} {driver.unit}".rstrip()
    return f"{headline.title}: {driver.path} {ends}"


def _row(headline: Headline, driver: Driver) -> list[str]:
    low, high = driver.range
    return [
        driver.path,
        headline.title,
        f"{low:g}",
        f"{high:g} {driver.unit}".rstrip(),
        _said(driver.at_low),
        _said(driver.at_high),
    ]


def _draw(canvas: Canvas, held: list[Headline]) -> None:
    ends = [
        end for each in held for driver in each.drivers for end in (driver.at_low, driver.at_high) if end is not None
    ]
    count = sum(len(each.drivers) for each in held)
    bottom = 40 + 44.0 * count + 30 * len(held)
    scale = across(canvas, max(ends, default=1), 8, canvas.width - 30, 40, bottom, "")
    canvas.text(canvas.width, bottom + 16, "per 1,000 enrolled", "soft", SMALL, "end")
    y = 40.0
    for each in held:
        y += 26
        canvas.text(0, y - 6, each.title, bold=True)
        y += 4
        for driver in each.drivers:
            canvas.text(0, y + 14, driver.path, "soft", 12)
            if driver.at_low is not None and driver.at_high is not None:
                canvas.line((scale(driver.at_low), y + 27), (scale(driver.at_high), y + 27), "axis", 2)
                canvas.mark("ring", scale(driver.at_low), y + 27, "main", 5)
                canvas.mark("dot", scale(driver.at_high), y + 27, "main", 5)
            y += 44
