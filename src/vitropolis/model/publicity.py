"""Publicity: who sees a published black list, and who is taken for somebody on it (docs/mechanisms.md, section 20).

A black listing that is published is seen when it begins: every family's D of the other members of the household rises
by `household_step`, and it counts at the workplace like `workplace_records` adverse records. Where a list is published
by the name alone (no number beside it), each week somebody of the same name is refused something in the place of the
share `mistaken_for_listed` of those on it; that is counted and changes nothing else. A red list is seen as praise and
deters nobody. Units: steps of deterrence (0-255), records, share a week. Source: none; this project's own.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from vitropolis.base.draws import Stream
from vitropolis.base.fixed import exact, s32
from vitropolis.base.kernels import inner, int64, kernel, philox
from vitropolis.city.kernels import namesake
from vitropolis.model import counts as tally
from vitropolis.model.conduct import gather
from vitropolis.model.counts import At, add
from vitropolis.model.deterrence import brought_to, with_fear
from vitropolis.model.gone import works_in
from vitropolis.model.rules import FAMILIES
from vitropolis.model.worlds import World
from vitropolis.policy.schema import Listing

NAMED = int(Stream.NAMED)
NUMBERS = ("id_partial", "id_full")


@inner
def be_seen(rules: Any, world: Any, at: Any, begun: Any, fading: Any, settling: Any, state: Any, counts: Any) -> None:
    """Let the household and the workplace see the black listings that begin today, if they are published."""
    home, work = 0, 0
    for entry in range(rules.lists[world]):
        if (begun >> entry) & 1:
            home += rules.seen_at_home[world, entry]
            work += rules.seen_at_work[world, entry]
    if work and works_in(world, at.place, state):
        counts.work[world, state.employer[at.place]] += work
    if not home:
        return
    position, size = int64(state.household[at.place]) >> 4, int64(state.household[at.place]) & 15
    for place in range(at.place - position, at.place - position + size):
        if place != at.place:
            word = brought_to(state.fear[world, place], at.day // 7, fading[world], settling[world])
            for family in range(FAMILIES):
                word = with_fear(word, family, home)
            state.fear[world, place] = word


@kernel
def mistake_people(
    where: Any, rules: Any, names: Any, cells: Any, ends: Any, state: Any, counts: Any, desk: Any
) -> None:
    """Who is taken this week for somebody on a list published by name: counted where they live, in their group."""
    for world in range(rules.worlds):
        if not rules.named[world] or not rules.mistaken[world]:
            continue
        for place in range(state.wake.size):
            desk.mask[place] = (int64(state.lists[world, place]) & rules.named[world]) != 0
        found = gather(state.wake.size, desk.mask, desk.chosen)
        for number in range(found):
            resident = int64(where.first + desk.chosen[number])
            lot, which, _, _ = philox(resident, where.starts // 7, NAMED, 0, where.key0, where.key1)
            if int64(lot) >= rules.mistaken[world]:
                continue
            taken = int64(namesake(names.start, names.size, names.keys, names.shape, resident, which))
            if taken != resident:
                district = 0
                while taken >= ends[district + 1]:
                    district += 1
                day = int64(where.starts)
                at = At(day, int64(0), int64(0), taken, district, int64(cells[taken]), where.key0, where.key1)
                add(counts, world, tally.MISTAKEN, at, 1)


def is_published(listing: Listing) -> bool:
    """Whether everybody can see a black list."""
    seen = listing.publication
    return listing.polarity == "black" and seen is not None and seen.public is True


def by_name_alone(listing: Listing) -> bool:
    """Whether a published list shows names without any number beside them."""
    shown = (listing.publication.fields if listing.publication else None) or ()
    return is_published(listing) and "name" in shown and not any(number in shown for number in NUMBERS)


def write_publicity(table: Any, number: int, world: World, day: date) -> None:
    """Write what publication does on a day into world `number` of a table of rules."""
    held = world.assumptions.publicity
    table["mistaken"][number] = s32(exact(held.mistaken_for_listed.value))
    for place, listing in enumerate(world.lists.values()):
        if is_published(listing):
            table["seen_at_home"][number, place] = round(exact(held.household_step.value))
            table["seen_at_work"][number, place] = round(exact(held.workplace_records.value))
        table["named"][number] |= (1 << place) if by_name_alone(listing) and listing.in_force(day) else 0
