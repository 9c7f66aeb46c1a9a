"""contrib(m): which behaviours lead to a measure, and on which way. Computed by following triggers back to records.

Points that move a score the way in which a sanction lies, listings and ceilings lead to sanctions; all points lead to
rewards, since who is deducted is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import heappop, heappush

from vitropolis.lint.finding import Hop
from vitropolis.lint.sides import BOTH, DOWN, NEITHER, Side, Sides
from vitropolis.lint.views import BehaviourView, Contribution
from vitropolis.policy.schema import Policy
from vitropolis.policy.triggers import BandTrigger, Leaf, ListedTrigger, RecordsTrigger, Trigger, leaves

Tail = tuple[Hop, ...]


class Flows:
    """Ways from records to triggers in one policy."""

    def __init__(self, policy: Policy, behaviours: Mapping[str, BehaviourView], sides: Sides) -> None:
        self.policy, self.behaviours, self.sides = policy, behaviours, sides
        self._kept: dict[tuple[int, bool], tuple[tuple[str, Tail, bool], ...]] = {}
        self._lists: dict[int, tuple[str, ...]] = {}
        self._scores: dict[int, tuple[str, ...]] = {}
        self._asked: dict[int, Trigger] = {}

    def _key(self, trigger: Trigger) -> int:
        """The id of a trigger, which is kept, so that no other can come to bear it."""
        self._asked[id(trigger)] = trigger
        return id(trigger)

    def contributions(self, trigger: Trigger, end: Hop, reward: bool, *more: Hop) -> tuple[Contribution, ...]:
        """Every behaviour that leads to a trigger, once, by its shortest way; `end`, `more`: what that sets off."""
        return tuple(
            Contribution(self.behaviours[name], (*tail, end, *more), lacking)
            for name, tail, lacking in self._shortest(trigger, reward)
        )

    def _shortest(self, trigger: Trigger, reward: bool) -> tuple[tuple[str, Tail, bool], ...]:
        """For each behaviour that leads to a trigger, in the order of the file, the shortest way up to it, ways that
        lead there before those that lead out; kept."""
        key = (self._key(trigger), reward)
        if key not in self._kept:
            found: dict[str, tuple[bool, int, Tail]] = {}
            for name, tail, lacking in self._to(trigger, reward):
                if name not in found or (lacking, len(tail)) < found[name][:2]:
                    found[name] = lacking, len(tail), tail
            self._kept[key] = tuple((name, found[name][2], found[name][0]) for name in self.behaviours if name in found)
        return self._kept[key]

    def lists_of(self, trigger: Trigger) -> tuple[str, ...]:
        """The lists on the way to a trigger, also those that set a ceiling on a score it reads."""
        key = self._key(trigger)
        if key not in self._lists:
            self._lists[key] = self._lists_of(trigger)
        return self._lists[key]

    def _lists_of(self, trigger: Trigger) -> tuple[str, ...]:
        found: dict[str, None] = {}
        waiting = [trigger]
        while waiting:
            for leaf in leaves(waiting.pop()):
                names = leaf.lists if isinstance(leaf, ListedTrigger) else self._ceilings(getattr(leaf, "score", ""))
                fresh = [name for name in names if name not in found]
                found |= dict.fromkeys(fresh)
                waiting += [self.policy.lists[name].trigger for name in fresh]
        return tuple(found)

    def scores_of(self, trigger: Trigger) -> tuple[str, ...]:
        """The scores on the way to a trigger, also on ways that are longer than another for every behaviour."""
        key = self._key(trigger)
        if key not in self._scores:
            self._scores[key] = self._scores_of(trigger)
        return self._scores[key]

    def _scores_of(self, trigger: Trigger) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for each in (trigger, *(self.policy.lists[name].trigger for name in self.lists_of(trigger))):
            found |= {leaf.score: None for leaf in leaves(each) if not isinstance(leaf, RecordsTrigger | ListedTrigger)}
        return tuple(found)

    def _ceilings(self, score: str) -> Iterator[str]:
        return (name for name, listing in self.policy.lists.items() if score in listing.band_ceiling)

    def _to(self, trigger: Trigger, reward: bool) -> Iterator[tuple[str, Tail, bool]]:
        """Behaviours with their tails, the shortest tails first, and whether they lead out. Every list, and every way
        of a score, is gone through once, so neither circles nor lists behind lists behind lists take long."""
        waiting: list[tuple[int, int, Trigger, Tail]] = [(0, 0, trigger, ())]
        seen: set[object] = set()
        while waiting:
            _, _, here, tail = heappop(waiting)
            for leaf in leaves(here):
                if isinstance(leaf, RecordsTrigger):
                    yield from ((name, tail, False) for name in leaf.behaviours)
                    continue
                behind, names = self._behind(leaf, tail)
                if not isinstance(leaf, ListedTrigger):
                    side = Side(BOTH) if reward else self.sides.of(leaf)
                    into, out = (frozenset({way for way in ways if (leaf.score, way, lacking) not in seen})
                                 for ways, lacking in ((side.into, False), (side.out - side.into, True)))  # fmt: skip
                    seen |= {(leaf.score, way, False) for way in into} | {(leaf.score, way, True) for way in out}
                    yield from self._by_score(leaf.score, tail, behind, Side(into, out))
                for name in names:
                    if name not in seen:
                        seen.add(name)
                        longer = (Hop(f"lists.{name}", f"{self.policy.lists[name].polarity} list"), *behind)
                        heappush(waiting, (len(longer), len(seen), self.policy.lists[name].trigger, longer))

    def _behind(self, leaf: Leaf, tail: Tail) -> tuple[Tail, tuple[str, ...]]:
        """The way that lies behind a leaf of a trigger, as far as it is the same for all, and the lists on it."""
        if isinstance(leaf, ListedTrigger):
            return tail, leaf.lists
        score = getattr(leaf, "score", "")
        bands = leaf.bands[:1] if isinstance(leaf, BandTrigger) else ()
        hops = (Hop(f"scores.{score}"), *(Hop(f"scores.{score}.bands.{name}") for name in bands))
        return hops + tail, tuple(self._ceilings(score))

    def _by_score(self, score: str, tail: Tail, behind: Tail, side: Side) -> Iterator[tuple[str, Tail, bool]]:
        for name, behaviour in self.behaviours.items():
            if behaviour.moves(score, side.into):
                yield name, behind, False
            elif score in behaviour.item.band_ceiling and side.into & DOWN:
                yield name, (Hop(f"scores.{score}.bands.{behaviour.item.band_ceiling[score]}", "ceiling"), *tail), False
            elif side.out != NEITHER and behaviour.moves(score, side.out):
                yield name, behind, True
