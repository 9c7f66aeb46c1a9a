"""When debts are paid in one world, counted out day by day. Sections 4 and 6 of docs/mechanisms.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tests.oracle.assumed import value
from tests.oracle.chances import s16
from tests.oracle.measures import holds_on_list
from tests.oracle.records import UNSETTLED, Record
from tests.oracle.today import Today, what_holds

from vitropolis.model.assumption_parts import Assumption
from vitropolis.policy.schema import Policy
from vitropolis.policy.triggers import leaves


@dataclass(frozen=True, slots=True)
class Trap:
    """Of one list, by day: whether being on it shuts what its exit needs, and the grace before somebody is on it."""

    shut: list[bool]
    grace: list[int]


class Settling:
    """Knows every day of the horizon from the policy's text."""

    def __init__(self, policy: Policy, pace_shut: Assumption, start: date, days: int) -> None:
        self.policy, self.slow = policy, s16(value(pace_shut))
        self.behind: dict[str, Trap] = {}
        asking = [
            name
            for name, item in policy.lists.items()
            if item.subject == "person" and item.exit and item.exit.needs_services
        ]
        if not asking:
            return
        calendar = [what_holds(policy, day, start + timedelta(days=day)) for day in range(days)]
        for name in asking:
            self._set(name, Trap([self._shut(name, each) for each in calendar], [_grace(name, x) for x in calendar]))

    def _set(self, name: str, trap: Trap) -> None:
        """Debts stand behind the first list of the file whose exit needs what it shuts."""
        if not any(trap.shut):
            return
        for leaf in leaves(self.policy.lists[name].trigger):
            for behaviour in leaf.behaviours if leaf.kind == "records" else ():
                self.behind.setdefault(behaviour, trap)

    def _shut(self, name: str, today: Today) -> bool:
        way_out = self.policy.lists[name].exit
        assert way_out is not None
        for measure, rule in today.measures.items():
            item = self.policy.measures[measure]
            takes = rule.shuts and rule.in_force and holds_on_list(item.trigger, name)
            if takes and item.service in way_out.needs_services and today.lists[name].in_force:
                return True
        return False

    def paid(self, record: Record, behaviour: str, day: int) -> bool:
        """Whether a debt is settled on a day: the days up to it, each for what it is worth, come to the wait."""
        if record.wait == UNSETTLED or day < record.act:
            return False
        trap = self.behind.get(behaviour)
        if trap is None or day <= record.arrival:
            return day >= record.act + record.wait
        listed = record.arrival + trap.grace[record.arrival]
        worth = 65536 * record.delay
        for each in range(record.arrival, day):
            worth += self.slow if each >= listed and trap.shut[each] else 65536
        return worth >= 65536 * record.wait


def _grace(name: str, today: Today) -> int:
    rules = today.lists[name]
    return max(rules.grace, today.procedure.objection_days) if rules.black else rules.grace
