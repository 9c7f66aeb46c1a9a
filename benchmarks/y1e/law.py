"""The yardstick's exact law: what is expected of every version, with the standard deviation of chance alone.

Nobody's acts depend on anybody's score, so residents are independent but for who gets the invented reports, and days
are alike. With q the chance that a district notices an offence, a resident's points change on a day by the points of
kind k with chance c_k (deeds) or c_k q (offences), and by those of every invented report, a Poisson number of mean l_k.

* Acts and detections are binomial in resident-days. Acts of the last day are made, and noticed, but arrive nowhere.
* Invented reports: `floor(L)`, and one more with the rest of L as its chance, for every kind, district and week.
* **Band on the last day**: the sum of the 365 days whose records live: the 365th power of the day's transform.
* **Joined in a year**: no record expires before day 366, so the score is a walk of independent steps, and somebody is
  on the list who was ever below 600: the walk with everybody taken out who falls there, day by day, up to day 364.
* **Left**: whoever joined on day s leaves on day s + 365, if that is inside the horizon: the same walk up to day 34.

The number of an invented report's victims is binomial, not Poisson: for the smallest district this changes a variance
by one part in its residents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from benchmarks.y1e.rules import (
    BANDS,
    CHANCES,
    DAYS,
    DEED,
    DISTRICTS,
    INVENTED,
    LIFE,
    LIMITS,
    OFFENCE,
    OFFENCES,
    POINTS,
    START,
    TERM,
    WEEK,
    invented_weekly,
    noticed,
)

LIMIT = 4.0  # |z| below which a number is accepted: 14 numbers pass by chance in all but 1 of 1,000 runs
WIDE = 8192  # points from end to end of the transforms: sums beyond are rarer than rounding
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Check:
    """One number of an outcome: expected, standard deviation, found."""

    name: str
    expected: float
    sd: float
    found: float

    @property
    def z(self) -> float:
        """Distance from what is expected, in standard deviations."""
        return (self.found - self.expected) / self.sd

    @property
    def holds(self) -> bool:
        """Whether it is accepted."""
        return abs(self.z) < LIMIT


def _transforms() -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Transforms of a day's change of points by arriving acts and by invented reports, [district, WIDE]."""
    acts, reports = np.zeros((DISTRICTS, WIDE)), np.zeros((DISTRICTS, WIDE))
    shares = np.where(np.arange(len(POINTS)) < OFFENCES, noticed()[:, None], 1.0) * CHANCES
    for kind, points in enumerate(POINTS.astype(int)):
        acts[:, points % WIDE] += shares[:, kind]
        if kind < OFFENCES:
            reports[:, points % WIDE] += shares[:, kind] * INVENTED
    acts[:, 0] += 1 - shares.sum(axis=1)
    reports[:, 0] -= reports.sum(axis=1)
    return np.fft.fft(acts), np.exp(np.fft.fft(reports))


@cache
def band_shares() -> Floats:
    """Chance of each band on the last day, [district, band], worst first."""
    acts, reports = _transforms()
    sums = np.fft.ifft((acts * reports) ** LIFE).real
    points = START + (np.arange(WIDE) + WIDE // 2) % WIDE - WIDE // 2
    band = np.searchsorted(LIMITS, points, side="right")
    return np.stack([sums[:, band == place].sum(axis=1) for place in range(len(BANDS))], axis=1)


@cache
def joined_by() -> Floats:
    """Chance of having joined the list by each day of the first year, [day, district]."""
    acts, reports = _transforms()
    points = START + (np.arange(WIDE) + WIDE // 2) % WIDE - WIDE // 2
    free = np.zeros((DISTRICTS, WIDE))
    free[:, 0] = 1.0
    rows = np.zeros((LIFE, DISTRICTS))
    for day in range(1, LIFE):
        step = acts * reports if day >= WEEK else acts
        free = np.fft.ifft(np.fft.fft(free) * step).real
        free[:, points < LIMITS[0]] = 0.0
        rows[day] = 1 - free.sum(axis=1)
    return rows


def expected(sizes: NDArray[np.int64]) -> dict[str, tuple[Floats, Floats]]:
    """Expectation and variance of every judged number, by district."""
    people = sizes.astype(np.float64)
    days = people * DAYS
    weekly = invented_weekly(sizes)
    weeks = DAYS // WEEK - 1
    rest = weekly % 1

    def count(number: Floats, chance: float | Floats) -> tuple[Floats, Floats]:
        return number * chance, number * chance * (1 - chance)

    return {
        "offences": count(days, OFFENCE),
        "deeds": count(days, DEED),
        "detected": count(days, OFFENCE * noticed()),
        "invented": (weeks * weekly.sum(axis=1), weeks * (rest * (1 - rest)).sum(axis=1)),
        "joined in a year": count(people, joined_by()[LIFE - 1]),
        "left": count(people, joined_by()[DAYS - 1 - TERM]),
        **{f"band {name}": count(people, band_shares()[:, place]) for place, name in enumerate(BANDS)},
    }


def checks(summary: Mapping[str, Sequence[int]]) -> list[Check]:
    """Judge an outcome's summary: city totals, and how detections and lists differ between the districts' halves."""
    found = []
    upper = np.where(np.arange(DISTRICTS) >= DISTRICTS // 2, 1.0, -1.0)
    for name, (mean, variance) in expected(np.array(summary["sizes"], np.int64)).items():
        got = np.array(summary[name], np.float64)
        sd = max(float(variance.sum()) ** 0.5, 1e-9)
        found.append(Check(name, float(mean.sum()), sd, float(got.sum())))
        if name in ("detected", "invented", "joined in a year"):
            found.append(Check(f"{name}, by half", float(upper @ mean), sd, float(upper @ got)))
    return found
