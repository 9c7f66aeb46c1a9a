"""Which records bring a trigger about: exact for scores, caps, bands and ceilings; leaf by leaf where triggers are
joined.

Asked with a set of behaviours that may be used, it answers how decisive those are: a walk of life is *necessary* for a
measure if nothing else can bring it about, *sufficient* if it can alone (Guidelines C(2025) 5052, paragraph 161).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from typing import Any

from vitropolis.lint.arithmetic import Move, Reach, reach_down, reach_up
from vitropolis.lint.views import BehaviourView
from vitropolis.policy.schema import Policy
from vitropolis.policy.triggers import (
    AllTrigger,
    AnyTrigger,
    BandTrigger,
    ListedTrigger,
    RankTrigger,
    RecordsTrigger,
    ScoreTrigger,
    Trigger,
)
from vitropolis.policy.values import Value

Witness = tuple[tuple[str, int, int], ...]
"""Records that bring something about: (behaviour, how many, points each; 0 where points do not matter)."""

Take = Callable[[Value[Any]], Any]


def _fewest(witnesses: Iterable[Witness | None]) -> Witness | None:
    """The witness of fewest records, the first of several."""
    found = [each for each in witnesses if each is not None]
    return min(found, key=lambda each: sum(times for _, times, _ in each), default=None)


class Satisfier:
    """Answers for one policy on one day. `take` gives a value on that day."""

    def __init__(self, policy: Policy, behaviours: Mapping[str, BehaviourView], take: Take) -> None:
        self.policy, self.behaviours, self.take = policy, behaviours, take
        self._reach = cache(self._make_reach)
        self._found: dict[tuple[int, frozenset[str], bool], Witness | None] = {}

    def witness(self, trigger: Trigger, allowed: Collection[str], up: bool = False) -> Witness | None:
        """Records of `allowed` behaviours that make a trigger hold; None if there are none.

        `up`: credits alone move a score (rewards), else deductions alone.
        """
        key = (id(trigger), frozenset(allowed), up)
        if key not in self._found:
            self._found[key] = self._witness(trigger, key[1], up, frozenset())
        return self._found[key]

    def _witness(self, trigger: Trigger, allowed: frozenset[str], up: bool, seen: frozenset[str]) -> Witness | None:
        if isinstance(trigger, AnyTrigger):
            return _fewest(self._witness(part, allowed, up, seen) for part in trigger.of)
        if isinstance(trigger, AllTrigger):
            made = [self._witness(part, allowed, up, seen) for part in trigger.of]
            whole = [part for part in made if part is not None]
            return tuple(dict.fromkeys(each for part in whole for each in part)) if len(whole) == len(made) else None
        if isinstance(trigger, RecordsTrigger):
            return self._records(trigger, allowed)
        if isinstance(trigger, ListedTrigger):
            return self._listed(trigger.lists, allowed, up, seen)
        return self._scored(trigger, allowed, up, seen)

    def _records(self, trigger: RecordsTrigger, allowed: frozenset[str]) -> Witness | None:
        """The live records it needs; of behaviours of which fewer may count at once, several."""
        left, found = trigger.count or 1, []
        for name in trigger.behaviours:
            if name in allowed and left > 0:
                most = self._most(self.behaviours[name])
                times = left if most is None else min(left, most)
                found.append((name, times, 0))
                left -= times
        return None if left > 0 else tuple(found)

    def _listed(
        self, names: Collection[str], allowed: frozenset[str], up: bool, seen: frozenset[str]
    ) -> Witness | None:
        left = [name for name in names if name not in seen]
        return _fewest(self._witness(self.policy.lists[name].trigger, allowed, up, seen | {name}) for name in left)

    def _scored(
        self,
        trigger: BandTrigger | ScoreTrigger | RankTrigger,
        allowed: frozenset[str],
        up: bool,
        seen: frozenset[str],
    ) -> Witness | None:
        """By points; else by a ceiling that sets the band itself."""
        score = self.policy.scores[trigger.score]
        if isinstance(trigger, RankTrigger) or score.normalisation == "relative_rank":
            return self._any_move(trigger.score, allowed, up)
        reach = self._reach(trigger.score, frozenset(allowed), up)
        for low, high in self.intervals(trigger):
            found = reach.witness(low, high)
            if found is not None:
                return found
        return self._by_ceiling(trigger, allowed, up, seen) if isinstance(trigger, BandTrigger) else None

    def _by_ceiling(
        self, trigger: BandTrigger, allowed: frozenset[str], up: bool, seen: frozenset[str]
    ) -> Witness | None:
        for name in sorted(allowed):
            if self.behaviours[name].item.band_ceiling.get(trigger.score) in trigger.bands:
                return ((name, 1, 0),)
        lists = [
            name
            for name, listing in self.policy.lists.items()
            if listing.band_ceiling.get(trigger.score) in trigger.bands
        ]
        return self._listed(lists, allowed, up, seen)

    def _any_move(self, score: str, allowed: frozenset[str], up: bool) -> Witness | None:
        """A ranking has no thresholds: whoever has one record more may be the one who falls into the share."""
        for name, behaviour in self.behaviours.items():
            points = [each for each in behaviour.points.get(score, ()) if (each > 0) == up and each]
            if name in allowed and points:
                return ((name, 1, points[0]),)
        return None

    def intervals(self, trigger: BandTrigger | ScoreTrigger) -> tuple[tuple[int, int], ...]:
        """The scores at which a trigger holds, as closed intervals, the highest first."""
        score = self.policy.scores[trigger.score]
        low, high = self.take(score.range)
        if isinstance(trigger, ScoreTrigger):
            if trigger.below is not None:
                return ((low, min(high, self.take(trigger.below) - 1)),)
            return ((max(low, self.take(trigger.at_least)) if trigger.at_least else low, high),)
        ladder = self.ladder(trigger.score)
        return tuple((lower, upper) for name, lower, upper in ladder if name in trigger.bands)

    def ladder(self, score: str) -> tuple[tuple[str, int, int], ...]:
        """Bands with their lowest and highest score, best first."""
        item = self.policy.scores[score]
        bands = sorted(((self.take(band.lower), name) for name, band in item.bands.items()), reverse=True)
        found, above = [], self.take(item.range)[1] + 1
        for lower, name in bands:
            found.append((name, lower, above - 1))
            above = lower
        return tuple(found)

    def _most(self, behaviour: BehaviourView) -> int | None:
        return self.take(behaviour.item.max_counted) if behaviour.item.max_counted else None

    def _make_reach(self, score: str, allowed: frozenset[str], up: bool) -> Reach:
        item = self.policy.scores[score]
        start, (low, high) = self.take(item.start), self.take(item.range)
        moves = []
        for name, behaviour in self.behaviours.items():
            steps = {abs(each) for each in behaviour.points.get(score, ()) if each and (each > 0) == up}
            if name in allowed and steps:
                moves.append(Move(name, tuple(sorted(steps)), self._most(behaviour)))
        moves.sort(key=lambda move: -move.steps[-1] * (move.most or high - low))  # so that few of them tell the tale
        return reach_up(start, high, moves) if up else reach_down(start, low, moves)
