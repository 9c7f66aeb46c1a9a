"""Build a city of any size: the same tables, size and seed always give the same residents."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable

from vitropolis.base.errors import InputError
from vitropolis.city.city import City
from vitropolis.city.households import make_plan
from vitropolis.city.names import make_names
from vitropolis.city.tables import LEAST_PEOPLE, MOST_PEOPLE, CityTables

VERSION = 1  # of the synthesis: raised whenever the same inputs would give other residents
CACHED_FROM = 500_000  # residents; a smaller city is built faster than it is checked on disk
ADMINISTRATION = "public administration"  # the sector whose code is `City.public_sector`
Progress = Callable[[str], None]


def city_digest(tables: CityTables, size: int, seed: int) -> str:
    """Return the SHA-256 (hex) that names a city: tables, size, seed and version of the synthesis."""
    return hashlib.sha256(f"vitropolis city {VERSION} {tables.digest} {size} {seed}".encode()).hexdigest()


def build_city(
    tables: CityTables,
    size: int,
    seed: int,
    progress: Progress | None = None,
    threads: int | None = None,
    cache: bool | None = None,
) -> City:
    """Return the city that `tables` describe with exactly `size` residents.

    `size` 1,000 to 100 million persons; `seed` 0 to 2^64 - 1; `progress` is called with the name of each step;
    `threads` (default: all cores) never changes the result; `cache` says whether the city is kept on disk and
    taken from there (default: from 500,000 residents). Every controlled margin is met exactly, scaled to `size`
    by largest remainder. InputError if the size is out of range or the tables contradict each other.
    """
    if not LEAST_PEOPLE <= size <= MOST_PEOPLE:
        raise InputError(f"a city has {LEAST_PEOPLE:,} to {MOST_PEOPLE:,} residents, got {size:,}")
    if not 0 <= seed < 1 << 64:
        raise InputError(f"a seed is 0 to 2^64 - 1, got {seed}")
    digest = city_digest(tables, size, seed)
    keep = size >= CACHED_FROM if cache is None else cache
    if keep:
        from vitropolis.city.store import load

        found = load(digest)
        if found is not None:
            return found
    city = _build(tables, size, seed, digest, progress or (lambda _: None), threads or os.cpu_count() or 1)
    if keep:
        from vitropolis.city.store import save

        save(city)
    return city


def _build(tables: CityTables, size: int, seed: int, digest: str, progress: Progress, threads: int) -> City:
    from vitropolis.city.synthesis import STEP_NAMES, Synthesis  # compiled code: loaded when a city is built

    work = Synthesis(tables, make_plan(tables, size), seed, threads)
    for step in work.run():
        progress(step)
    law, sectors = tables["name_law"], tables["sectors"]
    labels = sectors.labels("sector")
    columns = {name: column for name, column in work.parts.columns.items() if name not in ("slot", "band")}
    firms = work.firms
    columns |= {"district_ends": work.parts.ends, "firm_size": firms.size}
    columns |= {"firm_district": firms.district, "firm_sector": firms.sector}
    for column in columns.values():
        column.flags.writeable = False  # as a city from disk: kernels meet one kind of array, and nobody moves house
    return City(
        n=size,
        seed=seed,
        digest=digest,
        name=tables.name,
        district_names=tables.areas,
        sector_names=tuple(labels),
        public_sector=labels.index(ADMINISTRATION) + 1 if ADMINISTRATION in labels else 0,
        public_sectors=tuple(code for code, flag in enumerate(sectors.column("public"), 1) if flag),
        names=make_names(law.column("size"), law.column("weight"), size, seed, STEP_NAMES),
        **columns,
    )
