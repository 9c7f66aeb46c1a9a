"""Spill-over in the household: how many are reached through somebody else, against (s - 1) q.

Source: expectation and variance of independent coin tosses. A register knows each relation with a share q. Somebody on
a black list, alone so in a household of s, whose listing goes over to `household`, reaches (s - 1) q others in the
mean, with variance (s - 1) q (1 - q): exactly s - 1 at q = 1, nobody at q = 0. Collective households have no relatives.

**How.** An act (DAILY a day, everybody alike) is recorded the next day and puts its resident on a black list without
end. The values of q are worlds of one run: the same residents are listed in each. After the last day the columns say
who is on the list (`lists`) and whom a spill-over reaches (`carried`). Where k members of a household are listed,
anybody else there is reached with 1 - (1 - q)^k, which gives the row over all households; its number is the counted
item `through_now`. In one world more a measure goes over instead of the list, at q = 1 and only to those at fault
themselves: nobody but the listed has a record, so that it reaches all who are listed beside a
listed one, and no others.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitropolis.city import City
from vitropolis.city.city import COLLECTIVE
from vitropolis.engine.run import Simulation
from vitropolis.model.counts import ITEMS
from vitropolis.model.requests import SPILLED
from vitropolis.model.worlds import Plan
from vitropolis.policy import Policy
from vitropolis.verification.quiet import (
    Plain,
    Word,
    assumed,
    behaviour,
    black_list,
    city_of,
    plan_of,
    policy,
    put,
    quiet,
)
from vitropolis.verification.table import Case, say, show

N, SMALL, SEEDS, DAYS = 200_000, 8_000, (1, 2, 3), 40
DAILY = 0.001
SHARES = (0.0, 0.3, 1.0)
TESTED = len(SHARES)  # the world in which the others must be at fault themselves, q = 1
WORD = "theft"
Column = NDArray[np.int64]


def contagion_plan(seed: int) -> Plan:
    """A world for each q; in one more a measure goes over, to those at fault."""
    listing: Plain = {"carries": {"kind": "listing", "list": "listed"}, "to": "household"}
    measure: Plain = {**listing, "carries": {"kind": "measure", "measure": "no_flights"}, "individual_fault_test": True}
    worlds = [(f"q {share}", {"kin": listing}, share) for share in SHARES]
    worlds.append(("q 1.0, at fault", {"kin": measure}, 1.0))
    return plan_of(((name, _policy(spill), assumed(_data(share))) for name, spill, share in worlds), DAYS, seed)


def _policy(spill: Plain) -> Policy:
    shut = {"trigger": {"kind": "listed", "lists": ["listed"]}, "action": {"kind": "deny"}, "service": "flights"}
    return policy(
        ("police",),
        behaviours={"deed": behaviour("police", WORD)},
        lists={"listed": black_list("deed")},
        measures={"no_flights": shut},
        spillover=spill,
    )


def _data(share: float) -> Plain:
    data = quiet({WORD: Word(DAILY)})
    put(data["spillover"]["reach"]["household"], share, 0.0, 1.0)
    return data


@dataclass(frozen=True)
class Reached:
    """Everybody at the end: bool[world, resident]; `counted` int64[world] is the engine's item `through_now`."""

    listed: NDArray[np.bool_]
    carried: NDArray[np.bool_]
    counted: Column


def reached(residents: int, seed: int) -> Reached:
    """Play a seed."""
    simulation = Simulation(contagion_plan(seed), city_of(residents))
    totals = sum(week.totals.days.sum(axis=(1, 3)) for week in simulation.play())
    states = [chunk.state for chunk in simulation.chunks]
    return Reached(
        listed=np.concatenate([state.lists & 1 for state in states], axis=1) != 0,
        carried=np.concatenate([state.carried & SPILLED for state in states], axis=1) != 0,
        counted=np.asarray(totals)[:, ITEMS["through_now"]],
    )


@dataclass(frozen=True)
class Homes:
    """Households: `of` int64[resident], number of the household; `size` int64[household]; which are collective."""

    of: Column
    size: Column
    collective: NDArray[np.bool_]


def homes_of(city: City) -> Homes:
    """The households of a city."""
    of = np.cumsum(city.place >> 4 == 0).astype(np.int64) - 1
    first = city.place >> 4 == 0
    return Homes(of, (city.place[first] & 15).astype(np.int64), city.role[first] == COLLECTIVE)


def by_household(homes: Homes, people: NDArray[np.bool_]) -> Column:
    """How many of `people` live in each household."""
    return np.bincount(homes.of, weights=people, minlength=len(homes.size)).astype(np.int64)


