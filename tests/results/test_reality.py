"""What docs/reality.md says a run gives is what that run gives."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import xarray as xr
from tests.cli.calls import call
from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "reality.md"
CALL = "run court-list-2017 --size 200k --no-ranges --from 2013-10-24 --to 2020-01-31"
BLACK = ["refusal", "evasion"]
LIMITS = "listed_2"  # the list that bars from flights and fast trains
DEBTS = ["judgment_unpaid_able", "judgment_unpaid_unable"]


def figures(folder: Path) -> dict[str, str]:
    """The figures of the page by name, as it writes them."""
    log = pl.read_parquet(folder / "lists.parquet").filter(
        (pl.col("world") == "court-list-2017") & pl.col("list").is_in(BLACK)
    )
    with xr.open_dataset(folder / "indicators.nc") as found:
        data = found.sel(world="court-list-2017").load()
    adults = int(data["enrolled"].sel(group="all").sum("district")[-1])
    return {**of_the_list(log, adults), **of_refusals(data), **of_debts(data)}


def of_the_list(log: pl.DataFrame, adults: int) -> dict[str, str]:
    """Stock, flow and compliance of the black lists."""
    end, spring, autumn = date(2020, 1, 31), date(2018, 4, 30), date(2019, 9, 30)
    listed = log.filter(pl.col("day_out").is_null() | (pl.col("day_out") > end))["resident"].n_unique()
    begun = log.filter(pl.col("day_in").dt.year().is_between(2015, 2017)).height
    complied = pl.col("how") == "compliance"
    before = log.filter(pl.col("day_in") <= spring)
    gone = before.filter(complied & (pl.col("day_out") <= spring)).height
    early = log.filter(pl.col("day_in") <= autumn)
    quick = early.filter(complied & ((pl.col("day_out") - pl.col("day_in")).dt.total_days() <= 120)).height
    return {
        "stock": f"{1000 * listed / adults:.1f}",
        "flow": f"{1000 * begun / 3 / adults:.1f}",
        "complied": f"{100 * gone / before.height:.0f} %",
        "quick": f"{100 * quick / early.height:.0f} %",
    }


def of_refusals(data: xr.Dataset) -> dict[str, str]:
    """Flights refused a year to somebody under the limits, and for each fast train refused."""
    refused = data["service_refusals"].sel(group="all")
    weeks = data["week"].values
    late = (weeks >= np.datetime64("2017-01-01")) & (weeks < np.datetime64("2019-01-01"))
    under = float(data[LIMITS].sel(group="all").sum("district").values[late].sum()) * 7 / 365
    until = weeks <= np.datetime64("2017-12-31")
    flights, trains = (refused.sel(service=name).values for name in ("flights", "high_speed_rail"))
    return {
        "flights": f"{flights[late].sum() / under:.1f}",
        "flights to trains": f"{flights[until].sum() / trains[until].sum():.1f}",
    }


def of_debts(data: xr.Dataset) -> dict[str, str]:
    """Court debts of 1,000 residents in a year."""
    acts = data["acts_by_word"].sel(word=DEBTS)
    residents, years = int(data["residents"].sel(group="all").sum()), data.sizes["day"] / 365
    return {"debts": f"{1000 * int(acts.sum()) / residents / years:.1f}"}


def said() -> dict[str, str]:
    """The figures as the page says them: the first word of a row is its name, the third cell what the run gives."""
    rows = re.findall(r"^\| ([a-z ]+?): [^|]*\|[^|]*\| ([^|]*?) \|", PAGE.read_text(encoding="utf8"), re.MULTILINE)
    return dict(rows)


def test_the_page_names_the_run_and_its_figures() -> None:
    assert f"`vitropolis {CALL}`" in PAGE.read_text(encoding="utf8")
    assert list(said()) == ["stock", "flow", "complied", "quick", "flights", "flights to trains", "debts"]


@pytest.mark.long
def test_the_run_gives_what_the_page_says(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    assert call(*CALL.split(), "--progress", "none", "--out", folder).code == 0
    assert figures(folder) == said()
