"""United States credit law as a lens: how long bad items may count, and what a refusal has to say."""

from __future__ import annotations

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Outcome, Outcomes
from vitropolis.lint.grounds import limit
from vitropolis.lint.rule import rule
from vitropolis.lint.rules.gdpr_basis import is_crime, lasts
from vitropolis.lint.truth import FALSE, Truth
from vitropolis.lint.views import BehaviourView, MeasureView

REASONS = ("sources", "reasons", "remedy")


@rule("US-605-1", "obsolete-items", "medium", ("us",), ("fcra-1681c",))
def obsolete_items(case: Case) -> Outcomes:
    """Bad items that count for more than seven years.

    What: records and listings that lead to sanctions on people for more than seven years; convictions are exempt.
    Why: after seven years an old debt says little of today's person, and still costs a home or a job.
    Fires: an arrest twelve years ago.
    Silent: everything lapses by itself at seven years.
    Fix: shorten: the life of records and listings, to seven years; add: an end that comes by itself
    Computed: how long each record and listing counts at most; whether conduct is a serious offence by its nature.
    Declared: `life`, `term_days`, `retention`, `established_by`.
    Cannot decide: whether the law applies; it binds consumer reporting agencies, no city.
    """
    most = limit("us_adverse_item")
    for view in _adverse(case):
        held = case.durations.of_record(view)
        wrong = held.over(most) & ~_conviction(case, view)
        says = f"a record of {view.name} counts {lasts(held)} (limit {most})"
        if wrong.value is False and held.over(most).value is not False:
            says += ", as a conviction may"
        yield case.judge(wrong, view.element, says)
    for name, _ in case.adverse_lists():
        held = case.durations.of_list(name)
        says = f"a listing on {name} lasts {lasts(held)} (limit {most})"
        yield case.judge(case.if_black(held.over(most), name), f"lists.{name}", says)


def _adverse(case: Case) -> tuple[BehaviourView, ...]:
    used = {each.name for measure in case.sanctions for each in measure.held_against}
    return tuple(view for view in case.behaviours.values() if view.name in used and not view.firm)


def _conviction(case: Case, view: BehaviourView) -> Truth:
    """Whether a record is a court's final finding of what is a crime by its nature."""
    if not all(is_crime(word) for word in view.item.conduct):
        return FALSE
    return case.said(f"{view.element}.established_by").is_("final_court")


@rule("US-615-1", "no-adverse-action-notice", "medium", ("us",), ("fcra-1681m", "ecoa-1691d", "cfpb-2022-03"))
def no_adverse_action_notice(case: Case) -> Outcomes:
    """A refusal by score that does not say why.

    What: sanctions reached through a score, without a notice that names sources, main reasons, and how to get a free
        copy and dispute it.
    Why: who is not told which entries did it can neither put them right nor do better.
    Fires: the letter says `internal policy`.
    Silent: up to four specific reasons, the source, the free copy and the right to dispute.
    Fix: notify: everybody refused, of source, main reasons, free copy and dispute; publish: which rule gives which
        reason
    Computed: which sanctions are reached through a score.
    Declared: `procedure.notice`, `procedure.access`.
    Cannot decide: whether a reason given is specific; whether the law applies, which binds no city.
    """
    for measure in case.sanctions:
        if measure.trigger is not None and case.flows.scores_of(measure.trigger) and measure.contributions:
            yield _told(case, measure)


def _told(case: Case, measure: MeasureView) -> Outcome:
    when, content = case.said("procedure.notice.when"), case.said("procedure.notice.content")
    copies = case.said("procedure.access.free_copies_per_year")
    never = when.is_("none") if not when.open else FALSE
    costly = copies.test(lambda number: number < limit("free_copies_us"), null=True)
    wrong = never | ~content.has(*REASONS) | costly
    lacks = [*content.lacking(REASONS)] + (["free copy"] if costly.value else [])
    says = f"{measure.does} is decided by a score and the notice names: sources, reasons, remedy"
    if never.value:
        says = f"{measure.does} is decided by a score and nobody is told"
    elif wrong.value:
        says = f"{measure.does} is decided by a score and the notice leaves out: {', '.join(lacks)}"
    elif wrong.value is None:
        says = f"{measure.does} is decided by a score; what people are told of it is not declared"
    by_score = (way for way in measure.contributions if any(hop.element.startswith("scores.") for hop in way.path))
    way = next(by_score, measure.contributions[0])
    return case.judge(wrong, measure.element, says, path=way.path)
