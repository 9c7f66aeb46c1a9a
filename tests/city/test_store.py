"""A city kept on disk comes back the same, or not at all."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from vitropolis.city import City, CityTables, build_city, city_digest
from vitropolis.city.city import COLUMNS
from vitropolis.city.store import load, save

Build = Callable[[int, int], City]


def test_a_city_comes_back_the_same(built: Build, tmp_path: Path) -> None:
    city = built(1_000, 1)
    folder = save(city, tmp_path)
    assert folder == tmp_path / city.digest
    again = load(city.digest, tmp_path)
    assert again is not None
    assert all(np.array_equal(getattr(city, name), getattr(again, name)) for name in COLUMNS)
    assert isinstance(again.age.base, np.memmap)
    assert not again.age.flags.writeable
    assert not city.age.flags.writeable
    assert (again.district_names, again.public_sectors, again.seed) == (city.district_names, city.public_sectors, 1)
    assert (again.name_group(5) == city.name_group(5)).all()


@pytest.mark.parametrize("damage", ["byte", "cut", "missing", "facts", "other"])
def test_a_damaged_copy_is_thrown_away(built: Build, tmp_path: Path, damage: str) -> None:
    city = built(1_000, 1)
    folder = save(city, tmp_path)
    assert folder is not None
    path = folder / ("city.json" if damage in ("facts", "other") else "cell.npy")
    raw = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes({
            "byte": raw[:-1] + bytes([raw[-1] ^ 1]), "cut": raw[:-200], "facts": raw[:40],
            "other": raw.replace(city.digest.encode(), b"0" * 64),
        }[damage])  # fmt: skip
    assert load(city.digest, tmp_path) is None
    assert not folder.exists()


def test_only_the_three_last_used_stay(built: Build, tmp_path: Path) -> None:
    cities = [built(1_000, 1), built(1_000, 2), built(1_001, 3), built(1_357, 4)]
    for hour, city in enumerate(cities[:3]):
        folder = save(city, tmp_path)
        assert folder is not None
        os.utime(folder, (1_000_000 + 3_600 * hour,) * 2)
    assert load(cities[0].digest, tmp_path) is not None  # now the last used
    save(cities[3], tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {cities[place].digest for place in (0, 2, 3)}


def test_build_uses_the_cache(beijing: CityTables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITROPOLIS_CACHE", str(tmp_path))
    steps: list[str] = []
    first = build_city(beijing, 1_000, 9, steps.append, cache=True)
    assert steps[0] == "households"
    again = build_city(beijing, 1_000, 9, steps.append, cache=True)
    assert len(steps) == 8
    assert np.array_equal(first.cell, again.cell)
    assert first.digest == again.digest == city_digest(beijing, 1_000, 9)
