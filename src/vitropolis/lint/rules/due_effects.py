"""Due process in effects: vague rewards, stacking, spill-over, newcomers and minors, quotas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Outcome, Outcomes
from vitropolis.lint.grounds import limit
from vitropolis.lint.rule import rule
from vitropolis.lint.rules.due_process import in_words
from vitropolis.lint.truth import FALSE, TRUE, known, unknown
from vitropolis.lint.views import BehaviourView, MeasureView
from vitropolis.policy.triggers import (
    AccountsCampaign,
    Carries,
    CarriesListing,
    CarriesPoints,
    RankTrigger,
    RecordsCampaign,
    Trigger,
    leaves,
)


@rule("DP-ENG-1", "vague-rewards", "advice", ("due",), ("due-engelmann-2019",))
def vague_rewards(case: Case) -> Outcomes:
    """Sanctions are clear, rewards are vague.

    What: conduct that is punished is defined much more often precisely than conduct that is rewarded; a red list with
        criteria that nobody published.
    Why: vague rewards teach nobody what is wanted and leave room for favours; Engelmann and others found Beijing's
        blacklist entries explained and its redlist entries not.
    Fires: eight precise offences, and a red list for 'outstanding citizens'.
    Silent: both sides are enumerated acts.
    Fix: publish: the criteria of red lists and the acts that earn points, as precisely as the offences
    Computed: which behaviours lead to sanctions and which earn rewards.
    Declared: whether a definition is precise; whether criteria are published.
    Cannot decide: whether a definition that its author calls precise is so; the threshold is the linter's own.
    """
    bad, good = _punished(case), _earning(case)
    if bad and good:
        yield _gap(case, bad, good)
    for name, listing in case.policy.lists.items():
        if listing.polarity == "red" and listing.subject == "person":
            told = case.said(f"lists.{name}.criteria_published").is_true()
            says = f"the criteria of the red list {name} are {in_words(told, '', 'not ', 'not said to be ')}published"
            yield case.judge(~told, f"lists.{name}", says)


def _punished(case: Case) -> list[BehaviourView]:
    names = {each.name for measure in case.sanctions for each in measure.held_against}
    lists = [name for name, _ in case.adverse_lists() if case.adverse[name].value]
    names |= {each.name for name in lists for each in case.on_list(name)}
    return [each for name, each in case.behaviours.items() if name in names and not each.firm]


def _earning(case: Case) -> list[BehaviourView]:
    """Behaviours that earn a reward: by points that do not harm, or by bringing a reward or red list about."""
    found: set[str] = set()
    for measure in case.rewards:
        scores = case.flows.scores_of(measure.trigger) if measure.trigger else ()
        found |= {each.name for each in measure.behaviours if any(case.helps(each, score) for score in scores)}
        found |= {each.name for each in case.directly(measure.trigger)}
        found |= {each.name for name in measure.lists for each in case.directly(case.policy.lists[name].trigger)}
    return [each for name, each in case.behaviours.items() if name in found and not each.firm]


def _gap(case: Case, bad: list[BehaviourView], good: list[BehaviourView]) -> Outcome:
    """The share that is precise on either side; what is not declared may be either."""
    (bad_low, bad_high, missing), (good_low, good_high, more) = _precise(case, bad), _precise(case, good)
    most = limit("clarity_gap") / 100
    if bad_low - good_high > most:
        wrong = known(True)
    else:
        wrong = unknown(*missing, *more) if bad_high - good_low > most else FALSE
    says = (
        f"precisely defined: {bad_low:.0%} of {len(bad)} kinds of conduct that are punished, "
        f"{good_low:.0%} of {len(good)} that are rewarded"
    )
    return case.judge(wrong, "behaviours", says, data={"punished": bad_low, "rewarded": good_low})


def _precise(case: Case, some: list[BehaviourView]) -> tuple[float, float, list[str]]:
    said = [case.said(f"{each.element}.definition_precise") for each in some]
    open_ = [each.element for each in said if each.open]
    sure = sum(each.value is True for each in said)
    return sure / len(said), (sure + len(open_)) / len(said), open_


@rule("DP-STACK-1", "one-act-many-punishments", "high", ("due", "hr", "cn"),
      ("guidelines-167", "due-iccpr-14-7", "due-mou-wages", "due-prc-apl-29"))  # fmt: skip
def one_act_many_punishments(case: Case) -> Outcomes:
    """One act, many punishments.

    What: a single kind of act that leads to three or more sanctions in two or more walks of life, and nothing absorbs
        them into the heaviest.
    Why: each office may think its own sanction fair; the sum of them is nobody's decision and answers to no act.
    Fires: unpaid wages, and some thirty bodies that each restrict something.
    Silent: of several fines for one act the heaviest alone is imposed.
    Fix: add: absorption into the heaviest, or a cap on the total; remove: measures outside the act's own walk of life
    Computed: every way from a record to sanctions, through points, lists and lists of lists; what absorption leaves.
    Declared: absorption.
    Cannot decide: whether several measures together are still in proportion.
    """
    stack = Stack(case)
    for behaviour in case.behaviours.values():
        if any(stack.reached(behaviour)):
            yield stack.judge(behaviour)


class Stack:
    """The sanctions that one behaviour can lead to."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def reached(self, behaviour: BehaviourView) -> Iterator[MeasureView]:
        """All sanctions to which it leads, by whatever way."""
        led = self.case.leads[behaviour.name]
        return (each for each, way in led if each.polarity == "sanction" and not each.firm and not way.lacking)

    def absorbed(self, behaviour: BehaviourView) -> list[MeasureView]:
        """What is left of them under absorption: all that hang on points, the severest of those that a record brings
        about itself, and of the lists on which it puts somebody the one with most measures."""
        found, direct = list(self.reached(behaviour)), []
        lists: dict[str, list[MeasureView]] = {}
        kept: list[MeasureView] = []
        for each in found:
            fed = [name for name in each.lists if behaviour in self.case.directly(self.case.policy.lists[name].trigger)]
            for name in fed:
                lists.setdefault(name, []).append(each)
            if self._by_points(each, behaviour):
                kept.append(each)
            elif not fed and behaviour in self.case.directly(each.trigger):
                direct.append(each)
        kept += [max(direct, key=lambda each: each.severity.low)] if direct else []
        heaviest: list[MeasureView] = max(lists.values(), key=len, default=[])
        return [each for each in found if each in kept or each in heaviest]

    def _by_points(self, measure: MeasureView, behaviour: BehaviourView) -> bool:
        scores = self.case.flows.scores_of(measure.trigger) if measure.trigger else ()
        return any(self.case.harms(behaviour, score) for score in scores)

    def judge(self, behaviour: BehaviourView) -> Outcome:
        """Whether so many are left in so many walks of life."""
        every = list(self.reached(behaviour))
        said = self.case.said(f"{behaviour.element}.absorption")
        heaviest = said.is_("heaviest") if said.state != "absent" else FALSE  # the format: absent means none
        left = every if heaviest.value is False else self.absorbed(behaviour)
        wrong = TRUE if heaviest.value is not False and _many(left) else known(_many(every)) & ~heaviest
        shown = left if heaviest.value else every
        contexts = list(dict.fromkeys(each.context for each in shown))
        says = f"{behaviour.name} leads to sanctions: {len(shown)}, in walks of life: {len(contexts)}"
        if heaviest.value and len(left) < len(every):
            says += f" ({len(every)} before absorption)"
        few = ", ".join(each.does for each in shown[:3]) + (" ..." if len(shown) > 3 else "")
        if shown:
            says += f"; {few}"
        data = {"measures": [each.element for each in shown], "contexts": contexts}
        path = next(each.path for each in every[0].contributions if each.behaviour is behaviour)
        return self.case.judge(wrong, behaviour.element, says, path=path, data=data)


