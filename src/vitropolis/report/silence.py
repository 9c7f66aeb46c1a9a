"""Why an element of a policy never fired: what it waits for, as far as the counts of the run say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from vitropolis.policy import CONDUCT, PERSON_WORDS, Policy
from vitropolis.policy.schema import Behaviour, Listing, Measure, Spill
from vitropolis.policy.triggers import (
    AllTrigger,
    AnyTrigger,
    BandTrigger,
    CarriesListing,
    CarriesMeasure,
    Leaf,
    ListedTrigger,
    RankTrigger,
    RecordsTrigger,
    Trigger,
)
from vitropolis.policy.values import Dated, Value
from vitropolis.report.totals import Totals

MOST = 3  # elements that a reason names
HIT = ("ever_hit", "ever_through")
UNUSED = {
    "notice": "no notice reached anybody",
    "objection": "nobody objected",
    "appeal": "nobody appealed",
    "correction": "no objection or appeal was upheld",
}


class Silence:
    """Why an element of one world never fired."""

    def __init__(self, totals: Totals, world: int) -> None:
        plan = totals.plan
        self.totals, self.world = totals, world
        self.policy: Policy = plan.worlds[world].policy
        self.first, self.last = plan.date(0), plan.date(plan.days - 1)
        self.times = {element: said["times"] or 0 for element, said in totals.times(world).items()}

    def reason(self, element: str) -> str:
        """A few words."""
        section, _, name = element.partition(".")
        held = getattr(self.policy, section, None)
        item = held.get(name) if isinstance(held, dict) else None
        if isinstance(item, Dated) and not _ever_in_force(item.starts_on, item.ends_before, self.first, self.last):
            return "not in force in the run's time"
        if isinstance(item, Behaviour):
            return self._unrecorded(item.conduct)
        if isinstance(item, Listing | Measure):
            return self._untriggered(item)
        if isinstance(item, Spill):
            return self._nothing_carried(item)
        if section == "procedure" and held is not None:
            return self._not_provided(getattr(held, name, None)) or self._unused(name)
        if section == "scores":
            firms = self.policy.scores[name.partition(".")[0]].subject == "firm"
            return "no firm's score fell there" if firms else "nobody's score fell there"
        return ""

    def _unrecorded(self, conduct: Iterable[str]) -> str:
        words = list(conduct)
        if any(CONDUCT[word].subject == "firm" for word in words):
            return "no firm had one" if words == ["firm_clean_year"] else "no firm was found at it"
        places = [PERSON_WORDS.index(word) for word in words]
        if not self.totals.has("acts_by_word", "records_by_word"):
            return ""
        acts = int(self.totals.by_word("acts_by_word", self.world)[places].sum())
        records = int(self.totals.by_word("records_by_word", self.world)[places].sum())
        if records:
            return "its conduct was recorded as another behaviour"
        return f"done {acts:,} times, never recorded" if acts else "nobody did it"

    def _untriggered(self, item: Listing | Measure) -> str:
        lacking = self._lacking(item.trigger)
        if lacking:
            return f"waits for {', '.join(lacking[:MOST])}{' ...' if len(lacking) > MOST else ''}"
        trigger = item.trigger
        if isinstance(trigger, RankTrigger):
            return "nobody took such a rank"
        if not isinstance(trigger, AnyTrigger | AllTrigger | RecordsTrigger | BandTrigger | ListedTrigger):
            return f"no {trigger.score} score came there"
        if isinstance(trigger, RecordsTrigger) and (trigger.count or 1) > 1:
            return "nobody had so many records at once"
        if isinstance(item, Listing):
            return "nobody met all its conditions, or who did was passed over"
        return "nobody met its conditions while it was in force"

    def _lacking(self, trigger: Trigger) -> list[str]:
        """Elements that never fired, without which a trigger cannot hold; none, if the counts do not rule it out."""
        if isinstance(trigger, AllTrigger):
            return next((found for part in trigger.of if (found := self._lacking(part))), [])
        if isinstance(trigger, AnyTrigger):
            parts = [self._lacking(part) for part in trigger.of]
            return list(dict.fromkeys(name for part in parts for name in part)) if all(parts) else []
        named = _named(trigger)
        silent = named and all(self.times.get(element, 1) == 0 for element in named)
        return named if silent else []

    def _not_provided(self, part: object) -> str:
        said = getattr(part, "available", None) or getattr(part, "when", None)
        held = said.all if isinstance(said, Value) else (said,)
        return "the policy does not provide it" if set(held) <= {False, "none"} else ""

    def _unused(self, part: str) -> str:
        """Of a safeguard that there is: whom it would have been for."""
        if not any(self.totals.stock(name, self.world) for name in HIT if self.totals.has(name)):
            return "nobody was hit"
        return UNUSED.get(part, "")

    def _nothing_carried(self, spill: Spill) -> str:
        carries = spill.carries
        if isinstance(carries, CarriesListing) and not self.times.get(f"lists.{carries.list}", 1):
            return f"waits for lists.{carries.list}"
        if isinstance(carries, CarriesMeasure) and not self.times.get(f"measures.{carries.measure}", 1):
            return f"waits for measures.{carries.measure}"
        whom = "representative" if spill.to == "legal_rep" else "relative"
        known = f"no {whom} was known to the register"
        return f"{known}, or none was at fault too" if spill.individual_fault_test is True else known


def _named(leaf: Leaf) -> list[str]:
    """The elements that a condition waits for; of a score or rank, none."""
    if isinstance(leaf, RecordsTrigger):
        return [f"behaviours.{name}" for name in leaf.behaviours]
    if isinstance(leaf, BandTrigger):
        return [f"scores.{leaf.score}.bands.{band}" for band in leaf.bands]
    if isinstance(leaf, ListedTrigger):
        return [f"lists.{name}" for name in leaf.lists]
    return []


def _ever_in_force(starts_on: date | None, ends_before: date | None, first: date, last: date) -> bool:
    return (starts_on is None or starts_on <= last) and (ends_before is None or ends_before > first)
