"""The 700 cells of residents' attributes, and the groups that results are shown by."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

AGE_STARTS = (0, 15, 25, 35, 45, 60, 65)
AGE_LABELS = ("0-14", "15-24", "25-34", "35-44", "45-59", "60-64", "65+")
SEX_LABELS = ("female", "male")
REGISTRATION_LABELS = ("local", "migrant")
EDUCATION_LABELS = ("none", "primary", "junior", "senior", "college")
INCOME_LABELS = ("lowest", "second", "middle", "fourth", "highest")
SHAPE = (2, 7, 2, 5, 5)  # registration, age class, sex, education, income
CELLS = 700
_AXES = (
    ("registration", REGISTRATION_LABELS),
    ("age", AGE_LABELS),
    ("sex", SEX_LABELS),
    ("education", EDUCATION_LABELS),
    ("income", INCOME_LABELS),
)
# declared in advance: the only pairs of attributes that results are ever crossed by
CROSSINGS = (("registration", "income"), ("registration", "age"), ("sex", "education"))


class Cell(NamedTuple):
    """Codes of one cell: registration 0-1, age class 0-6, sex 0-1, education 0-4, income fifth 0-4."""

    registration: int
    age_class: int
    sex: int
    education: int
    income: int


def decode(cell: int) -> Cell:
    """Return the codes of a cell 0-699; ValueError outside."""
    if not 0 <= cell < CELLS:
        raise ValueError(f"a cell is 0 to {CELLS - 1}, got {cell}")
    return Cell(*(int(code) for code in np.unravel_index(cell, SHAPE)))


def band(label: str) -> tuple[int, int]:
    """Return first and last age of a label such as 15-59 or 65+ (to 100)."""
    low, _, high = label.rstrip("+").partition("-")
    return int(low), int(high) if high else (100 if label.endswith("+") else int(low))


def age_class_table() -> NDArray[np.uint8]:
    """Return uint8[256]: the age class 0-6 of every age in years."""
    return (np.searchsorted(AGE_STARTS, np.arange(256), side="right") - 1).astype(np.uint8)


def groups() -> tuple[tuple[str, ...], NDArray[np.uint8]]:
    """Return the labels of all groups and which cells belong to each: uint8 0/1 of shape [groups, 700].

    First everybody, then each value of each attribute (21 groups), then the three declared crossings (34);
    labels read `attribute=value` or `attribute=value,attribute=value`.
    """
    codes = np.stack(np.unravel_index(np.arange(CELLS), SHAPE))
    labels, members = ["all"], [np.ones(CELLS, dtype=bool)]
    names = [name for name, _ in _AXES]
    for axis, (name, values) in enumerate(_AXES):
        for code, value in enumerate(values):
            labels.append(f"{name}={value}")
            members.append(codes[axis] == code)
    for one, other in CROSSINGS:
        left, right = names.index(one), names.index(other)
        for code, value in enumerate(_AXES[left][1]):
            for second, word in enumerate(_AXES[right][1]):
                labels.append(f"{one}={value},{other}={word}")
                members.append((codes[left] == code) & (codes[right] == second))
    return tuple(labels), np.stack(members).astype(np.uint8)
