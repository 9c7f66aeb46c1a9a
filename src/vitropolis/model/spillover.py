"""Spill-over in the household (M7), and what meets everybody after a day's looks (docs/mechanisms.md, section 10).

Worked out for whole households in which somebody's standing changed, from what everybody's look has left: so the
order of looks changes nothing. Everything that is counted of doors and hits is counted here.

A relation is known to the registers with the share `reach` * `weight`, drawn once for each pair and spill-over. What
is carried meets the relative by itself and is not carried on; it is wrong if it would come from no relative without
the wrong records. Source: the policy says what goes over and to whom; the shares are assumed.
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.draws import Stream
from vitropolis.base.kernels import inner, int64, kernel, philox
from vitropolis.model import counts as tally
from vitropolis.model.counts import DOORS_SEEN, add
from vitropolis.model.doors import door_class, doors_of, of_classes, truly_held
from vitropolis.model.fields import count_fields
from vitropolis.model.files import files_of
from vitropolis.model.hits import THROUGH, THROUGH_WRONG, ever, move
from vitropolis.model.rules import OFFICE

SPILL = int(Stream.SPILL)
SPOUSE, CHILD, PARENT, HOUSEHOLD = range(4)
HEAD, WIFE_OR_HUSBAND, HEADS_CHILD, HEADS_PARENT, _, COLLECTIVE = range(6)
FAULT = 128
STANDING = 65535
CHANGED = 1 << 33  # of `desk.standing`: a look of today changed it


@inner
def couple(role: Any) -> Any:
    """Whether somebody heads the household, alone or with a spouse."""
    return role in (HEAD, WIFE_OR_HUSBAND)


@inner
def related(relation: Any, source: Any, other: Any) -> Any:
    """Whether the second of two members of a household is the first one's relative; arguments are roles."""
    if source == COLLECTIVE or other == COLLECTIVE:
        return False
    if relation == HOUSEHOLD:
        return True
    if relation == CHILD:
        return couple(source) and other == HEADS_CHILD
    if relation == SPOUSE:
        return couple(source) and couple(other) and source != other
    return (source == HEADS_CHILD and couple(other)) or (couple(source) and other == HEADS_PARENT)


@inner
def standing_of(world: Any, place: Any, day: Any, state: Any, desk: Any) -> Any:
    """The classes that act on somebody from today."""
    stirred = desk.stamp[place] == day + 1
    return desk.standing[world, place] & STANDING if stirred else int64(state.held[world, place])


@inner
def truly_of(world: Any, place: Any, day: Any, state: Any, desk: Any) -> Any:
    """Those of them that act truly."""
    if desk.stamp[place] == day + 1:
        return (desk.standing[world, place] >> 16) & STANDING
    return truly_held(world, place, int64(state.held[world, place]), files_of(state))


@inner
def at_fault(world: Any, place: Any, day: Any, state: Any, desk: Any) -> Any:
    """Whether an adverse record of theirs lives."""
    if desk.stamp[place] == day + 1:
        return (desk.standing[world, place] >> 32) & 1 == 1
    return int64(state.carried[world, place]) & FAULT != 0


@inner
def changed_in(world: Any, first: Any, size: Any, day: Any, desk: Any) -> Any:
    """Whether a look of today changed the standing of somebody of a household in this world."""
    found = False
    for place in range(first, first + size):
        found |= desk.stamp[place] == day + 1 and desk.standing[world, place] & CHANGED != 0
    return found


@inner
def fault_matters(rules: Any, world: Any) -> Any:
    """Whether some spill-over asks if its relative is at fault."""
    found = False
    for spill in range(rules.spills[world]):
        found |= rules.spill_fault[world, spill] != 0
    return found


