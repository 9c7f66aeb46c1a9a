"""Inspections: what a visit finds is at most what there is, and at most what there are visits for.

`discovered` = min(visits, incidents), at a firm of the city (one visit a week at most, one incident at most) as at a
site of many. `spread` lets units of inspection fall on sites at random, each for itself, as a campaign does that has a
number to fill: D'Amour et al. (2020), "Fairness is not static", section 4 (attention allocation), with no feedback.
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.draws import Stream
from vitropolis.base.kernels import inner, int64, kernel, philox

INSPECTION = int(Stream.INSPECTION)


@inner
def discovered(visits: Any, incidents: Any) -> Any:
    """How many incidents so many visits find."""
    return min(int64(visits), int64(incidents))


@kernel
def spread(units: Any, period: Any, key0: Any, key1: Any, visits: Any) -> None:
    """Let each of `units` inspections of a period fall on a site; int64 `visits` [site] gets their numbers."""
    visits[:] = 0
    for unit in range(units):
        lot, _, _, _ = philox(unit, period, INSPECTION, 1, key0, key1)
        visits[(int64(lot) * visits.size) >> 32] += 1


@kernel
def tour(units: Any, period: Any, incidents: Any, key0: Any, key1: Any, visits: Any, found: Any) -> None:
    """Spread the inspections of a period over sites with so many incidents; add what each finds to int64 `found`."""
    spread(units, period, key0, key1, visits)
    for site in range(visits.size):
        found[site] += discovered(visits[site], incidents[site])
