"""Requests at closed doors: the law of learning to stay away, and the two published numbers it is calibrated to.

**One door.** A measure meets everybody from day 0 on; nobody needs anything but the service that it shuts. With p the
chance of a need in a week, g(L) the share that still goes there after L days of refusal and T(L) the tries of a refused
person (`model.demand`: at first, and later), the level of a person is a chain, and mean and variance of all that they
are refused follow from it exactly:

    with p g(L) a week: L -> L + 1, T(L > 0) refusals;   with p (1 - g(L)): stays away;   else nothing

**The court list.** Sources: China Youth Daily 2014-08-11 (108,000 flights refused to 12,389 persons in the 34 days from
1 July to 3 August 2014: 8.7 each) and SHINE 2019-03-04 (17.46 million flights refused in 2013-18: 0.5 to 1.0 a listed
year by our own division). The library's `court-list-2017` is played from 2013-09-30 to 2018-12-30 with two things
changed: everybody is enrolled, and so everybody with an open case listed, on 1 July 2014, and **nobody is told**
(`notice.when: none`, the *silent variant*): in 2014 people learnt of it at the counter. Beside it stands the policy's
own notice, `at`, as the provisions of 2017 have it: the later years are held against it (under the silent variant
everybody who is newly listed still runs into the door unwarned, and the number is higher). Both are printed for both.
Those *caught* are the residents to whom a flight was refused in the 34 days. Some of them were refused something else
before and so come warned, which takes a few per cent off the tries of the first time. So that there are enough caught,
debts come before a court MORE times as often as the assumptions say; what is measured is per person.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from vitropolis.engine.run import Simulation
from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.model.counts import DOOR_CHANGE, DOOR_DAYS, DOOR_REFUSALS, ITEMS
from vitropolis.model.demand import demand_of
from vitropolis.model.files import KIND_AT, LAST_PLACE, LINK, LISTING, NOTE, WORLDS_AT
from vitropolis.model.notes import DAY, ITEM_AT, REFUSED
from vitropolis.model.rules import ONE_WORLD, PERSON_SERVICES
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import Policy, load_text
from vitropolis.results.indicators import person_days
from vitropolis.verification.quiet import Plain, assumed, city_of, plan_of, policy, put, quiet
from vitropolis.verification.table import Case, say, show

DOOR = "flights"
PLACE = PERSON_SERVICES.index(DOOR)
N, SMALL, WEEKS, NEEDS_A_YEAR = 20_000, 4_000, 30, 12.0
CITY, SEEDS, MORE = 200_000, (1, 2, 3), 30
FIRST, OPENS, CAUGHT, LATER = date(2013, 9, 30), date(2014, 7, 1), date(2014, 8, 4), date(2017, 1, 2)
END = FIRST + timedelta(days=274 * 7)
EACH, PERSONS = 108_000 / 12_389, 12_389
LEAST, MOST = 0.5, 1.0  # flights refused a listed year, 2017-18
Floats = NDArray[np.float64]


def door_plan(seed: int, weeks: int = WEEKS) -> Plan:
    """Everybody behind one door from day 0 on: all are in the one band that there is."""
    score = {"start": 0, "range": [0, 1], "bands": {"all_in": {"lower": 0}}}
    ground = {"kind": "band", "score": "standing", "bands": ["all_in"]}
    shut = {"trigger": ground, "action": {"kind": "deny"}, "service": DOOR}
    text = policy((), scores={"standing": score}, measures={"shut": shut})
    data = quiet({})
    for name, item in data["services"]["demand"].items():
        rate = NEEDS_A_YEAR if name == DOOR else 0.0
        put(item["rate"], rate, 0.0, 1.5 * rate)
        item["profile"] = "adults"
    return plan_of([("one door", text, assumed(data))], 7 * weeks, seed)


@dataclass(frozen=True)
class Learning:
    """Tables of a plan's first world: weekly chance of a need, share that goes by level, tries [first, later; 256]."""

    need: float
    first_week: float
    goes: Floats
    tries: Floats

    @classmethod
    def of(cls, plan: Plan) -> Learning:
        """Read the tables that kernels read."""
        demand = demand_of(plan)
        bound, ratio = int(demand.bound[0]), int(demand.ratio[0, PLACE, 0])
        real = bound / 65536 * ratio / 2**32
        closed = bound - -(-bound // 7)  # a door shut on day 0 bears on needs from the next day on
        return cls(real, real * closed / bound, demand.goes[0] / 65536, demand.tries[0].astype(np.float64))

    def tries_at(self, level: int, power: int = 1) -> float:
        """Moment of the number of tries of a refused person."""
        return float((self.tries[min(level, 1)] ** power).mean())

    def after(self, weeks: int) -> tuple[Floats, Floats, Floats, float]:
        """By level, after so many weeks: (chance, mean of refusals, of their square), and mean of needs avoided."""
        levels = len(self.goes)
        chance, mean, square = np.eye(1, levels)[0], np.zeros(levels), np.zeros(levels)
        avoided = 0.0
        for week in range(weeks):
            need = self.need if week else self.first_week
            leaves = need * self.goes
            avoided += float((need * (1 - self.goes) * chance).sum())
            one = np.array([self.tries_at(level) for level in range(levels)])
            two = np.array([self.tries_at(level, 2) for level in range(levels)])
            moved = (leaves * chance, leaves * (mean + one * chance), leaves * (square + 2 * one * mean + two * chance))
            chance, mean, square = (
                (1 - leaves) * old + _up(new) for old, new in zip((chance, mean, square), moved, strict=True)
            )
        return chance, mean, square, avoided


def _up(values: Floats) -> Floats:
    """One level higher; the highest stays."""
    found = np.concatenate([[0.0], values[:-1]])
    found[-1] += values[-1]
    return found


def door_cases(residents: int, seed: int, weeks: int = WEEKS) -> Iterator[Case]:
    """What the engine counts at one door, against the chain."""
    plan = door_plan(seed, weeks)
    simulation = Simulation(plan, city_of(residents))
    totals = sum(week.totals.days.sum(axis=(1, 3)) for week in simulation.play())
    got = {name: int(np.asarray(totals)[0, place]) for name, place in ITEMS.items()}
    chance, mean, square, avoided = Learning.of(plan).after(weeks)
    people, refusals, never = got["hit_now"], float(mean.sum()), float(chance[0])
    spread = float(square.sum()) - refusals**2
    rows = (
        ("refusals", refusals, spread, got["refusals"]),
        ("ever refused", 1 - never, never * (1 - never), got["ever_refused"]),
        ("needs avoided", avoided, avoided, got["needs_avoided"]),
    )
    for name, each, variance, number in rows:
        yield Case(f"seed {seed} one door: {name}", "chain", people * each, number, (people * variance) ** 0.5)
    yield Case(f"seed {seed} one door: requests", "= refusals", got["refusals"], got["requests"], 1e-9)


def court_policy(silent: bool) -> Policy:
    """The court list with everybody enrolled on the day it opens; `silent`: nobody is told."""
    name = "silent" if silent else "as written"
    notice = "procedure: {notice: {when: none}}\n" if silent else ""
    return load_text(
        "schema_version: 1\nextends: court-list-2017\n"
        f"policy: {{id: court-list-{name.replace(' ', '-')}, title: 'the court list of 2017, {name}'}}\n"
        f"population: {{enrolment: {{ramp: {{{OPENS}: 1.0}}}}}}\n{notice}"
    )


@cache
def court_assumptions() -> Assumptions:
    """The default set with MORE times as many debts before a court."""
    data: Plain = deepcopy(load_assumptions("default").model_dump())
    for word in ("judgment_unpaid_able", "judgment_unpaid_unable"):
        rate = data["conduct"][word]["rate"]
        put(rate, MORE * rate["value"], *(MORE * end for end in rate["range"]))
    return assumed(data)


def court_plan(seed: int, end: date = END) -> Plan:
    """The silent variant, and the policy's own notice beside it."""
    held = court_assumptions()
    worlds = tuple(World(text.id, text, held) for text in (court_policy(True), court_policy(False)))
    return Plan(worlds, FIRST, (end - FIRST).days, seed)


@dataclass(frozen=True)
class Refused:
    """By world: flights refused in the first 34 days, and to how many; refusals at any door a person refused one.

    Then later refusals of flights, and listed years.
    """

    refusals: NDArray[np.int64]
    caught: NDArray[np.int64]
    anywhere: Floats
    later: NDArray[np.int64]
    years: Floats


def court_list(residents: int, seed: int, end: date = END) -> Refused:
    """Play a seed."""
    simulation = Simulation(court_plan(seed, end), city_of(residents))
    plan, weeks = simulation.plan, (CAUGHT - FIRST).days // 7
    first = list(simulation.play(weeks))
    doors = [week.totals.doors[:, PLACE, :, 0] for week in first]  # group 0: everybody
    refusals, caught = np.sum(doors, axis=0)[:, DOOR_REFUSALS], _refused_once(simulation)
    counts = np.sum([week.totals.days.sum(axis=(1, 3)) for week in first], axis=0)
    anywhere = counts[:, ITEMS["refusals"]] / np.maximum(1, counts[:, ITEMS["ever_refused"]])
    doors += [week.totals.doors[:, PLACE, :, 0] for week in simulation.play()]
    counted = np.stack(doors, axis=1).astype(np.int64)  # world, week, what
    days = person_days(counted[:, :, DOOR_CHANGE], counted[:, :, DOOR_DAYS], plan.days)
    late = (LATER - FIRST).days // 7
    later, years = counted[:, late:, DOOR_REFUSALS].sum(axis=1), days[:, late:].sum(axis=1) / 365
    return Refused(refusals, caught, anywhere, later, years)


def _refused_once(simulation: Simulation) -> NDArray[np.int64]:
    """Residents whose file has a note of a refusal at the door, by world."""
    found = np.zeros(len(simulation.plan.worlds), np.int64)
    for chunk in simulation.chunks:
        state = chunk.state
        for place in np.flatnonzero((state.ever & 64).any(axis=0)):
            here = int(state.head[place])
            while here:
                word = int(state.pool[here])
                here = (word >> LINK) & LAST_PLACE
                note = not word & LISTING and word & NOTE == NOTE and word >> KIND_AT & 7 == REFUSED
                if note and word >> ITEM_AT & DAY == PLACE:
                    found[word >> WORLDS_AT & ONE_WORLD] += 1
    return found


def caught_case(found: Sequence[Refused]) -> Case:
    """Flights refused in the 34 days to those caught, silent variant, all seeds together."""
    refusals, caught = (sum(int(getattr(one, name)[0]) for one in found) for name in ("refusals", "caught"))
    learning = Learning.of(court_plan(1))
    spread = (learning.tries_at(0, 2) - learning.tries_at(0) ** 2) * (1 / caught + 1 / PERSONS)
    return Case("silent: flights refused in 34 days to those caught", "8.7", EACH, refusals / caught, spread**0.5)


def later_case(found: Sequence[Refused]) -> Case:
    """Flights refused a listed year in 2017-18, policy as written; 0.5 to 1.0 is shown as 4 sd round its middle."""
    later = sum(int(one.later[1]) for one in found) / sum(float(one.years[1]) for one in found)
    middle = (LEAST + MOST) / 2
    name = "as written: flights refused a listed year, 2017-18"
    return Case(name, "0.5-1.0", middle, later, (MOST - middle) / 4)


def told_lines(found: Sequence[Refused]) -> list[str]:
    """What the two variants gave, by seed."""
    heads = ("caught", "flights", "each", "any door", "listed years", "flights a year")
    lines = [f"{'variant and seed':<24}" + "".join(f"{head:>16}" for head in heads)]
    for world, name in enumerate(("silent", "notice `at`")):
        for seed, one in zip(SEEDS, found, strict=False):
            caught, refused, years = int(one.caught[world]), int(one.refusals[world]), float(one.years[world])
            numbers = (f"{caught:,}", f"{refused:,}", f"{refused / max(1, caught):.2f}", f"{one.anywhere[world]:.2f}")
            later = (f"{years:,.0f}", f"{int(one.later[world]) / max(1.0, years):.3f}")
            lines.append(f"{f'{name}, seed {seed}':<24}" + "".join(f"{text:>16}" for text in (*numbers, *later)))
    lines.append(
        "each: flights refused in 34 days to each of those caught; any door: refusals to each refused anywhere"
    )
    return lines


def known(full: bool) -> Iterator[Case]:
    """All cases; small: one seed, and of the court list those caught in 2014 alone."""
    seeds = SEEDS if full else SEEDS[:1]
    for seed in seeds:
        yield from door_cases(N if full else SMALL, seed, WEEKS if full else 20)
    found = [court_list(CITY if full else N, seed, END if full else CAUGHT) for seed in seeds]
    yield caught_case(found)
    if full:
        yield later_case(found)


def main(residents: int = CITY, seeds: Sequence[int] = SEEDS) -> bool:
    """Print the tables."""
    say(f"(one door: {N:,} residents; court list: {residents:,}, {FIRST} to {END}, seeds {', '.join(map(str, seeds))})")
    cases = [case for seed in seeds for case in door_cases(N, seed)]
    found = [court_list(residents, seed) for seed in seeds]
    cases += [caught_case(found), later_case(found)]
    return show("Requests at closed doors", cases, *told_lines(found))


if __name__ == "__main__":
    sys.exit(not main(int(sys.argv[1].replace(",", "")) if sys.argv[1:] else CITY))
