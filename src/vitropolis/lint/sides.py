"""Which way a score has to move for a trigger to hold, and so which way harms: high is not good everywhere.

A trigger that lies below the start of a score is reached by deductions, one above it by credits. Where it holds at the
start already it holds for everybody without records; then records that lead out of it matter too, since who cannot
show them stays in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from vitropolis.lint.satisfy import Satisfier
from vitropolis.policy.schema import Policy
from vitropolis.policy.triggers import BandTrigger, RankTrigger, ScoreTrigger

Ways = frozenset[int]
"""-1: downwards, by deductions; 1: upwards, by credits."""

DOWN: Ways = frozenset({-1})
UP: Ways = frozenset({1})
BOTH: Ways = DOWN | UP
NEITHER: Ways = frozenset()


@dataclass(frozen=True, slots=True)
class Side:
    """`into`: the ways that lead into a trigger, or deeper; `out`: those that lead out of where everybody starts."""

    into: Ways
    out: Ways = NEITHER

    @property
    def decides(self) -> bool:
        """Whether records decide it at all: not if it holds at every score."""
        return self.into != BOTH or bool(self.out)


class Sides:
    """The sides of one policy's triggers on its day."""

    def __init__(self, policy: Policy, satisfier: Satisfier) -> None:
        self.policy, self.satisfier = policy, satisfier
        self._kept: dict[int, tuple[object, Side]] = {}

    def of(self, leaf: BandTrigger | ScoreTrigger | RankTrigger) -> Side:
        """Where a trigger lies as seen from the start."""
        if id(leaf) not in self._kept:  # kept beside the answer, so that no other bears its id
            self._kept[id(leaf)] = leaf, self._of(leaf)
        return self._kept[id(leaf)][1]

    def _of(self, leaf: BandTrigger | ScoreTrigger | RankTrigger) -> Side:
        if isinstance(leaf, RankTrigger):
            return Side(UP if leaf.end == "best" else DOWN)
        item = self.policy.scores[leaf.score]
        if item.normalisation == "relative_rank":
            return Side(self._ranked(leaf))
        start, (low, high) = self.satisfier.take(item.start), self.satisfier.take(item.range)
        spans = [each for each in self.satisfier.intervals(leaf) if each[0] <= each[1]]
        if not spans:  # no score is there: seen as what it would be
            return Side(UP if isinstance(leaf, ScoreTrigger) and leaf.at_least is not None else DOWN)
        above, below = any(first > start for first, _ in spans), any(last < start for _, last in spans)
        here = next(((first, last) for first, last in _joined(spans) if first <= start <= last), None)
        if here is None:
            return Side((UP if above else NEITHER) | (DOWN if below else NEITHER))
        out = (UP if here[1] < high else NEITHER) | (DOWN if here[0] > low else NEITHER)
        deeper = (DOWN if below or here[0] <= low else NEITHER) | (UP if above or here[1] >= high else NEITHER)
        return Side(deeper or BOTH, out)

    def _ranked(self, leaf: BandTrigger | ScoreTrigger) -> Ways:
        """A ranking has no start: the half of the ladder on which it lies."""
        if isinstance(leaf, ScoreTrigger):
            return DOWN if leaf.below is not None else UP
        ladder = [name for name, _, _ in self.satisfier.ladder(leaf.score)]
        places = [2 * ladder.index(name) - (len(ladder) - 1) for name in leaf.bands]
        return (UP if min(places) <= 0 else NEITHER) | (DOWN if max(places) >= 0 else NEITHER)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Closed intervals of integers, those that touch as one."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found
