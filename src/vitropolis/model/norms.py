"""What is usual around somebody: mood of the district, level of the workplace (docs/mechanisms.md, section 3).

The chance to act is multiplied by (1 + share * level / 15) for household, workplace and district, where the family of
conduct has norms. Mood of a district in a week: min(15, 15 R 100,000 / (residents * `district_reference`)), R the
adverse records that arrived there the week before. Level of a workplace, set every fourth week: the same with 1,000,
its staff and `workplace_reference`, over four weeks. Source: none for the form; the shares are assumed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.fixed import exact
from vitropolis.model.worlds import Plan

HIGHEST = 15
WORK_WEEKS = 4


def mood_levels(plan: Plan, adverse: NDArray[np.int64], residents: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return int64[world, district] 0-15 from last week's adverse records per district and its residents."""
    levels = np.zeros(adverse.shape, np.int64)
    for number, world in enumerate(plan.worlds):
        full = max(1, round(exact(world.assumptions.norms.district_reference.value)))
        levels[number] = np.minimum(HIGHEST, HIGHEST * adverse[number] * 100_000 // (np.maximum(1, residents) * full))
    return levels


def work_levels(plan: Plan, adverse: NDArray[np.int32], staff: NDArray[Any]) -> NDArray[np.uint8]:
    """Return uint8[world, firm] 0-15 from four weeks' adverse records of each firm's staff."""
    levels = np.zeros(adverse.shape, np.uint8)
    for number, world in enumerate(plan.worlds):
        full = max(1, round(exact(world.assumptions.norms.workplace_reference.value)))
        busy = np.flatnonzero(adverse[number])
        people = np.maximum(1, staff[busy].astype(np.int64) * full)
        levels[number, busy] = np.minimum(HIGHEST, HIGHEST * adverse[number, busy].astype(np.int64) * 1000 // people)
    return levels
