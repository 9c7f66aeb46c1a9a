"""What would have changed a life: differences under which the household is played again.

Only differences in what departments wrote about this household, and in the safeguards of the policy. Everybody else is
as in the run, so what others would have done differently is not in it. Appeals that the household files otherwise are
answered by the queues of the run (`results.life_courts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from vitropolis.model.lists import CANNOT_PAY, STARTED
from vitropolis.model.measures import spills_of
from vitropolis.results.life_doors import relative, source_places
from vitropolis.results.life_entries import (
    TRUTHS,
    WorldDays,
    act_day,
    arrival_day,
    behaviour_of,
    held_in,
    said,
    word_of,
)
from vitropolis.results.outcome import Outcome
from vitropolis.results.replay_one import Change, core_of, truth_of_word


@dataclass(frozen=True)
class Different:
    """One difference, and what the life would have come to.

    answers_worked_out: answers to appeals of the household that the run did not give, for want of such an appeal then.
    """

    title: str
    outcome: Outcome
    answers_worked_out: int = 0

    def words(self) -> str:
        """One line that says it."""
        count = self.answers_worked_out
        said = f" ({_number(count, 'answer')} to appeals that the run did not have, worked out in its queues)"
        return f"{self.title}: {self.outcome.words()}{said if count else ''}"


def changes_for(side: WorldDays) -> Iterator[tuple[str, Change]]:
    """The differences worth trying for a life in one world: title and change."""
    resident = side.replay.first + side.replay.place
    wrong = {core_of(record) for record in _records(side) if TRUTHS[truth_of_word(record)] != "right"}
    if wrong:
        yield f"without the {_number(len(wrong), 'wrong record')}", Change(right=frozenset({resident}))
    decisive = _decisive(side)
    if decisive is not None and wrong != {core_of(decisive)}:
        title = f"without the record of {said(word_of(side.plan, decisive))} on {side.date(act_day(decisive))}"
        yield title, Change(without=frozenset({core_of(decisive)}))
    yield from _through_others(side)
    debts = _unpayable(side)
    if debts:
        yield f"without the {_number(len(debts), 'debt')} that could not be paid", Change(without=frozenset(debts))
    untested = [name for name in _black(side) if not _tested(side, name)]
    if untested and side.replay.payer[side.number] == CANNOT_PAY:
        yield "with a test of the ability to pay before listing", Change(rules=_with_test(side, untested))


def _records(side: WorldDays) -> list[int]:
    """Every record that the world ever held on the resident, in the order of arrival."""
    found = {record: None for seen in side.replay.days for record in reversed(held_in(side.number, seen.file))}
    return list(found)


def _through_others(side: WorldDays) -> Iterator[tuple[str, Change]]:
    """Without the records of the relatives through whom the resident is reached; with a test of own fault."""
    places: set[int] = set()
    untested = False
    for seen in side.replay.days:
        carried = int(seen.columns["carried"][side.number, side.replay.place])
        for bit, item in enumerate(spills_of(side.world).values() if carried else ()):
            if (carried >> bit) & 1:
                places |= set(source_places(side.replay, side.world, side.number, item, seen))
                untested |= item.individual_fault_test is not True
    if places:
        who = " and ".join(relative(side.replay, place) for place in sorted(places))
        clean = frozenset(side.replay.first + place for place in places)
        yield f"without the records of {who}", Change(clean=clean)
    if untested:
        yield "if relatives were reached only when at fault themselves", Change(rules=_at_fault_only(side))


def _at_fault_only(side: WorldDays) -> Callable[[Any], None]:
    """What writes a test of own fault into every spill-over."""

    def write(table: Any) -> None:
        table["spill_fault"][0, side.number] = 1

    return write


def _unpayable(side: WorldDays) -> set[int]:
    """Right records of debts that nobody else pays, of somebody who cannot: without their worlds."""
    held = side.world.assumptions
    if side.replay.payer[side.number] != CANNOT_PAY:
        return set()
    right = {core_of(record): word_of(side.plan, record) for record in _records(side) if not truth_of_word(record)}
    debts = {core: held.conduct[word].debt for core, word in right.items()}
    return {core for core, debt in debts.items() if debt and held.debts[debt].payer == "own"}


def _black(side: WorldDays) -> list[str]:
    """Black lists on which the resident ever was."""
    place, number = side.replay.place, side.number
    ever = 0
    for seen in side.replay.days:
        ever |= int(seen.columns["lists"][number, place])
    lists = enumerate(side.world.lists.items())
    return [name for bit, (name, item) in lists if (ever >> bit) & 1 and item.polarity == "black"]


def _tested(side: WorldDays, name: str) -> bool:
    return side.world.lists[name].ability_test is True


def _with_test(side: WorldDays, names: list[str]) -> Callable[[Any], None]:
    """What writes a test of ability to pay into the rules, for these lists."""
    places = [place for place, name in enumerate(side.world.lists) if name in names]

    def write(table: Any) -> None:
        table["ability_test"][0, side.number, places] = 1

    return write


def _decisive(side: WorldDays) -> int | None:
    """The record after which the first black listing began; without any, the one that cost the most points; or None."""
    records = [record for record in _records(side) if _cost(side, record) < 0 or _names_a_list(side, record)]
    began = _first_listing(side)
    before = [record for record in records if began is not None and arrival_day(record) <= began]
    if before:
        return max(before, key=arrival_day)
    return min(records, key=lambda record: _cost(side, record), default=None) if began is None else None


def _first_listing(side: WorldDays) -> int | None:
    """The day on which the first black listing began."""
    black = {place for place, item in enumerate(side.world.lists.values()) if item.polarity == "black"}
    resident = side.replay.first + side.replay.place
    for seen in side.replay.days:
        for line in seen.log:
            mine = line & ((1 << 28) - 1) == resident and (line >> 41) & 3 == side.number
            if mine and (line >> 46) & 7 == STARTED and (line >> 43) & 7 in black:
                return seen.day
    return None


def _cost(side: WorldDays, record: int) -> int:
    """Points that a record gives on the day it arrives, all scores together."""
    behaviour = side.world.behaviours[behaviour_of(side.plan, side.number, record)]
    return sum(value.on(side.date(arrival_day(record))) for value in behaviour.points.values())


def _names_a_list(side: WorldDays, record: int) -> bool:
    """Whether a list's trigger names the record's behaviour."""
    return behaviour_of(side.plan, side.number, record) in side.listing_behaviours


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
