"""What one policy says on one day: every dated value looked up, every default taken, as plain fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tests.oracle.dated import NEVER, on, value_on
from tests.oracle.measures import (
    ClassToday,
    MeasureToday,
    ProcedureToday,
    SpillToday,
    classes_today,
    measures_today,
    procedure_today,
    spills_today,
)

from vitropolis.policy.schema import Behaviour, CleanBonus, Listing, Policy, Score
from vitropolis.policy.triggers import ListedTrigger, RecordsTrigger, leaves


@dataclass(frozen=True, slots=True)
class BehaviourToday:
    """`life` is forever, expires, half_life or until_settled; `days` belongs to it.

    `points` and `ceilings` are those of scores in force; whether it costs points or has ceilings at all is beside them.
    """

    name: str
    in_force: bool
    points: dict[str, int]
    discretion: dict[str, tuple[int, int]]
    max_counted: int | None
    life: str
    days: int
    ceilings: dict[str, str]
    heaviest: bool
    costs_points: bool
    has_ceiling: bool


@dataclass(frozen=True, slots=True)
class ScoreToday:
    """`bands` are (name, lower end), best first."""

    name: str
    start: int
    lowest: int
    highest: int
    bands: list[tuple[str, int]]
    relative: bool
    without_records: str  # neutral, penalise or impute
    neutral_band: str | None
    clean_bonus: tuple[int, int, int] | None  # every so many days, points, times at most
    trustworthy_from: str | None
    places: dict[str, int]  # by band, 0 the best


@dataclass(frozen=True, slots=True)
class ListToday:
    """Days; NEVER where the policy says null. `repair_after` None: no repair."""

    name: str
    place: int
    in_force: bool
    term: int
    grace: int
    extension: int
    expires_itself: bool
    on_compliance: bool
    repair_after: int | None
    response: int | None
    black: bool
    propagates_within: int | None
    promised: int | None
    fee: bool
    ceilings: dict[str, str]


@dataclass(frozen=True, slots=True)
class Today:
    day: int
    date: date
    behaviours: dict[str, BehaviourToday]
    scores: dict[str, ScoreToday]
    lists: dict[str, ListToday]
    measures: dict[str, MeasureToday]  # of persons
    classes: list[ClassToday]
    spills: list[SpillToday]
    procedure: ProcedureToday

    @property
    def rules(self) -> tuple[object, ...]:
        return self.behaviours, self.scores, self.lists, self.measures, self.classes, self.spills, self.procedure


def what_holds(policy: Policy, day: int, today: date) -> Today:
    return Today(
        day,
        today,
        {name: _behaviour(policy, name, item, today) for name, item in policy.behaviours.items()},
        {name: _score(name, item, today) for name, item in policy.scores.items() if item.subject == "person"},
        _lists(policy, today),
        measures_today(policy, today),
        classes_today(policy, today),
        list(spills_today(policy, today)),
        procedure_today(policy.procedure, today),
    )


def _lists(policy: Policy, today: date) -> dict[str, ListToday]:
    items = enumerate(policy.lists.items())
    return {name: _list(policy, place, name, x, today) for place, (name, x) in items if x.subject == "person"}


def behaviour_in_force(policy: Policy, name: str, today: date) -> bool:
    item = policy.behaviours[name]
    since = item.counts_acts_since or policy.starts_on
    return item.in_force(today) and policy.feeds[item.feed].in_force(today) and (since is None or since <= today)


def _behaviour(policy: Policy, name: str, item: Behaviour, today: date) -> BehaviourToday:
    life, days = _life(policy, item, today)
    points = {score: on(value, today) for score, value in item.points.items()}
    acting = {score for score in policy.scores if policy.scores[score].in_force(today)}
    return BehaviourToday(
        name,
        behaviour_in_force(policy, name, today),
        {score: each for score, each in points.items() if score in acting},
        {score: ends for score, ends in item.discretion_range.items() if score in acting},
        on(item.max_counted, today) if item.max_counted else None,
        life,
        days,
        {score: band for score, band in item.band_ceiling.items() if score in acting},
        item.absorption == "heaviest",
        any(each < 0 for each in points.values()),
        bool(item.band_ceiling),
    )


def _life(policy: Policy, item: Behaviour, today: date) -> tuple[str, int]:
    life = item.life
    if life is None:
        days = value_on(policy.retention.adverse_days, today, NEVER) if policy.retention else NEVER
        return "expires", days
    if life.kind == "expires":
        return "expires", value_on(life.after_days, today, NEVER)
    if life.kind == "half_life":
        return "half_life", on(life.days, today)
    if life.kind == "until_settled":
        return "until_settled", value_on(life.then_days, today, 0)
    return "forever", NEVER


def _score(name: str, item: Score, today: date) -> ScoreToday:
    lowest, highest = on(item.range, today)
    bands = sorted(((band, on(part.lower, today)) for band, part in item.bands.items()), key=lambda each: -each[1])
    missing = item.missing_data if item.missing_data in ("penalise", "impute") else "neutral"
    relative = item.normalisation == "relative_rank"
    start, trusted = on(item.start, today), item.trustworthy_from
    places = {band: place for place, (band, _) in enumerate(bands)}
    clean = _clean_bonus(item.clean_bonus, today) if item.in_force(today) and item.clean_bonus else None
    return ScoreToday(name, start, lowest, highest, bands, relative, missing, item.neutral_band, clean, trusted, places)


def _clean_bonus(item: CleanBonus, today: date) -> tuple[int, int, int]:
    return on(item.every_days, today), on(item.points, today), value_on(item.at_most, today, NEVER)


def _list(policy: Policy, place: int, name: str, item: Listing, today: date) -> ListToday:
    out = item.exit
    within = value_on(out.propagates_within_days, today, NEVER) if out else NEVER
    promised = value_on(out.compliance_days, today, NEVER) if out else NEVER
    repair = value_on(out.repair_after_days, today, NEVER) if out else NEVER
    return ListToday(
        name,
        place,
        item.in_force(today),
        value_on(item.term_days, today, NEVER),
        value_on(item.grace_days, today, 0),
        value_on(item.extension.days, today, NEVER) if item.extension else 0,
        out is None or out.auto_expiry is not False,
        out is not None and out.on_compliance is True,
        repair if repair != NEVER else None,
        on(out.response_days, today) if out and out.response_days else None,
        item.polarity == "black",
        within if within != NEVER else None,
        promised if promised != NEVER else None,
        bool(out and out.fee_yuan is not None and on(out.fee_yuan, today)),
        {score: band for score, band in item.band_ceiling.items() if policy.scores[score].in_force(today)},
    )


def counts_from_arrival(policy: Policy) -> bool:
    return policy.retention is not None and policy.retention.counted_from in ("decision", "listing", "exit")


def new_record_restarts(policy: Policy) -> bool:
    return policy.retention is not None and "new_record" in (policy.retention.restarts_on or ())


def lists_in_order(policy: Policy) -> list[str]:
    """Lists of persons in the order of the file, but a list after those that its trigger names."""
    names = [name for name, item in policy.lists.items() if item.subject == "person"]
    ordered: list[str] = []
    while len(ordered) < len(names):
        ready = (name for name in names if name not in ordered and lists_named(policy, name) <= set(ordered))
        ordered.append(next(ready))
    return ordered


def lists_named(policy: Policy, name: str) -> set[str]:
    found = (leaf for leaf in leaves(policy.lists[name].trigger) if isinstance(leaf, ListedTrigger))
    return {other for leaf in found for other in leaf.lists}


def measures_led_to(policy: Policy, name: str) -> int:
    """How many measures name the list in their trigger."""
    return sum(
        any(isinstance(leaf, ListedTrigger) and name in leaf.lists for leaf in leaves(measure.trigger))
        for measure in policy.measures.values()
    )


def adverse_behaviours_of_lists(policy: Policy) -> set[str]:
    """Behaviours in a `records` leaf of a black list."""
    return {name for item in policy.lists.values() if item.polarity == "black" for name in _behaviours_in(item)}


def _behaviours_in(item: Listing) -> Iterator[str]:
    for leaf in leaves(item.trigger):
        if isinstance(leaf, RecordsTrigger):
            yield from leaf.behaviours
