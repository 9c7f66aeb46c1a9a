"""A policy as rules see it: what it says, what follows over its flow graph, and how a verdict is made of that."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, TypeVar

from vitropolis.lint.finding import Hop, Kind, Outcome, Severity
from vitropolis.lint.flows import Flows
from vitropolis.lint.measures import Measures, polarity_on
from vitropolis.lint.relations import Relation, Relations
from vitropolis.lint.said import Reader, Said
from vitropolis.lint.satisfy import Satisfier, Witness
from vitropolis.lint.severity import Durations
from vitropolis.lint.sides import DOWN, NEITHER, UP, Sides, Ways
from vitropolis.lint.truth import FALSE, TRUE, Truth, known, unknown
from vitropolis.lint.views import BehaviourView, Contribution, MeasureView
from vitropolis.policy.checks import FURTHEST
from vitropolis.policy.flow import FlowGraph, flow_graph
from vitropolis.policy.schema import Listing, Measure, Policy
from vitropolis.policy.triggers import (
    ListedTrigger,
    Polarity,
    RecordsTrigger,
    Trigger,
    leaves,
)
from vitropolis.policy.values import Value
from vitropolis.policy.words import CONDUCT

T = TypeVar("T")
Crossing = Literal["unrelated", "claimed", "label", "related", "unknown"]
PUBLIC = ("public_authority", "private_public_service", "mixed")
NONE: Mapping[str, Severity] = MappingProxyType({})


def _played(points: int) -> int:
    """Points as far as they can change anything: no score is wider than twice what a run plays."""
    return max(-2 * FURTHEST, min(2 * FURTHEST, points))


def _breach(behaviour: BehaviourView) -> bool:
    """Whether all of its conduct is a breach by the catalogue."""
    return all(CONDUCT[word].gravity > 0 for word in behaviour.item.conduct)


@dataclass(frozen=True, slots=True)
class Weight:
    """How far some behaviours decide a measure (Guidelines paragraph 161), with records that show it."""

    necessary: bool
    sufficient: bool
    witness: Witness

    @property
    def always(self) -> bool:
        """Whether it holds for everybody without records."""
        return not self.witness

    @property
    def told(self) -> str:
        """In one word."""
        return "necessary and sufficient" if self.necessary and self.sufficient else (
            "necessary" if self.necessary else "sufficient" if self.sufficient else "contributory"
        )  # fmt: skip


class Case:
    """One policy under judgment, with law as it stands on `as_of`; its values are those of its own `as_of`."""

    def __init__(self, policy: Policy, as_of: date, own: Mapping[str, Severity] = NONE) -> None:
        self.policy, self.as_of, self.own = policy, as_of, own
        self.reader = Reader(policy, policy.policy.as_of)
        self.relations = Relations(self.reader)
        self.source = policy.source
        self.wanted: dict[str, tuple[str, ...]] = {}
        self._kept: dict[Hashable, Any] = {}
        self._crossings: dict[str, dict[str, tuple[Crossing, Relation]]] = {}

    def outcomes(self, rule: str, judge: Callable[[Case], Iterable[Outcome]]) -> tuple[Outcome, ...]:
        """What a rule says, asked once; a rule that relays another's verdicts asks for them here."""
        return self.once(("outcomes", rule), lambda: tuple(judge(self)))

    def note(self, rule: str, outcomes: Iterable[Outcome]) -> None:
        """Keep which elements a rule wanted and did not find declared: {element: rules}, in `wanted`."""
        for outcome in outcomes:
            for element in outcome.missing if outcome.kind == "open" else ():
                rules = self.wanted.get(element, ())
                self.wanted[element] = rules if rule in rules else (*rules, rule)

    @cached_property
    def is_ai(self) -> bool:
        """Whether the policy declares a method that is an AI system: learned, in part or whole, or inferring."""
        method = self.policy.method
        return method is not None and (method.kind in ("learned", "hybrid") or method.infers is True)

    @cached_property
    def public(self) -> Truth:
        """Whether a public authority runs the policy, or somebody on behalf of one, whatever it is called."""
        if self.said("operator.official_authority").value is True:
            return TRUE
        return self.said("operator.kind").is_(*PUBLIC)

    def said(self, element: str) -> Said:
        """What the policy says of an element (dotted path)."""
        return self.reader.said(element)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, worked out once for each key and kept while the policy is judged."""
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found

    def take(self, value: Value[Any]) -> Any:
        """A value on the policy's day; its first, if it does not exist yet."""
        held = [step for step in value.steps if step.since is None or step.since <= self.reader.day]
        return (held[-1] if held else value.steps[0]).taken

    @cached_property
    def graph(self) -> FlowGraph:
        """The policy's flow graph."""
        return flow_graph(self.policy)

    @cached_property
    def behaviours(self) -> Mapping[str, BehaviourView]:
        """Behaviours by id, in the order of the file."""
        return {name: self._behaviour(name) for name in self.policy.behaviours}

    def _behaviour(self, name: str) -> BehaviourView:
        item = self.policy.behaviours[name]
        points = {score: tuple(sorted({self.take(given)})) for score, given in item.points.items()}
        for score, (low, high) in item.discretion_range.items():
            points[score] = tuple(range(_played(low), _played(high) + 1))
        return BehaviourView(name, item, self.policy.feeds[item.feed], points)

    @cached_property
    def flows(self) -> Flows:
        """Ways from records to triggers."""
        return Flows(self.policy, self.behaviours, self.sides)

    @cached_property
    def sides(self) -> Sides:
        """On which side of the start of its score a trigger lies."""
        return Sides(self.policy, self.satisfier)

    @cached_property
    def harm(self) -> Mapping[str, Ways]:
        """For each score the ways in which records harm: towards sanctions and adverse lists; away from rewards where
        there is nothing else; the way of breaches where it leads to nothing."""
        bad, good = (dict.fromkeys(self.policy.scores, NEITHER) for _ in range(2))
        for trigger, rewards in self._ends():
            for leaf in leaves(trigger):
                if not isinstance(leaf, RecordsTrigger | ListedTrigger):
                    side, ways = self.sides.of(leaf), good if rewards else bad
                    ways[leaf.score] |= side.into if side.decides else NEITHER
        away = {score: frozenset(-way for way in ways) for score, ways in good.items()}
        least = {score: away[score] if len(away[score]) == 1 else self._by_breaches(score) for score in away}
        return {score: bad[score] or least[score] for score in bad}

    def _by_breaches(self, score: str) -> Ways:
        """Of a score that leads to nothing, the way that breaches move it; downwards where that tells nothing."""
        breaches = [each for each in self.behaviours.values() if _breach(each)]
        return UP if {way for way in (-1, 1) for each in breaches if each.moves(score, (way,))} == UP else DOWN

    def _ends(self) -> Iterator[tuple[Trigger, bool]]:
        """The triggers of all measures and lists, and whether they reward."""
        for measure in self.policy.measures.values():
            sign = self.polarity(measure)
            if sign != "none":
                yield measure.trigger, sign == "reward"
        for name, listing in self.policy.lists.items():
            yield listing.trigger, name not in self.adverse
            if listing.extension is not None and name in self.adverse:
                yield listing.extension.trigger, False

    def harms(self, behaviour: BehaviourView, score: str) -> bool:
        """Whether a record may move a score the way that harms, by points or by a ceiling."""
        return self.takes(behaviour, score) or self.caps(behaviour, score)

    def takes(self, behaviour: BehaviourView, score: str) -> bool:
        """Whether a record may move a score by points the way that harms: deductions where low is bad."""
        return behaviour.moves(score, self.harm[score])

    def caps(self, behaviour: BehaviourView, score: str) -> bool:
        """Whether a record holds down a score of which low is bad."""
        return score in behaviour.item.band_ceiling and -1 in self.harm[score]

    def helps(self, behaviour: BehaviourView, score: str) -> bool:
        """Whether a record may move a score the way that does not harm."""
        return behaviour.moves(score, {-way for way in self.harm[score]})

    @cached_property
    def satisfier(self) -> Satisfier:
        """Which records bring a trigger about."""
        return Satisfier(self.policy, self.behaviours, self.take)

    @cached_property
    def durations(self) -> Durations:
        """How long things may last."""
        return Durations(self.policy, self.reader, self.behaviours)

    @cached_property
    def measures(self) -> tuple[MeasureView, ...]:
        """Everything that happens to somebody: measures, publications of lists, campaigns that remove accounts."""
        made = Measures(self.policy, self.reader, self.take, self.flows, self.durations, self.adverse)
        return tuple(made.all())

    @cached_property
    def sanctions(self) -> tuple[MeasureView, ...]:
        """Sanctions on natural persons that records lead to: measures, and publications of lists that are not red."""
        return tuple(each for each in self._on_persons("sanction") if each.kind != "campaign")

    @cached_property
    def rewards(self) -> tuple[MeasureView, ...]:
        """Rewards to natural persons."""
        return self._on_persons("reward")

    @cached_property
    def leads(self) -> Mapping[str, tuple[tuple[MeasureView, Contribution], ...]]:
        """For each behaviour the measures that it leads to, firms' and people's, with its way to each."""
        found: dict[str, list[tuple[MeasureView, Contribution]]] = {name: [] for name in self.behaviours}
        for measure in self.measures:
            for each in measure.contributions:
                found[each.behaviour.name].append((measure, each))
        return {name: tuple(pairs) for name, pairs in found.items()}

    @cached_property
    def campaigns(self) -> tuple[MeasureView, ...]:
        """Campaigns that remove accounts of people."""
        return tuple(each for each in self.measures if each.kind == "campaign")

    def polarity(self, measure: Measure) -> Polarity:
        """Whether a measure punishes or rewards on the policy's day."""
        return polarity_on(measure, self.reader.day, self.take)

    def _on_persons(self, wanted: Polarity) -> tuple[MeasureView, ...]:
        return tuple(each for each in self.measures if each.polarity == wanted and not each.firm)

    def crossing(self, behaviour: BehaviourView, context: str) -> tuple[Crossing, Relation]:
        """Whether a behaviour belongs to a walk of life unrelated to `context`.

        `label`: its declared context is related, but some conduct in it is not, by the catalogue: the author's label
        alone clears it. `claimed`: a link of the policy names a law, for the
        declared context or, where that is related, for all that the conduct is by nature.
        """
        return self.crossings(context)[behaviour.name]

    def crossings(self, context: str) -> Mapping[str, tuple[Crossing, Relation]]:
        """The same of every behaviour, by name."""
        found = self._crossings.get(context)
        if found is None:
            found = {name: self._crossing(each, context) for name, each in self.behaviours.items()}
            self._crossings[context] = found
        return found

    def _crossing(self, behaviour: BehaviourView, context: str) -> tuple[Crossing, Relation]:
        declared = self.relations.between(behaviour.context, context)
        natural = [self.relations.between(each, context) for each in behaviour.natural_contexts]
        if declared.standing in ("claimed", "none"):
            return ("claimed" if declared.standing == "claimed" else "unrelated"), declared
        rooted = (self.relations.between(each, context) for each in behaviour.rooted_contexts)
        foreign = next((each for each in rooted if each.standing == "none"), None)
        if foreign is not None:
            return "label", foreign
        if declared.standing == "unknown":
            return "unknown", declared
        if not any(each.related for each in natural):
            return "claimed", next(each for each in natural if each.standing == "claimed")
        return "related", declared

    def foreign(self, behaviour: BehaviourView, measure: MeasureView) -> Truth:
        """Whether a behaviour belongs to a walk of life unrelated to a measure's, claimed for related or not; false on
        the author's label where that alone clears it."""
        crossing, _ = self.crossing(behaviour, measure.context)
        written = f"{behaviour.element if behaviour.item.context else f'feeds.{behaviour.item.feed}'}.context"
        if crossing == "unknown":
            home = measure.element.removesuffix(".publication")
            return unknown(written if behaviour.context == "unknown" else f"{home}.context")
        if crossing == "label":
            return known(False, labels=(written,))
        return FALSE if crossing == "related" else TRUE

    def weight(self, measure: MeasureView, names: Collection[str]) -> Weight | None:
        """How far the behaviours of these names decide a measure; None if nothing can bring it about."""
        if measure.trigger is None:
            return None
        every = {each.name for each in measure.behaviours}
        whole = self.satisfier.witness(measure.trigger, every)
        if whole is None:
            return None
        alone = self.satisfier.witness(measure.trigger, every & set(names))
        without = self.satisfier.witness(measure.trigger, every - set(names))
        return Weight(without is None, alone is not None, alone if alone is not None else whole)

    def rests_on(self, measure: MeasureView, names: Collection[str]) -> tuple[str, ...]:
        """The assumed numbers that decide whether records of these behaviours bring a measure about."""
        found: dict[str, None] = {}
        scores = self.flows.scores_of(measure.trigger) if measure.trigger is not None else ()
        for score in sorted(scores):
            for element in (f"scores.{score}.start", *self._bands(score)):
                found |= {element: None} if self.said(element).assumed else {}
            for name in names:
                for element in (f"behaviours.{name}.points.{score}", f"behaviours.{name}.max_counted"):
                    said = self.said(element)
                    found |= {element: None} if said.assumed and said.state != "absent" else {}
        return tuple(found)

    def _bands(self, score: str) -> Iterator[str]:
        return (f"scores.{score}.bands.{band}.lower" for band in self.policy.scores[score].bands)

    @cached_property
    def adverse(self) -> Mapping[str, Truth]:
        """The lists, of persons and of firms, that are bad to be on, and whether more than a word says so.

        Black ones, those on the way to a sanction, and those on which nothing but breaches puts somebody, whatever they
        are called; that a watch list which leads to nothing is not a black one is the policy's own label.
        """
        on_way: set[str] = set()
        for measure in self.policy.measures.values():
            if self.polarity(measure) == "sanction":
                on_way.update(self.flows.lists_of(measure.trigger))
        found = {}
        for name, listing in self.policy.lists.items():
            if listing.polarity == "black" or name in on_way or self._of_breaches(listing):
                found[name] = TRUE
            elif listing.polarity == "watch":
                found[name] = known(False, labels=(f"lists.{name}.polarity",))
        return found

    def _of_breaches(self, listing: Listing) -> bool:
        """Whether a list counts records itself, and all of them of conduct that is a breach by the catalogue."""
        found = self.directly(listing.trigger)
        return bool(found) and all(_breach(each) for each in found)

    def adverse_lists(self) -> Iterator[tuple[str, Listing]]:
        """The lists of persons that are bad to be on, whatever they are called."""
        return ((name, each) for name, each in self.policy.lists.items()
                if name in self.adverse and each.subject == "person")  # fmt: skip

    def if_black(self, wrong: Truth, name: str) -> Truth:
        """What is wrong with a black list, said of one that may only be called otherwise: that rests on the label."""
        return wrong & self.adverse[name] if wrong.value else wrong

    @cached_property
    def ways_to_lists(self) -> Mapping[str, Mapping[str, Contribution]]:
        """For each list the behaviours that lead to it, with their ways."""
        found: dict[str, dict[str, Contribution]] = {}
        for name, listing in self.policy.lists.items():
            given = self.flows.contributions(listing.trigger, Hop(f"lists.{name}"), name not in self.adverse)
            found[name] = {each.behaviour.name: each for each in given}
        return found

    def on_list(self, name: str) -> tuple[BehaviourView, ...]:
        """The behaviours whose records lead to a list."""
        return tuple(each.behaviour for each in self.ways_to_lists[name].values() if not each.lacking)

    def directly(self, trigger: Any) -> tuple[BehaviourView, ...]:
        """The behaviours whose records a trigger counts itself, not through a score or another list."""
        return self.once(("counted by", id(trigger)), lambda: (trigger, self._directly(trigger)))[1]

    def _directly(self, trigger: Any) -> tuple[BehaviourView, ...]:
        names = [name for leaf in leaves(trigger) if isinstance(leaf, RecordsTrigger) for name in leaf.behaviours]
        return tuple(self.behaviours[name] for name in dict.fromkeys(names))

    def listed_by(self, trigger: Any) -> tuple[str, ...]:
        """The lists that a trigger itself names."""
        return tuple(name for leaf in leaves(trigger) if isinstance(leaf, ListedTrigger) for name in leaf.lists)

    def judge(
        self,
        wrong: Truth,
        element: str,
        says: str,
        *,
        path: Iterable[Hop] = (),
        data: Mapping[str, Any] | None = None,
        review: bool = False,
        profiles: tuple[str, ...] = (),
    ) -> Outcome:
        """The outcome of a condition that should not hold: true is a fail (`review`: at most a review), undecided is
        open, false a pass; a pass that rests on an assumed value is open, one that rests on a label a review.
        `profiles`: those whose law alone it holds by."""
        kind: Kind = "pass"
        if wrong.value:
            kind = "review" if review else "fail"
        elif wrong.value is None or wrong.assumed:
            kind = "open"
        elif wrong.labels:
            kind, says = "review", f"{says}; only the policy's own label keeps this from triggering"
        evidence = (tuple(sorted(names)) for names in (wrong.missing, wrong.assumed, wrong.labels))
        missing, assumed, labels = evidence
        return Outcome(kind, element, says, tuple(path), missing, assumed, labels, data or {}, profiles)
