"""China's own rules on public credit, [2020] No. 49: what may be recorded, listed and punished, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Outcomes
from vitropolis.lint.grounds import limit
from vitropolis.lint.law import LAW, RULES, of_rank
from vitropolis.lint.rule import rule
from vitropolis.lint.truth import Truth, any_of, known, unknown
from vitropolis.lint.views import MeasureView
from vitropolis.policy.schema import Listing

DOCUMENTS = ("decree", "policy_document")
EFFECTIVE = ("final_court", "final_admin")
BEARING = ("final_decision", "verified_record", "unknown")
FIELDS = ("life_health", "market_social_order", "court_admin_credibility", "national_defence")
TOLD = ("reasons", "rule", "remedy")
MOMENTS = {"before": "before it", "at": "when it starts", "after": "afterwards", "none": "nothing"}

Fault = tuple[Truth, str, str]
"""Whether it holds, what it is in words, and the noun for what would have to be declared to know."""


def based_on(case: Case, element: str, *kinds: str) -> Truth:
    """Whether an element names a basis of one of these kinds that has begun on the policy's day."""
    named = case.said(f"{element}.legal_basis")
    if named.open:
        return unknown(named.element)
    return any_of(of_rank(case.reader, name, *kinds) for name in named.value or ())


def weigh(faults: list[Fault], fine: str) -> tuple[Truth, str]:
    """Whether any fault holds, and the faults in words: those that hold, else those that cannot be told."""
    held = [text for truth, text, _ in faults if truth.value]
    silent = [noun for truth, _, noun in faults if truth.value is None]
    text = ", ".join(held) if held else f"does not declare its {', '.join(silent)}" if silent else fine
    return any_of(truth for truth, _, _ in faults), text


def at_least(days: int) -> Callable[[int], bool]:
    """A test of a number of days."""
    return lambda value: value >= days


def black_lists(case: Case) -> Iterator[tuple[str, Listing]]:
    """Lists of persons and of firms that are bad to be on, whatever they are called."""
    return ((name, item) for name, item in case.policy.lists.items() if name in case.adverse)


def punishing(case: Case) -> Iterator[MeasureView]:
    """Measures that punish persons or firms, by what they do and not by what they are called."""
    return (each for each in case.measures if each.kind == "measure" and each.polarity == "sanction")


def _adverse(case: Case) -> frozenset[str]:
    """Behaviours that move a score the way that harms, cap a band, or lead to an adverse list or to a sanction."""
    found = {
        name
        for name, each in case.behaviours.items()
        if any(case.harms(each, score) for score in (*each.points, *each.item.band_ceiling))
    }
    for name in case.adverse:
        found |= {each.name for each in case.on_list(name)}
    return frozenset(found.union(*({each.name for each in measure.held_against} for measure in punishing(case))))


@rule("CN-49-1", "no-catalogue-entry", "high", ("cn",), ("prc-49-catalogue", "prc-catalogue"))
def no_catalogue_entry(case: Case) -> Outcomes:
    """Information outside the catalogue, or not found on an effective document.

    What: a feed that names no item of a public catalogue; an act held against somebody without a final judgment or a
        final administrative decision.
    Why: [2020] No. 49 lets law and catalogue decide what may be recorded, and has untrustworthy conduct found on
        legally effective documents alone, so that nobody is marked by rumour or by a machine.
    Fires: blood donation counted as credit, which eleven bodies proposed in 2019; a report by neighbours that costs
        points.
    Silent: penalties that are final, each under an item of the catalogue (Henan 2019, article 16).
    Fix: remove: every feed that no catalogue names; add: a final decision before an act counts against anybody
    Computed: which acts count against people, and whether a feed of that kind can hold final decisions at all.
    Declared: `feeds.catalogue_refs`, `behaviours.established_by`.
    Cannot decide: whether the catalogue has that item; its text is not shipped, and the edition of 2025 was not seen.
    """
    used = dict.fromkeys(each.item.feed for each in case.behaviours.values())
    for feed in used:
        listed = case.said(f"feeds.{feed}.catalogue_refs")
        item = "does not declare its item" if listed.open else "names an item" if listed.value else "names no item"
        says = f"feed {feed} {item} of a public catalogue"
        yield case.judge(~listed.test(bool, null=False), f"feeds.{feed}", says)
    adverse = _adverse(case)
    for name, each in case.behaviours.items():
        if name not in adverse:
            continue
        said = case.said(f"{each.element}.established_by")
        fact = said.is_(*EFFECTIVE)
        if fact.value and each.feed.provenance not in BEARING:
            fact = fact.resting_on(labels=(said.element,))
        says = f"{name} counts against people once established by {said.value or 'an act that is not named'}"
        yield case.judge(~fact, each.element, f"{says} (feed {each.item.feed}: {each.feed.provenance})")


