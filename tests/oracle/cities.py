"""The few small cities on which scenarios are played, each built once a process."""

from __future__ import annotations

from functools import cache

from tests.oracle.city_view import CityView

from vitropolis.city import City, build_city, load_tables


@cache
def built(residents: int, seed: int) -> City:
    return build_city(load_tables("beijing"), residents, seed, threads=1, cache=False)


@cache
def seen(residents: int, seed: int) -> CityView:
    return CityView(built(residents, seed))
