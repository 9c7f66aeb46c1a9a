"""Where inspections fall at random over sites: how many incidents they find, against the exact expectation.

Source: D'Amour et al. (2020), "Fairness is not static", section 4 (attention allocation), with no feedback: five sites
with 8, 6, 4, 3 and 1.5 incidents a step in the mean (Poisson), six units of inspection a step, each at a site drawn for
itself, 1,000 steps, 50 runs. A site's unit finds one incident if there is one left: min(visits, incidents). So a step
finds E min(A, Y) at a site, A ~ Binomial(6, 1/5), Y ~ Poisson(rate). (Drawing evenly among *compositions* of 6 into 5
would give 5035.742 instead of 5288.547.)

**How.** Visits and what they find come from `vitropolis.model.inspection`; incidents from Philox by inversion.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream, philox
from vitropolis.model.inspection import tour
from vitropolis.verification.table import Case, show

RATES, UNITS, STEPS, RUNS = (8.0, 6.0, 4.0, 3.0, 1.5), 6, 1000, 50
PUBLISHED = ("1196.46", "1183.01", "1122.97", "1040.44", "745.65")
TOTAL = "5288.547"


def moments(rate: float) -> tuple[float, float]:
    """Mean and variance of what one step finds at a site."""
    share, first, second = 1 / len(RATES), 0.0, 0.0
    for visits in range(UNITS + 1):
        often = math.comb(UNITS, visits) * share**visits * (1 - share) ** (UNITS - visits)
        for least in range(1, visits + 1):  # E min = sum of P(Y >= least); E min^2 = sum of (2 least - 1) P(Y >= least)
            at_least = 1 - sum(math.exp(-rate) * rate**k / math.factorial(k) for k in range(least))
            first += often * at_least
            second += often * (2 * least - 1) * at_least
    return first, second - first * first


def incidents(run: int) -> NDArray[np.int64]:
    """Poisson incidents of a run, [step, site]."""
    sites, steps = np.arange(len(RATES)), np.arange(STEPS)
    draws = philox(sites, steps[:, None], Stream.CHECK, 7, run)[0] / 2.0**32
    found = np.zeros((STEPS, len(RATES)), np.int64)
    for site, rate in enumerate(RATES):
        below = np.cumsum([math.exp(-rate) * rate**k / math.factorial(k) for k in range(60)])
        found[:, site] = np.searchsorted(below, draws[:, site], side="right")
    return found


def found_in(run: int) -> NDArray[np.int64]:
    """What the inspections of a run find at each site."""
    there, visits = incidents(run), np.zeros(len(RATES), np.int64)
    found = np.zeros(len(RATES), np.int64)
    for step in range(STEPS):
        tour(UNITS, step, there[step], np.uint32(run), np.uint32(0), visits, found)
    return found


def cases(runs: int = RUNS) -> Iterator[Case]:
    """Every site, and all together, in the mean of all runs; and the exact numbers themselves."""
    got = np.array([found_in(run) for run in range(runs)])
    exact = [STEPS * moments(rate)[0] for rate in RATES]
    for site, rate in enumerate(RATES):
        sd = (STEPS * moments(rate)[1] / runs) ** 0.5
        yield Case(f"found at rate {rate}", PUBLISHED[site], exact[site], float(got[:, site].mean()), sd)
        yield Case(f"exact at rate {rate}", PUBLISHED[site], float(PUBLISHED[site]), exact[site], 0.0025)
    sd = float(got.sum(axis=1).std(ddof=1)) / runs**0.5
    yield Case("found in all", TOTAL, sum(exact), float(got.sum(axis=1).mean()), sd)
    yield Case("exact in all", TOTAL, float(TOTAL), sum(exact), 0.00025)


def known(full: bool) -> Iterator[Case]:
    """All cases; there is but one size."""
    yield from cases()


def main() -> bool:
    """Print the table."""
    return show("Inspections at random over sites", list(cases()))


if __name__ == "__main__":
    sys.exit(not main())
