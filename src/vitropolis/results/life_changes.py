"""What would have changed a life: differences under which the household is played again.

Only differences in what departments wrote about this household, and in the safeguards of the policy. Everybody else is
as in the run, so what others would have done differently is not in it. Appeals that the household files otherwise are
answered by the queues of the run (`results.life_courts`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from vitropolis.model.lists import CANNOT_PAY
from vitropolis.model.measures import spills_of
from vitropolis.results.life_doors import relative, source_places
from vitropolis.results.life_entries import TRUTHS, WorldDays
from vitropolis.results.life_files import act_day, arrival_day, behaviour_of, given_by, held_in, said, word_of
from vitropolis.results.life_points import Decisive, Moved, first_listing
from vitropolis.results.outcome import Outcome
from vitropolis.results.replay_one import Change, core_of, truth_of_word


@dataclass(frozen=True)
class Different:
    """One difference, and what the life would have come to.

    answers_worked_out: answers to appeals of the household that the run did not give, for want of such an appeal then.
    moved: of the removal of own records, every score on the decisive day (or the one on which they differ most), as it
    was and without them.
    """

    title: str
    outcome: Outcome
    answers_worked_out: int = 0
    moved: tuple[Moved, ...] = ()

    def words(self, decisive: Decisive) -> str:
        """One line that says it."""
        count = self.answers_worked_out
        said = f" ({_number(count, 'answer')} to appeals that the run did not have, worked out in its queues)"
        return f"{self.title}{self._points(decisive)}: {self.outcome.words()}{said if count else ''}"

    def _points(self, decisive: Decisive) -> str:
        if not self.moved:
            return ""
        apart = [each.words(dated=decisive.day is None) for each in self.moved if each.points != each.without]
        return f" ({', '.join(apart) or 'no points'})"


def changes_for(side: WorldDays) -> Iterator[tuple[str, Change]]:
    """The differences worth trying for a life in one world: title and change."""
    wrong = {core_of(record): record for record in _records(side) if TRUTHS[truth_of_word(record)] != "right"}
    yield from _without_wrong(side, list(wrong.values()))
    decisive = _decisive(side)
    if decisive is not None and core_of(decisive) not in wrong:
        yield f"without the record of {_named(side, decisive)}", Change(without=frozenset({core_of(decisive)}))
    yield from _through_others(side)
    debts = _unpayable(side)
    if debts:
        yield f"without the {_number(len(debts), 'debt')} that could not be paid", Change(without=frozenset(debts))
    untested = [name for name in _black(side) if not _tested(side, name)]
    if untested and side.replay.payer[side.number] == CANNOT_PAY:
        yield "with a test of the ability to pay before listing", Change(rules=_with_test(side, untested))


def _without_wrong(side: WorldDays, wrong: Sequence[int]) -> Iterator[tuple[str, Change]]:
    """Without all wrong records; where there are several, without each of them."""
    resident = side.replay.first + side.replay.place
    if wrong:
        yield f"without the {_number(len(wrong), 'wrong record')}", Change(right=frozenset({resident}))
    for record in wrong if len(wrong) > 1 else ():
        title = f"without the wrong record of {_named(side, record)} alone"
        yield title, Change(mended=frozenset({core_of(record)}))


def _named(side: WorldDays, record: int) -> str:
    return f"{said(word_of(side.plan, record))} on {side.date(act_day(record))}"


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
                places |= set(source_places(side, bit, seen))
                untested |= item.individual_fault_test is not True
    if places:
        who = " and ".join(relative(side, place) for place in sorted(places))
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
    """The newest record that the first black listing names, else any before it; without one, the dearest; or None."""
    records = [record for record in _records(side) if _cost(side, record) < 0 or _names_a_list(side, record)]
    began = first_listing(side)
    before = [record for record in records if began is not None and arrival_day(record) <= began[0]]
    if began is not None and before:
        named = set(re.findall(r"\w+", began[1]))  # a cause may name behaviours; a band's or a rank's does not
        mine = [record for record in before if behaviour_of(side.plan, side.number, record) in named]
        return max(mine or before, key=arrival_day)
    return min(records, key=lambda record: _cost(side, record), default=None) if began is None else None


def _cost(side: WorldDays, record: int) -> int:
    """Points that a record gives on the day it arrives, all scores together."""
    resident, today = side.replay.first + side.replay.place, side.date(arrival_day(record))
    return sum(given_by(side.plan, side.number, resident, record, today).values())


def _names_a_list(side: WorldDays, record: int) -> bool:
    """Whether a list's trigger names the record's behaviour."""
    return behaviour_of(side.plan, side.number, record) in side.listing_behaviours


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
