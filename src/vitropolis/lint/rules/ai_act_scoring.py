"""AI Act article 5(1)(c), social scoring: what crosses walks of life, is out of proportion, general, or scarce."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from operator import attrgetter

from vitropolis.lint.arithmetic import as_data, told
from vitropolis.lint.case import Case, Crossing, Weight
from vitropolis.lint.finding import Hop, Outcome, Outcomes
from vitropolis.lint.grounds import limit
from vitropolis.lint.rule import rule
from vitropolis.lint.satisfy import Witness
from vitropolis.lint.truth import FALSE, TRUE, Truth, unknown
from vitropolis.lint.views import BehaviourView, Contribution, MeasureView
from vitropolis.policy.triggers import leaves
from vitropolis.policy.words import CONDUCT, PROTECTED_KINDS

MADE = {
    "human_rules": "the method is declared as rules written by people",
    "manual": "cases are declared to be decided by hand",
}
TOLD = 3
ALWAYS = "it holds for everybody without records"
ESSENTIAL = ("E2", "E3")


@rule("AIA-0", "scope-gate", "review", ("eu",), ("aia-3-1", "guidelines-definition"))
def scope_gate(case: Case) -> Outcomes:
    """Whether this is an 'AI system' at all is open.

    What: a method of rules written by people alone, or a method that is not declared.
    Why: the AI Act binds AI systems; rules defined solely by natural persons are not one (recital 12). Then the AIA
        rules can only be reviewed, and the same defect has to be judged by other law, which needs no AI.
    Fires: a hand-written points table that a spreadsheet applies.
    Silent: a fraud score that was learned from past cases.
    Fix: publish: how the score is made, what is inferred and what weight it has
    Computed: nothing: it reads declarations alone.
    Declared: `method.kind`, `method.infers`; `provenance` of feeds.
    Cannot decide: the Commission itself says that no automatic determination is possible; hybrid cases stay open.
    """
    method = case.said("method.kind")
    if case.is_ai:
        yield Outcome(
            "pass", "method", "the method is declared to be learned or to infer: AIA rules are judged in full"
        )
    elif method.open:
        yield Outcome("review", "method", "how the score is made is not declared: AIA rules can only be reviewed",
                      missing=(method.element,))  # fmt: skip
    else:
        says = f"{MADE.get(method.value, 'no AI is declared')}: AIA rules are reviews, other law is judged in full"
        made = [name for name, feed in case.policy.feeds.items() if feed.provenance in ("inferred", "predicted")]
        if made:
            says += f"; yet what {', '.join(made[:TOLD])} supplies is inferred or predicted by something"
        yield Outcome("review", "method", says, labels=("method.kind",))


@dataclass(frozen=True)
class Crossed:
    """The worst way in which behaviours stand to a measure's walk of life, and the behaviours that stand so."""

    kind: Crossing
    found: tuple[Contribution, ...]
    why: str

    @cached_property
    def tell(self) -> tuple[BehaviourView, ...]:
        """The behaviours that tell most."""
        return telling(each.behaviour for each in self.found)

    @property
    def first(self) -> Contribution:
        """The contribution whose way is shown: of the most telling behaviour."""
        best = self.tell[0]
        return next(each for each in self.found if each.behaviour is best)

    @property
    def names(self) -> list[str]:
        """Ids of the behaviours."""
        return [each.behaviour.name for each in self.found]

    def verdict(self, case: Case, measure: MeasureView) -> Truth:
        """Whether the measure is reached from an unrelated walk of life."""
        return case.foreign(self.first.behaviour, measure)


def crossed(case: Case, measure: MeasureView) -> Crossed | None:
    """The worst crossing of a measure; None if no behaviour leads to it."""
    row = case.crossings(measure.context)
    sorted_: dict[Crossing, list[Contribution]] = {}
    for each in measure.contributions:
        sorted_.setdefault(row[each.behaviour.name][0], []).append(each)
    order: tuple[Crossing, ...] = ("unrelated", "claimed", "label", "unknown", "related")
    worst = next((kind for kind in order if kind in sorted_), None)
    if worst is None:
        return None
    found = tuple(sorted_[worst])
    best = telling(each.behaviour for each in found)[0]
    return Crossed(worst, found, row[best.name][1].why)


def telling(found: Iterable[BehaviourView], most: int = TOLD) -> tuple[BehaviourView, ...]:
    """The behaviours that tell most: what a right protects, then what is least grave, each of another walk of life."""
    first: dict[str, BehaviourView] = {}
    ranked = sorted(found, key=attrgetter("tells"))
    for each in ranked:
        first.setdefault(each.context, each)
    fresh = list(first.values())[:most]
    return tuple((fresh + [each for each in ranked[:most] if each not in fresh])[:most])


