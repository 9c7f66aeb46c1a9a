"""By how many points a difference moved a score, on the day on which it decided something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vitropolis.model.hits import HIT, WRONGLY
from vitropolis.model.listing_log import logged_cause, logged_event, logged_list, logged_who, logged_world
from vitropolis.model.lists import STARTED
from vitropolis.results.life_entries import WorldDays
from vitropolis.results.replay_one import Seen

MOST = "the day on which it moved them most"


@dataclass(frozen=True)
class Decisive:
    """The day on which points mattered most, and why it is this one; None: nothing was decided, so any day may be."""

    day: int | None
    why: str


@dataclass(frozen=True)
class Moved:
    """One score after a day: as it was, and as it would have been under a difference."""

    score: str
    day: date
    points: int
    without: int

    def words(self, dated: bool) -> str:
        """How many points it was worth, and the two scores."""
        when = f" on {self.day}" if dated else ""
        return f"{self.score} {self.points - self.without:+d}{when}: {self.points} instead of {self.without}"


def decisive_day(side: WorldDays) -> Decisive:
    """The first day wrongly hit, else the first on a black list, else the first hit by a measure, if there is one."""
    place, number = side.replay.place, side.number
    wrongly = (seen.day for seen in side.replay.days if int(seen.columns["ever"][number, place]) & WRONGLY)
    hit = (seen.day for seen in side.replay.days if int(seen.columns["ever"][number, place]) & HIT)
    listed = first_listing(side)
    found = (
        (next(wrongly, None), "the first day wrongly hit"),
        (listed[0] if listed else None, "the first day on a black list"),
        (next(hit, None), "the first day hit"),
    )
    return next((Decisive(day, why) for day, why in found if day is not None), Decisive(None, MOST))


def first_listing(side: WorldDays) -> tuple[int, str] | None:
    """The day on which the first black listing began, and its cause."""
    black = {place for place, item in enumerate(side.world.lists.values()) if item.polarity == "black"}
    resident = side.replay.first + side.replay.place
    for seen in side.replay.days:
        for line in seen.log:
            mine = logged_who(line) == resident and logged_world(line) == side.number
            if mine and logged_event(line) == STARTED and logged_list(line) in black:
                return seen.day, side.causes[logged_cause(line)]
    return None


def moved_on(side: WorldDays, other: WorldDays, day: int | None) -> tuple[Moved, ...]:
    """Every score on a day (None: on that on which they differ most, the first of these), as it was and in `other`."""
    days = list(zip(side.replay.days, other.replay.days, strict=True))
    seen, instead = _most(side, other, days) if day is None else days[day]
    found, without = _standing(side, seen), _standing(other, instead)
    return tuple(Moved(name, side.date(seen.day), points, without[name]) for name, points in found.items())


def _most(side: WorldDays, other: WorldDays, days: Iterable[tuple[Seen, Seen]]) -> tuple[Seen, Seen]:
    def apart(pair: tuple[Seen, Seen]) -> int:
        mine, theirs = _standing(side, pair[0]), _standing(other, pair[1])
        return sum(abs(points - theirs[name]) for name, points in mine.items())

    return max(days, key=apart)


def _standing(side: WorldDays, seen: Seen) -> dict[str, int]:
    """The points of every score after a day; nothing before enrolment."""
    if seen.day < side.replay.enrolled[side.number]:
        return {}
    column = seen.columns["score"][:, side.replay.place]
    return {name: int(column[side.first_ledger + place]) for place, name in enumerate(side.world.scores)}
