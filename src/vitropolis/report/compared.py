"""What a comparison of policies found: the same residents and the same chance under each, so that people can be named.

Differences are counted over residents: who is hit under one policy and not under another, on what ground, in which
groups, with which elements. Levels are the headlines of each policy's own world.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.city.cells import CELLS, groups
from vitropolis.city.city import City
from vitropolis.report import firms, work
from vitropolis.report.result import Result
from vitropolis.report.totals import TWIN
from vitropolis.results.standing import BINS, Standing

SCHEMA = "vitropolis.comparison/1"
Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Compared:
    """One policy: what it is called, its title and digest, the texts it is made of, the folder and pass it is in."""

    name: str
    title: str
    policy: str
    chain: tuple[str, ...]
    folder: str
    parts_not_played: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """Residents hit under one policy of a pair and not under the other: all, wrongly, by bin (`BINS`)."""

    hit: int
    wrongly: int
    bins: dict[str, int]


@dataclass(frozen=True)
class Pair:
    """Two policies: residents hit under both, wrongly hit under both, and those hit under one alone.

    displaced: of the residents named in queues, who lost a place under both, under the first alone, the second alone;
    through: of these, by service and measure, the places lost under the first alone, the second alone.
    """

    first: str
    second: str
    both: int
    wrongly_both: int
    only_first: Side
    only_second: Side
    displaced: tuple[int, int, int]
    through: tuple[dict[str, int], dict[str, int]]


@dataclass(frozen=True)
class Group:
    """One group or district: its residents, those hit under each policy, and under one of a pair alone.

    alone: [pair, 2] in the order of the pairs.
    """

    label: str
    residents: int
    hit: dict[str, int]
    wrongly: dict[str, int]
    alone: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Level:
    """One headline of every policy: value, and its range over assumptions where there is one."""

    id: str
    title: str
    unit: str
    values: dict[str, float | None]
    low: dict[str, float | None]
    high: dict[str, float | None]


@dataclass(frozen=True)
class Queue:
    """One rival service under one policy: requests, served, given up, weeks waited by those served, places lost."""

    world: str
    service: str
    requested: int
    served: int
    gave_up: int
    wait_weeks: int
    places_lost: int


@dataclass(frozen=True)
class Taken:
    """Places in queues that one measure of one policy gave and took."""

    world: str
    measure: str
    gained: int
    lost: int


@dataclass(frozen=True)
class Difference:
    """How far a headline of the second policy of a pair lies above the first, over the sets of assumptions."""

    id: str
    first: str
    second: str
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Everything a comparison found; `named_share` of residents can be named in queues, `sets` were played for ranges.

    people: the file that lists residents, and the hash of its content; passes: policies that were played together.
    """

    schema: str
    mark: str
    seed: int
    city: str
    residents: int
    first_day: str
    last_day: str
    assumptions: str
    coupling: str
    worlds: tuple[Compared, ...]
    passes: tuple[tuple[str, ...], ...]
    pairs: tuple[Pair, ...]
    groups: tuple[Group, ...]
    levels: tuple[Level, ...]
    queues: tuple[Queue, ...]
    taken: tuple[Taken, ...]
    differences: tuple[Difference, ...]
    sets: int | None
    named_share: float
    people: str
    people_content: str


@dataclass(frozen=True, eq=False)
class Lost:
    """Places lost in queues under one policy: who (int64[n]), and in which service through which measure (place in
    `words`, int64[n]).
    """

    who: Numbers
    what: Numbers
    words: tuple[str, ...]

    @property
    def residents(self) -> Numbers:
        """Who lost one, each once, ascending."""
        return np.unique(self.who)

    def through(self, residents: Numbers) -> dict[str, int]:
        """Places that these lost, by service and measure, most first."""
        counts = np.bincount(self.what[np.isin(self.who, residents)], minlength=len(self.words))
        found = {word: int(count) for word, count in zip(self.words, counts, strict=True) if count}
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def pairs_of(names: Sequence[str]) -> list[tuple[str, str]]:
    """Which policies are set side by side: all that are not the twin, two by two; a single one beside the twin."""
    played = [name for name in names if name != TWIN]
    return list(combinations(played, 2)) or [(TWIN, name) for name in played]


def side(standing: Standing, alone: Mask) -> Side:
    """Who is hit under this policy among `alone`."""
    counts = np.bincount(standing.bins()[alone], minlength=len(BINS))
    bins = {name: int(counts[place]) for place, name in enumerate(BINS) if place}
    return Side(int(alone.sum()), int((alone & standing.wrongly).sum()), bins)


def pair_row(one: Standing, other: Standing, lost: Mapping[str, Lost]) -> Pair:
    """Two policies beside one another; `lost`: the places lost in queues under each policy."""
    mine, theirs = lost[one.world.name], lost[other.world.name]
    both = np.intersect1d(mine.residents, theirs.residents)
    first, second = np.setdiff1d(mine.residents, both), np.setdiff1d(theirs.residents, both)
    return Pair(
        first=one.world.name,
        second=other.world.name,
        both=int((one.hit & other.hit).sum()),
        wrongly_both=int((one.wrongly & other.wrongly).sum()),
        only_first=side(one, one.hit & ~other.hit),
        only_second=side(other, other.hit & ~one.hit),
        displaced=(len(both), len(first), len(second)),
        through=(mine.through(first), theirs.through(second)),
    )


