"""A policy in plain words, as lines of at most 80 characters: for `vitropolis policy list` and `policy show NAME`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from vitropolis.policy.load import fillings, library, load_policy, sourced_values
from vitropolis.policy.schema import Listing, Measure, Policy, Score, Spill
from vitropolis.policy.triggers import (
    AccountsCampaign,
    Action,
    AllTrigger,
    AnyTrigger,
    BandTrigger,
    Campaign,
    Carries,
    Delay,
    Inspect,
    ListedTrigger,
    Price,
    Priority,
    RankTrigger,
    RecordsCampaign,
    RecordsTrigger,
    Restrict,
    Trigger,
    polarity,
)
from vitropolis.policy.values import Value
from vitropolis.policy.words import SERVICES

WIDTH = 80
FIELDS = {
    "market_access": "market access",
    "public_services": "public services",
    "travel_tourism": "travel and tourism",
    "business_start": "starting a business",
    "job_search": "job search",
}


def list_lines() -> list[str]:
    """One entry per library policy: name, title, and how much of it is sourced."""
    found: list[str] = []
    for name in library():
        policy = load_policy(name)
        n, m = sourced_values(policy)
        found += wrap(f"{name}: {policy.policy.title} ({n} of {m} values are sourced)", "", "    ")
    return found


def show_lines(policy: Policy, day: date | None = None) -> list[str]:
    """A summary of a policy as it stands on `day` (default: the last day described)."""
    return list(_show(policy, day or date.max))


def _show(policy: Policy, day: date) -> Iterator[str]:
    head = policy.policy
    yield from wrap(f"{policy.id}: {head.title}", "", "  ")
    yield from wrap(f"state {head.state}, read on {head.as_of}; made of {', '.join(policy.chain)}", "  ")
    yield from wrap(f"content {policy.digest[:16]}", "  ")
    yield from _provenance(policy)
    yield from _block("Who", _population(policy))
    yield from _block("Records", _records(policy))
    yield from _block(
        "Scores", (line for name, score in policy.scores.items() for line in _score(policy, name, score, day))
    )
    yield from _block("Lists", (listing_in_words(name, listing, day) for name, listing in policy.lists.items()))
    for field, title in FIELDS.items():
        yield from _block(f"Measures: {title}", _measures(policy, field, day))
    yield from _block("Others who are hit", (spill_in_words(name, spill) for name, spill in policy.spillover.items()))
    yield from _block("Campaigns", (campaign_in_words(name, item, day) for name, item in policy.campaigns.items()))
    yield from _block("Redress", _redress(policy, day))
    if head.note:
        yield from _block("Note", [head.note])


def _provenance(policy: Policy) -> Iterator[str]:
    n, m = sourced_values(policy)
    yield from wrap(f"{n} of {m} values are sourced, the others are assumed or fitted", "  ")
    names = fillings(policy.id)
    if names:
        mine = next((name for name, other in names.items() if other == policy.id), "middle")
        others = ", ".join(name for name in names if name != mine)
        yield from wrap(f"filling `{mine}`; the other fillings are {others}", "  ")


def _population(policy: Policy) -> Iterator[str]:
    people = policy.population
    who = [word for word, covered in (("people", people.natural_persons), ("firms", people.legal_entities)) if covered]
    yield f"covers {' and '.join(who) or 'nobody'}; enrolment {people.enrolment.mode.replace('_', '-')}"
    ramp = people.enrolment.ramp
    if ramp:
        yield "enrolled: " + ", ".join(f"{share:.0%} by {since}" for since, share in sorted(ramp.items()))


def _records(policy: Policy) -> Iterator[str]:
    yield f"departments {len(policy.departments)}, feeds {len(policy.feeds)}, behaviours {len(policy.behaviours)}"
    by_kind: dict[str, list[str]] = {}
    for name, behaviour in policy.behaviours.items():
        by_kind.setdefault(behaviour.kind, []).append(name)
    for kind, names in by_kind.items():
        yield f"{kind.replace('_', ' ')}: {', '.join(names)}"


def _score(policy: Policy, name: str, score: Score, day: date) -> Iterator[str]:
    low, high = score.range.on(day)
    unit = "points" if score.normalisation == "absolute" else "per mille of the ranking"
    yield f"{name} ({score.subject}s): starts at {score.start.on(day)}, from {low} to {high}; bands on {unit}"
    if score.recomputed != "daily":
        yield f"  worked out {score.recomputed}: in between it stands still"
    yield "  bands from " + ", ".join(f"{band} {lower}" for band, lower in score.bands_on(day))
    given = {key: item.points[name].on(day) for key, item in policy.behaviours.items() if name in item.points}
    for sign, word in ((-1, "deducts"), (1, "adds")):
        chosen = [
            f"{key} {points:+d}"
            for key, points in sorted(given.items(), key=lambda item: item[1] * -sign)
            if points * sign > 0
        ]
        if chosen:
            yield f"  {word}: {', '.join(chosen)}"
    if score.clean_bonus:
        bonus, most = score.clean_bonus, score.clean_bonus.at_most.on(day) if score.clean_bonus.at_most else None
        often = f", {most} times at most" if most else ""
        yield (f"  adds {bonus.points.on(day):+d} for every {bonus.every_days.on(day)} days without a record that "
               f"deducts{often}")  # fmt: skip


def listing_in_words(name: str, listing: Listing, day: date) -> str:
    """Return a list as one line: its name, whom it holds, for how long, and who comes on it. Raises NoValueYet."""
    term = listing.term_days.on(day)
    length = "no term" if term is None else f"{term} days"
    public = ", public" if listing.publication and listing.publication.public is True else ""
    return f"{name} ({listing.polarity}, {listing.subject}s, {length}{public}): if {in_words(listing.trigger, day)}"


def _measures(policy: Policy, field: str, day: date) -> Iterator[str]:
    for name, measure in policy.measures.items():
        if SERVICES[measure.service].field == field:
            sign = {"sanction": "-", "reward": "+", "none": " "}[polarity(measure.action, day)]
            yield f"{sign} {measure_in_words(name, measure, day)}"


def measure_in_words(name: str, measure: Measure, day: date) -> str:
    """Return a measure as one line: its name, what happens to which service, and to whom. Raises NoValueYet."""
    what = f"{measure.service.replace('_', ' ')} {action_in_words(measure.action, day)}"
    return f"{name}: {what} if {in_words(measure.trigger, day)}"


def action_in_words(action: Action, day: date) -> str:
    """What an action does, on a day."""
    if isinstance(action, Price):
        factor = action.factor.on(day)
        if action.of == "deposit":
            return "with no deposit asked" if factor == 0 else f"with {factor:g} times the usual deposit"
        return "free" if factor == 0 else f"at {factor:g} times the price"
    if isinstance(action, Inspect):
        return f"{action.times_usual.on(day):g} times as often"
    if isinstance(action, Delay):
        days = action.days.on(day)
        return f"{abs(days)} days {'later' if days >= 0 else 'sooner'}"
    if isinstance(action, Priority):
        place = action.place.on(day)
        return f"{place} in the queue" if place in ("first", "last") else f"{place} of ordinary applicants"
    if isinstance(action, Restrict):
        return f"for {action.kept_share.on(day):.0%} of requests"
    return {"deny": "refused", "withdraw": "withdrawn", "honour": "as an honour"}[action.kind]


def in_words(trigger: Trigger, day: date) -> str:
    """A trigger as a clause: `in band d of city or on list untrustworthy`."""
    if isinstance(trigger, AnyTrigger | AllTrigger):
        word = " or " if isinstance(trigger, AnyTrigger) else " and "
        parts = [in_words(part, day) for part in trigger.of]
        return word.join(f"({part})" if isinstance(inner, AnyTrigger | AllTrigger) else part
                         for part, inner in zip(parts, trigger.of, strict=True))  # fmt: skip
    if isinstance(trigger, RecordsTrigger):
        number = f"{trigger.count} records" if trigger.count and trigger.count > 1 else "a record"
        within = f" within {trigger.within_days} days" if trigger.within_days else ""
        return f"{number} of {_either(trigger.behaviours)}{within}"
    if isinstance(trigger, BandTrigger):
        return f"in band {_either(trigger.bands)} of {trigger.score}"
    if isinstance(trigger, ListedTrigger):
        return f"on list {_either(trigger.lists)}"
    if isinstance(trigger, RankTrigger):
        return f"in the {trigger.end} {trigger.share.on(day):.1%} by {trigger.score}"
    if trigger.at_least is not None:
        return f"{trigger.score} is {trigger.at_least.on(day)} or more"
    return f"{trigger.score} is below {trigger.below.on(day) if trigger.below else '?'}"


def spill_in_words(name: str, spill: Spill) -> str:
    """Return what goes over to others as one line."""
    return f"{name}: {carries_in_words(spill.carries)} also reaches {spill.to.replace('_', ' ')}"


def carries_in_words(carries: Carries) -> str:
    """Return what a spill-over carries: measure, listing or points, with its name."""
    what = getattr(carries, carries.kind if carries.kind == "measure" else "score", None)
    return f"{carries.kind} `{what or getattr(carries, 'list', '')}`"


def campaign_in_words(name: str, campaign: Campaign, day: date) -> str:
    """Return a campaign as one line: its name, how much of what, and when. Raises NoValueYet."""
    when = f"from {campaign.starts_on} to before {campaign.ends_before}"
    if isinstance(campaign, AccountsCampaign):
        aim = f", aimed at {_either(campaign.aimed_at)}" if campaign.aimed_at else ""
        return f"{name}: {campaign.count.on(day):,} accounts removed {when}{aim}"
    if isinstance(campaign, RecordsCampaign):
        return f"{name}: {campaign.count.on(day):,} records from {campaign.feed} {when}"
    return f"{name}: inspections at {campaign.times_usual.on(day):g} times the usual rate {when}"


def _redress(policy: Policy, day: date) -> Iterator[str]:
    redress = policy.procedure
    if redress is None:
        yield "nothing is said: no notice, no objection, no appeal, nothing is ever corrected"
        return
    yield f"notice: {redress.notice.when.on(day) if redress.notice else 'none'}"
    yield f"objection before the effect: {_yes(redress.objection.available if redress.objection else None, day)}"
    yield f"appeal: {_yes(redress.appeal.available if redress.appeal else None, day)}"
    yield f"correction: {'yes' if redress.correction else 'no'}"


def _yes(value: Value[Any] | None, day: date) -> str:
    said = None if value is None else value.on(day)
    return "unknown" if said == "unknown" else "yes" if said else "no"


def _either(words: Iterable[str]) -> str:
    found = list(words)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} or {found[-1]}"


def _block(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield ""
        yield title
        for line in found:
            indent = "  " + line[: len(line) - len(line.lstrip())]
            yield from wrap(line.lstrip(), indent, indent + "  ")


def wrap(text: str, first: str, later: str | None = None) -> list[str]:
    """Return a text as lines of at most 80 characters, the first indented as `first`, the others as `later`."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=first if later is None else later,
        break_long_words=True, break_on_hyphens=False,
    )  # fmt: skip
