"""From the measures and spill-overs of a policy to tables: classes, and what they do (docs/mechanisms.md, 9, 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from vitropolis.base.errors import InputError
from vitropolis.base.fixed import exact, geometric_quantiles, s32
from vitropolis.model.clerks import lets_through
from vitropolis.model.programs import Leaves, program_of
from vitropolis.model.rules import (
    CLASSES,
    FIRM_SERVICES,
    MEASURES,
    NEVER,
    NO_WAIT,
    OTHER_SERVICE,
    PERSON_SERVICES,
    RELATIONS,
    SPILLS,
)
from vitropolis.model.worlds import World
from vitropolis.policy import SERVICES, leaves
from vitropolis.policy.schema import Listing, Measure, Spill
from vitropolis.policy.triggers import (
    Action,
    AllTrigger,
    AnyTrigger,
    CarriesListing,
    CarriesMeasure,
    Delay,
    Deny,
    ListedTrigger,
    Price,
    Priority,
    RecordsTrigger,
    Restrict,
    Trigger,
    Withdraw,
    polarity,
)

ONE16 = 65536
PLACES = {"first": 0, "ahead": 1, "behind": 3, "last": 4}  # in a queue; 2 is where everybody else is


@dataclass(frozen=True)
class MeasureClass:
    """Measures (by name) that share a trigger and time limits; `example` is the first of them."""

    example: Measure
    names: tuple[str, ...]


def measures_of(world: World) -> dict[str, Measure]:
    """Measures of the world's subject, in the order of the file."""
    found = world.policy.measures.items()
    return {name: item for name, item in found if _is_mine(world, item)}


def _is_mine(world: World, measure: Measure) -> bool:
    """Whether a measure meets the world's subject: firms by what their own lists, scores and records trigger."""
    firms = world.subject == "firm"
    return about_firms(world, measure) if firms else _of_persons(world, measure)


def _of_persons(world: World, measure: Measure) -> bool:
    return SERVICES[measure.service].subject == "person" and not about_firms(world, measure)


def about_firms(world: World, measure: Measure) -> bool:
    """Whether a measure's trigger names what is of firms."""
    policy = world.policy
    for leaf in leaves(measure.trigger):
        if isinstance(leaf, RecordsTrigger):
            firm = any(policy.is_firm_feed(policy.behaviours[name].feed) for name in leaf.behaviours)
        elif isinstance(leaf, ListedTrigger):
            firm = any(policy.lists[name].subject == "firm" for name in leaf.lists)
        else:
            firm = policy.scores[leaf.score].subject == "firm"
        if firm:
            return True
    return False


def classes_of(world: World) -> tuple[MeasureClass, ...]:
    """The classes of a world's measures. InputError where there are more than a run plays."""
    found: list[tuple[Any, Measure, list[str]]] = []
    measures = measures_of(world)
    for name, item in measures.items():
        key = (item.trigger, item.fixed_days, item.after_exit_days, item.starts_on, item.ends_before)
        known = next((names for other, _, names in found if other == key), None)
        if known is None:
            found.append((key, item, [name]))
        else:
            known.append(name)
    _check(world, f"measures of {world.subject}s", len(measures), MEASURES)
    _check(world, "different triggers (with their time limits) of measures", len(found), CLASSES)
    return tuple(MeasureClass(example, tuple(names)) for _, example, names in found)


def spills_of(world: World) -> dict[str, Spill]:
    """Spill-overs of a measure or list of the subject that reach it: at home, or (firms) from persons to a firm."""
    relations = ("firm",) if world.subject == "firm" else RELATIONS
    firms = replace(world, subject="firm")
    found = {}
    for name, item in world.policy.spillover.items():
        carries = item.carries
        measure = isinstance(carries, CarriesMeasure) and carries.measure in measures_of(world)
        listing = isinstance(carries, CarriesListing) and carries.list in world.lists
        of_firm = world.subject == "person" and item.to == "legal_rep" and _of_firm(firms, item)
        if of_firm or (item.to in relations and (measure or listing)):
            found[name] = item
    _check(
        world, "spill-overs to firms" if world.subject == "firm" else "spill-overs in the household", len(found), SPILLS
    )
    return found


def _of_firm(firms: World, spill: Spill) -> bool:
    """Whether a spill-over carries a listing or a measure of firms."""
    if isinstance(spill.carries, CarriesMeasure):
        return spill.carries.measure in measures_of(firms)
    return isinstance(spill.carries, CarriesListing) and spill.carries.list in firms.lists