def named(found: Sequence[BehaviourView], by_nature: bool = False, few: Sequence[BehaviourView] = ()) -> str:
    """`petition (civic_participation), post (online_speech) and 28 more`; `few`: those that tell most, if known."""
    few = few or telling(found)
    words = [f"{each.name} ({_context(each, by_nature)})" for each in few]
    more = f" and {len(found) - len(few)} more" if len(found) > len(few) else ""
    return ", ".join(words) + more


def _context(behaviour: BehaviourView, by_nature: bool) -> str:
    if by_nature:
        return f"called {behaviour.context}, by nature {', '.join(behaviour.natural_contexts)}"
    return behaviour.context


def _decides(case: Case, measure: MeasureView, worst: Crossed, weight: Weight | None) -> str:
    """How far some behaviours decide a measure, in words, with records of the most telling where these suffice."""
    several = len(worst.found) > 1
    they, suffice, add = ("they", "suffice", "add") if several else ("it", "suffices", "adds")
    if weight is None:
        return "no records that the arithmetic knows of reach the measure"
    if weight.always:
        return ALWAYS
    if weight.sufficient and measure.trigger is not None:
        few = case.satisfier.witness(measure.trigger, [each.name for each in worst.tell])
        only = "nothing else leads there, and " if weight.necessary else ""
        return f"{only}{they} {suffice} alone: {told(weight.witness if few is None else few)}"
    least = f"it meets nobody without {'them' if several else 'it'}"
    return f"{least}: {told(weight.witness)}" if weight.necessary else f"{they} {add} to what else counts"


STANDING: Mapping[Crossing, str] = {
    "unrelated": "unrelated",
    "claimed": "unrelated but for a law that the policy names",
    "label": "unrelated by nature",
    "unknown": "not known to be related",
    "related": "related",
}


@rule("AIA-5c-1", "cross-context-flow", "prohibited", ("eu",), ("aia-5-1-c", "guidelines-160-166"), gated=True)
def cross_context_flow(case: Case) -> Outcomes:
    """Detriment in an unrelated social context.

    What: a sanction on people that is reached from behaviour of a walk of life unrelated to it.
    Why: what somebody does in one walk of life then decides what they may do in another. That is one of two
        alternatives in article 5(1)(c); the other is AIA-5c-2, and either is enough. The ban holds, for public and
        private bodies alike, where three conditions meet (guidelines paragraphs 149 and 155): an AI system evaluates
        or classifies people, over a period of time and by social behaviour or personality; the score leads to
        detriment; and that detriment is of one of the two kinds.
    Fires: records of all departments add up to one score, and whoever is on its blacklist is refused trains.
    Silent: offices may sanction only in related matters (Shanghai 2017, articles 30-31); a tariff for the same
        driver's speeding.
    Fix: cut: the way from that behaviour to the measure; remove: the feed from the score; separate by law: one score
        for each purpose, with the data that it may use named by statute
    Computed: every way from a feed to the measure, and how far the unrelated behaviour decides it.
    Declared: contexts of feeds and behaviours (held against the catalogue of conduct), `links`.
    Cannot decide: whether an AI system is at work (AIA-0) and people are evaluated over a period of time; relatedness
        is tested case by case in law (paragraph 166); drift of purpose in operation.
    """
    for measure in case.sanctions:
        worst = crossed(case, measure)
        if worst is not None:
            yield _flow(case, measure, worst)


def _flow(case: Case, measure: MeasureView, worst: Crossed) -> Outcome:
    """One outcome a measure: for its worst kind of crossing, with the way of the most telling behaviour."""
    weight = case.weight(measure, worst.names)
    behaviours = [each.behaviour for each in worst.found]
    says = f"{measure.does} ({measure.context}) is reached from {named(behaviours, worst.kind == 'label', worst.tell)}"
    says += f": {STANDING[worst.kind]}" + (f" ({worst.why})" if worst.kind != "related" else "")
    if worst.kind != "related":
        says += f"; {_decides(case, measure, worst, weight)}"
    decisive = "out of reach" if weight is None else "holds without records" if weight.always else weight.told
    data = {"behaviours": worst.names, "crossing": worst.kind, "decisive": decisive}
    return case.judge(worst.verdict(case, measure), measure.element, says, path=worst.first.path, data=data,
                      review=worst.kind == "claimed")  # fmt: skip


