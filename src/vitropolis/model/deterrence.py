"""What people feel: perceived deterrence by family of conduct, and what is usual in the household.

docs/mechanisms.md, section 3. One word a resident and world: six bytes of deterrence (0-255), the household level
(0-15) in bits 48-51, the week they are stamped with above. Everything decays by a fixed share a week, worked
out when somebody looks; adding saturates, so that what happens on one day commutes.

D of a family is 0-255 steps. The chance to act is multiplied by exp(-deterrence * floor(D / 16)). An adverse record
adds `law_step`, and `policy_step` where it costs points; a black listing adds `listing_step` to every family. Each
week D loses the share `weekly_decay`, rounded up, so that it comes to 0. The household level H rises by 1 with every
adverse record of another member. Source: none for the form or the steps; both are this project's own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.fixed import Number, share16
from vitropolis.base.kernels import inner, int64, kernel
from vitropolis.model.rules import FAMILIES

HOUSEHOLD_AT, WEEK_AT = 48, 52
WEEKS_KEPT = 256


def decay_table(share: Number, levels: int) -> NDArray[np.uint8]:
    """Return uint8[256, levels]: what a level is after 0-255 weeks of losing `share` (0-1, rounded up) a week."""
    lost = share16(share)
    table = np.zeros((WEEKS_KEPT, levels), np.uint8)
    table[0] = np.arange(levels)
    for week in range(1, WEEKS_KEPT):
        before = table[week - 1].astype(np.int64)
        table[week] = before - ((before * lost + 65535) >> 16)
    return table


@inner
def fear_of(word: Any, family: Any) -> Any:
    """Perceived deterrence 0-255 of one family, as of the word's week."""
    return (word >> (8 * family)) & 255


@inner
def household_of(word: Any) -> Any:
    """Household level 0-15, as of the word's week."""
    return (word >> HOUSEHOLD_AT) & 15


@kernel
def brought_to(word: Any, week: Any, fading: Any, settling: Any) -> Any:
    """Return the word as of `week`.

    `fading` is uint8[256, 256] for deterrence, `settling` uint8[256, 16] for the household.
    """
    gone = min(week - (word >> WEEK_AT), WEEKS_KEPT - 1)
    if gone == 0:
        return word
    fresh = (week << WEEK_AT) | (int64(settling[gone, household_of(word)]) << HOUSEHOLD_AT)
    if word & ((1 << HOUSEHOLD_AT) - 1) == 0:
        return fresh
    for family in range(FAMILIES):
        fresh |= int64(fading[gone, fear_of(word, family)]) << (8 * family)
    return fresh


@inner
def with_fear(word: Any, family: Any, step: Any) -> Any:
    """Add a step to one family, at most 255."""
    level = fear_of(word, family)
    return word + ((min(level + step, 255) - level) << (8 * family))


@inner
def with_household(word: Any) -> Any:
    """Add one to the household level, at most 15."""
    return word + ((1 if household_of(word) < 15 else 0) << HOUSEHOLD_AT)
