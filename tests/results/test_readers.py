"""Others read our files without us, and what they read agrees: counts, listings, books, the mark on everything."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import h5py
import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import polars as pl
import pytest
import xarray as xr
from tests.results.small import setup_of

from vitropolis.base.mark import MARK
from vitropolis.model.counts import STOCKS
from vitropolis.results import play_to_folder, run_lines
from vitropolis.results.indicators import TRUTH_WORDS, person_days
from vitropolis.results.reader import OpenRun, open_run

POLICY = "beijing-2018-press-harsh"
RECORDS = {f"records_{word.removesuffix('_content')}" for word in TRUTH_WORDS}


@pytest.fixture(scope="module")
def data(whole: Path) -> xr.Dataset:
    with xr.open_dataset(whole / "indicators.nc", engine="h5netcdf") as found:
        return found.load()


@pytest.fixture(scope="module")
def listings(whole: Path) -> pl.DataFrame:
    return pl.read_parquet(whole / "lists.parquet")


def test_xarray_reads_indicators_with_their_units(data: xr.Dataset) -> None:
    assert data.attrs["mark"] == MARK
    assert data.attrs["seed"] == "3"
    assert dict(data.sizes) == {
        "world": 2, "week": 12, "day": 80, "district": 16, "group": 56, "word": 56, "truth": 7, "service": 29,
        "rival": 5, "measure": 63,
    }  # fmt: skip
    assert pd.Timestamp(data.week.values[1]) == pd.Timestamp("2020-06-08")
    assert pd.Timestamp(data.day.values[-1]) == pd.Timestamp("2020-08-19")
    for name, variable in data.data_vars.items():
        assert {"units", "long_name", "description"} <= set(variable.attrs), name
        assert np.issubdtype(variable.dtype, np.integer), name
    assert data.listed_0.attrs[f"in_world_{POLICY}"] == "lists.untrustworthy"


def test_days_add_up_to_weeks(data: xr.Dataset) -> None:
    everybody = data.sel(group="all")
    for name in [str(each) for each in data.data_vars if str(each).startswith("daily_")]:
        item = name.removeprefix("daily_")
        by_day, by_week = data[name], everybody[item]
        if item in STOCKS:
            assert (by_day.isel(day=slice(6, None, 7)).values == by_week.values[:, : 80 // 7]).all(), item
        else:
            assert (by_day.sum("day") == by_week.sum("week")).all(), item


def test_groups_of_one_attribute_add_up_to_everybody(data: xr.Dataset) -> None:
    for attribute in ("registration", "age", "sex", "education", "income"):
        labels = [str(label) for label in data.group.values if "," not in str(label)]
        mine = [label for label in labels if label.startswith(f"{attribute}=")]
        assert (data.enrolled.sel(group=mine).sum("group") == data.enrolled.sel(group="all")).all()


def test_books_balance_and_are_not_empty(data: xr.Dataset, listings: pl.DataFrame) -> None:
    world = data.sel(world=POLICY, group="all")
    bands = sum(world[f"score_0_band_{band}"] for band in range(6))
    assert (bands == world.enrolled).all()
    ways_out = ("term", "compliance", "repair", "repealed", "correction")
    began, left = world.in_0.sum("week"), sum(world[f"out_{how}"].sum() for how in ways_out)
    assert int(began.sum()) > 0
    assert int((world.in_0 + world.in_1).sum()) - int(left) == int((world.listed_0 + world.listed_1)[-1].sum())
    black = listings.filter(pl.col("list") == "untrustworthy")
    assert len(black) == int(began.sum())
    assert black["day_out"].null_count() == int(world.listed_0[-1].sum()) == int(world.on_black_list[-1].sum())
    names = [str(each) for each in data.data_vars]
    records = [each for each in names if each.startswith("records_") and each != "records_by_word"]
    assert int(data.records_by_word.sum()) == sum(int(data[name].sel(group="all").sum()) for name in records) > 1000
    acts = sum(int(data[f"acts_{worth}"].sel(group="all").sum()) for worth in ("minor", "harmful", "protected", "good"))
    assert int(data.acts_by_word.sum()) == acts > 1000


@pytest.fixture(scope="module")
def busy(full: Path) -> xr.Dataset:
    with xr.open_dataset(full / "indicators.nc", engine="h5netcdf") as found:
        return found.load()


def test_what_happened_at_doors_adds_up(busy: xr.Dataset) -> None:
    """By service and group, by service and district, by item: three ways of counting the same."""
    everybody = busy.sel(group="all")
    for name, item in (("requests", "requests"), ("refusals", "refusals"), ("avoided", "needs_avoided")):
        by_service = everybody[f"service_{name}"].sum("service")
        assert (by_service == everybody[item].sum("district")).all(), name
        assert (everybody[f"service_{name}"] == busy[f"service_{name}_by_district"].sum("district")).all()
        assert int(by_service.sum()) > 50
    assert (busy.service_refusals <= busy.service_requests).all()
    assert (everybody.service_person_days == busy.service_person_days_by_district.sum("district")).all()
    doors = everybody.sel(world="busy").isel(week=-1)
    behind = [int(doors[f"doors_{many}"].sum()) for many in ("1", "2_4", "5_9", "10")]
    assert min(behind[0], behind[1], behind[3]) > 0
    assert busy.sel(world="none").service_person_days.sum() == 0


def test_person_days_are_what_counting_every_day_gives() -> None:
    """Changes of a stock on random days of three weeks, the last of them short, against a count by hand."""
    chance = np.random.default_rng(3)
    for days in (15, 20, 21):
        changes = chance.integers(-3, 4, (5, 21))
        changes[:, days:] = 0
        stock = changes.cumsum(axis=1)[:, :days]
        by_hand = np.add.reduceat(stock, np.arange(0, days, 7), axis=1)
        by_week = changes.reshape(5, 3, 7)
        weighted = (by_week * np.arange(7, 0, -1)).sum(axis=2)
        assert (person_days(by_week.sum(axis=2), weighted, days) == by_hand).all()


def test_the_queues_of_appeals_by_day(busy: xr.Dataset) -> None:
    queue = busy.sel(world="busy")
    before = queue.queue_waiting.shift(day=1, fill_value=0)
    assert (before + queue.queue_filed == queue.queue_decided + queue.queue_lapsed + queue.queue_waiting).all()
    joined = int(queue.queue_filed.sum())
    assert joined > int(queue.appeals_filed.sel(group="all").sum()) > 50  # some go on to the next level
    assert int(queue.queue_lapsed.sum()) > 0 and int(queue.queue_decided.sum()) > 0
    assert dict(queue.queue_filed.sizes) == {"day": 80, "district": 16}


def test_the_bins_of_those_ever_hit_add_up_and_only_grow(busy: xr.Dataset) -> None:
    world = busy.sel(world="busy")
    for defined in ("first", "second"):
        own = sum(world[f"ever_{defined}_{part}"] for part in ("wrong_fact", "protected", "breach"))
        assert (own + world.ever_through == world.ever_hit).all()
    for name in ("ever_hit", "ever_wrongly", "ever_refused"):
        assert (world[name].diff("week") >= 0).all()
        assert int(world[name].isel(week=-1).sel(group="all").sum()) > 0
    assert (world.wrong_now <= world.hit_now).all()


def test_what_fired_is_what_the_indicators_say(full: Path, busy: xr.Dataset) -> None:
    fired = json.loads((full / "run.json").read_text())["fired"]
    assert list(fired) == ["busy"]
    world = busy.sel(world="busy", group="all").sum()
    for place, name in enumerate(("bad", "owes", "good")):
        assert fired["busy"][f"lists.{name}"]["times"] == int(world[f"in_{place}"])
    assert fired["busy"]["procedure.appeal"]["times"] == int(world.appeals_filed)
    assert fired["busy"]["procedure.objection"]["times"] == int(world.objections)
    assert fired["busy"]["procedure.notice"]["residents"] == int(world.learnt_notice)
    behaviours = [each["times"] for name, each in fired["busy"].items() if name.startswith("behaviours.")]
    assert sum(behaviours) == int(sum(world[name] for name in busy.data_vars if str(name) in RECORDS))
    for name, each in fired["busy"].items():
        assert each["residents"] is None or 0 <= each["residents"] <= min(each["times"], 2000), name


def test_every_way_out_of_a_list_has_a_word(full: Path) -> None:
    ended = pl.read_parquet(full / "lists.parquet").drop_nulls("day_out")
    assert set(ended["how"].unique()) >= {"term", "compliance", "repair", "correction"}
    assert set(ended["how"].unique()) <= {"term", "compliance", "repair", "repealed", "correction"}


def test_headline_says_what_the_indicators_say(whole: Path, data: xr.Dataset) -> None:
    heads = json.loads((whole / "run.json").read_text())["headline"]
    last = data.sel(group="all").isel(week=-1).sum("district")
    for world in data.world.values:
        assert heads[str(world)]["enrolled"] == int(last.enrolled.sel(world=world))
        assert heads[str(world)]["on_black_list"] == int(last.on_black_list.sel(world=world))
    assert heads["none"]["listings"] == 0


def test_listings_are_rows_with_synthetic_ids_causes_and_truth(listings: pl.DataFrame) -> None:
    assert listings.columns == [
        "world", "list", "resident", "district", "day_in", "cause", "bin_breach", "bin_harm", "day_out", "how",
    ]  # fmt: skip
    assert listings["resident"].str.contains(r"^S-[0-9a-f]{8}-\d+$").all()
    placed = listings.with_columns(place=pl.col("list").replace_strict({"untrustworthy": 0, "trustworthy": 1}))
    assert placed.sort("world", "place", "day_in", maintain_order=True).drop("place").equals(listings)
    black = listings.filter(pl.col("list") == "untrustworthy")
    assert black["bin_breach"].is_in(["wrong fact", "lawful, protected, or unable to pay", "breach as recorded"]).all()
    assert listings.filter(pl.col("list") == "trustworthy")["bin_breach"].null_count() == len(listings) - len(black)
    assert listings["cause"].null_count() == 0
    ended = listings.drop_nulls("day_out")
    assert (ended["day_out"] > ended["day_in"]).all()
    assert ended["how"].null_count() == 0


def test_duckdb_and_pandas_read_the_listings(whole: Path, listings: pl.DataFrame) -> None:
    path = whole / "lists.parquet"
    with duckdb.connect() as connection:
        rows = connection.execute(f"select count(*), min(day_in) from '{path}'").fetchone()
        marks = connection.execute(f"select key, value from parquet_kv_metadata('{path}')").fetchall()
    assert rows == (len(listings), listings["day_in"].min())
    assert dict(marks)[b"mark"] == MARK.encode()
    columns = {name: listings[name].to_list() for name in listings.columns}
    frame = pd.DataFrame(columns)
    assert len(frame) == len(listings)


def test_numpy_reads_the_tape(whole: Path) -> None:
    messages = np.load(whole / "tape" / "messages.npy", mmap_mode="r")
    assert messages.dtype.names == ("week", "resident", "source", "record")
    assert len(messages) >= 5
    assert (messages["source"] >= 0).any()
    assert (messages["source"] == -1).any()


def marked(path: Path, root: Path) -> bool:
    """Whether a file says what it is; arrays are marked by the README of their room."""
    if path.suffix == ".json":
        return MARK in path.read_text()
    if path.suffix == ".parquet":
        return pl.read_parquet_metadata(path).get("mark") == MARK
    if path.suffix == ".nc":
        with h5py.File(path) as file:
            return str(file.attrs["mark"]) == MARK and str(file.attrs["seed"]) == "3"
    if path.suffix == ".npy":
        return any((room / "README.txt").is_file() for room in path.parents if room.is_relative_to(root))
    return path.name == "README.txt" and MARK in path.read_text() and "seed 3" in path.read_text()


def test_every_file_of_a_run_says_what_it_is(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopping(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr("vitropolis.results.writer.Run.finish", stopping)
    with pytest.raises(SystemExit):
        play_to_folder(setup_of(), tmp_path / "run")
    for root in (whole, tmp_path / "run"):
        files = [path for path in root.rglob("*") if path.is_file() and path.relative_to(root).parts[0] != "inputs"]
        assert len(files) > 0
        assert [path for path in files if not marked(path, root)] == []


def test_a_file_without_the_mark_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id\n1\n")
    pl.DataFrame({"id": [1]}).write_parquet(tmp_path / "people.parquet")
    np.save(tmp_path / "people.npy", np.zeros(1))
    (tmp_path / "people.json").write_text("{}")
    assert not any(marked(path, tmp_path) for path in tmp_path.iterdir())


def test_show_fits_a_terminal(whole: Path) -> None:
    run: OpenRun = open_run(whole)
    lines = list(run_lines(run.manifest, run.folder, outputs=True))
    assert all(len(line) <= 80 for line in lines if str(run.folder) not in line)  # a path is as long as it is
    text = "\n".join(lines)
    assert lines[0].startswith("Synthetic city, no real people: beijing with ")
    assert lines[0].endswith("seed 3.")
    assert "Fillings not played: lenient, middle" in text
    assert "on black list" in text