class Census:
    """Counts residents by every group and district of a city."""

    def __init__(self, city: City) -> None:
        self.labels, self.members = groups()
        self.cells, self.ends = np.asarray(city.cell), np.asarray(city.district_ends)
        self.districts = city.district_names
        self.places = [at for at, label in enumerate(self.labels) if "," not in label]

    @property
    def names(self) -> list[str]:
        """Labels in the order of `count`: everybody, groups, districts."""
        return [self.labels[at] for at in self.places] + [f"district={name}" for name in self.districts]

    def count(self, who: Mask) -> list[int]:
        """How many of `who` are in each."""
        by_cell = np.bincount(self.cells[who], minlength=CELLS)
        by_group = self.members[self.places].astype(np.int64) @ by_cell
        spans = zip(self.ends[:-1].tolist(), self.ends[1:].tolist(), strict=True)
        return [*by_group.tolist(), *(int(who[first:end].sum()) for first, end in spans)]


def group_rows(standings: Mapping[str, Standing], pairs: Sequence[tuple[str, str]], census: Census) -> list[Group]:
    """Every group and district; the twin hits nobody and is left out."""
    everybody = census.count(np.ones(len(census.cells), bool))
    played = {name: each for name, each in standings.items() if name != TWIN}
    hit = {name: census.count(each.hit) for name, each in played.items()}
    wrongly = {name: census.count(each.wrongly) for name, each in played.items()}
    alone = [_alone(standings, *pair, census) for pair in pairs]
    return [
        Group(
            label,
            everybody[at],
            {name: counts[at] for name, counts in hit.items()},
            {name: counts[at] for name, counts in wrongly.items()},
            tuple((first[at], second[at]) for first, second in alone),
        )
        for at, label in enumerate(census.names)
    ]


def _alone(standings: Mapping[str, Standing], one: str, other: str, census: Census) -> tuple[list[int], list[int]]:
    first, second = standings[one].hit, standings[other].hit
    return census.count(first & ~second), census.count(second & ~first)


OF_FIRMS = frozenset(question.id for question in (*firms.FIRMS, *work.WORK))
"""Headlines that a policy has by itself only if it covers firms: in company others count theirs too."""


def level_rows(results: Mapping[str, Result], names: Sequence[str], of_firms: Collection[str]) -> list[Level]:
    """Every headline; the twin's is what stands beside the first policy's. of_firms: the policies that cover firms."""
    played = [name for name in names if name != TWIN]
    first = results[played[0]]
    rows = []
    for head in (each for each in first.headlines if each.world == played[0]):
        whose = [name for name in played if head.id not in OF_FIRMS or name in of_firms]
        mine = {name: results[name].headline(head.id, name) if name in whose else None for name in played}
        values: dict[str, float | None] = {name: each.value if each else None for name, each in mine.items()}
        if TWIN in names:
            values[TWIN] = head.twin_value if played[0] in whose else None
        low: dict[str, float | None] = {name: each.low if each else None for name, each in mine.items()}
        high: dict[str, float | None] = {name: each.high if each else None for name, each in mine.items()}
        rows.append(Level(head.id, head.title, head.unit, {name: values[name] for name in names}, low, high))
    return rows


def queue_rows(results: Mapping[str, Result], names: Sequence[str]) -> list[Queue]:
    """The queues under every policy, and in the twin of the first."""
    found = []
    for name in names:
        result = results[name if name != TWIN else next(each for each in names if each != TWIN)]
        found += [
            Queue(name, row.service, row.requested, row.served, row.gave_up, row.wait_weeks, row.places_lost)
            for row in result.tables.rivals
            if row.world == name
        ]
    return found


def taken_rows(results: Mapping[str, Result]) -> list[Taken]:
    """Measures that moved somebody in a queue."""
    rows = [row for name, result in results.items() for row in result.tables.moved if row.world == name]
    return [Taken(row.world, row.measure, row.gained, row.lost) for row in rows]


def difference_rows(
    studies: Mapping[str, Mapping[str, Any]], pairs: Sequence[tuple[str, str]], of_firms: Collection[str]
) -> list[Difference]:
    """The second less the first of a pair, over the sets of assumptions; `studies`: the ranges of each policy's run."""
    found = []
    for first, second in pairs:
        if first not in studies or second not in studies:
            continue
        one, other = studies[first]["headlines"], studies[second]["headlines"]
        for name in one if {first, second} <= {*of_firms} else (each for each in one if each not in OF_FIRMS):
            mine, theirs = one[name].get(first), other.get(name, {}).get(second)
            if mine and theirs:
                found.append(_difference(name, first, second, mine, theirs))
    return found


def _difference(name: str, first: str, second: str, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Difference:
    rows = [(mine["value"], theirs["value"]), *zip(mine["values"], theirs["values"], strict=True)]
    apart = [None if a is None or b is None else b - a for a, b in rows]
    known = [each for each in apart if each is not None]
    return Difference(name, first, second, apart[0], min(known, default=None), max(known, default=None))


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """A comparison as plain data, ready for JSON."""
    return dict(json.loads(json.dumps(asdict(comparison))))
