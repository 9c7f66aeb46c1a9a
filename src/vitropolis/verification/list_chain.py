"""A black list as a two-state chain: into it with .002 a day, out of it with .01 a day.

Source: closed forms of a two-state chain. Played by the engine's own score, band, list and deletion, followed in its
listing log.

**How.** An act (.002 a day) is recorded the next day; for that one day its points put the resident into band `b`, and
the list takes whoever is in `b`. On the list a ceiling keeps everybody in band `c`: the ground no longer holds, further
acts change nothing, and the first look after the entry sets the day of deletion by the engine's table of a geometric
law. Out of the list the ceiling ends, and the next act leads in again: the entry has exactly the chance of the act.

**The exact law of this.** The look that finds no ground is that of the day after the entry, and a lag is 1 day or more:
a listing lasts 1 + Q days, Q the lag. With the mean of Q at 99 days the mean listing is the published 100. Let f(k) be
the share of the table's 256 classes with 1 + Q = k, h(k) = f(k) / sum_{j >= k} f(j). With state 0 clean and state k
listed for k days, the chances of the states on day t, p_t, follow from

    p_{t+1}(0) = (1 - a) p_t(0) + sum_k h(k) p_t(k),   p_{t+1}(1) = a p_t(0),   p_{t+1}(k + 1) = (1 - h(k)) p_t(k)

with a = .002, p_0(0) = 1. Every expected value below is computed from it (`Law`); beside it stands the published value
of the memoryless chain, for which listings of one day are possible.

**What the table of 256 classes costs.** Mid-quantiles cut the tail (the longest lag is 616 days) and so
take -.13 % off the mean; the mean of the law is therefore set to MEAN, where the mean of the table's lags is 99 days.
What is left is shown by `table_costs`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.fixed import exact, geometric_quantiles
from vitropolis.engine.run import Simulation
from vitropolis.model.listing_log import logged_day, logged_event, logged_who
from vitropolis.model.worlds import Plan
from vitropolis.report.inequality import shorrocks
from vitropolis.report.unequal import listed_on
from vitropolis.results.lists import STAY, STILL_ON
from vitropolis.verification.quiet import Word, assumed, behaviour, city_of, plan_of, policy, put, quiet
from vitropolis.verification.table import Case, say, shared, show

N, SMALL, SEEDS = 200_000, 20_000, (1, 2, 3)
ENTER, LEAVE = 0.002, 0.01
MEAN = 99.11  # days, of the law of the lag; the mean of its 256 mid-quantiles is nearest to 99
LATE, LAG, DAYS = 1100, 30, 1140  # the stationary share is read on day LATE: by then e^-13 of the start is left
STARTED, NEVER = 0, 2047
WORD = "theft"


def lags(mean: float = MEAN) -> list[int]:
    """The engine's 256 lags of a mean, as its rules hold them."""
    return geometric_quantiles(1 / exact(mean), 256, NEVER)


