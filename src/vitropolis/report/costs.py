"""Question 11: what error and redress cost the people and the offices."""

from __future__ import annotations

from functools import partial

from vitropolis.report.bins import own_hits
from vitropolis.report.exits import OWN
from vitropolis.report.question import Found, Question, ratio
from vitropolis.report.totals import Totals

WRONG, RIGHT = ("upheld_wrong", "refused_wrong"), ("upheld_right", "refused_right")
ANSWERS = ("procedure.appeal", "procedure.correction")
METHODS = {
    "appeals": "Appeals filed over the run, per 1,000 people hit on their own account; an appeal that goes on to the "
    "next instance is not counted again.",
    "upheld": "Answers that arrived to appeals against a record that was wrong (or right): the share that was upheld.",
    "staff": "Appeals decided in the run, divided by the cases that one member of staff decides in a day (assumption "
    "`redress.cases_a_staff_day`). Answers given because a time limit was over cost nothing here. The "
    "numerator is the appeals decided; the value is days of work.",
    "objections": "Objections raised before a listing took effect: the share that was upheld.",
}


def appeals(totals: Totals, world: int) -> Found:
    """Appeals filed per 1,000 people hit on their own account."""
    return ratio(totals.flow("appeals_filed", world), own_hits(totals, world), 1000)


def upheld(totals: Totals, world: int, of: tuple[str, str]) -> Found:
    """The share upheld of appeals against records that were wrong, or right."""
    return ratio(totals.flow(of[0], world), totals.flows(of, world))


def staff_days(totals: Totals, world: int) -> Found:
    """Days of work that deciding the appeals took."""
    decided = totals.queue("queue_decided", world)
    pace = totals.plan.worlds[world].assumptions.redress.cases_a_staff_day.value
    return Found(decided / pace, decided) if pace else Found(None, decided, status="undefined: nobody decides")


def objections_upheld(totals: Totals, world: int) -> Found:
    """The share of objections that was upheld."""
    return ratio(totals.flow("objections_upheld", world), totals.flow("objections", world))


COSTS = (
    Question("appeals_per_1000_hit", "Appeals filed", "per 1,000 hit on their own account", "appeals", appeals,
             ("appeals_filed", *OWN), ("procedure.appeal",)),
    Question("wrong_upheld", "Of appeals against a wrong record: upheld", "share", "upheld", partial(upheld, of=WRONG),
             WRONG, ANSWERS),
    Question("right_upheld", "Of appeals against a right record: upheld", "share", "upheld", partial(upheld, of=RIGHT),
             RIGHT, ANSWERS),
    Question("staff_days", "Days of work that deciding the appeals takes", "staff-days", "staff", staff_days,
             ("queue_decided",), ("procedure.appeal",)),
    Question("objections_upheld", "Of objections before a listing: upheld", "share", "objections", objections_upheld,
             ("objections", "objections_upheld"), ("procedure.objection",)),
)  # fmt: skip
