"""Legal representatives: what a firm's listing does to a person, and the way back (M8; docs/mechanisms.md, section 17).

Every firm has one: the first adult among the residents of its district whom up to 64 draws name; none if no draw does.
A spill-over `to: legal_rep` carries a listing or a measure of firms to them. There it is a listing through others
where it is black or punishes, and every measure meets them that a black list of persons of the same policy brings: in
law consumption limits reach the legal representative (Supreme People's Court, provisions of 2010 and 2015, art. 3).
The tie is in the register, so no share of it is unknown. Wrong is what only firms carry that are listed by wrong fact.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream
from vitropolis.base.kernels import building_kernel, int64, philox
from vitropolis.model.measures import measures_of, spills_of
from vitropolis.model.news import CARRIED, REACH_AT, SPILLS, WRONGLY_AT
from vitropolis.model.rules import ONE_WORLD, WORLD_BITS
from vitropolis.model.worlds import World
from vitropolis.policy.triggers import CarriesListing

LEGAL_REP = int(Stream.LEGAL_REP)
TRIES = 64
ADULT = 18
Rows = NDArray[np.int64]


@building_kernel
def pick_representatives(first: Any, districts: Any, ends: Any, ages: Any, key0: Any, key1: Any, found: Any) -> None:
    """Write every firm's representative into `found` (int32), -1: none; `first` is what firm 0 is in draws."""
    for firm in range(districts.size):
        low, high = int64(ends[districts[firm]]), int64(ends[districts[firm] + 1])
        found[firm] = -1
        for attempt in range(TRIES):
            lot, _, _, _ = philox(first + firm, 0, LEGAL_REP, attempt, key0, key1)
            resident = low + ((int64(lot) * (high - low)) >> 32)
            if resident < high and ages[resident] >= ADULT:
                found[firm] = resident
                break


class Source(NamedTuple):
    """A spill-over to legal representatives: its place, and the firm's list (else measure) that it carries."""

    place: int
    listing: bool
    number: int


def sources_of(world: World) -> list[Source]:
    """What goes over from firms to their representatives in a world of persons."""
    firms, found = replace(world, subject="firm"), []
    for place, item in enumerate(spills_of(world).values()):
        if item.to == "legal_rep":
            listing = isinstance(item.carries, CarriesListing)
            names = list(firms.lists) if listing else list(measures_of(firms))
            found.append(Source(place, listing, names.index(getattr(item.carries, "list" if listing else "measure"))))
    return found


def carried_by(sources: list[Source], met: Rows, lists: Rows, wronged: Rows) -> tuple[Rows, Rows]:
    """What firms carry to their representatives: (spill-overs, those of them that are true), one bit each."""
    every, true = np.zeros_like(lists), np.zeros_like(lists)
    by_wrong_fact = (lists != 0) & (lists & ~wronged == 0)
    for place, listing, number in sources:
        carries = ((lists if listing else met) >> number) & 1
        wrong = (wronged >> number) & 1 if listing else by_wrong_fact.astype(np.int64)
        every |= carries << place
        true |= (carries & ~wrong & 1) << place
    return every, true


def held_by(reps: Rows, every: Rows, true: Rows) -> tuple[Rows, Rows]:
    """What firms together carry to each of their representatives: (residents, reach | wrongly << 8)."""
    known = (reps >= 0) & (every != 0)
    who, place = np.unique(reps[known], return_inverse=True)
    reach, truly = np.zeros_like(who), np.zeros_like(who)
    np.bitwise_or.at(reach, place, every[known])
    np.bitwise_or.at(truly, place, true[known])
    return who, reach | ((reach & ~truly) << 8)


def news_of_offices(before: Rows, now: Rows) -> Rows:
    """News for whom what firms carry has changed; tables of (resident, world, reach | wrongly << 8), sorted."""
    old, new = ((rows[:, 0] << WORLD_BITS) | rows[:, 1] for rows in (before, now))
    keys = np.union1d(old, new)
    was, carried = np.zeros_like(keys), np.zeros_like(keys)
    was[np.searchsorted(keys, old)] = before[:, 2]
    carried[np.searchsorted(keys, new)] = now[:, 2]
    changed = was != carried
    keys, carried = keys[changed], carried[changed]
    value = (keys & ONE_WORLD) | ((carried & SPILLS) << REACH_AT) | ((carried >> 8) << WRONGLY_AT)
    return np.stack([keys >> WORLD_BITS, np.full_like(keys, CARRIED), value], axis=1)
