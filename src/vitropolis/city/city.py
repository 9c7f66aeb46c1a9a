"""A built city: one column per attribute, one row per resident."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitropolis.city.names import NameTables, name_group, namesakes

HEAD, SPOUSE, CHILD, PARENT, OTHER, COLLECTIVE = range(6)
ROLE_LABELS = ("head", "spouse", "child", "parent", "other", "collective")


@dataclass(frozen=True, eq=False)
class City:
    """A wholly synthetic city of `n` residents, ordered by district, then household. No real people.

    Columns are read-only and have shape [n] unless said; F is the number of legal units.

    n, seed: residents; 64-bit seed. digest: SHA-256 (hex) of tables, size, seed and version of the synthesis.
    name, district_names: the city's name and its districts in the order of codes.
    district_ends: int64[districts + 1], bounds of each district's residents, from 0 to n.
    age: uint8, years 0-100. sex: uint8, 0 female, 1 male. registration: uint8, 0 local, 1 migrant.
    education: uint8, 0 none, 1 primary, 2 junior secondary, 3 senior secondary, 4 college.
    income: uint8, fifth of the household 0 (lowest) to 4.
    place: uint8, position in the household (0-14) << 4 | people in the household (1-15).
    role: uint8, 0 head, 1 spouse, 2 child of the head, 3 parent of the head, 4 other, 5 in a collective household.
    sector: uint8, 0 not employed, else 1 + place in `sector_names`. employer: int32, legal unit 0..F-1, or -1.
    cell: uint16, attribute cell 0-699 (see `vitropolis.city.cells`).
    firm_size: int32[F], staff of a legal unit. firm_district: uint8[F], code of its district.
    firm_sector: uint8[F], its sector, coded as for residents.
    sector_names: labels of the sectors from code 1 on; public_sector: the code of public administration (0: none).
    public_sectors: all codes whose staff the public pays. names: tables of the name groups.
    """

    n: int
    seed: int
    digest: str
    name: str
    district_names: tuple[str, ...]
    sector_names: tuple[str, ...]
    public_sector: int
    public_sectors: tuple[int, ...]
    district_ends: NDArray[np.int64]
    age: NDArray[np.uint8]
    sex: NDArray[np.uint8]
    registration: NDArray[np.uint8]
    education: NDArray[np.uint8]
    income: NDArray[np.uint8]
    place: NDArray[np.uint8]
    role: NDArray[np.uint8]
    sector: NDArray[np.uint8]
    employer: NDArray[np.int32]
    cell: NDArray[np.uint16]
    firm_size: NDArray[np.int32]
    firm_district: NDArray[np.uint8]
    firm_sector: NDArray[np.uint8]
    names: NameTables

    def id_of(self, resident: int) -> str:
        """Return the synthetic id `S-<first 8 of digest>-<number>` of a resident 0..n-1; IndexError outside."""
        if not 0 <= resident < self.n:
            raise IndexError(f"residents are 0 to {self.n - 1}, got {resident}")
        return f"S-{self.digest[:8]}-{resident}"

    def district_of(self, resident: int) -> int:
        """Return the district code of a resident."""
        return int(np.searchsorted(self.district_ends, resident, side="right")) - 1

    def household(self, resident: int) -> range:
        """Return the numbers of everybody in a resident's household, head first."""
        place = int(self.place[resident])
        first = resident - (place >> 4)
        return range(first, first + (place & 15))

    def name_group(self, resident: int) -> NDArray[np.int64]:
        """Return everybody who bears the resident's name, ascending (int64); slow, for single residents."""
        return name_group(self.names, resident)

    def namesakes(self, residents: NDArray[np.int64], words: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Return for each resident the member of their name group that a 32-bit word picks (int64)."""
        return namesakes(self.names, residents, words)


# the columns as stored and hashed, in order, with the attributes that give their length
COLUMNS = (
    "district_ends", "age", "sex", "registration", "education", "income", "place", "role", "sector", "employer",
    "cell", "firm_size", "firm_district", "firm_sector",
)  # fmt: skip
