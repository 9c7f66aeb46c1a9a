"""What goes over to others of the same household, and whom which measures meet. Section 10 of docs/mechanisms.md."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.oracle.doors import by_wrong_fact
from tests.oracle.measures import MeasureToday, SpillToday, holds_on_list
from tests.oracle.philox import SPILL

from vitropolis.policy.words import SERVICES

if TYPE_CHECKING:
    from tests.oracle.world import World

HEADS = ("head", "spouse")


def are_relatives(relation: str, role_a: str, role_b: str) -> bool:
    """Whether A is B's relative for what goes over to a relation; both live in one family household."""
    if "collective" in (role_a, role_b):
        return False
    if relation == "child":
        return role_b == "child" and role_a in HEADS
    if relation == "parent":
        return (role_a == "child" and role_b in HEADS) or (role_a in HEADS and role_b == "parent")
    if relation == "spouse":
        return {role_a, role_b} == set(HEADS)
    return True


def open_doors(world: World) -> None:
    """After all looks of a day: who carries what, which measures meet whom; and what was ever so."""
    world.closed_before, world.closed = world.closed, set()
    for resident in range(world.city.n):
        before, world.carried[resident] = world.carried[resident], carried_to(world, resident)
        world.events["spill.begins"] += len(world.carried[resident].keys() - before.keys())
        world.events["spill.ends"] += len(before.keys() - world.carried[resident].keys())
        meets = measures_met(world, resident)
        world.meets[resident] = meets
        hitting = [wrong for spill, wrong in world.carried[resident].items() if hits(world, spill)]
        world.through[resident] = bool(hitting)
        if hitting:
            world.ever[resident].add("through")
            if all(hitting):
                world.events["ever.wrongly_through"] += "wrongly through" not in world.ever[resident]
                world.ever[resident].add("wrongly through")
        if any(measure.bears_on_requests for measure in meets):
            world.closed.add(resident)


def carried_to(world: World, b: int) -> dict[int, bool]:
    """By spill-over that reaches B: whether every known relative from whom it comes has it wrongly."""
    found: dict[int, bool] = {}
    for place, spill in enumerate(world.today.spills):
        if not spill.reaches:
            continue
        if spill.to == "legal_rep":
            found |= from_firms(world, place, spill, b)
            continue
        sources = [a for a in world.city.household_of(b) if a != b and has(world, spill, a)]
        sources = [a for a in sources if known(world, place, spill, a, b)]
        if not sources:
            continue
        standing = world.standings.get(b)
        if spill.fault_test and not (standing and standing.at_fault):
            world.events["spill.no_fault"] += 1
            continue
        world.events[f"spill.{spill.to}.days"] += 1
        world.events["spill.list.days" if spill.carries_list else "spill.measure.days"] += 1
        found[place] = all(wrongly(world, spill, a) for a in sources)
        world.events["spill.wrong.days"] += found[place]
    return found


def from_firms(world: World, place: int, spill: SpillToday, b: int) -> dict[int, bool]:
    """The same of what firms carry to their legal representative."""
    office, standing = world.work.offices.get(b, {}), world.standings.get(b)
    if place not in office:
        return {}
    if spill.fault_test and not (standing and standing.at_fault):
        world.events["spill.no_fault"] += 1
        return {}
    world.events["spill.legal_rep.days"] += 1
    world.events["spill.legal_rep.wrong.days"] += office[place]
    return {place: office[place]}


def known(world: World, place: int, spill: SpillToday, a: int, b: int) -> bool:
    """Whether A is B's relative, and the register knows it."""
    if not are_relatives(spill.to, world.city.role[a], world.city.role[b]):
        return False
    in_household = a - world.city.households[a][0]
    draw = world.chance.draw(b, 0, SPILL, in_household << 3 | place)[0]
    return draw < world.reach32[spill.to]


def has(world: World, spill: SpillToday, a: int) -> bool:
    standing = world.standings.get(a)
    if standing is None:
        return False
    if spill.carries_list is not None:
        return spill.carries_list in standing.listed
    assert spill.carries_measure is not None
    in_force = world.today.measures[spill.carries_measure].in_force
    return in_force and world.class_of[spill.carries_measure] in standing.acting


def wrongly(world: World, spill: SpillToday, a: int) -> bool:
    standing = world.standings[a]
    if spill.carries_list is not None:
        return by_wrong_fact(standing.listed[spill.carries_list])
    assert spill.carries_measure is not None
    return world.class_of[spill.carries_measure] not in standing.truly


