"""What was counted is the same from memory and from a folder, and summed up as stocks and flows should be."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.report import made

from vitropolis.base.errors import RefusedError
from vitropolis.report import Totals, headlines_of, totals_in
from vitropolis.results.indicators import write_indicators
from vitropolis.results.lists import frame_of, write_lists


@pytest.fixture(scope="module")
def held() -> Totals:
    return made.totals(made.setup_of())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made run as a folder's two tables."""
    home, setup = tmp_path_factory.mktemp("made"), made.setup_of()
    write_indicators(home / "indicators.nc", iter(made.variables(setup)), setup.plan)
    rows = made.stays(setup)
    rows = rows[rows["world"] == 0]  # a table of listings knows none of a world without lists
    write_lists(home / "lists.parquet", frame_of(rows, setup.plan, setup.city()), 3)
    return home


def test_stocks_are_read_at_the_end_and_flows_are_summed(held: Totals) -> None:
    assert (held.stock("ever_hit", 0), held.flow("refusals", 0)) == (720, 1800)
    assert (held.stock("ever_hit", 0, district=1), held.stock("ever_hit", 0, "sex=male")) == (240, 432)
    assert held.flow("refusals", 0, "sex=male", 0) == 720
    assert held.base(0)[:, 0].tolist() == [13_000, 7_000]
    assert held.series("ever_hit", 0).tolist() == [180, 360, 720]
    assert held.by_service("service_refusals", 0) == {"flights": 960, "social_assistance": 240, "library": 0}
    assert (held.queue("queue_filed", 0), held.queue("queue_waiting", 0)) == (150, 48)


def test_worlds_and_twin_are_told_apart(held: Totals) -> None:
    assert (held.played, held.twin, held.name(1)) == ((0,), 1, "none")
    alone = made.totals(made.setup_of(twin=False))
    assert (alone.played, alone.twin) == ((0,), None)


def test_what_is_not_counted_is_said_so(held: Totals) -> None:
    assert not held.has("ever_hit", "ghosts")
    with pytest.raises(KeyError, match="this run does not count ghosts"):
        held.stock("ghosts", 0)
    assert held.flows(("refusals", "ghosts"), 0) == held.flow("refusals", 0)


def test_only_black_lists_are_stays(held: Totals) -> None:
    setup = made.setup_of()
    rows = made.stays(setup)
    red = (place for place, item in enumerate(setup.plan.worlds[0].lists.values()) if item.polarity == "red")
    rows["list"][:4] = next(red)
    other = Totals(setup.plan, 20_000, held.names, held.held, held.districts, rows, {})
    assert (len(held.stays(0)), len(other.stays(0)), len(held.stays(1))) == (10, 6, 0)


def test_a_folder_says_the_same_as_memory(held: Totals, folder: Path) -> None:
    setup = made.setup_of()
    read = totals_in(folder, setup.plan, made.manifest_of(setup))
    assert (read.districts, read.services, read.residents) == (held.districts, held.services, held.residents)
    assert headlines_of(read) == headlines_of(held)
    for name in ("day_in", "day_out", "how", "first"):
        assert sorted(read.stays(0)[name]) == sorted(held.stays(0)[name])


def test_a_folder_whose_tables_are_gone_is_refused(folder: Path, tmp_path: Path) -> None:
    setup = made.setup_of()
    with pytest.raises(RefusedError, match=r"indicators\.nc cannot be read"):
        totals_in(tmp_path, setup.plan, made.manifest_of(setup))
    (tmp_path / "indicators.nc").write_bytes((folder / "indicators.nc").read_bytes())
    with pytest.raises(RefusedError, match=r"lists\.parquet cannot be read"):
        totals_in(tmp_path, setup.plan, made.manifest_of(setup))
