"""The yardstick's numbers, once, for the law and for the versions that do not read policy files.

`y1e.policy.yaml` and `y1e.assumptions.yaml` say the same to the engine; a test compares them. Only NumPy is used.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DAYS, LIFE, TERM, WEEK = 400, 365, 365, 7  # days: horizon, a record's life, a listing's term
START, HIGHEST, NOBODY = 1000, 1300, 32_000  # points at first and at most; the day on which nothing ends
LIMITS = (600, 850, 1000, 1030)  # lower ends of bands c, b, a, aa; below the first: d
BANDS = ("d", "c", "b", "a", "aa")
DISTRICTS = 16

OFFENCE, DEED = 0.005, 0.01  # chances of a resident and day; at most one of both
OFFENCE_SHARES = (0.40, 0.22, 0.14, 0.09, 0.06, 0.04, 0.03, 0.02)
OFFENCE_POINTS = (-10, -20, -50, -80, -120, -200, -300, -500)
DEED_SHARES = (0.60, 0.25, 0.10, 0.05)
DEED_POINTS = (1, 3, 5, 20)
INVENTED = 0.22  # reports with no act behind them, for each offence noticed
PEOPLE = (  # residents by district, of whom a city of n has its share
    708_829, 1_106_214, 3_452_460, 2_019_764, 567_851, 3_133_469, 392_606, 1_312_778,
    1_840_295, 1_324_044, 2_269_487, 1_993_591, 441_040, 457_313, 527_683, 345_671,
)  # fmt: skip

# Chances of each kind of act on one day, offences first, and what each is worth.
CHANCES = np.array([OFFENCE * share for share in OFFENCE_SHARES] + [DEED * share for share in DEED_SHARES])
POINTS = np.array(OFFENCE_POINTS + DEED_POINTS, np.int16)
OFFENCES = len(OFFENCE_POINTS)


def noticed() -> NDArray[np.float64]:
    """Chance that an offence is noticed, by district; good deeds always are."""
    return 0.30 + 0.02 * np.arange(DISTRICTS, dtype=np.float64)


def district_sizes(residents: int) -> list[int]:
    """Residents of each district by largest remainder, first district first on ties."""
    shares = [residents * people / sum(PEOPLE) for people in PEOPLE]
    sizes = [int(share) for share in shares]
    order = sorted(range(DISTRICTS), key=lambda district: (sizes[district] - shares[district], district))
    for district in order[: residents - sum(sizes)]:
        sizes[district] += 1
    return sizes


def invented_weekly(sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Expected invented reports of a week, [district, kind of offence]: float64; none in the first week."""
    per_head = WEEK * OFFENCE * INVENTED * np.outer(noticed(), OFFENCE_SHARES)
    expected: NDArray[np.float64] = per_head * sizes[:, None]
    return expected


def invented_numbers(sizes: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Invented reports of one week, [district, kind]: the whole part of what is expected, and one more by chance."""
    expected = invented_weekly(sizes)
    return (expected + rng.random(expected.shape)).astype(np.int64)


def invented_week(
    ends: NDArray[np.int64], rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Invented reports of one week: resident, kind and weekday (0-6) of each; `ends` bound the districts, from 0."""
    sizes = np.diff(ends)
    numbers = invented_numbers(sizes, rng)
    district = np.repeat(np.arange(DISTRICTS), numbers.sum(axis=1))
    kind = np.repeat(np.tile(np.arange(OFFENCES), DISTRICTS), numbers.ravel())
    resident = ends[district] + (rng.random(district.size) * sizes[district]).astype(np.int64)
    return resident, kind, rng.integers(0, WEEK, district.size)
