"""Worlds, and what kinds of record they can hold between them (docs/mechanisms.md, section 1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from vitropolis.base.errors import InputError
from vitropolis.base.fixed import ONE32
from vitropolis.model.assumption_parts import Comparing
from vitropolis.model.assumptions import Assumptions
from vitropolis.model.rules import BEHAVIOURS, KINDS, LISTS, NEVER, SCORES, WORLDS
from vitropolis.policy import FIRM_WORDS, PERSON_WORDS, Policy, change_dates
from vitropolis.policy.conduct import Subject
from vitropolis.policy.schema import Behaviour, Listing, Score

LONGEST = 8000


@dataclass(frozen=True)
class World:
    """One policy under one set of assumptions; `name` is what output calls it, `subject` whom it is about here."""

    name: str
    policy: Policy
    assumptions: Assumptions
    subject: Subject = "person"

    @property
    def words(self) -> tuple[str, ...]:
        """Conduct words of the subject."""
        return FIRM_WORDS if self.subject == "firm" else PERSON_WORDS

    @cached_property
    def behaviours(self) -> dict[str, Behaviour]:
        """Behaviours of the subject, in the order of the file."""
        found = self.policy.behaviours.items()
        return {name: item for name, item in found if self.policy.is_firm_feed(item.feed) == (self.subject == "firm")}

    @cached_property
    def scores(self) -> dict[str, Score]:
        """Scores of the subject, in the order of the file."""
        return {name: item for name, item in self.policy.scores.items() if item.subject == self.subject}

    @cached_property
    def lists(self) -> dict[str, Listing]:
        """Lists of the subject, in the order of the file."""
        return {name: item for name, item in self.policy.lists.items() if item.subject == self.subject}

    def compares(self, behaviour: Behaviour) -> Comparing | None:
        """How a machine compares people for a behaviour; None unless the policy says an algorithm establishes it."""
        if behaviour.established_by != "algorithm":
            return None
        return self.assumptions.recording.findings.of(self.policy.feeds[behaviour.feed].provenance)

    def debt_of(self, word: str) -> str | None:
        """The class of debt as which a word is settled: its own, else that of findings that live until settled."""
        own = self.assumptions.conduct[word].debt
        named = (item for item in self.behaviours.values() if word in item.conduct)
        rows = (self.compares(item) for item in named if item.life is not None and item.life.kind == "until_settled")
        return own or next((row.debt for row in rows if row is not None and row.debt is not None), None)

    def counts(self, behaviour: Behaviour, day: date) -> bool:
        """Whether acts of `day` are recorded as `behaviour`: it and its feed are in force, and the policy has begun."""
        since = behaviour.counts_acts_since or self.policy.starts_on
        feed = self.policy.feeds[behaviour.feed]
        return behaviour.in_force(day) and feed.in_force(day) and (since is None or since <= day)


@dataclass(frozen=True)
class Kind:
    """One kind of record: a word, the route draws below `route_end` that fall to it, its behaviour in each world."""

    word: int
    route_end: int
    behaviours: tuple[int, ...]


@dataclass(frozen=True)
class Routing:
    """Kinds of record in the order of words, stretches of unchanged routes, and routes; where each word's begin.

    first: place among `kinds` by stretch of unchanged rules and word.
    """

    kinds: tuple[Kind, ...]
    first: tuple[tuple[int, ...], ...]


def routing_of(worlds: Sequence[World], days: Sequence[date]) -> Routing:
    """How acts are routed to behaviours from each of `days` on. InputError if there are over 128 kinds of record.

    An act goes to one of those behaviours of a world that are in force on its day, so what comes into force later
    changes nothing before; where none is in force nothing is recorded, and the routes are those of all.
    """
    kinds: list[Kind] = []
    first: list[list[int]] = [[] for _ in days]
    for word in range(len(worlds[0].words)):
        known: dict[tuple[tuple[int, ...], ...], int] = {}
        for place, day in enumerate(days):
            named = tuple(_naming(world, word, day) for world in worlds)
            if named not in known:
                known[named] = len(kinds)
                kinds += _cells(word, named)
            first[place].append(known[named])
    if len(kinds) > KINDS:
        raise InputError(
            f"these policies route conduct in {len(kinds)} ways, one pass holds {KINDS}; play fewer at once"
        )
    return Routing(tuple(kinds), tuple(tuple(row) for row in first))


def _naming(world: World, word: int, day: date) -> tuple[int, ...]:
    """The places of the behaviours that an act of a day can fall to."""
    name = world.words[word]
    found = [(place, item) for place, item in enumerate(world.behaviours.values()) if name in item.conduct]
    return tuple(place for place, item in found if world.counts(item, day)) or tuple(place for place, _ in found)


def _cells(word: int, named: Sequence[Sequence[int]]) -> Iterator[Kind]:
    cuts = {ONE32 * step // len(places) for places in named for step in range(1, len(places))}
    start = 0
    for end in sorted(cuts | {ONE32}):
        yield Kind(word, end, tuple(_routed(places, start) for places in named))
        start = end


def _routed(places: Sequence[int], draw: int) -> int:
    for step in range(len(places)):
        if draw < ONE32 * (step + 1) // len(places):
            return places[step]
    return -1


@dataclass(frozen=True)
class Plan:
    """What is played: worlds, first day, number of days (1-8,000), seed.

    chance: seed of what happens, if it is another than that of the residents and their traits. queues: rival services
    that have a queue although no measure of these worlds speaks of them.
    """

    worlds: tuple[World, ...]
    start: date
    days: int
    seed: int
    chance: int = -1
    queues: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the limits of one pass. InputError names the one that is passed."""
        if self.chance < 0:
            object.__setattr__(self, "chance", self.seed)
        if not 1 <= len(self.worlds) <= WORLDS:
            raise InputError(f"one pass plays 1 to {WORLDS} worlds, not {len(self.worlds)}")
        if not 1 <= self.days <= LONGEST:
            raise InputError(f"a run has 1 to {LONGEST:,} days, not {self.days:,}")
        for world in self.worlds:
            for what, found, limit in (
                ("behaviours", len(world.behaviours), BEHAVIOURS),
                ("lists", len(world.lists), LISTS),
                ("scores", len(world.scores), SCORES),
            ):
                if found > limit:
                    raise InputError(
                        f"{world.policy.id}: a run plays at most {limit} {what} of {world.subject}s, not {found}"
                    )

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Conduct words of whom the worlds are about."""
        return self.worlds[0].words

    def of_firms(self) -> Plan | None:
        """The same worlds as they are about firms; None where no policy covers any."""
        if not any(world.policy.population.legal_entities for world in self.worlds):
            return None
        return replace(self, worlds=tuple(replace(world, subject="firm") for world in self.worlds))

    @property
    def weeks(self) -> int:
        """Number of weeks; the last may be short."""
        return -(-self.days // 7)

    def date(self, day: int) -> date:
        """Calendar date of a day of the run."""
        return self.start + timedelta(days=day)

    @cached_property
    def routing(self) -> Routing:
        """How acts are routed to behaviours in each stretch with unchanged rules."""
        return routing_of(self.worlds, [self.date(day) for day in self.epochs])

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Every kind of record that a world of this run can hold."""
        return self.routing.kinds

    @cached_property
    def epochs(self) -> tuple[int, ...]:
        """First days of the stretches with unchanged rules: day 0 and every day on which a world's rules change."""
        changes = {0}
        for world in self.worlds:
            dates = set(change_dates(world.policy)) | _first_acts(world)
            changes |= {(day - self.start).days for day in dates} | self._recomputations(world.policy)
        return tuple(sorted(day for day in changes if 0 <= day < self.days))

    def _recomputations(self, policy: Policy) -> set[int]:
        """First days of months or years on which scores of the policy are worked out again."""
        rare = [score for score in policy.scores.values() if score.recomputed != "daily"]
        return {day for score in rare for day in range(self.days) if score.is_recomputed(self.date(day))}

    def epoch_of(self, day: int) -> int:
        """Which stretch a day lies in."""
        return sum(first <= day for first in self.epochs) - 1


def _first_acts(world: World) -> set[date]:
    days = {item.counts_acts_since for item in world.behaviours.values()} | {world.policy.starts_on}
    return {day for day in days if day is not None}


assert LONGEST < NEVER
