"""What a built city says of its own margins, counted from its residents: target, built, deviation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from vitropolis.city.city import COLLECTIVE, City
from vitropolis.city.households import scaled_targets
from vitropolis.city.tables import CONTROLLED, MARGIN_LABELS, CityTables


@dataclass(frozen=True)
class Margin:
    """One controlled margin: labels, the published counts, their scaled targets and what was built."""

    name: str
    unit: str
    year: int
    source: str
    status: str
    note: str
    labels: tuple[str, ...]
    published: tuple[int, ...]
    target: tuple[int, ...]
    built: tuple[int, ...]

    @property
    def deviation(self) -> int:
        """Sum of absolute differences between built and target (0: met exactly)."""
        return sum(abs(have - want) for have, want in zip(self.built, self.target, strict=True))


def built_counts(city: City) -> dict[str, list[int]]:
    """Count every controlled margin from the residents' and firms' own columns."""
    first = city.place >> 4 == 0
    together = city.role == COLLECTIVE
    ages = np.searchsorted((15, 60, 65), np.arange(256), side="right").astype(np.uint8)
    collective = int(together.sum())
    found: dict[str, Iterable[Any]] = {
        "districts": np.diff(city.district_ends),
        "sex": np.bincount(city.sex, minlength=2),
        "age": np.bincount(ages[city.age], minlength=4),
        "registration": np.bincount(city.registration, minlength=2),
        "education": np.bincount(city.education, minlength=5),
        "households": [int((first & ~together).sum()), int((first & together).sum())],
        "household_persons": [city.n - collective, collective],
        "legal_units": np.bincount(city.firm_district, minlength=len(city.district_names)),
    }
    return {name: [int(count) for count in counts] for name, counts in found.items()}


def margins(tables: CityTables, city: City) -> list[Margin]:
    """Return every controlled margin of `city` beside its target."""
    targets, built = scaled_targets(tables, city.n), built_counts(city)
    found = []
    for name in CONTROLLED:
        entry = tables.tables[name].entry
        labels = MARGIN_LABELS.get(name, tables.areas)
        found.append(
            Margin(
                name,
                entry.unit,
                entry.year,
                entry.source,
                entry.status,
                entry.note,
                labels,
                tuple(tables.margin(name)),
                tuple(targets[name]),
                tuple(built[name]),
            )
        )
    return found
