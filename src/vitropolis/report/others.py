"""Questions 5 and 6: people hit through others, children among them; doors closed, lost access, refusals."""

from __future__ import annotations

from functools import partial

from vitropolis.report.bins import own_hits
from vitropolis.report.exits import OWN
from vitropolis.report.question import Found, Question, of_enrolled, ratio
from vitropolis.report.totals import Totals

CHILDREN = "age=0-14"
DOORS = ("doors_1", "doors_2_4", "doors_5_9", "doors_10")
SHUT_BY = ("measures", "spillover")
METHODS = {
    "others": "People hit through others in their household and never on their own account, divided by the people hit "
    "on their own account, once each, over the whole run. Relatives in another household, employers and firms are not "
    "part of the model: these are not counted.",
    "children": "People aged 0 to 14 among those hit through others and never on their own account.",
    "doors": "A door is a service that a measure refuses, takes away or restricts. Counted are persons by the number "
    "of doors shut to them at once, at the end of the last day; doors shut through others count too.",
    "lost_access": "Person-days with a service shut to somebody, summed over services and the run, whether or not "
    "they needed it.",
    "refused": "Requests that were refused, each attempt counted; somebody who does not know tries again.",
    "avoided": "Needs that people did not even ask for, because they were refused before or know that they are listed.",
}


def others_hit(totals: Totals, world: int) -> Found:
    """People hit through others only, for each person hit on their own account."""
    return ratio(totals.stock("ever_through", world), own_hits(totals, world))


def children(totals: Totals, world: int) -> Found:
    """The share of children among people hit through others only."""
    return ratio(totals.stock("ever_through", world, CHILDREN), totals.stock("ever_through", world))


def doors(totals: Totals, world: int, of: tuple[str, ...]) -> Found:
    """People with so many doors shut on the last day, per 1,000 enrolled."""
    return of_enrolled(sum(totals.stock(name, world) for name in of), totals.stock("enrolled", world))


def lost_access(totals: Totals, world: int) -> Found:
    """Person-days of lost access over the run, for each person enrolled."""
    lost = sum(totals.by_service("service_person_days", world).values())
    return of_enrolled(lost, totals.stock("enrolled", world), 1)


def per_enrolled(totals: Totals, world: int, name: str) -> Found:
    """A flow over the run, per 1,000 enrolled on the last day."""
    return of_enrolled(totals.flow(name, world), totals.stock("enrolled", world))


THROUGH = (
    Question("others_per_person_hit", "People hit through others for each person hit on their own account",
             "people per person hit", "others", others_hit, (*OWN, "ever_through"), ("spillover",)),
    Question("children_among_others", "Children under 15 among those hit through others", "share", "children",
             children, ("ever_through",), ("spillover",)),
)  # fmt: skip
CLOSED = (
    Question("doors_per_1000", "People with at least one service shut on the last day", "per 1,000 enrolled", "doors",
             partial(doors, of=DOORS), DOORS, SHUT_BY),
    Question("doors_10_per_1000", "People with ten or more services shut at once on the last day",
             "per 1,000 enrolled", "doors", partial(doors, of=DOORS[3:]), DOORS[3:], SHUT_BY),
    Question("lost_access_days", "Days of lost access for each person enrolled, over all services",
             "person-days per person", "lost_access", lost_access, ("service_person_days",), SHUT_BY),
    Question("refusals_per_1000", "Requests refused over the run", "per 1,000 enrolled", "refused",
             partial(per_enrolled, name="refusals"), ("refusals",), SHUT_BY),
    Question("needs_avoided_per_1000", "Needs not even asked for over the run", "per 1,000 enrolled", "avoided",
             partial(per_enrolled, name="needs_avoided"), ("needs_avoided",), SHUT_BY),
)  # fmt: skip
