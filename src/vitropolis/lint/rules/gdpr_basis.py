"""What several rules on personal data ask: which ground a thing stands on, what a feed reveals, who really decides.

No rule stands here; `gdpr_data.py` and `gdpr_rights.py` do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vitropolis.lint.case import Case
from vitropolis.lint.grounds import limit
from vitropolis.lint.law import UNION_LAW, in_force
from vitropolis.lint.truth import FALSE, TRUE, Truth, any_of, unknown
from vitropolis.lint.views import BehaviourView, Duration, MeasureView
from vitropolis.policy.words import CONDUCT

SPECIAL = ("special", "biometric", "biometric_inference")
SPECIAL_TRAITS = frozenset(
    {"ethnicity", "race", "colour", "national_origin", "religion", "politics", "union", "health", "disability"}
    | {"sex_life", "biometrics", "genetics"}
)
"""Traits that article 9 names, with those that show origin or health as plainly."""


def home(measure: MeasureView) -> str:
    """The element whose author decides and names the law: of a publication, its list."""
    return measure.element.removesuffix(".publication")


def grounds_of(case: Case, element: str) -> tuple[str, ...]:
    """The legal bases that an element names and that are in force on the policy's day."""
    named = case.said(f"{element}.legal_basis").value or ()
    return tuple(name for name in named if in_force(case.reader, name))


def stands_on(case: Case, element: str, good: Iterable[tuple[str, Truth]]) -> Truth:
    """Whether one of these grounds of an element, judged one by one, will do; undeclared grounds leave it open."""
    said = case.said(f"{element}.legal_basis")
    return unknown(said.element) if said.open else any_of(truth for _, truth in good)


def is_law(case: Case, basis: str) -> Truth:
    """Whether a legal basis is law by its rank."""
    return case.said(f"legal_basis.{basis}.kind").is_(*UNION_LAW)


def guarded(case: Case, basis: str) -> Truth:
    """Whether a legal basis gives safeguards."""
    return case.said(f"legal_basis.{basis}.safeguards").is_true()


def is_consent(case: Case, basis: str) -> Truth:
    """Whether a legal basis is consent that can be refused without any effect."""
    return case.said(f"legal_basis.{basis}.kind").is_("consent") & consent_free(case)


def consent_free(case: Case) -> Truth:
    """Whether refusing costs nothing: nobody is enrolled by duty or punished for staying out, and before a public body
    staying out has no effect at all."""
    if case.policy.population.enrolment.mode == "mandatory":
        return FALSE
    effect = case.said("population.enrolment.opt_out_effect")
    return ~effect.is_("sanction") & (~case.public | effect.is_("none"))


def is_contract(case: Case, basis: str) -> Truth:
    """Whether a legal basis is a contract; of a public body, which nobody may leave, by its label."""
    kind = case.said(f"legal_basis.{basis}.kind")
    contract = kind.is_("contract")
    return (contract & ~case.public) | contract.resting_on(labels=(kind.element,))


def reveals(view: BehaviourView) -> dict[str, str]:
    """What a behaviour reveals of article 9, and by what: {trait: why}. Nature before labels."""
    found = dict(view.reveals)
    for how, traits in (("used directly", view.item.uses_traits), ("by proxy", view.item.proxy_for)):
        for trait in traits:
            if trait in SPECIAL_TRAITS:
                found.setdefault(trait, how)
    return found


def is_crime(word: str) -> bool:
    """Whether an act is a serious offence by its nature."""
    return CONDUCT[word].kind == "unlawful_act" and CONDUCT[word].gravity >= limit("crime_gravity")


def special(case: Case, view: BehaviourView) -> Truth:
    """Whether records of a behaviour are of a special category: by nature, by traits and proxies, by its feed."""
    if reveals(view) or view.feed.category in SPECIAL:
        return TRUE
    parts = [FALSE if view.feed.category != "unknown" else unknown(f"feeds.{view.item.feed}.category")]
    parts += [case.said(f"{view.element}.{field}").test(lambda _: False) for field in ("uses_traits", "proxy_for")]
    return any_of(parts)


def special_ground(case: Case, feed: str) -> Truth:
    """Whether a feed stands on a law, or on free consent, that gives safeguards for special categories.

    Who names none has none: such data stay out unless a ground lets them in, so silence is no open question here.
    """
    said = case.said(f"feeds.{feed}.legal_basis")
    if said.state == "absent":
        return Truth(False, frozenset({said.element}))
    names = grounds_of(case, f"feeds.{feed}")
    good = [(name, (is_law(case, name) | is_consent(case, name)) & guarded(case, name)) for name in names]
    return stands_on(case, f"feeds.{feed}", good)


def automated(case: Case, measure: MeasureView) -> Truth:
    """Whether no person really decides: none is there, may not change anything, or has no time to look. That people
    decide together with a machine is the policy's own label."""
    review = "procedure.human_review"
    least = limit("review_minutes")
    powerless = case.said(f"{review}.authority_to_change").test(lambda value: value is False, null=False)
    hurried = case.said(f"{review}.minutes_per_case").test(lambda value: value < least, null=False)
    decided = case.said(f"{home(measure)}.decided_by")
    alone = decided.is_("automated")
    alone = alone.resting_on(labels=(decided.element,)) if decided.value == "hybrid" else alone
    return alone | powerless | hurried


def how_automated(case: Case, measure: MeasureView) -> str:
    """Why no person decides, in words; empty if one does."""
    minutes = case.said("procedure.human_review.minutes_per_case").value
    if case.said(f"{home(measure)}.decided_by").value == "automated":
        return "decided by machine alone"
    if case.said("procedure.human_review.authority_to_change").value is False:
        return "decided by people who may not change the outcome"
    if minutes is not None and minutes < limit("review_minutes"):
        return f"decided by people who have {minutes:g} minutes a case"
    shared = case.said(f"{home(measure)}.decided_by").value == "hybrid"
    return "decided by a machine together with people" if shared else ""


def gateway(case: Case, measure: MeasureView) -> Truth:
    """Whether article 22(2) lets it be automated: a contract, a law with safeguards, or consent that is free."""
    names = grounds_of(case, home(measure))
    good = []
    for name in names:
        law = is_law(case, name) & guarded(case, name)
        good.append((name, law | is_consent(case, name) | is_contract(case, name)))
    return stands_on(case, home(measure), good)


def significant(measure: MeasureView) -> Truth:
    """Whether a measure weighs on people as much as a legal effect."""
    return measure.severity.at_least(limit("gdpr_significant_severity"))


def personal(case: Case) -> Iterator[tuple[str, tuple[BehaviourView, ...]]]:
    """Feeds about people, each with its behaviours."""
    for name, feed in case.policy.feeds.items():
        if feed.about != "firm":
            yield name, tuple(view for view in case.behaviours.values() if view.item.feed == name)


def lasts(duration: Duration) -> str:
    """How long, in words: `for 30 days`, `without end`."""
    if duration.missing:
        return "for a time that is not declared"
    return "without end" if duration.days is None else f"for {duration.days} days"
