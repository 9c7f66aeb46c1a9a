"""The city while it is built: columns cut into districts, and how values are dealt over them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from vitropolis.city import kernels
from vitropolis.city.rounding import Table, fit_table

NOBODY = 65535  # the stratum of residents whom a step leaves alone

Bytes = NDArray[np.uint8]
Strata = NDArray[np.uint16]
Result = TypeVar("Result")


@dataclass(frozen=True)
class Part:
    """One district's slice of the columns of `City`, from resident `base` on.

    `slot` (see `households.SLOTS`) and `band` (0 15-59, 1 60-64, 2 65+, read for people past 59 and in
    collective households) are needed only while the city is built.
    """

    district: int
    base: int
    age: Bytes
    sex: Bytes
    registration: Bytes
    education: Bytes
    income: Bytes
    place: Bytes
    role: Bytes
    sector: Bytes
    employer: NDArray[np.int32]
    cell: NDArray[np.uint16]
    slot: Bytes
    band: Bytes

    @property
    def head(self) -> NDArray[np.int32]:
        """The place in this slice of everybody's head of household (int32)."""
        return np.arange(self.slot.size, dtype=np.int32) - (self.place >> 4)


class Parts:
    """All districts: `columns` of the whole city, `parts` their slices, and the threads that work on them."""

    def __init__(self, districts: list[int], seed: int, threads: int) -> None:
        self.words = kernels.as_words(seed)
        self.pool = ThreadPoolExecutor(max_workers=threads)
        self.ends = np.concatenate([[0], np.cumsum(districts)]).astype(np.int64)
        size = int(self.ends[-1])
        small = ("age", "sex", "registration", "education", "income", "place", "role", "sector", "slot", "band")
        self.columns: dict[str, NDArray[Any]] = {name: np.zeros(size, dtype=np.uint8) for name in small}
        self.columns["employer"] = np.full(size, -1, dtype=np.int32)
        self.columns["cell"] = np.zeros(size, dtype=np.uint16)
        self.parts = [
            Part(district, int(low), **{name: column[low:high] for name, column in self.columns.items()})
            for district, (low, high) in enumerate(pairwise(self.ends))
        ]

    def each(self, work: Callable[[Part], Result]) -> list[Result]:
        """Do `work` for every district on the threads; results in the order of districts."""
        return list(self.pool.map(work, self.parts))

    def deal(
        self,
        column: str,
        step: int,
        strata_of: Callable[[Part], Strata],
        margin: list[int],
        seeds: Table | Callable[[int], Table],
        households: bool = False,
    ) -> None:
        """Deal values 0 up to everybody in a stratum, so that they sum to `margin` (people by value) exactly.

        `strata_of` numbers the strata of a district's residents (uint16, NOBODY: left alone), `seeds` holds the
        weights strata x values, for all districts or by district. With `households`, all members get the
        value dealt to the first, and sums may miss by a few people.
        """
        per_district = seeds if callable(seeds) else lambda _: seeds
        strata = self.each(strata_of)
        seed = [per_district(part.district) for part in self.parts]
        fitted = fit_table(
            self._counts(strata, len(seed[0])), margin, [line for table in seed for line in table], column
        )
        quota = np.array(fitted, dtype=np.int64).reshape(len(self.parts), len(seed[0]), len(margin))

        def hand_out(part: Part) -> None:
            own, urn, out = strata[part.district], quota[part.district], getattr(part, column)
            if households:
                kernels.deal_household(own, part.place, urn, out, part.base, step, *self.words)
            else:
                kernels.deal(own, urn, out, part.base, step, *self.words)

        self.each(hand_out)

    def _counts(self, strata: list[Strata], count: int) -> list[int]:
        """Return people by district and stratum, one after the other."""
        seen = self.each(lambda part: np.bincount(strata[part.district], minlength=NOBODY + 1)[:count])
        return [int(people) for counts in seen for people in counts]