def _many(measures: list[MeasureView]) -> bool:
    return len(measures) >= limit("stack_measures") and len({each.context for each in measures}) >= limit(
        "stack_contexts"
    )


@rule("DP-SPILL-1", "punished-for-others", "high", ("due", "hr", "eu"),
      ("due-iccpr-14-2", "due-iccpr-17", "due-guidelines-158", "due-shanghai-33"))  # fmt: skip
def punished_for_others(case: Case) -> Outcomes:
    """Relatives, colleagues or firms are punished without fault of their own.

    What: deductions, listings or sanctions that go over to others without asking whether they did anything.
    Why: nobody answers for what somebody else did; a child's school place is no lever to move a parent.
    Fires: the child of a listed debtor is refused a private school; a firm's listing falls on whoever represents it.
    Silent: only those who were themselves responsible for the act are reached, and may be heard.
    Fix: remove: what goes over to others; add: a test of own fault; hear: each of them before it takes effect
    Computed: whether what is carried punishes: points that harm, adverse lists, measures that are sanctions.
    Declared: the weight, and whether own fault is tested.
    Cannot decide: what banks and employers make of kinship; records that describe a household from the start.
    """
    for name, spill in case.policy.spillover.items():
        if not _punishes(case, name):
            continue
        element = f"spillover.{name}"
        weight, fault = case.said(f"{element}.weight"), case.said(f"{element}.individual_fault_test")
        carried = weight.test(lambda value: value > 0, null=True) if weight.state != "absent" else TRUE
        whom = "representative" if spill.to == "legal_rep" else spill.to
        wrong = carried & ~fault.is_true()
        tested = in_words(
            fault.is_true(),
            "own fault is tested",
            "without a test of own fault",
            "whether own fault is tested is not said",
        )
        if wrong.value is False and fault.value is True and spill.to == "child":
            wrong, tested = wrong.resting_on(labels=[fault.element]), "who can hardly be at fault"
        says = f"{_what(spill.carries)} goes over to the {whom}, {tested}"
        if carried.value is False:
            says = f"{_what(spill.carries)} would go over to the {whom} with weight 0"
        yield case.judge(wrong, element, says)


