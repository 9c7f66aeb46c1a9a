"""What exits need, from the policy to tables: which debts are paid more slowly, and when (`vitropolis.model.settling`).

A service that an exit needs is *shut by the list* on a day on which list and measure are in force, the measure shuts
(deny, withdraw, restrict) that service, and its trigger holds for somebody who is on the list and of whom nothing else
is known. Measures that reach a debtor otherwise (by a band, through relatives) slow nothing. A debt stands behind the
first list of the file whose trigger names its behaviour and whose exit needs what it shuts. Units: days, paces in 16
bits. Source: the policy says what an exit needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from vitropolis.base.errors import InputError
from vitropolis.base.fixed import ONE16, exact, share16
from vitropolis.model.measures import holds_on, measures_of, shuts
from vitropolis.model.procedure import grace_of
from vitropolis.model.rules import STRETCHES
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import Taken, leaves
from vitropolis.policy.schema import Listing
from vitropolis.policy.triggers import RecordsTrigger

Row = tuple[int, int, int]  # first day, pace in 16 bits, days of grace


def write_exits(table: Any, number: int, world: World, plan: Plan) -> None:
    """Write which debts wait behind which exit into world `number` of a table of rules: the same for every day."""
    names = list(world.behaviours)
    for place, (name, listing) in enumerate(world.lists.items()):
        rows = _stretches(world, plan, name, listing) if needed(listing) else []
        if all(pace == ONE16 for _, pace, _ in rows):
            continue
        if len(rows) > STRETCHES:
            said = f"lists.{name}.exit.needs_services: what it needs, or its grace, changes {len(rows) - 1} times"
            raise InputError(f"{world.policy.id}: {said}, a run plays {STRETCHES - 1}")
        table["stretches"][number, place] = len(rows)
        table["stretch"][number, place, : len(rows)] = rows
        for behaviour in named_in(listing):
            if table["trap"][number, names.index(behaviour)] < 0:
                table["trap"][number, names.index(behaviour)] = place


def needed(listing: Listing) -> tuple[str, ...]:
    """The services without which the exit cannot be earned."""
    return listing.exit.needs_services if listing.exit is not None else ()


def named_in(listing: Listing) -> set[str]:
    """The behaviours that a list's trigger names."""
    found = (leaf for leaf in leaves(listing.trigger) if isinstance(leaf, RecordsTrigger))
    return {name for leaf in found for name in leaf.behaviours}


def shut_by(world: World, name: str, listing: Listing, day: date) -> set[str]:
    """Of the services that a list's exit needs, those that being on it shuts on a day."""
    if not listing.in_force(day):
        return set()
    wanted = (item for item in measures_of(world).values() if item.service in needed(listing) and shuts(item.action))
    return {item.service for item in wanted if item.in_force(day) and holds_on(item.trigger, name)}


def _stretches(world: World, plan: Plan, name: str, listing: Listing) -> list[Row]:
    """Stretches of the horizon in which pace and grace are the same."""
    return list(_joined(_of_epochs(world, plan, name, listing)))


def _of_epochs(world: World, plan: Plan, name: str, listing: Listing) -> Iterator[Row]:
    slow = share16(exact(world.assumptions.payers.pace_shut.value))
    for first in plan.epochs:
        day = plan.date(first)
        pace = slow if shut_by(world, name, listing, day) else ONE16
        yield first, pace, grace_of(world, name, listing, day, Taken())


def _joined(rows: Iterator[Row]) -> Iterator[Row]:
    before: tuple[int, int] | None = None
    for first, *rest in rows:
        if tuple(rest) != before:
            before = (rest[0], rest[1])
            yield first, rest[0], rest[1]
