"""Human rights that measures touch: law behind them, movement, honour, public office."""

from __future__ import annotations

from collections.abc import Collection

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Hop, Outcome, Outcomes
from vitropolis.lint.law import LAW, in_force, published
from vitropolis.lint.rule import rule
from vitropolis.lint.rules.ai_act_scoring import STANDING, crossed, named
from vitropolis.lint.said import Said
from vitropolis.lint.truth import FALSE, TRUE, Truth, any_of, unknown
from vitropolis.lint.views import MeasureView

TAKES = ("restrict", "deny", "withdraw")
TRAVEL = ("intercity_travel", "exit_country", "residence_choice")
OFFICE = ("public_employment", "candidacy", "voting")
DECIDED = {"human": "decided by a person", "automated": "applied automatically", "hybrid": "decided half by machine"}
EXPOSES = ("name", "id_full", "photo", "address", "employer", "family")
_BY_GROUP = {
    "intercity_travel": "movement",
    "exit_country": "movement",
    "residence_choice": "movement",
    "internet": "expression",
    "job": "work",
    "public_employment": "work",
}
_BY_SERVICE = {
    "vehicle_plate": "movement",
    "business_registration": "work",
    "property_purchase": "property",
    "bank_account": "property",
}


def shortest(measure: MeasureView) -> tuple[Hop, ...]:
    """The shortest way to a measure; empty for a campaign."""
    return min(measure.contributions, key=len).path if measure.contributions else ()


def right(measure: MeasureView) -> str:
    """The right that a measure restricts by what it does to which service; empty if none of HR-2-1's five."""
    if measure.kind == "publication":
        return "privacy"
    if measure.service is None or not (measure.action in TAKES or measure.closes):
        return ""
    return _BY_SERVICE.get(measure.service.name) or _BY_GROUP.get(measure.service.group, "")


@rule("HR-2-1", "no-law", "high", ("hr", "coe", "cn"),
      ("iccpr-12-3", "iccpr-17", "iccpr-19-3", "icescr-4-6", "echr-8-10-p4", "echr-p1-1", "hr-prc-49",
       "hr-prc-apl-38"))  # fmt: skip
def no_law(case: Case) -> Outcomes:
    """A right is restricted without accessible, foreseeable law.

    What: measures on movement, privacy, expression, property or work, publications and removals of accounts, that name
        no published statute or regulation.
    Why: whoever cannot read beforehand what brings a measure about cannot act by it; without a law these rights may
        not be restricted at all, and a law alone is not enough: it has to be needed and in proportion.
    Fires: a city notice that adds "no high-speed rail" for unpaid parking.
    Silent: a dearer deposit, which restricts none of these rights. A published statute makes it a review, no more.
    Fix: remove: the measure; publish: the statute or regulation that allows it and names what brings it about
    Computed: which right a measure restricts, from what it does to which service.
    Declared: `legal_basis` of the measure, list or campaign, with kind and `published`.
    Cannot decide: whether the law names this trigger and is good enough: that is for courts.
    """
    for measure in (*case.sanctions, *case.campaigns):
        restricted = right(measure)
        if not restricted:
            says = f"{measure.does} restricts neither movement, privacy, expression, property nor work"
            yield case.judge(FALSE, measure.element, says)
            continue
        law, named = _law(case, measure.element.removesuffix(".publication"))
        says = f"{_called(measure)} restricts {restricted}; {named}"
        # That a law names this trigger is the author's claim and no field can show it: so the best is a review.
        claimed = bool(law.value) and not law.assumed
        wrong = TRUE.resting_on(labels=law.labels) if claimed else ~law
        yield case.judge(wrong, measure.element, says, path=shortest(measure), data={"right": restricted},
                         review=claimed)  # fmt: skip


def _called(measure: MeasureView) -> str:
    if measure.kind == "publication":
        return f"publishing {measure.name}"
    return f"the campaign {measure.name}" if measure.kind == "campaign" else measure.does


def _law(case: Case, element: str) -> tuple[Truth, str]:
    """Whether a published law stands behind an element, resting on the author's word for it; and what is named."""
    bases = case.said(f"{element}.legal_basis")
    if bases.open:
        return unknown(bases.element), "no legal basis is declared"
    found: list[Truth] = []
    kinds: dict[str, None] = {}
    for name in bases.value or ():
        kind = case.said(f"legal_basis.{name}.kind")
        law = published(case.reader, name, *LAW)
        found.append(law.resting_on(labels=(f"legal_basis.{name}",)) if law.value else law)
        later = "" if in_force(case.reader, name) else " that is not yet in force"
        kinds[str(kind.value or kind.state).replace("_", " ") + later] = None
    law, named = any_of(found), ", ".join(kinds)
    if law.value:
        return law, f"that a published law ({named}) names what brings it about is the policy's own word"
    return law, f"it names {named}, which is no published law in force" if named else "it names no law at all"


@rule("HR-12-1", "travel-ban", "high", ("hr", "coe"), ("iccpr-12", "udhr-13", "echr-p4-2"))
def travel_ban(case: Case) -> Outcomes:
    """Movement is restricted without an individual decision or a term.

    What: sanctions on travel between cities, leaving the country or where to live that are applied automatically or
        have no end, or that nobody reviews in the single case.
    Why: freedom of movement may be limited where it is necessary, and a machine that refuses tickets to a list weighs
        no necessity.
    Fires: flights refused at the counter by a list without a term.
    Silent: a decision by a person for six months, with exceptions for hardship and a review.
    Fix: hear: the person, and decide each case; shorten: the measure to a term; add: exceptions for illness, work and
        family, and a review
    Computed: how long the measure may last, from terms, extensions and lives of records; its service.
    Declared: `decided_by`, `hardship_exception`, `procedure.human_review`.
    Cannot decide: whether it is necessary in the single case.
    """
    for measure in case.sanctions:
        if measure.service is None:
            continue
        if measure.service.group not in TRAVEL:
            says = f"{measure.does} closes neither travel between cities, the border nor a place to live"
            yield case.judge(FALSE, measure.element, says)
        else:
            yield _travel(case, measure)


