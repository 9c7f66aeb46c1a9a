"""China's own rules on data about people: cameras in public places, children, and what a score may weigh."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Hop, Outcome, Outcomes
from vitropolis.lint.grounds import limit
from vitropolis.lint.rule import rule
from vitropolis.lint.rules.prc_lists import based_on
from vitropolis.lint.truth import FALSE, TRUE, Truth, any_of, known, unknown
from vitropolis.lint.views import BehaviourView
from vitropolis.policy.schema import Feed
from vitropolis.policy.triggers import CarriesListing, CarriesPoints
from vitropolis.policy.words import PROTECTED_KINDS

BODIES = frozenset({"biometric", "biometric_inference", "emotion_inference"})
OUTDOORS = frozenset(
    {"traffic_minor", "drunk_driving", "fare_dodging", "train_misconduct", "littering", "waste_dumping", "theft"}
    | {"public_order_offence", "assault", "tourist_misconduct", "assembly_unapproved", "petition_disruptive"}
)
"""Conduct that a camera in a street or a station sees."""

FOUND = ("final_court", "final_admin", "appealable")
TOLD_BY = ("informant", "self_reported")
SAFETY = frozenset({"justice", "public_space"})
WITH_CHILDREN = ("student", "household")
OFF_CREDIT = PROTECTED_KINDS | {"virtue", "personal_trait"}
"""Kinds of behaviour that say nothing of whether somebody keeps to law and contract."""


def _of_feed(case: Case, feed: str) -> tuple[BehaviourView, ...]:
    return tuple(each for each in case.behaviours.values() if each.item.feed == feed)


@rule("CN-PIPL-1", "street-cameras-score", "prohibited", ("cn",), ("prc-pipl-26",))
def street_cameras_score(case: Case) -> Outcomes:
    """Images from public places used for scoring.

    What: a feed of sensors or of bodies in public places whose records move a score, or lead to a list or a measure,
        for anything but public security.
    Why: article 26 of the Personal Information Protection Law keeps such images to public security; a city of cameras
        would otherwise grade every step.
    Fires: cameras at crossings take points.
    Silent: camera evidence in a penalty case and nowhere else.
    Fix: remove: the feed from every score, list and measure
    Computed: what the records of the feed lead to; what happens in the street by its nature, whatever the feed's
        context is called; that nothing shows a person who found it, where no camera is declared: for review.
    Declared: `provenance`, `category` and `context` of the feed; consent under an opt-in is for review.
    Cannot decide: whether state organs have a duty that needs it (articles 13, 35); whether consent is separate.
    """
    for name, feed in case.policy.feeds.items():
        seen = _image(case, name)
        if feed.about == "firm" or (seen.value is False and not seen.labels):
            continue
        place, (use, end) = _in_public(case, name), _used(case, name)
        wrong = seen & place & use
        asked = based_on(case, f"feeds.{name}", "consent").value is True
        says = f"feed {name} ({feed.provenance}, {feed.context}) " + (
            f"leads to {end.element}" if end else "leads to no score, list or measure"
        )
        path = (Hop(f"feeds.{name}", feed.context), end) if end else ()
        yield case.judge(wrong, f"feeds.{name}", says, path=path,
                         review=asked and case.policy.population.enrolment.mode == "opt_in")  # fmt: skip


def _image(case: Case, name: str) -> Truth:
    """Whether a feed takes images or bodies; where a machine establishes what it says, or it is about the street and
    nothing shows that a person found it, that rests on a label."""
    feed, behaviours = case.policy.feeds[name], _of_feed(case, name)
    said = case.said(f"feeds.{name}.provenance")
    body = unknown(f"feeds.{name}.category") if feed.category == "unknown" else known(feed.category in BODIES)
    image = said.is_("sensor") | body
    machine = any(each.item.established_by == "algorithm" for each in behaviours)
    unfound = feed.provenance not in TOLD_BY and any(each.item.established_by not in FOUND for each in behaviours)
    rests = machine or (unfound and _street(feed, behaviours))
    return image.resting_on(labels=(said.element,)) if image.value is False and rests else image


def _street(feed: Feed, behaviours: Sequence[BehaviourView]) -> bool:
    """Whether a feed is about what happens in the street, by its context or by the nature of the conduct."""
    return "public_space" in (feed.context, *(each.context for each in behaviours)) or any(
        set(each.item.conduct) & OUTDOORS for each in behaviours
    )


def _in_public(case: Case, name: str) -> Truth:
    element = f"feeds.{name}.context"
    found = case.said(element).is_("public_space")
    behaviours = _of_feed(case, name)
    if any(each.context == "public_space" for each in behaviours):
        return TRUE
    outdoors = any(set(each.item.conduct) & OUTDOORS for each in behaviours)
    return found.resting_on(labels=(element,)) if found.value is False and outdoors else found


def _used(case: Case, name: str) -> tuple[Truth, Hop | None]:
    """Whether its records do anything but public security, and the first thing they lead to."""
    behaviours = _of_feed(case, name)
    ends: list[tuple[Truth, Hop]] = [
        (TRUE, Hop(f"scores.{score}"))
        for score in case.policy.scores
        if any(each.counts_in(score) for each in behaviours)
    ]
    names = {each.name for each in behaviours}
    for one, item in case.policy.lists.items():
        if names & {each.name for each in case.directly(item.trigger)}:
            kept = item.context in SAFETY
            ends.append((known(not kept, labels=(f"lists.{one}.context",) if kept else ()), Hop(f"lists.{one}")))
    for two, measure in case.policy.measures.items():
        if names & {each.name for each in case.directly(measure.trigger)}:
            ends.append((TRUE, Hop(f"measures.{two}")))
    return any_of(truth for truth, _ in ends), ends[0][1] if ends else None


@rule("CN-PIPL-2", "children-recorded", "high", ("cn",), ("prc-pipl-28-31", "prc-apl-30"))
def children_recorded(case: Case) -> Outcomes:
    """Data of children under 14, and minors in a score.

    What: feeds on persons who may be under 14 without a guardian's consent and special rules; a score of persons that
        takes in minors; points or listings of somebody that go over to their child.
    Why: what a child does, or a parent, would follow it into adult life; the law calls data of under-14s sensitive.
    Fires: points from school in the score of a family.
    Silent: nobody under 18 is covered (Rongcheng, article 3).
    Fix: remove: minors from the score, and what goes over to children; add: a least age of 18; add: consent of
        guardians and special rules where children's data are kept
    Computed: whom feeds describe besides those who are covered, and what spill-over writes into a child's ledger.
    Declared: `population.min_age_years`, `feeds.about`. Consent counts together with an assessment (pipia), for review;
        minors of 14 to 17 in a score are for review.
    Cannot decide: the age of those described; whether consent is a guardian's.
    """
    age = case.said("population.min_age_years")
    for name, feed in case.policy.feeds.items():
        if feed.about != "firm":
            yield _children_in(case, name, feed.about)
    least, adult = limit("cn_child_years"), limit("majority_years")
    from_ = "any age" if age.value is None else f"{age.value} years"
    for name, score in case.policy.scores.items():
        if score.subject == "person":
            minors = age.test(lambda years: years < adult, null=True)
            says = f"score {name} takes in persons from {'an age not declared' if age.open else from_}"
            yield case.judge(minors, f"scores.{name}", says, review=age.value is not None and age.value >= least)
    yield from _carried(case)


def _children_in(case: Case, name: str, about: str) -> Outcome:
    age, least = case.said("population.min_age_years"), limit("cn_child_years")
    young = age.test(lambda years: years < least, null=True)
    beyond = about in WITH_CHILDREN and young.value is not True
    if about == "unknown":
        young = young | unknown(f"feeds.{name}.about")
    young = TRUE if beyond else young
    special = "assessments.pipia"
    rules = known(True) if "pipia" in case.policy.assessments else unknown(special)
    cared = based_on(case, f"feeds.{name}", "consent") & rules
    cared = cared.resting_on(labels=(f"feeds.{name}.legal_basis",)) if cared.value else cared
    who = f"persons from {age.value} years" if age.value is not None else "persons of an age not bounded"
    who = f"the {about} of those covered, children too" if beyond else who
    says = f"feed {name} describes {who}" + (", by consent" if cared.value else "")
    return case.judge(young & ~cared, f"feeds.{name}", says, review=beyond)


def _carried(case: Case) -> Iterator[Outcome]:
    for name, item in case.policy.spillover.items():
        if item.to == "child" and isinstance(item.carries, CarriesPoints | CarriesListing):
            nothing = item.weight is not None and case.take(item.weight) == 0
            says = f"spill-over {name} writes {item.carries.kind} of a parent into the record of a child"
            yield case.judge(FALSE if nothing else TRUE, f"spillover.{name}", says)


@rule("CN-EVAL-1", "factor-off-credit", "medium", ("cn",), ("prc-shenzhen-29", "prc-shandong-6-27"))
def factor_off_credit(case: Case) -> Outcomes:
    """A factor that has nothing to do with credit.

    What: merits, personal traits, opinions or loyalties that move a score of persons, up or down.
    Why: a credit score is about keeping to law and contract; whoever cannot give blood or has no time to volunteer
        falls behind without having broken anything (Shenzhen 2023, article 29).
    Fires: blood donation in the credit record, which eleven bodies proposed in 2019.
    Silent: performance of duties in law and contract, and nothing else.
    Fix: remove: the factor from the score; separate by law: honours for merits, without effects
    Computed: which behaviours move a score, and what they are by nature, whatever their author calls them.
    Declared: kind of behaviours that the catalogue has no better word for; `uses_traits`.
    Cannot decide: whether a trait hides behind a lawful-looking act.
    """
    for name, each in case.behaviours.items():
        scores = [score for score in case.policy.scores if each.counts_in(score)]
        if each.firm or not scores:
            continue
        off, traits = each.kinds & OFF_CREDIT, each.item.uses_traits
        wrong = known(bool(off or traits))
        if wrong.value is False and each.item.kind == "unknown":
            wrong = unknown(f"{each.element}.kind")
        says = f"{name} moves score {scores[0]}: {each.called}" + (f", uses {', '.join(traits)}" if traits else "")
        path = (Hop(f"feeds.{each.item.feed}"), Hop(each.element, each.called), Hop(f"scores.{scores[0]}"))
        yield case.judge(wrong, each.element, says, path=path)
