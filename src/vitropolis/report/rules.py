"""Which elements of a policy made a number, and where they are written."""

from __future__ import annotations

from functools import cached_property

from vitropolis.policy import polarity
from vitropolis.policy.values import NoValueYet
from vitropolis.report.totals import Totals

MOST = 10  # elements named beside one number


class Rules:
    """The elements of one world's policy that fired, most frequent first."""

    def __init__(self, totals: Totals, world: int) -> None:
        self.totals, self.world, self.policy = totals, world, totals.plan.worlds[world].policy
        self._source = self.policy.source

    def of(self, wanted: tuple[str, ...]) -> tuple[str, ...]:
        """At most `MOST` elements that fired and can have hit somebody; wanted: sections, or elements themselves."""
        fired = (element for element in self._fired if {element, element.partition(".")[0]} & {*wanted})
        return tuple(element for element in fired if self._punishes(element))[:MOST]

    def line(self, element: str) -> str:
        """`file:line` of an element."""
        file, line = self._source.place_of(element)
        return f"{file}:{line}"

    @cached_property
    def _fired(self) -> list[str]:
        times = {element: said["times"] or 0 for element, said in self.totals.times(self.world).items()}
        return sorted((element for element, count in times.items() if count), key=lambda each: (-times[each], each))

    def _punishes(self, element: str) -> bool:
        section, _, name = element.partition(".")
        if section == "lists" and name in self.policy.lists:
            return self.policy.lists[name].polarity == "black"
        if section == "measures" and name in self.policy.measures:
            return self._is_sanction(name)
        return True

    def _is_sanction(self, name: str) -> bool:
        plan = self.totals.plan
        try:
            return polarity(self.policy.measures[name].action, plan.date(plan.days - 1)) == "sanction"
        except NoValueYet:
            return False
