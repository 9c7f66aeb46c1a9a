"""Measures, classes, spill-overs and procedure as one policy has them on one day. Sections 9 to 11."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tests.oracle.chances import exact
from tests.oracle.dated import NEVER, on, value_on

from vitropolis.policy.parts import Procedure
from vitropolis.policy.schema import Measure, Policy
from vitropolis.policy.triggers import Trigger, leaves
from vitropolis.policy.words import SERVICES

RELATIONS = ("spouse", "child", "parent", "household")
MOST_SPILLS = 7


@dataclass(frozen=True, slots=True)
class MeasureClass:
    """Measures with the same trigger, days and dates, by name; `place` is its number."""

    place: int
    measures: tuple[str, ...]
    trigger: Any


@dataclass(frozen=True, slots=True)
class MeasureToday:
    """`refuses`: the share of requests refused before any exception; `delay`: days added, 0 if none."""

    name: str
    service: str
    in_force: bool
    punishes: bool
    shuts: bool
    refuses: Fraction
    deposits: Fraction  # usual deposits asked on top
    dearer: bool
    delay: int
    hardship_exception: bool
    minimum_guarantee: bool
    decided_by: str | None
    place: str | None  # in a queue; None: it moves nobody

    @property
    def bears_on_requests(self) -> bool:
        return self.shuts or self.dearer or self.delay > 0


@dataclass(frozen=True, slots=True)
class ClassToday:
    """`fixed` None: no `fixed_days`. Days; NEVER where the policy says null for `after`."""

    in_force: bool
    punishes: bool
    fixed: int | None
    after: int


@dataclass(frozen=True, slots=True)
class SpillToday:
    """`reaches` False: the weight is 0, or the dates say no."""

    carries_list: str | None
    carries_measure: str | None
    to: str
    reaches: bool
    fault_test: bool


@dataclass(frozen=True, slots=True)
class ProcedureToday:
    """What redress there is today; days None: none are set."""

    notice: str
    objection: bool
    objection_days: int
    redress: bool
    appeal: bool
    window: int | None
    decision_days: int | None
    levels: int
    staff: Fraction | None
    if_late: str
    suspends: bool
    authority_proves: bool
    removal_days: int | None
    propagates_within: int | None
    flags_dispute: bool
    response_days: int | None


def of_persons(policy: Policy, measure: Measure) -> bool:
    """Whether trigger and service speak of persons only."""
    if SERVICES[measure.service].subject != "person":
        return False
    for leaf in leaves(measure.trigger):
        if leaf.kind == "listed" and any(policy.lists[name].subject != "person" for name in leaf.lists):
            return False
        if leaf.kind == "records" and any(policy.is_firm_feed(policy.behaviours[b].feed) for b in leaf.behaviours):
            return False
        if leaf.kind in ("band", "score", "rank") and policy.scores[leaf.score].subject != "person":
            return False
    return True


def classes_of(policy: Policy) -> list[MeasureClass]:
    """The classes in the order of their first measure."""
    sorts: list[tuple[Any, list[str]]] = []
    for name, item in policy.measures.items():
        if not of_persons(policy, item):
            continue
        key = (item.trigger, item.fixed_days, item.after_exit_days, item.starts_on, item.ends_before)
        alike = next((names for other, names in sorts if other == key), None)
        if alike is None:
            sorts.append((key, [name]))
        else:
            alike.append(name)
    return [MeasureClass(place, tuple(names), key[0]) for place, (key, names) in enumerate(sorts)]


def spills_of(policy: Policy) -> list[str]:
    """The spill-overs that are played, in the order of the file."""
    found = []
    for name, item in policy.spillover.items():
        carries = item.carries
        whole = (carries.kind == "measure" and of_persons(policy, policy.measures[carries.measure])) or (
            carries.kind == "listing" and policy.lists[carries.list].subject == "person"
        )
        if whole and item.to in RELATIONS:
            found.append(name)
    return found[:MOST_SPILLS]


def measures_today(policy: Policy, today: date) -> dict[str, MeasureToday]:
    return {name: _measure(name, x, today) for name, x in policy.measures.items() if of_persons(policy, x)}


def _measure(name: str, item: Measure, today: date) -> MeasureToday:
    action: Any = item.action
    refuses = {"deny": Fraction(1), "withdraw": Fraction(1)}.get(action.kind, Fraction(0))
    if action.kind == "restrict":
        refuses = 1 - exact(on(action.kept_share, today))
    return MeasureToday(
        name,
        item.service,
        item.in_force(today),
        _is_sanction(action, today),
        action.kind in ("deny", "withdraw", "restrict"),
        refuses,
        max(Fraction(0), exact(on(action.factor, today)) - 1) if _is_deposit(action) else Fraction(0),
        action.kind == "price" and on(action.factor, today) > 1,
        max(0, on(action.days, today)) if action.kind == "delay" else 0,
        item.hardship_exception is True,
        item.minimum_guarantee is True,
        item.decided_by,
        on(action.place, today) if action.kind == "priority" else None,
    )


def _is_deposit(action: Any) -> bool:
    return bool(action.kind == "price" and action.of == "deposit")


def _is_sanction(action: Any, today: date) -> bool:
    if action.kind in ("deny", "withdraw", "restrict"):
        return True
    if action.kind == "priority":
        return on(action.place, today) in ("behind", "last")
    if action.kind == "price":
        return bool(on(action.factor, today) > 1)
    if action.kind == "inspect":
        return bool(on(action.times_usual, today) > 1)
    return bool(action.kind == "delay" and on(action.days, today) > 0)


def classes_today(policy: Policy, today: date) -> list[ClassToday]:
    measures = measures_today(policy, today)
    found = []
    for each in classes_of(policy):
        item = policy.measures[each.measures[0]]
        fixed = value_on(item.fixed_days, today, NEVER)
        punishes = any(measures[name].punishes for name in each.measures)
        after = value_on(item.after_exit_days, today, 0)
        found.append(ClassToday(item.in_force(today), punishes, None if fixed == NEVER else fixed, after))
    return found


def spills_today(policy: Policy, today: date) -> Iterator[SpillToday]:
    for name in spills_of(policy):
        item = policy.spillover[name]
        carries: Any = item.carries
        weight = 1 if item.weight is None else on(item.weight, today)
        yield SpillToday(
            carries.list if carries.kind == "listing" else None,
            carries.measure if carries.kind == "measure" else None,
            item.to,
            item.in_force(today) and weight > 0,
            item.individual_fault_test is True,
        )


def procedure_today(said: Procedure | None, today: date) -> ProcedureToday:
    notice = objection = appeal = correction = None
    if said is not None:
        notice, objection, appeal, correction = said.notice, said.objection, said.appeal, said.correction
    when = on(notice.when, today) if notice else "none"
    objects = objection is not None and on(objection.available, today) is True
    days = _number(objection.days, today) or 0 if objection and objects else 0
    if notice and objects and when == "before":
        days = max(days, _number(notice.before_days, today) or 0)
    if appeal is not None and on(appeal.available, today) is not True:
        appeal = None  # while it is not available, nothing of it holds
    staff = _number(appeal.staff_per_100k, today) if appeal else None
    return ProcedureToday(
        when,
        objects,
        days,
        appeal is not None or correction is not None,
        appeal is not None,
        _number(appeal.window_days, today) if appeal else None,
        _number(appeal.decision_days, today) if appeal else None,
        appeal.levels if appeal else 1,
        None if staff is None else exact(staff),
        appeal.if_late if appeal else "waits",
        bool(appeal and appeal.suspends_effect and on(appeal.suspends_effect, today) is True),
        appeal is not None and appeal.burden_of_proof == "authority",
        _number(correction.removal_days, today) if correction else None,
        _number(correction.propagates_within_days, today) if correction else None,
        correction is not None and correction.flag_dispute is True,
        _number(correction.response_days, today) if correction else None,
    )


def _number(value: Any, today: date) -> Any:
    """None where it is absent or null."""
    return None if value is None else on(value, today)


def holds_on_list(trigger: Trigger, name: str) -> bool:
    """Whether a trigger holds for somebody of whom nothing is known but that they are on one list."""
    if trigger.kind == "any_of":
        return any(holds_on_list(part, name) for part in trigger.of)
    if trigger.kind == "all_of":
        return all(holds_on_list(part, name) for part in trigger.of)
    return trigger.kind == "listed" and name in trigger.lists