def _what(carries: Carries) -> str:
    if isinstance(carries, CarriesPoints):
        return f"a share of the points of {carries.score}"
    return f"a listing on {carries.list}" if isinstance(carries, CarriesListing) else f"measures.{carries.measure}"


def _punishes(case: Case, name: str) -> bool:
    carries = case.policy.spillover[name].carries
    if isinstance(carries, CarriesPoints):
        return any(case.takes(each, carries.score) for each in case.behaviours.values())
    if isinstance(carries, CarriesListing):
        return carries.list in case.adverse
    return case.polarity(case.policy.measures[carries.measure]) == "sanction"


@rule("DP-MISS-1", "newcomers-and-minors", "medium", ("due", "eu"),
      ("due-gdpr-5-fair", "due-iccpr-26", "due-crc-3"))  # fmt: skip
def newcomers_and_minors(case: Case) -> Outcomes:
    """People without records are penalised, or minors are scored.

    What: missing data that lower a score, a start below the neutral band or in a band that is sanctioned; a score that
        covers people under 18.
    Why: who has just come, or was never recorded, has done nothing; a child is to be brought up and not graded.
    Fires: migrants start at C, and C pays a deposit; a score from birth.
    Silent: a neutral start, from 18 on.
    Fix: cut: what missing data take away, and the start to the neutral band; remove: people under 18 from the score
    Computed: the band of the start, and which sanctions hold there without any record.
    Declared: the handling of missing data, the neutral band, the least age.
    Cannot decide: who has few records, and why.
    """
    scores = [score for score, item in case.policy.scores.items() if item.subject == "person"]
    for score in scores:
        yield _newcomers(case, score)
    if scores:
        yield _minors(case, ", ".join(scores))


