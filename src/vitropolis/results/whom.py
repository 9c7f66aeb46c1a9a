"""Who residents are, as columns of words: district, and the groups that results are shown by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vitropolis.city.cells import (
    AGE_LABELS,
    EDUCATION_LABELS,
    INCOME_LABELS,
    REGISTRATION_LABELS,
    SEX_LABELS,
    SHAPE,
)
from vitropolis.city.city import City
from vitropolis.results.lists import words_at

if TYPE_CHECKING:
    import polars as pl

AXES = (
    ("registration", REGISTRATION_LABELS), ("age", AGE_LABELS), ("sex", SEX_LABELS),
    ("education", EDUCATION_LABELS), ("income", INCOME_LABELS),
)  # fmt: skip


def who_they_are(city: City, residents: NDArray[np.int64]) -> dict[str, pl.Series]:
    """District, registration, age class, sex, education and income fifth of these residents, by name of the column."""
    codes = np.unravel_index(np.asarray(city.cell)[residents].astype(np.int64), SHAPE)
    district = np.searchsorted(np.asarray(city.district_ends), residents, side="right") - 1
    found = {"district": words_at(list(city.district_names), district)}
    return found | {name: words_at(list(labels), code) for (name, labels), code in zip(AXES, codes, strict=True)}
