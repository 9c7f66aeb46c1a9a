"""Which measures act on somebody on their own account, and whether truly so. Section 9 of docs/mechanisms.md."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from tests.oracle.dated import NEVER
from tests.oracle.look import Listing, Look, Note, Standing
from tests.oracle.measures import ClassToday, MeasureClass
from tests.oracle.philox import HOLDER

if TYPE_CHECKING:
    from tests.oracle.world import World


def by_wrong_fact(listing: Listing) -> bool:
    return "wrong_fact" in listing.bins.values()


def end_after(day: int, days: int) -> int:
    return NEVER if days >= NEVER else day + days


def linger(world: World, look: Look, listing: Listing, how: str) -> None:
    """Other holders of a black list that somebody just left go on for a while as if they were on it."""
    name, rules = listing.name, world.today.lists[listing.name]
    if how == "repealed" or not rules.black or name not in world.lists_of_classes:
        return
    wait = world.holder_waits[world.chance.draw(look.resident, look.day, HOLDER, rules.place)[0] >> 24]
    within = world.today.procedure.propagates_within if how == "correction" else rules.propagates_within
    if within is not None:
        world.events["linger.cut_short"] += within < wait
        wait = min(wait, within)
    if wait == 0:
        return
    old, until = look.standing.lingering.get(name), look.day + wait
    if old is None or until >= old.until:
        look.standing.lingering[name] = Note(until, by_wrong_fact(listing))
        world.events["linger.wrong" if by_wrong_fact(listing) else "linger.right"] += 1


def hold_classes(world: World, look: Look) -> None:
    """Which classes act after this look, which of them truly; own hit, and what was ever so."""
    standing, before = look.standing, look.standing.acting
    still = {name for name, note in standing.lingering.items() if look.day < note.until}
    on = look.on | still
    right_on = {name for name in look.on if not by_wrong_fact(standing.listed[name])}
    right_on |= {name for name in still if not standing.lingering[name].wrong}
    suspended = standing.case is not None and standing.case.state == "pending" and world.today.procedure.suspends
    acting, truly, holding = set[int](), set[int](), set[int]()
    for each, rule in zip(world.classes, world.today.classes, strict=True):
        holds = look.holds(each.trigger, look.ledger, on)
        acts, rightly = class_acts(
            world, look, each, rule, holds, look.holds(each.trigger, look.right_ledger, right_on)
        )
        if suspended and rule.punishes:
            world.events["class.suspended"] += acts
            continue
        acting |= {each.place} if acts else set()
        truly |= {each.place} if acts and rightly else set()
        holding |= {each.place} if holds else set()
        world.events["class.by_lingering"] += acts and not look.holds(each.trigger, look.ledger)
    standing.acting, standing.truly = frozenset(acting), frozenset(truly)
    count_classes(world, before, acting, truly)
    world.touched[look.resident] |= acting
    judge(world, look, standing)
    mark_protected(world, look, (acting & truly & holding) - before, on)


def class_acts(
    world: World, look: Look, each: MeasureClass, rule: ClassToday, holds: bool, would: bool
) -> tuple[bool, bool]:
    """Whether a class acts, and whether it would on what is true; moves its note. `holds`, `would`: the trigger."""
    standing, day, place = look.standing, look.day, each.place
    note = standing.class_notes.pop(place, None)
    if not rule.in_force:
        return False, False
    if rule.fixed is not None:
        if note is None and holds:
            note = Note(end_after(day, rule.fixed + rule.after), not would)
            world.events["class.fixed"] += 1
        elif note is not None and day >= note.until and not holds:
            note = None
    elif rule.after == 0 or holds:
        return holds, would
    else:
        if note is None and place in standing.acting:
            note = Note(end_after(day, rule.after), place not in standing.truly)
            world.events["class.after"] += 1
        elif note is not None and day >= note.until:
            note = None
    if note is None:
        return False, False
    standing.class_notes[place] = note
    world.events["class.note_over_but_holding"] += holds and day == note.until
    return day < note.until, not note.wrong


def count_classes(world: World, before: Set[int], acting: Set[int], truly: Set[int]) -> None:
    world.events["class.begins"] += len(acting - before)
    world.events["class.ends"] += len(before - acting)
    world.events["class.begins.wrong"] += len(acting - before - truly)


def judge(world: World, look: Look, standing: Standing) -> None:
    """Own hit, wrongly so, at fault."""
    punishing = {place for place in standing.acting if world.today.classes[place].punishes}
    black = [standing.listed[name] for name in look.on if world.today.lists[name].black]
    standing.own_hit = bool(black or punishing)
    standing.wrongly = any(map(by_wrong_fact, black)) or bool(punishing - standing.truly)
    standing.at_fault = any(look.adverse(record) for record in look.live)
    ever = world.ever[look.resident]
    world.events["ever.hit"] += standing.own_hit and "hit" not in ever
    world.events["ever.wrongly"] += standing.wrongly and "wrongly" not in ever
    ever |= {"hit"} if standing.own_hit else set()
    ever |= {"wrongly"} if standing.wrongly else set()


def mark_protected(world: World, look: Look, anew: Set[int], on: Set[str]) -> None:
    """Whom only lawful or protected conduct, or being unable to pay, brought here, by definition of deserving.

    `anew`: classes that act truly and did not after the last look, with a trigger that holds.
    """
    punishing = [place for place in anew if world.today.classes[place].punishes]
    for definition in world.definitions:
        listed = any(look.standing.listed[name].bins.get(definition) == "lawful" for name in look.began)
        kept = look.deserved(definition) if punishing else []
        met = bool(punishing) and len(kept) < len(look.right)
        if met:
            reading = look.ledger_of(kept)
            met = any(not look.holds(world.classes[place].trigger, reading, on) for place in punishing)
        world.events["ever.protected.by_list"] += listed
        world.events["ever.protected.by_class"] += met
        if listed or met:
            world.ever[look.resident].add(f"protected {definition}")
