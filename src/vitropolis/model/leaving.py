"""Leaving: who is hit on own account may leave the city (docs/mechanisms.md, section 21).

On the first day of a week somebody who was hit on own account the day before leaves with the chance
`adaptation.leaves_weekly`, one draw for all worlds. From then on, in that world, they do nothing and need nothing
here; what is held of them stays. Unit: share a week. Source: none; assumed.
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.draws import Stream
from vitropolis.base.kernels import int64, kernel, philox
from vitropolis.model import counts as tally
from vitropolis.model.conduct import gather
from vitropolis.model.counts import At, add
from vitropolis.model.news import LEFT_AT

LEAVING = int(Stream.LEAVING)


@kernel
def leave_city(where: Any, rules: Any, state: Any, counts: Any, desk: Any) -> None:
    """Let some of those who were hit yesterday leave; the first day of a week."""
    for world in range(rules.worlds):
        if not rules.leaving[world]:
            continue
        for place in range(state.wake.size):
            desk.mask[place] = state.now[world, place] & 1
        found = gather(state.wake.size, desk.mask, desk.chosen)
        for number in range(found):
            place, bit = int64(desk.chosen[number]), 1 << (LEFT_AT + world)
            if int64(state.away[place]) & bit:
                continue
            resident, day = int64(where.first + place), int64(where.starts)
            lot, _, _, _ = philox(resident, day // 7, LEAVING, 0, where.key0, where.key1)
            if int64(lot) < rules.leaving[world]:
                state.away[place] = int64(state.away[place]) | bit
                cell = int64(state.cell[place])
                at = At(day, int64(0), place, resident, where.district, cell, where.key0, where.key1)
                add(counts, world, tally.LEFT_CITY, at, 1)
