"""Remedies that come too late, or do not stop what they are asked to stop."""

from __future__ import annotations

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Outcome, Outcomes
from vitropolis.lint.grounds import limit
from vitropolis.lint.rule import rule
from vitropolis.lint.truth import known, unknown
from vitropolis.lint.views import MeasureView

APPEAL = "procedure.appeal"


@rule("DP-APP-1", "remedy-too-slow", "high", ("due", "hr"), ("due-iccpr-2-3", "due-echr-13"))
def remedy_too_slow(case: Case) -> Outcomes:
    """The remedy is slower than the sanction.

    What: an appeal whose instances may together take as long as the sanction lasts, or more than half a year, while
        the sanction goes on.
    Why: who wins after the ban is over has won nothing; a remedy has to be effective.
    Fires: a ban of 180 days, and 200 days for the decision on the appeal.
    Silent: 30 days, and the sanction is stayed meanwhile.
    Fix: shorten: the time for decisions on appeal; add: a stay of the effect while the appeal is pending
    Computed: how long each sanction may last, from terms and lives of records, against days and instances.
    Declared: days per instance, the number of instances, whether an appeal suspends the effect.
    Cannot decide: how long appeals really wait; a run shows the queue.
    """
    for measure in case.sanctions:
        yield _timed(case, measure)


def _timed(case: Case, measure: MeasureView) -> Outcome:
    days, levels = case.said(f"{APPEAL}.decision_days"), case.said(f"{APPEAL}.levels")
    stay = case.said(f"{APPEAL}.suspends_effect").is_true()
    none = ~case.said(f"{APPEAL}.available").is_true()
    lasts = "has no end" if measure.duration.days is None and not measure.duration.missing else (
        f"lasts {measure.duration.told()}")  # fmt: skip
    if none.value:
        says = f"{measure.does} {lasts}, and there is no appeal"
        return case.judge(none, measure.element, says)
    if days.state != "value":
        promised = f"no time limit (`{days.element}`)" if days.state == "null" else "an unknown time"
        late = known(True) if days.state == "null" else unknown(days.element)
        says = f"{measure.does} {lasts}; an appeal may take {promised}"
        return case.judge((late & ~stay) | none, measure.element, says)
    whole = days.value * (levels.value or 1)
    late = ~measure.duration.over(whole) | known(whole > limit("remedy_most"))
    if late.value is False and days.assumed:
        late = late.resting_on(assumed=[days.element])
    held = "is suspended meanwhile" if stay.value else "goes on meanwhile"
    says = f"{measure.does} {lasts} and {held}; an appeal may take {whole} days"
    return case.judge(
        (late & ~stay) | none, measure.element, says, data={"appeal_days": whole, "lasts_days": measure.duration.days}
    )


@rule("DP-APP-2", "not-suspended", "medium", ("due",), ("due-echr-13", "due-citron-2008", "due-prc-apl-73"))
def not_suspended(case: Case) -> Outcomes:
    """A severe effect goes on during the appeal.

    What: a sanction of severity 3 or more that an appeal does not suspend.
    Why: a severe effect cannot be given back afterwards; some laws allow it to go on all the same, and then the wrong
        ones among those hit carry the whole cost of the error.
    Fires: a court list on which reconsideration does not suspend the listing.
    Silent: an automatic stay for severe effects.
    Fix: add: a stay for every severe effect, with an exception for acute danger to others
    Computed: severity* of each sanction.
    Declared: whether an appeal suspends the effect.
    Cannot decide: how often a stay would let a real danger go on.
    """
    for measure in case.sanctions:
        runs_on = ~case.said(f"{APPEAL}.suspends_effect").is_true() | ~case.said(f"{APPEAL}.available").is_true()
        wrong = measure.severity.at_least(limit("stay_severity")) & runs_on
        says = f"{measure.does} has {measure.severity.told()} and goes on while an appeal is pending"
        if wrong.value is False:
            says = f"{measure.does} is of severity {measure.severity.low}, or an appeal suspends it"
        yield case.judge(wrong, measure.element, says, data={"severity": measure.severity.low})
