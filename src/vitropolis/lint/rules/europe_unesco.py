"""Council of Europe Framework Convention on AI, and UNESCO's recommendation: what holds without an AI system too."""

from __future__ import annotations

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Outcomes
from vitropolis.lint.grounds import limit
from vitropolis.lint.rule import rule
from vitropolis.lint.rules.ai_act_scoring import cross_context_flow, general_trust_score
from vitropolis.lint.truth import Truth


@rule("COE-14-1", "no-remedy-information", "medium", ("coe",), ("cets-225-14-15",))
def no_remedy_information(case: Case) -> Outcomes:
    """People are not told enough to contest.

    What: a log, reasons, a contact or a body for complaints that is missing.
    Why: a decision that left no trace, gives no reasons and names no office cannot be contested by anybody.
    Fires: no complaint body is named.
    Silent: an ombudsman is named, reasons are given, the log runs.
    Fix: add: a log of each decision; notify: people of the reasons; publish: a contact and a body for complaints
    Computed: nothing: it reads declarations alone.
    Declared: `governance.audit_log`, `procedure.notice`, `procedure.remedy`.
    Cannot decide: whether the body has the power and the means to help. The convention binds states.
    """
    if not case.policy.population.natural_persons:
        return
    told = case.said("procedure.notice.content").has("reasons") & ~case.said("procedure.notice.when").is_("none")
    parts: tuple[tuple[str, str, Truth], ...] = (
        ("governance.audit_log.enabled", "a log of decisions", case.said("governance.audit_log.enabled").is_true()),
        ("procedure.notice.content", "a notice with reasons", told),
        ("procedure.remedy.contact", "an office to turn to", case.said("procedure.remedy.contact").is_true()),
        ("procedure.remedy.complaint_body", "an outside body for complaints",
         case.said("procedure.remedy.complaint_body").is_true()),
    )  # fmt: skip
    for element, what, there in parts:
        how = "is there" if there.value else "is not provided" if there.value is False else "is not declared"
        yield case.judge(~there, element, f"{what} {how}")


@rule("COE-16-1", "no-stop-condition", "medium", ("coe",), ("cets-225-16", "coe-huderia"))
def no_stop_condition(case: Case) -> Outcomes:
    """Nothing says when to stop, or to look again.

    What: no condition under which the scheme halts, or no new assessment at least once a year.
    Why: risks are to be managed as they show, up to a moratorium or a ban; who never looks again never stops.
    Fires: an open-ended pilot.
    Silent: it halts if false listings pass a share that is stated, and is assessed again every half year.
    Fix: add: a condition under which it stops; shorten: the time to the next assessment; publish: both
    Computed: nothing: it reads declarations alone.
    Declared: `monitoring.stop_conditions`, `monitoring.reassess_days`.
    Cannot decide: whether anybody would really stop; a run can show which threshold would have been passed.
    """
    if not case.policy.population.natural_persons:
        return
    stop, again = case.said("monitoring.stop_conditions"), case.said("monitoring.reassess_days")
    there = stop.test(bool, null=False)
    how = f"stops on {len(stop.value)} conditions" if there.value else "names no condition on which it stops"
    says = "whether anything stops it is not declared" if stop.open else f"it {how}"
    yield case.judge(~there, stop.element, says)
    year = limit("coe_reassessment")
    when = (
        f"every {again.value} days" if again.state == "value" else "never" if again.state == "null" else "not declared"
    )
    says = f"a new assessment: {when} (at most {year} are looked for)"
    yield case.judge(~again.within(year), again.element, says)


@rule("UNE-26-1", "general-social-scoring", "high", ("intl",), ("unesco-26", "oecd-1-2-3-5"))
def general_social_scoring(case: Case) -> Outcomes:
    """General social scoring, whoever runs it and by whatever means.

    What: what AIA-5c-1 or AIA-5c-3 looks for: sanctions reached from unrelated walks of life, or one score for all
        purposes; here for every operator and with or without an AI system.
    Why: 193 states recommended that such systems should not be used for social scoring; a table of points written by
        hand does the same as a learned one.
    Fires: Beijing's plan of 2018, as the press told it.
    Silent: offices sanction only in related matters (Shanghai 2017, articles 30-31).
    Fix: cut: the way from unrelated behaviour to the measure; separate by law: one score for each purpose, with the
        data that it may use named by statute
    Computed: every way from a feed to a measure, and how far unrelated behaviour decides it (as AIA-5c-1).
    Declared: contexts of feeds and behaviours, `links`, `purpose`.
    Cannot decide: whether contexts are related in law. It is a recommendation and binds nobody.
    """
    yield from case.outcomes("AIA-5c-1", cross_context_flow)
    yield from case.outcomes("AIA-5c-3", general_trust_score)
