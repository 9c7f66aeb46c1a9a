"""What is first come, first served: appeals, in one queue for each world and district, played day by day between weeks.

docs/mechanisms.md, section 13. A daily-step queue: what is left at the end of a day is max(0, left yesterday + filed
today - capacity), which differs from a continuous queue at the same load.

Capacity of day t is floor(c (t + 1)) - floor(c t) cases, c = staff / 100,000 * enrolled in the district *
`cases_a_staff_day`; staff as the policy says, else `staff_per_100k`. The oldest are decided first. Where a policy
sets a limit of days and says so, who still waits then is answered without a decision (lapsed). Where it promises an
answer in `correction.response_days`, a kept promise (`clerks.promise_kept`) is decided on that day, out of turn and
beyond what the staff decides. Units: appeals and days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream, philox
from vitropolis.model.procedure import Court
from vitropolis.model.redress import FILED_AT, UPHELD_AT, WRONG_AT
from vitropolis.model.rules import LISTS, ONE_WORLD

Rows = NDArray[np.int64]
WORLD, DISTRICT, FILED, RESIDENT, LEVEL, RECORD = range(6)  # columns of a queue
FLOWS = ("filed", "decided", "lapsed", "waiting", "wait_days")
NOT_YET = -1


@dataclass(frozen=True)
class Served:
    """One week of one queue, by position in it: day of decision or lapse (NOT_YET: still waiting), and which.

    flows: int64[5, days] as in FLOWS, `waiting` at the end of each day.
    """

    day: Rows
    lapsed: NDArray[np.bool_]
    flows: Rows


def serve(filed: Rows, first: int, capacity: Sequence[int], deadline: int | None = None) -> Served:
    """Serve a queue (days of filing, oldest first) on days `first`... in order, so many a day.

    With a `deadline` in days, who still waits that long after filing at a day's end lapses on that day.
    """
    day, lapsed = np.full(len(filed), NOT_YET, np.int64), np.zeros(len(filed), bool)
    flows = np.zeros((len(FLOWS), len(capacity)), np.int64)
    gone = 0
    before = int(np.searchsorted(filed, first, side="left"))  # were waiting when the week began
    for number, most in enumerate(capacity):
        today = first + number
        come = int(np.searchsorted(filed, today, side="right"))
        done = min(gone + most, come)
        late = done if deadline is None else int(np.searchsorted(filed[:come], today - deadline, side="right"))
        late = max(late, done)
        day[gone:late], lapsed[done:late] = today, True
        waits = (done - gone) * today - int(filed[gone:done].sum())
        flows[:, number] = come - before, done - gone, late - done, come - late, waits
        before, gone = come, late
    return Served(day, lapsed, flows)


def serve_with_promises(
    filed: Rows, first: int, capacity: Sequence[int], deadline: int | None, promise: int, kept: NDArray[np.bool_]
) -> Served:
    """Serve a queue as `serve` does; who has a `kept` promise is decided `promise` days after filing at the latest.

    On each day: 1. in turn, as many as the staff decides. 2. Promises that are due. 3. Who is too late lapses.
    """
    day, lapsed = np.full(len(filed), NOT_YET, np.int64), np.zeros(len(filed), bool)
    flows = np.zeros((len(FLOWS), len(capacity)), np.int64)
    before = int(np.searchsorted(filed, first, side="left"))
    for number, most in enumerate(capacity):
        today = first + number
        come = int(np.searchsorted(filed, today, side="right"))
        waiting = day[:come] == NOT_YET
        day[np.flatnonzero(waiting)[:most]] = today
        due = int(np.searchsorted(filed[:come], today - promise, side="right"))
        day[:due][(day[:due] == NOT_YET) & kept[:due]] = today
        decided = waiting & (day[:come] == today)
        late = 0 if deadline is None else int(np.searchsorted(filed[:come], today - deadline, side="right"))
        over = np.flatnonzero(day[:late] == NOT_YET)
        day[over], lapsed[over] = today, True
        done, waits = int(decided.sum()), int((today - filed[:come][decided]).sum())
        flows[:, number] = come - before, done, len(over), int((day[:come] == NOT_YET).sum()), waits
        before = come
    return Served(day, lapsed, flows)


def kept_promises(rows: Rows, court: Court, seed: int) -> NDArray[np.bool_]:
    """Of which appeals the promised days are kept: by resident, day of filing and level."""
    lots = philox(rows[:, RESIDENT], rows[:, FILED], Stream.PROMISE, LISTS + rows[:, LEVEL], seed)[0]
    found: NDArray[np.bool_] = lots.astype(np.int64) < court.keeps
    return found


def capacity_of(court: Court, enrolled: int, first: int, days: int) -> list[int]:
    """Decisions that a district's staff can make on days `first`...: floor(c (t + 1)) - floor(c t) a day."""
    rate = court.staff * enrolled * court.pace / 100_000
    ends = [int(rate * (first + number)) for number in range(days + 1)]
    return [after - before for before, after in pairwise(ends)]


