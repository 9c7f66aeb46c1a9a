"""What a policy does, in a few sentences for somebody who will never read its file.

Made from the typed policy alone: who is covered, what counts, how it adds up, who is listed for how long, what is lost,
who else is hit, what can be done about it, how much of it rests on a source. It never says whether that is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date

from vitropolis.policy.describe import action_in_words
from vitropolis.policy.load import sourced_values
from vitropolis.policy.schema import Listing, Measure, Policy, Score
from vitropolis.policy.triggers import leaves, polarity
from vitropolis.policy.values import NoValueYet
from vitropolis.policy.words import GRAVITY_ZERO_KINDS, PROTECTED_KINDS, SERVICES

NAMED = 4  # names in a row before "and n more"
LAST = date.max  # a policy is told as it stands in the end
STATUS = {
    "benefit_recipient": "on benefits", "migrant": "migrants", "local": "registered in the city",
    "public_employee": "public employees", "student": "students",
}  # fmt: skip
REACHED = {
    "spouse": "spouses", "child": "children", "parent": "parents", "household": "everybody in the household",
    "legal_rep": "legal representatives", "shareholder": "shareholders", "employee": "employees", "firm": "firms",
    "guarantor": "guarantors", "friend": "friends",
}  # fmt: skip
HOW_IN = {"mandatory": "without being asked", "opt_in": "if they sign up", "opt_out": "unless they opt out"}


def summary(policy: Policy) -> list[str]:
    """The sentences, each whole and true by itself, in the order in which a reader asks."""
    parts: tuple[Callable[[Policy], Iterator[str]], ...] = (
        _who, _counted, _scored, _listed, _lost, _gained, _others, _how_long, _drives, _redress, _sources,
    )  # fmt: skip
    return [sentence for part in parts for sentence in _as_far_as_known(part, policy)]


def first_sentence(policy: Policy) -> str:
    """Who is covered, and what counts, in one sentence."""
    covered = next(iter(_as_far_as_known(_who, policy)), "").rstrip(".")
    many = len(policy.behaviours)
    return f"{covered}; {_count(many, 'kind')} of conduct count{'s' if many == 1 else ''}."


def _as_far_as_known(part: Callable[[Policy], Iterator[str]], policy: Policy) -> list[str]:
    """What a part says; a value that never comes into force says nothing."""
    found: list[str] = []
    with suppress(NoValueYet):
        found.extend(part(policy))
    return found


def _who(policy: Policy) -> Iterator[str]:
    people = policy.population
    age = people.min_age_years.on(LAST) if people.min_age_years else None
    persons = "residents" if age is None else f"residents aged {age} or over"
    if people.only_status:
        persons = f"those residents who are {_either([STATUS[each] for each in people.only_status])}"
    covered = [*([persons] if people.natural_persons else []), *(["firms"] if people.legal_entities else [])]
    where = f" of {_and([_words(each) for each in people.only_areas])}" if people.only_areas else ""
    if not covered:
        yield "Nobody is covered."
        return
    yield f"It covers {_and(covered)}{where}, {HOW_IN[people.enrolment.mode]}{_ramp(policy)}."


def _ramp(policy: Policy) -> str:
    ramp = policy.population.enrolment.ramp
    if not ramp:
        return ""
    since, share = max(ramp.items())
    return f", {'all' if share == 1 else f'{share:.0%}'} of them by {since.isoformat()}"


def _counted(policy: Policy) -> Iterator[str]:
    every = policy.behaviours
    if not every:
        yield "No conduct counts."
        return
    worst = sorted(every, key=lambda name: -every[name].gravity)
    offices = _count(len(policy.departments), "department")
    verb = "counts" if len(every) == 1 else "count"
    yield f"{_count(len(every), 'kind')} of conduct {verb}, as told by {offices}: {_named(worst)}."
    protected = [name for name, item in every.items() if item.kind in PROTECTED_KINDS]
    if protected:
        kinds = "opinion, belief, petition, assembly and the like"
        yield f"Among them is what rights protect ({kinds}): {_named(protected)}."
    lawful = [name for name, item in every.items() if item.kind in GRAVITY_ZERO_KINDS - PROTECTED_KINDS]
    if lawful:
        yield f"Among them is what is lawful, a virtue, or only being unable to pay: {_named(lawful)}."


def _scored(policy: Policy) -> Iterator[str]:
    for name, score in policy.scores.items():
        yield _score(policy, name, score)


def _score(policy: Policy, name: str, score: Score) -> str:
    low, high = score.range.on(LAST)
    who = "Everybody" if score.subject == "person" else "Every firm"
    bands = [_words(band) for band, _ in score.bands_on(LAST)]
    placed = f"bands from {bands[0]} (best) to {bands[-1]}" if len(bands) > 1 else f"one band, {bands[0]}"
    ranked = " by rank among all" if score.normalisation == "relative_rank" else ""
    taken = [(item.points[name].on(LAST), key) for key, item in policy.behaviours.items() if name in item.points]
    least = min(taken, default=(0, ""))
    heaviest = f"; the heaviest deduction is {-least[0]:,}, for {_words(least[1])}" if least[0] < 0 else ""
    start = score.start.on(LAST)
    return f"{who} has a score “{_words(name)}” of {low:,} to {high:,}, starting at {start:,}, and falls{ranked} into {placed}{heaviest}."  # noqa: E501


def _listed(policy: Policy) -> Iterator[str]:
    for name, item in policy.lists.items():
        yield _list(name, item)


def _list(name: str, item: Listing) -> str:
    term = item.term_days.on(LAST)
    length = "with no end fixed" if term is None else f"for {_days(term)}"
    shown = item.publication.public if item.publication else None
    public = ", and the list is public" if shown is True else ", and the list is not public" if shown is False else ""
    who = "People" if item.subject == "person" else "Firms"
    return f"{who} can come on the {item.polarity} list “{_words(name)}” {length}{public}."


def _lost(policy: Policy) -> Iterator[str]:
    yield from _measures(policy, "sanction", "Who is held untrustworthy", "loses nothing")


def _gained(policy: Policy) -> Iterator[str]:
    if any(polarity(item.action, LAST) == "reward" for item in policy.measures.values()):
        yield from _measures(policy, "reward", "Who does well", "")


def _measures(policy: Policy, sign: str, who: str, none: str) -> Iterator[str]:
    """One sentence for people and one for firms, measures with the same effect together."""
    chosen = [item for item in policy.measures.values() if polarity(item.action, LAST) == sign]
    if not chosen and none:
        yield f"{who} {none}."
    for of_firms, subject in ((False, who), (True, "Among firms, " + who[0].lower() + who[1:])):
        mine = [item for item in chosen if _about_firms(policy, item) == of_firms]
        if mine:
            yield f"{subject} meets {_count(len(mine), 'measure')}: {'; '.join(_effects(mine))}."


def _about_firms(policy: Policy, item: Measure) -> bool:
    if SERVICES[item.service].subject == "firm":
        return True
    scores = {leaf.score for leaf in leaves(item.trigger) if hasattr(leaf, "score")}
    return any(policy.scores[name].subject == "firm" for name in scores)


def _effects(measures: Iterable[Measure]) -> Iterator[str]:
    """`refused: flights, high-speed rail; at 1.5 times the price: rental deposit`."""
    found: dict[str, list[str]] = {}
    for item in measures:
        found.setdefault(action_in_words(item.action, LAST), []).append(_words(item.service))
    for effect, services in found.items():
        yield f"{effect}: {', '.join(dict.fromkeys(services))}"


def _others(policy: Policy) -> Iterator[str]:
    reached = list(dict.fromkeys(REACHED[item.to] for item in policy.spillover.values()))
    if reached:
        yield f"It reaches others who did nothing themselves: {_and(reached)}."


def _how_long(policy: Policy) -> Iterator[str]:
    kept = policy.retention.adverse_days.on(LAST) if policy.retention else None
    if policy.retention is None:
        yield "Nothing is said of how long a record counts."
    else:
        length = "for ever" if kept is None else f"for {_days(kept)}"
        yield f"A bad record counts {length}, where nothing else is said of it."


def _drives(policy: Policy) -> Iterator[str]:
    many = len(policy.campaigns)
    if many:
        there = "There is a drive" if many == 1 else f"There are {many} drives"
        yield f"{there} with numbers to be met: {_named(policy.campaigns)}."


def _redress(policy: Policy) -> Iterator[str]:
    redress = policy.procedure
    if redress is None:
        yield "Nothing is said of notice, objection, appeal or correction: a run takes it that there is none."
        return
    when = redress.notice.when.on(LAST) if redress.notice else "none"
    told = {"none": "Nobody is told", "unknown": "Whether people are told is not said"}
    yield f"{told.get(when, f'People are told {when} it takes effect')}."
    objection = redress.objection.available.on(LAST) if redress.objection else False
    yield f"{_can('object before it takes effect', objection)}."
    appeal = redress.appeal
    days = appeal.decision_days.on(LAST) if appeal and appeal.decision_days else None
    promised = f"; an answer is promised within {_days(days)}" if days is not None else ""
    yield f"{_can('appeal', appeal.available.on(LAST) if appeal else False)}{promised}."
    yield f"A wrong record {'can be put right on request' if redress.correction else 'is never put right on request'}."


def _can(what: str, said: bool | str) -> str:
    if said == "unknown":
        return f"Whether people can {what} is not said"
    return f"People can{'' if said else 'not'} {what}"


def _sources(policy: Policy) -> Iterator[str]:
    found, every = sourced_values(policy)
    yield f"{found:,} of its {every:,} values come from a source; the others are assumed or fitted."


def _words(name: str) -> str:
    return name.replace("_", " ")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _days(number: int) -> str:
    if number and number % 365 == 0:
        return _count(number // 365, "year")
    return _count(number, "day")


def _named(names: Iterable[str]) -> str:
    found = [_words(name) for name in names]
    more = len(found) - NAMED
    return f"{', '.join(found[:NAMED])} and {more} more" if more > 1 else _and(found)


def _and(words: Iterable[str]) -> str:
    found = list(words)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else ""


def _either(words: Iterable[str]) -> str:
    found = list(words)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} or {found[-1]}"
