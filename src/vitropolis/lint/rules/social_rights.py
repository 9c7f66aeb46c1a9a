"""Social rights, children, courts, penalties and debts: what a policy may not do to people who can least bear it."""

from __future__ import annotations

from datetime import date

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Hop, Outcome, Outcomes
from vitropolis.lint.grounds import limit
from vitropolis.lint.rule import rule
from vitropolis.lint.rules.freedoms import against, directly, of_persons, way
from vitropolis.lint.rules.human_rights import shortest
from vitropolis.lint.said import Said
from vitropolis.lint.truth import FALSE, TRUE, Truth, all_of, any_of, known, unknown
from vitropolis.lint.views import BehaviourView, Contribution, MeasureView
from vitropolis.policy.schema import Listing, Spill
from vitropolis.policy.triggers import CarriesListing, CarriesMeasure, CarriesPoints, Restrict, Trigger

DEBTS = frozenset({
    "judgment_unpaid_able", "judgment_unpaid_unable", "settlement_broken", "tax_late", "loan_overdue", "utility_unpaid",
    "property_fee_unpaid", "insurance_contribution_unpaid", "child_support_unpaid", "fine_unpaid",
})  # fmt: skip
ALL_OR_NOTHING = ("voting", "identity_papers", "legal_aid")
SCHOOLS = ("compulsory_school", "private_school")
HARD = ("restrict", "deny", "withdraw", "priority")


@rule("HR-13-1", "no-floor", "high", ("hr", "coe"), ("icescr-9-11-13", "udhr-22-25-26", "guidelines-167"))
def no_floor(case: Case) -> Outcomes:
    """A core social right without a floor.

    What: sanctions that close or withdraw emergency or primary care, compulsory school, social assistance, water or
        power, identity papers, legal aid or the vote, without a stated minimum that stays; of the last three there is
        none.
    Why: nobody may fall below the minimum of a life in dignity, whatever they did; these services are that minimum.
    Fires: the worst band loses social assistance.
    Silent: basic services stay as they are whatever the score (Rongcheng now).
    Fix: remove: the measure on that service; add: a guaranteed minimum that nobody loses
    Computed: the class of the service and what is done to it; a service of which a share of 0 is kept is closed.
    Declared: `minimum_guarantee`.
    Cannot decide: which services are core: the table of services is this project's own.
    """
    for measure in case.sanctions:
        if measure.kind == "measure":
            yield _floor(case, measure)


def _floor(case: Case, measure: MeasureView) -> Outcome:
    action = measure.item.action
    kept = case.take(action.kept_share) if isinstance(action, Restrict) else None
    if measure.level != "E3" or (not measure.closes and kept is None):
        return case.judge(FALSE, measure.element, f"{measure.does} ({measure.level}) closes no core service")
    floor = case.said(f"{measure.element}.minimum_guarantee")
    whole = measure.service is not None and measure.service.name in ALL_OR_NOTHING
    stays = FALSE if whole else floor.is_true()
    how = "a minimum stays" if stays.value else "no minimum stays" if not floor.open else "no minimum is declared"
    how = "of it there is no minimum: one has it or not" if whole else how
    says = f"{measure.does}: life cannot do without it (E3), and {how}"
    says += f" (of requests, {kept:.0%} are served)" if kept is not None else ""
    # A share that is still served is no floor for anybody in particular, but it is not nothing either.
    return case.judge(~stays, measure.element, says, path=shortest(measure), review=bool(kept) and not whole)


@rule("HR-24-1", "children-punished", "prohibited", ("hr", "coe", "cn"),
      ("crc-2-3", "iccpr-24", "hr-prc-spc-4", "hr-prc-apl-30"))  # fmt: skip
def children_punished(case: Case) -> Outcomes:
    """Children are punished for their parents, or listed themselves.

    What: spill-over of sanctions to children, sanctions on schooling, and lists that minors can come on.
    Why: a child may not be punished for what its parents did; minors may not be listed at all.
    Fires: whoever is listed may send no child to a private school, with or without a line about children.
    Silent: lists exclude minors, and nothing goes over to a family.
    Fix: remove: the spill-over to children; remove: the measure on schools; add: the exclusion of minors to the list
    Computed: what a spill-over carries; that a school measure on adults meets their children, whatever is declared.
    Declared: `excludes_minors`, the least age covered, whom a spill-over goes to.
    Cannot decide: how children live in a household that is sanctioned: a run shows it.
    """
    yield from (_spilled(case, name, spill) for name, spill in case.policy.spillover.items()
                if spill.to in ("child", "household"))  # fmt: skip
    yield from (_schooled(case, each) for each in case.sanctions if each.service and each.service.name in SCHOOLS)
    for name, _ in case.adverse_lists():
        yield _minors(case, name)


