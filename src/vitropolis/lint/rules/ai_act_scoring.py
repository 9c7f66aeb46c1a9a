"""AI Act article 5: social scoring, crime predicted from personality, biometric categories."""

from __future__ import annotations

from collections.abc import Iterator

from vitropolis.lint.arithmetic import as_data, told
from vitropolis.lint.case import Case, Crossing
from vitropolis.lint.finding import Hop, Outcome, Outcomes
from vitropolis.lint.rule import rule
from vitropolis.lint.truth import FALSE, TRUE, Truth, known, unknown
from vitropolis.lint.views import Contribution, MeasureView


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
    Declared: `method.kind`, `method.infers`.
    Cannot decide: the Commission itself says that no automatic determination is possible; hybrid cases stay open.
    """
    method = case.said("method.kind")
    if case.is_ai:
        yield Outcome(
            "pass", "method", "the method is declared to be learned or to infer: AIA rules are judged in full"
        )
    elif method.open:
        missing = (method.element,)
        yield Outcome("review", "method", "how the score is made is not declared: AIA rules can only be reviewed",
                      missing=missing)  # fmt: skip
    else:
        says = "the method is declared as rules written by people: AIA rules are reviews, other law is judged in full"
        yield Outcome("review", "method", says, labels=("method.kind",))


@rule("AIA-5c-1", "cross-context-flow", "prohibited", ("eu",), ("aia-5-1-c", "guidelines-160-166"), gated=True)
def cross_context_flow(case: Case) -> Outcomes:
    """Detriment in an unrelated social context.

    What: a sanction on people that is reached from behaviour of a walk of life unrelated to it.
    Why: what somebody does in one walk of life then decides what they may do in another; article 5(1)(c)(i) bans
        exactly that, whoever runs it.
    Fires: records of all departments add up to one score, and whoever is on its blacklist is refused trains.
    Silent: offices may sanction only in related matters (Shanghai 2017, articles 30-31); a tariff for the same
        driver's speeding.
    Fix: cut: the way from that behaviour to the measure; remove: the feed from the score; separate by law: one score
        for each purpose, with the data that it may use named by statute
    Computed: every way from a feed to the measure, and how far the unrelated behaviour decides it.
    Declared: contexts of feeds and behaviours (held against the catalogue of conduct), `links`.
    Cannot decide: relatedness is tested case by case in law (paragraph 166); drift of purpose in operation.
    """
    for measure in case.sanctions:
        crossings = [(each, case.crossing(each.behaviour, measure.context)[0]) for each in measure.contributions]
        yield from _crossed(case, measure, crossings)


def _crossed(case: Case, measure: MeasureView, crossings: list[tuple[Contribution, Crossing]]) -> Iterator[Outcome]:
    """One outcome a measure: for its worst kind of crossing, with the shortest way and all behaviours named."""
    if not crossings:
        return
    for kind in ("unrelated", "claimed", "label", "unknown", "related"):
        found = [each for each, crossing in crossings if crossing == kind]
        if not found:
            continue
        first = min(found, key=lambda each: len(each.path))
        context = first.behaviour.context if kind != "label" else ", ".join(first.behaviour.natural_contexts)
        names = [each.behaviour.name for each in found]
        weight = case.weight(measure, names)
        says = f"{measure.does} ({measure.context}) is reached from {first.behaviour.name} ({context})"
        if len(names) > 1:
            says += f" and {len(names) - 1} more behaviours of unrelated contexts"
        if weight is not None and kind != "related":
            says += f"; these are {weight.told} for it" + (f": {told(weight.witness)}" if weight.sufficient else "")
        data = {"behaviours": names, "decisive": weight.told if weight else "not reachable by these alone"}
        yield case.judge(_verdict(kind, measure, first), measure.element, says, path=first.path, data=data,
                         review=kind == "claimed")  # fmt: skip
        return


def _verdict(kind: Crossing, measure: MeasureView, first: Contribution) -> Truth:
    if kind in ("unrelated", "claimed"):
        return TRUE
    if kind == "unknown":
        known_ = first.behaviour.context == "unknown"
        return unknown(
            f"{first.behaviour.element}.context" if known_ else f"{measure.element.rpartition('.')[0]}.context"
        )
    return known(False, labels=(f"{first.behaviour.element}.context",)) if kind == "label" else FALSE


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
    Computed: which records suffice (exact over points, caps and bands), severity* of the measure, gravity by nature.
    Declared: gravity of acts that are no right, virtue or inability to pay; points.
    Cannot decide: gravity and severity are value judgements; proportionality also weighs aim and alternatives.
    """
    for measure in case.sanctions:
        if measure.trigger is None or not measure.contributions:
            continue
        grades = {each.name: each.gravity for each in measure.behaviours}
        for gravity in sorted(set(grades.values())):
            names = [name for name, grade in grades.items() if grade <= gravity]
            witness = case.satisfier.witness(measure.trigger, names)
            if witness is not None:
                yield _proportion(case, measure, gravity, witness)
                break


def _proportion(case: Case, measure: MeasureView, gravity: int, witness: tuple[tuple[str, int, int], ...]) -> Outcome:
    wrong = measure.severity.at_least(gravity + 2)
    if wrong.value is False:
        wrong = wrong.resting_on(assumed=case.rests_on(measure, [name for name, _, _ in witness]))
    says = f"{measure.does} has {measure.severity.told()}; acts of gravity {gravity} suffice: {told(witness)}"
    named = [each for each in measure.contributions if witness and each.behaviour.name == witness[0][0]]
    path: tuple[Hop, ...] = named[0].path if named else ()
    data = {"severity": measure.severity.low, "gravity": gravity, "records": as_data(witness)}
    return case.judge(wrong, measure.element, says, path=path, data=data)
