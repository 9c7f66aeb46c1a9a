"""AI Act duties around high-risk systems: the file, oversight, telling people, logs, impact assessment, explanation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Outcomes
from vitropolis.lint.grounds import grounds, limit
from vitropolis.lint.rule import rule
from vitropolis.lint.truth import FALSE, TRUE, Truth, all_of, any_of, known, unknown
from vitropolis.lint.views import MeasureView

POINTS = {
    "social_assistance": "5(a)",
    "health": "5(a)",
    "public_housing": "5(a)",
    "creditworthiness": "5(b)",
    "insurance": "5(c)",
    "education": "3",
    "job": "4",
    "public_employment": "4",
}
"""Point of Annex III by the group of a service."""
NO_POINT = ("voting", "candidacy")
MOMENTS = {"before": "before the effect", "at": "when the effect begins", "after": "after the effect"}
FRIA = ("a", "b", "c", "d", "e", "f")
ANNEX = "aia-annex-iii"


def point(measure: MeasureView) -> str:
    """The point of Annex III that a measure falls under by its service; empty if none."""
    service = measure.service
    if service is None or measure.firm or measure.action == "honour":
        return ""
    other_essential = service.level == "E3" and service.name not in NO_POINT
    return POINTS.get(service.group, "5(a)" if other_essential else "")


def high_risk(case: Case, measure: MeasureView) -> Truth:
    """Whether a measure makes its system high-risk under Annex III."""
    found = point(measure)
    return case.public if found == "5(a)" else known(bool(found))


def gates(case: Case) -> Iterator[MeasureView]:
    """The measures on persons that fall under Annex III by their service, whoever runs the system."""
    return (each for each in case.sanctions + case.rewards if point(each))


def _whatever(case: Case) -> tuple[Truth, str]:
    """Whether any measure makes the system high-risk, and which ones could, in words."""
    found = list(gates(case))
    return any_of(high_risk(case, each) for each in found), _names(found)


def _names(found: Sequence[MeasureView], most: int = 3) -> str:
    """The first few of some measures, in words."""
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(each.name for each in found[:most]) + more


@rule("AIA-III5-1", "essential-gate", "high", ("eu",), (ANNEX, "aia-annex-iii-3-4-5"), gated=True)
def essential_gate(case: Case) -> Outcomes:
    """Gate to essential services without a high-risk file.

    What: measures that grant, cut or refuse assistance, care, public housing, credit, insurance, schooling or work,
        where no high-risk file is declared.
    Why: such systems are high-risk (article 6(2), Annex III): they owe risk management, records, oversight and
        registration.
    Fires: a fraud score that stops household allowances.
    Silent: a score that waives a library fee.
    Fix: remove: the gate; add: risk management, logs, human oversight and registration before use
    Computed: which measures meet services of Annex III, sanctions and rewards alike.
    Declared: `operator.kind`, `governance.high_risk_file`.
    Cannot decide: the filter of article 6(3), which profiling always closes; whether an insurance is life or health
        (then it is reviewed); what the file is worth.
    """
    filed = case.said("governance.high_risk_file").is_true()
    for measure in case.sanctions + case.rewards:
        under = point(measure)
        area = high_risk(case, measure)
        says = f"{measure.does} falls under point {under} of Annex III" if under else (
            f"{measure.does} falls under none of points 3, 4 and 5 of Annex III"
        )  # fmt: skip
        if under == "5(a)" and area.value is False:
            says += ", were it run by or for a public authority"
        if under and area.value is not False:
            says += {True: "", False: "; no high-risk file exists", None: "; a high-risk file is not declared"}[
                filed.value
            ]
        yield case.judge(area & ~filed, measure.element, says, review=under == "5(c)")


@rule("AIA-26-1", "oversight-unstaffed", "medium", ("eu",), ("aia-26", "aia-cets-8"), gated=True)
def oversight_unstaffed(case: Case) -> Outcomes:
    """Human oversight not staffed.

    What: a high-risk system whose reviewers lack competence, training or the power to change the outcome.
    Why: article 26(2) wants people who can oversee it; an office that may only confirm oversees nothing.
    Fires: appeals are looked at by the operator of the platform.
    Silent: a named office with the power to annul, trained every year.
    Fix: add: named reviewers with competence, training, time and the power to change the outcome
    Computed: whether the policy has a measure under Annex III at all.
    Declared: `procedure.human_review`.
    Cannot decide: whether the reviewers are free in fact.
    """
    area, names = _whatever(case)
    if not names:
        return
    wanted = ("available", "competence", "training", "authority_to_change")
    said = [case.said(f"procedure.human_review.{word}") for word in wanted]
    lacking = [each.element.rpartition(".")[2] for each in said if each.is_true().value is not True]
    says = f"oversight of {names}: " + (
        f"human review lacks, or does not declare, {', '.join(lacking)}" if lacking else "human review is staffed"
    )
    wrong = area & ~all_of(each.is_true() for each in said)
    yield case.judge(wrong, "procedure.human_review", says)


@rule("AIA-26-2", "not-told", "high", ("eu", "us", "cn"),
      ("gdpr-13-14", "aia-26-11", "pipl-17-48", "fcra-1681m"))  # fmt: skip
def not_told(case: Case) -> Outcomes:
    """Scored people not told.

    What: sanctions, or a gate to essential services, with no notice, or one that does not say that a system is used.
    Why: whoever does not know of the score cannot contest it. Data protection law asks for this without any AI.
    Fires: debtors find themselves on a public website on the day when the notice comes.
    Silent: a written notice that names score, rule, sources and remedy.
    Fix: notify: people before the effect, and that a system is used, how and with what weight
    Computed: whether there is a sanction, or a measure under Annex III, at all.
    Declared: `procedure.notice`.
    Cannot decide: whether notices arrive and are understood; the simulator has undelivered ones.
    """
    if not case.sanctions and not list(gates(case)):
        return
    when = case.said("procedure.notice.when")
    told = ~when.is_("none") if when.state != "null" else FALSE
    named = case.said("procedure.notice.content").has("system_use")
    count = len(case.sanctions)
    says = f"{count} {'sanction' if count == 1 else 'sanctions'} on people" if count else "a gate to essential services"
    if when.value == "none" or when.state == "null":
        says += "; nobody is told"
    elif when.open:
        says += "; whether people are told is not declared"
    else:
        says += f"; people are told {MOMENTS.get(when.value, 'at a time that is not known')}"
        says += {True: ", and that a system is used", False: ", but not that a system is used",
                 None: "; whether also that a system is used is not declared"}[named.value]  # fmt: skip
    yield case.judge(~(told & named), "procedure.notice", says)


@rule("AIA-26-3", "short-logs", "medium", ("eu",), ("aia-26-6", "aia-citron-2008"), gated=True)
def short_logs(case: Case) -> Outcomes:
    """Logs kept too short to appeal.

    What: a trace that is kept for less than six months, or for less than an appeal may take through all its levels.
    Why: without the log nobody can show why somebody was listed, and the burden falls on whoever appeals.
    Fires: logs are kept for 30 days, appeals may be lodged for 60.
    Silent: logs are kept for 400 days.
    Fix: add: time to the log until every appeal is over, not to the data that count in the score
    Computed: window and levels of appeal against the life of the log.
    Declared: `governance.audit_log`, `procedure.appeal`.
    Cannot decide: whether the log is complete.
    """
    if not case.sanctions and not list(gates(case)):
        return
    enabled = case.said("governance.audit_log.enabled").is_true()
    kept = case.said("governance.audit_log.retention_days")
    least = limit("aia_log_days")
    reaches, appeal = _reaches(case)
    wrong = ~(enabled & kept.test(lambda days: days >= least, null=True) & reaches)
    unsaid = "without end" if kept.state == "null" else "for a time that nobody declares"
    life = f"for {kept.value} days" if kept.state == "value" else unsaid
    says = "no log is kept" if enabled.value is False else f"logs are kept {life}"
    says += f"; needed are at least {least} days{appeal}"
    yield case.judge(wrong, "governance.audit_log", says)


def _reaches(case: Case) -> tuple[Truth, str]:
    """Whether the log lives as long as an appeal may take, and that time in words."""
    available = case.said("procedure.appeal.available")
    if available.state != "value" or available.value is False:
        return (unknown(available.element) if available.open else TRUE), ""
    window, decision = case.said("procedure.appeal.window_days"), case.said("procedure.appeal.decision_days")
    levels = case.said("procedure.appeal.levels").value or 1
    kept = case.said("governance.audit_log.retention_days")
    if window.open or decision.open:
        return unknown(
            *(each.element for each in (window, decision) if each.open)
        ), ", and the time of an appeal, which is not declared"
    if "null" in (window.state, decision.state):
        return kept.test(lambda _: False, null=True), ", and no end, since appeals have no time limit"
    days = window.value + decision.value * levels
    assumed = [each.element for each in (window, decision) if each.assumed]
    return kept.test(lambda life: life >= days, null=True).resting_on(
        assumed=assumed
    ), f", and {days} for an appeal through all its levels"


@rule("AIA-27-1", "no-impact-assessment", "high", ("eu",), ("aia-27", "aia-27-4"), gated=True)
def no_impact_assessment(case: Case) -> Outcomes:
    """Fundamental-rights impact assessment missing or incomplete.

    What: a public body, or whoever gates credit or insurance, without an assessment of all six elements (a) to (f)
        before the rules start.
    Why: article 27 wants process, period, groups, harms, oversight and remedies thought through before use.
    Fires: no assessment is declared.
    Silent: an assessment that covers (a) to (f), dated before the rules start.
    Fix: remove: every measure whose harms an honest assessment cannot justify; add: the missing elements of the
        assessment, before the system is used
    Computed: whether the policy has a measure under Annex III; the assessment's date against the start of the rules.
    Declared: `assessments.fria`, `operator.kind`.
    Cannot decide: the quality of the assessment; whether it was updated when the system changed.
    """
    found = list(gates(case))
    if not found:
        return
    priced = any(point(each) in ("5(b)", "5(c)") for each in found)
    owed = (TRUE if priced else case.public) & any_of(high_risk(case, each) for each in found)
    says, done = _assessed(case)
    element = "assessments.fria" if "fria" in case.policy.assessments else "assessments"
    yield case.judge(owed & ~done, element, says)


def _assessed(case: Case) -> tuple[str, Truth]:
    """What is declared of the assessment, in words, and whether it is whole and in time."""
    if "fria" not in case.policy.assessments:
        if case.said("assessments").open:
            return "no assessments are declared", unknown("assessments.fria")
        return "the assessments that are declared hold none of fundamental rights", FALSE
    covers, dated = case.said("assessments.fria.covers"), case.said("assessments.fria.date")
    start = case.policy.starts_on
    lacking = covers.lacking(FRIA)
    early = dated.test(lambda day: day < start, null=False) if start else TRUE
    says = (
        f"the assessment lacks {', '.join(lacking)} of article 27(1)" if lacking else "the assessment covers (a) to (f)"
    )
    if covers.open:
        says = "what the assessment covers is not declared"
    says += f"; its date is {dated.value or 'not declared'}, the rules start on {start}" if start else ""
    return says, covers.has(*FRIA) & early


@rule("AIA-86-1", "no-explanation", "medium", ("eu",), ("aia-86", "oecd-1-2-3-5"), gated=True)
def no_explanation(case: Case) -> Outcomes:
    """No explanation of the single decision.

    What: a sanction under Annex III whose explanation lacks the role of the system or the main elements of the
        decision.
    Why: article 86 gives people a clear and meaningful explanation; a number is none.
    Fires: a credit agency gives people a number and a vague outline of the method.
    Silent: people can learn the sources and reasons of a change in their report (Shanghai, article 34).
    Fix: add: an explanation that names the system's role and the records and points that decided
    Computed: which sanctions meet services of Annex III.
    Declared: `procedure.remedy.explains`.
    Cannot decide: whether another right of the Union goes further (article 86(3)); whether article 86 applies before
        the duties for Annex III do, which is unsettled: until then it is a review.
    """
    sanctions = [each for each in case.sanctions if point(each)]
    if not sanctions:
        return
    area = any_of(high_risk(case, each) for each in sanctions)
    said = case.said("procedure.remedy.explains")
    lacking = said.lacking(("role_of_system", "main_elements"))
    names = _names(sanctions)
    says = f"explanation of {names}: "
    says += "what it holds is not declared" if said.open else (
        f"it lacks {' and '.join(lacking)}" if lacking else "it holds the system's role and the main elements"
    )  # fmt: skip
    wrong = area & ~said.has("role_of_system", "main_elements")
    yield case.judge(wrong, "procedure.remedy", says, review=not grounds()[ANNEX].live(case.as_of))
