"""Conduct that a right protects, held against a person: thought, speech, petition and remedies, protected status."""

from __future__ import annotations

from collections.abc import Iterator

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Hop, Outcome, Outcomes
from vitropolis.lint.rule import rule
from vitropolis.lint.truth import FALSE, TRUE, Truth, known, unknown
from vitropolis.lint.views import BehaviourView, MeasureView
from vitropolis.policy.triggers import Trigger
from vitropolis.policy.words import CONDUCT, GRAVITY_ZERO_KINDS, PROTECTED_KINDS

THOUGHT = frozenset({"opinion", "belief", "loyalty"})
REMEDIES = frozenset({"association", "assembly", "petition", "complaint", "litigation", "strike"})
SPEECH = frozenset({"online_speech", "press"})
CREED = frozenset({"political", "religion"})
CIVIC = frozenset({"political", "civic_participation"})
SENSITIVE = ("special", "biometric", "biometric_inference")
STATUS = ("migrant", "local")


def of_persons(case: Case) -> Iterator[BehaviourView]:
    """Behaviours of natural persons."""
    return (each for each in case.behaviours.values() if not each.firm)


def _triggers(case: Case, adverse: bool) -> Iterator[tuple[str, Trigger]]:
    """Lists and measures on persons with their triggers: those that punish, or those that reward."""
    for name, listing in case.policy.lists.items():
        if (name in case.adverse) is adverse and listing.subject == "person":
            yield f"lists.{name}", listing.trigger
    for measure in case.sanctions if adverse else case.rewards:
        if measure.kind == "measure" and measure.trigger is not None:
            yield measure.element, measure.trigger


def directly(case: Case, view: BehaviourView, adverse: bool) -> tuple[str, ...]:
    """The lists and measures whose triggers count records of a behaviour themselves, as elements."""
    return case.once(("directly", adverse), lambda: _counted(case, adverse)).get(view.name, ())


def _counted(case: Case, adverse: bool) -> dict[str, tuple[str, ...]]:
    """For each behaviour whose records a trigger counts itself, the elements of those triggers."""
    found: dict[str, tuple[str, ...]] = {}
    for name, trigger in _triggers(case, adverse):
        for view in case.directly(trigger):
            found[view.name] = (*found.get(view.name, ()), name)
    return found


def against(case: Case, view: BehaviourView) -> Truth:
    """Whether a record works against its person: by points that harm, a ceiling, or listing or sanctioning itself."""
    return case.once(("against", view.name), lambda: _against(case, view))


def _against(case: Case, view: BehaviourView) -> Truth:
    takes = any(case.harms(view, score) for score in (*view.points, *view.item.band_ceiling))
    return _moves(case, view, takes or bool(directly(case, view, True)))


def counts(case: Case, view: BehaviourView) -> Truth:
    """Whether a record counts at all, for or against its person."""
    moves = any(any(given) for given in view.points.values()) or bool(view.item.band_ceiling)
    return _moves(case, view, moves or bool(directly(case, view, True) or directly(case, view, False)))


def _moves(case: Case, view: BehaviourView, answer: bool) -> Truth:
    if answer:
        return TRUE
    said = (case.said(f"{view.element}.points.{score}") for score in view.points)
    return known(False, assumed=(each.element for each in said if each.assumed and each.state != "absent"))


def effect(case: Case, view: BehaviourView) -> str:
    """What a record does, in words."""
    found = [f"{_worst(case, score, given):+d} in {score}" for score, given in view.points.items() if any(given)]
    found += [f"band {band} at best in {score}" for score, band in view.item.band_ceiling.items()]
    found += [f"leads to {name}" for adverse in (True, False) for name in directly(case, view, adverse)]
    more = f" and {len(found) - 2} more" if len(found) > 2 else ""
    return (", ".join(found[:2]) or "counts for nothing") + more


def _worst(case: Case, score: str, given: tuple[int, ...]) -> int:
    """Of the points that a record may have those that harm most."""
    harmful = [points for points in given if points and (1 if points > 0 else -1) in case.harm[score]]
    return max(harmful or given, key=abs)


def way(case: Case, view: BehaviourView) -> tuple[Hop, ...]:
    """The shortest way from the feed of a behaviour to a sanction, or the behaviour alone."""
    led = case.leads[view.name]
    bad = [each for measure, each in led if measure.polarity == "sanction" and not measure.firm]
    ways = [each for each in bad if not each.lacking] or bad
    alone = (Hop(f"feeds.{view.item.feed}", view.feed.context), Hop(view.element, view.called))
    return min(ways, key=len).path if ways else alone