def _travel(case: Case, measure: MeasureView) -> Outcome:
    """Automatic or endless: a fail; else without a review in the single case: a review. A dearer ticket: a review."""
    element = measure.element
    decided = case.said(f"{element}.decided_by")
    hard = decided.is_("automated") | measure.duration.unbounded
    review = case.said("procedure.human_review.available").is_true()
    review &= case.said("procedure.human_review.authority_to_change").is_true()
    single = review & case.said(f"{element}.hardship_exception").is_true() & decided.is_("human")
    by = DECIDED.get(str(decided.value), "by whom is not said")
    says, path = f"{measure.does}: {by}, lasts {_lasts(measure)}", shortest(measure)
    if hard.value is not False:
        return case.judge(hard, element, says, path=path, review=measure.action in ("price", "inspect"))
    says += "" if single.value else "; no review of the single case with an exception for hardship is certain"
    return case.judge(hard | ~single, element, says, path=path, review=True)


def _lasts(measure: MeasureView) -> str:
    return "without end" if measure.duration.unbounded.value else measure.duration.told()


@rule("HR-17-1", "public-shaming", "high", ("hr",), ("iccpr-17", "echr-8", "hr-prc-pipl-25"))
def public_shaming(case: Case) -> Outcomes:
    """People are shamed in public.

    What: black and watch lists that anybody can look up and that show who is on them.
    Why: a name on a public list is a punishment that nobody measures and that no deletion takes back; honour and
        reputation are protected against arbitrary attack.
    Fires: names and photographs of debtors on a screen at the station.
    Silent: a list that only the office and the person see, or that shows numbers and reasons but nobody.
    Fix: remove: the public list, or everything in it that shows who is meant
    Computed: which lists punish, by the sanctions and the conduct on their way, whatever they are called.
    Declared: `publication.public`, `publication.fields`.
    Cannot decide: who is recognised from what remains, and who copies it.
    """
    for name, listing in case.adverse_lists():
        public, fields = (case.said(f"lists.{name}.publication.{field}") for field in ("public", "fields"))
        shown = [each for each in EXPOSES if each in (fields.value or ())]
        hidden = not shown and "unknown" in (fields.value or ())
        exposes = unknown(fields.element) if hidden else fields.test(_exposing, null=False)
        says = f"{name} ({listing.polarity} list) {_shows(public, fields, shown)}"
        yield case.judge(public.is_true() & exposes, f"lists.{name}.publication", says, data={"shows": shown})


def _exposing(fields: Collection[str]) -> bool:
    return any(field in fields for field in EXPOSES)


def _shows(public: Said, fields: Said, shown: list[str]) -> str:
    if public.is_true().value is False:
        return "is not public"
    whether = "is" if public.state == "value" else "may be"
    if shown or not (fields.open or "unknown" in (fields.value or ())):
        return f"{whether} public and shows {', '.join(shown) or 'nobody'}"
    return f"{whether} public; what it shows is not declared"


@rule("HR-25-1", "public-office", "high", ("hr",), ("iccpr-25", "udhr-21-2"))
def public_office(case: Case) -> Outcomes:
    """Public posts, candidacy or the vote hang on unrelated conduct.

    What: measures, rewards too, on public employment, standing for office or voting that unrelated conduct leads to or
        that are applied automatically.
    Why: who may serve or vote on equal terms is decided for reasons of that office; a list made for something else
        gives none.
    Fires: whoever owes a court debt may not be recruited by any office.
    Silent: a person decides, after forged credentials in an application, for a limited time.
    Fix: cut: the way from unrelated conduct to the measure; remove: the measure; hear: the person before a decision
    Computed: every way from a record to the measure and whether its walk of life is related.
    Declared: `decided_by`, contexts of feeds and behaviours (held against the catalogue of conduct).
    Cannot decide: what is relevant to the post.
    """
    for measure in (*case.sanctions, *case.rewards):
        if measure.service is None:
            continue
        if measure.service.group not in OFFICE:
            yield case.judge(FALSE, measure.element, f"{measure.does} touches no public post, candidacy or vote")
        else:
            yield _office(case, measure)


def _office(case: Case, measure: MeasureView) -> Outcome:
    """One outcome a measure: for its worst crossing of walks of life, and for deciding without anybody."""
    worst, automatic = crossed(case, measure), case.said(f"{measure.element}.decided_by").is_("automated")
    foreign = worst.verdict(case, measure) if worst else FALSE
    behaviours = [each.behaviour for each in worst.found] if worst else []
    says = f"{measure.does} ({measure.context}) is reached from no record"
    if worst:
        says = f"{measure.does} ({measure.context}) is reached from {named(behaviours, worst.kind == 'label')}"
        says += f": {STANDING[worst.kind]}"
    says += "; nobody decides the single case" if automatic.value else ""
    path = worst.first.path if worst else ()
    claimed = worst is not None and worst.kind == "claimed" and not automatic.value
    data = {"behaviours": [each.name for each in behaviours]}
    return case.judge(foreign | automatic, measure.element, says, path=path, data=data, review=claimed)
