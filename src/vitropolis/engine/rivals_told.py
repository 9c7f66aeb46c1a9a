"""Whether requests that wait, and people who are said to have lost a place in a queue, can be at all.

Kernels check no bounds: what a checkpoint or the tape says of queues is looked at here, all of it, before it is used.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.engine.losers import lost_in
from vitropolis.engine.rivals import AFTER, NOT_HERE, STILL, TOLD, WENT_AWAY, Lines
from vitropolis.model.measures import measures_of
from vitropolis.model.rivals import (
    DISTRICT_AT,
    EACH,
    NO_MEASURE,
    PLACES,
    QUEUE_AT,
    RESIDENTS,
    WORLD_AT,
)
from vitropolis.model.rules import WORLD_BITS, WORLDS
from vitropolis.model.worlds import Plan

Rows = NDArray[np.int64]


def possible_requests(
    lines: Lines, waiting: Rows, ended: NDArray[np.uint8], district_ends: NDArray[Any], worlds: int, week: int
) -> bool:
    """Whether requests that wait before `week` name queues, residents, weeks and places that exist."""
    if len(waiting) != len(ended):
        return False
    key, what, ends = waiting[:, 0], waiting[:, 1], np.asarray(district_ends)
    queue, filed, resident = key >> QUEUE_AT, what & 2047, key & RESIDENTS
    fine = (key >= 0) & (queue < len(lines.services)) & (resident < ends[-1])
    if not fine.all():
        return False
    fine &= (what >= 0) & (filed < week) & (week - filed <= lines.ages - 1)
    fine &= np.searchsorted(ends, resident, side="right") - 1 == (what >> DISTRICT_AT) & 15
    fine &= (what >> (WORLD_AT + EACH * worlds)) == 0
    still = np.zeros(len(what), bool)
    for world in range(WORLDS):
        here, place = ended[:, world].astype(np.int64), (what >> (WORLD_AT + EACH * world)) & 7
        there = world < worlds
        fine &= ((here == NOT_HERE) == (place >= PLACES)) if there else here == NOT_HERE
        told = (here == TOLD) & (world < worlds - 1) & (ended[:, worlds - 1] >= WENT_AWAY)
        fine &= (here < AFTER + lines.ages) | told
        patient = week - filed <= lines.patience[world, queue]
        fine &= (here != STILL) | patient
        still |= here == STILL
    return bool((fine & still).all())


def possible_losers(plan: Plan, lines: Lines, residents: int, rows: Rows, week: int) -> bool:
    """Whether those who lost a place in a week are in order, and all that they name exists."""
    lost = lost_in(rows)
    fine = (rows >= 0) & (lost.week == week) & (lost.world < len(plan.worlds)) & (lost.resident < residents)
    fine &= (lost.queue < len(lines.services)) & (lost.place < PLACES)
    fine &= (lost.age <= week) & (lost.measure < NO_MEASURE)
    for number, world in enumerate(plan.worlds):
        fine &= (lost.world != number) | (lost.measure < len(measures_of(world)))
    return bool(fine.all()) and bool((np.diff(rows) > 0).all())


def requests_of(rows: Rows) -> Rows:
    """The requests of those who lost a place, one number each: week of filing, world, place, queue, resident."""
    lost = lost_in(rows)
    found: Rows = _in_a_number(lost.week - lost.age, lost.world, lost.place, lost.queue, lost.resident)
    return found


def asked_as(made: Rows) -> Rows:
    """Requests as chunks file them, one number for each world, in the same form."""
    key, what = made[:, 0], made[:, 1]
    parts = [
        _in_a_number(
            what & 2047, np.int64(world), (what >> (WORLD_AT + EACH * world)) & 7, key >> QUEUE_AT, key & RESIDENTS
        )
        for world in range(WORLDS)
    ]
    return np.concatenate(parts)


def _in_a_number(filed: Any, world: Any, place: Any, queue: Any, resident: Any) -> Any:
    return (filed << (34 + WORLD_BITS)) | (world << 34) | (place << 31) | (queue << 28) | resident
