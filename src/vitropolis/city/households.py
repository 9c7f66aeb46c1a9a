"""How many households of which type stand in which district: whole numbers that meet every margin.

A household type is a pattern of slots such as HSKP (see the table `household_types`): its letters say who lives
there. Sizes, children and elders are met city-wide, people and households in each district.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vitropolis.base.fixed import largest_remainder
from vitropolis.city.cells import band
from vitropolis.city.rounding import Table, clamp_shares, fit_table, meet_total
from vitropolis.city.tables import CityTables

Key = tuple[Any, ...]  # (size,), (size, children) or (size, children, pattern)
Groups = dict[Key, list[int]]  # households by district

SLOTS = "HSEFPAKOC"  # slot codes 0-8; C is a member of a collective household
HEAD, SPOUSE, OLD_HEAD, OLD_SPOUSE, PARENT, GROWN_CHILD, CHILD, OTHER, COLLECTIVE = range(9)
MOST_MEMBERS = 15


@dataclass(frozen=True)
class Plan:
    """Targets and household types of one city at one size.

    `targets`: counts of each controlled margin at this size, in the order of codes; `patterns`: slot letters of
    every household type, family types first; `households` [districts][types]: how many of each;
    `old_collective`: people of 60 and more in collective households.
    """

    targets: dict[str, list[int]]
    patterns: list[str]
    households: Table
    old_collective: int


def scaled_targets(tables: CityTables, size: int) -> dict[str, list[int]]:
    """Return every controlled margin for `size` residents: persons sum to `size`, the rest keeps its proportion."""
    targets = {}
    for name in ("districts", "sex", "age", "registration", "education", "household_persons"):
        targets[name] = largest_remainder(size, tables.margin(name))
    people = tables.population
    persons = targets["household_persons"]
    nearest = [(size * count * 2 + people) // (2 * people) for count in tables.margin("households")]
    targets["households"] = [
        min(max(count, 1 if most else 0), most) for count, most in zip(nearest, persons, strict=True)
    ]
    units = tables.margin("legal_units")
    targets["legal_units"] = largest_remainder(max(16, (size * sum(units) * 2 + people) // (2 * people)), units)
    return targets


def make_plan(tables: CityTables, size: int) -> Plan:
    """Decide how many households of each type stand in each district. InputError if the margins contradict."""
    targets = scaled_targets(tables, size)
    profile = _profile(tables)
    collective = _collective(tables, targets, profile)
    people = [
        total - sum(k * count for k, count in enumerate(row, 1))
        for total, row in zip(targets["districts"], collective, strict=True)
    ]
    old = _old_collective(tables, targets)
    by_size = _family_sizes(tables, targets, people)
    family = sorted(
        zip(tables["household_types"].labels("pattern"), tables["household_types"].column("weight"), strict=True),
        key=lambda item: len(item[0]),
    )
    kids = _split(by_size, family, "K", targets["age"][0], profile["children"], False)
    elders = targets["age"][2] + targets["age"][3] - old
    types = _split(kids, family, "EFP", elders, profile["elders"], True)
    patterns = [pattern for pattern, _ in family]
    rows = [
        [types[len(pattern), pattern.count("K"), pattern][place] for pattern in patterns]
        for place in range(len(people))
    ]
    patterns += ["C" * count for count in range(1, len(collective[0]) + 1)]
    return Plan(targets, patterns, [row + extra for row, extra in zip(rows, collective, strict=True)], old)


def _profile(tables: CityTables) -> dict[str, list[int]]:
    """Return the district profile by column, in the order of areas."""
    data = tables["district_profile"]
    places = data.labels("district")
    return {
        name: [data.column(name)[places.index(area)] for area in tables.areas]
        for name in ("collective", "children", "elders", "migrants")
    }


def _collective(tables: CityTables, targets: dict[str, list[int]], profile: dict[str, list[int]]) -> Table:
    """Return collective households by district and size (1 up)."""
    weights = tables["collective_sizes"].column("weight")
    districts, biggest = targets["districts"], len(weights)
    persons, count = targets["household_persons"][1], targets["households"][1]
    spread = [total * tilt for total, tilt in zip(districts, profile["collective"], strict=True)]
    people = clamp_shares(
        persons, spread, [0] * len(districts), [total // 2 for total in districts], "collective households"
    )
    fewest = [-(-total // biggest) for total in people]
    homes = clamp_shares(count, people, fewest, people, "collective households")
    sizes = list(range(1, biggest + 1))
    return [
        meet_total(largest_remainder(home, weights), sizes, [0] * biggest, total, "collective households")
        for home, total in zip(homes, people, strict=True)
    ]


def _old_collective(tables: CityTables, targets: dict[str, list[int]]) -> int:
    """Return how many people of 60 and more live in collective households, from the table of ages."""
    data = tables["age_detail"]
    weights = data.column("collective")
    old = sum(weight for label, weight in zip(data.labels("age"), weights, strict=True) if band(label)[0] >= 60)
    persons = targets["household_persons"][1]
    return min(persons * old // sum(weights), targets["age"][2] + targets["age"][3])


def _family_sizes(tables: CityTables, targets: dict[str, list[int]], people: list[int]) -> Groups:
    """Return family households by size: {(size,): [districts]}."""
    shares = tables["household_sizes"].column("count")
    sizes = list(range(1, len(shares) + 1))
    count, persons = targets["households"][0], targets["household_persons"][0]
    city = meet_total(largest_remainder(count, shares), sizes, [0] * len(sizes), persons, "household sizes")
    fewest = [-(-total // len(sizes)) for total in people]
    homes = clamp_shares(count, people, fewest, people, "family households")
    rows = fit_table(homes, city, [city] * len(homes), "household sizes")
    met = [
        meet_total(row, sizes, [0] * len(sizes), total, "household sizes")
        for row, total in zip(rows, people, strict=True)
    ]
    return {(size,): [row[size - 1] for row in met] for size in sizes}


def _split(
    groups: Groups, family: list[tuple[str, int]], letters: str, target: int, tilt: list[int], finer: bool
) -> Groups:
    """Split groups of households so that the slots named by `letters` sum to `target` in the city.

    Groups of one size are split by their number of children; with `finer`, groups of one size and number of
    children are split into single patterns. `tilt` is each district's percent of the mean.
    """
    weights: dict[Key, int] = {}
    for pattern, weight in family:
        coarse: Key = (len(pattern), pattern.count("K"))
        key = (*coarse, pattern) if finer else coarse
        weights[key] = weights.get(key, 0) + weight
    values = {key: sum(key[2].count(letter) for letter in letters) if finer else key[1] for key in weights}
    what = f"households with {'elders' if finer else 'children'}"
    city = _city_split(groups, weights, values, target, what)
    found: Groups = {}
    for parent, rows in groups.items():
        own = [key for key in weights if key[:-1] == parent]
        top = max(values[key] for key in own)
        seed = [[weights[key] * rate ** values[key] * 100 ** (top - values[key]) for key in own] for rate in tilt]
        table = fit_table(rows, [city[key] for key in own], seed, what)
        found |= {key: [row[column] for row in table] for column, key in enumerate(own)}
    return found


def _city_split(
    groups: Groups, weights: dict[Key, int], values: dict[Key, int], target: int, what: str
) -> dict[Key, int]:
    """Split each group over its finer keys by weight, then shift inside groups until values sum to `target`."""
    counts: dict[Key, int] = {}
    for parent, rows in groups.items():
        own = [key for key in weights if key[:-1] == parent]
        counts |= dict(zip(own, largest_remainder(sum(rows), [weights[key] for key in own]), strict=True))
    numbers = {parent: place for place, parent in enumerate(groups)}
    cells = [numbers[key[:-1]] for key in counts]
    met = meet_total(list(counts.values()), [values[key] for key in counts], cells, target, what)
    return dict(zip(counts, met, strict=True))
