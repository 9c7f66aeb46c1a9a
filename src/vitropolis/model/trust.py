"""Trust: a level of the whole city, lost by wrong hits and refusals, that comes back (docs/mechanisms.md, section 21).

T is 0..65536 (16-bit share) per world and begins at 65536. After every week, with W the people who were wrongly hit for
the first time, R the refusals of that week and n residents:
T' = max(0, T + (65536 - T) recovers - 65536 (lost_wrong W + lost_refused R) 1000 / n).
Good deeds that nobody scores are multiplied by 1 - deeds (1 - T), the share who appeal by 1 - appeals (1 - T). Units:
share of trust for each person, or refusal, in 1,000 residents and week; share a week. Source: none; assumed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.fixed import ONE16, exact, share16
from vitropolis.model.assumption_adaptation import Trust
from vitropolis.model.counts import EVER_WRONGLY, REFUSALS
from vitropolis.model.worlds import Plan


def full_trust(worlds: int) -> NDArray[np.int64]:
    """The level before anything happened."""
    return np.full(worlds, ONE16, np.int64)


def trust_after(plan: Plan, residents: int, trust: NDArray[np.int64], days: NDArray[np.int64]) -> NDArray[np.int64]:
    """The level after a week; `days` int64[world, district, item, 7] is what was counted in it."""
    found = np.zeros_like(trust)
    for number, world in enumerate(plan.worlds):
        wronged, refused = (int(days[number, :, item].sum()) for item in (EVER_WRONGLY, REFUSALS))
        held = world.assumptions.adaptation.trust
        found[number] = level_after(held, residents, int(trust[number]), wronged, refused)
    return found


def level_after(held: Trust, residents: int, level: int, wronged: int, refused: int) -> int:
    """The level after a week in which so many were wrongly hit for the first time, and so many requests refused."""
    lost = round(exact(held.lost_wrong.value) * ONE16) * wronged * 1000 // residents
    lost += round(exact(held.lost_refused.value) * ONE16) * refused * 1000 // residents
    back = (ONE16 - level) * share16(held.recovers.value) >> 16
    return max(0, level + back - lost)


def write_trust(plan: Plan, trust: NDArray[np.int64], ranks: list[NDArray[Any]]) -> None:
    """Write what trust leaves of good deeds and appeals this week into its WEEK records."""
    for number, world in enumerate(plan.worlds):
        held = world.assumptions.adaptation.trust
        lost = ONE16 - int(trust[number])
        shares = [ONE16 - (lost * share16(share.value) >> 16) for share in (held.deeds, held.appeals)]
        for record in ranks:
            record["trust"][0, number] = shares
