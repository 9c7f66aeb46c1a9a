"""Lessons of due process: SyRI, Robodebt, technological due process."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Hop, Outcome, Outcomes
from vitropolis.lint.grounds import limit
from vitropolis.lint.rule import rule
from vitropolis.lint.truth import FALSE, TRUE, Truth, any_of, known, unknown
from vitropolis.lint.views import BehaviourView
from vitropolis.policy.parts import Ramp
from vitropolis.policy.words import CONDUCT

NOT_OBSERVED = ("inferred", "averaged", "predicted")
TARGETED = ("benefit_recipient", "migrant")
TRACE = ("rule_id", "rule_version", "data_ref", "actor", "time")
CATCH_ALL = re.compile(r"\b(other|others|otherwise|misc|miscellaneous|etc|any|catch all|and so on|the like)\b")
OTHERWISE = re.compile(
    r"\bother (?:\w+ ){0,2}(acts?|actions?|activit(?:y|ies)|behaviours?|breach(?:es)?|cases?|circumstances?|conduct"
    r"|deeds?|irregularit(?:y|ies)|matters?|misconduct|offences?|reasons?|situations?|things?|violations?|wrongs?)\b"
)
VAGUE = re.compile(
    r"\b(serious|bad|improper|inappropriate|immoral|disorderly|disreputable|uncivilised|uncivilized|untrustworthy"
    r"|dishonest|harmful|negative|abnormal|suspicious)\b"
)


def acts(case: Case) -> bool:
    """Whether the policy does anything to people: scores, lists or meets them with a measure."""
    policy = case.policy
    subjects = [each.subject for each in policy.scores.values()] + [each.subject for each in policy.lists.values()]
    return "person" in subjects or any(not each.firm for each in case.measures)


def in_words(truth: Truth, yes: str, no: str, unsaid: str) -> str:
    """What to say of a truth that is true, false or not known."""
    return unsaid if truth.value is None else yes if truth.value else no


@rule("DP-SYRI-1", "secret-indicators", "high", ("eu", "coe"), ("due-syri", "due-citron-pasquale", "due-shanghai-32"))
def secret_indicators(case: Case) -> Outcomes:
    """Rules or indicators are secret.

    What: rules, or indicators with their weights, that are not published.
    Why: who cannot know the rule can neither keep to it nor check how it was applied; the court that stopped SyRI found
        its law not transparent and verifiable enough.
    Fires: SyRI, whose model and indicators were kept back, and whose subjects were not told.
    Silent: a regulation with its catalogue of data and measures printed.
    Fix: publish: rules, indicators and weights; add: access for an outside examiner to test the system
    Computed: nothing: it reads declarations alone.
    Declared: `governance.published_rules`, `governance.indicators_published`.
    Cannot decide: whether what was published is what is applied.
    """
    if acts(case):
        for field, what in (("published_rules", "rules"), ("indicators_published", "indicators and their weights")):
            yield _safeguard(case, f"governance.{field}", f"the {what} are", "published")


def _safeguard(case: Case, element: str, subject: str, state: str) -> Outcome:
    """A flag that has to be declared true."""
    there = case.said(element).is_true()
    return case.judge(~there, element, f"{subject} {in_words(there, '', 'not ', 'not said to be ')}{state}")


@rule("DP-SYRI-2", "targeted-places", "medium", ("eu", "coe"), ("due-syri", "due-iccpr-26", "due-guidelines-165"))
def targeted_places(case: Case) -> Outcomes:
    """Only some neighbourhoods or groups are watched.

    What: cover that is limited to some areas, to people on benefits or to migrants; enrolment that stays higher in
        some districts than elsewhere.
    Why: more is found where more is looked for; to be looked at more closely is a disadvantage in itself.
    Fires: a fraud score that runs in two poor districts alone.
    Silent: everybody, a random choice, or a start that comes later in some districts but ends the same everywhere.
    Fix: remove: the limit to areas or groups; add: a random part to every selection; publish: how many hits there were
    Computed: whether shares of districts differ for good, and not only for a time.
    Declared: areas and groups that are covered.
    Cannot decide: targeting outside the policy, and by what feeds happen to hold.
    """
    if not acts(case):
        return
    areas = case.policy.population.only_areas
    limited = f"limited to {', '.join(areas)}" if areas else "not limited to areas"
    yield case.judge(known(bool(areas)), "population.only_areas" if areas else "population", f"the cover is {limited}")
    groups = case.policy.population.only_status
    if groups:
        weak = [each for each in groups if each in TARGETED]
        says = f"only some are covered by status: {', '.join(groups)}"
        yield case.judge(TRUE, "population.only_status", says, review=not weak)
    yield from _ramps(case)


def _ramps(case: Case) -> Iterator[Outcome]:
    enrolment = case.policy.population.enrolment
    if not enrolment.ramp_by_district:
        return
    usual = _last(enrolment.ramp) if enrolment.ramp else 1.0
    others = {name: _last(ramp) for name, ramp in enrolment.ramp_by_district.items() if _last(ramp) != usual}
    says = "enrolment ends at the same share in every district"
    if others:
        told = ", ".join(f"{name} {share:.0%}" for name, share in others.items())
        says = f"enrolment ends at {usual:.0%}, but: {told}"
    yield case.judge(known(bool(others)), "population.enrolment.ramp_by_district", says, data=dict(others))


def _last(ramp: Ramp) -> float:
    return ramp[max(ramp)]


@rule("DP-ROBO-1", "inferred-fact", "high", ("due",), ("due-robodebt", "due-prc-apl-40"))
def inferred_fact(case: Case) -> Outcomes:
    """A fact was inferred, and the person has to disprove it.

    What: records that nobody observed (averaged, inferred, predicted, found by an algorithm) lead to a listing or
        sanction, and the burden of proof lies on the person, or there is no appeal at all.
    Why: an average says nothing of the weeks that it is made of; under Robodebt people had to disprove debts that a
        division by 26 had raised, and the scheme was unlawful.
    Fires: a debt raised from averaged yearly income.
    Silent: the authority has to prove the fact from primary records.
    Fix: add: primary evidence for every fact, with the burden of proof on the authority; remove: inferred facts
    Computed: which records lead to sanctions and listings.
    Declared: how records come about and what establishes them; the burden of proof.
    Cannot decide: whether records that are called verified are so.
    """
    there = case.said("procedure.appeal.available").is_true()
    burden = case.said("procedure.appeal.burden_of_proof").is_("person") | ~there
    who = in_words(
        burden, "the person has to disprove them", "the authority has to prove them", "who proves is not said"
    )
    if there.value is False:
        who = "there is no appeal"
    for name, path in _adverse(case).items():
        behaviour = case.behaviours[name]
        inferred, how = _inferred(case, behaviour)
        says = f"records of {name} ({how}): {who}"
        yield case.judge(inferred & burden, behaviour.element, says, path=path)


def _adverse(case: Case) -> dict[str, tuple[Hop, ...]]:
    """The behaviours whose records lead to a sanction or an adverse list, with a way there."""
    ways: dict[str, tuple[Hop, ...]] = {}
    for measure in case.sanctions:
        for each in measure.contributions:
            if not each.lacking:
                ways.setdefault(each.behaviour.name, each.path)
    for name, _ in case.adverse_lists():
        for behaviour in case.on_list(name):
            ways.setdefault(behaviour.name, ())
    return ways


def _inferred(case: Case, behaviour: BehaviourView) -> tuple[Truth, str]:
    """Whether nobody observed it, and how it comes about in words."""
    feed = case.said(f"feeds.{behaviour.item.feed}.provenance")
    found = case.said(f"{behaviour.element}.established_by")
    algorithm = found.is_("algorithm")
    how = str(feed.value or "of an unknown kind").replace("_", " ")
    if algorithm.value:
        how += " and established by an algorithm"
    # who establishes a fact adds to what its feed says of it; silence about it does not leave that open
    by_algorithm = algorithm if not found.open else FALSE
    return feed.is_(*NOT_OBSERVED) | by_algorithm, how


@rule("DP-ROBO-2", "no-way-to-check", "medium", ("due",), ("due-robodebt-17",))
def no_way_to_check(case: Case) -> Outcomes:
    """No review, no plain words, no published rules, or nobody outside who watches.

    What: any of four things that the Robodebt Royal Commission asked for is not there: a path to review, an
        explanation in plain language, rules open to experts, an independent monitor.
    Why: errors of an automated system are only seen by those whom it hits; they have to understand it, reach a person
        who can change it, and somebody outside has to look at the whole.
    Fires: letters with a sum and a link, rules inside the software, and no body that watches.
    Silent: all four are provided.
    Fix: add: a path to review and an independent monitor; publish: the rules, and a page in plain language
    Computed: nothing: it reads declarations alone.
    Declared: review or appeal, plain language, published rules, oversight.
    Cannot decide: whether they work.
    """
    if not acts(case):
        return
    paths = ("procedure.human_review.available", "procedure.appeal.available")
    path = any_of(case.said(each).is_true() for each in paths)
    says = in_words(path, "there is a path to review", "there is no path to review", "no path to review is mentioned")
    yield case.judge(~path, "procedure", says)
    yield _safeguard(case, "procedure.notice.plain_language", "an explanation in plain language is", "provided")
    yield _safeguard(case, "governance.published_rules", "the rules are", "open to experts")
    yield _safeguard(case, "governance.independent_oversight", "an independent monitor is", "provided")


@rule("DP-ROBO-3", "vulnerable-not-excluded", "medium", ("due",), ("due-robodebt-11", "due-prc-apl-31"))
def vulnerable_not_excluded(case: Case) -> Outcomes:
    """Vulnerable people are not left out.

    What: sanctions without named vulnerable groups, or without written criteria by which people are left out.
    Why: an automated demand meets the ill, the homeless and the confused exactly as it meets others, and harms them
        more; the Royal Commission asked for exclusions that are designed in.
    Fires: Robodebt letters to people whom the office knew to be in crisis.
    Silent: written criteria that keep people under guardianship or in acute crisis out.
    Fix: add: named groups and written exclusions, with tests that they work
    Computed: nothing: it reads declarations alone.
    Declared: `monitoring.vulnerable_groups`, `monitoring.exclusions`.
    Cannot decide: whether the groups named are the ones at risk, and whether they are recognised.
    """
    if not (case.sanctions or case.campaigns):
        return
    for field, what in (("vulnerable_groups", "vulnerable groups"), ("exclusions", "written criteria for exclusion")):
        said = case.said(f"monitoring.{field}")
        wrong = said.test(lambda value: not value, null=True)
        number = "not declared" if said.open else f"{len(said.value or ())} named"
        yield case.judge(wrong, said.element, f"{what}: {number}")


@rule("DP-CIT-1", "vague-and-automated", "high", ("due", "hr"), ("due-citron-2008", "due-iccpr-17"))
def vague_and_automated(case: Case) -> Outcomes:
    """A vague criterion is executed by a machine, or catches whatever is left.

    What: conduct that is not precisely defined, or whose points an official chooses, on an automated way to an effect;
        and catch-alls such as 'other untrustworthy conduct', whoever applies them.
    Why: a machine cannot use judgement, so a standard that needs it becomes either arbitrary or secret law; a catch-all
        makes everything punishable that somebody dislikes.
    Fires: Rongcheng's table of points with 'other untrustworthy circumstances', 5 to 50 points off.
    Silent: enumerated acts, each with fixed points; a standard that a person applies with reasons.
    Fix: separate by law: precise acts, each with its own points; remove: catch-alls and ranges; hear: the person, by an
        official who decides such cases with reasons
    Computed: ranges of points, catch-alls by name and by the mixture of what they hold, automated steps on the way. A
        title that may be one is reviewed.
    Declared: that a definition is precise; who decides.
    Cannot decide: whether a definition that is called precise is so.
    """
    for behaviour in case.behaviours.values():
        steps = _steps(case, behaviour)
        if behaviour.firm or steps is None:
            continue
        loose, why = _loose(case, behaviour)
        all_left = _catch_all(behaviour)
        says = f"{behaviour.name} {why}"
        wrong = known(bool(all_left)) | (loose & steps)
        perhaps = "" if wrong.value else _perhaps_all(behaviour)
        if all_left:
            says = f"{behaviour.name} is a catch-all: {all_left}"
        elif perhaps:
            says = f"{behaviour.name} may be a catch-all: {perhaps}"
        elif loose.value:
            says += in_words(steps, ", and a machine decides", ", and people decide", "; who decides is not said")
        yield case.judge(TRUE if perhaps else wrong, behaviour.element, says, review=bool(perhaps))


def _steps(case: Case, behaviour: BehaviourView) -> Truth | None:
    """Whether a machine takes a step on the way from a record to an effect; None if a record has no effect."""
    views = [each for each, _ in case.leads[behaviour.name] if not each.firm]
    lists = [name for name, ways in case.ways_to_lists.items() if behaviour.name in ways]
    scored = any(behaviour.counts_in(score) for score in case.policy.scores)
    if not views and not lists and not scored:
        return None
    elements = {f"lists.{name}.decided_by" for name in lists}
    elements |= {f"{each.element}.decided_by" for each in views if each.kind == "measure"}
    method = case.said("method.kind").is_("learned", "hybrid")
    if behaviour.item.established_by == "algorithm":
        return TRUE
    key = ("steps", frozenset(elements))
    return case.once(key, lambda: any_of([method, *(_machine(case, each) for each in sorted(elements))]))


def _machine(case: Case, element: str) -> Truth:
    """Whether a machine decides there, alone or with people."""
    return case.once(("machine", element), lambda: case.said(element).is_("automated", "hybrid"))


def _loose(case: Case, behaviour: BehaviourView) -> tuple[Truth, str]:
    """Whether it leaves something to judgement, and why in words."""
    ranges = [(low, high) for low, high in behaviour.item.discretion_range.values() if low != high]
    if ranges:
        return known(True), f"is worth {ranges[0][0]} to {ranges[0][1]} points as an official sees fit"
    said = case.said(f"{behaviour.element}.definition_precise")
    precise = said.is_true()
    if precise.value and VAGUE.search(_words(behaviour)):
        return known(False, labels=[said.element]), "is called precise, but its name is not"
    why = in_words(precise, "is called precise", "is not precisely defined", "is not said to be precisely defined")
    return ~precise, why


def _words(behaviour: BehaviourView) -> str:
    return f"{behaviour.name.replace('_', ' ')} {behaviour.item.title or ''}".lower()


def _catch_all(behaviour: BehaviourView) -> str:
    """Why it catches whatever is left, or nothing: by its id, by `other` before a word for conduct as such, or since it
    joins acts of many walks of life."""
    named = CATCH_ALL.search(behaviour.name.replace("_", " ")) or OTHERWISE.search(_words(behaviour))
    if named:
        return f"it says `{named.group()}`"
    contexts = {CONDUCT[word].context for word in behaviour.item.conduct}
    if len(contexts) >= limit("catch_all_contexts"):
        return f"it joins acts of {len(contexts)} walks of life ({', '.join(sorted(contexts))})"
    return ""


def _perhaps_all(behaviour: BehaviourView) -> str:
    """Why its title may say that it catches whatever is left: somebody has to read it."""
    named = CATCH_ALL.search((behaviour.item.title or "").lower())
    return f"its title says `{named.group()}`" if named else ""


@rule("DP-CIT-2", "no-audit-trail", "medium", ("due",), ("due-citron-2008", "due-aia-26-6"))
def no_audit_trail(case: Case) -> Outcomes:
    """No trail leads back from the effect to the fact.

    What: no log, or one that lacks the rule, its version, the data, who acted or when.
    Why: without a trail nobody can say why something happened, neither the person nor the court nor the office itself.
    Fires: benefit systems that could not say which rule had cut a payment.
    Silent: a ledger to which entries are only added, with all five.
    Fix: add: a log of rule, version, data, actor and time for every effect
    Computed: nothing: it reads declarations alone.
    Declared: `governance.audit_log`.
    Cannot decide: whether the log is kept, and whether anybody may read it.
    """
    if not acts(case):
        return
    enabled, fields = case.said("governance.audit_log.enabled"), case.said("governance.audit_log.fields")
    wrong = ~enabled.is_true() | ~fields.has(*TRACE)
    lacking = fields.lacking(TRACE)
    if enabled.value is True and not fields.open:
        says = f"the log lacks {', '.join(lacking)}" if lacking else "the log holds rule, version, data, actor and time"
    else:
        says = "there is no log" if enabled.value is False else "what is logged is not said"
    yield case.judge(wrong, "governance.audit_log", says)


@rule("DP-CIT-3", "review-without-power", "medium", ("due", "eu"), ("due-citron-2008", "due-gdpr-22-wp251"))
def review_without_power(case: Case) -> Outcomes:
    """The reviewer has no power, no time or no distance.

    What: sanctions that nobody reviews; human review by somebody who cannot change the outcome, has less than five
        minutes for a case, or decided it first.
    Why: people believe what a computer says; a review that cannot or need not differ from it is a signature.
    Fires: hearing officers who take the computer to be right; a click to confirm each row of a list.
    Silent: another official with half an hour, who has to give reasons for following the score.
    Fix: add: authority to change the outcome, minutes for each case and distance from the first decision
    Computed: nothing: it reads declarations alone.
    Declared: `procedure.human_review`.
    Cannot decide: what reviewers do in fact; the number of minutes is the linter's own.
    """
    review = "procedure.human_review"
    there = case.said(f"{review}.available")
    if not acts(case):
        return
    if there.value is False or there.state == "null":
        if case.sanctions or case.campaigns:  # to abolish a weak review is no way to mend it
            yield case.judge(TRUE, review, "nobody reviews a case, and there are sanctions")
        return
    if there.open:
        yield case.judge(unknown(there.element), review, "whether a person reviews a case is not said")
        return
    yield _safeguard(case, f"{review}.authority_to_change", "the reviewer is", "able to change the outcome")
    yield _safeguard(case, f"{review}.independent", "the reviewer is", "somebody other than who decided")
    minutes = case.said(f"{review}.minutes_per_case")
    told = {"value": f"{minutes.value or 0:g} minutes", "null": "no set time"}.get(
        minutes.state, "a time that is not said"
    )
    wrong = minutes.test(lambda value: value < limit("review_minutes"), null=True)
    yield case.judge(wrong, minutes.element, f"the reviewer has {told} for a case")
