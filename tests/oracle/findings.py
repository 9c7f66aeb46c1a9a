"""What machines that compare files find of people who did nothing. Section 4 of docs/mechanisms.md."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import product

from tests.oracle.assumed import Assumed, Classes, high, value
from tests.oracle.chances import ONE32, geometric_quantiles, s32
from tests.oracle.philox import FINDING
from tests.oracle.recording import Departments, Written
from tests.oracle.records import INVENTED, UNSETTLED, Kind
from tests.oracle.world import World

from vitropolis.model.assumption_parts import Comparing
from vitropolis.policy.words import PERSON_WORDS

Key = tuple[int, int, int]  # word, district, trial
GROUPS: list[Classes] = list(product(range(7), range(2), range(2), range(5), range(5)))


def findings(departments: Departments, day: int) -> Iterator[tuple[Key, Written]]:
    """Findings without an act in the week that begins on `day`."""
    world = departments.world
    most = most_yearly(world.assumed)
    for word in range(len(PERSON_WORDS)):
        names = world.kinds.naming[word][(world.today.date - world.kinds.start).days][world.place]
        names = [name for name in names if departments.in_force(name)]
        if any(world.compared_by(name) for name in names):
            for district in range(len(world.city.district_names)):
                yield from _trials(departments, word, len(names), district, most, day)


@cache
def most_yearly(assumed: Assumed) -> Fraction:
    """U: the most findings a year that values inside their ranges can give anybody."""
    rows = [row for _, row in assumed.content.recording.findings.items()]
    return max(yearly(assumed, row, group, True) for row in rows for group in GROUPS)


@cache
def yearly(assumed: Assumed, row: Comparing, group: Classes, bound: bool = False) -> Fraction:
    at = high if bound else value
    factor = assumed.product_of(row.profile, group, bound)
    return at(row.comparisons_yearly) * min(Fraction(1), at(row.false_difference) * factor)


def _trials(
    departments: Departments, word: int, named: int, district: int, most: Fraction, day: int
) -> Iterator[tuple[Key, Written]]:
    world, size = departments.world, departments.world.city.district_sizes[district]

    def draw(trial: int) -> tuple[int, int, int, int]:
        return world.chance.draw(word << 4 | district, day // 7, FINDING, trial)

    expected = size * Fraction(7, 365) * named * most
    number = expected.__floor__()
    number += draw(0)[0] < (ONE32 * (expected - number)).__floor__()
    for trial in range(1, number + 1):
        f = draw(trial)
        on = world.city.district_first[district] + (f[0] * size >> 32)
        kind = world.kinds.routed(word, f[1], day)
        arrival = day + (f[2] * 7 >> 32)
        if kind is not None and _finds(departments, on, kind, f[3], arrival, most):
            wait = _wait(world, on, word, f[2] & 255)
            world.events[f"finding.{'never_paid' if wait == UNSETTLED else 'paid'}"] += 1
            yield (word, district, trial), Written(on, kind, INVENTED, arrival - 1, 1, wait)


def _finds(departments: Departments, on: int, kind: Kind, mark: int, arrival: int, most: Fraction) -> bool:
    world, behaviour = departments.world, kind.behaviours[departments.world.place]
    row = None if behaviour is None else world.compared_by(behaviour)
    if behaviour is None or row is None or not departments.in_force(behaviour):
        world.events["finding.nobody_compares"] += 1
        return False
    share = yearly(world.assumed, row, world.city.classes[on]) / len(world.policy.behaviours[behaviour].conduct)
    enrolled_on = world.enrolled_on[on]
    if mark >= s32(share / most):
        world.events["finding.no_difference"] += 1
        return False
    if not world.can_happen(kind.word, on):
        world.events["finding.impossible"] += 1
        return False
    if enrolled_on is None or enrolled_on > arrival:
        world.events["finding.not_covered"] += 1
        return False
    return True


def _wait(world: World, resident: int, word: int, quantile: int) -> int:
    if not world.is_debt(word):
        return UNSETTLED
    return geometric_quantiles(world.settling_hazard(word, world.payer_type(resident, word)))[quantile]
