"""Who a resident is to this model before anything happens: trait, payer type, day of enrolment (M2).

All are pure functions of seed, city, policy and assumptions, so they are never stored. docs/mechanisms.md, 2, 4, 7.

Enrolled from the first day on which the ramp (a share by date, straight between its dates) exceeds the resident's own
draw and the age suffices; under `opt_in` only with the share `consent`, under `opt_out` all but the share
`objection`. Payer type by income fifth: fast, slow, the rest cannot pay. Trait: one of 64 classes at the normal
quantile z of (2 q + 1) / 128, exp(sigma z - sigma^2 / 2), so with mean 1. Source: the ramp is the policy's; payers
are calibrated (see the assumptions).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream
from vitropolis.base.fixed import ONE32, exact, s32
from vitropolis.base.kernels import inner, kernel, philox
from vitropolis.city.city import City
from vitropolis.model.rules import PAYER_BITS
from vitropolis.model.worlds import Plan, World

TRAIT, PAYER, ENROLMENT = int(Stream.TRAIT), int(Stream.PAYER), int(Stream.ENROLMENT)
UNCOVERED = 65535
MANDATORY, OPT_IN, OPT_OUT = range(3)


class Entry(NamedTuple):
    """Integer tables of enrolment; k worlds."""

    ramp: NDArray[np.int64]  # [world, district, day]: share enrolled, 32-bit; never falls
    payers: NDArray[np.int64]  # [world, income fifth, 2]: upper ends of fast and slow
    mode: NDArray[np.int64]  # [world]
    choice: NDArray[np.int64]  # [world]: share that consents or objects, 32-bit
    benefit: NDArray[np.int64]  # [world]: share of the lowest fifth on benefits, 32-bit
    covered: NDArray[np.uint8]  # [world, status bit pattern]: 1 where the policy covers it
    youngest: NDArray[np.int64]  # [world, day]: age in years


STATUSES = ("migrant", "local", "public_employee", "student", "benefit_recipient")


def entry_tables(plan: Plan, districts: Sequence[str]) -> Entry:
    """Build the tables of enrolment for a run; `districts` are the city's area ids."""
    worlds, shape = plan.worlds, (len(plan.worlds), len(districts), plan.days)
    ramp, payers = np.zeros(shape, np.int64), np.zeros((len(worlds), 5, 2), np.int64)
    covered = np.zeros((len(worlds), 1 << len(STATUSES)), np.uint8)
    for number, world in enumerate(worlds):
        ramps = _Ramps(world, plan)
        ramp[number] = [ramps.of(name) for name in districts]
        payers[number] = _payer_ends(world)
        covered[number] = _coverage(world)
    enrolments = [world.policy.population.enrolment for world in worlds]
    return Entry(
        ramp=ramp,
        payers=payers,
        mode=np.array([("mandatory", "opt_in", "opt_out").index(item.mode) for item in enrolments], np.int64),
        choice=np.array([_choice(world) for world in worlds], np.int64),
        benefit=np.array([s32(exact(world.assumptions.enrolment.benefit_share.value)) for world in worlds], np.int64),
        covered=covered,
        youngest=np.array([_youngest(world, plan) for world in worlds], np.int64),
    )


def _choice(world: World) -> int:
    held, mode = world.assumptions.enrolment, world.policy.population.enrolment.mode
    return s32(exact((held.consent if mode == "opt_in" else held.objection).value))


def _youngest(world: World, plan: Plan) -> list[int]:
    """Youngest age covered on each day."""
    said = world.policy.population.min_age_years
    if said is None:
        return [0] * plan.days
    return [said.on(plan.date(day)) or 0 for day in range(plan.days)]


def _coverage(world: World) -> list[int]:
    people = world.policy.population
    wanted = sum(1 << STATUSES.index(name) for name in people.only_status)
    return [
        int(people.natural_persons and (not wanted or bool(wanted & pattern))) for pattern in range(1 << len(STATUSES))
    ]


def _payer_ends(world: World) -> list[list[int]]:
    held = world.assumptions.payers
    pairs = zip(held.fast.fifths(), held.slow.fifths(), strict=True)
    return [
        [round(exact(fast.value) * ONE32), round((exact(fast.value) + exact(slow.value)) * ONE32)]
        for fast, slow in pairs
    ]


class _Ramps:
    """Ramps of a world's districts in 32-bit steps a day; districts that share a ramp share the work."""

    def __init__(self, world: World, plan: Plan) -> None:
        self.people, self.plan = world.policy.population, plan
        self.made: dict[tuple[tuple[date, float], ...], list[int]] = {}

    def of(self, district: str) -> list[int]:
        """Share enrolled on each day in a district, 32-bit."""
        if self.people.only_areas and district not in self.people.only_areas:
            return [0] * self.plan.days
        ramp = self.people.enrolment.ramp_by_district.get(district, self.people.enrolment.ramp)
        if ramp is None:
            return [ONE32] * self.plan.days
        points = tuple(sorted(ramp.items()))
        if points not in self.made:
            dates = [self.plan.start + timedelta(days=day) for day in range(self.plan.days)]
            self.made[points] = [round(ONE32 * share_on(points, day)) for day in dates]
        return self.made[points]


