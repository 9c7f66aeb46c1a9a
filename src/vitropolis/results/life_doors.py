"""What a life says of doors: who is reached through others, which measures meet the resident, what is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vitropolis.base.draws import Stream, philox
from vitropolis.city.city import ROLE_LABELS
from vitropolis.model.measures import measures_of, spills_of
from vitropolis.model.rules import OFFICE, PERSON_SERVICES, RELATIONS
from vitropolis.policy import SERVICES, polarity
from vitropolis.policy.schema import Measure, Spill
from vitropolis.policy.triggers import CarriesListing, CarriesMeasure, Delay, Deny, Price, Restrict, Withdraw
from vitropolis.results.life_entries import Entry, WorldDays
from vitropolis.results.life_files import said
from vitropolis.results.replay_one import Seen

SHUT, DEARER, GOOD, OTHER = "doors", "dearer", "advantage", ""
FEW = 8  # services that a line names, the most essential first
BEGINS = {SHUT: "DOORS SHUT", DEARER: "dearer or later", GOOD: "advantages"}
ENDS = {SHUT: "doors open again", DEARER: "no longer dearer or later", GOOD: "advantages end"}


class Doors:
    """One world's doors in a life."""

    def __init__(self, side: WorldDays) -> None:
        self.side, self.world = side, side.world
        self.measures = list(measures_of(side.world).items())
        self.spills = list(spills_of(side.world).items())

    def entries(self, before: Seen | None, seen: Seen) -> Iterator[Entry]:
        """What changed on a day, and what was asked for in vain."""
        yield from self._carried(before, seen)
        yield from self._met(before, seen)
        yield from self._work(before, seen)
        for asked in seen.asked:
            if asked.world == self.side.number:
                yield self._request(seen, asked.service, asked.tries, asked.refusals, asked.stayed)

    def shut(self, seen: Seen) -> frozenset[str]:
        """The services whose door is shut to the resident after a day."""
        return frozenset(item.service for _, item in self._of(seen) if self._kind(seen, item) == SHUT)

    def _of(self, seen: Seen | None) -> list[tuple[str, Measure]]:
        met = seen.met[self.side.number] if seen else 0
        return [named for place, named in enumerate(self.measures) if (met >> place) & 1]

    def _kind(self, seen: Seen, item: Measure) -> str:
        """What a measure means to whom it meets, on a day."""
        day, action = self.side.date(seen.day), item.action
        if isinstance(action, Deny | Withdraw | Restrict):
            return SHUT
        if (isinstance(action, Price) and action.factor.on(day) > 1) or (
            isinstance(action, Delay) and action.days.on(day) > 0
        ):
            return DEARER
        return GOOD if polarity(action, day) == "reward" else OTHER

    def _met(self, before: Seen | None, seen: Seen) -> Iterator[Entry]:
        old, new = self._of(before), self._of(seen)
        was = self.shut(before) if before else frozenset()
        for kind in (SHUT, DEARER, GOOD):
            for words, some, others in ((BEGINS, new, old), (ENDS, old, new)):
                mine = [(name, item) for name, item in some if (name, item) not in others]
                mine = [(name, item) for name, item in mine if self._kind(seen, item) == kind]
                if kind == SHUT:
                    known = was if words is BEGINS else self.shut(seen)
                    mine = [(name, item) for name, item in mine if item.service not in known]
                if mine:
                    yield self._change(seen, words[kind], mine)

    def _change(self, seen: Seen, words: str, measures: Sequence[tuple[str, Measure]]) -> Entry:
        services = list(dict.fromkeys(item.service for _, item in measures))
        services.sort(key=lambda service: SERVICES[service].level, reverse=True)
        left = f" and {len(services) - FEW} more" if len(services) > FEW else ""
        count = f" ({len(services)})" if len(services) > 1 else ""
        text = f"{words}{count}: {', '.join(map(said, services[:FEW]))}{left}"
        source = self.world.policy.source
        elements = [{"element": f"measures.{name}", "line": source.line_of(f"measures.{name}"), "service": item.service}
                    for name, item in measures]  # fmt: skip
        more = "" if len(measures) == 1 else f" and {len(measures) - 1} more"
        return self.side.entry(
            seen, "doors", text, f"measures.{measures[0][0]}", more=more, services=services, measures=elements
        )

    def _carried(self, before: Seen | None, seen: Seen) -> Iterator[Entry]:
        place, number = self.side.replay.place, self.side.number
        was, now = (int(each.columns["carried"][number, place]) if each else 0 for each in (before, seen))
        for bit, (name, item) in enumerate(self.spills):
            if ((now & ~was) >> bit) & 1:
                yield self._reached(seen, bit, name, item)
            if ((was & ~now) >> bit) & 1:
                whom = "a firm" if item.to == "legal_rep" else "the household"
                text = f"no longer reached through {whom}: {said(_carries(item))}"
                yield self.side.entry(seen, "through", text, f"spillover.{name}")

    def _reached(self, seen: Seen, bit: int, name: str, item: Spill) -> Entry:
        """A spill-over that begins: through whom, how these stand, and the services that it shuts."""
        side, places = self.side, source_places(self.side, bit, seen)
        who = [(relative(side, place), stands(side, place, seen)) for place in places]
        if item.to == "legal_rep":
            who = [("a firm of which they are the legal representative", "")]
        met = int(seen.rules["spill_measures"][side.number, bit])
        carried = [each for place, (_, each) in enumerate(self.measures) if (met >> place) & 1]
        shut = list(dict.fromkeys(each.service for each in carried if self._kind(seen, each) == SHUT))
        text = f"REACHED THROUGH {' and '.join(', '.join(filter(None, each)) for each in who)}: {said(_carries(item))}"
        facts = {"through": [name for name, _ in who], "standing": [how for _, how in who], "services": shut}
        members = [side.replay.first + place for place in places]
        return side.entry(seen, "through", text, f"spillover.{name}", members=members, **facts)

    def _work(self, before: Seen | None, seen: Seen) -> Iterator[Entry]:
        """Work lost through the firm, and found again."""
        place, number = self.side.replay.place, self.side.number
        was, now = (int(each.columns["away"][place]) >> number & 1 if each else 0 for each in (before, seen))
        if now and not was:
            yield self.side.entry(seen, "work", "LAID OFF: the employer has lost orders")
        if was and not now:
            yield self.side.entry(seen, "work", "finds other work")

    def _may_refuse(self, seen: Seen, item: Measure) -> bool:
        """Whether requests may fail at a measure: at a shut door, or for want of a raised deposit."""
        action = item.action
        asks_more = isinstance(action, Price) and action.of == "deposit" and self._kind(seen, item) == DEARER
        return asks_more or self._kind(seen, item) == SHUT

    def _request(self, seen: Seen, service: int, tries: int, refusals: int, stayed: bool) -> Entry:
        name = PERSON_SERVICES[service]
        by = next((key for key, item in self._of(seen) if item.service == name and self._may_refuse(seen, item)), "")
        times = "" if tries == 1 else f" {tries} times"
        text = f"asks{times} for {said(name)}: " + ("REFUSED" if refusals else "served, dearer or later")
        text = f"needs {said(name)} and does not even ask" if stayed else text
        facts = {"service": name, "requests": tries, "refusals": refusals, "avoided": stayed}
        return self.side.entry(seen, "request", text, f"measures.{by}" if by and refusals else "", **facts)


