"""The section of the printed report that is about firms."""

from __future__ import annotations

from collections.abc import Iterator

from vitropolis.report.page import Page


def section(page: Page) -> Iterator[str]:
    """Firms by class on the last day, listed, wrongly; recorded conduct beside what was done."""
    mine = page.of("firms_breaches_known")
    if all(each is None or each.denominator is None for each in mine):
        return
    yield from page.head("Firms", twin=True)
    yield from page.headline("firms_listed_per_1000", "on a black list on the last day, of 1,000")
    yield from page.headline("firms_wrongly_hit_share", "of those hit: wrongly")
    yield from page.headline("firms_inspections_per_1000", "inspections, for 1,000 firms")
    yield from page.headline("firms_breaches_known", "of their breaches: found or noticed")
    yield from page.headline("firms_found_wrongly_share", "of what inspections find: no breach at all")
    yield from page.headline("firms_breaches_avoided", "breaches avoided per 1,000, if firms weigh costs as assumed")
    for world in page.played:
        for row in page.result.tables.firms:
            if row.world == world.name:
                where = f"{page.name(world)}, " if len(page.played) > 1 else ""
                said = ", ".join(f"{band} {count:,}" for band, count in row.bands.items())
                yield from page.text(f"{where}{row.score} on the last day: {said}", "  ")
