"""How it went over time, and where people stand by score in the end: what pictures need beyond the headlines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

from vitropolis.engine.checkpoint import Checkpoint, checkpoints_in
from vitropolis.model.worlds import Plan
from vitropolis.policy.schema import Score
from vitropolis.report.totals import TWIN, Totals
from vitropolis.results.folder import CHECKPOINTS

COURSES = ("enrolled", "hit_now", "wrong_now", "through_now", "on_black_list")
WEEK = 7


@dataclass(frozen=True)
class CourseRow:
    """One world week by week, the twin too: persons at the end of each week (`weeks`: its last day, ISO).

    enrolled; hit on that day; of these on their own account, and so wrongly; on a black list.
    """

    world: str
    weeks: list[str]
    enrolled: list[int]
    hit: list[int]
    own_account: list[int]
    own_wrongly: list[int]
    on_black_list: list[int]


@dataclass(frozen=True)
class ScoreRow:
    """The enrolled by score at the end of the last week: `people[n]` stand at `lowest + n` points.

    bands: name and lower end of each band on the last day, best first; `by_rank`: these ends are per mille of the
    enrolled, not points.
    """

    world: str
    score: str
    lowest: int
    people: list[int]
    bands: list[tuple[str, int]]
    by_rank: bool


def course_rows(totals: Totals) -> list[CourseRow]:
    """One row for each world; none where the run does not count them."""
    if not totals.has(*COURSES):
        return []
    plan = totals.plan
    count = len(totals.series(COURSES[0], 0))
    last = plan.date(plan.days - 1)
    ends = [min(last, plan.date(0) + timedelta(days=WEEK * (week + 1) - 1)).isoformat() for week in range(count)]
    return [_course_row(totals, world, ends) for world in totals.worlds]


def _course_row(totals: Totals, world: int, ends: list[str]) -> CourseRow:
    enrolled, own, wrong, through, black = (totals.series(name, world) for name in COURSES)
    counts = (each.tolist() for each in (enrolled, own + through, own, wrong, black))
    return CourseRow(totals.name(world), ends, *counts)


def score_rows(folder: Path, plan: Plan) -> list[ScoreRow]:
    """One row for each score of persons in each world with a policy, from the state that a complete run leaves.

    Empty where the folder holds no state of the last week. RefusedError if it cannot be read.
    """
    found = checkpoints_in(folder / CHECKPOINTS)
    scores = [(world, name, score) for world in plan.worlds for name, score in world.scores.items()]
    if not found or not scores:
        return []
    kept = Checkpoint(found[0])
    if WEEK * kept.week < plan.days:
        return []
    people = np.asarray(kept.array("city_people")).reshape(len(scores), -1)
    return [
        _score_row(plan, world.name, name, score, people[ledger].tolist())
        for ledger, (world, name, score) in enumerate(scores)
        if world.name != TWIN
    ]


def _score_row(plan: Plan, world: str, name: str, score: Score, people: list[int]) -> ScoreRow:
    floor = min(score.range.on(plan.date(day))[0] for day in range(plan.days))
    taken = [place for place, count in enumerate(people) if count]
    first, end = (taken[0], taken[-1] + 1) if taken else (0, 0)
    bands = list(score.bands_on(plan.date(plan.days - 1)))
    return ScoreRow(world, name, floor + first, people[first:end], bands, score.normalisation == "relative_rank")
