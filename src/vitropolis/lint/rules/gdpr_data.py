"""GDPR, and what China's law asks alike: which data may be collected, for what, on which ground and for how long."""

from __future__ import annotations

from collections.abc import Iterator

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Hop, Outcome, Outcomes
from vitropolis.lint.grounds import limit
from vitropolis.lint.law import UNION_LAW, in_force
from vitropolis.lint.rule import rule
from vitropolis.lint.rules.gdpr_basis import (
    SPECIAL,
    consent_free,
    grounds_of,
    is_contract,
    is_crime,
    is_law,
    lasts,
    personal,
    reveals,
    special,
    special_ground,
    stands_on,
)
from vitropolis.lint.truth import FALSE, TRUE, Truth, any_of, known, unknown
from vitropolis.lint.views import BehaviourView, Duration

UNSURE = ("informant", "self_reported", "sensor", "inferred", "predicted", "averaged")
NOT_UNIQUE = "is matched by a key that is not unique"
COURTS = "judicial interpretation"
UNIQUE_KEYS = ("national_id", "firm_id")


@rule("GDP-5d-1", "accuracy", "high", ("eu", "us", "cn"), ("gdpr-5-1-d", "pipl-8", "fcra-1681e", "apl-40-41"))
def accuracy(case: Case) -> Outcomes:
    """Accuracy that is not provided for.

    What: feeds that lead to sanctions and are hearsay, sensed, guessed or averaged, or bind nobody to an error rate or
        to a unique key.
    Why: a wrong entry punishes somebody for what they did not do; who uses data has to see to it that they are right.
    Fires: yearly tax income is divided by 26 to guess what somebody earned each fortnight.
    Silent: final decisions, matched by identity number alone, with a promised error rate.
    Fix: add: a limit to errors and false matches, checked against samples; cut: what informants, sensors or guesses
        report from every sanction; hear: the person before an entry counts
    Computed: which feeds lead to sanctions.
    Declared: provenance, linkage key, promised rates, and how behaviours are established.
    Cannot decide: whether a promised rate is true; a run shows what twice or ten times as many errors would do.
    """
    measures = case.sanctions
    used = {each.name for measure in measures for each in measure.behaviours}
    for feed, views in personal(case):
        reporting = [view for view in views if view.name in used]
        if not reporting:
            continue
        element, source = f"feeds.{feed}", case.said(f"feeds.{feed}.provenance").is_(*UNSURE)
        guessed = any_of(known(view.item.established_by == "algorithm") for view in reporting)
        rate = _nothing(case, f"{element}.promised_error_rate")
        key = ~case.said(f"{element}.linkage_key").is_(*UNIQUE_KEYS)
        match = key & _nothing(case, f"{element}.promised_false_match_rate")
        provenance = case.policy.feeds[feed].provenance.replace("_", " ")
        names = (
            (source, f"comes from: {provenance}"),
            (guessed, "is established by algorithm"),
            (rate, _promise(case, f"{element}.promised_error_rate", "binds nobody to an error rate", "errors")),
            (match, _promise(case, f"{element}.promised_false_match_rate", NOT_UNIQUE, "false matches")),
        )
        why = [words for truth, words in names if truth.value]
        says = f"{feed} leads to sanctions and " + (", ".join(why) or "an error rate is promised")
        wrong = source | guessed | rate | match
        if wrong.value is None:
            says = f"{feed} leads to sanctions, and what is to keep it accurate is not declared"
        yield case.judge(wrong, element, says)


def _nothing(case: Case, element: str) -> Truth:
    """Whether no rate is promised: declared as null, or so high that it keeps nothing out. Absent is open."""
    most = limit("rate_of_nothing") / 100
    return case.said(element).test(lambda rate: rate is None or rate >= most)


def _promise(case: Case, element: str, none: str, what: str) -> str:
    """Why a rate that is promised keeps nothing out, or that `none` is."""
    rate = case.said(element).value
    return none if rate is None else f"promises no more than that {rate:.0%} may be {what}"


