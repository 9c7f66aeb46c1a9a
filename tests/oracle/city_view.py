"""The city as built, as plain lists: who lives where, with whom, and for whom they work."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
from tests.oracle.assumed import Classes

from vitropolis.city.city import ROLE_LABELS, City

AGE_STARTS = (0, 15, 25, 35, 45, 60, 65)


class CityView:
    """Residents, districts and firms are numbers; `employer` is None for whoever has none."""

    def __init__(self, city: City) -> None:
        self._city = city
        self.n = city.n
        self.district_names = [re.sub(r"[^a-z0-9]+", "_", name.lower()) for name in city.district_names]  # as ids
        ends = [int(end) for end in city.district_ends]
        self.district_first = ends[:-1]
        self.district_sizes = [end - first for first, end in pairwise(ends)]
        self.district = [district for district, size in enumerate(self.district_sizes) for _ in range(size)]
        self.age: list[int] = city.age.tolist()
        self.migrant: list[bool] = [code == 1 for code in city.registration.tolist()]
        self.employer: list[int | None] = [None if firm < 0 else firm for firm in city.employer.tolist()]
        self.employees: dict[int, int] = {firm: size for firm, size in enumerate(city.firm_size.tolist()) if size}
        self.firm_district: list[int] = city.firm_district.tolist()
        self.publicly_employed: list[bool] = [code in city.public_sectors for code in city.sector.tolist()]
        self.households: list[tuple[int, int]] = [
            (resident - (place >> 4), place & 15) for resident, place in enumerate(city.place.tolist())
        ]
        self.role: list[str] = [ROLE_LABELS[code] for code in city.role.tolist()]
        age_classes = [sum(start <= age for start in AGE_STARTS) - 1 for age in self.age]
        others = (city.sex.tolist(), city.registration.tolist(), city.education.tolist(), city.income.tolist())
        self.classes: list[Classes] = list(zip(age_classes, *others, strict=True))

    def income_fifth(self, resident: int) -> int:
        return self.classes[resident][4]

    def household_of(self, resident: int) -> range:
        first, size = self.households[resident]
        return range(first, first + size)

    def namesake(self, resident: int, word: int) -> int:
        """The member of the resident's name group that a 32-bit word picks, perhaps the resident."""
        picked = self._city.namesakes(np.array([resident], dtype=np.int64), np.array([word], dtype=np.uint32))
        return int(picked[0])
