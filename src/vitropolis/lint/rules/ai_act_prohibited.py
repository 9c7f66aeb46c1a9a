"""AI Act article 5(1)(c), social scoring: scores that travel, sign-off, firms made of people, guesses, surveillance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Outcome, Outcomes
from vitropolis.lint.grounds import limit
from vitropolis.lint.rule import rule
from vitropolis.lint.rules.ai_act_scoring import lists_and_scores, named
from vitropolis.lint.truth import FALSE, TRUE, Truth, known, unknown
from vitropolis.lint.views import BehaviourView, MeasureView
from vitropolis.policy.schema import Feed
from vitropolis.policy.triggers import CarriesListing, CarriesMeasure, ListedTrigger, RecordsTrigger, leaves

PASSED_ON = ("score", "band", "list")
LEANING = ("strong", "binding")
INSIDE = ("employee", "member", "student", "legal_rep")
OUTWARD = ("employee", "legal_rep", "shareholder")
GUESSED = ("inferred", "predicted")
INFERRING = ("biometric_inference", "emotion_inference")
INTIMATE = ("location", "communications", "biometric")


@rule("AIA-5c-5", "score-passed-on", "high", ("eu",), ("aia-5-1-c", "guidelines-160-166", "cjeu-634-21"), gated=True)
def score_passed_on(case: Case) -> Outcomes:
    """Score handed to, or taken from, somebody with another purpose.

    What: a score, band or list status that goes to a recipient in a walk of life outside the purpose, and another
        body's score that counts as a record here.
    Why: the ban covers a score that somebody else made (guidelines paragraph 162), and whoever makes a score that
        others lean on decides about people already.
    Fires: a court's list goes to banks and transport firms, for credit and tickets.
    Silent: only the court and the creditor in the case see that somebody is listed.
    Fix: cut: the recipient; remove: the other body's score from the records; separate by law: a yes or no for one
        purpose, with its own basis; notify: the people whose status is passed on
    Computed: whether the recipient's walk of life is related to any that the data come from, where the declared
        purpose alone would clear it; whether another body's score leads to a measure.
    Declared: `sharing`, `purpose.contexts`, `provenance` of feeds.
    Cannot decide: how strongly a recipient leans on what it gets: where it is bound by it, or leans on it strongly, the
        label of its walk of life clears nothing.
    """
    if any(True for _ in lists_and_scores(case)):
        for name in case.policy.sharing:
            yield _handed(case, name)
    touched = {each.item.feed for measure in _on_people(case) for each in measure.behaviours}
    for name, feed in case.policy.feeds.items():
        if feed.provenance == "external_score" and feed.about != "firm":
            says = f"feeds.{name} takes over a score that another body made"
            says += ", and measures on people follow from it" if name in touched else "; no measure follows from it"
            yield case.judge(known(name in touched), f"feeds.{name}", says)
        elif feed.provenance == "unknown" and name in touched:
            wrong = unknown(f"feeds.{name}.provenance")
            yield case.judge(wrong, f"feeds.{name}", f"whether feeds.{name} is another body's score is not known")


def _on_people(case: Case) -> tuple[MeasureView, ...]:
    return case.sanctions + case.rewards


def _handed(case: Case, name: str) -> Outcome:
    item, element = case.policy.sharing[name], f"sharing.{name}"
    given = [word for word in item.items if word in PASSED_ON]
    passed = TRUE if given else unknown(f"{element}.items") if "unknown" in item.items else FALSE
    outside, review = _outside(case, item.recipient_context, f"{element}.recipient_context")
    what = f"{' and '.join(given)} {'go' if len(given) > 1 else 'goes'}" if given else "no score, band or list goes"
    purpose = ", ".join(case.said("purpose.contexts").value or ()) or "no walk of life"
    apart = ", where no data come from" if outside.labels else ""
    says = f"{what} to {item.recipient} ({item.recipient_context}){apart}; the purpose names {purpose}"
    if item.recipient_weight in LEANING:
        says += f"; its weight there is {item.recipient_weight}"
    if passed.value and outside.value is False and not outside.labels:
        outside = _leant_on(case, element)
    return case.judge(passed & outside, element, says, review=review)


def _leant_on(case: Case, element: str) -> Truth:
    """False, that a recipient lies outside the purpose; where it leans on what it gets, that rests on its label."""
    said = case.said(f"{element}.recipient_weight")
    if said.open:
        return unknown(said.element)
    return known(False, labels=(f"{element}.recipient_context",) if said.value in LEANING else ())


def _outside(case: Case, context: str, element: str) -> tuple[Truth, bool]:
    """Whether a walk of life lies outside the declared purpose, and whether a law of the policy claims the contrary."""
    said = case.said("purpose.contexts")
    if context == "unknown":
        return unknown(element), False
    if said.open:
        return unknown(said.element), False
    standing = {case.relations.between(context, each).standing for each in said.value or ()}
    if standing & {"same", "table"}:
        origins = {each.context for each in case.behaviours.values() if not each.firm}
        if any(case.relations.between(context, each).standing not in ("none", "unknown") for each in origins):
            return FALSE, False
        return known(False, labels=(said.element,)), False
    if "unknown" in standing:
        return unknown(said.element), False
    return TRUE, "claimed" in standing


@rule("AIA-5c-6", "sign-off-as-cure", "medium", ("eu",), ("aia-5-1-c", "guidelines-160-166"), gated=True)
def sign_off_as_cure(case: Case) -> Outcomes:
    """Human sign-off claimed as the cure.

    What: sanctions said to be decided by people, while the system's output decides and nobody publishes how often it
        is overruled.
    Why: the score need not be the only cause (guidelines paragraph 161); a signature under it changes nothing if the
        score is what counts.
    Fires: an authority adds human fact-finding to a trust score that still decides.
    Silent: the output is one factor of several on file, and the rate of overruling is published.
    Fix: cut: the output from the decision, or its weight to what people can weigh against it; publish: how often people
        overrule the system
    Computed: whether a sanction hangs on a score and nothing else, where its role is declared to be less than decisive.
    Declared: `decided_by`, `method.ai_role`, `procedure.human_review.override_rate_published`.
    Cannot decide: how far people really lean on the output; the simulator has a parameter for that.
    """
    role = case.said("method.ai_role")
    published = case.said("procedure.human_review.override_rate_published").is_true()
    for measure in case.sanctions:
        place = measure.element.removesuffix(".publication")
        decided = case.said(f"{place}.decided_by")
        if decided.value in ("human", "hybrid"):
            decisive, alone = role.is_("decisive"), _score_alone(case, measure)
            if decisive.value is False and alone:
                decisive = decisive.resting_on(labels=(role.element,))
            who = "people" if decided.value == "human" else "people and the system"
            says = f"{measure.does} is said to be decided by {who}"
            says += ", it hangs on a score and nothing else" if alone else ", it does not hang on a score alone"
            says += f", the role of the output is {role.value or 'not declared'}"
            says += ", overruling is published" if published.value else ", how often it is overruled is not published"
            wrong = decisive & ~published
            yield case.judge(wrong, decided.element, says + ("; the score decides" if wrong.labels else ""))


def _score_alone(case: Case, measure: MeasureView) -> bool:
    """Whether a measure is brought about by scores alone, be it through lists."""
    waiting, seen = [measure.trigger], set()
    while waiting:
        trigger = waiting.pop()
        for leaf in leaves(trigger) if trigger is not None else ():
            if isinstance(leaf, RecordsTrigger):
                return False
            fresh = [name for name in leaf.lists if name not in seen] if isinstance(leaf, ListedTrigger) else []
            seen |= set(fresh)
            waiting += [case.policy.lists[name].trigger for name in fresh]
    return measure.trigger is not None


@rule("AIA-5c-7", "firm-made-of-people", "high", ("eu",), ("aia-5-1-c", "guidelines-173"), gated=True)
def firm_made_of_people(case: Case) -> Outcomes:
    """Firm graded by its people's conduct, and the people meet the grade.

    What: a system for firms that counts what employees, members or pupils do, and whose effects meet those people.
    Why: grading firms is out of the ban, unless the grade is made of people and meets them directly (guidelines
        paragraph 173).
    Fires: a firm's grade adds up the private conduct of its staff, and staff of low firms are refused licences.
    Silent: a town is graded for the allocation of a budget, and residents notice at most indirectly.
    Fix: separate by law: the ledger of people from the ledger of firms; cut: the effect on whoever did not err
    Computed: which sanctions on people records about staff lead to; spill-over from people to a firm and back.
    Declared: whom feeds are about, `population.legal_entities`.
    Cannot decide: whether people are affected directly in law.
    """
    subjects = [each.subject for each in case.policy.scores.values()]
    subjects += [each.subject for each in case.policy.lists.values()]
    firms = case.policy.population.legal_entities or "firm" in subjects
    if not firms:
        return
    for measure in case.sanctions:
        yield _by_staff(case, measure)
    yield from _there_and_back(case)
    if not case.sanctions and any(each.firm for each in case.measures):
        yield case.judge(FALSE, "population.legal_entities", "measures meet firms or bodies, and no people")


def _by_staff(case: Case, measure: MeasureView) -> Outcome:
    inside = [each for each in measure.contributions if each.behaviour.feed.about in INSIDE]
    unclear = [each for each in measure.behaviours if each.feed.about == "unknown"]
    wrong = TRUE if inside else unknown(f"feeds.{unclear[0].item.feed}.about") if unclear else FALSE
    says = f"{measure.does} meets people; "
    if inside:
        says += f"it is reached from what {inside[0].behaviour.feed.about}s of the firm do: "
        says += named([each.behaviour for each in inside])
    else:
        says += "no records about staff, members or pupils lead to it"
    return case.judge(wrong, measure.element, says, path=inside[0].path if inside else ())


def _there_and_back(case: Case) -> Iterator[Outcome]:
    """Spill-over that carries people's points to a firm, and its standing back to people."""
    found = {name: item for name, item in case.policy.spillover.items() if item.weight is None
             or case.take(item.weight) > 0}  # fmt: skip
    there = [name for name, item in found.items() if item.to == "firm" and not _of_firm(case, item.carries)]
    for name, item in found.items():
        if item.to in OUTWARD and _of_firm(case, item.carries):
            says = f"spillover.{name} carries what meets the firm to each {item.to}"
            says += f", while spillover.{there[0]} makes the firm's grade of people" if there else ""
            yield case.judge(known(bool(there)), f"spillover.{name}", says)


