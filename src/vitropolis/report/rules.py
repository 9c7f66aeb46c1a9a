"""Which elements of a policy made a number, and where they are written."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path

from vitropolis.policy import CONDUCT, polarity
from vitropolis.policy.triggers import Action
from vitropolis.policy.values import NoValueYet
from vitropolis.report.totals import Totals

MOST = 10  # elements named beside one number
HARM = 2  # gravity from which an act harms others


class Rules:
    """The elements of one world's policy that fired, most frequent first."""

    def __init__(self, totals: Totals, world: int) -> None:
        self.totals, self.world, self.policy = totals, world, totals.plan.worlds[world].policy
        self._source = self.policy.source

    def of(self, wanted: tuple[str, ...]) -> tuple[str, ...]:
        """At most `MOST` elements that fired and can have had a part in it; wanted: sections, or elements themselves.

        Of lists the black ones, of measures those that punish on some day of the run, of behaviours those that count
        harmful acts (gravity 2 or more).
        """
        fired = (element for element in self._fired if {element, element.partition(".")[0]} & {*wanted})
        return tuple(element for element in fired if self._has_part(element))[:MOST]

    def line(self, element: str) -> str:
        """`file:line` of an element; of the file its name alone, as copies and originals share it."""
        file, line = self._source.place_of(element)
        return f"{Path(file).name}:{line}"

    @cached_property
    def _fired(self) -> list[str]:
        times = {element: said["times"] or 0 for element, said in self.totals.times(self.world).items()}
        return sorted((element for element, count in times.items() if count), key=lambda each: (-times[each], each))

    def _has_part(self, element: str) -> bool:
        section, _, name = element.partition(".")
        if section == "lists" and name in self.policy.lists:
            return self.policy.lists[name].polarity == "black"
        if section == "measures" and name in self.policy.measures:
            return self._is_sanction(name)
        if section == "behaviours" and name in self.policy.behaviours:
            return any(CONDUCT[word].gravity >= HARM for word in self.policy.behaviours[name].conduct)
        return True

    def _is_sanction(self, name: str) -> bool:
        """Whether a measure punishes on some day of the run: nothing changes inside a stretch of unchanged rules."""
        plan, item = self.totals.plan, self.policy.measures[name]
        days = (plan.date(first) for first in plan.epochs)
        return any(_punishes(item.action, day) for day in days if item.in_force(day))


def _punishes(action: Action, day: date) -> bool:
    try:
        return polarity(action, day) == "sanction"
    except NoValueYet:
        return False