def _spilled(case: Case, name: str, spill: Spill) -> Outcome:
    element, carries = f"spillover.{name}", spill.carries
    weight = case.said(f"{element}.weight")
    lives = TRUE if weight.state != "value" else weight.test(lambda share: share > 0)
    what, punishes = _carried(case, carries)
    says = f"{what} goes over to {'children' if spill.to == 'child' else 'the household, children in it too'}"
    path = (Hop(what), Hop(element, f"to {spill.to}"))
    # A household may hold no child: what is certain for children is to be looked at there.
    return case.judge(known(punishes) & lives, element, says, path=path, review=spill.to == "household")


def _carried(case: Case, carries: CarriesMeasure | CarriesListing | CarriesPoints) -> tuple[str, bool]:
    """The element that goes over, and whether it is bad for whom it meets."""
    if isinstance(carries, CarriesMeasure):
        return f"measures.{carries.measure}", case.polarity(case.policy.measures[carries.measure]) == "sanction"
    if isinstance(carries, CarriesListing):
        return f"lists.{carries.list}", carries.list in case.adverse
    return f"scores.{carries.score}", any(case.takes(each, carries.score) for each in case.behaviours.values())


def _schooled(case: Case, measure: MeasureView) -> Outcome:
    """Adults' sanctions on schools meet children; only what is recorded of pupils themselves may be their own."""
    feeds = {each.item.feed: each.feed for each in measure.behaviours}
    own = bool(feeds) and all(feed.about == "student" for feed in feeds.values())
    school = str(measure.service.name if measure.service else "").replace("_", " ")
    says = f"{measure.does} meets the children who go to {school}, for what others did"
    wrong = known(False, labels=(f"feeds.{name}.about" for name in feeds)) if own else TRUE
    mild = measure.action not in HARD and not measure.closes and school == "private school"
    return case.judge(wrong, measure.element, says, path=shortest(measure), review=mild)


def _minors(case: Case, name: str) -> Outcome:
    excluded, age = case.said(f"lists.{name}.excludes_minors"), case.said("population.min_age_years")
    adults = age.test(lambda years: years >= limit("majority_years"), null=False) if age.state == "value" else FALSE
    out = excluded.is_true() | adults
    says = f"minors {'cannot' if out.value else 'can' if out.value is False else 'may'} come on {name}"
    says += "" if not excluded.open or out.value else "; their exclusion is not declared"
    return case.judge(~out, f"lists.{name}", says)


@rule("HR-14-1", "no-tribunal", "high", ("hr", "coe"),
      ("iccpr-14", "iccpr-2-3", "echr-6-13", "udhr-8-10", "hr-prc-apl-7-63"))  # fmt: skip
def no_tribunal(case: Case) -> Outcomes:
    """A punitive measure without access to a tribunal.

    What: sanctions of severity 3 or more from which no appeal goes to a court or its equal.
    Why: whoever decides rights and penalties has to be independent of whoever imposes them.
    Fires: the office that lists people hears their complaints itself, and nobody else does.
    Silent: defence and hearing, then a court.
    Fix: add: an appeal to a court or an independent tribunal
    Computed: severity* of each measure, from action, class of service, duration and who else is hit.
    Declared: `procedure.appeal.available`, `procedure.appeal.independent_tribunal`.
    Cannot decide: whether the tribunal decides in time to be of use.
    """
    access = case.said("procedure.appeal.available").is_true()
    access &= case.said("procedure.appeal.independent_tribunal").is_true()
    how = "an appeal goes to a tribunal" if access.value else "no appeal goes to an independent tribunal"
    how = how if access.value is not None else "an appeal to an independent tribunal is not declared"
    for measure in case.sanctions:
        punitive = measure.severity.at_least(limit("punitive_severity"))
        says = f"{measure.does} ({measure.name}) has {measure.severity.told()}; {how}"
        yield case.judge(punitive & ~access, measure.element, says, path=shortest(measure),
                         data={"severity": measure.severity.low})  # fmt: skip


@rule("HR-15-1", "retroactive-or-double", "high", ("hr", "cn"),
      ("iccpr-15", "iccpr-14-7", "udhr-11-2", "hr-prc-apl-29-37"))  # fmt: skip
