"""Ranks of the whole city, once a week (M3): cuts of a share, bands by per mille, the mean.

docs/mechanisms.md, section 7.

Of K = floor(share * enrolled) places the best begin at the score s that fewer than K exceed and at least K reach;
those at s draw lots for what is left. A band by rank with lower end v per mille begins at the lowest score that at
least v * enrolled / 1000 score less than. Unit: points. Source: the arithmetic of any ranking; shares are the
policy's.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.fixed import ONE32
from vitropolis.model.rulebook import Rulebook

NOBODY_ABOVE, NOBODY_BELOW = 1 << 20, -(1 << 20)
Histogram = NDArray[np.int64]  # people by score, from the lowest score up


def cut_of(people: Histogram, lowest: int, share: Fraction, best: bool) -> tuple[int, int]:
    """Return (score, 32-bit share of those at it) that make up `share` of all, from the best or the worst end."""
    counts = people[::-1] if best else people
    wanted = int(share * int(counts.sum()))
    if wanted == 0:
        return (NOBODY_ABOVE if best else NOBODY_BELOW), 0
    reached = np.cumsum(counts)
    step = int(np.searchsorted(reached, wanted))
    at_cut = int(counts[step])
    tie = ONE32 * (wanted - (int(reached[step]) - at_cut)) // at_cut
    place = len(people) - 1 - step if best else step
    return lowest + place, tie


def relative_lowers(people: Histogram, lowest: int, lowers: list[int]) -> list[int]:
    """Return for each per mille the lowest score that at least so many of the enrolled stay below."""
    below = np.concatenate([[0], np.cumsum(people)])
    total = int(below[-1])
    return [lowest + int(np.searchsorted(below, value * total // 1000)) for value in lowers]


def mean_band(people: Histogram, lowest: int, lowers: list[int], start: int) -> int:
    """Return the band of the mean score (rounded down), of `start` where nobody is enrolled."""
    total = int(people.sum())
    mean = lowest + int((people * np.arange(len(people))).sum()) // total if total else start
    return max(place for place, lower in enumerate(lowers) if place == 0 or lower <= mean)


def write_lowers(book: Rulebook, week: Any, monday: Rulebook, people: list[Histogram], first: bool) -> None:
    """Write lower ends of bands and the mean's band of every score into a WEEK record.

    `book` are the rules of the stretch, `monday` those of the week's first day, `people` the enrolled by score at the
    end of the last week.
    """
    rules = book.table[0]
    week["lower"] = rules["lower"]
    for ledger, counts in enumerate(people):
        lowest, bands = int(rules["floor"][ledger]), int(rules["bands"][ledger])
        if ledger in book.relative and not first:
            lowers = [int(lower) for lower in monday.table[0]["lower"][ledger][:bands]]
            week["lower"][ledger][:bands] = relative_lowers(counts, lowest, lowers)
        if rules["newcomers"][ledger] == -2:
            start = int(rules["start"][ledger])
            shown = [int(lower) for lower in week["lower"][ledger][:bands]]
            week["impute"][ledger] = mean_band(counts * (not first), lowest, shown, start)


def write_cuts(book: Rulebook, week: Any, people: list[Histogram], cut: str, tie: str) -> None:
    """Write where each rank leaf divides the enrolled into two fields of a WEEK record."""
    for leaf in book.ranks:
        lowest, place = int(book.table[0]["floor"][leaf.ledger]), (leaf.world, leaf.leaf)
        week[cut][place], week[tie][place] = cut_of(people[leaf.ledger], lowest, leaf.share, leaf.best)