def empty_queue() -> Rows:
    """A queue with nobody in it."""
    return np.zeros((0, 6), np.int64)


def queue_rows(filed: Rows, district_ends: NDArray[Any]) -> Rows:
    """Bring appeals as chunks file them (resident, day << FILED_AT | world, record) into the form of the queue."""
    rows = np.zeros((len(filed), 6), np.int64)
    rows[:, WORLD], rows[:, FILED] = filed[:, 1] & ONE_WORLD, filed[:, 1] >> FILED_AT
    rows[:, DISTRICT] = np.searchsorted(np.asarray(district_ends), filed[:, 0], side="right") - 1
    rows[:, RESIDENT], rows[:, LEVEL], rows[:, RECORD] = filed[:, 0], 1, filed[:, 2]
    return rows


def hold_courts(
    queue: Rows, filed: Rows, courts: Sequence[Court], enrolled: Rows, first: int, days: int, seed: int
) -> tuple[Rows, Rows, Rows]:
    """Play the week that began on day `first` in every queue.

    `enrolled` int64[world, district]. Returns (the queue afterwards, answers int64[n, 4] of resident, day of arrival,
    world | upheld << UPHELD_AT, record, flows int64[world, district, 5, 7]).
    """
    queue = np.concatenate([queue, filed])
    queue = queue[
        np.lexsort((queue[:, LEVEL], queue[:, RESIDENT], queue[:, FILED], queue[:, DISTRICT], queue[:, WORLD]))
    ]
    flows = np.zeros((*enrolled.shape, len(FLOWS), 7), np.int64)
    left, answers = [], []
    for world, district in sorted({*zip(queue[:, WORLD].tolist(), queue[:, DISTRICT].tolist(), strict=True)}):
        court = courts[world]
        mine = queue[(queue[:, WORLD] == world) & (queue[:, DISTRICT] == district)]
        capacity = capacity_of(court, int(enrolled[world, district]), first, days)
        deadline = court.deadline if court.late != "waits" else None
        if court.promise is None or not court.keeps:
            found = serve(mine[:, FILED], first, capacity, deadline)
        else:
            kept = kept_promises(mine, court, seed)
            found = serve_with_promises(mine[:, FILED], first, capacity, deadline, court.promise, kept)
        flows[world, district, :, :days] = found.flows
        again, said = decide(mine, found, court, first + 7, seed)
        left += [mine[found.day == NOT_YET], again]
        answers.append(said)
    return _joined(left, 6), _joined(answers, 4), flows


def _joined(parts: Sequence[Rows], columns: int) -> Rows:
    return np.concatenate(parts) if parts else np.zeros((0, columns), np.int64)


def decide(rows: Rows, found: Served, court: Court, coming: int, seed: int) -> tuple[Rows, Rows]:
    """Decide what was served: (appeals that go on to the next level, answers). `coming`: the next week's first day."""
    served = found.day != NOT_YET
    if not served.any():
        return np.zeros((0, 6), np.int64), np.zeros((0, 4), np.int64)
    mine, day, lapsed = rows[served], found.day[served], found.lapsed[served]
    draws = philox(mine[:, RESIDENT], mine[:, FILED], Stream.DECISION, mine[:, LEVEL], seed).astype(np.int64)
    wrong = (mine[:, RECORD] >> WRONG_AT) & 1
    upheld = draws[0] < np.where(wrong == 1, court.found, court.voids)
    on = ~upheld & ~lapsed & (mine[:, LEVEL] < court.levels) & (draws[1] < court.goes_on)
    upheld = np.where(lapsed, court.late == "granted", upheld)
    again = mine[on].copy()
    again[:, FILED], again[:, LEVEL] = coming, again[:, LEVEL] + 1
    arrives = np.maximum(coming, day + court.removal)
    what = mine[:, WORLD] | (upheld.astype(np.int64) << UPHELD_AT)
    said = np.stack([mine[:, RESIDENT], arrives, what, mine[:, RECORD]], 1)
    return again, said[~on]