def retroactive_or_double(case: Case) -> Outcomes:
    """Acts before the rule count, or one act is punished several times.

    What: behaviours that count acts from before the rules or their law were in force; behaviours that bring about two
        or more lists or dearer prices with nothing that lets only the heaviest stand.
    Why: nobody can act by a rule that does not exist yet; one act, one punishment.
    Fires: a score of 2018 that counts fines of 2012; one unpaid fine that lists twice and raises a price.
    Silent: acts count from the first day of the rules, and only the heaviest consequence stands.
    Fix: cut: acts from before the rules and their law; add: that of several consequences only the heaviest stands
    Computed: the lists and prices that one behaviour leads to; a list and what follows from it count once.
    Declared: `counts_acts_since`, `governance.rules_effective_from`, `starts_on` of laws, `absorption`.
    Cannot decide: whether a consequence is a penalty (the Engel criteria).
    """
    for view in of_persons(case):
        if against(case, view).value:
            yield _early(case, view)
            yield _double(case, view)


def _early(case: Case, view: BehaviourView) -> Outcome:
    since, begun = case.said(f"{view.element}.counts_acts_since"), case.said("governance.rules_effective_from")
    if begun.value is None:
        early = unknown(*(each.element for each in (since, begun) if each.value is None))
    else:
        early = since.test(lambda day: day < begun.value, null=False)
        early = early.resting_on(assumed=(begun.element,) if begun.assumed else ())
    before_law, whose = _before_law(case, view, since)
    wrong = before_law | early
    told = f"acts since {since.value}" if since.value else "acts since a day that is not declared"
    rules = f"the rules apply from {begun.value}" if begun.value else "the rules' first day is not declared"
    says = f"{view.name} counts {told}; {rules}{whose}"
    return case.judge(wrong, f"{view.element}.counts_acts_since", says, path=way(case, view) if wrong.value else ())


def _before_law(case: Case, view: BehaviourView, since: Said) -> tuple[Truth, str]:
    """Whether acts count from before a law of the feed, or of a list or sanction that they lead to; and which, in
    words."""
    ends = [f"lists.{name}" for name, _ in case.adverse_lists() if view.name in case.ways_to_lists[name]]
    ends += [each.element for each, _ in case.leads[view.name] if each.polarity == "sanction" and not each.firm]
    homes = dict.fromkeys([f"feeds.{view.item.feed}", *(end.removesuffix(".publication") for end in ends)])
    found = {element: _before(case, element, since) for element in homes}
    whole = any_of(found.values())
    early = [element for element, truth in found.items() if truth.value]
    laws = f", the law of {early[0]} from {_first_day(case, early[0])}" if early else ""
    unsaid = ", the first day of their law is not declared" if whole.value is None else ""
    return whole, laws or unsaid


def _before(case: Case, element: str, since: Said) -> Truth:
    """Whether acts since a day are earlier than every law of an element; who declares to have none has none to keep to
    here."""
    if since.value is None:
        return FALSE
    return case.once(("before law", element, since.value), lambda: _no_law_yet(case, element, since.value))


def _no_law_yet(case: Case, element: str, since: date) -> Truth:
    bases = case.said(f"{element}.legal_basis")
    if bases.open:
        return unknown(bases.element)
    days = [case.said(f"legal_basis.{name}.starts_on") for name in bases.value or ()]
    return all_of(day.test(lambda first: since < first, null=False) for day in days) if days else FALSE


def _first_day(case: Case, element: str) -> object:
    days = (case.said(f"legal_basis.{name}.starts_on").value for name in case.said(f"{element}.legal_basis").value)
    return min(days)


def _double(case: Case, view: BehaviourView) -> Outcome:
    found = _consequences(case, view)
    straight = [each for each in found if each in directly(case, view, True)]
    absorbed = case.said(f"{view.element}.absorption").is_("heaviest")
    wrong = known(len(found) > 1) & ~absorbed
    few = ", ".join(found[:4]) + (f" and {len(found) - 4} more" if len(found) > 4 else "")
    says = f"{view.name} brings about {few or 'no list and no dearer price'}"
    if len(found) > 1:
        says += f", {len(straight)} of {len(found)} without points between; " + (
            "only the heaviest stands" if absorbed.value else "nothing lets only the heaviest stand"
            if absorbed.value is False else "whether only the heaviest stands is not declared"
        )  # fmt: skip
    element = f"{view.element}.absorption"
    return case.judge(wrong, element, says, path=way(case, view) if wrong.value else (), review=len(straight) < 2,
                      data={"consequences": found})  # fmt: skip


def _consequences(case: Case, view: BehaviourView) -> list[str]:
    """The lists that punish and the dearer prices that a behaviour leads to, not those that follow from a list."""
    found = []
    for name, _ in case.adverse_lists():
        way = case.ways_to_lists[name].get(view.name)
        if case.adverse[name].value and way is not None and not way.lacking and _first(way):
            found.append(f"lists.{name}")
    led = [pair for pair in case.leads[view.name] if pair[0].polarity == "sanction" and not pair[1].lacking]
    return found + [measure.element for measure, way in led if measure.action == "price" and _first(way)]


