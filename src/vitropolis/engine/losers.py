"""Who lost a place in a queue, by name: one number for each, as weeks write them and readers take them apart.

Resident 28 bits, weeks waited so far 8, measure 6, place 3, queue 3, the world's number, week 11 (see `model.rivals`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from vitropolis.model.rivals import RESIDENTS
from vitropolis.model.rules import ONE_WORLD, WORLD_BITS

AGE_AT, MEASURE_AT, PLACE_AT, LINE_AT, SIDE_AT = 28, 36, 42, 45, 48
WEEK_AT = SIDE_AT + WORLD_BITS
assert WEEK_AT + 11 <= 63


class Lost(NamedTuple):
    """Places lost: each a number, or an array of them."""

    week: Any
    world: Any
    queue: Any
    place: Any
    measure: Any
    age: Any
    resident: Any


def loser_row(lost: Lost) -> Any:
    """The number of a place lost."""
    head = (lost.week << WEEK_AT) | (lost.world << SIDE_AT) | (lost.queue << LINE_AT) | (lost.place << PLACE_AT)
    return head | (lost.measure << MEASURE_AT) | (lost.age << AGE_AT) | lost.resident


def lost_in(rows: Any) -> Lost:
    """What such numbers say."""
    return Lost(
        week=rows >> WEEK_AT,
        world=(rows >> SIDE_AT) & ONE_WORLD,
        queue=(rows >> LINE_AT) & 7,
        place=(rows >> PLACE_AT) & 7,
        measure=(rows >> MEASURE_AT) & 63,
        age=(rows >> AGE_AT) & 255,
        resident=rows & RESIDENTS,
    )
