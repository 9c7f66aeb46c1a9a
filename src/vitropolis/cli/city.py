"""`vitropolis city`: which cities there are, and whom one is made of."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from vitropolis.cli.options import PLAIN, CitySize, Common, Seed
from vitropolis.cli.output import Voice

cities = App(name="city", help="List cities, or show whom one is made of.", help_format="plaintext")


@cities.command(name="list")
def list_(*, common: Common = PLAIN) -> None:
    """List the cities that come with the package."""
    from vitropolis.city.show import list_data, list_lines

    voice = Voice.of(common)
    voice.answer("cities", {"cities": list_data()} if voice.json else {}, () if voice.json else list_lines())


@cities.command
def show(
    name: Annotated[str, Parameter(help="A library name (see `city list`) or the path of a city folder.")],
    /,
    *,
    size: CitySize = "full",
    seed: Seed = None,
    common: Common = PLAIN,
) -> None:
    """Build a city and show its totals: published, built, deviation; tables that are our model stand apart."""
    from vitropolis.city import build_city, load_tables
    from vitropolis.city.show import show_data, show_lines
    from vitropolis.cli.refs import city_ref, seed_of, size_of

    voice = Voice.of(common)
    tables = load_tables(city_ref(name))
    residents = size_of(size, tables.population)
    number = seed_of(seed)
    voice.note(f"building {residents:,} synthetic residents, seed {number}")
    city = build_city(tables, residents, number)
    voice.answer("city", show_data(tables, city) if voice.json else {}, () if voice.json else show_lines(tables, city))
