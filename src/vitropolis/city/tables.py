"""A city's aggregate tables: found, checked and held together with where each number comes from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from vitropolis.base.errors import InputError, Message
from vitropolis.base.intake import TableData, check_areas, check_tree, read_table
from vitropolis.base.located import Source, nearest, parse
from vitropolis.base.yamlfile import read_yaml
from vitropolis.city.model_tables import wrong_rows

LIBRARY = Path(__file__).parent / "library"
LEAST_PEOPLE = 1_000
MOST_PEOPLE = 100_000_000
# the columns every table must have; the first group are keys
SCHEMA: dict[str, tuple[str, ...]] = {
    "districts": ("district", "count"),
    "sex": ("sex", "count"),
    "age": ("age", "count"),
    "registration": ("registration", "count"),
    "education": ("education", "count"),
    "households": ("household", "count"),
    "household_persons": ("household", "count"),
    "legal_units": ("district", "count"),
    "household_sizes": ("size", "count"),
    "collective_sizes": ("size", "weight"),
    "household_types": ("pattern", "weight"),
    "age_detail": ("age", "family", "collective"),
    "district_profile": ("district", "collective", "children", "elders", "migrants"),
    "sex_by_role": ("role", "female", "male"),
    "registration_by_age": ("age", "family", "collective"),
    "registration_in_household": ("registration", "role", "share"),
    "education_by_age": ("age", "registration", "none", "primary", "junior", "senior", "college"),
    "income": ("education", "registration", "lowest", "second", "middle", "fourth", "highest"),
    "employment": ("age", "sex", "none", "primary", "junior", "senior", "college"),
    "sectors": ("sector", "staff", "public", "none", "primary", "junior", "senior", "college"),
    "firm_law": ("parameter", "value"),
    "name_law": ("size", "weight"),
}
CONTROLLED = tuple(SCHEMA)[:8]
# the labels of each controlled margin, in the order of the codes that residents carry
MARGIN_LABELS: dict[str, tuple[str, ...]] = {
    "sex": ("female", "male"),
    "age": ("0-14", "15-59", "60-64", "65+"),
    "registration": ("local", "migrant"),
    "education": ("none", "primary", "junior", "senior", "college"),
    "households": ("family", "collective"),
    "household_persons": ("family", "collective"),
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TableEntry(_Strict):
    """What `city.yaml` says of one table: the file, what it holds and who published it."""

    file: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}\.csv$")]
    kind: Literal["controlled", "model"]
    unit: Annotated[str, Field(min_length=1, max_length=60)]
    year: Annotated[int, Field(ge=1900, le=2100)]
    source: Annotated[str, Field(min_length=1, max_length=300)]
    status: Literal["sourced", "calibrated", "assumed"]
    evidence: Literal["verified", "secondary", "memory"] | None = None
    note: Annotated[str, Field(max_length=400)] = ""
    rule: Annotated[str, Field(max_length=400)] = ""


class CityFile(_Strict):
    """The `city.yaml` of a city folder."""

    title: Annotated[str, Field(min_length=1, max_length=120)]
    population: Annotated[int, Field(ge=LEAST_PEOPLE, le=MOST_PEOPLE)]
    areas: Annotated[list[str], Field(min_length=1)]
    tables: dict[str, TableEntry]


@dataclass(frozen=True)
class Table:
    """One checked table with its entry in `city.yaml`."""

    name: str
    entry: TableEntry
    data: TableData

    def counts(self) -> dict[str, int]:
        """Return {label: count} of a table with one key column."""
        return dict(zip(self.data.labels(self.data.columns[0]), self.data.column("count"), strict=True))


@dataclass(frozen=True)
class CityTables:
    """All tables of one city. `population` persons, `areas` the districts in their order, `digest` hex SHA-256."""

    name: str
    title: str
    population: int
    areas: tuple[str, ...]
    tables: dict[str, Table]
    digest: str

    def __getitem__(self, name: str) -> TableData:
        return self.tables[name].data

    def margin(self, name: str) -> list[int]:
        """Return the counts of a controlled margin in the order of its codes (districts: of `areas`)."""
        counts = self.tables[name].counts()
        return [counts[label] for label in MARGIN_LABELS.get(name, self.areas)]


def library() -> dict[str, Path]:
    """Return the cities that come with the package: {name: folder}."""
    return {path.name.removesuffix(".city"): path for path in sorted(LIBRARY.glob("*.city"))}


def find_city(name: str) -> Path:
    """Return the folder of a city by library name or path; InputError naming the known cities otherwise."""
    known = library()
    if name in known:
        return known[name]
    path = Path(name)
    if path.name == "city.yaml":
        path = path.parent
    if (path / "city.yaml").is_file():
        return path
    raise InputError(f"there is no city {name!r}: name one of {', '.join(known)} or a folder that holds a city.yaml")


def load_tables(name: str | Path) -> CityTables:
    """Load a city folder by library name or path and check every table in it.

    Raises InputError (a file is missing, malformed, or margins do not add up) or RefusedError (a table that could
    be records about people), each naming file and line.
    """
    folder = find_city(str(name))
    shown = f"{folder.name}/city.yaml"
    tree = read_yaml(folder / "city.yaml", shown)
    check_tree(tree)
    file = parse(CityFile, tree, shown)
    source = Source(tree)
    check_areas(file.areas, shown, source.line_of("areas"))
    _check_names(file, source)
    tables = {key: _load_table(folder, key, file) for key in SCHEMA}
    name, areas = folder.name.removesuffix(".city"), tuple(file.areas)
    found = CityTables(name, file.title, file.population, areas, tables, _digest(file, tables))
    _check_labels(found, folder.name)
    wrong = wrong_rows({key: table.data for key, table in tables.items()})
    if wrong:
        messages = [Message(f"{folder.name}/{file.tables[key].file}", 0, key, text) for key, text in wrong]
        raise InputError(messages)
    _check_sums(found, folder.name)
    return found


def _load_table(folder: Path, key: str, file: CityFile) -> Table:
    entry = file.tables[key]
    where = f"{folder.name}/{entry.file}"
    data = read_table(folder / entry.file, where, file.areas, file.population, entry.kind == "model")
    if data.columns != SCHEMA[key]:
        text = f"the columns of {key} are {', '.join(SCHEMA[key])}; found {', '.join(data.columns)}"
        raise InputError(Message(where, 1, "", text))
    return Table(key, entry, data)


def _check_names(file: CityFile, source: Source) -> None:
    """Every table of SCHEMA stands once, with its kind; no other does."""
    messages = []
    for key, entry in file.tables.items():
        if key not in SCHEMA:
            near = nearest(key, tuple(SCHEMA))
            messages.append(source.message(f"tables.{key}", f"unknown table; the nearest known one is {near}"))
        elif entry.kind != ("controlled" if key in CONTROLLED else "model"):
            messages.append(source.message(f"tables.{key}.kind", f"{key} cannot be a {entry.kind} table"))
        elif entry.kind == "model" and not entry.rule:
            messages.append(source.message(f"tables.{key}", "a model table needs the rule that made it"))
    messages += [source.message("tables", f"the table {key} is missing") for key in SCHEMA if key not in file.tables]
    if messages:
        raise InputError(messages)


def _digest(file: CityFile, tables: dict[str, Table]) -> str:
    """Hash what the synthesis reads: population, areas and every table, not the wording of sources."""
    digest = hashlib.sha256(repr((file.population, file.areas)).encode())
    for key in SCHEMA:
        digest.update(repr((key, tables[key].data.columns, tables[key].data.rows)).encode())
    return digest.hexdigest()


def _check_labels(city: CityTables, folder: str) -> None:
    """A margin has exactly its labels."""
    for key in CONTROLLED:
        wanted = MARGIN_LABELS.get(key, city.areas)
        got = city[key].labels(city[key].columns[0])
        missing = [label for label in wanted if label not in got]
        extra = [label for label in got if label not in wanted]
        if missing or extra:
            text = f"needs the rows {', '.join(wanted)}; missing {missing or 'none'}, not wanted {extra or 'none'}"
            raise InputError(Message(f"{folder}/{city.tables[key].entry.file}", 0, key, text))
    profile = city["district_profile"].labels("district")
    if set(profile) != set(city.areas):
        raise InputError(f"{folder}: district_profile needs one row for each area")


def _check_sums(city: CityTables, folder: str) -> None:
    """Every table of persons meets the declared population, and households agree with their people."""
    messages = []

    def want(key: str, total: int, declared: int, what: str) -> None:
        if total != declared:
            place = f"{folder}/{city.tables[key].entry.file}"
            text = f"{key} sums to {total:,}, {what} {declared:,} (difference {total - declared:+,})"
            messages.append(Message(place, 0, key, text))

    for key in CONTROLLED:
        entry, total = city.tables[key].entry, sum(city[key].column("count"))
        if entry.unit == "persons":
            want(key, total, city.population, "the declared population is")
        elif entry.unit == "per 100000":
            want(key, total, 100_000, "a table per 100,000 needs")
    sizes, counts = city["household_sizes"].column("size"), city["household_sizes"].column("count")
    want("household_sizes", sum(counts), city.margin("households")[0], "family households are")
    people = sum(size * count for size, count in zip(sizes, counts, strict=True))
    want("household_sizes", people, city.margin("household_persons")[0], "people in family households are")
    if messages:
        raise InputError(messages)
