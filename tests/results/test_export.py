"""Exports are read without options by pandas, DuckDB, polars and xarray, say what they are, and never change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import polars as pl
import pytest
import xarray as xr
from tests.results.small import setup_of

from vitropolis.base.errors import ResourceError, UsageError
from vitropolis.base.mark import MARK
from vitropolis.report import Result, result_of
from vitropolis.report.headline_table import headline_table
from vitropolis.results.export import FORMS, HEADLINES, WHAT, export
from vitropolis.results.export_tables import MARKED, Whom
from vitropolis.results.reader import OpenRun, open_run

PARTS = (HEADLINES, *WHAT)
POLICY = "beijing-2018-press-harsh"
SAMPLE = 120


@pytest.fixture(scope="module")
def run(whole: Path) -> OpenRun:
    return open_run(whole, entropy=1)


@pytest.fixture(scope="module")
def written(run: OpenRun, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """One export of each form."""
    home = tmp_path_factory.mktemp("export")
    return {form: export(run, home / form, form, sample=SAMPLE, headlines=table(run)).folder for form in FORMS}


def result(run: OpenRun) -> Result:
    return result_of(run.folder, run.manifest, run.setup.plan)


def table(run: OpenRun) -> pl.DataFrame:
    return headline_table(result(run))


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_run_gives_the_same_bytes(
    run: OpenRun, written: Mapping[str, Path], tmp_path: Path, form: str
) -> None:
    again = export(run, tmp_path / "again", form, sample=SAMPLE, headlines=table(run)).folder
    assert hashes(again) == hashes(written[form])


@pytest.mark.parametrize("form", FORMS)
def test_every_file_says_that_it_is_synthetic(written: Mapping[str, Path], form: str) -> None:
    files = sorted(path.name for path in written[form].iterdir())
    suffix = "nc" if form == "netcdf" else form
    assert files == ["README.txt", *(f"{part}.synthetic.{suffix}" for part in PARTS)]
    assert MARK in (written[form] / "README.txt").read_text()
    for path in written[form].glob(f"*.{suffix}"):
        if form == "csv":
            assert path.read_text().startswith(f"{MARKED},")
        elif form == "parquet":
            assert pl.read_parquet_metadata(path)["mark"] == MARK
            assert next(iter(pl.read_parquet_schema(path))) == MARKED
        else:
            with xr.open_dataset(path, engine="h5netcdf") as found:
                assert found.attrs["mark"] == MARK
                assert found.attrs["seed"] == "3"


@pytest.mark.parametrize("part", PARTS)
def test_pandas_duckdb_and_polars_read_the_same(written: Mapping[str, Path], part: str) -> None:
    csv, parquet = written["csv"] / f"{part}.synthetic.csv", written["parquet"] / f"{part}.synthetic.parquet"
    frame = pd.read_csv(csv, low_memory=False)
    table = pl.read_parquet(parquet)
    with duckdb.connect() as connection:
        rows = connection.execute(f"select count(*), min({MARKED}) from '{csv}'").fetchone()
        others = connection.execute(f"select count(*), min({MARKED}::varchar) from '{parquet}'").fetchone()
    assert rows == others == (len(table), "beijing seed 3")
    assert list(frame.columns) == table.columns
    assert len(frame) == len(table) == len(pl.read_csv(csv, infer_schema_length=None)) > 0
    assert set(frame[MARKED]) == {"beijing seed 3"}


def test_headlines_are_those_of_the_report(run: OpenRun, written: Mapping[str, Path]) -> None:
    told = result(run).headlines
    frame = pl.read_parquet(written["parquet"] / "headlines.synthetic.parquet")
    assert frame["id"].to_list() == [each.id for each in told]
    for row, each in zip(frame.iter_rows(named=True), told, strict=True):
        said = {name: getattr(each, name) for name in row if name not in (MARKED, "rule_ids", "lines")}
        assert {name: row[name] for name in said} == said
        assert (row["rule_ids"] or "").split("; ") == list(each.rule_ids or ("",))
        assert (row["lines"] or "").split("; ") == list(each.lines or ("",))
    assert {"hit_per_1000", "wrongly_hit_per_wrong_record"} <= set(frame["id"])
    csv = pd.read_csv(written["csv"] / "headlines.synthetic.csv")
    with xr.open_dataset(written["netcdf"] / "headlines.synthetic.nc", engine="h5netcdf") as data:
        for values in (csv["value"].to_numpy(), data["value"].values):
            assert np.array_equal(values, frame["value"].to_numpy(), equal_nan=True)
        assert list(data["lines"].values) == [row or "" for row in frame["lines"]]


def test_headlines_are_written_where_they_are_given(run: OpenRun, tmp_path: Path) -> None:
    done = export(run, tmp_path / "some", "csv", [], headlines=table(run))
    assert list(done.rows) == ["headlines.synthetic.csv"]
    assert "as in result.json" in (done.folder / "README.txt").read_text()
    assert list(export(run, tmp_path / "lists", "csv", ["lists"]).rows) == ["lists.synthetic.csv"]


def test_indicators_are_those_of_the_run(run: OpenRun, written: Mapping[str, Path]) -> None:
    table = pl.read_parquet(written["parquet"] / "indicators.synthetic.parquet")
    with xr.open_dataset(run.folder / "indicators.nc", engine="h5netcdf") as data:
        for name, labels in (("enrolled", {}), ("records_right", {"group": "income=lowest"})):
            mine = table.filter((pl.col("indicator") == name) & (pl.col("world") == POLICY))
            group = labels.get("group", "all")
            whole = mine.filter((pl.col("district") == "all") & (pl.col("group") == group))
            expected = data[name].sel(world=POLICY, group=group).sum("district")
            assert whole["value"].sum() == int(expected.sum()) > 0
            assert whole["date"].min() >= pd.Timestamp(data.week.values[0]).date()
        districts = table.filter((pl.col("indicator") == "enrolled") & (pl.col("district") != "all"))
        assert set(districts["group"]) == {"all"}
        assert districts["value"].sum() == int(data.enrolled.sel(group="all").sum())
        daily = table.filter((pl.col("indicator") == "daily_records_right") & (pl.col("district") == "all"))
        assert daily["value"].sum() == int(data.daily_records_right.sum()) > 0
        assert set(daily["span"]) == {"day"}
        people = table.filter((pl.col("indicator") == "residents") & (pl.col("group") == "all"))
        assert people.filter(pl.col("district") == "all")["value"].to_list() == [run.city.n]
        assert set(people["span"]) == {"run"}
        assert people["date"].null_count() == len(people)
        refusals = table.filter((pl.col("indicator") == "service_requests") & (pl.col("group") == "all"))
        assert refusals["value"].sum() == int(data.service_requests.sel(group="all").sum())
        assert refusals["service"].null_count() == 0
        words = table.filter((pl.col("indicator") == "acts_by_word") & (pl.col("district") == "all"))
        assert words["value"].sum() == int(data.acts_by_word.sum()) > 0
        assert words["word"].null_count() == 0
        names = {str(name) for name in data.data_vars}
    assert set(table["indicator"]) <= names
    assert (table["value"] != 0).all()


def test_netcdf_indicators_are_the_file_of_the_run(run: OpenRun, written: Mapping[str, Path]) -> None:
    copy = written["netcdf"] / "indicators.synthetic.nc"
    assert copy.read_bytes() == (run.folder / "indicators.nc").read_bytes()


def test_residents_stand_as_the_checkpoint_says(run: OpenRun, written: Mapping[str, Path]) -> None:
    assert run.checkpoint is not None
    table = pl.read_parquet(written["parquet"] / "residents.synthetic.parquet")
    assert len(table) == 2 * SAMPLE
    mine = table.filter(pl.col("world") == POLICY)
    numbers = mine["resident"].str.split("-").list.last().cast(pl.Int64).to_numpy()
    assert len(set(numbers)) == SAMPLE
    last = run.setup.plan.days
    for row, number in zip(mine.iter_rows(named=True), numbers, strict=True):
        assert row["resident"] == run.city.id_of(int(number))
        assert row["district"] == run.city.district_names[run.city.district_of(int(number))]
        assert row["household"] == len(run.city.household(int(number)))
        if row["enrolled_on"] is not None:
            assert row["score_city"] == int(run.checkpoint.array("score_0")[number])
            assert (row["enrolled_on"] - run.setup.plan.start).days < last
        else:
            assert row["score_city"] is None
            assert row["band_city"] is None
        assert row["ever_hit"] == bool(run.checkpoint.array("ever_0")[number] & 1)
        assert row["hit"] == bool(run.checkpoint.array("now_0")[number] & 1)
    twin = table.filter(pl.col("world") == "none")
    assert twin["score_city"].null_count() == len(twin)
    assert twin["resident"].to_list() == mine["resident"].to_list()


def test_xarray_reads_residents_with_dates_and_missing_numbers(written: Mapping[str, Path]) -> None:
    table = pl.read_parquet(written["parquet"] / "residents.synthetic.parquet")
    with xr.open_dataset(written["netcdf"] / "residents.synthetic.nc", engine="h5netcdf") as data:
        assert data.sizes["row"] == len(table)
        assert np.issubdtype(data.enrolled_on.dtype, np.datetime64)
        assert int(data.enrolled_on.isnull().sum()) == table["enrolled_on"].null_count()
        assert int(np.isnan(data.score_city).sum()) == table["score_city"].null_count()
        assert list(data.resident.values) == table["resident"].to_list()


def test_all_persons_are_everybody_and_a_sample_is_part_of_them(run: OpenRun, tmp_path: Path) -> None:
    full = export(run, tmp_path / "all", "parquet", ["residents", "lists"], None)
    table = pl.read_parquet(full.folder / "residents.synthetic.parquet")
    assert len(table) == full.rows["residents.synthetic.parquet"] == 2 * run.city.n
    assert table["resident"].n_unique() == run.city.n
    lists = pl.read_parquet(full.folder / "lists.synthetic.parquet").drop(MARKED)
    assert lists.equals(pl.read_parquet(run.folder / "lists.parquet"))
    some = export(run, tmp_path / "some", "parquet", ["residents"], 50)
    part = pl.read_parquet(some.folder / "residents.synthetic.parquet")
    assert part.equals(table.filter(pl.col("resident").is_in(part["resident"].unique().to_list())))
    assert [path.name for path in some.folder.iterdir() if path.suffix != ".txt"] == ["residents.synthetic.parquet"]


def test_a_larger_sample_holds_the_smaller_one(run: OpenRun) -> None:
    everybody = np.arange(run.city.n)
    small, large = (set(Whom(size).among(run, everybody).tolist()) for size in (40, 400))
    assert len(small) == 40
    assert small < large


def test_many_rows_go_into_numbered_files(run: OpenRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vitropolis.results.export.PART", 2000)
    done = export(run, tmp_path / "parts", "parquet", ["residents"], None)
    assert len(done.rows) > 1
    assert list(done.rows)[:2] == ["residents.synthetic.parquet", "residents-2.synthetic.parquet"]
    assert sum(done.rows.values()) == 2 * run.city.n
    assert len(pl.read_parquet(done.folder / "residents*.synthetic.parquet")) == 2 * run.city.n
    assert "residents-2.synthetic.parquet: " in (done.folder / "README.txt").read_text()


def test_a_taken_folder_and_an_unfinished_run_are_refused(
    run: OpenRun, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("keep")
    with pytest.raises(UsageError, match="exists and is not empty"):
        export(run, tmp_path / "taken", "csv")
    unfinished = OpenRun(whole, {**run.manifest, "status": "interrupted"}, run.setup, run.city, run.tables, None)
    with pytest.raises(UsageError, match="was not played to its end; `vitropolis resume"):
        export(unfinished, tmp_path / "new", "csv")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_csv", full)
    with pytest.raises(ResourceError, match="the disk is full"):
        export(run, tmp_path / "new", "csv", ["lists"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taken"]
    assert setup_of().size == run.city.n