def _outcome(case: Case, wrong: Truth, view: BehaviourView, says: str, review: bool = False) -> Outcome:
    path = () if wrong.value is False and not wrong.labels else way(case, view)
    data = {"kinds": sorted(view.kinds), "conduct": list(view.item.conduct)}
    return case.judge(wrong, view.element, f"{view.name} {says}", path=path, data=data, review=review)


@rule("HR-18-1", "thought-scored", "prohibited", ("hr", "coe", "eu"),
      ("iccpr-18-19", "udhr-18-19", "echr-9-10-14", "iccpr-26", "hr-gdpr-9"))  # fmt: skip
def thought_scored(case: Case) -> Outcomes:
    """Belief, opinion or loyalty counts.

    What: behaviours that are an opinion, a belief or loyalty, by nature or by name, and move a score, a band, a list or
        a measure, up or down.
    Why: nobody may be made to answer for what they think; the right to hold opinions admits no restriction at all.
    Fires: loyalty to those in power as a criterion; credits for hours in a political study app.
    Silent: no such behaviour. Other lawful conduct that an office of politics or religion reports is reviewed.
    Fix: remove: the behaviour, and the feed if it supplies nothing else
    Computed: what conduct is by the catalogue, whatever it is called; whether its records count.
    Declared: points; a kind that the author declares himself.
    Cannot decide: loyalty in disguise, such as attendance at a meeting counted as volunteering.
    """
    for view in of_persons(case):
        if view.kinds & THOUGHT:
            says = f"({view.called}) counts: {effect(case, view)}"
            yield _outcome(case, counts(case, view), view, says)
        elif {view.feed.context, view.context} & CREED and view.kinds & {"lawful_conduct", "virtue"}:
            label = known(False, labels=(f"{view.element}.conduct",))
            says = (
                f"({view.called}) comes from {view.feed.context} life and may stand for loyalty: {effect(case, view)}"
            )
            wrong = label if counts(case, view).value else counts(case, view)
            yield _outcome(case, wrong, view, says)
        else:
            yield _outcome(case, FALSE, view, f"({view.called}) is no opinion, belief or loyalty")


@rule("HR-19-1", "expression-scored", "high", ("hr", "coe", "eu"), ("iccpr-19", "udhr-19", "echr-10"))
def expression_scored(case: Case) -> Outcomes:
    """Lawful expression is held against people.

    What: records of speech, online or in the press, that take points, list or sanction, unless a court has finally
        found an offence; campaigns that remove accounts for what people say.
    Why: restricting speech needs a law, an aim and necessity in each case; an office's report of a post is none of
        them, and who knows that posts count writes fewer.
    Fires: -20 for criticism online on the report of an office; a quota of accounts to be removed.
    Silent: a final conviction for a defined offence, from a court's own decisions.
    Fix: remove: the feed from the score and the list; remove: the campaign
    Computed: what the conduct is by the catalogue, whether its records work against people, what a campaign aims at.
    Declared: `established_by` (held against the feed's `provenance`), contexts, points.
    Cannot decide: which speech an offence may lawfully cover, and how many fall silent: that is for a run.
    """
    for view in of_persons(case):
        places = {view.context, view.feed.context, *view.natural_contexts}
        if not (places & SPEECH or "opinion" in view.kinds):
            yield _outcome(case, FALSE, view, f"({view.called}) is no speech")
            continue
        found = case.said(f"{view.element}.established_by")
        court = found.is_("final_court")
        if view.feed.provenance != "final_decision":  # no feed of reports or guesses delivers judgments
            court = court.resting_on(labels=(found.element,)) if court.value else court
        unlawful = {CONDUCT[word].kind for word in view.item.conduct} == {"unlawful_act"}
        lawful = ~case.said(f"{view.element}.kind").is_("unlawful_act") if unlawful else TRUE
        says = f"({view.called}) is speech, established by {str(found.value or found.state).replace('_', ' ')}"
        yield _outcome(case, (lawful | ~court) & against(case, view), view, f"{says}: {effect(case, view)}")
    for campaign in case.campaigns:
        yield _removed(case, campaign)


def _removed(case: Case, campaign: MeasureView) -> Outcome:
    """A campaign against accounts: a fail if it aims at what a right protects, or at nothing it names."""
    aimed = case.said(f"{campaign.element}.aimed_at")
    count = case.said(f"{campaign.element}.count").value
    words = [CONDUCT[word] for word in campaign.aimed_at]
    protected = [word.name for word in words if word.kind in PROTECTED_KINDS]
    spoken = [word.name for word in words if word.context in SPEECH]
    wrong = aimed.test(lambda _: bool(protected or spoken or not words), null=True)
    target = ", ".join(protected or spoken or [word.name for word in words]) or "no conduct that it names"
    says = f"the campaign {campaign.name} removes {count} accounts, aimed at {target}"
    return case.judge(wrong, campaign.element, says, data={"aimed_at": list(campaign.aimed_at)},
                      review=bool(spoken) and not protected)  # fmt: skip


