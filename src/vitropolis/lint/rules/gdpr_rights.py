"""GDPR, and what others ask alike: what people are told, may see, put right and contest, and who really decides."""

from __future__ import annotations

from collections.abc import Iterator

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Hop, Outcome, Outcomes
from vitropolis.lint.grounds import limit
from vitropolis.lint.rule import rule
from vitropolis.lint.rules.court_lists import court_lists
from vitropolis.lint.rules.gdpr_basis import (
    automated,
    gateway,
    how_automated,
    personal,
    significant,
    special,
    special_ground,
)
from vitropolis.lint.truth import FALSE, TRUE, Truth, any_of, unknown
from vitropolis.lint.views import MeasureView

ANNOUNCED = ("logic", "consequences")
SEEN = ("score", "inputs", "sources", "recipients", "logic")
PARTS = ("description", "necessity", "risks", "measures")
REPLIES = (("eu", "EU"), ("us", "US"), ("cn", "Chinese credit bureaux"))
LOCAL_REPLIES = (
    ("shanghai", "CN-SH", "Shanghai"),
    ("shandong", "CN-SD", "Shandong"),
    ("shenzhen", "CN-SZ", "Shenzhen"),
)
LOCAL_LAW = ("spc-list-12", "shanghai-36", "shandong-correction", "shenzhen-50-51")
NEEDLESS = ("id_partial", "id_full", "photo", "address", "employer", "family", "amount", "reason")


@rule("GDP-13-1", "not-announced", "medium", ("eu", "cn"), ("gdpr-13-14", "pipl-17-48", "syri-purpose"))
def not_announced(case: Case) -> Outcomes:
    """Logic and consequences that nobody is told.

    What: rules that are kept secret, or a notice without the logic and the consequences.
    Why: nobody can keep to, or contest, a rule that they cannot know.
    Fires: a risk model whose indicators are secret, and people who are never told that they were flagged.
    Silent: what was not published may not be applied.
    Fix: publish: the rules, this very policy file will do; notify: people of the logic and of what follows
    Computed: nothing: it reads declarations alone.
    Declared: `governance.published_rules`, `procedure.notice`.
    Cannot decide: whether the language is plain.
    """
    if not (case.sanctions or case.rewards or case.campaigns):
        return
    rules = case.said("governance.published_rules")
    told = "the rules are published" if rules.value else "the rules are kept secret"
    told = "whether the rules are published is not declared" if rules.open else told
    yield case.judge(~rules.is_true(), "governance.published_rules", told)
    yield _announced(case)


def _announced(case: Case) -> Outcome:
    when, content = case.said("procedure.notice.when"), case.said("procedure.notice.content")
    never = when.is_("none") if not when.open else FALSE
    lacks = ", ".join(content.lacking(ANNOUNCED))
    says = f"the notice leaves out: {lacks}" if lacks else "the notice tells the logic and the consequences"
    if never.value:
        says = "nobody is told anything before they meet a refusal"
    elif content.open:
        says = "what a notice says is not declared"
    return case.judge(never | ~content.has(*ANNOUNCED), "procedure.notice.content", says)


@rule("GDP-15-1", "hollow-access", "medium", ("eu", "us", "cn"),
      ("gdpr-15-1", "cjeu-203-22", "crr-17", "fcra-1681g"))  # fmt: skip
def hollow_access(case: Case) -> Outcomes:
    """A right of access that is hollow.

    What: access that leaves out the score, its inputs, their sources, who gets them or the logic, or costs money.
    Why: people find errors only in what they can see; a bare number explains nothing.
    Fires: the agency gives the number and a vague outline.
    Silent: everybody can download all inputs with the effect of each rule.
    Fix: publish: to each person their whole ledger, with sources, recipients and the effect of every entry; add: free
        copies
    Computed: nothing: it reads declarations alone.
    Declared: `procedure.access`.
    Cannot decide: how a trade secret weighs in the single case.
    """
    if not any(views for _, views in personal(case)):
        return
    gives = case.said("procedure.access.gives")
    lacks = ", ".join(gives.lacking(SEEN))
    says = f"people cannot see about themselves: {lacks}" if lacks else "people can see all that is kept about them"
    if gives.open:
        says = "what people can see about themselves is not declared"
    yield case.judge(~gives.has(*SEEN), "procedure.access.gives", says)
    for key, label in REPLIES:
        yield _free(case, key, label)