@rule("CN-49-2", "unlisted-measure", "high", ("cn",), ("prc-49-measures", "prc-basic-list"))
def unlisted_measure(case: Case) -> Outcomes:
    """A measure off the Basic List or without a law.

    What: a measure that punishes and names no entry of the Basic List, or cites no law that is in force.
    Why: [2020] No. 49 allows measures that reduce rights only by a law they cite and a list that is closed; no office
        may add one or make one heavier.
    Fires: a city invents that low scorers wait longest for an operation.
    Silent: measures with target, content, basis and body on a list (Shenzhen 2023, articles 70-73).
    Fix: remove: the measure where no law and no entry allows it; cut: it to what they allow; publish: the law and the
        entry, where they exist
    Computed: which measures punish, from action and numbers, and whether the cited text had begun on the policy's day.
    Declared: `basic_list_ref`, `legal_basis` and its kind (a decree or policy document alone is for review: only
        documents of the Party's centre and the State Council count).
    Cannot decide: whether the entry allows so much; its ceiling stands in the list, which is not shipped.
    """
    for measure in punishing(case):
        listed = case.said(f"{measure.element}.basic_list_ref").test(bool, null=False)
        law = based_on(case, measure.element, *LAW)
        document = based_on(case, measure.element, *DOCUMENTS)
        review = listed.value is not False and document.value is True
        cites = "cites a decree or policy document and no law" if document.value else "cites no law in force"
        faults = [
            (~listed, "names no entry of the Basic List", "entry of the Basic List"),
            (~law, cites, "legal basis"),
        ]
        wrong, text = weigh(faults, "names an entry and a law")
        yield case.judge(wrong, measure.element, f"measure {measure.name} ({measure.does}) {text}", review=review)


@rule("CN-49-3", "list-outside-fields", "high", ("cn",), ("prc-49-lists",))
def list_outside_fields(case: Case) -> Outcomes:
    """A black list outside the four fields or without due making.

    What: a black list in no field that the State Council allows, with criteria in no law or rule of a department, or
        made with less than 30 days of public comment.
    Why: [2020] No. 49 keeps lists to serious breaches in four fields; elsewhere a list is a punishment that an office
        made for itself.
    Fires: a blacklist for uncivilised behaviour.
    Silent: fields that are enumerated, and a local statute (Shenzhen 2023, articles 76-77).
    Fix: remove: the list; cut: from it whatever is no serious breach in the four fields; publish: the criteria for
        comment before the list is made
    Computed: whether acts that are no breach by their nature lead to the list, whatever field it claims.
    Declared: `domain`, kind of `legal_basis` (a policy document alone is for review), `consultation_days`.
    Cannot decide: where the fields end, which are broad.
    """
    for name, item in black_lists(case):
        element = f"lists.{name}"
        field = case.said(f"{element}.domain").is_(*FIELDS)
        lawful = [each.name for each in case.on_list(name) if each.gravity == 0]
        if field.value and lawful:
            field = field.resting_on(labels=(f"{element}.domain",))
        law, document = based_on(case, element, *RULES), based_on(case, element, "policy_document")
        least = limit("cn_consultation")
        asked = case.said(f"{element}.consultation_days").test(at_least(least), null=False)
        faults = [
            (~field, "is in none of the four fields", "field"),
            (~law, "rests on no law or rule of a department", "legal basis"),
            (~asked, f"was open to comment for less than {least} days", "days of public comment"),
        ]
        fine = f"claims the field {item.domain}" + (f", and {lawful[0]} is no breach" if lawful else "")
        wrong, text = weigh(faults, fine)
        sole = field.value is not False and asked.value is not False and document.value is True
        yield case.judge(case.if_black(wrong, name), element, f"list {name} {text}", review=sole)


