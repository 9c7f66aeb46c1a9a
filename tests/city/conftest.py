"""Cities that several tests look at, built once."""

from collections.abc import Callable
from functools import cache

import pytest

from vitropolis.city import City, CityTables, build_city, load_tables


@pytest.fixture(scope="session")
def beijing() -> CityTables:
    """The tables of the library's city."""
    return load_tables("beijing")


@pytest.fixture(scope="session")
def built(beijing: CityTables) -> Callable[[int, int], City]:
    """Build (once) the city of a size and a seed."""

    @cache
    def build(size: int, seed: int) -> City:
        return build_city(beijing, size, seed, cache=False)

    return build
