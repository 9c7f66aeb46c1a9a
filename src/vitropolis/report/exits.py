"""Question 4: how long until out, how many are never corrected, how people learn of it, how long they wait."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.report.bins import own_hits
from vitropolis.report.question import FEW, FEWEST, MEASURED, Found, Question, mean, ratio
from vitropolis.report.totals import Totals
from vitropolis.results.lists import STILL_ON, WAYS_OUT

WRONG_FACT = 1  # place of the bin in the rows of stays
NOT_REACHED = "not reached: fewer than half are out when the run ends"
METHODS = {
    "survival": "Days from the first day on a black list to the day out, by Kaplan and Meier: listings that still run "
    "on the last day count for as long as they were seen. The value is the median, the first day on which at most half "
    "are still on; numerator and denominator are the listings that ended and that began. Counted are listings of the "
    "run, not persons; somebody can have more than one. A set of assumptions in which half are not out at the end, "
    "or no listing began, has no value.",
    "corrected": "Black listings that would not have begun without wrong records, and that did not end because the "
    "record was corrected: they ended by term or otherwise, or still run on the last day. Days after the run are not "
    "seen, so late corrections count as none.",
    "learnt": "People hit on their own account, by how they first learnt of it: from a notice, from being refused, or "
    "not before the run ended. People hit through others only are not among them.",
    "waiting": "Days between filing and decision of the appeals decided in the run, mean. Appeals still waiting at the "
    "end are shown apart, as a plain count; they will have waited longer.",
}


def _shares(stays: NDArray[Any], days: int) -> Iterator[tuple[int, int]]:
    """The product-limit after 0, 1, 2 ... `days` days as exact quotients of whole numbers (not in lowest terms)."""
    seen = stays["day_out"] != STILL_ON
    lasted = np.where(seen, stays["day_out"], days).astype(np.int64) - stays["day_in"]
    ended = np.bincount(lasted[seen], minlength=days + 1)
    left = np.bincount(lasted, minlength=days + 1)
    at_risk = len(stays) - np.concatenate([[0], np.cumsum(left)[:-1]])
    top = bottom = 1
    for out, among in zip(ended.tolist(), at_risk.tolist(), strict=True):
        if out:
            top, bottom = top * (among - out), bottom * among
        yield top, bottom


def still_on(stays: NDArray[Any], days: int) -> NDArray[np.float64]:
    """Share of listings still running after 0, 1, 2 ... `days` days: product-limit; empty if none began."""
    return np.array([top / bottom for top, bottom in _shares(stays, days)] if len(stays) else [])


def median_days(stays: NDArray[Any], days: int) -> int | None:
    """The first day on which at most half of the listings are still on, compared exactly; None if there is none."""
    if not len(stays):
        return None
    return next((day for day, (top, bottom) in enumerate(_shares(stays, days)) if 2 * top <= bottom), None)


def wrong_fact(stays: NDArray[Any]) -> NDArray[Any]:
    """The listings that began by wrong fact."""
    return np.asarray(stays[stays["first"] == WRONG_FACT])


def corrected(stays: NDArray[Any]) -> NDArray[np.bool_]:
    """Which listings ended because a record was corrected."""
    return np.asarray(stays["how"] == ["", *WAYS_OUT].index("correction"))


def _median(totals: Totals, world: int, wrong: bool) -> Found:
    stays = totals.stays(world)
    mine = wrong_fact(stays) if wrong else stays
    ended = int((mine["day_out"] != STILL_ON).sum())
    if not len(mine):
        return Found(None, 0, 0, "undefined: no listing began")
    days = median_days(mine, totals.plan.days)
    if days is None:
        return Found(None, ended, len(mine), NOT_REACHED)
    return Found(days, ended, len(mine), FEW if len(mine) < FEWEST else MEASURED)


def days_until_out(totals: Totals, world: int) -> Found:
    """Median days on a black list; numerator: listings that ended, denominator: listings that began."""
    return _median(totals, world, wrong=False)


def days_until_out_wrong(totals: Totals, world: int) -> Found:
    """The same for listings that began by wrong fact."""
    return _median(totals, world, wrong=True)


def never_corrected(totals: Totals, world: int) -> Found:
    """The share of listings by wrong fact that did not end by correction."""
    mine = wrong_fact(totals.stays(world))
    return ratio(int((~corrected(mine)).sum()), len(mine))


def learnt(totals: Totals, world: int, how: str) -> Found:
    """The share of people hit on their own account who learnt of it so (`notice` or `refused`) first."""
    return ratio(totals.flow(f"learnt_{how}", world), own_hits(totals, world))


def not_learnt(totals: Totals, world: int) -> Found:
    """The share of people hit on their own account who have not learnt of it when the run ends."""
    people = own_hits(totals, world)
    known = totals.flows(("learnt_notice", "learnt_refused"), world)
    return ratio(max(0, people - known), people)


def appeal_wait(totals: Totals, world: int) -> Found:
    """Mean days that a decided appeal waited."""
    return mean(totals.queue("queue_wait_days", world), totals.queue("queue_decided", world))


def appeals_waiting(totals: Totals, world: int) -> Found:
    """Appeals that wait at the end of the last day."""
    waiting = totals.queue("queue_waiting", world)
    return Found(waiting, waiting)


OWN = ("ever_first_wrong_fact", "ever_first_protected", "ever_first_breach")
LEARNT = (*OWN, "learnt_notice", "learnt_refused")
EXITS = (
    Question("days_until_out", "Days on a black list until half are out", "days", "survival", days_until_out, (),
             ("lists",)),
    Question("days_until_out_wrong", "Days until half of those listed by wrong fact are out", "days", "survival",
             days_until_out_wrong, (), ("lists",)),
    Question("never_corrected", "Of listings by wrong fact: never corrected", "share", "corrected", never_corrected, (),
             ("lists",)),
    Question("learnt_by_notice", "Of those hit on their own account: learnt of it by a notice", "share", "learnt",
             partial(learnt, how="notice"), LEARNT, ("procedure.notice",)),
    Question("learnt_by_refusal", "Of those hit on their own account: learnt of it by being refused", "share",
             "learnt", partial(learnt, how="refused"), LEARNT, ("measures",)),
    Question("not_learnt", "Of those hit on their own account: do not know of it yet", "share", "learnt", not_learnt,
             LEARNT),
    Question("appeal_wait_days", "Days that a decided appeal waited", "days", "waiting", appeal_wait,
             ("queue_wait_days", "queue_decided"), ("procedure.appeal",)),
    Question("appeals_waiting", "Appeals that wait when the run ends", "appeals", "waiting", appeals_waiting,
             ("queue_waiting",), ("procedure.appeal",)),
)  # fmt: skip
