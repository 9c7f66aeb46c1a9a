"""Queues for a limited number of places, between weeks: whom a green channel moves up, and whom down (M10).

docs/mechanisms.md, section 14. Each world, rival service and district has one queue. In week w, of days t0 to t1 - 1,
floor(c t1) - floor(c t0) of those who wait are served, c = `capacity` times the needs of a day that the district's
residents have at the values (seasons apart): first by place (first, ahead, as others, behind, last), then by week of
filing, then by a drawn tie. Who was not served for `patience_weeks` weeks gives up. Waiting is counted in weeks.

First come, first served is the same without places. Who is served by place but would not be so gains a place, who
would be and is not loses one; there are as many of both in every queue. Sorted by tie they are pairs: a pair is due to
the loser's measure if it puts them behind or last, else to the measure of the gainer. Nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import philox
from vitropolis.base.fixed import ONE32, exact
from vitropolis.base.kernels import int64, kernel
from vitropolis.city import City
from vitropolis.engine.chunks import fixed_view
from vitropolis.engine.losers import Lost, loser_row
from vitropolis.model.envelope import integers_of, over_cells, round_even
from vitropolis.model.rivals import (
    DISTRICT_AT,
    EACH,
    NO_MEASURE,
    ORDINARY,
    PLACES,
    QUEUE_AT,
    RESIDENTS,
    RIVAL_OUT,
    WORLD_AT,
    queued,
)
from vitropolis.model.rules import CELLS, DISTRICTS, PERSON_SERVICES, WORLDS
from vitropolis.model.worlds import Plan, World

Rows = NDArray[np.int64]
FLOWS = (
    "filed", "served", "gave_up", "waiting", "wait_weeks", "moved", "later_weeks", "earlier_weeks", "only_here",
    "only_twin",
)  # fmt: skip
FILED, SERVED, GAVE_UP, WAITING, WAIT_WEEKS, MOVED, COMPARED = range(7)  # what is compared with the twin comes last
BY_GROUP = ("places_gained", "places_lost", "later_weeks", "earlier_weeks", "only_here", "only_twin")
STILL, NOT_HERE, WENT_AWAY, AFTER = range(4)  # how a request ended in a world; AFTER + weeks: served after so many
TOLD = 255  # ended, and compared with the last world
LONGEST = 250  # weeks of patience
NAMED = 2_000_000  # residents of whom it is written down by name when they lose a place
SEVERAL = 100_000  # rows from which worlds are played on threads of their own


@dataclass(frozen=True)
class Lines:
    """The queues of a run: services by number, places a day [world][queue][district], patience [world, queue] in weeks.

    share: of residents, 32-bit, of whom it is written down by name that they lost a place; cells: of all residents.
    """

    services: tuple[int, ...]
    places: tuple[tuple[tuple[Fraction, ...], ...], ...]
    patience: Rows
    share: int
    cells: NDArray[np.uint16]

    @property
    def ages(self) -> int:
        """How many weeks of waiting there can be, 0 included."""
        return int(self.patience.max(initial=0)) + 1

    def capacity(self, world: int, first: int, end: int) -> Rows:
        """Places of days `first` to `end` - 1: int64[queue, district]."""
        found = np.zeros((len(self.services), DISTRICTS), np.int64)
        for queue, row in enumerate(self.places[world]):
            found[queue, : len(row)] = [int(rate * end) - int(rate * first) for rate in row]
        return found


@dataclass
class WeekOfQueues:
    """What a week brought: flows [world, queue, flow, district], by cell [world, queue, BY_GROUP, cell], places moved

    by measure [world, measure, gained or lost], and who lost a place by name (`engine.losers`).
    """

    flows: Rows
    cells: Rows
    measures: Rows
    losers: Rows


def lines_of(plan: Plan, city: City) -> Lines:
    """The queues of a plan in a city."""
    services, ends = queued(plan), np.asarray(city.district_ends)
    people: list[list[int]] = [
        np.bincount(city.cell[first:last], minlength=CELLS).tolist()
        for first, last in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
    ]
    places = tuple(tuple(_places(world, service, people) for service in services) for world in plan.worlds)
    patience = np.zeros((WORLDS, max(1, len(services))), np.int64)
    for number, world in enumerate(plan.worlds):
        for queue, service in enumerate(services):
            weeks = exact(_line(world, service).patience_weeks.value)
            patience[number, queue] = round_even(weeks.numerator, weeks.denominator)
    return Lines(services, places, patience, min(ONE32, ONE32 * NAMED // city.n), fixed_view(city.cell))


def _line(world: World, service: int) -> Any:
    return world.assumptions.services.rivals[PERSON_SERVICES[service]]


def _places(world: World, service: int, people: Sequence[Sequence[int]]) -> tuple[Fraction, ...]:
    """Places a day in every district."""
    need = world.assumptions.services.demand[PERSON_SERVICES[service]]
    rate = exact(_line(world, service).capacity.value) * exact(need.rate.value) / 365
    (scaled,), scale = integers_of([list(over_cells(world.assumptions.profiles[need.profile], upper=False))])
    return tuple(
        rate * Fraction(sum(each * share for each, share in zip(row, scaled, strict=True)), scale) for row in people
    )


@kernel
def count_waiting(waiting: Any, ended: Any, world: Any, week: Any, found: Any) -> Any:
    """Count who waits into `found` int64[queue, district, place, weeks]; return whether places differ."""
    mixed = False
    for row in range(waiting.shape[0]):
        if ended[row, world] == STILL:
            what = waiting[row, 1]
            place = (what >> (WORLD_AT + EACH * world)) & 7
            mixed |= place != ORDINARY
            found[waiting[row, 0] >> QUEUE_AT, (what >> DISTRICT_AT) & 15, place, week - (what & 2047)] += 1
    return mixed


@kernel
def gather(
    waiting: Any, ended: Any, world: Any, week: Any, ages: Any, by_place: Any, margin: Any, ends: Any, keys: Any
) -> None:
    """Write the keys of those who stand at the margin of their queue into `keys`, queue after queue.

    margin int64[queue, district]: the step of the order of which only some are served; ends int64[queue, district]:
    where the queue's keys begin, and in the end where they end.
    """
    for row in range(waiting.shape[0]):
        if ended[row, world] == STILL:
            what = waiting[row, 1]
            queue, district = waiting[row, 0] >> QUEUE_AT, (what >> DISTRICT_AT) & 15
            step = ages - 1 - week + (what & 2047)
            if by_place:
                step += ((what >> (WORLD_AT + EACH * world)) & 7) * ages
            if step == margin[queue, district]:
                keys[ends[queue, district]] = waiting[row, 0]
                ends[queue, district] += 1


@kernel
def serve(
    waiting: Any, ended: Any, world: Any, week: Any, ages: Any, patience: Any, cuts: Any, flows: Any, moved: Any
) -> Any:
    """Serve one world's queues for a week; return how many places were moved.

    cuts int64[2 (by place, first come), 2 (step at the margin, last key served there), queue, district]. flows
    int64[queue, flow, district]. moved int32[2 (gained, lost), .]: rows of those who gain and lose places.

    1. Where somebody stands. 2. Served, or no patience left, or still waiting. 3. Against first come, first served.
    """
    gained, lost = 0, 0
    for row in range(waiting.shape[0]):
        if ended[row, world] != STILL:
            continue
        key, what = waiting[row, 0], waiting[row, 1]
        queue, district, age = key >> QUEUE_AT, (what >> DISTRICT_AT) & 15, week - (what & 2047)
        come = ages - 1 - age
        step = come + ((what >> (WORLD_AT + EACH * world)) & 7) * ages
        flows[queue, FILED, district] += age == 0
        margin = cuts[0, 0, queue, district]
        served = step < margin or (step == margin and key <= cuts[0, 1, queue, district])
        margin = cuts[1, 0, queue, district]
        before = come < margin or (come == margin and key <= cuts[1, 1, queue, district])
        if served:
            ended[row, world] = AFTER + age
            flows[queue, SERVED, district] += 1
            flows[queue, WAIT_WEEKS, district] += age
        elif age >= patience[queue]:
            ended[row, world] = WENT_AWAY
            flows[queue, GAVE_UP, district] += 1
        else:
            flows[queue, WAITING, district] += 1
        if served and not before:
            moved[0, gained] = row
            gained += 1
        elif before and not served:
            moved[1, lost] = row
            lost += 1
            flows[queue, MOVED, district] += 1
    return gained


@kernel
def compare(waiting: Any, ended: Any, worlds: Any, cell_of: Any, flows: Any, cells: Any) -> Any:
    """Compare each world with the last where a request has ended in both; take out what has ended in every world.

    Compared are requests that were made in both, each once, whatever becomes of it in other worlds. Returns how many
    are left. cell_of: of every resident; flows int64[world, queue, flow, district], cells int64[world, queue,
    BY_GROUP, cell].
    """
    kept = 0
    for row in range(waiting.shape[0]):
        key, what, there = waiting[row, 0], waiting[row, 1], int64(ended[row, worlds - 1])
        still = there == STILL
        for world in range(worlds - 1):
            here = int64(ended[row, world])
            still |= here == STILL
            if here in (STILL, NOT_HERE, TOLD) or there in (STILL, NOT_HERE):
                continue
            ended[row, world] = TOLD
            if here == there:
                continue
            much, which = 1, 2
            if here >= AFTER and there >= AFTER:
                which = 0 if here > there else 1
                much = abs(here - there)
            elif there >= AFTER:
                which = 3
            flows[world, key >> QUEUE_AT, COMPARED + which, (what >> DISTRICT_AT) & 15] += much
            cells[world, key >> QUEUE_AT, 2 + which, cell_of[key & RESIDENTS]] += much
        if still:
            waiting[kept, 0], waiting[kept, 1] = key, what
            for world in range(ended.shape[1]):
                ended[kept, world] = ended[row, world]
            kept += 1
    return kept


def play_rivals(
    lines: Lines,
    waiting: Rows,
    ended: NDArray[np.uint8],
    asked: Sequence[Rows],
    worlds: int,
    week: int,
    days: int,
    seed: int,
) -> tuple[Rows, NDArray[np.uint8], WeekOfQueues]:
    """Play a week of every queue: (who waits afterwards, how their requests ended in each world, what it brought).

    asked: the week's requests, in the order of residents. days: of the run, for the last week may be short.
    """
    waiting = np.concatenate([waiting, *asked])
    ended = np.concatenate([ended, new_requests(waiting[len(ended) :, 1], worlds)])
    queues = len(lines.services)
    found = WeekOfQueues(
        np.zeros((worlds, queues, len(FLOWS), DISTRICTS), np.int64),
        np.zeros((worlds, queues, len(BY_GROUP), CELLS), np.int64),
        np.zeros((worlds, NO_MEASURE, 2), np.int64),
        np.zeros(0, np.int64),
    )
    if len(waiting):
        span = (7 * week, min(7 * week + 7, days))
        play = partial(_play_world, lines, waiting, ended, week, span, found, seed)
        with ThreadPoolExecutor(2 if len(waiting) > SEVERAL else 1) as pool:
            losers = list(pool.map(play, range(worlds)))
        found.losers = np.sort(np.concatenate(losers))
        kept = int(compare(waiting, ended, worlds, lines.cells, found.flows, found.cells))
        waiting, ended = waiting[:kept], ended[:kept]  # views: next week copies them, with what is asked then
    return waiting, ended, found


def new_requests(what: Rows, worlds: int) -> NDArray[np.uint8]:
    """How requests stand when they are filed: uint8[n, WORLDS]."""
    ended = np.full((len(what), WORLDS), NOT_HERE, np.uint8)
    for world in range(worlds):
        ended[:, world] = np.where((what >> (WORLD_AT + EACH * world)) & 7 < PLACES, STILL, NOT_HERE)
    return ended


def _play_world(
    lines: Lines,
    waiting: Rows,
    ended: NDArray[np.uint8],
    week: int,
    span: tuple[int, int],
    found: WeekOfQueues,
    seed: int,
    world: int,
) -> Rows:
    """Serve one world's queues; return who lost a place, by name."""
    ages, capacity = lines.ages, lines.capacity(world, *span)
    counted = np.zeros((len(lines.services), DISTRICTS, PLACES, ages), np.int64)
    mixed = count_waiting(waiting, ended, world, week, counted)
    held = waiting, ended, world, week, ages
    by_place = _cut(held, True, counted[..., ::-1].reshape(*capacity.shape, -1), capacity)
    come = _cut(held, False, counted[..., ::-1].sum(axis=2), capacity) if mixed else _without_places(by_place, ages)
    most = int(np.minimum(capacity, counted.sum(axis=(2, 3))).sum()) if mixed else 0
    moved = np.empty((2, most), np.int32)
    pairs = serve(
        waiting, ended, world, week, ages, lines.patience[world], np.stack([by_place, come]), found.flows[world], moved
    )
    return _pairs(waiting, moved[:, :pairs], world, week, lines, found, seed)


