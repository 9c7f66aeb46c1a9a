"""Two sections of the printed report: the five fields of the plan, and queues with the green channel."""

from __future__ import annotations

from collections.abc import Iterator

from vitropolis.model.fields import FIELDS
from vitropolis.report.figures import NOTHING, counted, spoken
from vitropolis.report.page import Page

SHOWN = 6  # measures
MEANING = (
    "Places are as many as in the twin; whom a policy puts ahead moves others down. A place lost: not served in a week "
    "in which first come, first served would have."
)


def five_fields(page: Page) -> Iterator[str]:
    """The section: each field of the plan, and children."""
    rows = {(row.world, row.field): row for row in page.result.tables.fields}
    if not any(row.person_days for row in rows.values()):
        return
    yield from page.head("Five fields of the plan")
    for field in FIELDS:
        mine = [rows[world.name, field] for world in page.played]
        if not any(row.person_days for row in mine):
            continue
        yield f"  {field.replace('_', ' ')}"
        for name, label in (
            ("limited", "people with a door shut on the last day"),
            ("none_open", "with none open"),
            ("person_days", "person-days of shut doors"),
            ("refusals", "requests refused"),
        ):
            yield from page.row(f"  {label}", [counted(getattr(row, name)) for row in mine])
    yield from page.headline("five_fields_per_1000", "limited in all five fields, of 1,000 enrolled")
    yield from page.headline("all_shut_per_1000", "all shut that can be, of 1,000 enrolled")
    yield from page.headline("children_refused", "children under 15 among requests refused")


def queues(page: Page) -> Iterator[str]:
    """The section: queues as they were, and what the green channel moved."""
    rows = page.result.tables.rivals
    if not any(row.requested for row in rows):
        return
    yield from page.head("Queues and the green channel", twin=True)
    yield from page.text(MEANING, "  ")
    twin = next((world.name for world in page.result.worlds if world.twin), None)

    def total(name: str, world: str) -> int:
        return sum(getattr(row, name) for row in rows if row.world == world)

    for name, label in (
        ("requested", "requests for a place"),
        ("served", "served"),
        ("gave_up", "gave up waiting"),
        ("waiting", "waiting when the run ends"),
    ):
        cells = [counted(total(name, world.name)) for world in page.played]
        yield from page.row(label, cells, "" if twin is None else counted(total(name, twin)))
    yield from _waits(page, twin)
    yield from page.counts("places lost, and as many gained", lambda world: total("places_lost", world.name))
    yield from _measures(page)
    if twin is not None:
        yield from page.counts("weeks waited longer than without it", lambda world: total("later_weeks", world.name))
        yield from page.counts("weeks waited less", lambda world: total("earlier_weeks", world.name))
        yield from page.counts("served only without it", lambda world: total("only_twin", world.name))
        yield from page.counts("served only with it", lambda world: total("only_here", world.name))
    yield from page.text("Who lost a place, and by which measure: displaced.parquet", "  ")


def _waits(page: Page, twin: str | None) -> Iterator[str]:
    """Mean weeks waited by those served."""
    rows = {(row.world, row.service): row for row in page.result.tables.rivals}

    def mean(world: str, service: str) -> str:
        row = rows[world, service]
        return spoken(row.wait_weeks / row.served) if row.served else NOTHING

    for service in dict.fromkeys(row.service for row in page.result.tables.rivals):
        cells = [mean(world.name, service) for world in page.played]
        label = f"weeks waited, mean: {service.replace('_', ' ')}"
        yield from page.row(label, cells, "" if twin is None else mean(twin, service))


def _measures(page: Page) -> Iterator[str]:
    rows = {(row.world, row.measure): row for row in page.result.tables.moved}
    names = list(dict.fromkeys(row.measure for row in page.result.tables.moved))[:SHOWN]
    for side in ("gained", "lost"):
        for name in names:
            mine = [rows.get((world.name, name)) for world in page.played]
            if any(row is not None and getattr(row, side) for row in mine):
                cells = ["0" if row is None else counted(getattr(row, side)) for row in mine]
                yield from page.row(f"  {side} through {name}", cells)
