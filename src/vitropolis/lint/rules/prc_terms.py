"""China's own rules on ends: the term of the court list, its correction, display of breaches and credit repair."""

from __future__ import annotations

from collections.abc import Iterator

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Outcome, Outcomes
from vitropolis.lint.grounds import limit
from vitropolis.lint.rule import rule
from vitropolis.lint.rules.court_lists import CourtList, accompanies, court_lists
from vitropolis.lint.rules.prc_lists import Fault, at_least, black_lists, weigh
from vitropolis.lint.truth import FALSE, Truth, all_of, any_of, known
from vitropolis.lint.views import Duration
from vitropolis.policy.words import CONDUCT

HARD = 3  # gravity of violence, threats and sham: what a longer term is for
CLASSES = ("minor", "general", "serious")


@rule("CN-SPC-1", "court-list-term", "high", ("cn",), ("prc-spc-2",))
def court_list_term(case: Case) -> Outcomes:
    """The court list without its term.

    What: a list of judgment defaulters that lasts longer than two years, is prolonged by more than three or for an
        ordinary breach, does not end by itself, or does not end when the debt is paid.
    Why: the Supreme People's Court gave the list a term in 2017; before, millions stood on it without an end.
    Fires: the provisions of 2013, which set no term.
    Silent: two years, one to three more for violence or several breaches, off at once on performance (article 2).
    Fix: shorten: the term to two years; cut: the longer term to violence and repeated breaches; add: an end by itself
        and on performance
    Computed: which lists are court lists, by the conduct that leads to them, be it among other conduct, and not by
        their context alone; whether one ordinary record is enough for the longer term; whether a list without a term
        that nobody can look up only goes with another court list, as an order that limits spending does: for review.
    Declared: `term_days`, `extension`, `exit`, `publication.public`.
    Cannot decide: ground 1 (able, but refuses) has no term in article 2: a list of nothing else is for review.
    """
    for each in court_lists(case):
        term = case.said(f"{each.element}.term_days")
        most = limit("cn_court_term")
        over = ~term.within(most)
        lasts = "no term" if term.state == "null" else f"a term of {term.value} days"
        faults = [
            (over, f"has {lasts} (at most {most})", "term"),
            *_extended(case, each),
            (_runs_on(case, each), "does not end by itself", "end"),
            (
                ~case.said(f"{each.element}.exit.on_compliance").is_true(),
                "does not end on performance",
                "end on performance",
            ),
        ]
        wrong, text = weigh(faults, f"ends after {term.value} days and on performance")
        endless = term.state == "null" and not any(fault[0].value for fault in faults[1:])
        first, order = endless and each.refusal_only, endless and accompanies(case, each)
        why = " (ground 1 alone)" if first else " (not public, and goes with one that is)" if order else ""
        yield case.judge(case.if_black(wrong, each.name), each.element, f"court list {each.name} {text}{why}",
                         review=first or order)  # fmt: skip


def _extended(case: Case, court: CourtList) -> Iterator[Fault]:
    if court.item.extension is None:
        return
    most = limit("cn_court_extension")
    days = case.said(f"{court.element}.extension.days")
    text = f"is prolonged {'without limit' if days.value is None else f'by {days.value} days'} (at most {most})"
    yield ~days.within(most), text, "longer term"
    ordinary = [each.name for each in case.behaviours.values() if each.gravity < HARD]
    found = case.satisfier.witness(court.item.extension.trigger, ordinary)
    single = found is not None and sum(times for _, times, _ in found) <= 1
    yield known(single), "is prolonged for a single ordinary breach", "ground of the longer term"


def _runs_on(case: Case, court: CourtList) -> Truth:
    """Whether a list with a term goes on after it; one without a term is judged by that."""
    if case.said(f"{court.element}.term_days").state != "value":
        return FALSE
    return case.said(f"{court.element}.exit.auto_expiry").test(lambda value: value is False, null=True)


@rule("CN-SPC-2", "court-list-correction", "medium", ("cn",), ("prc-spc-12",))
def court_list_correction(case: Case) -> Outcomes:
    """Correction of the court list below the court's own floor.

    What: a list of judgment defaulters where an objection is checked in more than 15 days, an error stands for more
        than 3 working days, or reconsideration is missing, must be sought in under 10 days or takes more than 15.
    Why: these are the Supreme People's Court's own limits; whoever is listed wrongly is refused trains meanwhile.
    Fires: corrections without a time limit.
    Silent: 15 days, 3 working days, 10 days, 15 days (article 12). That reconsideration does not suspend the listing
        is allowed there; DP-APP-2 speaks of it.
    Fix: shorten: checks, deletions and decisions to these days; add: reconsideration
    Computed: which lists are court lists, by the conduct that leads to them; working days as calendar days.
    Declared: `procedure.correction`, `procedure.appeal`.
    Cannot decide: whether promised days are kept.
    """
    courts = list(court_lists(case))
    if not courts:
        return
    review = not any(each.sure for each in courts)
    for element, fine, says in _floors(case):
        wrong = case.if_black(~fine, courts[0].name)
        yield case.judge(wrong, element, f"court list {courts[0].name}: {says}", review=review)