def _check(world: World, what: str, found: int, limit: int) -> None:
    if found > limit:
        raise InputError(f"{world.policy.id}: a run plays at most {limit} {what}, not {found}")


def days_or_never(days: int | None) -> int:
    """Days as kernels have them: no end is 8191."""
    return NEVER if days is None else min(days, NEVER)


def write_measures(table: Any, number: int, world: World, day: date, found: Leaves) -> None:
    """Write the classes and measures in force on a day into world `number` of a table of rules."""
    names = list(measures_of(world))
    table["measures"][number] = len(names)
    for name, item in measures_of(world).items():
        _write_measure(table, number, world, day, names.index(name), item)
    classes = classes_of(world)
    table["classes"][number] = len(classes)
    for place, one in enumerate(classes):
        example = one.example
        program_of(example.trigger, found, table["class_program"][number, place])
        table["class_in_force"][number, place] = example.in_force(day)
        for leaf in leaves(example.trigger):
            table["class_leaves"][number] |= 1 << found.place_of(leaf)
        fixed = example.fixed_days.on(day) if example.fixed_days is not None else None
        after = days_or_never(example.after_exit_days.on(day)) if example.after_exit_days is not None else 0
        table["fixed"][number, place] = -1 if fixed is None else min(fixed, NEVER)
        table["after"][number, place] = after
        lasts = example.fixed_days is not None or example.after_exit_days is not None
        table["lasting"][number] |= (1 << place) if lasts else 0
        mine = [names.index(name) for name in one.names]
        table["class_measures"][number, place] = sum(1 << each for each in mine) if example.in_force(day) else 0
        punishes = any(int(table["punish"][number]) >> each & 1 for each in mine)
        table["punishing"][number] |= (1 << place) if punishes else 0
    _write_holders(table, number, world, day)


def _write_measure(table: Any, number: int, world: World, day: date, place: int, item: Measure) -> None:
    service, action, bit = service_place(world, item.service), item.action, 1 << place
    table["service_of"][number, place] = service
    table["service_measures"][number, service] |= bit
    dearer = isinstance(action, Price) and action.factor.on(day) > 1
    days = max(0, action.days.on(day)) if isinstance(action, Delay) else 0
    table["punish"][number] |= bit if polarity(action, day) == "sanction" else 0
    table["shut"][number] |= bit if shuts(action) else 0
    table["dearer"][number] |= bit if dearer else 0
    table["bear"][number] |= bit if shuts(action) or dearer or days else 0
    table["delay"][number, place] = days
    table["puts"][number] |= bit if isinstance(action, Priority) else 0
    table["place_in_queue"][number, place] = PLACES[action.place.on(day)] if isinstance(action, Priority) else 2
    table["refuses"][number, place] = _refused(world, item, day)


def shuts(action: Action) -> bool:
    """Whether a measure shuts the door of its service, for everybody whom it meets or for some."""
    return isinstance(action, Deny | Withdraw | Restrict)


def service_place(world: World, service: str) -> int:
    """Place of a service among those of persons; for firms among theirs, all of persons in one place behind them."""
    if world.subject == "person":
        return PERSON_SERVICES.index(service)
    return FIRM_SERVICES.index(service) if service in FIRM_SERVICES else OTHER_SERVICE


def _refused(world: World, item: Measure, day: date) -> tuple[int, int]:
    """16-bit shares of requests that a measure makes fail, after its exceptions: two lowest income fifths, others."""
    held, action, share = world.assumptions.services, item.action, Fraction(shuts(item.action))
    if isinstance(action, Restrict):
        share -= exact(action.kept_share.on(day))
    short = Fraction(0)
    if isinstance(action, Price) and action.of == "deposit":
        short = min(Fraction(1), max(Fraction(0), exact(action.factor.on(day)) - 1) * exact(held.deposit_short.value))
    let = 1 - lets_through(world, item)
    if item.hardship_exception is True:
        let *= 1 - exact(held.hardship_lifted.value)
    if item.minimum_guarantee is True:
        let *= 1 - exact(held.minimum_kept.value)
    return round(max(share, short) * let * ONE16), round(share * let * ONE16)