def _first(way: Contribution) -> bool:
    """Whether a way goes over no other list."""
    return not _over(way.path[:-1], "lists.")


def _over(path: tuple[Hop, ...], section: str) -> bool:
    return any(hop.element.startswith(section) for hop in path)


@rule("HR-11-1", "inability-as-refusal", "high", ("hr", "cn"), ("iccpr-11", "echr-p4-1", "hr-prc-spc-1-3"))
def inability_as_refusal(case: Case) -> Outcomes:
    """Inability to pay is treated as refusal.

    What: lists and sanctions that unpaid debts lead to without a test whether their people can pay at all.
    Why: being poor is no fault; a list that presses those who cannot pay presses nobody to pay.
    Fires: a hospital bill unpaid for 90 days, and the list.
    Silent: whoever cannot pay, or has given security, is examined and kept off the list (the court's own provisions).
    Fix: add: a test of ability to pay that excludes; remove: debts of people who cannot pay; add: a payment plan
    Computed: which debts lead to a list or, past every list, to a sanction, by themselves or by points that suffice;
        that a conduct is inability by nature, whatever it is called and tested.
    Declared: `ability_test`, `hardship_exception`.
    Cannot decide: who can pay.
    """
    for name, listing in case.adverse_lists():
        yield _listed(case, name, listing)
    debts = {name for name, view in case.behaviours.items() if _debt(view)}
    for measure in case.sanctions:
        owed = [each for each in measure.contributions if each.behaviour.name in debts]
        found = [each for each in owed if not each.lacking and _first(each)]
        if measure.kind == "measure" and found:
            yield _met(case, measure, found)


def _met(case: Case, measure: MeasureView, found: list[Contribution]) -> Outcome:
    """A measure that debts lead to past every list, so that no list tests whether their people can pay."""
    deciding, how = _deciding(case, measure.trigger, found)
    debts = [each.behaviour for each in deciding or found]
    spared = case.said(f"{measure.element}.hardship_exception").is_true()
    wrong = known(_unable([each.behaviour for each in deciding])) | ~spared
    says = f"unpaid debts ({_names(debts)}) {how} {measure.does} without a list that tests whether people can pay"
    says += "; hardship is an exception" if spared.value else ""
    review = not _unable([each.behaviour for each in deciding])
    return case.judge(wrong, measure.element, says, path=(deciding or found)[0].path, review=review,
                      data={"debts": [each.name for each in debts]})  # fmt: skip


def _deciding(case: Case, trigger: Trigger | None, found: list[Contribution]) -> tuple[list[Contribution], str]:
    """Those of some debts that bring a trigger about, by themselves or by points that suffice; and how, in words."""
    straight = [each for each in found if not _over(each.path, "scores.")]
    if straight:
        return straight, "lead to"
    names = [each.behaviour.name for each in found]
    if trigger is not None and case.satisfier.witness(trigger, names) is not None:
        return found, "suffice by points for"
    return [], "count by points towards"


def _debt(view: BehaviourView) -> bool:
    return not view.firm and ("inability_to_pay" in view.kinds or bool(DEBTS & set(view.item.conduct)))


def _unable(debts: list[BehaviourView]) -> bool:
    return any("inability_to_pay" in each.kinds for each in debts)


def _names(views: list[BehaviourView]) -> str:
    return ", ".join(each.name for each in views[:4]) + (f" and {len(views) - 4} more" if len(views) > 4 else "")


def _listed(case: Case, name: str, listing: Listing) -> Outcome:
    element = f"lists.{name}"
    found = [each for each in case.ways_to_lists[name].values() if _debt(each.behaviour) and not each.lacking]
    if not found:
        return case.judge(FALSE, element, f"no unpaid debt leads to {name}")
    deciding, how = _deciding(case, listing.trigger, found)
    debts = [each.behaviour for each in deciding or found]
    test = case.said(f"{element}.ability_test")
    wrong = known(_unable([each.behaviour for each in deciding])) | ~test.is_true()
    tested = {"value": "ability to pay is tested" if test.value else "ability to pay is not tested"}
    says = f"unpaid debts ({_names(debts)}) {how} {name}; {tested.get(test.state, 'a test of ability is not declared')}"
    says += "; some are inability to pay by nature" if _unable(debts) else ""
    return case.judge(wrong, element, says, path=(deciding or found)[0].path, review=not deciding,
                      data={"debts": [each.name for each in debts]})  # fmt: skip
