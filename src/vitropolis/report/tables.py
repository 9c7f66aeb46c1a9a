"""The tables of a result: bins, survival, doors, services, groups, the queue of appeals, what it buys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vitropolis.report.bins import DEFINED, PARTS
from vitropolis.report.buys import acts_of_harm, records_of_harm
from vitropolis.report.disparity import AXES, WHAT, rates
from vitropolis.report.exits import corrected, median_days, still_on, wrong_fact
from vitropolis.report.others import DOORS
from vitropolis.report.totals import Totals
from vitropolis.results.lists import STILL_ON, definitions

AFTER = (30, 90, 180, 365, 730)  # days after which survival is shown


@dataclass(frozen=True)
class BinRow:
    """People ever hit on their own account, by bin under one definition of deserving; through others apart."""

    world: str
    definition: str
    wrong_fact: int
    protected: int
    breach: int
    through_others: int


@dataclass(frozen=True)
class SurvivalRow:
    """Black listings (all, or those by wrong fact): how many began and ended, median days (None: not reached), and the
    share still on after so many days; by_week: the same after 0, 1, 2 ... weeks."""

    world: str
    listings: str
    began: int
    ended: int
    corrected: int
    median_days: int | None
    still_on: dict[str, float]
    by_week: list[float]


@dataclass(frozen=True)
class DoorRow:
    """Persons with 1, 2-4, 5-9 and 10 or more services shut at once at the end of the last day."""

    world: str
    one: int
    two_to_four: int
    five_to_nine: int
    ten_and_more: int


@dataclass(frozen=True)
class ServiceRow:
    """One service over the run: person-days shut, requests at closed doors, refusals, needs not even asked for."""

    world: str
    service: str
    person_days: int
    requested: int
    refusals: int
    avoided: int


@dataclass(frozen=True)
class GroupRow:
    """One group: its residents (`base`; the enrolled where residents are not counted), people hit and wrongly hit at
    least once, with rates per 1,000 of the base."""

    world: str
    axis: str
    group: str
    base: int
    hit: int
    hit_per_1000: float | None
    wrongly_hit: int
    wrongly_hit_per_1000: float | None


@dataclass(frozen=True)
class QueueRow:
    """Appeals: filed, gone on to the next instance, decided, lapsed over the run; waiting at its end, and at most (on
    which day); days that those decided had waited. Filed and gone on: decided, lapsed or waiting."""

    world: str
    filed: int
    went_on: int
    decided: int
    lapsed: int
    waiting: int
    most_waiting: int
    most_waiting_on: str
    waited_days: int


@dataclass(frozen=True)
class HarmRow:
    """Harmful acts (gravity 2 and more) that happened, and records of such acts that arrived, in any world."""

    world: str
    acts: int
    records: int


def bin_rows(totals: Totals) -> list[BinRow]:
    """Two rows for each world with a policy: the first and the second definition."""
    if not totals.has(*(f"ever_{defined}_{part}" for defined in DEFINED for part in PARTS), "ever_through"):
        return []
    named = definitions(totals.plan)
    return [
        BinRow(
            totals.name(world),
            named[place],
            wrong_fact=totals.stock(f"ever_{defined}_wrong_fact", world),
            protected=totals.stock(f"ever_{defined}_protected", world),
            breach=totals.stock(f"ever_{defined}_breach", world),
            through_others=totals.stock("ever_through", world),
        )
        for world in totals.played
        for place, defined in enumerate(DEFINED)
    ]


def survival_rows(totals: Totals) -> list[SurvivalRow]:
    """Two rows for each world that has black lists: all black listings, and those that began by wrong fact."""
    return [
        _survival(totals, world, word)
        for world in totals.played
        for word in ("all", "wrong fact")
        if totals.black_lists[world]
    ]


def _survival(totals: Totals, world: int, word: str) -> SurvivalRow:
    stays, days = totals.stays(world), totals.plan.days
    mine = wrong_fact(stays) if word == "wrong fact" else stays
    curve = still_on(mine, days)
    return SurvivalRow(
        world=totals.name(world),
        listings=word,
        began=len(mine),
        ended=int((mine["day_out"] != STILL_ON).sum()),
        corrected=int(corrected(mine).sum()),
        median_days=median_days(mine, days),
        still_on={str(after): float(curve[after]) for after in AFTER if after < min(days, len(curve))},
        by_week=[float(share) for share in curve[::7]],
    )


def door_rows(totals: Totals) -> list[DoorRow]:
    """One row for each world with a policy."""
    if not totals.has(*DOORS):
        return []
    return [DoorRow(totals.name(world), *(totals.stock(name, world) for name in DOORS)) for world in totals.played]


SERVICE_COUNTS = ("service_person_days", "service_requests", "service_refusals", "service_avoided")


def service_rows(totals: Totals) -> list[ServiceRow]:
    """The services that were shut to somebody or asked for at a closed door, most person-days first."""
    if not totals.has(*SERVICE_COUNTS):
        return []
    found = []
    for world in totals.played:
        counts = [totals.by_service(name, world) for name in SERVICE_COUNTS]
        rows = [ServiceRow(totals.name(world), each, *(part[each] for part in counts)) for each in totals.services]
        mine = (row for row in rows if row.person_days or row.requested or row.avoided)
        found += sorted(mine, key=lambda row: (-row.person_days, row.service))
    return found


def group_rows(totals: Totals) -> list[GroupRow]:
    """Every group of every axis, for each world with a policy."""
    if not totals.has(*WHAT.values()):
        return []
    found = []
    for world in totals.played:
        for axis in AXES:
            pairs = zip(rates(totals, world, axis, "hit"), rates(totals, world, axis, "wrongly"), strict=True)
            name = totals.name(world)
            found += [
                GroupRow(name, axis, hit.label, hit.base, hit.people, hit.per_1000, wrong.people, wrong.per_1000)
                for hit, wrong in pairs
            ]
    return found


QUEUE_COUNTS = ("queue_filed", "queue_decided", "queue_lapsed", "queue_waiting", "queue_wait_days", "appeals_filed")


def queue_rows(totals: Totals) -> list[QueueRow]:
    """One row for each world with a policy; none where the run counts no queue."""
    return [_queue(totals, world) for world in totals.played] if totals.has(*QUEUE_COUNTS) else []


def _queue(totals: Totals, world: int) -> QueueRow:
    filed = totals.flow("appeals_filed", world)
    waiting = totals.series("queue_waiting", world)
    most = int(np.argmax(waiting))
    return QueueRow(
        world=totals.name(world),
        filed=filed,
        went_on=totals.queue("queue_filed", world) - filed,
        decided=totals.queue("queue_decided", world),
        lapsed=totals.queue("queue_lapsed", world),
        waiting=int(waiting[-1]),
        most_waiting=int(waiting[most]),
        most_waiting_on=totals.plan.date(most).isoformat(),
        waited_days=totals.queue("queue_wait_days", world),
    )


def harm_rows(totals: Totals) -> list[HarmRow]:
    """One row for each world, the twin included."""
    return [
        HarmRow(totals.name(each), acts_of_harm(totals, each), records_of_harm(totals, each)) for each in totals.worlds
    ]
