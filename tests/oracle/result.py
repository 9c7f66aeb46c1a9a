"""What the oracle says happened, as plain data; the engine's result is brought into the same shape to be compared.

Days count from the first of the horizon, words and districts are places. A field that is None is not compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from itertools import zip_longest
from typing import Any

Where = tuple[int, int, int]  # day, district, word


@dataclass(slots=True)
class Counts:
    """`delivered`: on the day of arrival, in the district of whoever it names. `unknown`: fields not compared."""

    acts: Counter[Where] = field(default_factory=Counter)
    detected: Counter[Where] = field(default_factory=Counter)
    right: Counter[Where] = field(default_factory=Counter)
    wrong_person: Counter[Where] = field(default_factory=Counter)
    lost: Counter[Where] = field(default_factory=Counter)
    delivered: Counter[tuple[int, int, int, int]] = field(default_factory=Counter)
    enrolled: Counter[int] = field(default_factory=Counter)  # day
    bands: Counter[tuple[int, str, str]] = field(default_factory=Counter)  # day, score, band
    verdicts: Counter[tuple[int, str, str, str]] = field(default_factory=Counter)  # day, score, definition, bin
    items: Counter[tuple[int, int, str]] = field(default_factory=Counter)  # day, district, item of the engine's books
    doors: Counter[tuple[int, int, str]] = field(default_factory=Counter)  # day, district, service: persons
    services: Counter[tuple[int, int, str, str]] = field(default_factory=Counter)  # week, district, service, what
    queue: Counter[tuple[int, int, str]] = field(default_factory=Counter)  # day, district, what
    rivals: Counter[tuple[int, int, str, str]] = field(default_factory=Counter)  # week, district, service, what
    moved: Counter[tuple[int, str, str]] = field(default_factory=Counter)  # week, measure, places gained or lost
    moved_group: Counter[tuple[int, str, str]] = field(default_factory=Counter)  # week, service, what: of children
    speech: Counter[tuple[int, str]] = field(default_factory=Counter)  # week, what: of the whole city alone
    unknown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, order=True)
class FiledRecord:
    """One record that arrived and was not taken out. `wait`: days from the act to settlement, 2047 for never."""

    resident: int
    arrival: int
    word: int
    truth: int
    act: int
    wait: int


@dataclass(frozen=True, slots=True, order=True)
class ListingRow:
    """One stay on a list. `bins`: (definition, bin) sorted, empty unless the list is black. `how` None: still on it."""

    day_in: int
    resident: int
    name: str
    day_out: int | None
    how: str | None
    bins: tuple[tuple[str, str], ...]


Row = FiledRecord | ListingRow


@dataclass(slots=True)
class ResidentState:
    """After the last day. `deterrence` and `household` as decayed to the week of the last day.

    Notes: (until, None for never; wrong). `case`: none, silent (the day of notice), told
    (the day of filing, None: no more) or pending.
    """

    enrolled_on: int | None = None
    scores: dict[str, int] | None = None
    bands: dict[str, str] | None = None
    verdicts: dict[str, dict[str, str]] | None = None
    deterrence: tuple[int, ...] | None = None
    household: int | None = None
    listed: tuple[str, ...] | None = None  # sorted
    planned_ends: dict[str, int | None] | None = None  # None: never
    waiting: dict[str, int] | None = None  # list: the day its grace ends
    objected: tuple[str, ...] | None = None  # lists waited for, with an upheld objection
    acting: tuple[int, ...] | None = None  # classes of measures
    truly: tuple[int, ...] | None = None
    touched: tuple[int, ...] | None = None  # classes that ever acted
    class_notes: dict[int, tuple[int | None, bool]] | None = None
    lingering: dict[str, tuple[int | None, bool]] | None = None
    own_hit: bool | None = None
    wrongly: bool | None = None
    at_fault: bool | None = None
    through: bool | None = None
    carried: tuple[int, ...] | None = None  # spill-overs
    door_class: int | None = None  # 0 none, 1: one door, 2: two to four, 3: five to nine, 4: ten and more
    closed: bool | None = None  # whether a measure that bears on requests meets them
    ever: tuple[str, ...] | None = None
    refused_days: dict[str, int] | None = None  # by service
    left: bool | None = None  # the city
    without_work: bool | None = None
    case: tuple[str, int | None] | None = None
    account_removed: bool | None = None
    seen_by_drives: bool | None = None  # doing what a drive against accounts is aimed at


@dataclass(slots=True)
class WorldView:
    """`arrived`: what arrived and is not taken out, `live`: what counts on the last day; both sorted."""

    counts: Counts
    residents: list[ResidentState]
    listings: list[ListingRow] | None = None  # sorted
    arrived: list[FiledRecord] | None = None
    live: list[FiledRecord] | None = None
    out_of_files: int = 0  # records that arrived and were taken out, for a time or for good
    in_queues: list[tuple[str, int, int, str]] | None = None  # service, week, resident, how it ended here; sorted
    losers: list[tuple[int, str, int, int, str, int]] | None = None  # week, service, resident, place, measure, weeks


@dataclass(slots=True)
class EngineView:
    """`candidates`: resident-days looked at, by (day, district, word)."""

    worlds: list[WorldView]
    candidates: Counter[Where] | None = None


@dataclass(slots=True)
class OracleResult(EngineView):
    """The same with nothing left out, and how often each mechanism and kind of event fired."""

    events: Counter[str] = field(default_factory=Counter)


def differences(oracle: EngineView, engine: EngineView, most: int = 20) -> list[str]:
    """The first differences, each naming world, day, resident and what differs; empty if there are none."""
    found = _all_differences(oracle, engine)
    return [text for text, _ in zip(found, range(most), strict=False)]


def _all_differences(oracle: EngineView, engine: EngineView) -> Iterator[str]:
    if len(oracle.worlds) != len(engine.worlds):
        yield f"worlds: oracle {len(oracle.worlds)}, engine {len(engine.worlds)}"
        return
    yield from _counters("candidates", ("day", "district", "word"), oracle.candidates, engine.candidates)
    for place, (ours, theirs) in enumerate(zip(oracle.worlds, engine.worlds, strict=True)):
        yield from _counts(f"world {place}", ours.counts, theirs.counts)
        yield from _rows(f"world {place} arrived", ours.arrived, theirs.arrived)
        yield from _rows(f"world {place} listings", ours.listings, theirs.listings)
        yield from _rows(f"world {place} live", ours.live, theirs.live)
        yield from _residents(f"world {place}", ours.residents, theirs.residents)
        for name in ("in_queues", "losers"):
            yield from _tuples(f"world {place} {name}", getattr(ours, name), getattr(theirs, name))


def _tuples(where: str, ours: list[Any] | None, theirs: list[Any] | None) -> Iterator[str]:
    if ours is not None and theirs is not None and ours != theirs:
        only_ours, only_theirs = Counter(ours) - Counter(theirs), Counter(theirs) - Counter(ours)
        for row, side in [(each, "oracle") for each in only_ours] + [(each, "engine") for each in only_theirs]:
            yield f"{where}: only in the {side}: {row}"


NAMES = {
    "delivered": ("day", "district", "word", "truth"),
    "enrolled": ("day",),
    "bands": ("day", "score", "band"),
    "verdicts": ("day", "score", "definition", "bin"),
    "items": ("day", "district", "item"),
    "doors": ("day", "district", "service"),
    "services": ("week", "district", "service", "what"),
    "queue": ("day", "district", "what"),
    "rivals": ("week", "district", "service", "what"),
    "moved": ("week", "measure", "what"),
    "moved_group": ("week", "service", "what"),
    "speech": ("week", "what"),
}


def _counts(where: str, ours: Counts, theirs: Counts) -> Iterator[str]:
    for item in fields(Counts):
        if item.name != "unknown" and item.name not in ours.unknown | theirs.unknown:
            names = NAMES.get(item.name, ("day", "district", "word"))
            yield from _counters(f"{where} {item.name}", names, getattr(ours, item.name), getattr(theirs, item.name))


def _counters(
    where: str, names: tuple[str, ...], ours: Counter[Any] | None, theirs: Counter[Any] | None
) -> Iterator[str]:
    if ours is None or theirs is None:
        return
    for key in sorted(ours.keys() | theirs.keys()):
        if ours[key] != theirs[key]:
            parts = key if isinstance(key, tuple) else (key,)
            place = ", ".join(f"{name} {part}" for name, part in zip(names, parts, strict=True))
            yield f"{where}: {place}: oracle {ours[key]}, engine {theirs[key]}"


def _rows(where: str, ours: Sequence[Row] | None, theirs: Sequence[Row] | None) -> Iterator[str]:
    """Rows that only one side has, in the order of days."""
    if ours is None or theirs is None:
        return
    only_ours, only_theirs = Counter(ours) - Counter(theirs), Counter(theirs) - Counter(ours)
    rows = [(row, "oracle") for row in only_ours.elements()] + [(row, "engine") for row in only_theirs.elements()]
    for row, side in sorted(rows, key=lambda each: (_day(each[0]), each[0].resident, each[1])):
        yield f"{where}: only in the {side}: {row}"


def _day(row: Row) -> int:
    return row.day_in if isinstance(row, ListingRow) else row.arrival


def _residents(where: str, ours: list[ResidentState], theirs: list[ResidentState]) -> Iterator[str]:
    for resident, (our, their) in enumerate(zip_longest(ours, theirs)):
        if our is None or their is None:
            yield f"{where} resident {resident}: only one side has them"
            return
        for item in fields(ResidentState):
            left, right = getattr(our, item.name), getattr(their, item.name)
            if right is not None and left != right:
                yield f"{where} resident {resident}, after the last day: {item.name}: oracle {left}, engine {right}"
