"""Whether records of a behaviour can change anything: a band, a trigger, a place in a ranking, from any score at all.

Asked leaf by leaf: a leaf of a joined trigger that can be changed counts, also where the other leaves never hold. What
cannot be added up exactly (points that spill over to others) counts as a change. So what is called dead is dead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from vitropolis.lint.case import Case
from vitropolis.lint.sums import Choice, Span, crossed, reached
from vitropolis.lint.truth import TRUE, Truth, any_of, known
from vitropolis.lint.views import BehaviourView
from vitropolis.policy.triggers import (
    BandTrigger,
    CarriesPoints,
    HalfLife,
    Leaf,
    RankTrigger,
    RecordsTrigger,
    ScoreTrigger,
    leaves,
)


@dataclass(frozen=True, slots=True)
class Edge:
    """Limits from `span[0]` to `span[1]` of a score, where they are written, and its band (empty: not a band's)."""

    span: Span
    element: str
    band: str = ""


class Effects:
    """Answers for one policy on its day."""

    def __init__(self, case: Case) -> None:
        self.case, self.policy = case, case.policy
        self._choices: dict[tuple[str, str], Choice] = {}
        self._guesses: dict[tuple[str, str], tuple[str, ...]] = {}
        self._movers: dict[tuple[str, int | None, bool], list[tuple[str, Choice]]] = {}

    @cached_property
    def leaves(self) -> tuple[tuple[str, Leaf], ...]:
        """Every leaf of every trigger of lists, their extensions, and measures, with where the trigger stands."""
        policy = self.policy
        found = [(f"lists.{name}.trigger", item.trigger) for name, item in policy.lists.items()]
        found += [
            (f"lists.{name}.extension.trigger", item.extension.trigger)
            for name, item in policy.lists.items()
            if item.extension
        ]
        found += [(f"measures.{name}.trigger", item.trigger) for name, item in policy.measures.items()]
        return tuple((element, leaf) for element, trigger in found for leaf in leaves(trigger))

    @cached_property
    def used(self) -> frozenset[str]:
        """Scores that something reads: a trigger, or somebody to whom scores or bands are handed on."""
        if self.handed("score", "band"):
            return frozenset(self.policy.scores)
        return frozenset(
            leaf.score for _, leaf in self.leaves if isinstance(leaf, BandTrigger | ScoreTrigger | RankTrigger)
        )

    def handed(self, *items: str) -> bool:
        """Whether any of these is handed on to others."""
        return any(set(items) & set(each.items) for each in self.policy.sharing.values())

    def alive(self, view: BehaviourView) -> Truth:
        """Whether some record of a behaviour, with whatever others, changes something; and the numbers that decide."""
        return any_of(self._alive(view))

    def _alive(self, view: BehaviourView) -> Iterator[Truth]:
        if any(self._completes(view, leaf) for _, leaf in self.leaves if isinstance(leaf, RecordsTrigger)):
            yield TRUE
            return
        for score in self.scores(view):
            yield self._moves(view, score)

    def scores(self, view: BehaviourView) -> tuple[str, ...]:
        """The scores that something reads and that a behaviour moves, by points or as a ceiling."""
        moved = [score for score, points in view.points.items() if any(points)]
        return tuple(score for score in dict.fromkeys((*moved, *view.item.band_ceiling)) if score in self.used)

    def _completes(self, view: BehaviourView, leaf: RecordsTrigger) -> bool:
        """Whether a record can be the one that makes up the number a trigger asks for."""
        if view.name not in leaf.behaviours:
            return False
        caps = [self._most(self.case.behaviours[name]) for name in leaf.behaviours]
        return None in caps or sum(cap for cap in caps if cap is not None) >= (leaf.count or 1)

    def _most(self, view: BehaviourView) -> int | None:
        return self.case.take(view.item.max_counted) if view.item.max_counted else None

    def _moves(self, view: BehaviourView, score: str) -> Truth:
        if any(isinstance(spill.carries, CarriesPoints) for spill in self.policy.spillover.values()):
            return TRUE
        if self._first_record(view, score):
            return known(True, assumed=self._assumed(view, score, ()))
        edges = sorted(self.edges(score), key=lambda edge: self.case.said(edge.element).assumed)
        for sure in (True, False):  # whatever does without the assumed points of others does not rest on them
            doubtful = () if sure else self._doubtful(view, score)
            if self._by_ceiling(view, score, sure):
                return known(True, assumed=(*self._assumed(view, score, ()), *doubtful))
            for edge in edges:
                if self._crosses(view, score, edge, sure):
                    return known(True, assumed=(*self._assumed(view, score, (edge.element,)), *doubtful))
        named = tuple(edge.element for edge in edges)
        return known(False, assumed=(*self._assumed(view, score, named), *self._doubtful(view, score)))

    def _crosses(self, view: BehaviourView, score: str, edge: Edge, sure: bool) -> bool:
        """Whether records of a behaviour can carry somebody across an edge so that it shows.

        A ceiling hides every limit above it: so others whose ceiling lies below a band are left out at its edge, and
        what has such a ceiling itself is only seen to leave the band.
        """
        limit, own = (edge.span[0] if edge.band else None), self.choice(view, score)
        ceiling = self._ceiling(view, score)
        if limit is not None and ceiling is not None and ceiling < limit:
            own = Choice(tuple(step for step in own.steps if step < 0), own.most)
        start = self.case.take(self.policy.scores[score].start)
        return crossed(start, self._others(view, score, limit, sure), own, [edge.span]) is not None

    def _others(self, view: BehaviourView, score: str, least: int | None, sure: bool) -> list[Choice]:
        """What the other behaviours can add, the farthest first; without those whose ceiling lies below `least`, and if
        `sure` without those whose points are assumed."""
        key = (score, least, sure)
        if key not in self._movers:
            self._movers[key] = sorted(self._moving(*key), key=lambda pair: _largest(pair[1]), reverse=True)
        return [choice for name, choice in self._movers[key] if name != view.name]

    def _moving(self, score: str, least: int | None, sure: bool) -> Iterator[tuple[str, Choice]]:
        for each in self.case.behaviours.values():
            ceiling = self._ceiling(each, score)
            shown = least is None or ceiling is None or ceiling >= least
            if shown and any(each.points.get(score, ())) and not (sure and self._guessed(each, score)):
                yield each.name, self.choice(each, score)

    def _ceiling(self, view: BehaviourView, score: str) -> int | None:
        """The lower limit of the best band that a record of this behaviour allows; None: any."""
        band = view.item.band_ceiling.get(score)
        return None if band is None else int(self.case.take(self.policy.scores[score].bands[band].lower))

    def choice(self, view: BehaviourView, score: str) -> Choice:
        """What records of a behaviour can add to a score; those with a half-life, at any age."""
        key = (view.name, score)
        if key not in self._choices:
            self._choices[key] = self._choice(view, score)
        return self._choices[key]

    def _choice(self, view: BehaviourView, score: str) -> Choice:
        steps = set(view.points.get(score, ()))
        if isinstance(view.item.life, HalfLife):
            steps = {_cut(step, halved) for step in steps for halved in range(abs(step).bit_length())}
        return Choice(tuple(sorted(steps)), self._most(view))

    def edges(self, score: str) -> list[Edge]:
        """The limits in a score's range; where places in a ranking or the score itself count, every point is one."""
        item = self.policy.scores[score]
        low, high = self.case.take(item.range)
        found = [
            Edge((self.case.take(band.lower),) * 2, f"scores.{score}.bands.{name}.lower", name)
            for name, band in item.bands.items()
        ]
        found += self._score_edges(score)
        ranked = item.normalisation == "relative_rank" or self.handed("score")
        if ranked or any(isinstance(leaf, RankTrigger) and leaf.score == score for _, leaf in self.leaves):
            found.append(Edge((low + 1, high), f"scores.{score}.range"))
        return [edge for edge in found if low < edge.span[0] <= edge.span[1] <= high]

    def _score_edges(self, score: str) -> Iterator[Edge]:
        for element, leaf in self.leaves:
            value = (leaf.below or leaf.at_least) if isinstance(leaf, ScoreTrigger) and leaf.score == score else None
            if value is not None:
                yield Edge((self.case.take(value),) * 2, element)

    def _first_record(self, view: BehaviourView, score: str) -> bool:
        """Whether the first record moves somebody out of the place of those without records."""
        item, own, ladder = self.policy.scores[score], self.choice(view, score), self.case.satisfier.ladder(score)
        low, high = self.case.take(item.range)
        ceiling = self._ceiling(view, score)
        points = [min(high, max(low, self.case.take(item.start) + step)) for step in own.steps or (0,)]
        if item.neutral_band is None and item.missing_data == "impute":
            return True
        newcomers = item.neutral_band or (ladder[-1][0] if item.missing_data == "penalise" else None)
        tops = [each if ceiling is None else min(each, ceiling) for each in points]
        bands = {next((name for name, lower, _ in ladder if lower <= top), "") for top in tops}
        return newcomers is not None and bands != {newcomers}

    def _by_ceiling(self, view: BehaviourView, score: str, sure: bool) -> bool:
        """Whether a ceiling can hold somebody down whom the other records leave above it."""
        ceiling = self._ceiling(view, score)
        if ceiling is None:
            return False
        low, high = self.case.take(self.policy.scores[score].range)
        top = next(upper for _, lower, upper in self.case.satisfier.ladder(score) if lower == ceiling)
        start = self.case.take(self.policy.scores[score].start)
        others = self._others(view, score, ceiling + 1, sure)
        return bool(top < high and reached(start, others, [(max(top, low) + 1, None)]) is not None)

    def _assumed(self, view: BehaviourView, score: str, edges: tuple[str, ...]) -> list[str]:
        own = (f"{view.element}.points.{score}", f"{view.element}.max_counted", f"{view.element}.band_ceiling.{score}")
        saids = [self.case.said(each) for each in (*own, f"scores.{score}.start", *edges)]
        return [said.element for said in saids if said.assumed and said.state != "absent"]

    def _guessed(self, view: BehaviourView, score: str) -> tuple[str, ...]:
        """The assumed numbers of what a behaviour adds."""
        key = (view.name, score)
        if key not in self._guesses:
            saids = [self.case.said(f"{view.element}.{part}") for part in (f"points.{score}", "max_counted")]
            self._guesses[key] = tuple(said.element for said in saids if said.assumed and said.state != "absent")
        return self._guesses[key]

    def _doubtful(self, view: BehaviourView, score: str) -> tuple[str, ...]:
        others = [each for each in self.case.behaviours.values() if each.name != view.name]
        return tuple(element for each in others for element in self._guessed(each, score))

    def told(self, view: BehaviourView, score: str) -> str:
        """How far a behaviour can move a score, in words: `adds at most 3 points to city`."""
        own, parts = self.choice(view, score), []
        if own.highest != 0:
            parts.append("adds without limit" if own.highest is None else f"adds at most {own.highest} points")
        if own.lowest != 0:
            parts.append("takes without limit" if own.lowest is None else f"takes at most {-own.lowest} points")
        return f"{' and '.join(parts) or 'sets a ceiling'} on {score}"


def _largest(choice: Choice) -> int:
    return max(abs(step) for step in choice.steps) * (choice.most or 1000)


def _cut(step: int, halved: int) -> int:
    """Points after so many half-lives, rounded towards zero."""
    return step >> halved if step >= 0 else -(-step >> halved)
