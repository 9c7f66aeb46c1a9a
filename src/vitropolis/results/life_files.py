"""What the records of a file say in a life, and which of them count for points on a day (docs/mechanisms.md, 6.1)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from vitropolis.base.draws import Stream, philox
from vitropolis.base.fixed import exact, s32
from vitropolis.model.files import ACT_AT, DELAY_AT, KIND_AT, WORLDS_AT
from vitropolis.model.rules import NO_WAIT
from vitropolis.model.scores import lives
from vitropolis.model.settling import settled_later
from vitropolis.model.worlds import Plan
from vitropolis.policy import PERSON_WORDS
from vitropolis.results.replay_one import Seen, core_of


def said(word: str) -> str:
    """A controlled word as a reader would say it."""
    return word.replace("_", " ")


def behaviour_of(plan: Plan, world: int, record: int) -> str:
    """The behaviour as which a world counts a record; "" if none."""
    place = plan.kinds[(record >> KIND_AT) & 127].behaviours[world]
    return list(plan.worlds[world].behaviours)[place] if place >= 0 else ""


def word_of(plan: Plan, record: int) -> str:
    """What a record says was done."""
    return PERSON_WORDS[plan.kinds[(record >> KIND_AT) & 127].word]


def act_day(record: int) -> int:
    """Day of the act that a record tells of."""
    return (record >> ACT_AT) & 8191


def arrival_day(record: int) -> int:
    """Day on which a record arrived."""
    return act_day(record) + ((record >> DELAY_AT) & 63)


def settled_day(world: int, seen: Seen, record: int) -> int | None:
    """Day on which the debt that a record tells of is settled in a world; None: never."""
    wait = record & NO_WAIT
    if wait == NO_WAIT:
        return None
    entry = int(seen.rules["trap"][world, int(seen.rules["behaviour"][world, (record >> KIND_AT) & 127])])
    settled = act_day(record) + wait
    if entry < 0 or settled <= arrival_day(record):
        return settled
    return int(settled_later(seen.rules, world, entry, record))


def given_by(plan: Plan, number: int, resident: int, record: int, today: date) -> dict[str, int]:
    """Points that a record of a resident gives in a world by the rules of a day, a clerk's choice included."""
    world = plan.worlds[number]
    behaviour = world.behaviours[behaviour_of(plan, number, record)]
    points = {score: value.on(today) for score, value in behaviour.points.items()}
    word = plan.kinds[(record >> KIND_AT) & 127].word
    lots = philox(resident, act_day(record), Stream.DISCRETION, word, plan.chance)
    if int(lots[0]) >= s32(exact(world.assumptions.clerks.discretion_used.value)):
        return points
    chosen = {
        score: low + (int(lots[1]) * (high - low + 1) >> 32)
        for score, (low, high) in behaviour.discretion_range.items()
    }
    return points | chosen


def held_in(world: int, file: tuple[int, ...]) -> list[int]:
    """The records of a file that one world holds."""
    return [record for record in file if (record >> (WORLDS_AT + world)) & 1]


@dataclass(frozen=True)
class Counted:
    """Which records of one file count in one world on a day: numbers without their worlds, newest first.

    counting: those that live and are among the newest of their behaviour that may count. over: those that live, but
    as many newer ones of their behaviour as may count (`max_counted`) already do.
    """

    counting: tuple[int, ...] = ()
    over: tuple[int, ...] = ()


def counted_in(world: int, seen: Seen) -> Counted:
    """Read a file after a day as a look does (`model.scores.read_file`), by the rules that held on that day."""
    count, counting, over = Counter[int](), list[int](), list[int]()
    for record in held_in(world, seen.file):
        behaviour = int(seen.rules["behaviour"][world, (record >> KIND_AT) & 127])
        if lives(seen.rules, world, behaviour, record, seen.day, *seen.who):
            count[behaviour] += 1
            among = counting if count[behaviour] <= most_counted(world, seen, record) else over
            among.append(core_of(record))
    return Counted(tuple(counting), tuple(over))


def most_counted(world: int, seen: Seen, record: int) -> int:
    """How many live records of a record's behaviour count at most on a day."""
    behaviour = int(seen.rules["behaviour"][world, (record >> KIND_AT) & 127])
    return int(seen.rules["counted"][world, behaviour])