def _carries(item: Spill) -> str:
    carried = item.carries
    if isinstance(carried, CarriesMeasure):
        return carried.measure
    return carried.list if isinstance(carried, CarriesListing) else ""


OTHER_MEMBER = "another member of the household"
RELATIVES = {  # (role of the resident, role of the other): what the other is to the resident
    ("child", "head"): "a parent (the head)", ("child", "spouse"): "a parent (the head's spouse)",
    ("head", "spouse"): "the spouse", ("spouse", "head"): "the spouse (the head)",
    ("head", "child"): "a child", ("spouse", "child"): "a child",
    ("head", "parent"): "a parent", ("spouse", "parent"): "a parent-in-law",
    ("parent", "head"): "a child (the head)", ("parent", "spouse"): "a child-in-law",
    ("child", "child"): "a brother or sister", ("child", "parent"): "a grandparent",
    ("parent", "child"): "a grandchild",
    ("parent", "parent"): "the other parent of the head",
}  # fmt: skip
HEADS = ("head", "spouse")


def relative(side: WorldDays, place: int) -> str:
    """What another member of the household (by place) is to the resident."""
    roles = [ROLE_LABELS[side.replay.roles[each]] for each in (side.replay.place, place)]
    return RELATIVES.get((roles[0], roles[1]), OTHER_MEMBER)


def stands(side: WorldDays, place: int, seen: Seen) -> str:
    """On which black lists a member of the household is, and by wrong fact or not; else in which bands."""
    on, wronged = (int(seen.columns[name][side.number, place]) for name in ("lists", "wronged"))
    lists = [
        f"on black list {name}" + (" by wrong fact" if (wronged >> bit) & 1 else "")
        for bit, (name, item) in enumerate(side.world.lists.items())
        if item.polarity == "black" and (on >> bit) & 1
    ]
    bands = [f"in band {band} of {name}" for name, _, band in side.standing_at(seen, place)]
    return " and ".join(lists or bands) or "under that measure"


def source_places(side: WorldDays, bit: int, seen: Seen) -> list[int]:
    """Places in the household of the relatives, known to the register, whose own standing a spill-over carries."""
    rules, number, mine = seen.rules, side.number, side.replay.place
    if int(rules["spill_to"][number, bit]) == OFFICE:
        return []
    listed, column, at = int(rules["spill_list"][number, bit]), "held", int(rules["spill_class"][number, bit])
    if listed >= 0:
        column, at = "lists", listed
    relation = RELATIONS[int(rules["spill_to"][number, bit])]
    held, known = seen.columns[column][number], int(rules["spill_known"][number, bit])
    found = [place for place in range(len(held)) if place != mine and (int(held[place]) >> at) & 1]
    return [place for place in found if _related(side, relation, place) and _lot(side, place, bit) < known]


def _related(side: WorldDays, relation: str, source: int) -> bool:
    """Whether the resident is the relative whom a spill-over to `relation` means (docs/mechanisms.md, section 10)."""
    theirs, mine = (ROLE_LABELS[side.replay.roles[place]] for place in (source, side.replay.place))
    if "collective" in (theirs, mine):
        return False
    if relation == "child":
        return theirs in HEADS and mine == "child"
    if relation == "spouse":
        return theirs in HEADS and mine in HEADS
    if relation == "parent":
        return (theirs == "child" and mine in HEADS) or (theirs in HEADS and mine == "parent")
    return True


def _lot(side: WorldDays, source: int, bit: int) -> int:
    """The draw by which the register knows of a relation, or does not."""
    resident = side.replay.first + side.replay.place
    return int(philox(resident, 0, Stream.SPILL, source << 3 | bit, side.plan.chance)[0])
