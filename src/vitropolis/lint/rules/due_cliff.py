"""Cliffs: one minor record more, and what happens to somebody is of another kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from vitropolis.lint.finding import Hop, Outcome, Outcomes
from vitropolis.lint.grounds import limit
from vitropolis.lint.rule import rule
from vitropolis.lint.sums import Choice, Window, reached
from vitropolis.lint.truth import FALSE, Truth, known, unknown
from vitropolis.lint.views import BehaviourView, MeasureView
from vitropolis.policy.triggers import (
    AllTrigger,
    AnyTrigger,
    ListedTrigger,
    RankTrigger,
    RecordsTrigger,
    Trigger,
    leaves,
)

if TYPE_CHECKING:
    from vitropolis.lint.case import Case


@rule("DP-CLIFF-1", "cliff", "medium", ("due", "eu"), ("guidelines-167", "due-iccpr-17"))
def cliff(case: Case) -> Outcomes:
    """One minor act flips somebody into a severe band.

    What: a score that can be reached, from which a single record of low gravity leads into a stretch whose measures are
        two steps more severe.
    Why: next to such an edge a trifle decides what a life may hold; the last record is then punished for all the
        others, and an error in one record has the weight of all.
    Fires: one parking fine takes 60 points to 59, and 59 is refused trains.
    Silent: minor acts that move a score between neighbouring steps of price or waiting.
    Fix: add: a warning band between the two, and a least gravity for the severe one; cut: the steps in severity between
        neighbouring bands
    Computed: every score that records can make (credits and deductions, caps, discretion), what applies at it, and how
        severe that is.
    Declared: gravity of acts that are no right, virtue or inability to pay; points.
    Cannot decide: how many people stand near the edge.
    """
    for score, item in case.policy.scores.items():
        if item.subject != "person":
            continue
        ledge = Ledge(case, score)
        if not ledge.measures or not ledge.minor:
            continue
        if item.normalisation == "relative_rank" or ledge.ranked():
            yield _by_rank(case, ledge)
        else:
            yield _by_points(case, ledge)


def _by_rank(case: Case, ledge: Ledge) -> Outcome:
    """A ranking puts an edge between any two neighbours: how severe is what lies behind it."""
    worst = max(ledge.measures, key=lambda each: each.severity.low)
    says = f"in a ranking one record more may lead to {worst.does}, {worst.severity.told()}"
    wrong = worst.severity.at_least(limit("cliff_jump"))
    return case.judge(wrong, f"scores.{ledge.score}", says, data={"severity": worst.severity.low}, review=True)


def _by_points(case: Case, ledge: Ledge) -> Outcome:
    undecided: Truth = FALSE
    for behaviour in ledge.minor:
        for sure in (True, False):
            found = ledge.fall(behaviour, sure)
            if found is None:
                continue
            if not sure:
                undecided = undecided | unknown(*found.missing)
                continue
            return _told(case, ledge, behaviour, found)
    wrong = undecided if undecided.value is None else known(False, assumed=ledge.rests_on())
    says = f"no single minor record moves {ledge.score} between measures {limit('cliff_jump')} steps of severity apart"
    return case.judge(wrong, f"scores.{ledge.score}", says)


def _told(case: Case, ledge: Ledge, behaviour: BehaviourView, found: Fall) -> Outcome:
    old, new = found.before, found.after
    was = f"severity {old.high}" if old.worst else "no sanction"
    says = (
        f"one {behaviour.name} (gravity {behaviour.gravity}) takes {found.score} to {new.within(found.landing)}: "
        f"from {was} to {new.worst.does if new.worst else 'nothing'}, severity {new.low}"
    )
    path = next(
        (each.path for each in (new.worst.contributions if new.worst else ()) if each.behaviour is behaviour), ()
    )
    data = {"behaviour": behaviour.name, "from": found.score, "to": found.landing, "severities": [old.high, new.low]}
    hops: tuple[Hop, ...] = path
    return case.judge(known(True), f"scores.{ledge.score}", says, path=hops, data=data)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Scores at which the same measures apply: their highest severity, at its least and at its most."""

    first: int
    last: int
    low: int
    high: int
    worst: MeasureView | None
    missing: frozenset[str]

    def within(self, score: int | None) -> str:
        """A score of it in words."""
        return f"{self.first} to {self.last}" if score is None else str(score)