def _cut(held: Any, by_place: bool, steps: Rows, capacity: Rows) -> Rows:
    """Where service ends in every queue: (step of the order at the margin, last key served there)."""
    waiting, ended, world, week, ages = held
    total = steps.cumsum(axis=-1)
    margin = (total <= capacity[..., None]).sum(axis=-1)
    before = np.concatenate([np.zeros_like(capacity)[..., None], total], axis=-1)
    left = capacity - np.take_along_axis(before, margin[..., None], axis=-1)[..., 0]
    sizes = np.diff(before, axis=-1, append=before[..., -1:])
    sizes = np.take_along_axis(sizes, margin[..., None], axis=-1)[..., 0] * (left > 0)
    ends = (sizes.cumsum() - sizes.reshape(-1)).reshape(sizes.shape)
    begins, keys = ends.copy(), np.empty(int(sizes.sum()), np.int64)
    gather(waiting, ended, world, week, ages, by_place, np.where(sizes > 0, margin, -1), ends, keys)
    last = np.full(capacity.shape, -1, np.int64)
    for queue, district in np.argwhere(sizes > 0).tolist():
        mine, most = keys[begins[queue, district] : ends[queue, district]], int(left[queue, district])
        last[queue, district] = np.partition(mine, most - 1)[most - 1]
    return np.stack([margin, last])