def _write_holders(table: Any, number: int, world: World, day: date) -> None:
    """How long others go on holding a black listing that is over: 256 quantiles, after other exits and correction."""
    named = {
        name
        for one in classes_of(world)
        for leaf in leaves(one.example.trigger)
        if isinstance(leaf, ListedTrigger)
        for name in leaf.lists
    }
    mean = exact(world.assumptions.lists.holders_mean_days.value)
    days = _quantiles(1 / mean)
    for place, (name, listing) in enumerate(world.lists.items()):
        table["lingers"][number, place] = listing.polarity == "black" and name in named
        for row, most in enumerate((_promised(listing, day), _promised_after_correction(world, day))):
            table["holder"][number, place, row] = [each if most is None else min(each, most) for each in days]


@lru_cache(maxsize=64)
def _quantiles(share: Fraction) -> tuple[int, ...]:
    return tuple(geometric_quantiles(share, 256, NO_WAIT))


def _promised(listing: Listing, day: date) -> int | None:
    said = listing.exit.propagates_within_days if listing.exit else None
    return said.on(day) if said is not None else None


def _promised_after_correction(world: World, day: date) -> int | None:
    procedure = world.policy.procedure
    part = procedure.correction if procedure else None
    said = part.propagates_within_days if part else None
    return said.on(day) if said is not None else None


def write_spills(table: Any, number: int, world: World, day: date) -> None:
    """Write the household spill-overs in force on a day into world `number` of a table of rules."""
    classes, names = classes_of(world), list(measures_of(world))
    spills = spills_of(world)
    table["spills"][number] = len(spills)
    for place, item in enumerate(spills.values()):
        weight = exact(item.weight.on(day)) if item.weight is not None else Fraction(1)
        known = s32(exact(world.assumptions.spillover.reach[item.to].value) * weight) if item.to in RELATIONS else 0
        row: dict[str, Any] = {
            "spill_in_force": item.in_force(day) and weight > 0,
            "spill_to": RELATIONS.index(item.to) if item.to in RELATIONS else len(RELATIONS),
            "spill_known": known,
            "spill_fault": item.individual_fault_test is True,
            "spill_list": -1,
        }
        if item.to == "legal_rep" and world.subject == "person":
            row |= _carried_by_firm(table, number, world, item, classes, day)
        elif isinstance(item.carries, CarriesMeasure):
            row |= _carried_measure(world, item.carries.measure, classes, names, day)
        elif isinstance(item.carries, CarriesListing):
            row |= _carried_list(table, number, world, item.carries.list, classes)
        for key, value in row.items():
            table[key][number, place] = value


def _carried_measure(
    world: World, name: str, classes: Sequence[MeasureClass], names: list[str], day: date
) -> dict[str, Any]:
    place = next(place for place, one in enumerate(classes) if name in one.names)
    in_force = world.policy.measures[name].in_force(day)
    return {"spill_class": place, "spill_measures": (1 << names.index(name)) if in_force else 0}


def _carried_by_firm(
    table: Any, number: int, world: World, item: Spill, classes: Sequence[MeasureClass], day: date
) -> dict[str, Any]:
    """A firm's representative is met by what a black list of persons brings."""
    black = [name for name, listing in world.lists.items() if listing.polarity == "black"]
    met = [place for place, one in enumerate(classes) if any(holds_on(one.example.trigger, name) for name in black)]
    if isinstance(item.carries, CarriesMeasure):
        hits = polarity(world.policy.measures[item.carries.measure].action, day) == "sanction"
    else:
        assert isinstance(item.carries, CarriesListing)
        hits = world.policy.lists[item.carries.list].polarity == "black"
    found = 0
    for place in met:
        found |= int(table["class_measures"][number, place])
    return {"spill_measures": found, "spill_black": hits}


def _carried_list(table: Any, number: int, world: World, name: str, classes: Sequence[MeasureClass]) -> dict[str, Any]:
    met = [place for place, one in enumerate(classes) if holds_on(one.example.trigger, name)]
    return {
        "spill_list": list(world.lists).index(name),
        "spill_measures": sum(int(table["class_measures"][number, place]) for place in met),
        "spill_black": world.lists[name].polarity == "black",
    }


def holds_on(trigger: Trigger, listed: str) -> bool:
    """Whether a trigger holds for somebody who is on one list, and of whom nothing else is known."""
    if isinstance(trigger, AnyTrigger):
        return any(holds_on(part, listed) for part in trigger.of)
    if isinstance(trigger, AllTrigger):
        return all(holds_on(part, listed) for part in trigger.of)
    return isinstance(trigger, ListedTrigger) and listed in trigger.lists
