"""Days of lost access, service by service: nothing without the policy, so much with it."""

from __future__ import annotations

from vitropolis.pages.canvas import Canvas, width_of
from vitropolis.pages.plot import SMALL, across, row_label
from vitropolis.pages.saying import WITHOUT, basis_of, look_of, main_world, name_of, under
from vitropolis.pages.view import Figure, Table
from vitropolis.report.result import Result, WorldSaid
from vitropolis.report.tables import ServiceRow

MOST, LINE = 14, 26.0
Rows = dict[tuple[str, str], ServiceRow]


def plain(word: str) -> str:
    """A controlled word as a reader would say it."""
    return word.replace("_", " ")


def figure(result: Result) -> Figure | None:
    """Dumbbells of person-days shut, per 1,000 residents; None where no service is shut to anybody."""
    rows = {(row.service, row.world): row for row in result.tables.services}
    main = main_world(result)
    if main is None or not any(row.person_days for row in rows.values()):
        return None
    totals: dict[str, int] = {}
    for (service, _), row in rows.items():
        totals[service] = totals.get(service, 0) + row.person_days
    services = sorted(
        (name for name in totals if totals[name]), key=lambda name: (-_days(rows, name, main), -totals[name], name)
    )
    shown = services[:MOST]
    worst = services[0]
    days = _days(rows, worst, main)
    more = (
        f" Shown are the {MOST} most shut of {len(services)} services; the table has all."
        if len(services) > MOST
        else ""
    )
    return Figure(
        id="services",
        title=f"{plain(worst).capitalize()} is shut for {days:,} person-days {under(result, main)}",
        alt=f"Dumbbells, one for each service, from 0 without the policy to person-days with it {under(result, main)}: "
        + ", ".join(f"{plain(name)} {_days(rows, name, main):,}" for name in shown)
        + ".",
        caption="Person-days: days on which a service is shut to a person, added up over people and the run, "
        f"per 1,000 residents, whether or not they needed it. Without the policy no door is shut.{more}",
        basis=basis_of(result),
        table=_table(result, services, rows),
        draw=lambda canvas: _draw(canvas, result, shown, rows),
    )


def _days(rows: Rows, service: str, world: WorldSaid) -> int:
    row = rows.get((service, world.name))
    return row.person_days if row else 0


def _table(result: Result, services: list[str], rows: Rows) -> Table:
    heads = ["service", f"{WITHOUT}: person-days"]
    for world in result.played:
        heads += [f"{name_of(result, world)}: person-days", "requests", "refused", "not asked for"]
    body = []
    for service in services:
        cells = ["0"]
        for world in result.played:
            row = rows.get((service, world.name))
            counts = (row.person_days, row.requested, row.refusals, row.avoided) if row else (0, 0, 0, 0)
            cells += [f"{count:,}" for count in counts]
        body.append([plain(service), *cells])
    return Table(heads, body)


def _draw(canvas: Canvas, result: Result, services: list[str], rows: Rows) -> None:
    per = 1000 / result.residents
    wide = canvas.width > 500
    left = max(width_of(plain(name)) for name in services) + 14 if wide else 10.0
    line, first = (LINE, 60.0) if wide else (LINE + 16, 64.0)
    most = max(row.person_days * per for row in rows.values())
    bottom = first + line * len(services)
    legend(canvas, result)
    scale = across(canvas, most, left, canvas.width - 24, first, bottom, "")
    canvas.text(canvas.width, bottom + 16, "person-days shut, per 1,000 residents", "soft", SMALL, "end")
    for place, name in enumerate(services):
        y = first + line * (place + (0.5 if wide else 0.72))
        row_label(canvas, plain(name), left, y + 4, y - 13 if not wide else None)
        ends = [scale(_days(rows, name, world) * per) for world in result.played]
        canvas.line((scale(0), y), (max(ends), y), "axis", 1.5)
        canvas.mark("ring", scale(0), y, "twin", 4.5)
        for world, x in zip(result.played, ends, strict=True):
            ink, kind = look_of(result, world)
            title = f"{plain(name)}, {name_of(result, world)}: {_days(rows, name, world):,} person-days"
            canvas.mark(kind, x, y, ink, 5, title)


def legend(canvas: Canvas, result: Result) -> None:
    """The marks of the worlds and of the twin, along the top."""
    x = 6.0
    canvas.mark("ring", x, 8, "twin", 5)
    canvas.text(x + 11, 12.5, WITHOUT)
    x += 30 + width_of(WITHOUT)
    for world in result.played:
        ink, kind = look_of(result, world)
        canvas.mark(kind, x, 8, ink, 5)
        canvas.text(x + 11, 12.5, name_of(result, world))
        x += 30 + width_of(name_of(result, world))
