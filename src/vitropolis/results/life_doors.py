"""What a life says of doors: who is reached through others, which measures meet the resident, what is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vitropolis.city.city import ROLE_LABELS
from vitropolis.model.measures import classes_of, measures_of, spills_of
from vitropolis.model.rules import PERSON_SERVICES
from vitropolis.model.worlds import World
from vitropolis.policy import SERVICES, polarity
from vitropolis.policy.schema import Measure, Spill
from vitropolis.policy.triggers import CarriesListing, CarriesMeasure, Delay, Deny, Price, Restrict, Withdraw
from vitropolis.results.life_entries import Entry, WorldDays, said
from vitropolis.results.replay_one import Replay, Seen

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
                who = ", ".join(sources(self.side.replay, self.world, number, item, seen))
                text = f"REACHED THROUGH {who}: {said(_carries(item))}"
                yield self.side.entry(seen, "through", text, f"spillover.{name}", through=who)
            if ((was & ~now) >> bit) & 1:
                text = f"no longer reached through the household: {said(_carries(item))}"
                yield self.side.entry(seen, "through", text, f"spillover.{name}")

    def _request(self, seen: Seen, service: int, tries: int, refusals: int, stayed: bool) -> Entry:
        name = PERSON_SERVICES[service]
        by = next((key for key, item in self._of(seen) if item.service == name and self._kind(seen, item) == SHUT), "")
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


RELATIVES = {
    "head": "the head", "spouse": "the head's spouse", "child": "a child", "parent": "a parent of the head",
    "other": "another member", "collective": "another member",
}  # fmt: skip


def sources(replay: Replay, world: World, number: int, item: Spill, seen: Seen) -> list[str]:
    """The other members of the household whose own standing a spill-over can carry, in words."""
    return [relative(replay, place) for place in source_places(replay, world, number, item, seen)]


def relative(replay: Replay, place: int) -> str:
    """A member of the household as others would say it."""
    return RELATIVES[ROLE_LABELS[replay.roles[place]]]


def source_places(replay: Replay, world: World, number: int, item: Spill, seen: Seen) -> list[int]:
    """The same by place in the household."""
    carried, column, bit = item.carries, "lists", 0
    if isinstance(carried, CarriesMeasure):
        column = "held"
        bit = next(place for place, one in enumerate(classes_of(world)) if carried.measure in one.names)
    elif isinstance(carried, CarriesListing):
        bit = list(world.lists).index(carried.list)
    held = seen.columns[column][number]
    return [place for place in range(len(held)) if place != replay.place and (int(held[place]) >> bit) & 1]
