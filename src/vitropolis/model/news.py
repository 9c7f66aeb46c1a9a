"""What the city tells single residents before a week: work lost, an account removed, what a firm carries over.

A row of news is (resident, what, value): `LAID_OFF` and `REMOVED` with the worlds in which it happens, one bit each;
`CARRIED` with world | spill-overs that reach << REACH_AT | those that reach wrongly << WRONGLY_AT, in the place of what
the firm carried before. It holds from the first day of the week on, which is a day of looking at whom `CARRIED` names.
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.kernels import int64, kernel
from vitropolis.model.rules import ONE_WORLD, WORLD_BITS, WORLDS

LAID_OFF, REMOVED, CARRIED = range(3)
# Where the worlds' bits stand in `away`: without work, no account, left, seen by a drive, laid off.
WORK_AT, ACCOUNT_AT, LEFT_AT, SEEN_AT, LOST_AT = (WORLDS * place for place in range(5))
SPILLS = 127
REACH_AT, WRONGLY_AT = WORLD_BITS, WORLD_BITS + 8  # in the value of `CARRIED`
VALUES = (SPILLS + 1) << WRONGLY_AT  # all values of news are below
FRESH = 128  # of `office`: not settled yet


@kernel
def hear(first: Any, day: Any, news: Any, state: Any) -> None:
    """Take in the news of a chunk whose first resident is `first`, on the first day of a week."""
    for number in range(news.shape[0]):
        place, what, value = news[number, 0] - first, news[number, 1], news[number, 2]
        if what == CARRIED:
            reach, wrongly = (value >> REACH_AT) & SPILLS, (value >> WRONGLY_AT) & SPILLS
            state.office[value & ONE_WORLD, place] = reach | (wrongly << 8) | FRESH
            state.wake[place] = day
        else:
            bits = value << ACCOUNT_AT if what == REMOVED else (value << WORK_AT) | (value << LOST_AT)
            state.away[place] = int64(state.away[place]) | bits
