"""Scores worked out with the month or the year (M6): between two such days score, band and verdict stand still.

docs/mechanisms.md, 6.2. Of a score with `recomputed: monthly` (yearly), a look writes score, band and the bins of the
band on the first day of a month (a year) and at the first look alone; on every other day they are what the last look
left, and what hangs on them with them. Everybody is looked at on such a day. A reading without some records goes by the
day's file if it leaves any out, and stands still as well if not. Source: the policy says how often.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from vitropolis.base.kernels import inner
from vitropolis.model.rules import LEDGERS, NEVER
from vitropolis.model.worlds import World


@inner
def still_today(rules: Any, world: Any, at: Any) -> Any:
    """The scores of a world that are not worked out today, one bit each."""
    still = 0
    for place in range(rules.ledgers[world]):
        day = rules.recomputed_on[rules.first_ledger[world] + place]
        if day >= 0 and day != at.day:
            still |= 1 << place
    return still


@inner
def put_back(still: Any, page: Any) -> None:
    """Put back on the page what the last look left of the scores that stand still."""
    for place in range(LEDGERS):
        if (still >> place) & 1:
            page.score[place] = page.old_score[place]
            page.band[place] = page.old_band[place]


def write_recomputing(table: Any, ledger: int, world: World, first: int, day: date) -> None:
    """Write when the scores from `ledger` on are worked out in the epoch that begins on day `first`, the date `day`."""
    for place, score in enumerate(world.scores.values(), ledger):
        if score.recomputed != "daily":
            table["recomputed_on"][place] = first if score.is_recomputed(day) else NEVER
