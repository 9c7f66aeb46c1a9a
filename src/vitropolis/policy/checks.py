"""What must hold between the parts of a policy: references, ledgers, bands, ramps, known words. All of it stops a
file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from vitropolis.base.errors import Message
from vitropolis.base.located import nearest
from vitropolis.policy.rows import circle_from, deepest
from vitropolis.policy.schema import Behaviour, Listing, Measure, Policy, Score
from vitropolis.policy.triggers import (
    AccountsCampaign,
    BandTrigger,
    CarriesListing,
    CarriesMeasure,
    CarriesPoints,
    Leaf,
    ListedTrigger,
    Priority,
    RankTrigger,
    RecordsCampaign,
    RecordsTrigger,
    ScoreTrigger,
    Trigger,
    leaves,
)
from vitropolis.policy.values import Dated, Value
from vitropolis.policy.words import CONDUCT, FIRM_WORDS, PERSON_WORDS, SERVICES

_NOUNS = {
    "departments": "a department", "feeds": "a feed", "behaviours": "a behaviour", "scores": "a score",
    "lists": "a list", "measures": "a measure", "references": "a reference", "legal_basis": "a legal basis",
}  # fmt: skip
_LEGAL_SHOWN = 12
DEEPEST = 32  # lists behind one another
FURTHEST = 30_000  # points from 0: what a column of scores holds


def check(policy: Policy, dropped: frozenset[str] = frozenset()) -> list[Message]:
    """Every broken rule between elements. `dropped` names elements left out because their own shape is wrong: they
    count as known, so that one mistake gives one message."""
    checker = Checker(policy, dropped)
    for part in (checker.provenance, checker.feeds, checker.behaviours, checker.scores, checker.lists, checker.measures,
                 checker.spillover, checker.campaigns, checker.population, checker.dates):  # fmt: skip
        part()
    return checker.messages


def days_of(values: Iterable[Value[Any]]) -> list[date]:
    """The days on which any of these values changes and all exist; one far day if none is dated."""
    found = list(values)
    first = max((value.first for value in found if value.first), default=None)
    days = {day for value in found for day in value.changes if first is None or day >= first}
    return sorted(days) or [date.max]


def subjects(policy: Policy, trigger: Trigger) -> set[str]:
    """Whom a trigger is about: `person`, `firm`, or both where it mixes them. What does not resolve is passed over."""
    found: set[str] = set()
    for leaf in leaves(trigger):
        if isinstance(leaf, RecordsTrigger):
            known = [policy.behaviours[name] for name in leaf.behaviours if name in policy.behaviours]
            found |= {_side(policy, behaviour) for behaviour in known} - {""}
        elif isinstance(leaf, ListedTrigger):
            found |= {policy.lists[name].subject for name in leaf.lists if name in policy.lists}
        elif leaf.score in policy.scores:
            found.add(policy.scores[leaf.score].subject)
    return found


def _side(policy: Policy, behaviour: Behaviour) -> str:
    feed = policy.feeds.get(behaviour.feed)
    return "" if feed is None else "firm" if feed.about == "firm" else "person"


class Checker:
    """Collects messages; one method per section."""

    def __init__(self, policy: Policy, dropped: frozenset[str]) -> None:
        self.policy, self.dropped = policy, dropped
        self.source = policy.source
        self.messages: list[Message] = []

    def say(self, element: str, text: str, at: str = "") -> None:
        """Add a message about an element; its line is that of `at` if given."""
        node = self.source.node(at or element)
        line = node.place if isinstance(node.value, dict | list) else node.line
        self.messages.append(Message(node.file, line, element, text))

    def known(self, section: str, name: str, element: str, at: str = "") -> bool:
        """Whether an id exists in a section; says so if not. False also for elements that were dropped."""
        found: Mapping[str, object] = getattr(self.policy, section)
        if name in found:
            return True
        if f"{section}.{name}" not in self.dropped and section not in self.dropped:
            self.say(element, f"`{name}` is not {_NOUNS[section]}{choice(name, list(found))}", at)
        return False

    def band(self, score: str, band: str, element: str, at: str = "") -> None:
        """Say so if a score that is known has no such band."""
        bands = self.policy.scores[score].bands
        if band not in bands and f"scores.{score}" not in self.dropped:
            self.say(element, f"`{band}` is not a band of `{score}`{choice(band, list(bands))}", at)

    def provenance(self) -> None:
        """References exist, and whatever is not assumed has one."""
        head = self.policy.policy
        if head.default_reference:
            self.known("references", head.default_reference, "policy.default_reference")
        elif head.default_status != "assumed":
            text = f"`{head.default_status}` needs a reference; write `default_reference`"
            self.say("policy.default_status", text)
        for path, part, inherited in _parts(self.policy, "", None):
            reference = getattr(part, "reference", None)
            if reference:
                self.known("references", reference, f"{path}.reference")
            if getattr(part, "status", None) in ("sourced", "calibrated") and not (reference or head.default_reference):
                self.say(path, f"status `{getattr(part, 'status', '')}` needs a reference", f"{path}.status")
            if isinstance(part, Value):
                self._steps(path, part, inherited or head.default_reference)
            for index, name in enumerate(getattr(part, "legal_basis", ()) if not isinstance(part, Policy) else ()):
                self.known("legal_basis", name, f"{path}.legal_basis", f"{path}.legal_basis.{index}")

    def _steps(self, path: str, value: Value[Any], inherited: str | None) -> None:
        for step in value.steps:
            at = f"{path}.{step.since.isoformat()}" if step.since else path
            if step.reference:
                self.known("references", step.reference, path, f"{at}.reference")
            elif step.status in ("sourced", "calibrated") and not inherited:
                self.say(path, f"status `{step.status}` needs a reference", f"{at}.status")
            if step.unit == "working_days" and not path.rpartition(".")[2].endswith("days"):
                self.say(path, "`working_days` is a unit of days only", f"{at}.unit")

    def feeds(self) -> None:
        """Departments exist."""
        for name, feed in self.policy.feeds.items():
            self.known("departments", feed.department, f"feeds.{name}.department")

    def behaviours(self) -> None:
        """Feeds exist, conduct is known and of the feed's side, points go to that side's scores."""
        for name, behaviour in self.policy.behaviours.items():
            path = f"behaviours.{name}"
            side = _side(self.policy, behaviour) if self.known("feeds", behaviour.feed, f"{path}.feed") else ""
            for index, word in enumerate(behaviour.conduct):
                self._conduct(path, word, side, behaviour.feed, index)
            self._ledgers(path, behaviour, side)
            for score, (low, high) in behaviour.discretion_range.items():
                if low > high:
                    self.say(f"{path}.discretion_range.{score}", f"lowest first: `{low}` is above `{high}`")

    def _conduct(self, path: str, word: str, side: str, feed: str, index: int) -> None:
        at = f"{path}.conduct.{index}"
        if word not in CONDUCT:
            legal = FIRM_WORDS if side == "firm" else PERSON_WORDS
            self.say(f"{path}.conduct", f"`{word}` is not a known conduct{choice(word, legal)}", at)
        elif side == "person" and CONDUCT[word].subject == "firm":
            self.say(f"{path}.conduct", f"`{word}` is conduct of a firm, feed `{feed}` is not about one", at)
        elif side == "firm" and CONDUCT[word].subject == "person":
            self.say(f"{path}.conduct", f"`{word}` is conduct of a person, feed `{feed}` is about firms", at)

    def _ledgers(self, path: str, behaviour: Behaviour, side: str) -> None:
        for part in ("points", "discretion_range", "band_ceiling"):
            for score in getattr(behaviour, part):
                at = f"{path}.{part}.{score}"
                if not self.known("scores", score, f"{path}.{part}", at):
                    continue
                if part == "points" and any(abs(points) > FURTHEST for points in behaviour.points[score].all):
                    self.say(f"{path}.points", f"a run plays points from -{FURTHEST:,} to {FURTHEST:,}", at)
                subject = self.policy.scores[score].subject
                if side and subject != side:
                    text = f"`{score}` is a score of {subject}s, feed `{behaviour.feed}` is about {side}s"
                    self.say(f"{path}.{part}", f"{text}; what passes between them is written in `spillover`", at)
        for score, band in behaviour.band_ceiling.items():
            if score in self.policy.scores:
                self.band(score, band, f"{path}.band_ceiling", f"{path}.band_ceiling.{score}")

    def scores(self) -> None:
        """Range, start and lowest band fit together on every day; named bands exist."""
        for name, score in self.policy.scores.items():
            path = f"scores.{name}"
            for part in ("neutral_band", "trustworthy_from"):
                if getattr(score, part) is not None:
                    self.band(name, getattr(score, part), f"{path}.{part}")
            for day in days_of([score.start, score.range, *(band.lower for band in score.bands.values())]):
                if self._score_on(path, score, day):
                    break

    def _score_on(self, path: str, score: Score, day: date) -> bool:
        """Say what is wrong on a day; True if something was."""
        low, high = score.range.on(day)
        start = score.start.on(day)
        wrong = len(self.messages)
        if low < -FURTHEST or high > FURTHEST:
            self.say(f"{path}.range", f"a run plays scores from -{FURTHEST:,} to {FURTHEST:,}, not {low:,} to {high:,}")
        if low >= high:
            self.say(f"{path}.range", f"the lowest score `{low}` must be below the highest `{high}`")
        elif not low <= start <= high:
            self.say(f"{path}.start", f"`{start}` lies outside the range {low} to {high}")
        bottom = low if score.normalisation == "absolute" else 0
        worst, lower = score.bands_on(day)[-1]
        if lower != bottom:
            what = "the range" if score.normalisation == "absolute" else "the ranking"
            text = f"the lowest band `{worst}` must start where {what} does: {bottom}, not {lower}"
            self.say(f"{path}.bands.{worst}.lower", text)
        return len(self.messages) > wrong

    def lists(self) -> None:
        """Triggers resolve, stay on one side, and do not run in a circle."""
        for name, listing in self.policy.lists.items():
            path = f"lists.{name}"
            self._trigger(f"{path}.trigger", listing.trigger)
            self._one_side(f"{path}.trigger", listing.trigger, listing.subject, f"list `{name}`")
            if listing.extension:
                self._trigger(f"{path}.extension.trigger", listing.extension.trigger)
                self._one_side(
                    f"{path}.extension.trigger", listing.extension.trigger, listing.subject, f"list `{name}`"
                )
            self._list_parts(path, listing)
        self._cycles()

    def _list_parts(self, path: str, listing: Listing) -> None:
        for score, band in listing.band_ceiling.items():
            at = f"{path}.band_ceiling.{score}"
            if self.known("scores", score, f"{path}.band_ceiling", at):
                self.band(score, band, f"{path}.band_ceiling", at)
                if self.policy.scores[score].subject != listing.subject:
                    self.say(f"{path}.band_ceiling", f"`{score}` is not a score of {listing.subject}s", at)
        for index, service in enumerate(listing.exit.needs_services if listing.exit else ()):
            self.service(service, f"{path}.exit.needs_services", f"{path}.exit.needs_services.{index}")

    def _cycles(self) -> None:
        after = {
            name: [other for leaf in leaves(item.trigger) if isinstance(leaf, ListedTrigger) for other in leaf.lists]
            for name, item in self.policy.lists.items()
        }
        done: set[str] = set()
        circular = False
        for name in after:
            circle = circle_from(after, name)
            if circle and not done.intersection(circle):
                done.update(circle)
                circular = True
                self.say(
                    f"lists.{name}.trigger", "lists trigger one another in a circle: " + " > ".join([*circle, name])
                )
        first, deep = ("", 0) if circular else deepest(after)
        if deep > DEEPEST:
            self.say(f"lists.{first}.trigger", f"{deep} lists lie behind one another; at most {DEEPEST} may")

    def service(self, service: str, element: str, at: str = "") -> bool:
        """Whether a service is known; says so if not."""
        if service not in SERVICES:
            self.say(element, f"`{service}` is not a service{choice(service, list(SERVICES))}", at)
        return service in SERVICES

    def measures(self) -> None:
        """Triggers resolve, services are known, queue places need a queue, firm services need firms."""
        for name, measure in self.policy.measures.items():
            path = f"measures.{name}"
            self._trigger(f"{path}.trigger", measure.trigger)
            found = subjects(self.policy, measure.trigger)
            if len(found) > 1:
                self.say(f"{path}.trigger", "mixes persons and firms; a measure belongs to one of the two")
            if self.service(measure.service, f"{path}.service"):
                self._fits(path, measure, found)

    def _fits(self, path: str, measure: Measure, found: set[str]) -> None:
        service = SERVICES[measure.service]
        if isinstance(measure.action, Priority) and not service.rival:
            text = f"priority needs a rival service; `{service.name}` has no queue (use delay)"
            self.say(f"{path}.action", text)
        if service.subject == "firm" and found == {"person"}:
            self.say(f"{path}.service", f"`{service.name}` is a service to firms, the trigger is about persons")

    def _trigger(self, path: str, trigger: Trigger) -> None:
        for leaf in leaves(trigger):
            self._leaf(path, leaf)

    def _leaf(self, path: str, leaf: Leaf) -> None:
        if isinstance(leaf, RecordsTrigger):
            for name in leaf.behaviours:
                self.known("behaviours", name, path)
        elif isinstance(leaf, ListedTrigger):
            for name in leaf.lists:
                self.known("lists", name, path)
        elif self.known("scores", leaf.score, path):
            for band in leaf.bands if isinstance(leaf, BandTrigger) else ():
                self.band(leaf.score, band, path)
        if isinstance(leaf, ScoreTrigger) and (leaf.at_least is None) == (leaf.below is None):
            self.say(path, "write exactly one of `at_least` and `below`")
        if isinstance(leaf, RankTrigger) and any(share <= 0 for share in leaf.share.all):
            self.say(path, "the share of a ranking must be above 0")

    def _one_side(self, path: str, trigger: Trigger, subject: str, who: str) -> None:
        other = subjects(self.policy, trigger) - {subject}
        if other:
            self.say(path, f"{who} is of {subject}s, the trigger speaks of {other.pop()}s")

    def spillover(self) -> None:
        """What is carried exists."""
        for name, spill in self.policy.spillover.items():
            carries, path = spill.carries, f"spillover.{name}.carries"
            if isinstance(carries, CarriesPoints):
                self.known("scores", carries.score, path, f"{path}.score")
            elif isinstance(carries, CarriesListing):
                self.known("lists", carries.list, path, f"{path}.list")
            elif isinstance(carries, CarriesMeasure):
                self.known("measures", carries.measure, path, f"{path}.measure")
            if (
                not isinstance(carries, CarriesPoints)
                and spill.weight
                and any(w not in (0, 1) for w in spill.weight.all)
            ):
                self.say(f"spillover.{name}.weight", "a listing or measure goes over whole (1) or not at all (0)")

    def campaigns(self) -> None:
        """Feeds and conduct are known."""
        for name, campaign in self.policy.campaigns.items():
            path = f"campaigns.{name}"
            if isinstance(campaign, RecordsCampaign):
                self.known("feeds", campaign.feed, f"{path}.feed")
            for index, word in enumerate(campaign.aimed_at if isinstance(campaign, AccountsCampaign) else ()):
                if word not in PERSON_WORDS:
                    text = f"`{word}` is not a known conduct of persons{choice(word, PERSON_WORDS)}"
                    self.say(f"{path}.aimed_at", text, f"{path}.aimed_at.{index}")

    def population(self) -> None:
        """Ramps rise; staying out costs nothing where nobody can."""
        enrolment, path = self.policy.population.enrolment, "population.enrolment"
        ramps = {"ramp": enrolment.ramp} if enrolment.ramp else {}
        ramps |= {f"ramp_by_district.{name}": ramp for name, ramp in enrolment.ramp_by_district.items()}
        for name, ramp in ramps.items():
            if list(ramp) != sorted(ramp):
                self.say(f"{path}.{name}", "dates must rise")
            for (_, low), (day, high) in pairwise(sorted(ramp.items())):
                if high < low:
                    self.say(f"{path}.{name}", f"ramps rise: {high:g} on {day} follows {low:g}", f"{path}.{name}.{day}")
        if enrolment.mode == "mandatory" and enrolment.opt_out_effect not in (None, "none"):
            self.say(f"{path}.opt_out_effect", "nobody can stay out of mandatory enrolment; leave the key out")

    def dates(self) -> None:
        """What comes into force does so before it ends."""
        for path, part, _ in _parts(self.policy, "", None):
            if isinstance(part, Dated) and part.starts_on and part.ends_before and part.starts_on >= part.ends_before:
                self.say(f"{path}.ends_before", f"`{part.ends_before}` is not after `starts_on` {part.starts_on}")


def choice(word: str, legal: Iterable[str]) -> str:
    """The closest legal word; if none is close, the legal words, shortened."""
    words = list(legal)
    hint = nearest(word, words)
    if hint:
        return hint
    more = f", ... ({len(words)} in all)" if len(words) > _LEGAL_SHOWN else ""
    return f" (legal: {', '.join(words[:_LEGAL_SHOWN])}{more})" if words else "; none is declared"


def _parts(part: object, path: str, inherited: str | None) -> Iterator[tuple[str, object, str | None]]:
    """Every model and value below `part` with its path and the reference it inherits from the element around it."""
    if isinstance(part, Value):
        yield path, part, inherited
    elif isinstance(part, BaseModel):
        yield path, part, inherited
        inherited = getattr(part, "reference", None) or inherited
        for name in type(part).model_fields:
            yield from _parts(getattr(part, name), f"{path}.{name}" if path else name, inherited)
    elif isinstance(part, dict):
        for key, item in part.items():
            yield from _parts(item, f"{path}.{key}", inherited)
    elif isinstance(part, tuple):
        for index, item in enumerate(part):
            yield from _parts(item, f"{path}.{index}", inherited)