@rule("CN-49-4", "listed-unheard", "high", ("cn", "hr", "us"),
      ("prc-49-notice", "prc-apl-44", "prc-henan-28", "prc-shenzhen-69-78", "due-citron-2008"))  # fmt: skip
def listed_unheard(case: Case) -> Outcomes:
    """Listing without prior notice and objection.

    What: a black list of which people hear too late, without reason, basis or rights, or with nothing they may answer.
    Why: an error that is found before the listing harms nobody; [2020] No. 49 and the law on penalties have the
        person told and heard first.
    Fires: debtors who learn of the list on the day they are refused a train.
    Silent: written notice before the listing (Henan 2019, article 28).
    Fix: notify: the person at least 15 days before any effect, with reason, basis and rights; hear: the person before
        the listing
    Computed: nothing: it reads declarations alone.
    Declared: `procedure.notice`, `procedure.objection`.
    Cannot decide: whether the notice arrives; whether an emergency excuses silence.
    """
    names = [name for name, _ in black_lists(case) if case.adverse[name].value]
    if not names:
        return
    of = f"list {names[0]}" + (f" and {len(names) - 1} more" if len(names) > 1 else "")
    when, ahead = case.said("procedure.notice.when"), case.said("procedure.notice.before_days")
    early = when.is_("before") & known(not (ahead.state == "null" or ahead.value == 0))
    told = f"{of}: people are told {MOMENTS.get(when.value or '', 'at a time not declared')}"
    yield case.judge(~early, when.element, told + (f", {ahead.value} days ahead" if ahead.value is not None else ""))
    content = case.said("procedure.notice.content")
    lacks = ", ".join(content.lacking(TOLD))
    holds = f"lacks {lacks}" if lacks else "has reason, basis and rights"
    says = f"{of}: the notice {'does not declare its content' if content.open else holds}"
    yield case.judge(~content.has(*TOLD), content.element, says)
    answer = case.said("procedure.objection.available")
    may = "may answer" if answer.value is True else "may perhaps answer" if answer.open else "may not answer"
    says = f"{of}: the person {may} before it"
    yield case.judge(~answer.is_true(), answer.element, says)


@rule("CN-49-5", "third-parties-forced", "medium", ("cn", "eu"), ("prc-49-no-compulsion",))
def third_parties_forced(case: Case) -> Outcomes:
    """Third parties forced to punish.

    What: a measure that banks, employers, carriers or others must carry out, without a law that says so.
    Why: whoever has to punish on somebody else's list cannot look at the case; [2020] No. 49 rules out compulsion of
        markets and trades.
    Fires: every landlord must refuse people in band D.
    Silent: market actors are only encouraged to consult (Shanghai 2017, article 26).
    Fix: remove: the duty of third parties to punish; publish: the law that obliges them, where there is one
    Computed: whether the list or score is shared as binding into the walk of life where the measure strikes, even if
        the measure itself is called voluntary.
    Declared: `mandatory_for_third_parties`, `sharing.recipient_weight`, kind of `legal_basis`.
    Cannot decide: whether what is called voluntary is so in fact.
    """
    for measure in punishing(case):
        must = case.said(f"{measure.element}.mandatory_for_third_parties").is_true()
        binds = [
            (
                case.said(f"sharing.{name}.recipient_weight").is_("binding"),
                based_on(case, f"sharing.{name}", *LAW),
                name,
            )
            for name, item in case.policy.sharing.items()
            if item.recipient_context == measure.context and set(item.items) & {"list", "band", "score"}
        ]
        law = based_on(case, measure.element, *LAW)
        wrong = (must & ~law) | any_of(binding & ~own & ~law for binding, own, _ in binds)
        shared = [f"sharing.{name}" for binding, _, name in binds if binding.value]
        under = "under a law" if law.value else "without a law in force"
        how = "does not declare whether others must carry it out" if must.value is None else "binds nobody else"
        if must.value or shared:
            how = f"must be carried out by others {under}" + (f" ({', '.join(shared)})" if shared else "")
        yield case.judge(wrong, measure.element, f"measure {measure.name} ({measure.does}) {how}")