def _free(case: Case, key: str, label: str) -> Outcome:
    """Free copies against what the law of one profile asks for."""
    copies, least = case.said("procedure.access.free_copies_per_year"), limit(f"free_copies_{key}")
    wrong = copies.test(lambda number: number < least, null=True)
    told = f"{copies.value} free cop{'y' if copies.value == 1 else 'ies'} a year" if copies.value else "no free copies"
    says = f"{told} ({label}: {least}{' or more' if wrong.value else ''})"
    if copies.open:
        says = f"whether copies are free is not declared ({label}: {least} a year)"
    return case.judge(wrong, copies.element, says, profiles=(key,))


@rule("GDP-16-1", "slow-correction", "high", ("eu", "us", "cn"), ("gdpr-16-19", "fcra-1681i", "crr-25", *LOCAL_LAW))
def slow_correction(case: Case) -> Outcomes:
    """Correction that is slow, paid or stays in one place.

    What: corrections that cost money, take longer than a law allows, do not reach the recipients, or leave the entry
        counting while it is disputed.
    Why: until a wrong entry is gone everywhere it goes on punishing somebody for nothing.
    Fires: corrected at the office, still refused at the railway.
    Silent: a dispute is marked within a working day and decided within five.
    Fix: shorten: the time to decide, to the limit named; add: a day by which every recipient has the correction, and a
        mark that stops an entry from counting while disputed; remove: fees
    Computed: nothing from the graph: promised days are held against the limits of each selected profile.
    Declared: `procedure.correction`, `jurisdictions`.
    Cannot decide: the backlog; a run of the appeals shows the real time.
    """
    if not any(views for _, views in personal(case)):
        return
    base = "procedure.correction"
    free, flag, spread = (case.said(f"{base}.{name}") for name in ("free", "flag_dispute", "propagates_within_days"))
    told = "correction is free" if free.value else "correction costs money"
    yield case.judge(~free.is_true(), free.element, "whether correction is free is not declared" if free.open else told)
    told = "a disputed entry does not count" if flag.value else "an entry goes on counting while it is disputed"
    yield case.judge(
        ~flag.is_true(), flag.element, "whether a disputed entry counts is not declared" if flag.open else told
    )
    reach = f"recipients have a correction within {spread.value} days"
    if spread.state != "value":
        reach = "nothing says that recipients get a correction"
        reach = "whether recipients get a correction is not declared" if spread.open else reach
    yield case.judge(spread.test(lambda days: days is None), spread.element, reach)
    yield from _in_time(case)


def _in_time(case: Case) -> Iterator[Outcome]:
    """The reply against the limits of each profile, and for a court's list the deletion as well."""
    for key, _ in REPLIES:
        yield _replied(case, key)
    if not _lists_debtors(case):
        return
    removal, days = case.said("procedure.correction.removal_days"), limit("cn_court_removal")
    told = f"within {removal.value} days" if removal.state == "value" else "at no declared time"
    says = f"a wrong entry of a court's list is deleted {told} (Supreme People's Court: {days})"
    yield case.judge(~removal.within(days), removal.element, says, profiles=("cn",))


def _replied(case: Case, profile: str) -> Outcome:
    reply, most = case.said("procedure.correction.response_days"), dict(replies(case, profile))
    over = [label for label, days in most.items() if reply.state == "null" or (reply.value or 0) > days]
    told = "without any time" if reply.state == "null" else f"within {reply.value} days"
    if reply.open:
        told = "in a time that is not declared"
    limits = ", ".join(f"{label} ({most[label]})" for label in over or most)
    says = f"a correction is decided {told}" + (f", over the limit of {limits}" if over else f"; the limit: {limits}")
    wrong = reply.test(lambda days: days > min(most.values()), null=True)
    return case.judge(wrong, reply.element, says, data={"over": over, "limits": most}, profiles=(profile,))