def _of_firm(case: Case, carries: Any) -> bool:
    """Whether what a spill-over carries belongs to firms."""
    if isinstance(carries, CarriesListing):
        return case.policy.lists[carries.list].subject == "firm"
    if isinstance(carries, CarriesMeasure):
        return any(each.firm for each in case.measures if each.element == f"measures.{carries.measure}")
    return case.policy.scores[carries.score].subject == "firm"


@rule("AIA-5c-8", "guessed-personality", "high", ("eu",), ("aia-5-1-c", "guidelines-158-159", "gdpr-5-1-d"), gated=True)
def guessed_personality(case: Case) -> Outcomes:
    """Inferred or predicted personality among the inputs.

    What: what somebody is guessed to be like, as an input that leads to a sanction.
    Why: what is inferred or predicted can be wrong about everybody it describes, and nobody can prove it so
        (guidelines paragraph 159).
    Fires: unemployed people are scored by an interview and guessed traits (Poland, later held unconstitutional).
    Silent: only final decisions of courts and authorities count.
    Fix: remove: the guessed input; add: a limit on its error and a way to contest it, and keep it out of sanctions
    Computed: which behaviours lead to sanctions; categories that infer by their nature.
    Declared: `provenance` and `category` of feeds, `kind` and `established_by` of behaviours.
    Cannot decide: whether what is declared to be verified was in fact guessed.
    """
    reached: dict[str, list[MeasureView]] = {}
    for measure in case.sanctions:
        for each in measure.behaviours:
            reached.setdefault(each.name, []).append(measure)
    for name, measures in reached.items():
        behaviour = case.behaviours[name]
        wrong = _guessed(behaviour)
        what = ", what somebody is guessed to be like," if wrong.value or wrong.labels else ""
        says = f"{name}{what} ({behaviour.feed.provenance}, {behaviour.feed.category}, {behaviour.called}) leads to "
        says += measures[0].does + (f" and {len(measures) - 1} more" if len(measures) > 1 else "")
        way = next(each.path for each in measures[0].contributions if each.behaviour is behaviour)
        yield case.judge(wrong, behaviour.element, says, path=way)


