"""Legal units: how many staff each has (Axtell's heavy-tailed law), in which district and sector."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.fixed import CONTEXT, largest_remainder
from vitropolis.city.permute import permute, round_keys

UNIT_BITS = 16  # sizes are carried with 16 fractional bits before they are cut to whole staff
SURVIVAL_BITS = 44
PER_OCTAVE = 16


@dataclass(frozen=True)
class Firms:
    """`size` int32[F] staff, `district` uint8[F], `sector` uint8[F] (1 up), and the posts of each sector.

    `posts` int32[staff] holds the firm of every post, sector after sector; sector s owns
    posts[starts[s] : ends[s]] (int64[sectors + 2], empty at 0 and at the self-employed).
    """

    size: NDArray[np.int32]
    district: NDArray[np.uint8]
    sector: NDArray[np.uint8]
    posts: NDArray[np.int32]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


@lru_cache(maxsize=8)
def _law(exponent: int, largest: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return break points (16 fractional bits) and the share of units above each (44 bits).

    Survival is (s^-a - M^-a) / (1 - M^-a) with a = `exponent` / 1000 and M = `largest`, in 60-digit decimals.
    """
    power = CONTEXT.divide(Decimal(exponent), Decimal(1000))
    step = CONTEXT.power(Decimal(2), CONTEXT.divide(Decimal(1), Decimal(PER_OCTAVE)))
    top, end = Decimal(max(largest, 2)), Decimal(0)
    tail = CONTEXT.power(top, -power)
    points, shares, at = [], [], Decimal(1)
    while end < top:
        end = min(at, top)
        share = CONTEXT.divide(CONTEXT.power(end, -power) - tail, 1 - tail)
        points.append(int(end * (1 << UNIT_BITS)))
        shares.append(int(share * (1 << SURVIVAL_BITS)))
        at = CONTEXT.multiply(at, step)
    return np.array(points, dtype=np.int64), np.array(shares, dtype=np.int64)


def law_sizes(count: int, exponent: int, largest: int) -> NDArray[np.int64]:
    """Return the sizes of `count` units at the law's mid-quantiles, largest first, with 16 fractional bits.

    `exponent` is in thousandths (1059), `largest` the cut in staff. Stratified: unit j stands at the share
    (2j + 1) / (2 count), so the tail has no luck in it.
    """
    points, shares = _law(exponent, largest)
    quantile = (2 * np.arange(count, dtype=np.int64) + 1) * ((1 << SURVIVAL_BITS) // (2 * count))
    cell = np.searchsorted(-shares, -quantile, side="left") - 1
    width, depth = points[cell + 1] - points[cell], shares[cell] - shares[cell + 1]
    return np.asarray(points[cell] + width * (shares[cell] - quantile) // depth)


def firm_sizes(count: int, staff: int, exponent: int, largest: int) -> NDArray[np.int64]:
    """Return whole sizes >= 1 of `count` units that employ exactly `staff`, largest first (int64[count]).

    The law's sizes are stretched by one factor; what rounding leaves goes to the largest units.
    """
    if count == 0:
        return np.zeros(0, dtype=np.int64)
    law = law_sizes(count, exponent, largest)

    def stretched(factor: int) -> NDArray[np.int64]:
        return np.asarray(np.maximum((law * factor) >> (UNIT_BITS + 12), 1))

    low, high = 0, 1 << 24
    while high - low > 1:
        middle = (low + high) // 2
        if int(stretched(middle).sum()) <= staff:
            low = middle
        else:
            high = middle
    sizes = stretched(low)
    left = staff - int(sizes.sum())
    sizes += left // count
    sizes[: left % count] += 1
    return sizes


def make_firms(units: list[int], staff: list[int], exponent: int, largest: int, seed: int, step: int) -> Firms:
    """Build all legal units: `units` by district, `staff` by sector (sums; 0 for the self-employed last).

    Units are numbered district after district; which unit has which sector and size is a keyed shuffle.
    """
    count = sum(units)
    shares = _units_by_sector(count, staff)
    sizes = np.concatenate(
        [firm_sizes(share, total, exponent, largest) for share, total in zip(shares, staff, strict=True)]
    )
    sectors = np.repeat(np.arange(1, len(staff) + 1), shares)
    place = permute(np.arange(count, dtype=np.int64), round_keys(seed, step), count)
    size, sector = np.empty(count, dtype=np.int32), np.empty(count, dtype=np.uint8)
    size[place], sector[place] = sizes, sectors
    district = np.repeat(np.arange(len(units)), units).astype(np.uint8)
    posts = np.repeat(place.astype(np.int32), sizes)
    ends = np.concatenate([[0], np.cumsum(staff)]).astype(np.int64)
    starts = np.concatenate([[0], ends[:-1]]).astype(np.int64)
    return Firms(size, district, sector, posts, starts, ends)


def _units_by_sector(count: int, staff: list[int]) -> list[int]:
    """Split units as staff is split; a sector with staff has a unit, and no more units than staff."""
    shares = largest_remainder(count, staff)
    for place, total in enumerate(staff):
        while shares[place] == 0 < total:
            shares[max(range(len(shares)), key=lambda other: shares[other])] -= 1
            shares[place] += 1
    return shares
