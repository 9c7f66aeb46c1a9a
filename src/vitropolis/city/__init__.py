"""Who lives there: aggregate tables in, wholly synthetic residents, households and legal units out."""

from vitropolis.city.build import build_city, city_digest
from vitropolis.city.city import City
from vitropolis.city.tables import CityTables, library, load_tables

__all__ = ["City", "CityTables", "build_city", "city_digest", "library", "load_tables"]
