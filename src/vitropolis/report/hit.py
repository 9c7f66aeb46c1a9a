"""Questions 1, 2 and 12: how many people are hit, how many wrongly, and for how many wrong records."""

from __future__ import annotations

from vitropolis.report.question import ANY_ACCOUNT, Found, Question, of_enrolled, ratio
from vitropolis.report.totals import Totals
from vitropolis.results.weekly import HEADS, WRONG

OWN_WRONG = "ever_first_wrong_fact"  # the bin of all who were ever wrongly hit on their own account
METHODS = {
    "hit": "Somebody is hit from the first day on which they are on a black list or under a punishing measure, on "
    "their own account or because a measure or listing of somebody in their household is carried to them. A lost "
    "point alone is no hit. Counted are persons, once each, over the whole run; the rate is per 1,000 enrolled on the "
    "last day. People who are not enrolled themselves can be hit through others.",
    "wrongly_hit": "Somebody is wrongly hit if on at least one day a black list would not have begun, or a punishing "
    "measure would not hold, without wrong records (misattributed, wrong content, duplicate, stale, invented, found "
    "for a quota).",
    "wrongly_hit_own": "People wrongly hit on their own account: their own black listing would not have begun, or a "
    "punishing measure would not hold for them, without wrong records.",
    "wrongly_hit_through": "All other people wrongly hit: on at least one day everything that hit them through others "
    "in their household rested on wrong records, and they were never wrongly hit on their own account. Some of them "
    "were hit on their own account too, but not wrongly.",
    "amplification": "People wrongly hit, once each, divided by the wrong records that arrived in the run. It is what "
    "the system adds to what its data get wrong: stacking, households, waiting, records never corrected. Records still "
    "on their way at the end do not count.",
    "wrong_records": "Wrong records that arrived, divided by all records that arrived.",
    "chance": "Of everybody enrolled on the last day, less those hit on their own account whose bin is breach as "
    "recorded (first definition of deserving): the share whose bin is wrong fact, so who were wrongly hit on their own "
    "account at least once in the run's time. Nobody's honesty is known: somebody hit for a breach and wrongly too is "
    "under wrong fact, and somebody whose breaches led to nothing is among those it is a share of. Being hit through "
    "others does not count here.",
}  # fmt: skip


def hit(totals: Totals, world: int) -> Found:
    """People hit at least once, per 1,000 enrolled on the last day."""
    return of_enrolled(totals.stock("ever_hit", world), totals.stock("enrolled", world))


def hit_now(totals: Totals, world: int) -> Found:
    """People hit on the last day, on their own account or through others, per 1,000 enrolled then."""
    now = totals.stock("hit_now", world) + totals.stock("through_now", world)
    return of_enrolled(now, totals.stock("enrolled", world))


def wrongly_hit(totals: Totals, world: int) -> Found:
    """People wrongly hit at least once, per 1,000 enrolled on the last day."""
    return of_enrolled(totals.stock("ever_wrongly", world), totals.stock("enrolled", world))


def wrongly_hit_own(totals: Totals, world: int) -> Found:
    """People ever wrongly hit on their own account, per 1,000 enrolled on the last day."""
    return of_enrolled(totals.stock(OWN_WRONG, world), totals.stock("enrolled", world))


def wrongly_hit_through(totals: Totals, world: int) -> Found:
    """The other people wrongly hit: only ever through others, per 1,000 enrolled on the last day."""
    others = totals.stock("ever_wrongly", world) - totals.stock(OWN_WRONG, world)
    return of_enrolled(others, totals.stock("enrolled", world))


def amplification(totals: Totals, world: int) -> Found:
    """People wrongly hit per wrong record that arrived."""
    return ratio(totals.stock("ever_wrongly", world), totals.flows(WRONG, world))


def wrong_records(totals: Totals, world: int) -> Found:
    """Wrong records per 10,000 records that arrived."""
    return ratio(totals.flows(WRONG, world), totals.flows(HEADS["records"], world), 10_000)


def wrong_fact_chance(totals: Totals, world: int) -> Found:
    """Of the enrolled less those hit for a breach as recorded: the share hit by wrong fact, on their own account."""
    others = totals.stock("enrolled", world) - totals.stock("ever_first_breach", world)
    return ratio(totals.stock("ever_first_wrong_fact", world), others)


HIT = (
    Question("hit_per_1000", "People hit at least once", "per 1,000 enrolled", "hit", hit, ("ever_hit",),
             ANY_ACCOUNT),
    Question("hit_now_per_1000", "People hit on the last day", "per 1,000 enrolled", "hit", hit_now,
             ("hit_now", "through_now"), ANY_ACCOUNT),
    Question("wrongly_hit_per_1000", "People wrongly hit at least once", "per 1,000 enrolled", "wrongly_hit",
             wrongly_hit, ("ever_wrongly",), ANY_ACCOUNT),
    Question("wrongly_hit_own_per_1000", "People wrongly hit on their own account", "per 1,000 enrolled",
             "wrongly_hit_own", wrongly_hit_own, (OWN_WRONG,)),
    Question("wrongly_hit_through_others_per_1000", "People wrongly hit only through others in their household",
             "per 1,000 enrolled", "wrongly_hit_through", wrongly_hit_through, ("ever_wrongly", OWN_WRONG),
             ("spillover",)),
)  # fmt: skip
AMPLIFICATION = (
    Question("wrongly_hit_per_wrong_record", "People wrongly hit for each wrong record", "people per wrong record",
             "amplification", amplification, ("ever_wrongly",), ANY_ACCOUNT),
    Question("wrong_records_per_10000", "Wrong records among those that arrived", "per 10,000 records",
             "wrong_records", wrong_records, (), ()),
)  # fmt: skip
CHANCE = (
    Question("wrong_fact_chance", "Of those enrolled and not hit for a breach as recorded: hit by wrong fact", "share",
             "chance", wrong_fact_chance, ("ever_first_wrong_fact", "ever_first_breach")),
)  # fmt: skip