@rule("AIA-5c-2", "disproportionate", "prohibited", ("eu",), ("aia-5-1-c", "guidelines-167"), gated=True)
def disproportionate(case: Case) -> Outcomes:
    """Treatment out of proportion to the behaviour's gravity.

    What: acts of low gravity that suffice for a measure whose severity is two steps or more above them.
    Why: article 5(1)(c)(ii) bans treatment that is disproportionate to the behaviour; guidelines paragraph 167 names a
        town that lists people and withdraws benefits for library books.
    Fires: ten jaywalking records reach the band that closes school places.
    Silent: minor, corrected, harmless conduct draws no sanction (Shenzhen 2023, article 67).
    Fix: cut: the accumulation of minor acts; shorten: the measure; add: a least gravity to the trigger, and a hearing
        before the hardest effect
    Computed: which records suffice (exact over points, caps and bands), severity* of the measure; gravity by nature,
        where the author declares more.
    Declared: gravity of acts that are no right, virtue or inability to pay; points.
    Cannot decide: gravity and severity are value judgements; proportionality also weighs aim and alternatives.
    """
    for measure in case.sanctions:
        if measure.trigger is not None and measure.contributions:
            declared = _least(case, measure, {each.name: each.gravity for each in measure.behaviours})
            if declared is not None:
                yield _proportion(case, measure, *declared)


def _least(case: Case, measure: MeasureView, grades: Mapping[str, int]) -> tuple[int, Witness] | None:
    """The least gravity at which acts suffice for a measure, and the records that do; 0 where it takes none."""
    if measure.trigger and case.satisfier.witness(measure.trigger, ()) is not None:
        return 0, ()
    for gravity in sorted(set(grades.values())):
        names = [name for name, grade in grades.items() if grade <= gravity]
        witness = case.satisfier.witness(measure.trigger, names) if measure.trigger else None
        if witness is not None:
            return gravity, witness
    return None


def natural_gravity(behaviour: BehaviourView) -> int:
    """Its gravity, but no more than the gravest of its conduct has by the catalogue."""
    return min(behaviour.gravity, max(CONDUCT[word].gravity for word in behaviour.item.conduct))


def _proportion(case: Case, measure: MeasureView, gravity: int, witness: Witness) -> Outcome:
    wrong = measure.severity.at_least(gravity + limit("aia_steps_apart"))
    if wrong.value is False:
        wrong = wrong.resting_on(assumed=case.rests_on(measure, [name for name, _, _ in witness]))
        graver = _least(case, measure, {each.name: natural_gravity(each) for each in measure.behaviours})
        if graver and measure.severity.at_least(graver[0] + limit("aia_steps_apart")).value:
            gravity, witness = graver
            wrong = wrong.resting_on(labels=(f"behaviours.{name}.gravity" for name, _, _ in witness))
    how = f"acts of gravity {gravity} suffice: {told(witness)}" if witness else ALWAYS
    says = f"{measure.does} has {measure.severity.told()}; {how}"
    here = [each for each in measure.contributions if not witness or each.behaviour.name == witness[0][0]]
    if witness and here and here[0].behaviour.kinds & PROTECTED_KINDS:
        says += f" ({here[0].behaviour.called})"
    path: tuple[Hop, ...] = here[0].path if here else ()
    data = {"severity": measure.severity.low, "gravity": gravity, "records": as_data(witness)}
    return case.judge(wrong, measure.element, says, path=path, data=data)


@rule("AIA-5c-3", "general-trust-score", "high", ("eu",), ("aia-5-1-c", "guidelines-147-176"), gated=True)
def general_trust_score(case: Case) -> Outcomes:
    """A score of general trustworthiness, without a specific purpose.

    What: a policy with sanctions that declares no specific purpose, and a score or list whose measures lie in walks of
        life that have nothing to do with one another.
    Why: the ban spares lawful evaluation for a specific purpose alone (recital 31); a score that any office may use
        for anything has none.
    Fires: a 'personal integrity' score that decides about loans, trains and school places.
    Silent: a credit score made of income, expenses and debts, for granting credit.
    Fix: separate by law: one score for each purpose; cut: the measures of other walks of life from the score
    Computed: for every score and list, the measures that it leads to and whether their walks of life are related;
        praise without effect is left out.
    Declared: `purpose.specific`, `links`.
    Cannot decide: whether a stated purpose is a pretext.
    """
    if not case.sanctions:
        return
    said = case.said("purpose.specific")
    says = "the policy declares no specific purpose, and punishes" if said.state == "value" and not said.value else (
        "one specific purpose is declared" if said.value is True else "no purpose is declared that sanctions serve"
    )  # fmt: skip
    yield case.judge(~said.is_true(), said.element, says)
    ledgers = _ledgers(case)
    scored = [{each.element for each in found} for element, found in ledgers.items() if element.startswith("scores.")]
    for element, found in ledgers.items():
        told_already = any({each.element for each in found} <= each for each in scored)
        if any(each.polarity == "sanction" for each in found) and (element.startswith("scores.") or not told_already):
            yield _shared(case, element, found)


