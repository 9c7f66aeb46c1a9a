"""Benefit systems played under several sets of assumptions, and what became of their findings.

A *finding* is an entry on the list that a policy raises for what a machine found (fraud, debt, recovery); it is *wrong*
if the list's trigger would not hold without wrong records. Several sets share a pass as its worlds, so that they differ
by their values alone. Units: persons, entries, appeals, shares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from vitropolis.city import build_city, load_tables
from vitropolis.engine.run import Simulation
from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.model.counts import ITEMS
from vitropolis.model.redress import WRONG_AT
from vitropolis.model.rules import ONE_WORLD, WORLDS
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import Policy, load_policy

CITY = "beijing"
AS_WRITTEN = "as written"


@dataclass(frozen=True)
class System:
    """One benefit system of the library: its policy, the list that is a finding, first and last day played.

    seeds: of how many cities, from seed 1 on, everything is added up, so that rare things are not chance alone.
    """

    policy: str
    finding: str
    first: date
    last: date
    seeds: int = 1


@dataclass(frozen=True)
class Sets:
    """Values that move together to the lower, and to the upper ends of their ranges; by patterns of their paths."""

    name: str
    patterns: tuple[str, ...]

    def at(self, held: Assumptions, upper: bool) -> Assumptions:
        """The assumptions with these values at one end."""
        values = held.values().items()
        named = {path: item for path, item in values if any(fnmatchcase(path, each) for each in self.patterns)}
        return held.with_values({path: item.high if upper else item.low for path, item in named.items()})


@dataclass(frozen=True)
class Found:
    """What one set gave: people covered at the end, years, findings and what became of them."""

    covered: int
    years: float
    findings: int
    wrong: int
    dropped: int
    objections_upheld: int
    appeals: int
    appeals_wrong: int
    taken_back: int
    stood: int
    left_by_paying: int
    left_by_appeal: int
    doors: int

    def __add__(self, other: Found) -> Found:
        """Another city beside it, over the same time."""
        pairs = {each.name: (getattr(self, each.name), getattr(other, each.name)) for each in fields(self)}
        return Found(**{name: own if name == "years" else own + more for name, (own, more) in pairs.items()})

    @property
    def answered(self) -> int:
        """Appeals answered."""
        return self.stood + self.taken_back

    @property
    def wrong_share(self) -> float:
        """Of findings, those with no act behind them."""
        return share(self.wrong, self.findings)

    @property
    def stood_share(self) -> float:
        """Of answered appeals, those in which the finding stood."""
        return share(self.stood, self.answered)

    @property
    def appealed_share(self) -> float:
        """Of findings, those against which an appeal was filed."""
        return share(self.appeals, self.findings)

    @property
    def unappealed_wrong(self) -> float:
        """Of findings without an appeal, those with no act behind them."""
        return share(self.wrong - self.appeals_wrong, self.findings - self.appeals)

    @property
    def a_year(self) -> float:
        """Wrong findings of 1,000 covered in a year."""
        return 1000 * share(self.wrong, self.covered) / self.years

    @property
    def times_right(self) -> float:
        """Findings for each one that has an act behind it."""
        return share(self.findings, self.findings - self.wrong)

    @property
    def paid_share(self) -> float:
        """Of findings, those whose entry ended by payment, owed or not."""
        return share(self.left_by_paying, self.findings)


def share(part: int, whole: int) -> float:
    """A share; NaN of nothing."""
    return part / whole if whole else float("nan")


def played(system: System, sets: Sequence[Sets], residents: int, threads: int = 2) -> dict[str, Found]:
    """Play a system under the assumptions as written and at both ends of every set; by name of the set and its end."""
    held, policy = load_assumptions("default"), load_policy(system.policy)
    worlds = [World(AS_WRITTEN, policy, held)]
    for each in sets:
        worlds += [World(f"{each.name}, {end}", policy, each.at(held, end == "high")) for end in ("low", "high")]
    found: dict[str, Found] = {}
    for seed in range(1, system.seeds + 1):
        city = build_city(load_tables(CITY), residents, seed, threads=threads)
        for start in range(0, len(worlds), WORLDS):
            some = tuple(worlds[start : start + WORLDS])
            plan = Plan(some, system.first, (system.last - system.first).days + 1, seed)
            told = zip((world.name for world in some), _play(plan, city, policy, system, threads), strict=True)
            found |= {name: found[name] + one if name in found else one for name, one in told}
    return found


def _play(plan: Plan, city: Any, policy: Policy, system: System, threads: int) -> Iterator[Found]:
    """What each world of one pass gave."""
    worlds = len(plan.worlds)
    items, filed = np.zeros((worlds, len(ITEMS)), np.int64), np.zeros((worlds, 2), np.int64)
    for week in Simulation(plan, city, threads).play():
        items += week.totals.days.sum(axis=(1, 3))
        np.add.at(filed, (week.filed[:, 1] & ONE_WORLD, (week.filed[:, 2] >> WRONG_AT) & 1), 1)
    place = list(policy.lists).index(system.finding)
    for row, appeals in zip(items, filed, strict=True):
        yield _found({name: int(row[at]) for name, at in ITEMS.items()}, appeals, place, plan.days)


def _found(items: Mapping[str, int], filed: Any, place: int, days: int) -> Found:
    return Found(
        covered=items["enrolled"],
        years=days / 365,
        findings=items[f"in_{place}"],
        wrong=items["black_first_wrong_fact"],
        dropped=items["dropped_wrong"],
        objections_upheld=items["objections_upheld"],
        appeals=int(filed.sum()),
        appeals_wrong=int(filed[1]),
        taken_back=items["upheld_wrong"] + items["upheld_right"],
        stood=items["refused_wrong"] + items["refused_right"],
        left_by_paying=items["out_compliance"],
        left_by_appeal=items["out_correction"],
        doors=items["ever_refused"],
    )