def share_on(points: Sequence[tuple[date, float]], day: date) -> Fraction:
    """Share (0-1) of a ramp on a day: 0 before its first date, straight lines between, the last afterwards."""
    if day < points[0][0]:
        return Fraction(0)
    for (left, low), (right, high) in pairwise(points):
        if left <= day < right:
            return exact(low) + (exact(high) - exact(low)) * Fraction((day - left).days, (right - left).days)
    return exact(points[-1][1])


@kernel
def first_day(ramp: Any, draw: Any) -> Any:
    """First day on which a ramp lies above a draw; 65535 if there is none. `ramp` never falls."""
    if ramp.size == 0 or ramp[ramp.size - 1] <= draw:
        return UNCOVERED
    low, high = 0, ramp.size - 1
    while low < high:
        middle = (low + high) >> 1
        if ramp[middle] > draw:
            high = middle
        else:
            low = middle + 1
    return low


@kernel
def payer_type(ends: Any, draw: Any) -> Any:
    """0 fast, 1 slow, 2 cannot pay."""
    if draw < ends[0]:
        return 0
    return 1 if draw < ends[1] else 2


@kernel
def is_enrolled_by(entry: Any, world: Any, district: Any, age: Any, status: Any, draws: Any) -> Any:
    """Day of enrolment of one resident in one world, 65535 if never."""
    place, choice, benefit = draws
    if benefit < entry.benefit[world] and status & 32:
        status |= 16
    if not entry.covered[world, status & 31]:
        return UNCOVERED
    if entry.mode[world] == OPT_IN and choice >= entry.choice[world]:
        return UNCOVERED
    if entry.mode[world] == OPT_OUT and choice < entry.choice[world]:
        return UNCOVERED
    day = first_day(entry.ramp[world, district], place)
    while day < entry.youngest.shape[1] and age < entry.youngest[world, day]:
        day += 1
    return day if day < entry.youngest.shape[1] else UNCOVERED


@inner
def status_of(registration: Any, income: Any, age: Any, employed: Any, publicly: Any) -> Any:
    """What somebody is, one bit for each of `STATUSES`; 32 instead of the fifth: perhaps on benefits."""
    status = 1 if registration == 1 else 2
    if employed and publicly:
        status |= 4
    if 6 <= age <= 22 and not employed:
        status |= 8
    if income == 0:
        status |= 32
    return status


@kernel
def settle_in(
    first: Any, district: Any, key0: Any, key1: Any, entry: Any, thresholds: Any, people: Any, public: Any, state: Any
) -> None:
    """Fill the trait columns of one chunk of residents `first`...

    1. Trait class and the 16-bit bound of the daily chance. 2. Payer type in each world. 3. Day of enrolment.
    `people` is (registration, income, sector) of the chunk; `public` uint8[256] marks the sectors that the public pays.
    """
    registration, income, sector = people
    for place in range(state.wake.size):
        resident = first + place
        a, _, _, _ = philox(resident, 0, TRAIT, 0, key0, key1)
        b, _, _, _ = philox(resident, 0, PAYER, 0, key0, key1)
        c, d, e, _ = philox(resident, 0, ENROLMENT, 0, key0, key1)
        state.trait[place] = a >> 26
        bound = np.int64(thresholds[np.int64(state.cell[place]) * 64 + np.int64(a >> 26)])
        state.threshold[place] = (bound + 65535) >> 16
        employed, age = state.employer[place] >= 0, np.int64(state.age[place])
        status = status_of(registration[place], income[place], age, employed, public[sector[place]])
        payers, wake = 0, 8191
        for world in range(entry.mode.size):
            payers |= payer_type(entry.payers[world, income[place]], np.int64(b)) << (PAYER_BITS * world)
            draws = (np.int64(c), np.int64(d), np.int64(e))
            day = is_enrolled_by(entry, world, district, age, status, draws)
            state.enrolled[world, place] = day
            wake = min(wake, day)
        state.payer[place] = payers
        state.wake[place] = wake


def publicly_paid(city: City) -> NDArray[np.uint8]:
    """uint8[256]: 1 for the sectors that the public pays."""
    public = np.zeros(256, np.uint8)
    public[list(city.public_sectors)] = 1
    return public


def enrolled_on(entry: Entry, city: City, residents: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Days of enrolment of a few residents in every world, 65535 if never: [world, n]."""
    columns = (city.registration, city.income, city.sector, city.employer, city.age)
    people = tuple(np.ascontiguousarray(column[residents]) for column in columns)
    districts = np.searchsorted(np.asarray(city.district_ends), residents, side="right") - 1
    found = np.zeros((len(entry.mode), len(residents)), np.int64)
    keys = (np.uint32(seed & 0xFFFFFFFF), np.uint32(seed >> 32))
    days_of_enrolment(residents, districts, people, publicly_paid(city), entry, *keys, found)
    return found


@kernel
def days_of_enrolment(
    residents: Any, districts: Any, people: Any, public: Any, entry: Any, key0: Any, key1: Any, found: Any
) -> None:
    """Fill `found` [world, n]; `people` is (registration, income, sector, employer, age) of the residents."""
    registration, income, sector, employer, age = people
    for place in range(residents.size):
        c, d, e, _ = philox(residents[place], 0, ENROLMENT, 0, key0, key1)
        years = np.int64(age[place])
        publicly = public[sector[place]]
        status = status_of(registration[place], income[place], years, employer[place] >= 0, publicly)
        draws = (np.int64(c), np.int64(d), np.int64(e))
        for world in range(entry.mode.size):
            found[world, place] = is_enrolled_by(entry, world, districts[place], years, status, draws)
