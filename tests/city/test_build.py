"""Every margin exact, every household possible, whatever the size, the seed and the threads."""

import hashlib
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from vitropolis.base.errors import InputError
from vitropolis.base.fixed import largest_remainder
from vitropolis.city import City, CityTables, build_city
from vitropolis.city.cells import CELLS, SHAPE, age_class_table, decode, groups
from vitropolis.city.check import margins
from vitropolis.city.city import CHILD, COLLECTIVE, COLUMNS, HEAD, PARENT, SPOUSE

Build = Callable[[int, int], City]
CASES = [(1_000, 1), (1_000, 2), (1_001, 3), (1_357, 4), (2_500, 2**64 - 1), (7_919, 5), (20_000, 6)]


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_every_controlled_margin_is_met_exactly(beijing: CityTables, built: Build, size: int, seed: int) -> None:
    city = built(size, seed)
    for margin in margins(beijing, city):
        assert margin.built == margin.target, margin.name
    assert city.n == size == city.age.size == city.district_ends[-1]
    assert sum(margins(beijing, city)[0].target) == size


def test_many_small_cities_can_be_built(beijing: CityTables) -> None:
    for seed in range(25):
        city = build_city(beijing, 1_000 + 37 * seed, seed, cache=False)
        assert all(margin.deviation == 0 for margin in margins(beijing, city))


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_households_are_possible(built: Build, size: int, seed: int) -> None:
    city = built(size, seed)
    position, members = city.place >> 4, city.place & 15
    assert members.max() <= 15
    assert (position < members).all()
    at = 0
    while at < city.n:
        home = slice(at, at + int(members[at]))
        assert (members[home] == members[at]).all()
        assert (position[home] == np.arange(members[at])).all()
        assert city.district_of(at) == city.district_of(at + int(members[at]) - 1)
        _check_home(city, home)
        at += int(members[at])
    assert at == city.n


def _check_home(city: City, home: slice) -> None:
    role, age = city.role[home], city.age[home].astype(int)
    if role[0] == COLLECTIVE:
        assert (role == COLLECTIVE).all()
        assert age.min() >= 15
        return
    assert role[0] == HEAD
    assert age[0] >= 18
    assert (role == HEAD).sum() == 1
    assert (role == SPOUSE).sum() <= 1
    parents = age[(role == HEAD) | (role == SPOUSE)]
    assert parents.min() >= 18
    if (role == SPOUSE).any():
        assert parents.min() >= 20
    for child in age[role == CHILD]:
        assert parents.min() - child >= 16
        assert parents.max() - child <= 49
    for parent in age[role == PARENT]:
        assert 16 <= parent - age[0] <= 49
    assert age.max() >= 18


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_codes_and_employment(built: Build, size: int, seed: int) -> None:
    city = built(size, seed)
    assert not city.sector[city.age < 16].any()
    assert (city.employer[city.sector == 0] == -1).all()
    staff = city.employer >= 0
    assert (np.bincount(city.employer[staff], minlength=city.firm_size.size) == city.firm_size).all()
    assert (city.firm_sector[city.employer[staff]] == city.sector[staff]).all()
    assert city.firm_size.min() >= 1
    assert city.firm_size.size >= 16
    assert (np.diff(city.firm_district.astype(int)) >= 0).all()
    assert (city.education[city.age < 6] == 0).all()
    assert (city.education[city.age < 12] <= 1).all()
    assert np.bincount(city.income, minlength=5).tolist() == largest_remainder(size, [1] * 5)
    assert (city.income == city.income[np.arange(size) - (city.place >> 4)]).all()
    codes = (city.registration, age_class_table()[city.age], city.sex, city.education, city.income)
    assert (city.cell == np.ravel_multi_index(codes, SHAPE)).all()
    dtypes = {name: getattr(city, name).dtype.name for name in COLUMNS}
    assert dtypes == {
        "district_ends": "int64", "age": "uint8", "sex": "uint8", "registration": "uint8", "education": "uint8",
        "income": "uint8", "place": "uint8", "role": "uint8", "sector": "uint8", "employer": "int32",
        "cell": "uint16", "firm_size": "int32", "firm_district": "uint8", "firm_sector": "uint8",
    }  # fmt: skip


def test_threads_and_repetition_change_nothing(beijing: CityTables, built: Build) -> None:
    one = built(7_919, 5)
    for threads in (1, 2, 5):
        other = build_city(beijing, 7_919, 5, threads=threads, cache=False)
        assert all(np.array_equal(getattr(one, name), getattr(other, name)) for name in COLUMNS)


def test_the_same_residents_on_every_platform(built: Build) -> None:
    """A golden hash: when it changes on purpose, `build.VERSION` is raised and the changelog says so."""
    city = built(2_500, 2**64 - 1)
    digest = hashlib.sha256()
    for name in COLUMNS:
        digest.update(np.ascontiguousarray(getattr(city, name)).tobytes())
    assert digest.hexdigest()[:16] == "17ba578114453ce2"


def test_seeds_make_other_cities(built: Build) -> None:
    one, other = built(1_000, 1), built(1_000, 2)
    assert one.digest != other.digest
    assert not np.array_equal(one.age, other.age)
    assert not np.array_equal(one.cell, other.cell)


def test_ids_and_households_of_single_residents(built: Build) -> None:
    city = built(1_000, 1)
    assert city.id_of(7) == f"S-{city.digest[:8]}-7"
    with pytest.raises(IndexError):
        city.id_of(1_000)
    for resident in (0, 499, 999):
        home = city.household(resident)
        assert resident in home
        assert all(city.household(member) == home for member in home)


@pytest.mark.parametrize("size", [999, 0, -5, 10**9])
def test_impossible_sizes_are_refused(beijing: CityTables, size: int) -> None:
    with pytest.raises(InputError, match="1,000 to 100,000,000 residents"):
        build_city(beijing, size, 1)


def test_impossible_seeds_are_refused(beijing: CityTables) -> None:
    with pytest.raises(InputError, match="a seed is"):
        build_city(beijing, 1_000, -1)


def test_cells_and_groups_cover_everybody() -> None:
    labels, members = groups()
    assert members.shape == (len(labels), CELLS) == (56, 700)
    assert len(set(labels)) == len(labels)
    assert (members[1:3].sum(axis=0) == 1).all()
    assert members[labels.index("registration=migrant,age=0-14")].sum() == 50
    assert decode(699) == (1, 6, 1, 4, 4)
    with pytest.raises(ValueError, match="a cell is"):
        decode(700)


def test_no_compiler_is_loaded_before_a_city_is_built() -> None:
    code = "import sys, vitropolis.city; vitropolis.city.load_tables('beijing'); sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