def _minors(case: Case, scores: str) -> Outcome:
    least = case.said("population.min_age_years")
    wrong = ~least.test(lambda value: value >= limit("majority_years"), null=False)
    who = {"value": f"people from {least.value} years on", "null": "people of any age"}
    says = f"{scores}: {who.get(least.state, 'people of an age that is not said')} are scored"
    return case.judge(wrong, "population" if least.state == "absent" else least.element, says)


def _newcomers(case: Case, score: str) -> Outcome:
    item, element = case.policy.scores[score], f"scores.{score}"
    start = case.take(item.start)
    missing = case.said(f"{element}.missing_data").is_("penalise")
    ladder = case.satisfier.ladder(score)
    low, high = next(((low, high) for name, low, high in ladder if name == item.neutral_band), (start, start))
    worse = (-1 in case.harm[score] and start < low) or (1 in case.harm[score] and start > high)
    hit = [
        each
        for each in case.sanctions
        if each.trigger
        and score in case.flows.scores_of(each.trigger)
        and case.satisfier.witness(each.trigger, frozenset()) is not None
    ]
    names = [f"{element}.start", *(f"{element}.bands.{band}.lower" for band in item.bands)]
    assumed = [name for name in names if case.said(name).assumed]
    hard = known(worse or bool(hit))
    says = f"who has no record starts in {score} at {start}"
    if hit:
        says += f", where {hit[0].does} already holds"
    elif worse:
        place = f"below its neutral band {item.neutral_band} (from {low})"
        says += f", {place if start < low else f'above its neutral band {item.neutral_band} (up to {high})'}"
    if missing.value:
        says += "; missing data are held against people"
    return case.judge(missing | (hard if hard.value else hard.resting_on(assumed=assumed)), element, says)


@rule("DP-RANK-1", "quota-or-rank", "medium", ("due",), ("guidelines-167", "due-citron-pasquale"))
def quota_or_rank(case: Case) -> Outcomes:
    """Somebody has to lose, whatever people do.

    What: a score read as a rank, a list or measure for a fixed share of people, a drive that must find so many.
    Why: treatment then answers to what others did, not to one's own conduct; and an office with a quota fills it.
    Fires: every year the worst five per cent are listed.
    Silent: fixed criteria that all may meet.
    Fix: remove: shares, ranks and quotas; add: criteria that each can meet alone
    Computed: which lists and measures a rank or a share decides.
    Declared: how the score is normalised; the quotas of drives.
    Cannot decide: quotas that offices set themselves.
    """
    for score, item in case.policy.scores.items():
        if item.subject == "person":
            ranked = item.normalisation == "relative_rank"
            says = f"{score} is read {'as a rank among all' if ranked else 'in points'}"
            yield case.judge(known(ranked), f"scores.{score}", says)
    for element, trigger in _triggers(case):
        share = next((leaf for leaf in leaves(trigger) if isinstance(leaf, RankTrigger)), None)
        if share is not None:
            says = f"{element} meets the {share.end} {case.take(share.share):.1%} of {share.score}, however people act"
            yield case.judge(TRUE, element, says)
    for name, campaign in case.policy.campaigns.items():
        if isinstance(campaign, AccountsCampaign) or (
            isinstance(campaign, RecordsCampaign) and not case.policy.is_firm_feed(campaign.feed)
        ):
            what = "accounts" if isinstance(campaign, AccountsCampaign) else f"records of {campaign.feed}"
            says = f"campaigns.{name} has to find {case.take(campaign.count)} {what}"
            yield case.judge(TRUE, f"campaigns.{name}", says)


def _triggers(case: Case) -> Iterable[tuple[str, Trigger]]:
    for name, listing in case.policy.lists.items():
        if listing.subject == "person":
            yield f"lists.{name}", listing.trigger
    for name, measure in case.policy.measures.items():
        view = next(each for each in case.measures if each.element == f"measures.{name}")
        if not view.firm:
            yield f"measures.{name}", measure.trigger
