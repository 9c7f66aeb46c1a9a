"""GDPR article 5(1)(c): data that are collected and decide nothing."""

from __future__ import annotations

from vitropolis.lint.case import Case
from vitropolis.lint.effects import Effects
from vitropolis.lint.finding import Outcome, Outcomes
from vitropolis.lint.rule import rule
from vitropolis.lint.rules.gdpr_basis import personal
from vitropolis.lint.truth import Truth, all_of
from vitropolis.lint.views import BehaviourView


@rule("GDP-5c-1", "dead-data", "medium", ("eu", "cn"), ("gdpr-5-1-c", "pipl-6"))
def dead_data(case: Case) -> Outcomes:
    """Data that are collected and decide nothing.

    What: behaviours and feeds about people that lead nowhere, or whose points can never change a band or a trigger.
    Why: what changes no outcome is not needed; collecting it costs privacy and buys nothing.
    Fires: one point for a blood donation on a score of 0 to 1000 whose bands are 100 points wide, if all else moves by
        hundreds.
    Silent: every feed can tip somebody into another band.
    Fix: remove: the feed or behaviour, which changes no outcome
    Computed: ways to lists and measures; every sum that the other records can reach, with caps, discretion and
        half-lives, exact to the point, and whether this record can carry any of them across a limit.
    Declared: points, caps, lives, bands and triggers; whether scores or feeds are handed on to others.
    Cannot decide: whether the data have a lawful use outside the policy; whether joined triggers hold together.
    """
    effects = Effects(case)
    for feed, views in personal(case):
        judged = [(view, ~effects.alive(view)) for view in views]
        if not all(wrong.value for _, wrong in judged):
            for view, wrong in judged:
                yield _idle(case, effects, view, wrong)
            continue
        says = f"no behaviour reads {feed}: it is collected for nothing"
        if views:
            names = ", ".join(view.name for view in views)
            says = (
                f"nothing that {feed} reports can change anything: {'; '.join(_why(effects, view) for view in views)}"
            )
            says = says if len(says) < 200 else f"nothing that {feed} reports can change any outcome: {names}"
        wrong = all_of(wrong for _, wrong in judged)
        yield case.judge(wrong, f"feeds.{feed}", _or_handed(effects, says), review=effects.handed("feed"))


def _why(effects: Effects, view: BehaviourView) -> str:
    scores = effects.scores(view)
    if not scores:
        return f"{view.name} leads to no list and no measure"
    moves = ", ".join(effects.told(view, score) for score in scores)
    return f"{view.name} {moves} and crosses no limit from any score"


def _idle(case: Case, effects: Effects, view: BehaviourView, wrong: Truth) -> Outcome:
    says = _why(effects, view) if wrong.value else f"a record of {view.name} can tip somebody over a limit"
    review = effects.handed("feed")
    return case.judge(wrong, view.element, _or_handed(effects, says) if wrong.value else says, review=review)


def _or_handed(effects: Effects, says: str) -> str:
    return f"{says}; but feeds are handed on, and may count there" if effects.handed("feed") else says