@rule("GDP-5e-1", "no-end-date", "high", ("eu", "cn", "us"), ("gdpr-5-1-e", "cjeu-26-22", "pipl-19-47", "crr-16"))
def no_end_date(case: Case) -> Outcomes:
    """Adverse data without an end.

    What: adverse records and listings that never lapse, outlast the register they come from, or whose time starts late
        or again.
    Why: what is kept without end punishes without end; a copy may not outlive the register itself.
    Fires: an entry is shown until removal is granted, past the five years that the same text sets.
    Silent: five years from the act or its end, then nothing more can be looked up.
    Fix: shorten: the life of records and listings, to end by themselves; remove: what starts the time again; add: the
        deletion of scores made of them
    Computed: how long each record and listing may last at most, against the register it was copied from and, under
        `cn`, five years; what counts until it is paid is counted from then, and has no end if nobody can pay it.
    Declared: `life`, `term_days`, `retention`, `source_public_days`.
    Cannot decide: backups and copies that others keep.
    """
    used = {each.name for measure in case.sanctions for each in measure.held_against}
    adverse = [view for view in case.behaviours.values() if not view.firm and _adverse(case, view, used)]
    for view in adverse:
        yield _lasting(case, view)
        yield from _within(case, view.element, f"a record of {view.name} counts", case.durations.of_record(view))
    for name, _ in case.adverse_lists():
        yield _listed_for(case, name)
        yield from _within(case, f"lists.{name}", f"a listing on {name} lasts", case.durations.of_list(name))
    if adverse:
        yield from _counting(case)


def _adverse(case: Case, view: BehaviourView, used: set[str]) -> bool:
    return view.name in used or any(case.harms(view, score) for score in (*view.points, *view.item.band_ceiling))


def _lasting(case: Case, view: BehaviourView) -> Outcome:
    held = case.durations.of_record(view)
    shown = case.said(f"feeds.{view.item.feed}.source_public_days")
    wrong, says = held.unbounded, f"a record of {view.name} counts {lasts(held)}"
    if wrong.value is False and held.days is not None:
        days = held.days
        longer = shown.test(lambda most: days > most, null=False)
        wrong = wrong | longer
        if longer.value:
            says += f", longer than the {shown.value} days for which its register shows it"
        elif longer.value is None:
            says += "; for how long its register shows it is not declared"
    return case.judge(wrong, view.element, says)


def _listed_for(case: Case, name: str) -> Outcome:
    held = case.durations.of_list(name)
    stays = case.said(f"lists.{name}.exit.auto_expiry").test(lambda value: value is False, null=False)
    endless = held.unbounded
    says = f"a listing on {name} lasts {lasts(held)}"
    if stays.value and endless.value is False:
        says = f"a listing on {name} does not end by itself when its term of {held.days} days is over"
    return case.judge(endless | stays, f"lists.{name}", says)


def _within(case: Case, element: str, what: str, held: Duration) -> Iterator[Outcome]:
    """A time that ends, against the five years of Chinese law."""
    if held.days is not None:
        most = limit("cn_adverse")
        yield case.judge(held.over(most), element, f"{what} {lasts(held)} (limit {most})", profiles=("cn",))


def _counting(case: Case) -> Iterator[Outcome]:
    since = case.said("retention.counted_from")
    late = ~since.is_("event", "end_of_conduct")
    counted = "an undeclared day" if since.open else f"the {since.value or 'day of nothing'}".replace("_", " ")
    yield case.judge(late, "retention.counted_from", f"the time of adverse data runs from {counted}")
    again = case.said("retention.restarts_on")
    restarts = again.test(lambda words: bool({"publication", "listing"} & set(words or ())))
    held = ", ".join(again.value or ()).replace("_", " ") or "nothing"
    says = "what starts it again is not declared" if again.open else f"it starts again on {held}"
    yield case.judge(restarts, "retention.restarts_on", f"the time of adverse data: {says}")


