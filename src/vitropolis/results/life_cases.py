"""What a life says of redress: being told or not, an appeal, its answer, a record taken out."""

from __future__ import annotations

from collections.abc import Iterator

from vitropolis.model.files import KIND_AT, WORLDS_AT
from vitropolis.model.notes import CASE, COUNT_AT
from vitropolis.model.redress import SILENT
from vitropolis.model.rules import NEVER, ONE_WORLD
from vitropolis.results.life_entries import Entry, WorldDays
from vitropolis.results.life_files import act_day, held_in, said, word_of
from vitropolis.results.replay_one import Seen, core_of


class Cases:
    """One world's cases of a resident in a life."""

    def __init__(self, side: WorldDays) -> None:
        self.side = side

    def entries(self, before: Seen | None, seen: Seen) -> Iterator[Entry]:
        """Being told, and an appeal."""
        yield from self._told(before, seen)
        held = {core_of(record) for record in held_in(self.side.number, seen.file)}
        for world, record in seen.filed:
            if world == self.side.number:
                aside = "" if record in held else "; it does not count until answered"
                text = f"appeals against the record of {self._record(record)}{aside}"
                yield self.side.entry(seen, "appeal", text, _procedure(self.side, "appeal"), contested=record)

    def case(self, seen: Seen | None) -> tuple[int, int] | None:
        """State and day of being told of the case that is open after a day."""
        for note in seen.notes if seen else ():
            if (note >> KIND_AT) & 7 == CASE and (note >> WORLDS_AT) & ONE_WORLD == self.side.number:
                return (note >> COUNT_AT) & 15, note & NEVER
        return None

    def _told(self, before: Seen | None, seen: Seen) -> Iterator[Entry]:
        was, now = self.case(before), self.case(seen)
        if now is None or now == was:
            return
        if was is None and now[0] == SILENT:
            text = "nobody tells them" if now[1] == NEVER else f"will be told on {self.side.date(now[1])}"
            yield self.side.entry(seen, "told", text, told=False)
        elif now[0] != SILENT and now[1] == seen.day and (was is None or was[0] == SILENT):
            refused = any(each.refusals for each in seen.asked if each.world == self.side.number)
            how = "learns of it by being refused" if refused else "is told (notice)"
            yield self.side.entry(seen, "told", how, "" if refused else _procedure(self.side, "notice"), told=True)

    def answers(self, before: Seen | None, seen: Seen) -> Iterator[Entry]:
        """What becomes of appeals and objections, and so of records, before anything else happens on a day."""
        number, answered = self.side.number, set()
        for world, upheld, record in seen.answers:
            if world == number:
                answered.add(record)
                came = "UPHELD, the record is taken out" if upheld else "refused, the record stays"
                text = f"answer to the appeal against the record of {self._record(record)}: {came}"
                facts = {"upheld": upheld, "contested": record}
                yield self.side.entry(seen, "answer", text, _procedure(self.side, "appeal"), **facts)
        old = {core_of(record) for record in held_in(number, before.file if before else ())}
        gone = old - {core_of(record) for record in held_in(number, seen.file)}
        for record in gone - answered - {each for world, each in seen.filed if world == number}:
            text = f"objection UPHELD, the record of {self._record(record)} is taken out"
            yield self.side.entry(seen, "answer", text, _procedure(self.side, "objection"), upheld=True)

    def _record(self, record: int) -> str:
        return f"{said(word_of(self.side.plan, record))} on {self.side.date(act_day(record))}"


def _procedure(side: WorldDays, part: str) -> str:
    """The element of the policy, if it says anything of this part."""
    procedure = side.world.policy.procedure
    return f"procedure.{part}" if procedure is not None and getattr(procedure, part) is not None else ""
