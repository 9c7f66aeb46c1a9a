"""What the synthesis needs of the model tables: every row there, in the order of codes, with shares in range."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, product

from vitropolis.base.intake import TableData
from vitropolis.city.cells import EDUCATION_LABELS, REGISTRATION_LABELS, SEX_LABELS, band

Tables = Mapping[str, TableData]

OLDEST = 100
MOST_MEMBERS = 15
PARAMETERS = ("exponent per thousand", "staff per thousand employed", "largest per thousand residents")
SEX_ROLES = ("couple", "child", "head", "elder", "parent", "other", "collective")
PER_THOUSAND = {
    "registration_by_age": ("family", "collective"),
    "registration_in_household": ("share",),
    "employment": EDUCATION_LABELS,
}


def wrong_rows(city: Tables) -> list[tuple[str, str]]:
    """Return what is wrong with the model tables of a city: (table, what it needs)."""
    return [*_sizes(city), *_bands(city), *_keys(city), *_shares(city)]


def _sizes(city: Tables) -> Iterable[tuple[str, str]]:
    for key in ("household_sizes", "collective_sizes"):
        sizes = city[key].column("size")
        if sizes != list(range(1, len(sizes) + 1)) or len(sizes) > MOST_MEMBERS:
            yield key, f"holds the sizes 1, 2, 3 ... in order, at most {MOST_MEMBERS}"
    lengths = {len(pattern) for pattern in city["household_types"].labels("pattern")}
    if lengths != set(city["household_sizes"].column("size")):
        yield "household_types", "needs a pattern for each size in household_sizes, and no other"
    names = city["name_law"].column("size")
    if names != sorted(names) or names[0] != 1 or city["name_law"].column("weight")[0] == 0:
        yield "name_law", "holds sizes in rising order, from 1, whose weight is positive"


def _bands(city: Tables) -> Iterable[tuple[str, str]]:
    """Age bands follow each other without gap; those of everybody run from 0 to 100."""
    for key in ("age_detail", "registration_by_age", "education_by_age", "employment"):
        bands = [band(label) for label in dict.fromkeys(city[key].labels("age"))]
        gapless = all(low == before + 1 for (_, before), (low, _) in pairwise(bands))
        whole = key == "employment" or (bands[0][0] == 0 and bands[-1][1] == OLDEST)
        if not gapless or not whole or any(low > high for low, high in bands):
            yield key, "needs age bands in rising order without a gap, from 0 to 100 (employment: any)"


def _keys(city: Tables) -> Iterable[tuple[str, str]]:
    """The keys of each table, in the order of codes."""
    ages = {key: list(dict.fromkeys(city[key].labels("age"))) for key in ("education_by_age", "employment")}
    wanted: dict[str, Iterable[Sequence[str]]] = {
        "education_by_age": product(ages["education_by_age"], REGISTRATION_LABELS),
        "employment": product(ages["employment"], SEX_LABELS),
        "income": product(EDUCATION_LABELS, REGISTRATION_LABELS),
        "registration_in_household": product(REGISTRATION_LABELS, ("child", "adult", "elder")),
        "sex_by_role": [(role,) for role in SEX_ROLES],
        "firm_law": [(parameter,) for parameter in PARAMETERS],
    }
    for key, rows in wanted.items():
        want = [tuple(row) for row in rows]
        if [tuple(row[: len(want[0])]) for row in city[key].rows] != want:
            yield key, f"needs these rows in this order: {'; '.join(' / '.join(row) for row in want)}"
    staff = city["sectors"].column("staff")
    if staff[-1] or len(staff) < 2 or not all(staff[:-1]):
        yield "sectors", "ends with the self-employed, whose staff is 0; every other sector has staff"


def _shares(city: Tables) -> Iterable[tuple[str, str]]:
    for key, columns in PER_THOUSAND.items():
        if any(value > 1000 for column in columns for value in city[key].column(column)):
            yield key, "holds shares per 1000, at most 1000"
    for key in ("collective_sizes", "household_types", "name_law"):
        if not 0 < sum(city[key].column("weight")) < 1 << 31:
            yield key, "needs weights of which at least one is positive"
    profile = city["district_profile"]
    if any(not 1 <= value <= 1000 for row in profile.rows for value in row[1:] if isinstance(value, int)):
        yield "district_profile", "holds percent of the city's mean, 1 to 1000"
    law = dict(zip(city["firm_law"].labels("parameter"), city["firm_law"].column("value"), strict=True))
    if not 1 <= law.get(PARAMETERS[0], 1) <= 10_000 or law.get(PARAMETERS[1], 0) > 1000:
        yield "firm_law", "needs an exponent of 1 to 10,000 thousandths and a share of at most 1000"
