"""Queues for a limited number of places: who moves up through the green channel, who down, and by which measure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from vitropolis.report.question import NO_TWIN, Found, Question, of_enrolled
from vitropolis.report.totals import Totals

MOVED_BY = ("measures", "spillover")
NEEDS = ("rival_filed", "rival_later_weeks")
METHODS = {
    "places_lost": "Times somebody was not served in a week who would have been by first come, first served, among the "
    "same people waiting and with the same places. As many places are gained by others. One person can lose a place "
    "in several weeks.",
    "displaced": "Weeks of waiting more than in the twin, summed over requests that were served in both worlds and "
    "have ended in both. Requests served earlier than there are not set against them.",
    "crowded_out": "Requests made in both worlds that were served in the twin, and given up here.",
}


@dataclass(frozen=True)
class RivalRow:
    """The queues of one service over the run, in one world (the twin too).

    requested, served, gave_up: requests; waiting: when the run ends; wait_weeks: of those served; places_lost (and
    gained) against first come. Against the last world: weeks later and earlier, served here or there only.
    """

    world: str
    service: str
    requested: int
    served: int
    gave_up: int
    waiting: int
    wait_weeks: int
    places_lost: int
    later_weeks: int
    earlier_weeks: int
    only_here: int
    only_twin: int


@dataclass(frozen=True)
class MovedRow:
    """Places in queues that one measure gave and took over the run."""

    world: str
    measure: str
    gained: int
    lost: int


COLUMNS = (
    "filed", "served", "gave_up", "waiting", "wait_weeks", "moved", "later_weeks", "earlier_weeks", "only_here",
    "only_twin",
)  # fmt: skip


def rival_rows(totals: Totals) -> list[RivalRow]:
    """Every queue of every world."""
    if not totals.has(*NEEDS):
        return []
    services = [str(name) for name in totals.held("rival").last]
    return [
        RivalRow(totals.name(world), service, *(_of_queue(totals, name, world, place) for name in COLUMNS))
        for world in totals.worlds
        for place, service in enumerate(services)
    ]


def _of_queue(totals: Totals, name: str, world: int, queue: int) -> int:
    held = totals.held(f"rival_{name}")
    return int((held.last if name == "waiting" else held.sums)[world, queue].sum())


def moved_rows(totals: Totals) -> list[MovedRow]:
    """The measures that moved somebody in a queue, those that took most places first."""
    from vitropolis.model.measures import measures_of

    if not totals.has(*NEEDS):
        return []
    found = []
    for world in totals.played:
        sums = [totals.held(f"rival_{side}_by_measure").sums[world] for side in ("gained", "lost")]
        rows = [
            MovedRow(totals.name(world), f"measures.{name}", int(sums[0][place]), int(sums[1][place]))
            for place, name in enumerate(measures_of(totals.plan.worlds[world]))
        ]
        found += sorted((row for row in rows if row.gained or row.lost), key=lambda row: (-row.lost, row.measure))
    return found


def _sum(totals: Totals, world: int, name: str) -> int:
    return int(totals.held(f"rival_{name}").sums[world].sum())


def places_lost(totals: Totals, world: int) -> Found:
    """Places lost over the run, per 1,000 enrolled."""
    return of_enrolled(_sum(totals, world, "moved"), totals.stock("enrolled", world))


def beside_twin(totals: Totals, world: int, name: str) -> Found:
    """What is counted against the last world, per 1,000 enrolled; that world must be the twin."""
    if totals.twin is None or totals.twin != totals.worlds[-1]:
        return Found(None, status=NO_TWIN)
    return of_enrolled(_sum(totals, world, name), totals.stock("enrolled", world))


RIVALS = (
    Question("places_lost_per_1000", "Places in queues lost against first come, first served", "per 1,000 enrolled",
             "places_lost", places_lost, NEEDS, MOVED_BY, beside_twin=False),
    Question("displaced_weeks_per_1000", "Weeks of waiting longer than in the twin", "weeks per 1,000 enrolled",
             "displaced", partial(beside_twin, name="later_weeks"), NEEDS, MOVED_BY, beside_twin=False),
    Question("crowded_out_per_1000", "Requests served in the twin only", "per 1,000 enrolled", "crowded_out",
             partial(beside_twin, name="only_twin"), NEEDS, MOVED_BY, beside_twin=False),
)  # fmt: skip
