"""Ties in the built city: everybody is tied to the rest of the household and to the rest of the staff.

Source: an identity. In a household of s everybody has s - 1 ties, in a legal unit with a staff of n everybody who works
there n - 1; ties add up to sum s (s - 1) + sum n (n - 1), each counted at both ends. The columns that kernels read
(`place`, which says how many live in a household; `employer` and `firm_size`) are held against ties counted pair by
pair, from who lives beside whom and who names the same employer alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vitropolis.city import City
from vitropolis.verification.quiet import city_of
from vitropolis.verification.table import Case, exactly, say, show

SMALL, N = 8_000, 40_000
Ints = NDArray[np.int64]


def pair_by_pair(group: Ints) -> Ints:
    """How many others have the same number: int64 [resident], every pair looked at. Below 0: in no group."""
    order = np.argsort(group, kind="stable")
    inside = order[group[order] >= 0]
    sorted_, ties = group[inside], np.zeros(len(group), np.int64)
    for apart in range(1, len(inside)):
        same = np.flatnonzero(sorted_[apart:] == sorted_[:-apart])
        if not len(same):  # no group is larger
            break
        np.add.at(ties, inside[same], 1)
        np.add.at(ties, inside[same + apart], 1)
    return ties


def said(city: City) -> tuple[Ints, Ints]:
    """What the columns say: others in the household, others on the staff, int64 [resident]."""
    staff = np.where(city.employer >= 0, city.firm_size[city.employer].astype(np.int64) - 1, 0)
    return (city.place & 15).astype(np.int64) - 1, staff


def cases_of(city: City) -> Iterator[Case]:
    """The identity for everybody, and in sum."""
    households = np.cumsum(city.place >> 4 == 0).astype(np.int64) - 1
    home, work = said(city)
    homes, works = pair_by_pair(households), pair_by_pair(city.employer.astype(np.int64))
    yield exactly("residents with other ties at home than s - 1", 0, int((homes != home).sum()))
    yield exactly("residents with other ties at work than n - 1", 0, int((works != work).sum()))
    degree = (homes + works) != home + work
    yield exactly("residents with another degree than (s - 1) + (n - 1)", 0, int(degree.sum()))
    size, staff = np.bincount(households), city.firm_size.astype(np.int64)
    yield exactly("ties at home, sum s (s - 1)", int((size * (size - 1)).sum()), int(home.sum()))
    yield exactly("ties at work, sum n (n - 1)", int((staff * (staff - 1)).sum()), int(works.sum()))
    yield exactly("who works is on one staff", int((city.sector > 0).sum() - _alone(city)), int(staff.sum()))


def _alone(city: City) -> int:
    """How many work without an employer."""
    return int(((city.sector > 0) & (city.employer < 0)).sum())


def known(full: bool) -> Iterator[Case]:
    """All cases, in a larger city or a small one."""
    yield from cases_of(city_of(N if full else SMALL))


def main(residents: int = N) -> bool:
    """Print the table."""
    say(f"(a city of {residents:,} residents)")
    return show("Ties of a resident in the built city", [*cases_of(city_of(residents))])


if __name__ == "__main__":
    sys.exit(not main(int(sys.argv[1].replace(",", "")) if sys.argv[1:] else N))