def replies(case: Case, profile: str) -> Iterator[tuple[str, int]]:
    """The limits of a reply to a correction under a profile, with whose they are; local ones only where a policy says
    that it lies there."""
    yield dict(REPLIES)[profile], limit(f"correction_reply_{profile}")
    if profile != "cn":
        return
    if _lists_debtors(case):
        yield "the Supreme People's Court", limit("cn_court_check")
    for key, code, label in LOCAL_REPLIES:
        if code in case.policy.policy.jurisdictions:
            yield label, limit(f"correction_reply_{key}")


def _lists_debtors(case: Case) -> bool:
    """Whether debts under judgments put people on a list."""
    return any(each.item.subject == "person" for each in court_lists(case))


@rule("GDP-22-1", "automated-decision", "high", ("eu", "cn"), ("gdpr-22-1", "cjeu-634-21", "pipl-24"))
def automated_decision(case: Case) -> Outcomes:
    """A machine alone decides something that weighs on people.

    What: sanctions of severity 2 or more that no person decides in fact, without a contract, a law with safeguards or
        free consent.
    Why: nobody who could see that it is wrong stands between the entry and the refusal.
    Fires: the ticket office asks the court's list and refuses the sale in seconds.
    Silent: a law has a person decide before the effect.
    Fix: add: somebody who decides before the effect, with time and power to decide otherwise; separate by law: what may
        be automated, with safeguards
    Computed: severity* of the measure; that a named decider has no power or no time.
    Declared: `decided_by`, `procedure.human_review`, `legal_basis`; that people decide together with a machine, or that
        a public body has a contract, is a review.
    Cannot decide: whether an effect is similarly significant; five minutes a case are the linter's own measure.
    """
    for measure in (*case.sanctions, *case.campaigns):
        wrong = significant(measure) & automated(case, measure) & ~gateway(case, measure)
        path = measure.contributions[0].path if measure.contributions else ()
        yield case.judge(wrong, measure.element, _decided(case, measure, wrong), path=path)


def _decided(case: Case, measure: MeasureView, wrong: Truth) -> str:
    how = how_automated(case, measure)
    says = f"{measure.does} has {measure.severity.told()}"
    if wrong.value:
        return f"{says} and is {how}, without a contract, a law with safeguards or free consent"
    if wrong.value is None:
        return f"{says}; who decides it, or on what ground, is not declared"
    says = f"{says} and is {how or 'decided by people'}"
    if not wrong.labels:
        return says
    by_contract = any(label.startswith("legal_basis.") for label in wrong.labels)
    none = "with no contract, law with safeguards or free consent declared"
    return f"{says}, {'on a contract' if by_contract else none}"


@rule("GDP-22-2", "no-safeguards", "high", ("eu",), ("gdpr-22-3",))
def no_safeguards(case: Case) -> Outcomes:
    """Automated decisions without the three safeguards.

    What: sanctions that may be automated, but leave out a person who steps in, a hearing, or a contest.
    Why: the ground that allows the machine asks for these three in exchange.
    Fires: a contract allows it, and there is no way to contest.
    Silent: all three, with deadlines.
    Fix: add: a person who steps in with power to change the outcome; hear: everybody's view before the effect; add: an
        appeal
    Computed: severity* of the measure; that a named decider has no power or no time.
    Declared: `legal_basis`, `procedure`.
    Cannot decide: how the safeguards work in practice.
    """
    parts = {
        "a person who steps in": case.said("procedure.human_review.available").is_true()
        & case.said("procedure.human_review.authority_to_change").is_true(),
        "hearing of the person": case.said("procedure.objection.available").is_true()
        | case.said("procedure.objection.hearing").is_true(),
        "a contest": case.said("procedure.appeal.available").is_true(),
    }
    lacking = any_of(~given for given in parts.values())
    for measure in (*case.sanctions, *case.campaigns):
        allowed = significant(measure) & automated(case, measure) & gateway(case, measure)
        wrong = allowed & lacking
        names = ", ".join(name for name, given in parts.items() if given.value is False)
        says = f"{measure.does} may be automated, and there is no {names or 'word of all three safeguards'}"
        if wrong.value is None:
            says = f"{measure.does}: whether it is automated on a good ground and with all safeguards is not declared"
        elif not wrong.value and not wrong.labels:
            says = f"{measure.does}: {_spared(case, measure, allowed)}"
        yield case.judge(wrong, measure.element, says)


