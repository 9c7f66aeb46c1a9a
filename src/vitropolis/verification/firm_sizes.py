"""How heavy the tail of firm sizes is in the built city, against the law that it was built by.

Source: Axtell (2001), "Zipf distribution of U.S. firm sizes", Science 293:1818-1820: share of firms with more than s
staff ~ s^-a, a = 1.059 (0.054). The city cuts the law at its largest firm, so that the estimate is the one for a cut
power law: a maximises n ln a + n a ln L - (a + 1) sum ln s - n ln(1 - (L/M)^a) for sizes L <= s < M. Whole staff s
stands for sizes from s to s + 1; sizes from L = 20 staff on are looked at, where the half makes no difference.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np

from vitropolis.verification.quiet import city_of
from vitropolis.verification.table import Case, show

N, LEAST, AXTELL, WITHIN = 2_000_000, 20, 1.059, 0.03


def exponent(sizes: np.ndarray[tuple[int, ...], np.dtype[np.int32]]) -> float:
    """Maximum-likelihood exponent of the survival of sizes from LEAST to the largest, by bisection of the score."""
    tail = sizes[sizes >= LEAST].astype(float) + 0.5
    low, span = np.log(tail / LEAST).mean(), np.log((sizes.max() + 1) / LEAST)
    under, over = 0.05, 5.0
    for _ in range(80):
        middle = (under + over) / 2
        slope = 1 / middle - low - span / (np.exp(middle * span) - 1)
        under, over = (middle, over) if slope > 0 else (under, middle)
    return float((under + over) / 2)


def known(full: bool) -> Iterator[Case]:
    """The exponent of a city's firms; there is but one size."""
    got = exponent(np.asarray(city_of(N).firm_size))
    yield Case(f"{N:,} residents: tail exponent", str(AXTELL), AXTELL, got, WITHIN / 4)


def main(residents: int = N) -> bool:
    """Print the table."""
    got = exponent(np.asarray(city_of(residents).firm_size))
    case = Case(f"{residents:,} residents: tail exponent", str(AXTELL), AXTELL, got, WITHIN / 4)
    return show("Sizes of firms", [case], f"within {WITHIN} of the published exponent; the sd stands for that")


if __name__ == "__main__":
    sys.exit(not main(int(sys.argv[1].replace(",", "")) if sys.argv[1:] else N))