@rule("GDP-6-1", "no-basis", "high", ("eu",), ("gdpr-6-1",))
def no_basis(case: Case) -> Outcomes:
    """No valid ground in law.

    What: feeds, lists, measures, campaigns and enrolment that stand on nothing, on a memorandum or policy paper alone,
        or on consent that is not free; a review where a public body calls its ground a contract.
    Why: an office needs a law for what it does with people's data; consent under pressure is none.
    Fires: a memorandum between agencies is the only ground of a joint punishment.
    Silent: a statute that names data, purposes, recipients and safeguards.
    Fix: separate by law: what the policy wants, in a statute; add: a refusal that costs nothing, where consent is the
        ground; remove: what no law covers
    Computed: nothing: it reads declarations alone.
    Declared: `legal_basis`, `operator.kind`, `enrolment`.
    Cannot decide: the quality of a law, which is for a court.
    """
    for feed, views in personal(case):
        if views:
            yield _based(case, f"feeds.{feed}", feed)
    for name, listing in case.policy.lists.items():
        if listing.subject == "person":
            yield _based(case, f"lists.{name}", f"list {name}")
    for measure in (*case.sanctions, *case.rewards, *case.campaigns):
        if measure.kind != "publication":
            yield _based(case, measure.element, f"{measure.name} ({measure.does})")
    if case.policy.population.natural_persons and case.policy.population.enrolment.mode == "mandatory":
        yield _enrolled(case)


def _based(case: Case, element: str, name: str) -> Outcome:
    said, found = case.said(f"{element}.legal_basis"), grounds_of(case, element)
    good = [(each, _valid(case, each)) for each in found]
    wrong = ~stands_on(case, element, good)
    kinds = ", ".join(dict.fromkeys(case.policy.legal_basis[each].kind for each in found)).replace("_", " ")
    says = f"{name} stands on {kinds}" if kinds else f"{name} stands on no ground in law"
    if said.open:
        says = f"on what ground in law {name} stands is not declared"
    elif wrong.value and COURTS in kinds:
        says += ", made by a court and no legislature"
    elif wrong.value and "consent" in kinds:
        says += ", and consent is not free where refusing costs something or is not possible"
    elif wrong.value and kinds:
        says += " alone, which is no law"
    return case.judge(wrong, element, says, review=COURTS in kinds)


def _valid(case: Case, basis: str) -> Truth:
    """Whether a basis is a ground of article 6: law, free consent, or a contract (of a public body, by its label)."""
    kind = case.said(f"legal_basis.{basis}.kind")
    return kind.is_(*UNION_LAW) | (kind.is_("consent") & consent_free(case)) | is_contract(case, basis)


def _enrolled(case: Case) -> Outcome:
    bases = case.said("legal_basis")
    begun = [name for name in case.policy.legal_basis if in_force(case.reader, name)]
    law = any_of(is_law(case, name) for name in begun) if not bases.open else unknown("legal_basis")
    lacks = ", and whether by a law is not declared" if law.value is None else ", and no law is named for it"
    says = "everybody is enrolled by duty" + ("" if law.value else lacks)
    return case.judge(~law, "population.enrolment", says)


@rule("GDP-9-1", "special-category", "high", ("eu", "cn"), ("gdpr-9-1", "pipl-28-29", "crr-14"))
def special_category(case: Case) -> Outcomes:
    """Special categories, openly or by proxy.

    What: feeds that reveal faith, politics, union, health, origin, sex life, genes or body measures, without a ground
        that gives safeguards.
    Why: such data expose people to persecution; they stay out unless a law with safeguards lets them in.
    Fires: attending a service costs 50 points; giving blood earns some.
    Silent: no such feed; a proxy that a run has tested.
    Fix: remove: the feed, trait or proxy; separate by law: the use of such data, with safeguards
    Computed: what the conduct reveals by its nature, whatever feed and kind are called.
    Declared: `category`, `uses_traits`, `proxy_for`, `legal_basis`.
    Cannot decide: proxies that nobody declared; a run's audit by group shows them.
    """
    for feed, views in personal(case):
        declared = case.policy.feeds[feed].category
        found = {trait: f"{view.name}: {how}" for view in views for trait, how in reveals(view).items()}
        parts = any_of(special(case, view) for view in views)
        inside = TRUE if declared in SPECIAL else parts
        told = "; ".join(f"{trait} ({how})" for trait, how in found.items()) or f"data of the category {declared}"
        wrong = inside & ~special_ground(case, feed) if inside.value is not False else inside
        says = f"{feed} reveals {told}, and no ground with safeguards covers it"
        if wrong.value is False:
            says = f"{feed} reveals nothing of a special category" if inside.value is False else (
                f"{feed} reveals {told}, on a ground with safeguards"
            )  # fmt: skip
        elif wrong.value is None:
            says = f"{feed}: whether it reveals a special category, or on what ground, is not declared"
        yield case.judge(wrong, f"feeds.{feed}", says, path=[Hop(f"feeds.{feed}", declared)] if found else ())