def _without_places(cut: Rows, ages: int) -> Rows:
    """The same cut where everybody stands as others do: steps of first come, first served."""
    return np.stack([np.where(cut[0] >= PLACES * ages, ages, cut[0] - ORDINARY * ages), cut[1]])


def _pairs(
    waiting: Rows, moved: NDArray[np.int32], world: int, week: int, lines: Lines, found: WeekOfQueues, seed: int
) -> Rows:
    """Count places gained and lost, in pairs; return the losers that are written down by name."""
    if not moved.shape[1]:
        return np.zeros(0, np.int64)
    parts = [waiting[rows] for rows in moved]
    parts = [rows[np.lexsort((rows[:, 0], (rows[:, 1] >> DISTRICT_AT) & 15))] for rows in parts]
    (gains, gains_by), (loses, loses_by) = (_standing(rows, world) for rows in parts)
    behind = loses > ORDINARY
    due = np.where(behind, loses_by, gains_by)
    by = np.where(gains < ORDINARY, gains_by, loses_by), due
    for side, (rows, measures) in enumerate(zip(parts, by, strict=True)):
        found.measures[world, :, side] += np.bincount(measures, minlength=NO_MEASURE)
        places = (rows[:, 0] >> QUEUE_AT) * CELLS + lines.cells[rows[:, 0] & RESIDENTS]
        counted = np.bincount(places, minlength=len(lines.services) * CELLS)
        found.cells[world, :, side] += counted.reshape(-1, CELLS)
    named = _named(parts[1][:, 0] & RESIDENTS, lines.share, seed)
    key, age = parts[1][:, 0], week - (parts[1][:, 1] & 2047)
    lost: Rows = loser_row(Lost(week, world, key >> QUEUE_AT, loses, due, age, key & RESIDENTS))[named]
    return lost


def _standing(rows: Rows, world: int) -> tuple[Rows, Rows]:
    """Place and measure of requests in a world."""
    found = rows[:, 1] >> (WORLD_AT + EACH * world)
    return found & 7, (found >> 3) & 63


def _named(residents: Rows, share: int, seed: int) -> NDArray[np.bool_]:
    """Of whom it is written down by name: always the same residents."""
    if share >= ONE32:
        return np.ones(len(residents), bool)
    return np.asarray(philox(residents, 0, RIVAL_OUT, 1, seed)[0] < share)