def _ledgers(case: Case) -> Mapping[str, list[MeasureView]]:
    """The measures on persons that each score and list leads to, without praise and campaigns."""
    found: dict[str, list[MeasureView]] = {}
    for measure in case.measures:
        if measure.firm or measure.trigger is None or measure.action == "honour" or measure.polarity == "none":
            continue
        triggers = [measure.trigger, *(case.policy.lists[name].trigger for name in measure.lists)]
        scores = {getattr(leaf, "score", "") for trigger in triggers for leaf in leaves(trigger)} - {""}
        for element in [*(f"scores.{name}" for name in sorted(scores)), *(f"lists.{name}" for name in measure.lists)]:
            found.setdefault(element, []).append(measure)
    return found


def _shared(case: Case, element: str, found: Sequence[MeasureView]) -> Outcome:
    by_context: dict[str, MeasureView] = {}
    for measure in found:
        by_context.setdefault(measure.context, measure)
    pairs = list(combinations(by_context, 2))
    standing = [case.relations.between(one, other).standing for one, other in pairs]
    wrong, review = FALSE, False
    if "none" in standing:
        wrong = TRUE
    elif "claimed" in standing:
        wrong, review = TRUE, True
    elif "unknown" in standing:
        wrong = unknown(f"{by_context['unknown'].element.rpartition('.')[0]}.context")
    few = [f"{context} ({measure.name})" for context, measure in by_context.items()][:TOLD]
    more = f" and {len(by_context) - len(few)} more" if len(by_context) > len(few) else ""
    walks = "one walk of life" if len(by_context) == 1 else f"{len(by_context)} walks of life"
    how = "related" if wrong is FALSE else "claimed to be related" if review else "unrelated among them"
    says = f"{element} decides measures in {walks}: {', '.join(few)}{more}" + (f"; {how}" if pairs else "")
    return case.judge(wrong, element, says, data={"contexts": list(by_context)}, review=review)


@rule("AIA-5c-4", "scarce-reward", "high", ("eu",), ("aia-5-1-c", "guidelines-169", "iccpr-26"), gated=True)
def scarce_reward(case: Case) -> Outcomes:
    """Rewards that push others back from what is scarce or essential.

    What: a reward in a queue for limited places, or with an essential service, that unrelated behaviour leads to.
    Why: preferring some is treating others less well (guidelines paragraph 169): whoever cannot volunteer waits longer
        for a hospital bed.
    Fires: a 'green channel' to universities and hospitals for high scores.
    Silent: faster returns for a shop's customers who rarely return anything, while the others keep the usual way.
    Fix: remove: the preference in the queue; cut: unrelated behaviour from the reward; add: a guaranteed minimum for
        everybody else
    Computed: which services are rival or essential, every way from records to the reward.
    Declared: contexts of feeds and behaviours (held against the catalogue of conduct), `links`.
    Cannot decide: how scarce the service is in fact; the simulator counts who is pushed back.
    """
    for measure in case.rewards:
        worst = crossed(case, measure)
        if worst is not None and measure.service is not None and measure.action != "honour":
            yield _preference(case, measure, worst)


def _preference(case: Case, measure: MeasureView, worst: Crossed) -> Outcome:
    service = measure.service
    rival = service is not None and service.rival
    scarce = rival or measure.level in ESSENTIAL
    why = "others queue behind" if rival else "essential" if scarce else "neither scarce nor essential"
    behaviours = [each.behaviour for each in worst.found]
    says = f"{measure.does} ({measure.context}; {why}) depends on {named(behaviours, worst.kind == 'label')}"
    says += f": {STANDING[worst.kind]}"
    wrong = worst.verdict(case, measure) if scarce else FALSE
    return case.judge(wrong, measure.element, says, path=worst.first.path, data={"behaviours": worst.names},
                      review=worst.kind == "claimed")  # fmt: skip


def lists_and_scores(case: Case) -> Iterator[tuple[str, tuple[BehaviourView, ...]]]:
    """Scores and lists of persons, as elements, with the behaviours that lead there."""
    for name, score in case.policy.scores.items():
        if score.subject == "person":
            moved = [each for each in case.behaviours.values() if each.counts_in(name)]
            yield f"scores.{name}", tuple(moved)
    for name, listing in case.policy.lists.items():
        if listing.subject == "person":
            yield f"lists.{name}", case.on_list(name)