@dataclass(frozen=True, slots=True)
class Fall:
    """One record that leads from `score` in one stretch to `landing` in another (None: held there by a ceiling)."""

    before: Stretch
    after: Stretch
    score: int
    landing: int | None

    @property
    def missing(self) -> frozenset[str]:
        """What would have to be declared to know how far it falls."""
        return self.before.missing | self.after.missing


class Ledge:
    """One score of persons: what applies at which of its points, and which minor records move it."""

    def __init__(self, case: Case, score: str) -> None:
        self.case, self.score = case, score
        self.item = case.policy.scores[score]
        self._held: dict[tuple[str, int | None], bool | None] = {}
        self.measures = [each for each in case.sanctions if each.trigger and self.holds(each.trigger, None) is not None]
        self.minor = [
            each
            for each in case.behaviours.values()
            if each.gravity <= limit("cliff_gravity") and case.harms(each, score)
        ]

    def holds(self, trigger: Trigger, points: int | None) -> bool | None:
        """Whether a trigger may hold at so many points, as far as this score decides; None: it says nothing of it.

        Conditions on other things may hold or not: joined by `all_of` they are taken to hold, in `any_of` not.
        """
        if isinstance(trigger, AnyTrigger | AllTrigger):
            parts = [self.holds(part, points) for part in trigger.of]
            told = [part for part in parts if part is not None]
            return (any(told) if isinstance(trigger, AnyTrigger) else all(told)) if told else None
        if isinstance(trigger, ListedTrigger):
            told = [held for name in trigger.lists if (held := self._listed(name, points)) is not None]
            return any(told) if told else None
        if isinstance(trigger, RecordsTrigger) or trigger.score != self.score:
            return None
        if isinstance(trigger, RankTrigger) or points is None:
            return False
        return any(low <= points <= high for low, high in self.case.satisfier.intervals(trigger))

    def _listed(self, name: str, points: int | None) -> bool | None:
        """The same of a list; lists never trigger one another in a circle."""
        key = (name, points)
        if key not in self._held:
            self._held[key] = self.holds(self.case.policy.lists[name].trigger, points)
        return self._held[key]

    def ranked(self) -> bool:
        """Whether a share of the ranking by this score brings one of its measures about."""
        names = [name for each in self.measures for name in each.lists]
        triggers = [each.trigger for each in self.measures if each.trigger]
        triggers += [self.case.policy.lists[name].trigger for name in names]
        found = [leaf for trigger in triggers for leaf in leaves(trigger) if isinstance(leaf, RankTrigger)]
        return any(leaf.score == self.score for leaf in found)

    @cached_property
    def stretches(self) -> list[Stretch]:
        """The whole range, cut where what applies may change."""
        low, high = self.case.take(self.item.range)
        cuts = {low, *(lower for _, lower, _ in self.case.satisfier.ladder(self.score))}
        for each in self.measures:
            for first, last in self._edges(each.trigger, set()):
                cuts |= {first, last + 1}
        starts = sorted(cut for cut in cuts if low <= cut <= high)
        return [self._stretch(first, last - 1) for first, last in zip(starts, [*starts[1:], high + 1], strict=True)]

    def _edges(self, trigger: Trigger | None, seen: set[str]) -> Iterator[tuple[int, int]]:
        for leaf in leaves(trigger) if trigger else ():
            if isinstance(leaf, ListedTrigger):
                for name in leaf.lists:
                    if name not in seen:
                        seen.add(name)
                        yield from self._edges(self.case.policy.lists[name].trigger, seen)
            elif not isinstance(leaf, RecordsTrigger | RankTrigger) and leaf.score == self.score:
                yield from self.case.satisfier.intervals(leaf)

    def _stretch(self, first: int, last: int) -> Stretch:
        live = [each for each in self.measures if each.trigger and self.holds(each.trigger, first)]
        worst = max(live, key=lambda each: (each.severity.low, each.severity.high), default=None)
        high = max((each.severity.high for each in live), default=0)
        unsure = [each for each in live if each.severity.high > (worst.severity.low if worst else 0)]
        missing = frozenset[str]().union(*(each.severity.missing for each in unsure))
        return Stretch(first, last, worst.severity.low if worst else 0, high, worst, missing)

    def fall(self, behaviour: BehaviourView, sure: bool) -> Fall | None:
        """A fall of too many steps by one record; `sure`: whatever is not declared."""
        pairs = [
            (old, new)
            for old in self.stretches
            for new in self.stretches
            if old.first != new.first and (new.low - old.high if sure else new.high - old.low) >= limit("cliff_jump")
        ]
        return self._by_record(behaviour, pairs) or self._by_ceiling(behaviour, pairs)

    def _by_record(self, behaviour: BehaviourView, pairs: list[tuple[Stretch, Stretch]]) -> Fall | None:
        """The scores to look at are those from which so many points lead over; beyond its ends a score is at them."""
        low, high = self.case.take(self.item.range)
        found: list[tuple[Stretch, Stretch, int, Window]] = []
        for old, new in pairs:
            for points in behaviour.points.get(self.score, ()):
                if points and (new.first < old.first) is (points < 0):
                    near = new.first - points if new.first > low else old.first
                    near = near if old.first == low and points > 0 else max(old.first, near)
                    top = new.last - points if new.last < high else old.last
                    top = top if old.last == high and points < 0 else min(old.last, top)
                    if near <= top:
                        found.append((old, new, points, (near, top)))
        before = self._choices(behaviour)
        place = reached(self.case.take(self.item.start), before, [window for *_, window in found])
        if place is None:
            return None
        old, new, points, (near_, top_) = found[place]
        score = self._somewhere(before, near_ or 0, top_ or 0)
        return Fall(old, new, max(low, min(high, score)), max(low, min(high, score + points)))

    def _somewhere(self, choices: list[Choice], low: int, high: int) -> int:
        """The lowest score in an interval that can be reached, given that one can."""
        start = self.case.take(self.item.start)
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if reached(start, choices, [(low, middle)]) is not None else (middle + 1, high)
        return low

    def _by_ceiling(self, behaviour: BehaviourView, pairs: list[tuple[Stretch, Stretch]]) -> Fall | None:
        """A record that sets a ceiling drops whoever stands above it, wherever that is."""
        band = behaviour.item.band_ceiling.get(self.score)
        bounds = {name: (first, last) for name, first, last in self.case.satisfier.ladder(self.score)}
        if band is None:
            return None
        for old, new in pairs:
            if old.first > bounds[band][1] and bounds[band][0] <= new.last <= bounds[band][1]:
                choices = self._choices(behaviour)
                if reached(self.case.take(self.item.start), choices, [(old.first, old.last)]) is not None:
                    return Fall(old, new, self._somewhere(choices, old.first, old.last), None)
        return None

    def _choices(self, one: BehaviourView) -> list[Choice]:
        """What records can add before one more of a behaviour comes, which therefore is not yet at its cap."""
        found = []
        for each in self.case.behaviours.values():
            points = tuple(point for point in each.points.get(self.score, ()) if point)
            most = self.case.take(each.item.max_counted) if each.item.max_counted else None
            if each.name == one.name and most is not None:
                most -= 1
            if points and most != 0:
                found.append(Choice(points, most))
        return found

    def rests_on(self) -> list[str]:
        """The assumed numbers on which it rests that nobody falls so far."""
        names = [f"scores.{self.score}.start", f"scores.{self.score}.range"]
        names += [f"scores.{self.score}.bands.{band}.lower" for band in self.item.bands]
        for each in self.case.behaviours.values():
            if each.counts_in(self.score):
                names += [f"{each.element}.points.{self.score}", f"{each.element}.max_counted"]
        said = [self.case.said(name) for name in names]
        found = [each.element for each in said if each.assumed and each.state != "absent"]
        return [*found, *(name for each in self.measures for name in each.severity.assumed)]