def _guessed(behaviour: BehaviourView) -> Truth:
    """Whether it is a guessed trait; what is guessed and called no trait rests on that label."""
    feed, place = behaviour.feed, f"feeds.{behaviour.item.feed}"
    trait = feed.category in ("personality", *INFERRING) or "personal_trait" in behaviour.kinds
    made = feed.category == "personality" and behaviour.item.established_by == "algorithm"
    if feed.category in INFERRING or made:
        return TRUE
    if feed.provenance in GUESSED:
        return TRUE if trait else known(False, labels=(f"{place}.category", f"{behaviour.element}.kind"))
    return unknown(f"{place}.provenance") if feed.provenance == "unknown" and trait else FALSE


@rule(
    "AIA-5c-9",
    "surveillance-by-breadth",
    "high",
    ("eu", "coe"),
    ("aia-5-1-c", "aia-guidelines-166", "echr-8", "unesco-26"),
    gated=True,
)
def surveillance_by_breadth(case: Case) -> Outcomes:
    """General surveillance by breadth.

    What: everybody is enrolled and records come from four walks of life or more; or whereabouts, communications or
        biometrics of everybody are collected, without a ground in the single case.
    Why: data about all of life, gathered about all, make every context unrelated (guidelines paragraphs 157 and 166).
    Fires: every resident is enrolled by the end of 2020, with the records of all departments.
    Silent: people join by consent, and two related offices supply records.
    Fix: cut: the walks of life that supply records; add: consent, or a ground in the single case; remove: the feeds of
        whereabouts, communications and biometrics
    Computed: how many walks of life there are, also by the catalogue of conduct; enrolment that can only be left at
        the price of a sanction; sensors on everybody that are called ordinary.
    Declared: contexts of feeds and behaviours, categories of feeds, enrolment. That entries come about by decisions on
        single persons rests on the label alone.
    Cannot decide: where surveillance becomes general: the threshold is ours, no law's.
    """
    feeds = {name: feed for name, feed in case.policy.feeds.items() if feed.about != "firm"}
    if not feeds:
        return
    forced = _forced(case)
    yield _breadth(case, feeds, forced)
    for name, feed in feeds.items():
        intimate = _intimate(name, feed)
        if intimate.value is not False or intimate.labels:
            ground = feed.provenance == "final_decision"  # an entry is then said to come about by a decision on one
            single = known(not ground, labels=(f"feeds.{name}.provenance",) if ground else ())
            who = "whoever joined" if forced.value is False else "everybody who is covered"
            how = f"collects {feed.category} data about {who}" if intimate.value else f"senses {who}"
            how = f"is said to hold {feed.category} data by decisions on single persons alone" if ground else how
            says = f"feeds.{name} {how} ({feed.provenance})"
            yield case.judge(forced & intimate & single, f"feeds.{name}", says)