def _spared(case: Case, measure: MeasureView, allowed: Truth) -> str:
    if allowed.value is not False:
        return "a person steps in, views are heard, and it can be contested"
    if significant(measure).value is False:
        return "too slight an effect"
    return "no ground that would allow a machine is used" if how_automated(case, measure) else "people decide it"


@rule("GDP-22-3", "automated-on-special", "prohibited", ("eu",), ("gdpr-22-4",))
def automated_on_special(case: Case) -> Outcomes:
    """An automated decision on special categories.

    What: sanctions of severity 2 or more that no person decides in fact and that are reached from data which reveal
        faith, politics, health, origin and the like, without a ground that gives safeguards.
    Why: machines sorting people by faith, health or origin is what persecution looks like in an office.
    Fires: a fraud score weighs nationality and stops family benefits by itself.
    Silent: no special data on the way to the measure.
    Fix: cut: the way from such data to the measure; remove: the feed, trait or proxy; add: somebody who decides before
        the effect, with time and power
    Computed: every way from a feed to the measure, what its conduct reveals by nature, severity*.
    Declared: `decided_by`, `uses_traits`, `proxy_for`, `category`, `legal_basis`.
    Cannot decide: proxies that nobody declared.
    """
    marks = {name: special(case, view) & _unguarded(case, view.item.feed) for name, view in case.behaviours.items()}
    for measure in case.sanctions:
        heavy = significant(measure) & automated(case, measure)
        ways = [(marks[way.behaviour.name], way) for way in measure.contributions]
        wrong = heavy & any_of(truth for truth, _ in ways)
        hit = [way for truth, way in ways if truth.value]
        said_so = bool(wrong.value or wrong.labels)
        path: tuple[Hop, ...] = hit[0].path if hit and said_so else ()
        names = ", ".join(way.behaviour.name for way in hit[:3]) + (f" and {len(hit) - 3} more" if len(hit) > 3 else "")
        says = f"{measure.does} is {how_automated(case, measure)} and is reached from special data: {names}"
        if wrong.value is None:
            says = f"{measure.does}: whether a machine decides it on special data is not declared"
        elif not said_so:
            says = f"{measure.does} is not decided by machine on special data"
        yield case.judge(wrong, measure.element, says, path=path, data={"behaviours": [w.behaviour.name for w in hit]})


def _unguarded(case: Case, feed: str) -> Truth:
    return ~special_ground(case, feed)


