"""GDPR: purposes, and data that are turned to another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Outcome, Outcomes
from vitropolis.lint.rule import rule
from vitropolis.lint.rules.gdpr_basis import (
    grounds_of,
    home,
    is_law,
    personal,
)
from vitropolis.lint.truth import FALSE, Truth, any_of, unknown
from vitropolis.lint.views import BehaviourView, Contribution, MeasureView

WORST = ((True, False), (True, True), (None, True), (False, True))
"""Verdicts on a use, the worst first: whether it is wrong, and whether a claim of the policy may stand against that."""


@rule("GDP-5b-1", "purpose-change", "high", ("eu",), ("gdpr-5-1-b", "syri-purpose", "pipl-14-34"))
def purpose_change(case: Case) -> Outcomes:
    """Data used for another purpose without a basis.

    What: a feed whose records lead to a measure in another walk of life, with no law that covers both.
    Why: people gave data, or had them taken, for one purpose; whoever turns them to another needs a law that says so.
    Fires: tax, benefit and housing files are pooled to flag people for an inspection.
    Silent: tax data that decide on the tax they were given for.
    Fix: remove: the feed from that measure; separate by law: the onward use, in a statute that names data and aim
    Computed: every way from a feed to a measure or public list, and how their walks of life stand to one another.
    Declared: contexts of feeds and behaviours (held against the catalogue of conduct), `legal_basis`; `links`, which
        make it a review.
    Cannot decide: whether two purposes are compatible, which the law weighs case by case; what recipients do later.
    """
    for feed, views in personal(case):
        judged = list(_uses(case, f"feeds.{feed}", views))
        for value, claimed in WORST:
            found = [use for use in judged if use.wrong.value is value and (claimed or not use.claimed)]
            if found:
                yield _purpose(case, feed, found)
                break


class Use(NamedTuple):
    """What records are used for, whether that is wrong, and by which link the policy claims that it is not."""

    wrong: Truth
    claimed: str
    measure: MeasureView
    way: Contribution


def _uses(case: Case, feed: str, views: Iterable[BehaviourView]) -> Iterator[Use]:
    """Every use of a feed's records, and whether they serve another walk of life there with no law for it."""
    uncovered: dict[str, Truth] = {}
    for view in views:
        for measure, way in case.leads[view.name]:
            if measure.firm or measure.polarity == "none":
                continue
            crossing, relation = case.crossings(measure.context)[view.name]
            if crossing not in ("unrelated", "claimed"):
                yield Use(FALSE if crossing == "related" else case.foreign(view, measure), "", measure, way)
                continue
            if measure.element not in uncovered:
                uncovered[measure.element] = ~_covered(case, feed, home(measure))
            yield Use(uncovered[measure.element], relation.link if crossing == "claimed" else "", measure, way)


def _covered(case: Case, feed: str, use: str) -> Truth:
    """Whether one and the same law that specifies the data is named by the feed and by its use."""
    ends = [case.said(f"{each}.legal_basis") for each in (feed, use)]
    if any(end.open for end in ends):
        return unknown(*(end.element for end in ends if end.open))
    both = [name for name in grounds_of(case, feed) if name in grounds_of(case, use)]
    return any_of(is_law(case, name) & case.said(f"legal_basis.{name}.data_specified").is_true() for name in both)


def _purpose(case: Case, feed: str, found: list[Use]) -> Outcome:
    if found[0].wrong.value is False:
        found = [use for use in found if use.wrong.labels] or found
    worst = min(found, key=lambda use: (use.measure.context == "unknown", use.wrong.weight, len(use.way)))
    wrong, measure = worst.wrong, worst.measure
    if wrong.value is False and not wrong.labels:
        says = f"{feed} leads to nothing outside its own walk of life that no law covers"
        return case.judge(any_of(use.wrong for use in found), f"feeds.{feed}", says)
    more = len({use.measure.element for use in found}) - 1
    says = f"{feed} ({_arises(worst)}) is used for {measure.does} ({measure.context})"
    says += f" and {more} more" if more else ""
    if wrong.value is not False:
        says += ", and no law that names the data covers both" if wrong.value else ", on grounds not declared"
    says += f"; {worst.claimed} claims one that joins the two" if worst.claimed else ""
    data = {"uses": sorted({use.measure.element for use in found})}
    return case.judge(wrong, f"feeds.{feed}", says, path=worst.way.path, data=data, review=bool(worst.claimed))


def _arises(use: Use) -> str:
    """The walk of life of what is used; where it is of another by nature than its label says, both."""
    view = use.way.behaviour
    if use.wrong.value is not False:
        return view.context
    nature = ", ".join(each for each in view.natural_contexts if each != view.context)
    return f"{view.name} is of {nature} by nature, called {view.context}"
