"""Thresholds of speaking: the cascades of Granovetter and Kuran, through the kernel that the city uses.

Source: Granovetter (1978), American Journal of Sociology 83, 1420; Kuran (1989), Public Choice 61, 41. Everybody sees
everybody (a complete graph), as in the city. `model.speech.speak` is iterated from nobody until nothing changes. With
thresholds 0 to 99 all hundred follow; with one of them changed from 1 to 2 only one does. Thresholds of a normal law
of mean 25 (per cent) jump from 6.195 to nearly all at the standard deviation 12.2220868. Kuran's ten people go from
10 to 90 per cent when one of them becomes a little braver, and in another order only from 10 to 20.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from vitropolis.model.speech import settled
from vitropolis.verification.table import Case, say, show

CLASSES = 1 << 20
ONE = 1 << 40  # the whole city, in what normal thresholds are counted in
CRITICAL = 12.2220868
STEP = 0.0002  # to each side of it
BELOW = 6.130519  # the continuous law there; published is 6.195, nearer to the jump than so many classes can come
NORMAL = (
    (10.0, 0.770), (12.0, 4.021), (12.2, 5.479), (CRITICAL - STEP, BELOW), (CRITICAL + STEP, 100.000), (15.0, 100.000),
    (20.0, 99.991), (30.0, 99.339), (50.0, 90.485), (100.0, 65.857),
)  # fmt: skip
ATTENTIVE, ALIKE = (0, 20, 20, 30, 40, 50, 60, 70, 80, 100), (0, 20, 30, 30, 40, 50, 60, 70, 80, 100)


def persons(thresholds: Sequence[int], each: int = 1, risk: int = 0) -> int:
    """How many (times `each`) speak in the end, of so many people with these thresholds."""
    row = np.array(thresholds, np.int64)
    return settled(row, np.full(row.size, each, np.int64), risk=risk)


@cache
def quantiles(classes: int) -> NDArray[np.float64]:
    """Standard normal quantiles of the middles of equally large classes."""
    law = NormalDist()
    return np.array([law.inv_cdf((2 * place + 1) / (2 * classes)) for place in range(classes)])


def normal(sd: float, classes: int) -> float:
    """Per cent who speak in the end, with normal thresholds of mean 25 per cent."""
    rows = np.round(ONE * (25 + sd * quantiles(classes)) / 100).astype(np.int64)
    return 100 * settled(rows, np.full(classes, ONE // classes, np.int64)) / ONE


def exact_cases() -> Iterator[Case]:
    """What comes out to the person."""
    every = list(range(100))
    braver = [10 if place == 1 else each for place, each in enumerate(ATTENTIVE)]
    alone = [10 if place == 1 else each for place, each in enumerate(ALIKE)]
    for name, expected, got in (
        ("Granovetter: thresholds 0 to 99", 100, persons(every)),
        ("Granovetter: the 1 made 2", 1, persons([2 if each == 1 else each for each in every])),
        ("Granovetter: risk of one more", 0, persons(every, risk=1)),
        ("Kuran, per cent", 10, persons(ATTENTIVE, 10)),
        ("Kuran: a 20 made 10", 90, persons(braver, 10)),
        ("Kuran, other order", 10, persons(ALIKE, 10)),
        ("Kuran, other order: its 20 made 10", 20, persons(alone, 10)),
    ):
        yield Case(name, str(expected), expected, got, 1e-9)


def normal_cases(classes: int) -> Iterator[Case]:
    """Normal thresholds: allowed is 0.001, just below the jump, where it is steep, 0.01."""
    for sd, expected in NORMAL:
        allowed = 0.01 if sd == CRITICAL - STEP else 0.001
        yield Case(f"normal(25, {sd:.7g}), per cent", f"{expected:.3f}", expected, normal(sd, classes), allowed / 4)


def known(full: bool) -> Iterator[Case]:
    """All cases; full: as many classes as it takes to see the jump."""
    yield from exact_cases()
    if full:
        yield from normal_cases(CLASSES)


def main(classes: int = CLASSES) -> bool:
    """Print the tables; with few classes only what is exact at any number."""
    say(f"({classes:,} classes)")
    cases = [*exact_cases(), *(normal_cases(classes) if classes >= CLASSES else ())]
    return show("Cascades of speaking", cases, "exact; normal: 0.001 (just below the jump 0.01) is 4 sd")


if __name__ == "__main__":
    sys.exit(not main(*(int(text.replace(",", "")) for text in sys.argv[1:])))