def _floors(case: Case) -> Iterator[tuple[str, Truth, str]]:
    """Element, whether it keeps to the floor, and what it says."""
    check, removal = case.said("procedure.correction.response_days"), case.said("procedure.correction.removal_days")
    appeal = case.said("procedure.appeal.available")
    most, least = limit("cn_court_check"), limit("cn_court_removal")
    yield check.element, check.within(most), f"an objection is checked in {_days(check.value)}, of {most} allowed"
    yield removal.element, removal.within(least), f"an error is deleted in {_days(removal.value)}, of {least} allowed"
    says = "reconsideration is there" if appeal.value is True else "no reconsideration is declared"
    yield appeal.element, appeal.is_true(), says
    if appeal.value is not True:
        return
    window, decision = case.said("procedure.appeal.window_days"), case.said("procedure.appeal.decision_days")
    most, least = limit("cn_court_reconsideration"), limit("cn_court_window")
    in_time = window.test(at_least(least), null=True)
    yield window.element, in_time, f"reconsideration can be sought for {_days(window.value)}, at least {least} are due"
    yield decision.element, decision.within(most), f"it is decided in {_days(decision.value)}, of {most} allowed"


def _days(value: int | None) -> str:
    return "no stated time" if value is None else f"{value} days"


@rule("CN-REP-1", "display-and-repair", "medium", ("cn",), ("prc-order-36", "prc-order-58", "prc-2025-22"))
def display_and_repair(case: Case) -> Outcomes:
    """Display and repair outside the national measures.

    What: a public black list shown for longer (or shorter) than its class of breach allows; a list that does not end
        by itself, has no free way to repair, or answers later than in 10 working days.
    Why: Order 36 lets display end by itself so that a breach does not follow somebody for ever.
    Fires: display that runs on until the list is left, however long that takes (Henan 2019, article 19).
    Silent: minor breaches that are not shown, general ones for a year, repair free and answered in ten working days.
    Fix: shorten: display to 3 months, a year or three years by class; add: an end by itself and a free way to repair
    Computed: how long display can last, with terms and extensions; the class of breach by the conduct's nature, where
        the declared class allows more.
    Declared: `publication`, `exit`, `term_days`. Display below the least time of its class is for review: it favours
        whoever is shown.
    Cannot decide: what sector rules add where the longest time is over and nothing was put right.
    """
    for name, _ in black_lists(case):
        yield _display(case, name)
        yield _repair(case, name)


def _shown(case: Case, name: str) -> Duration:
    """How long display can last: as declared, else as long as the listing."""
    until = case.said(f"lists.{name}.publication.until_days")
    if until.open:
        return Duration(None, frozenset({until.element}))
    if until.state == "null":
        return case.durations.of_list(name)
    return Duration(until.value, assumed=frozenset({until.element}) if until.assumed else frozenset())


def _display(case: Case, name: str) -> Outcome:
    element, shown = f"lists.{name}.publication", _shown(case, name)
    public, label = case.said(f"{element}.public").is_true(), case.said(f"{element}.seriousness")
    most = {each: limit(f"cn_shown_{each}") for each in CLASSES}
    long = any_of([shown.over(most["serious"]), *(label.is_(each) & shown.over(most[each]) for each in CLASSES)])
    nature = _nature(case, name)
    if long.value is False and public.value is not False and nature and shown.over(most[nature]).value:
        long = long.resting_on(labels=(label.element,))
    wrong, review = public & long, False
    if wrong.value is False and public.value:
        short = any_of(
            label.is_(each) & ~shown.over(limit(f"cn_shown_{each}_least") - 1) for each in ("general", "serious")
        )
        wrong, review = (short, True) if short.value else (wrong, False)
    time = "without an end" if shown.days is None and not shown.missing else f"for {shown.told()}"
    says = f"list {name} is shown to anybody {time} as {label.value or 'a breach of no declared class'}"
    says = says if public.value is not False else f"list {name} is not shown to the public"
    data = {"days": shown.days, "class by nature": nature}
    return case.judge(case.if_black(wrong, name), element, says, data=data, review=review)


def _nature(case: Case, name: str) -> str:
    """The class of the gravest act that leads to a list, by the catalogue; empty if nothing does."""
    words = [word for each in case.on_list(name) for word in each.item.conduct]
    if not words:
        return ""
    return CLASSES[min(2, max(0, max(CONDUCT[word].gravity for word in words) - 1))]


def _repair(case: Case, name: str) -> Outcome:
    exit_ = f"lists.{name}.exit"
    days = limit("cn_repair_reply")
    asked = case.said(f"{exit_}.repair_after_days").test(lambda value: value is not None, null=False)
    route = asked | case.said(f"{exit_}.on_compliance").is_true()
    free = case.said(f"{exit_}.fee_yuan").test(lambda yuan: yuan == 0, null=True)
    faults: list[Fault] = [
        (~case.said(f"{exit_}.auto_expiry").is_true(), "does not end by itself", "end"),
        (~route, "cannot be left by repair", "way to repair"),
        (~free, "charges for repair", "fee for repair"),
        (~_answers(case, exit_, asked), f"answers a request for repair later than in {days} days", "time to answer"),
    ]
    wrong, text = weigh(faults, "ends by itself, and repair is free and answered in time")
    return case.judge(case.if_black(wrong, name), exit_, f"list {name} {text}")


def _answers(case: Case, exit_: str, asked: Truth) -> Truth:
    """Whether whoever asks for repair, or has complied, is answered in time: each where there is such a way."""
    response, compliance = (case.said(f"{exit_}.{name}") for name in ("response_days", "compliance_days"))
    due = [response] if asked.value or response.state != "absent" else []
    due += [compliance] if compliance.state != "absent" or not due else []
    return all_of(each.within(limit("cn_repair_reply")) for each in due)
