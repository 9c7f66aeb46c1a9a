"""Which records bring a trigger about: exact for scores, caps, bands and ceilings; leaf by leaf where triggers are
joined.

Asked with a set of behaviours that may be used, it answers how decisive those are: a walk of life is *necessary* for a
measure if nothing else can bring it about, *sufficient* if it can alone (Guidelines C(2025) 5052, paragraph 161).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, cached_property
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
    leaves,
)
from vitropolis.policy.values import Value

Witness = tuple[tuple[str, int, int], ...]
"""Records that bring something about: (behaviour, how many, points each; 0 where points do not matter)."""

Take = Callable[[Value[Any]], Any]


def _fewest(witnesses: Iterable[Witness | None]) -> Witness | None:
    """The witness of fewest records, the first of several."""
    return min((each for each in witnesses if each is not None), key=_records_in, default=None)


def _records_in(witness: Witness) -> int:
    return sum(times for _, times, _ in witness)


def _together(parts: Iterable[Witness]) -> Witness:
    """Witnesses of triggers that have to hold at once: records of one behaviour serve several of them."""
    found: dict[tuple[str, int], int] = {}
    for part in parts:
        for name, times, points in part:
            found[name, points] = max(times, found.get((name, points), 0))
    moved: dict[str, int] = {}
    for (name, points), times in found.items():
        moved[name] = moved.get(name, 0) + (times if points else 0)
    left = {key: times if key[1] else times - moved[key[0]] for key, times in found.items()}
    return tuple((name, times, points) for (name, points), times in left.items() if times > 0)


class Satisfier:
    """Answers for one policy on one day. `take` gives a value on that day."""

    def __init__(self, policy: Policy, behaviours: Mapping[str, BehaviourView], take: Take) -> None:
        self.policy, self.behaviours, self.take = policy, behaviours, take
        self._reach = cache(self._make_reach)
        self._moves = cache(self._make_moves)
        self._found: dict[tuple[int, frozenset[str]], tuple[Trigger, Witness | None]] = {}
        self._listings: dict[frozenset[str], dict[str, Witness]] = {}

    def witness(self, trigger: Trigger, allowed: Collection[str]) -> Witness | None:
        """Records of `allowed` behaviours that make a trigger hold; None if there are none, empty if it holds without.

        A score is moved one way alone: by deductions to what lies below its start, by credits to what lies above.
        """
        key = (id(trigger), frozenset(name for name in allowed if name in self.behaviours))
        if key not in self._found:  # the trigger is kept beside the answer, so that no other can come to bear its id
            self._found[key] = trigger, self._witness(trigger, key[1])
        return self._found[key][1]

    def _witness(self, trigger: Trigger, allowed: frozenset[str]) -> Witness | None:
        if isinstance(trigger, AnyTrigger):
            return _fewest(self._witness(part, allowed) for part in trigger.of)
        if isinstance(trigger, AllTrigger):
            made = [self._witness(part, allowed) for part in trigger.of]
            whole = [part for part in made if part is not None]
            return _together(whole) if len(whole) == len(made) else None
        if isinstance(trigger, RecordsTrigger):
            return self._records(trigger, allowed)
        if isinstance(trigger, ListedTrigger):
            return self._listed(trigger.lists, allowed)
        return self._scored(trigger, allowed)

    def _records(self, trigger: RecordsTrigger, allowed: frozenset[str]) -> Witness | None:
        """The live records it needs; of behaviours of which fewer may count at once, several."""
        left, found = trigger.count or 1, []
        for name in dict.fromkeys(trigger.behaviours):
            if name in allowed and left > 0:
                most = self._most(self.behaviours[name])
                times = left if most is None else min(left, most)
                found.append((name, times, 0))
                left -= times
        return None if left > 0 else tuple(found)

    def _listed(self, names: Collection[str], allowed: frozenset[str]) -> Witness | None:
        known = self._lists(allowed)
        return _fewest(known.get(name) for name in names)

    def _lists(self, allowed: frozenset[str]) -> Mapping[str, Witness]:
        """The lists that records of `allowed` lead to, with the records: in rounds, since ceilings of lists may go
        round in a circle, until a round finds nothing with fewer records."""
        if allowed in self._listings:
            return self._listings[allowed]
        known = self._listings[allowed] = {}
        order, better = self._in_order, True
        while better:
            better = False
            for name in order:
                made = self._witness(self.policy.lists[name].trigger, allowed)
                if made is not None and (name not in known or _records_in(made) < _records_in(known[name])):
                    known[name], better = made, True
        return known

    @cached_property
    def _in_order(self) -> tuple[str, ...]:
        """Lists after those that their triggers name, as far as these do not go round in a circle."""
        behind = {
            name: [other for leaf in leaves(item.trigger) if isinstance(leaf, ListedTrigger) for other in leaf.lists]
            for name, item in self.policy.lists.items()
        }
        found: dict[str, None] = {}
        waiting = [(name, False) for name in reversed(behind)]
        seen: set[str] = set()
        while waiting:
            name, done = waiting.pop()
            if done:
                found[name] = None
            elif name not in seen:
                seen.add(name)
                waiting += [(name, True), *((other, False) for other in behind[name])]
        return tuple(found)

    def _scored(self, trigger: BandTrigger | ScoreTrigger | RankTrigger, allowed: frozenset[str]) -> Witness | None:
        """By points; else by a ceiling that sets the band itself."""
        if isinstance(trigger, BandTrigger):
            return self._banded(trigger, allowed)
        if isinstance(trigger, RankTrigger):
            return self._any_move(trigger.score, allowed, trigger.end == "best")
        if self._ranked(trigger.score):
            return self._any_move(trigger.score, allowed, trigger.below is None)
        moved = (self._moved(trigger.score, low, high, allowed) for low, high in self.intervals(trigger))
        return next((made for made in moved if made is not None), None)

    def _ranked(self, score: str) -> bool:
        return self.policy.scores[score].normalisation == "relative_rank"

    def _upwards(self, score: str, low: int) -> bool:
        """Whether scores from `low` on lie above the start, so that credits lead there."""
        return bool(self.take(self.policy.scores[score].start) < low)

    def _moved(self, score: str, low: int, high: int, allowed: frozenset[str]) -> Witness | None:
        """Records that bring a score into [low, high]; what time without bad records adds does part of it."""
        up = self._upwards(score, low)
        lifts = self._lifts(score, low) if up else (0,)
        made = (self._reach(score, allowed, up).witness(low - lift, high - lift) for lift in lifts)
        return next((each for each in made if each is not None), None)

    def _lifts(self, score: str, low: int) -> Sequence[int]:
        """What a `clean_bonus` can have added on the way to `low`: nothing, once its points, twice, ..."""
        item = self.policy.scores[score]
        if item.clean_bonus is None:
            return (0,)
        points = self.take(item.clean_bonus.points)
        most = self.take(item.clean_bonus.at_most) if item.clean_bonus.at_most else None
        times = -(-(low - self.take(item.start)) // points)
        return range(0, points * min(times, times if most is None else most) + 1, points)

    def _banded(self, trigger: BandTrigger, allowed: frozenset[str]) -> Witness | None:
        """By points, without records whose ceiling lies below the band; else by a ceiling that is the band."""
        ladder = [each for each in self.ladder(trigger.score) if each[0] in trigger.bands]
        start = self.take(self.policy.scores[trigger.score].start)
        ladder.sort(key=lambda each: max(each[1] - start, start - each[2], 0))  # the nearest first
        if self._ranked(trigger.score):
            made = self._ranked_band(trigger, allowed)
            if made is not None:
                return made
        else:
            for band, low, high in ladder:
                made = self._moved(trigger.score, low, high, self._under(trigger.score, band, allowed))
                if made is not None:
                    return made
        ceilings = (self._by_ceiling(trigger.score, band, low, allowed) for band, low, _ in ladder)
        return next((made for made in ceilings if made is not None), None)

    def _ranked_band(self, trigger: BandTrigger, allowed: frozenset[str]) -> Witness | None:
        """By a record that moves towards that half of the ladder on which the bands lie."""
        names = [name for name, _, _ in self.ladder(trigger.score)]
        places = [2 * names.index(band) - (len(names) - 1) for band in trigger.bands]
        ways = [up for up, there in ((False, max(places) >= 0), (True, min(places) <= 0)) if there]
        return next((made for up in ways if (made := self._any_move(trigger.score, allowed, up)) is not None), None)

    def _under(self, score: str, band: str, allowed: frozenset[str]) -> frozenset[str]:
        """Those of `allowed` whose records leave somebody in a band, as far as ceilings go."""
        order = {name: number for number, (name, _, _) in enumerate(self.ladder(score))}
        lower = {name for name in allowed
                 if order.get(self.behaviours[name].item.band_ceiling.get(score, ""), 0) > order[band]}  # fmt: skip
        return allowed - lower if lower else allowed

    def _by_ceiling(self, score: str, band: str, low: int, allowed: frozenset[str]) -> Witness | None:
        """Records or listings whose ceiling is this band (lowest score `low`), of somebody whose points are not below
        it: a ceiling lifts nobody."""
        free, high = self._under(score, band, allowed), self.take(self.policy.scores[score].range)[1]
        for name in sorted(free):
            if self.behaviours[name].item.band_ceiling.get(score) == band:
                made = self._held_down(score, name, low, high, free)
                if made is not None:
                    return made
        lifted = () if self._ranked(score) else self._moved(score, low, high, free)
        lists = [name for name, item in self.policy.lists.items() if item.band_ceiling.get(score) == band]
        listed = self._listed(lists, allowed) if lists and lifted is not None else None
        return None if listed is None or lifted is None else _together([listed, lifted])

    def _held_down(self, score: str, name: str, low: int, high: int, free: frozenset[str]) -> Witness | None:
        """A record of a behaviour with a ceiling, with the credits that it takes to be held down by it."""
        up = self._upwards(score, low)
        points = [each for each in self.behaviours[name].points.get(score, ()) if (each > 0) == up or not each] or [0]
        best = max(points)
        if self._ranked(score) or self.take(self.policy.scores[score].start) + best >= low:
            return ((name, 1, best),)
        if not up:
            return None
        lifted = self._moved(score, low, high, free)
        return None if lifted is None else _together([((name, 1, 0),), lifted])

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
        moves = [move for move in self._moves(score, up) if move.name in allowed]
        return reach_up(start, high, moves) if up else reach_down(start, low, moves)

    def _make_moves(self, score: str, up: bool) -> tuple[Move, ...]:
        """What every behaviour can do in a direction, the strongest first, so that few of them tell the tale."""
        low, high = self.take(self.policy.scores[score].range)
        moves = []
        for name, behaviour in self.behaviours.items():
            steps = {abs(each) for each in behaviour.points.get(score, ()) if each and (each > 0) == up}
            if steps:
                moves.append(Move(name, tuple(sorted(steps)), self._most(behaviour)))
        return tuple(sorted(moves, key=lambda move: -move.steps[-1] * (move.most or high - low)))