@dataclass(frozen=True)
class Law:
    """The chain of the module's text; `spells` are equally likely lengths of a listing."""

    spells: tuple[int, ...]
    enter: float = ENTER

    @cached_property
    def hazards(self) -> NDArray[np.float64]:
        """h(k) for k = 1, 2, ..., the longest spell."""
        share = np.bincount(self.spells)[1:] / len(self.spells)
        left = share[::-1].cumsum()[::-1]
        hazards: NDArray[np.float64] = share / left
        return hazards

    def step(self, now: NDArray[np.float64]) -> NDArray[np.float64]:
        """The chances of all states a day later."""
        after = np.zeros_like(now)
        after[0] = (1 - self.enter) * now[0] + (self.hazards * now[1:]).sum()
        after[1] = self.enter * now[0]
        after[2:] = ((1 - self.hazards) * now[1:])[:-1]
        return after

    def after(self, days: int, start: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """The chances of all states after some days, from a clean start."""
        now = np.eye(1, len(self.hazards) + 1)[0] if start is None else start
        for _ in range(days):
            now = self.step(now)
        return now

    @cached_property
    def listed_late(self) -> float:
        """P(listed on day LATE)."""
        return float(1 - self.after(LATE)[0])

    @cached_property
    def still(self) -> float:
        """P(listed on day LATE + LAG | listed on day LATE)."""
        late = self.after(LATE)
        late[0] = 0.0
        return float(1 - self.after(LAG, late / late.sum())[0])

    @property
    def mean_spell(self) -> float:
        """Mean length of a listing in days."""
        return float(np.mean(self.spells))

    @property
    def correlation(self) -> float:
        """Autocorrelation over LAG days."""
        return (self.still - self.listed_late) / (1 - self.listed_late)


@cache
def engine_law() -> Law:
    """What the engine plays."""
    return Law(tuple(1 + lag for lag in lags()))


@cache
def ideal_law() -> Law:
    """The same with a true geometric lag of mean 99, by 200,000 mid-quantiles."""
    left = 1 - (np.arange(200_000) + 0.5) / 200_000
    return Law(tuple(int(1 + wait) for wait in np.ceil(np.log(left) / np.log1p(-1 / 99))))


def chain_plan(seed: int, days: int = DAYS) -> Plan:
    """Policy and assumptions of the chain."""
    way_out = {"on_compliance": True, "auto_expiry": False}
    ground = {"kind": "band", "score": "standing", "bands": ["b"]}
    standing = {
        "start": 100,
        "range": [0, 100],
        "trustworthy_from": "a",
        "bands": {name: {"lower": low} for name, low in (("a", 60), ("b", 30), ("c", 0))},
    }
    the_list = {"polarity": "black", "context": "justice", "trigger": ground, "term_days": None, "exit": way_out}
    deed = behaviour("police", WORD, points={"standing": -60}, life={"kind": "expires", "after_days": 2})
    text = policy(
        ("police",),
        behaviours={"deed": deed},
        scores={"standing": standing},
        lists={"chain": {**the_list, "band_ceiling": {"standing": "c"}}},
    )
    data = quiet({WORD: Word(ENTER)})
    put(data["lists"]["deletion_mean_days"], MEAN)
    return plan_of([("chain", text, assumed(data))], days, seed)


@dataclass(frozen=True)
class Lives:
    """Every listing of a run: resident, first day on, first day off (DAYS: not yet)."""

    residents: int
    who: NDArray[np.int64]
    begun: NDArray[np.int64]
    ended: NDArray[np.int64]

    def on(self, day: int) -> NDArray[np.int64]:
        """The residents who are on the list on a day, ascending."""
        return np.sort(self.who[(self.begun <= day) & (day < self.ended)])


def lives(residents: int, seed: int, days: int = DAYS) -> Lives:
    """Play the chain and read its listing log."""
    simulation = Simulation(chain_plan(seed, days), city_of(residents))
    rows = np.concatenate([week.log for week in simulation.play()])
    who, day, event = logged_who(rows), logged_day(rows), logged_event(rows)
    order = np.lexsort((day, who))
    who, day, event = who[order], day[order], event[order]
    begun = np.flatnonzero(event == STARTED)
    closed = begun + 1 < len(who)
    closed[closed] = (who[begun[closed] + 1] == who[begun[closed]]) & (event[begun[closed] + 1] != STARTED)
    ended = np.full(len(begun), days, np.int64)
    ended[closed] = day[begun[closed] + 1]
    assert int(closed.sum()) + len(begun) == len(who)  # every end has its beginning
    return Lives(residents, who[begun], day[begun], ended)


def cases_of(found: Lives, label: str) -> list[Case]:
    """The six numbers of one run."""
    law, people = engine_law(), found.residents
    ever = len(np.unique(found.who[found.begun <= 365]))
    now, later = found.on(LATE), found.on(LATE + LAG)
    both = len(np.intersect1d(now, later))
    correlated = shared("", "", law.still, len(now), both)
    scale = 1 - law.listed_late
    return [
        shared(f"{label} ever listed in 365 days", ".518443", 1 - (1 - ENTER) ** 365, people, ever),
        shared(f"{label} listed on day 365", ".164634", float(1 - law.after(365)[0]), people, len(found.on(365))),
        shared(f"{label} stationary share", ".1666667", law.listed_late, people, len(now)),
        _spell(found, law, label),
        Case(
            f"{label} autocorrelation, lag 30",
            ".696159",
            law.correlation,
            (correlated.got - law.listed_late) / scale,
            correlated.sd / scale,
        ),
        _mobility(found, law, label),
    ]


def _mobility(found: Lives, law: Law, label: str) -> Case:
    """Shorrocks' index over LAG days, as the report works it out from the rows of listings."""
    stays = np.zeros(len(found.who), STAY)
    stays["resident"], stays["day_in"] = found.who, found.begun
    stays["day_out"] = np.where(found.ended == DAYS, STILL_ON, found.ended)
    then, now = listed_on(stays, LATE), listed_on(stays, LATE + LAG)
    clean, stayed = found.residents - len(then), len(np.intersect1d(then, now))
    off, on = 1 - stayed / len(then), (len(now) - stayed) / clean
    enters = float(1 - law.after(LAG)[0])
    sd = (law.still * (1 - law.still) / len(then) + enters * (1 - enters) / clean) ** 0.5
    got = shorrocks([[1 - on, on], [off, 1 - off]])
    return Case(f"{label} Shorrocks' index, {LAG} days", ".303841", 1 - law.still + enters, got, sd)


def _spell(found: Lives, law: Law, label: str) -> Case:
    """Mean length of those listings that began early enough to have ended for certain."""
    early = found.begun < DAYS - max(law.spells)
    lengths = (found.ended - found.begun)[early]
    sd = float(np.std(law.spells)) / len(lengths) ** 0.5
    return Case(f"{label} mean spell, days", "100", law.mean_spell, float(lengths.mean()), sd)


def table_costs() -> list[str]:
    """What the delay of a day, and what 256 classes change, against the published memoryless chain."""
    table, ideal = engine_law(), ideal_law()
    rows: Sequence[tuple[str, float, Any]] = (
        ("listed on day 365", 0.164634, lambda law: 1 - law.after(365)[0]),
        ("stationary share", 1 / 6, lambda law: law.listed_late),
        ("mean spell, days", 100.0, lambda law: law.mean_spell),
        ("autocorrelation, lag 30", 0.696159, lambda law: law.correlation),
    )
    lines = [f"{'exact laws':<26}{'memoryless':>12}{'1 + geometric':>15}{'1 + table':>12}{'cost of table':>15}"]
    for name, published, read in rows:
        one, two = float(read(ideal)), float(read(table))
        lines.append(f"{name:<26}{published:>12.6f}{one:>15.6f}{two:>12.6f}{two - one:>+15.6f}")
    untuned = Fraction(sum(lags(99.0)), 256)
    tuned = Fraction(sum(lags()), 256)
    lines.append(f"mean of the 256 lags: {float(untuned):.4f} for a law of mean 99, {float(tuned):.4f} for {MEAN}")
    return lines


def known(full: bool) -> Iterator[Case]:
    """All cases: three seeds of a large city, or one of a small."""
    for seed in SEEDS if full else SEEDS[:1]:
        yield from cases_of(lives(N if full else SMALL, seed), f"seed {seed}:")


def main(residents: int = N, seeds: Sequence[int] = SEEDS) -> bool:
    """Print the table."""
    say(f"(a city of {residents:,} residents, seeds {', '.join(map(str, seeds))}, {DAYS} days)")
    cases = [case for seed in seeds for case in cases_of(lives(residents, seed), f"seed {seed}:")]
    return show("A list as a two-state chain ", cases, *table_costs())


if __name__ == "__main__":
    sys.exit(not main(int(sys.argv[1].replace(",", "")) if sys.argv[1:] else N))