def one_listed(homes: Homes, found: Reached, world: int) -> tuple[Column, Column]:
    """Households with relatives in which exactly one is listed: (sizes, others reached)."""
    listed = by_household(homes, found.listed[world])
    others = by_household(homes, found.carried[world] & ~found.listed[world])
    chosen = (listed == 1) & ~homes.collective
    return homes.size[chosen], others[chosen]


def cases_of(city: City, found: Reached, label: str) -> Iterator[Case]:
    """One listed in the household: for every q, and at q = 0.3 for every size; then all households."""
    homes = homes_of(city)
    for world, share in enumerate(SHARES):
        size, others = one_listed(homes, found, world)
        name = f"{label} q {share}:"
        yield _case(f"{name} reached, one listed", "sum (s-1) q", np.asarray(size - 1), share, int(others.sum()))
        for people in range(2, 6) if 0 < share < 1 else ():
            mine = size == people
            told = f"{people - 1} x {share} each"
            yield _case(f"{name} in households of {people}", told, size[mine] - 1, share, int(others[mine].sum()))
        if 0 < share < 1:
            yield _spread(f"{name} sum of squared distances from (s-1) q", size - 1, share, others)
        yield _everybody(f"{name} reached, all (through_now)", homes, found, world, share)
    yield from _at_fault(f"{label} q 1.0, at fault:", homes, found)


def _at_fault(name: str, homes: Homes, found: Reached) -> Iterator[Case]:
    """A measure goes over to those at fault alone: to the listed of a household who are not alone so."""
    listed, carried = found.listed[TESTED], found.carried[TESTED]
    together = by_household(homes, listed)[homes.of] >= 2
    both = int((listed & together & ~homes.collective[homes.of]).sum())
    yield _case(f"{name} others", "0", np.zeros(1), 1.0, int(found.counted[TESTED] + (carried & ~listed).sum()))
    yield _case(f"{name} listed beside listed", "all", np.ones(both), 1.0, int((carried & listed).sum()))


def _spread(name: str, chances: Column, share: float, others: Column) -> Case:
    """How widely the number reached spreads: each household's squared distance has the mean n q (1 - q), n = s - 1.

    Its variance is the fourth central moment of a binomial number, n v (1 + 3 (n - 2) v), less (n v)^2; v = q (1 - q).
    """
    each = share * (1 - share)
    fourth = chances * each * (1 + 3 * (chances - 2) * each)
    sd = float((fourth - (chances * each) ** 2).sum()) ** 0.5
    got = float(((others - chances * share) ** 2).sum())
    return Case(name, "sum (s-1) q (1-q)", float(chances.sum()) * each, got, max(sd, 1e-9))


def _case(name: str, published: str, chances: NDArray[np.int64] | NDArray[np.float64], share: float, got: int) -> Case:
    """A sum of tosses; where nothing is left to chance the sd is so small that only the exact number holds."""
    expected = float(chances.sum()) * share
    return Case(name, published, expected, got, max((expected * (1 - share)) ** 0.5, 1e-9))


def _everybody(name: str, homes: Homes, found: Reached, world: int, share: float) -> Case:
    listed = by_household(homes, found.listed[world])[homes.of]
    exposed = ~found.listed[world] & ~homes.collective[homes.of] & (listed > 0)
    chance = 1 - (1 - share) ** listed[exposed]
    sd = float((chance * (1 - chance)).sum()) ** 0.5
    return Case(name, "1 - (1-q)^k each", float(chance.sum()), int(found.counted[world]), max(sd, 1e-9))


def known(full: bool) -> Iterator[Case]:
    """All cases: three seeds of a large city, or one of a small."""
    residents = N if full else SMALL
    for seed in SEEDS if full else SEEDS[:1]:
        yield from cases_of(city_of(residents), reached(residents, seed), f"seed {seed}")


def main(residents: int = N, seeds: Sequence[int] = SEEDS) -> bool:
    """Print the table."""
    say(f"(a city of {residents:,} residents, seeds {', '.join(map(str, seeds))}, {DAYS} days)")
    city = city_of(residents)
    cases = [case for seed in seeds for case in cases_of(city, reached(residents, seed), f"seed {seed}")]
    return show("Spill-over in the household", cases, "at q 0 and 1 nothing is left to chance: exact")


if __name__ == "__main__":
    sys.exit(not main(int(sys.argv[1].replace(",", "")) if sys.argv[1:] else N))