@rule("GDP-10-1", "criminal-data", "medium", ("eu",), ("gdpr-10",))
def criminal_data(case: Case) -> Outcomes:
    """Criminal data outside official control.

    What: feeds of offences, kept by somebody who is no official authority and has no law for it.
    Why: a record of crimes in private hands bars people from work and housing for life.
    Fires: a housing platform scores arrests.
    Silent: a register that a court runs.
    Fix: remove: the feed; separate by law: the use of final convictions alone, under official control
    Computed: whether the conduct is a serious offence by its nature, whatever the category says.
    Declared: `category`, `operator.official_authority`, `legal_basis`.
    Cannot decide: what a national law allows beyond this.
    """
    for feed, views in personal(case):
        category = case.policy.feeds[feed].category
        crimes = [word for view in views for word in view.item.conduct if is_crime(word)]
        inside = TRUE if category == "criminal" or crimes else (
            unknown(f"feeds.{feed}.category") if category == "unknown" else FALSE
        )  # fmt: skip
        names = [(each, is_law(case, each)) for each in grounds_of(case, f"feeds.{feed}")]
        official = case.said("operator.official_authority").is_true()
        wrong = inside & ~official & ~stands_on(case, f"feeds.{feed}", names)
        told = ", ".join(dict.fromkeys(crimes)) or "criminal data"
        says = f"{feed} reports {told}" if inside.value else f"{feed} reports no serious offence"
        says += ", without official authority and without a law" if wrong.value else ""
        yield case.judge(wrong, f"feeds.{feed}", says)


@rule("GDP-17-1", "survives-exit", "medium", ("eu", "cn"), ("gdpr-17-1", "pipl-19-47", "order-36-3"))
def survives_exit(case: Case) -> Outcomes:
    """Data that survive the exit.

    What: data that go on counting after somebody left a list, and lists whose deletions do not reach the recipients.
    Why: who has paid, or served the term, is not free while the old entry lives on elsewhere.
    Fires: repaired here, not recognised there.
    Silent: deleted when the term is over, everywhere, and used no more.
    Fix: shorten: the use of data after exit, to nothing; add: a day by which every recipient has deleted; notify:
        recipients of each exit
    Computed: nothing: it reads declarations alone.
    Declared: `retention.after_exit_days`, `lists.*.exit.propagates_within_days`.
    Cannot decide: exceptions for archives.
    """
    lists = [name for name, _ in case.adverse_lists()]
    if not lists:
        return
    after = case.said("retention.after_exit_days")
    told = "without end" if after.state == "null" else f"for {after.value} days"
    says = f"data go on counting {told} after somebody left a list"
    if after.open or after.value == 0:
        says = "use after the exit is not declared" if after.open else "data stop counting when somebody leaves a list"
    yield case.judge(after.test(lambda days: days is None or days > 0), "retention.after_exit_days", says)
    for name in lists:
        element = f"lists.{name}.exit.propagates_within_days"
        said = case.said(element)
        says = f"recipients delete within {said.value} days after an exit from {name}"
        if said.state != "value":
            says = f"nothing says that recipients delete too after an exit from {name}"
        yield case.judge(said.test(lambda days: days is None), element, says)