@rule("GDP-25-1", "public-by-default", "high", ("eu", "cn"), ("gdpr-25-2", "pipl-25", "iccpr-17-publication"))
def public_by_default(case: Case) -> Outcomes:
    """Lists that anybody can look up.

    What: public lists of people that show who they are; a review where only name and case are shown.
    Why: a public list punishes beyond its purpose, before everybody and for good: copies stay.
    Fires: the list is also spread by newspapers, television, notice boards and press conferences.
    Silent: who looks somebody up needs that person's permission.
    Fix: remove: names and all else that tells who it is; cut: public access; publish: totals alone
    Computed: nothing: it reads declarations alone.
    Declared: `lists.*.publication`.
    Cannot decide: whether open justice asks for some publication, and whether need is tested case by case.
    """
    for name, listing in case.policy.lists.items():
        if listing.subject != "person":
            continue
        public, fields = (case.said(f"lists.{name}.publication.{part}") for part in ("public", "fields"))
        shown = tuple(fields.value or ())
        beyond = [field for field in shown if field in NEEDLESS]
        who = fields.test(lambda words: bool(words), null=False)
        wrong = public.is_true() & who
        if "unknown" in shown and not beyond:
            wrong = public.is_true() & unknown(fields.element)
        says = f"anybody can look up {name}: {', '.join(shown) or 'nobody by name'}"
        if public.is_true().value is False:
            says = f"{name} is not public"
        elif wrong.value is None:
            says = f"whether anybody can look up {name}, or what it shows, is not declared"
        elif wrong.value and not beyond:
            says += "; that this is needed in each case cannot be read from it"
        yield case.judge(wrong, f"lists.{name}.publication", says, review=not beyond)


@rule("GDP-35-1", "no-dpia", "high", ("eu", "cn"), ("gdpr-35", "pipl-55-56"))
def no_dpia(case: Case) -> Outcomes:
    """No impact assessment before the start.

    What: people evaluated systematically, special data or watched public space, without an assessment that describes,
        weighs need and risks and names measures, before the start.
    Why: who has to write down whom it may hurt sees it before it does.
    Fires: no assessment at all.
    Silent: dated before the start, with all four parts and a public summary.
    Fix: cut: whatever an honest assessment of need and risks cannot justify; add: an assessment with its four parts,
        before the start; publish: its summary
    Computed: what makes it due: sanctions on people, special data by nature, sensors.
    Declared: `assessments.dpia`; under `cn` an assessment of personal information (`assessments.pipia`) will do.
    Cannot decide: whether the assessment is any good.
    """
    due = ", ".join(_due(case))
    if not due:
        return
    whole, said, other = (case.said(f"assessments{name}") for name in ("", ".dpia", ".pipia"))
    if not whole.open and not whole.value:
        yield case.judge(TRUE, "assessments", f"due for {due}, and no assessment was made")
        return
    if other.open:
        wrong, says = _assessed(case, "dpia")
        yield case.judge(wrong, "assessments" if said.open else said.element, f"due for {due}; {says}")
        return
    found = {name: _assessed(case, name) for name in ("dpia", "pipia")}
    wrong, says = found["dpia"]
    yield case.judge(wrong, "assessments" if said.open else said.element, f"due for {due}; {says}", profiles=("eu",))
    better = "dpia" if wrong.value is False else "pipia"
    either = wrong & found["pipia"][0]
    yield case.judge(either, f"assessments.{better}", f"due for {due}; {found[better][1]}", profiles=("cn",))


def _assessed(case: Case, name: str) -> tuple[Truth, str]:
    """What is wrong with an assessment, and in words."""
    element = f"assessments.{name}"
    covers, held = case.said(f"{element}.covers"), case.said(f"{element}.date")
    if case.said(element).open:
        return unknown(element), "whether the impact was assessed is not declared"
    lacks, start = ", ".join(covers.lacking(PARTS)), case.policy.starts_on
    late = held.test(lambda day: start is not None and day > start, null=True)
    says = f"the assessment leaves out: {lacks}" if lacks else "assessed in four parts"
    if late.value:
        says += f"; dated {held.value}, after the start on {start}"
    elif late.value is None:
        says += "; its day is not declared"
    return late | ~covers.has(*PARTS), says


def _due(case: Case) -> Iterator[str]:
    """What makes an assessment due (article 35(3))."""
    if case.sanctions or case.rewards or case.campaigns:
        yield "systematic evaluation of people"
    views = [view for _, found in personal(case) for view in found]
    if any(special(case, view).value for view in views):
        yield "special data"
    if any(view.feed.provenance == "sensor" or view.feed.category == "location" for view in views):
        yield "watching by sensors"
