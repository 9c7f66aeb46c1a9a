"""`never fired`: every behaviour, band, list, measure, spill-over and safeguard, with how often it acted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vitropolis.policy import CONDUCT, PERSON_WORDS, Policy, leaves
from vitropolis.policy.triggers import (
    BandTrigger,
    CarriesListing,
    CarriesMeasure,
    ListedTrigger,
    RecordsTrigger,
    Trigger,
)
from vitropolis.policy.values import Dated, Value
from vitropolis.report.rules import Rules
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


class Silence:
    """Why an element of one world never fired."""

    def __init__(self, totals: Totals, world: int) -> None:
        plan = totals.plan
        self.totals, self.world = totals, world
        self.policy: Policy = plan.worlds[world].policy
        self.first, self.last = plan.date(0), plan.date(plan.days - 1)
        self.times = {element: said["times"] or 0 for element, said in totals.times(world).items()}

    def reason(self, element: str) -> str:
        """A few words, or nothing where the counts do not say."""
        section, _, name = element.partition(".")
        held = getattr(self.policy, section, None)
        item = held.get(name) if isinstance(held, dict) else None
        if isinstance(item, Dated) and not _ever_in_force(item.starts_on, item.ends_before, self.first, self.last):
            return "not in force in the run's time"
        if section == "behaviours" and item is not None:
            return self._unrecorded(item.conduct)
        if section in ("lists", "measures") and item is not None:
            return self._untriggered(item.trigger)
        if section == "spillover" and item is not None:
            return self._nothing_carried(item.carries)
        if section == "procedure" and held is not None:
            return self._not_provided(getattr(held, name, None))
        if section == "scores":
            return "nobody's score fell there"
        return ""

    def _unrecorded(self, conduct: Iterable[str]) -> str:
        places = [PERSON_WORDS.index(word) for word in conduct if CONDUCT[word].subject == "person"]
        if not places or not self.totals.has("acts_by_word", "records_by_word"):
            return ""
        acts = int(self.totals.by_word("acts_by_word", self.world)[places].sum())
        records = int(self.totals.by_word("records_by_word", self.world)[places].sum())
        if records:
            return "its conduct was recorded as another behaviour"
        return f"done {acts:,} times, never recorded" if acts else "nobody did it"

    def _untriggered(self, trigger: Trigger) -> str:
        named = [element for leaf in leaves(trigger) for element in _named(leaf)]
        known = [element for element in named if element in self.times]
        if named and len(known) == len(named) and not any(self.times[element] for element in known):
            return f"waits for {', '.join(known[:3])}{' ...' if len(known) > 3 else ''}"
        return ""

    def _not_provided(self, part: object) -> str:
        said = getattr(part, "available", None) or getattr(part, "when", None)
        held = said.all if isinstance(said, Value) else (said,)
        return "the policy does not provide it" if set(held) <= {False, "none"} else ""

    def _nothing_carried(self, carries: object) -> str:
        if isinstance(carries, CarriesListing) and not self.times.get(f"lists.{carries.list}", 1):
            return f"waits for lists.{carries.list}"
        if isinstance(carries, CarriesMeasure) and not self.times.get(f"measures.{carries.measure}", 1):
            return f"waits for measures.{carries.measure}"
        return ""


def _named(leaf: object) -> list[str]:
    """The elements that a condition waits for; of a score or rank, none."""
    if isinstance(leaf, RecordsTrigger):
        return [f"behaviours.{name}" for name in leaf.behaviours]
    if isinstance(leaf, BandTrigger):
        return [f"scores.{leaf.score}.bands.{band}" for band in leaf.bands]
    if isinstance(leaf, ListedTrigger):
        return [f"lists.{name}" for name in leaf.lists]
    return [""]


def _ever_in_force(starts_on: date | None, ends_before: date | None, first: date, last: date) -> bool:
    return (starts_on is None or starts_on <= last) and (ends_before is None or ends_before > first)
