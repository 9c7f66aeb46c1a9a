"""Question 4, further: how unequally time on black lists is spread over people, and how freely they come and go.

Both are read from `lists.parquet`, by `report.inequality`: Gini of days over all enrolled, most of whom have none, and
Shorrocks' index of being on a black list or not, between a year before the last day and the last day.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.report.inequality import gini, shorrocks
from vitropolis.report.question import FEW, FEWEST, MEASURED, Found, Question
from vitropolis.report.totals import Totals
from vitropolis.results.lists import STILL_ON

YEAR = 365
NOBODY = "undefined: nobody is on a black list"
SHORT = "not computed: the run is no longer than a year"
METHODS = {
    "spread": "Days on a black list of each of those enrolled on the last day, added up over lists and stays of the "
    "run; Gini's coefficient of them, with those who have none: 0 if all have as many, near 1 if few have all. "
    "Numerator and denominator are the people who were ever listed, and the enrolled; the value is not their quotient.",
    "mobility": "Everybody is on a black list or on none, a year before the last day and on the last day. Shorrocks' "
    "index of that table of moves is the share of those listed then who are off now, added to the share of those not "
    "listed then who are on now: 0 if nobody's standing changes, 1 if where somebody stands now does not depend on "
    "where they stood. People enrolled in between count as not listed then. Numerator and denominator are those "
    "listed then who are off now, and those listed then; the value is not their quotient.",
}


def days_listed(stays: NDArray[Any], days: int) -> NDArray[np.int64]:
    """Days on black lists of each resident who has a stay, in no order."""
    out = np.where(stays["day_out"] == STILL_ON, days, stays["day_out"]).astype(np.int64)
    _, places = np.unique(stays["resident"], return_inverse=True)
    lasted = np.zeros(int(places.max()) + 1 if len(places) else 0, np.int64)
    np.add.at(lasted, places.reshape(-1), out - stays["day_in"])
    return lasted


def listed_on(stays: NDArray[Any], day: int) -> NDArray[Any]:
    """The residents who are on a black list on a day, each once."""
    on = (stays["day_in"] <= day) & ((stays["day_out"] == STILL_ON) | (stays["day_out"] > day))
    return np.unique(stays["resident"][on])


def listed_days_gini(totals: Totals, world: int) -> Found:
    """Gini of days on black lists over the enrolled."""
    lasted, enrolled = days_listed(totals.stays(world), totals.plan.days), totals.stock("enrolled", world)
    value = gini(lasted, max(0, enrolled - len(lasted)))
    if value is None:
        return Found(None, len(lasted), enrolled, NOBODY)
    return Found(value, len(lasted), enrolled, FEW if len(lasted) < FEWEST else MEASURED)


def black_list_mobility(totals: Totals, world: int) -> Found:
    """Shorrocks' index of being on a black list, over the last year of the run."""
    last = totals.plan.days - 1
    if last <= YEAR:
        return Found(None, status=SHORT)
    stays = totals.stays(world)
    then, now = listed_on(stays, last - YEAR), listed_on(stays, last)
    if not len(then):
        return Found(None, 0, 0, NOBODY)
    stayed, clean = len(np.intersect1d(then, now)), totals.residents - len(then)
    off, on = 1 - stayed / len(then), (len(now) - stayed) / clean if clean else 0.0
    value = shorrocks([[1 - on, on], [off, 1 - off]])
    return Found(value, len(then) - stayed, len(then), FEW if len(then) < FEWEST else MEASURED)


UNEQUAL = (
    Question("listed_days_gini", "How unequally days on a black list are spread over the enrolled", "Gini, 0 to 1",
             "spread", listed_days_gini, ("enrolled",), ("lists",), beside_twin=False),
    Question("black_list_mobility", "How freely people come and go on black lists, over the last year",
             "Shorrocks' index", "mobility", black_list_mobility, (), ("lists",), beside_twin=False),
)  # fmt: skip