@inner
def source_of(rules: Any, world: Any, spill: Any, place: Any, at: Any, state: Any, desk: Any) -> Any:
    """What somebody carries to relatives by a spill-over: 0 nothing, 1 wrongly, 2 truly."""
    entry = rules.spill_list[world, spill]
    if entry >= 0:
        if not (int64(state.lists[world, place]) >> entry) & 1:
            return 0
        return 1 if (int64(state.wronged[world, place]) >> entry) & 1 else 2
    number = rules.spill_class[world, spill]
    if not rules.spill_measures[world, spill] or not (standing_of(world, place, at.day, state, desk) >> number) & 1:
        return 0
    return 2 if (truly_of(world, place, at.day, state, desk) >> number) & 1 else 1


@inner
def reaches(rules: Any, world: Any, spill: Any, at: Any, state: Any, desk: Any) -> Any:
    """Whether a spill-over reaches somebody from a relative: 0 no, 1 wrongly, 2 truly."""
    if rules.spill_fault[world, spill] and not at_fault(world, at.place, at.day, state, desk):
        return 0
    position, size = int64(state.household[at.place]) >> 4, int64(state.household[at.place]) & 15
    found = 0
    for member in range(size):
        place = at.place - position + member
        if member == position or found == 2:
            continue
        if not related(rules.spill_to[world, spill], state.role[place], state.role[at.place]):
            continue
        carries = source_of(rules, world, spill, place, at, state, desk)
        if carries > found:
            lot, _, _, _ = philox(at.resident, 0, SPILL, (member << 3) | spill, at.key0, at.key1)
            if int64(lot) < rules.spill_known[world, spill]:
                found = carries
    return found


@inner
def from_office(rules: Any, world: Any, spill: Any, at: Any, state: Any, desk: Any) -> Any:
    """Whether a spill-over reaches somebody from a firm: 0 no, 1 wrongly, 2 truly."""
    office = int64(state.office[world, at.place]) >> spill
    if not office & 1 or (rules.spill_fault[world, spill] and not at_fault(world, at.place, at.day, state, desk)):
        return 0
    return 1 if (office >> 8) & 1 else 2


@inner
def carried_to(rules: Any, world: Any, at: Any, state: Any, desk: Any) -> Any:
    """Return (spill-overs that reach somebody, those of them that do so wrongly), one bit each."""
    carried, wrongly = 0, 0
    for spill in range(rules.spills[world]):
        if rules.spill_in_force[world, spill]:
            if rules.spill_to[world, spill] == OFFICE:
                how = from_office(rules, world, spill, at, state, desk)
            else:
                how = reaches(rules, world, spill, at, state, desk)
            carried |= (1 if how else 0) << spill
            wrongly |= (1 if how == 1 else 0) << spill
    return carried, wrongly


@inner
def hitting(rules: Any, world: Any, carried: Any) -> Any:
    """Those spill-overs that hit: a black list, or a measure that punishes."""
    found = 0
    for spill in range(rules.spills[world]):
        hits = rules.spill_black[world, spill] or rules.spill_measures[world, spill] & rules.punish[world]
        found |= (1 if hits else 0) << spill
    return carried & found


@kernel
def count_doors(world: Any, at: Any, old: Any, new: Any, days: Any, counts: Any) -> None:
    """Count the services whose door shut or opened for somebody; `days` are left of the week, today included."""
    changed, service = old ^ new, 0
    counts.seen[world, at.district, at.cell] |= DOORS_SEEN if changed else 0
    while changed:
        if changed & 1:
            step = 1 if (new >> service) & 1 else -1
            row = counts.doors[world, at.district, at.cell, service]
            row[tally.DOOR_CHANGE] += step
            row[tally.DOOR_DAYS] += step * days
        changed >>= 1
        service += 1


@kernel
def count_started(world: Any, begun: Any, spilled: Any, counts: Any) -> None:
    """Count measures and spill-overs that began to meet somebody, one bit each."""
    number = 0
    while begun:
        counts.fired[world, tally.MEASURE_FIRED + number] += begun & 1
        begun >>= 1
        number += 1
    number = 0
    while spilled:
        counts.fired[world, tally.SPILL_FIRED + number] += spilled & 1
        spilled >>= 1
        number += 1