def _forced(case: Case) -> Truth:
    """Whether nobody can stay out, or only at the price of a sanction."""
    if case.policy.population.enrolment.mode == "mandatory":
        return TRUE
    return case.said("population.enrolment.opt_out_effect").is_("sanction")


def _breadth(case: Case, feeds: Mapping[str, Feed], forced: Truth) -> Outcome:
    places = {f"feeds.{name}": str(feed.context) for name, feed in feeds.items()}
    people = [each for each in case.behaviours.values() if not each.firm]
    places |= {each.element: each.item.context for each in people if each.item.context}
    declared = set(places.values())
    unclear = [element for element, context in places.items() if context == "unknown"]
    natural = {word for each in people for word in each.natural_contexts}
    most = limit("contexts_at_once")
    count, known_contexts = len(declared - {"unknown"}), sorted(declared - {"unknown"})
    broad = known(count >= most)
    if count < most <= count + len(unclear):
        broad = unknown(f"{unclear[0]}.context")
    elif count < most <= len(natural):
        broad = known(False, labels=(f"{element}.context" for element in places))
        known_contexts = sorted(natural)
    mode = case.policy.population.enrolment.mode
    walks = f"{len(known_contexts)} walk{'' if len(known_contexts) == 1 else 's'} of life"
    says = f"records come from {walks} ({', '.join(known_contexts[:6])}"
    says += f", ...); enrolment is {mode}" if len(known_contexts) > 6 else f"); enrolment is {mode}"
    return case.judge(forced & broad, "population.enrolment", says, data={"contexts": known_contexts})


def _intimate(name: str, feed: Feed) -> Truth:
    if feed.category in INTIMATE:
        return TRUE
    if feed.category == "unknown":
        return unknown(f"feeds.{name}.category")
    sensed = feed.provenance == "sensor" and feed.category == "ordinary"
    return known(False, labels=(f"feeds.{name}.category",) if sensed else ())