def measures_carried(world: World, place: int) -> list[MeasureToday]:
    """The measures by which a carried spill-over meets whom it reaches."""
    spill, today = world.today.spills[place], world.today
    if spill.carries_measure is not None:
        return [today.measures[spill.carries_measure]]
    carried = [spill.carries_list] if spill.carries_list is not None else black_lists(world)
    names = (
        name
        for each, rule in zip(world.classes, today.classes, strict=True)
        if rule.in_force and any(holds_on_list(each.trigger, name) for name in carried)
        for name in each.measures
    )
    return [today.measures[name] for name in names]


def black_lists(world: World) -> list[str]:
    """What a firm's black listing brings its representative is what these bring."""
    return [name for name, item in world.policy.lists.items() if item.polarity == "black"]


def hits(world: World, place: int) -> bool:
    """Whether what is carried is a black list, or has a punishing measure."""
    name = world.today.spills[place].carries_list
    black = name is not None and world.today.lists[name].black
    return (
        black
        or world.today.spills[place].to == "legal_rep"
        or any(measure.punishes for measure in measures_carried(world, place))
    )


def measures_met(world: World, resident: int) -> list[MeasureToday]:
    """Every measure that meets a resident, by held class or carried, once."""
    standing, today = world.standings.get(resident), world.today
    held = standing.acting if standing else frozenset[int]()
    found = {name: today.measures[name] for place in sorted(held) for name in world.classes[place].measures}
    for place in world.carried[resident]:
        found |= {measure.name: measure for measure in measures_carried(world, place)}
    return list(found.values())


def count_doors(world: World, day: int) -> None:
    """Stocks of the day: doors, who is hit now, and who ever was."""
    for resident in range(world.city.n):
        district, ever, standing = world.city.district[resident], world.ever[resident], world.standings.get(resident)
        for name in stocks_of(world, resident, ever, bool(standing and standing.own_hit)):
            world.counts.items[day, district, name] += 1
        if standing and any(world.today.lists[name].black for name in standing.listed):
            world.counts.items[day, district, "on_black_list"] += 1
        if standing and standing.wrongly:
            world.counts.items[day, district, "wrong_now"] += 1
        for service in sorted({measure.service for measure in world.meets[resident] if measure.shuts}):
            world.counts.doors[day, district, service] += 1
            world.counts.services[day // 7, district, service, "person_days"] += 1
            world.counts.services[day // 7, district, service, "shut_at_its_end"] += (
                day % 7 == 6 or day == world.days - 1
            )


def doors_shut(world: World, resident: int) -> int:
    return len({measure.service for measure in world.meets[resident] if measure.shuts})


def fields_of(world: World, resident: int) -> Counter[str]:
    """In how many of the five fields somebody meets a shut door, and where none is open. Section 15."""
    shut = {measure.service for measure in world.meets[resident] if measure.shuts}
    found: Counter[str] = Counter()
    limited = {SERVICES[service].field for service in shut}
    for field in limited:
        found[f"limited_{field}"] = 1
        every = {name for name, item in SERVICES.items() if item.field == field and item.subject == "person"}
        found[f"none_open_{field}"] = every <= shut
    if limited:
        found[f"fields_{len(limited)}"] = 1
        found["all_shut"] = shut == {measure.service for measure in world.today.measures.values() if measure.shuts}
    return found


def stocks_of(world: World, resident: int, ever: set[str], hit: bool) -> list[str]:
    doors = doors_shut(world, resident)
    classes = {"doors_1": doors == 1, "doors_2_4": 2 <= doors <= 4, "doors_5_9": 5 <= doors <= 9}
    found = Counter(classes | {"doors_10": doors >= 10, "hit_now": hit})
    found["through_now"] = world.through[resident] and not hit
    found += fields_of(world, resident)
    for place, definition in zip(("first", "second"), world.definitions, strict=True):
        bin_ = "wrong_fact" if "wrongly" in ever else "protected" if f"protected {definition}" in ever else "breach"
        found[f"ever_{place}_{bin_}"] = "hit" in ever
    found["ever_through"] = "through" in ever and "hit" not in ever
    found["ever_through_wrong"] = "wrongly through" in ever and "hit" not in ever
    found["ever_wrongly"] = bool({"wrongly", "wrongly through"} & ever)
    found["ever_hit"] = bool({"hit", "through"} & ever)
    found["left_city"] = resident in world.left
    found["ever_refused"] = "refused" in ever
    return [name for name, true in found.items() if true]