@inner
def settle(rules: Any, former: Any, black: Any, world: Any, at: Any, state: Any, counts: Any, desk: Any) -> Any:
    """Work out what meets one resident in one world from today, and count what that changes.

    Returns whether a measure bears on requests. `former` are the rules that held yesterday, `black` the black lists.

    1. What relatives carry. 2. Measures before and now. 3. Doors. 4. Hit, wrongly, through others.
    """
    was, now = int64(state.held[world, at.place]), standing_of(world, at.place, at.day, state, desk)
    before = int64(state.carried[world, at.place]) & ~FAULT
    carried, wrongly = carried_to(rules, world, at, state, desk)
    old = of_classes(former, world, was, before)
    new = of_classes(rules, world, now, carried)
    if old != new or carried != before:
        shut_before, shut_now = doors_of(former, world, old), doors_of(rules, world, new)
        count_doors(world, at, shut_before, shut_now, 7 - at.weekday, counts)
        if shut_before != shut_now:
            count_fields(world, at, shut_before, shut_now, doors_of(rules, world, rules.shut[world]), counts)
        count_started(world, new & ~old, carried & ~before, counts)
    truly = now
    if now & rules.punishing[world]:
        truly = truly_of(world, at.place, at.day, state, desk)
    lists = int64(state.lists[world, at.place]) & black
    hit = now & rules.punishing[world] != 0 or lists != 0
    wrong = now & ~truly & rules.punishing[world] != 0 or lists & int64(state.wronged[world, at.place]) != 0
    through = hitting(rules, world, carried)
    shown = (1 if hit else 0) | (2 if wrong else 0) | (4 if through else 0)
    shown |= door_class(doors_of(rules, world, new)) << 3
    keep_now(world, at, shown, state, counts)
    if through:
        ever(world, at.place, at, THROUGH | (THROUGH_WRONG if through & ~wrongly == 0 else 0), state, counts)
    fault = FAULT if at_fault(world, at.place, at.day, state, desk) else 0
    if state.carried[world, at.place] != carried | fault:
        state.carried[world, at.place] = carried | fault
    if now & ~int64(state.touched[world, at.place]):
        state.touched[world, at.place] |= now
    return new & rules.bear[world] != 0


@inner
def keep_now(world: Any, at: Any, shown: Any, state: Any, counts: Any) -> None:
    """Write down how somebody stands today, and count what changed; the bit of an answer stays."""
    old = int64(state.now[world, at.place])
    move(world, tally.HIT_NOW, at, old & 1 != 0, shown & 1 != 0, counts)
    move(world, tally.WRONG_NOW, at, old & 2 != 0, shown & 2 != 0, counts)
    move(world, tally.THROUGH_NOW, at, old & 5 == 4, shown & 5 == 4, counts)
    was, now = (old >> 3) & 7, (shown >> 3) & 7
    if was != now:
        if was:
            add(counts, world, tally.DOORS + was - 1, at, -1)
        if now:
            add(counts, world, tally.DOORS + now - 1, at, 1)
    if old != (old & 128) | shown:
        state.now[world, at.place] = (old & 128) | shown


@inner
def stir(place: Any, day: Any, stirred: Any, state: Any, desk: Any) -> Any:
    """Put somebody among those whose standing changed today, as they stood yesterday; return how many there are."""
    if desk.stamp[place] == day + 1:
        return stirred
    desk.stamp[place] = day + 1
    for world in range(state.held.shape[0]):
        held = int64(state.held[world, place])
        fault = 1 if int64(state.carried[world, place]) & FAULT else 0
        desk.standing[world, place] = held | (truly_held(world, place, held, files_of(state)) << 16) | (fault << 32)
    desk.stirred[stirred] = place
    return stirred + 1


@inner
def take_place_in(world: Any, place: Any, day: Any, state: Any, desk: Any) -> None:
    """Today's standing becomes what was, once a household is settled."""
    if desk.stamp[place] == day + 1 and state.held[world, place] != desk.standing[world, place] & STANDING:
        state.held[world, place] = desk.standing[world, place] & STANDING