@rule("HR-21-1", "remedy-scored", "high", ("hr", "coe", "cn"),
      ("iccpr-21-22", "iccpr-14-25-2", "udhr-8-20", "hr-prc-apl-45"))  # fmt: skip
def remedy_scored(case: Case) -> Outcomes:
    """Assembly, association, petition, complaint or lawsuit is held against people.

    What: records of petitions, complaints, lawsuits, assemblies, associations or strikes that take points, list or
        sanction.
    Why: a remedy that costs points is none; whoever needs it most can afford it least.
    Fires: deductions for "abnormal petitioning"; points off for suing an office.
    Silent: nothing that people do to defend themselves or to meet leads back to a score.
    Fix: remove: the behaviour; remove: every way from a remedy to a score or a list
    Computed: what the conduct is by the catalogue, whatever an office calls it; whether its records work against
        people.
    Declared: points; associations and strikes, which the catalogue does not know.
    Cannot decide: violence at a meeting, which would be another conduct, from the meeting itself.
    """
    for view in of_persons(case):
        if view.kinds & REMEDIES:
            yield _outcome(
                case, against(case, view), view, f"({view.called}) works against people: {effect(case, view)}"
            )
        elif view.feed.context in CIVIC and not view.kinds & (GRAVITY_ZERO_KINDS | THOUGHT):
            label = known(False, labels=(f"{view.element}.conduct",))
            says = f"({view.called}) is reported by an office of civic life and may be a petition: {effect(case, view)}"
            yield _outcome(case, label if against(case, view).value else against(case, view), view, says)
        elif view.item.kind == "unknown":  # an association or a strike, of which the catalogue has no word?
            wrong = unknown(f"{view.element}.kind") & against(case, view)
            yield _outcome(case, wrong, view, "is of an unknown kind; it may be an association or a strike")
        else:
            yield _outcome(case, FALSE, view, f"({view.called}) is no remedy, meeting or association")


@rule("HR-26-1", "protected-status", "high", ("hr", "eu", "us"),
      ("iccpr-26", "echr-14-p12", "hr-charter-21", "hr-guidelines-181", "hr-ecoa"))  # fmt: skip
def protected_status(case: Case) -> Outcomes:
    """Protected status is used, or stood in for.

    What: behaviours that use a protected trait or stand in for one, and cover that goes by residence status.
    Why: origin, religion, sex, politics, property or disability are no merit and no fault; a proxy does the same harm
        with better manners.
    Fires: a second nationality in a risk class; a religious practice with points.
    Silent: behaviours that use no trait and stand in for none, and say so.
    Fix: remove: the trait and what stands in for it; publish: how outcomes differ between groups
    Computed: traits that conduct reveals by nature: belief faith, opinion and assembly politics, blood given health.
    Declared: `uses_traits`, `proxy_for`, the category of the feed, `population.only_status`.
    Cannot decide: indirect discrimination, which shows in outcomes alone.
    """
    for view in of_persons(case):
        yield _status(case, view)
    for status in case.policy.population.only_status:
        if status in STATUS:
            says = f"only people of residence status `{status}` are covered"
            yield case.judge(TRUE, "population.only_status", says, data={"status": status}, review=True)


def _status(case: Case, view: BehaviourView) -> Outcome:
    used, proxy = case.said(f"{view.element}.uses_traits"), case.said(f"{view.element}.proxy_for")
    revealed = [f"reveals {trait} ({how})" for trait, how in view.reveals.items()]
    wrong = known(bool(revealed)) | used.test(bool, null=False) | proxy.test(bool, null=False)
    if wrong.value is False and (view.item.kind == "personal_trait" or view.feed.category in SENSITIVE):
        wrong = wrong.resting_on(labels=(used.element,))
    told = [f"uses {', '.join(used.value)}"] if used.value else []
    told += [f"stands in for {', '.join(proxy.value)}"] if proxy.value else []
    told += revealed
    if not told and wrong.labels:
        told = [f"uses a protected trait ({view.feed.category} feed)"]
    says = " and ".join(told) or ("uses no protected trait and stands in for none" if wrong.value is False
                                  else "may use a protected trait or stand in for one")  # fmt: skip
    return _outcome(case, wrong & counts(case, view), view, f"({view.called}) {says}")
