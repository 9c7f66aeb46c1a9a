"""Gini of known distributions, Shorrocks' index, stationary shares and mean stays of known chains.

Sources: closed forms. Gini: uniform 1/3, exponential 1/2, Pareto(a) 1 / (2 a - 1), lognormal 2 Phi(s / sqrt 2) - 1.
Shorrocks 1978: (n - trace P) / (n - 1). A chain that enters with .002 and leaves with .01 a day; its memory over k days
is .988^k. What is tested are the functions of `report.inequality` that the report uses. A distribution is given by its
MANY mid-quantiles, so nothing is drawn; of a Pareto tail they miss the end, of order MANY^(1/a - 1), which is what its
tolerance is for. The same chain, lived by residents, is `vitropolis verify list_chain`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from statistics import NormalDist

import numpy as np

from vitropolis.report.inequality import Floats, gini, mean_stays, shorrocks, stationary
from vitropolis.verification.table import Case, show, within

MANY = 200_000
LOGNORMAL = ((0.25, 0.1403162), (0.5, 0.2763264), (0.75, 0.4041169), (1.0, 0.5204999))
PARETO = ((1.5, 0.5, 0.01), (3.0, 0.2, 0.0005))  # shape, Gini, tolerance
THREE = ((0.6, 0.35, 0.05), (0.35, 0.4, 0.25), (0.05, 0.25, 0.7))
ENTER, LEAVE = 0.002, 0.01
LIST = ((1 - ENTER, ENTER), (LEAVE, 1 - LEAVE))
CLOSE = 1e-6


def quantiles() -> Floats:
    """The places of the mid-quantiles, 0 to 1."""
    return (np.arange(MANY) + 0.5) / MANY


def gini_cases() -> Iterator[Case]:
    """Gini of distributions."""
    at = quantiles()
    yield _gini("uniform", at, 1 / 3, 1e-5)
    yield _gini("exponential", -np.log1p(-at), 1 / 2, 1e-4)
    for shape, expected, tolerance in PARETO:
        yield _gini(f"Pareto {shape}", (1 - at) ** (-1 / shape), expected, tolerance)
    normal = np.array([NormalDist().inv_cdf(float(place)) for place in at])
    for sigma, expected in LOGNORMAL:
        yield _gini(f"lognormal {sigma}", np.exp(sigma * normal), expected, 1e-4)
    yield _gini("one of ten has all", np.array([0] * 9 + [7]), 0.9, CLOSE)
    yield within("Gini: nine who have nothing, counted apart", ".9", 0.9, gini([7], others=9) or 0.0, CLOSE)


def _gini(name: str, amounts: Floats, expected: float, tolerance: float) -> Case:
    return within(f"Gini: {name}", f"{expected:.7g}", expected, gini(amounts) or 0.0, tolerance)


def chain_cases() -> Iterator[Case]:
    """A chain of three states, and the list as one of two."""
    yield within("three states: Shorrocks' index", ".65", 0.65, shorrocks(THREE), CLOSE)
    stays = (2.5, 1.666667, 3.333333)
    for place, (share, stay, expected) in enumerate(zip(stationary(THREE), mean_stays(THREE), stays, strict=True)):
        yield within(f"three states: stationary share of {place}", "1/3", 1 / 3, float(share), CLOSE)
        yield within(f"three states: mean stay in {place}", f"{expected}", expected, float(stay), CLOSE)
    year = np.linalg.matrix_power(np.asarray(LIST), 365)
    memory = float(np.linalg.eigvals(np.asarray(LIST)).min()) ** 30
    yield within("list: stationary share", ".1666667", 1 / 6, float(stationary(LIST)[1]), CLOSE)
    yield within("list: mean spell, days", "100", 100, float(mean_stays(LIST)[1]), CLOSE)
    yield within("list: autocorrelation, lag 30", ".696159", 0.696159, memory, CLOSE)
    yield within("list: on day 365, from clean", ".164634", 0.164634, float(year[0, 1]), CLOSE)
    yield within("list: ever in 365 days", ".518443", 0.518443, float(1 - np.asarray(LIST)[0, 0] ** 365), CLOSE)


def known(full: bool) -> Iterator[Case]:
    """All cases; there is but one size."""
    yield from gini_cases()
    yield from chain_cases()


def main() -> bool:
    """Print the table."""
    return show("Inequality and mobility", [*known(True)], f"distributions by {MANY:,} mid-quantiles")


if __name__ == "__main__":
    sys.exit(not main())
