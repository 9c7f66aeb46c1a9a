"""What a life came to in one world: on lists how long, behind how many doors, with what score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from vitropolis.results.life_doors import Doors
from vitropolis.results.life_entries import WorldDays

HIT, THROUGH = 1, 4  # bits of the column `now`


@dataclass(frozen=True)
class Outcome:
    """Days are counted up to the last day played.

    days_on: days on each list, by name. door_days: days behind at least one shut door; most_doors: at most so many at
    once. hit_days: days hit on own account; through_days: days hit through others. refusals, avoided: of requests, and
    of needs not even asked for. scores: name, points and band in the end; lowest: the lowest points.
    """

    days_on: Mapping[str, int]
    door_days: int
    most_doors: int
    hit_days: int
    through_days: int
    refusals: int
    avoided: int
    scores: tuple[tuple[str, int, str], ...]
    lowest: Mapping[str, int]

    def words(self) -> str:
        """One line that says it."""
        parts = [f"{_days(days)} on list {name}" for name, days in self.days_on.items() if days]
        parts = parts or (["never on a list"] if self.days_on else [])
        if self.hit_days and not any(self.days_on.values()):
            parts.append(f"hit by measures for {_days(self.hit_days)}")
        if self.door_days:
            parts.append(f"{_days(self.door_days)} behind shut doors (at most {self.most_doors} at once)")
        if self.through_days:
            parts.append(f"{_days(self.through_days)} hit through others")
        parts += [f"refused {self.refusals} time{'' if self.refusals == 1 else 's'}"] if self.refusals else []
        parts += [f"{name} {points} (band {band}) in the end" for name, points, band in self.scores]
        return ", ".join(parts) or "nothing follows from any record"


def _days(count: int) -> str:
    return f"{count:,} day{'' if count == 1 else 's'}"


def outcome_of(side: WorldDays) -> Outcome:
    """Read off one world's days what they came to."""
    days_on = dict.fromkeys(side.world.lists, 0)
    lowest: dict[str, int] = {}
    place, number, doors, shut = side.replay.place, side.number, Doors(side), [0]
    stands: Counter[int] = Counter()
    for seen in side.replay.days:
        on = int(seen.columns["lists"][number, place])
        for bit, name in enumerate(days_on):
            days_on[name] += (on >> bit) & 1
        for name, points, _ in side.standing(seen):
            lowest[name] = min(points, lowest.get(name, points))
        shut.append(len(doors.shut(seen)))
        now = int(seen.columns["now"][number, place])
        stands.update(bit for bit in (HIT, THROUGH) if now & bit)
    asked = [each for seen in side.replay.days for each in seen.asked if each.world == number]
    return Outcome(
        days_on=days_on,
        door_days=sum(map(bool, shut)),
        most_doors=max(shut),
        hit_days=stands[HIT],
        through_days=stands[THROUGH],
        refusals=sum(each.refusals for each in asked),
        avoided=sum(each.stayed for each in asked),
        scores=side.standing(side.replay.days[-1]) if side.replay.days else (),
        lowest=lowest,
    )
