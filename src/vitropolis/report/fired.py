"""`never fired`: every behaviour, band, list, measure, spill-over and safeguard, with how often it acted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vitropolis.report.rules import Rules
from vitropolis.report.silence import Silence
from vitropolis.report.totals import Totals

METHODS = {
    "fired": "Every element of the policy that the run plays, with how often it acted. Residents are those it met at "
    "least once (null: persons are not told apart). Residents of a measure: on their own account, and under any one "
    "with the same trigger, while `times` counts those whom it met through others too.",
}


@dataclass(frozen=True)
class FiredRow:
    """One element of a world's policy: how often it fired, how many residents it met (None: not told apart). Residents
    of measures: on their own account.

    reason: why it never did, where that can be told from what was counted.
    """

    world: str
    element: str
    line: str
    times: int
    residents: int | None
    reason: str


def fired_rows(totals: Totals) -> list[FiredRow]:
    """Every element that the run plays, world after world, in the order of `run.json`."""
    return [row for world in totals.played for row in _rows(totals, world)]


def never(rows: Iterable[FiredRow]) -> list[FiredRow]:
    """The elements that never fired."""
    return [row for row in rows if not row.times]


def _rows(totals: Totals, world: int) -> list[FiredRow]:
    rules, silent = Rules(totals, world), Silence(totals, world)
    return [
        FiredRow(
            world=totals.name(world),
            element=element,
            line=rules.line(element),
            times=said["times"] or 0,
            residents=said["residents"],
            reason="" if said["times"] else silent.reason(element),
        )
        for element, said in totals.times(world).items()
    ]
