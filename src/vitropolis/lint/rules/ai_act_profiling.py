"""AI Act article 5(1)(d), (f) and (g): crime risk from profiles, emotions at work and school, biometric categories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Outcome, Outcomes
from vitropolis.lint.rule import rule
from vitropolis.lint.rules.ai_act_prohibited import GUESSED, INFERRING
from vitropolis.lint.rules.ai_act_scoring import lists_and_scores, named
from vitropolis.lint.rules.gdpr_basis import is_crime
from vitropolis.lint.truth import FALSE, TRUE, Truth, all_of, known, unknown
from vitropolis.lint.views import BehaviourView
from vitropolis.policy.schema import Feed
from vitropolis.policy.triggers import BandTrigger, Trigger
from vitropolis.policy.words import GRAVITY_ZERO_KINDS, PROTECTED_KINDS

ESTABLISHED = ("final_court", "final_admin")
NEVER_CRIME = GRAVITY_ZERO_KINDS | {"personal_trait"}
WHO_SOMEBODY_IS = PROTECTED_KINDS | {"personal_trait"}
SENSITIVE = ("race", "ethnicity", "politics", "union", "religion", "sex_life")
WORK_AND_SCHOOL = ("employment", "education")


@rule("AIA-5d-1", "crime-risk-by-profile", "prohibited", ("eu",), ("aia-5-1-d", "guidelines-184-210"), gated=True)
def crime_risk_by_profile(case: Case) -> Outcomes:
    """Crime risk by profile or personality alone.

    What: a score or list that claims to foretell offences and rests on traits, ties, opinions or the household, and on
        no established fact.
    Why: people are to be judged by what they did, not by what a profile says they will do (recital 42).
    Fires: a watch list of likely petitioners, by social ties and place of residence.
    Silent: help for human judgement that already rests on verified facts tied to a crime.
    Fix: remove: the prediction; add: an established fact of the same person, without which nobody is listed
    Computed: which behaviours lead there, what they are by nature, whether profile alone suffices for the list or for
        a band that is not the one where everybody starts, and whether the established fact is a crime by its nature.
    Declared: `predicts` (open where it is left out and traits, ties, opinions or guesses lead there), `established_by`,
        `kind` where the catalogue knows no better.
    Cannot decide: 'solely' is tested on declared inputs; what is criminal in law has its own meaning (paragraph 218).
    """
    for element, behaviours in lists_and_scores(case):
        said = case.said(f"{element}.predicts")
        asked = said.value == "criminal_offence" or said.state == "unknown"
        harms = element.startswith("scores.") or element.split(".")[1] in case.adverse
        silent = harms and said.state == "absent" and any(_like_profile(each) for each in behaviours)
        if behaviours and (asked or silent or (element.startswith("lists.") and _watching(case, element))):
            foretells = said.is_("criminal_offence")
            if foretells.value is False:
                foretells = foretells.resting_on(labels=(said.element,))
            yield _profiled(case, element, behaviours, foretells)


def _watching(case: Case, element: str) -> bool:
    """Whether a list watches people in the name of crime, whatever it says that it foretells."""
    item = case.policy.lists[element.split(".")[1]]
    return element.split(".")[1] in case.adverse and item.context == "justice"


def _profiled(case: Case, element: str, behaviours: Sequence[BehaviourView], foretells: Truth) -> Outcome:
    profiles = {each.name: _profile(each) for each in behaviours}
    solely = all_of(profiles.values())
    names = [name for name, truth in profiles.items() if truth.value]
    review = False
    if solely.value is False and names:
        review = any(case.satisfier.witness(each, names) is not None for each in _effects(case, element))
        solely = TRUE if review else solely
    says = f"{element} foretells offences" if foretells.value is not None else (
        f"whether {element} foretells offences is not declared"
    )  # fmt: skip
    if names:
        says += "" if foretells.value is not None else "; it draws"
        says += f" from {named([each for each in behaviours if each.name in names])}, and these are profile, not fact"
    facts = [each for each in behaviours if profiles[each.name].value is False]
    if facts:
        says += f"; {named(facts)} {'is' if len(facts) == 1 else 'are'} no profile"
        says += "" if any(_crime(each) for each in facts) else " and no crime by nature"
        says += ", but profile alone suffices" if review else ""
    return case.judge(foretells & solely, element, says, review=review)


def _effects(case: Case, element: str) -> tuple[Trigger, ...]:
    """What marks somebody there: the trigger of a list; of a score each band but the one where everybody starts."""
    section, name = element.split(".")[:2]
    if section == "lists":
        return (case.policy.lists[name].trigger,)
    return case.once(("bands", name), lambda: tuple(_bands(case, name)))


def _bands(case: Case, score: str) -> Iterator[Trigger]:
    start = case.take(case.policy.scores[score].start)
    for band, low, high in case.satisfier.ladder(score):
        if not low <= start <= high:
            yield BandTrigger(kind="band", score=score, bands=(band,))


def _crime(behaviour: BehaviourView) -> bool:
    """Whether all that it counts is a crime by its nature, whoever established it."""
    return all(is_crime(word) for word in behaviour.item.conduct)


def _guess(behaviour: BehaviourView) -> bool:
    """Whether it is guessed, or about those around somebody."""
    feed = behaviour.feed
    guessed = feed.provenance in GUESSED or feed.category in ("personality", *INFERRING)
    return guessed or feed.about in ("household", "associate")


def _like_profile(behaviour: BehaviourView) -> bool:
    """Whether it is what a prediction of crime would be made of: merits, debts and lawful acts are not."""
    return bool(behaviour.kinds & WHO_SOMEBODY_IS) or _guess(behaviour)


def _profile(behaviour: BehaviourView) -> Truth:
    """Whether it says what somebody is, thinks or is tied to, and not what they were established to have done.

    An established fact that is no crime by its nature is a fact about a crime by its author's word alone.
    """
    if behaviour.kinds & NEVER_CRIME or _guess(behaviour):
        return TRUE
    stated = behaviour.item.established_by
    if stated in ESTABLISHED:
        return FALSE if _crime(behaviour) else known(False, labels=(f"{behaviour.element}.established_by",))
    if stated in (None, "unknown"):
        return unknown(f"{behaviour.element}.established_by")
    return known(False, labels=(f"{behaviour.element}.kind",))


@rule("AIA-5fg-1", "biometric-inference", "prohibited", ("eu",), ("aia-5-1-f-g",), gated=True)
def biometric_inference(case: Case) -> Outcomes:
    """Biometric categories or emotions as an input.

    What: a feed that reads race, politics, union, religion or sex life from bodies, or emotions at work or school; for
        review, a sensed or inferred feed with such traits that is called ordinary.
    Why: article 5(1)(f) and (g) ban both: nobody can choose their face, and no camera can read a mind.
    Fires: a camera that measures attention in class feeds pupils' points.
    Silent: a face check with which people unlock their own account.
    Fix: remove: the feed
    Computed: what the conduct behind the feed reveals by its nature; whether emotions reach measures at work or school.
    Declared: `category` and `provenance` of feeds, `uses_traits` and `proxy_for` of behaviours.
    Cannot decide: models hidden inside a supplier's feed; medical and safety exceptions.
    """
    for name, feed in case.policy.feeds.items():
        using = [each for each in case.behaviours.values() if each.item.feed == name]
        if feed.category == "biometric_inference":
            traits, wrong = _read_off(case, using)
            says = f"feeds.{name} reads {', '.join(traits) or 'what people are'} from bodies"
            yield case.judge(wrong, f"feeds.{name}", says)
        elif feed.category == "emotion_inference":
            says = f"feeds.{name} infers emotions ({feed.context}, about {feed.about})"
            yield case.judge(_felt(case, name, feed, using), f"feeds.{name}", says)
        elif feed.category == "biometric":
            yield _checked(case, name, feed, using)
        elif feed.category in ("ordinary", "special", "unknown") and feed.provenance in (*GUESSED, "sensor"):
            traits, _ = _read_off(case, using)
            if traits:
                says = f"feeds.{name} ({feed.provenance}, {feed.category}) tells {', '.join(traits)}"
                yield case.judge(_called(name, feed), f"feeds.{name}", says)


def _called(name: str, feed: Feed) -> Truth:
    """False, that a feed reads bodies: by what its author calls it alone."""
    place = f"feeds.{name}.category"
    return unknown(place) if feed.category == "unknown" else known(False, labels=(place,))


def _checked(case: Case, name: str, feed: Feed, using: Sequence[BehaviourView]) -> Outcome:
    """Biometric data that are said to check who somebody is: traits that are read off them show the contrary."""
    traits, wrong = _read_off(case, using)
    how = f"reads {', '.join(traits)} from bodies"
    if not traits and (feed.provenance in GUESSED or (feed.provenance == "sensor" and using)):
        wrong, how = _called(name, feed), "may infer from bodies what people are"
    elif not traits and using and wrong.value is None:
        how = "checks who somebody is; which traits it serves is not declared"
    elif not traits:
        wrong, how = FALSE, "checks who somebody is, and infers nothing"
    return case.judge(wrong, f"feeds.{name}", f"feeds.{name} {how}")


def _read_off(case: Case, using: Sequence[BehaviourView]) -> tuple[list[str], Truth]:
    """Sensitive traits that behaviours of a feed use or reveal; that none is named rests on the author's word. Without
    behaviours nothing was looked at."""
    if not using:
        return [], unknown("behaviours")
    said = [case.said(f"{each.element}.{part}") for each in using for part in ("uses_traits", "proxy_for")]
    traits = {trait for each in said for trait in each.value or ()}
    traits |= {trait for each in using for trait in each.reveals}
    found = sorted(traits & set(SENSITIVE))
    if found:
        return found, TRUE
    missing = [each.element for each in said if each.open]
    return [], unknown(*missing) if missing else known(False, labels=[each.element for each in said])


def _felt(case: Case, name: str, feed: Feed, using: Sequence[BehaviourView]) -> Truth:
    """Whether emotions are inferred at work or school, or end there whatever the feed is called."""
    where = {feed.context, *(each.context for each in using)}
    if where & set(WORK_AND_SCHOOL) or feed.about in ("employee", "student"):
        return TRUE
    if "unknown" in where:
        return unknown(f"feeds.{name}.context")
    natural = {word for each in using for word in each.natural_contexts}
    ends = {each.context for each in case.sanctions + case.rewards if any(one in using for one in each.behaviours)}
    elsewhere = not (natural | ends) & set(WORK_AND_SCHOOL)
    return FALSE if elsewhere else known(False, labels=(f"feeds.{name}.context",))
