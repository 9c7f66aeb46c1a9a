"""`displaced.parquet`: who lost a place in a queue, week by week, and which measure it is due to.

One row each time somebody was not served who would have been by first come, first served, in the same world and among
the same people waiting. Of a city of more than two million the residents named are a sample, drawn by the run's seed;
the file says which share. A resident appears only as a synthetic id of this run.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.fixed import ONE32
from vitropolis.base.mark import marks
from vitropolis.city.city import City
from vitropolis.engine.losers import lost_in
from vitropolis.engine.rivals import Lines
from vitropolis.model.measures import measures_of
from vitropolis.model.rivals import NO_MEASURE, queued
from vitropolis.model.rules import PERSON_SERVICES
from vitropolis.model.worlds import Plan
from vitropolis.results.folder import drafted
from vitropolis.results.lists import words_at

if TYPE_CHECKING:
    import polars as pl

STANDS = ("first", "ahead", "as others", "behind", "last")


def displaced_frame(rows: NDArray[np.int64], plan: Plan, city: City) -> pl.DataFrame:
    """The table as readers see it, sorted by week, world, service, place, measure, weeks and resident.

    rows: sorted numbers as `engine.losers` writes them.
    """
    import polars as pl

    lost = lost_in(rows)
    resident, world = lost.resident, lost.world
    services = [PERSON_SERVICES[service] for service in queued(plan)]
    names = [[f"measures.{name}" for name in measures_of(each)] for each in plan.worlds]
    elements = [name for mine in names for name in (*mine, *[""] * (NO_MEASURE + 1 - len(mine)))]
    starts = np.datetime64(plan.start, "D")
    columns: dict[str, Any] = {
        "week": pl.Series(starts + 7 * lost.week).cast(pl.Date),
        "world": words_at([each.name for each in plan.worlds], world),
        "service": words_at(services, lost.queue),
        "district": words_at(
            list(city.district_names), np.searchsorted(np.asarray(city.district_ends), resident, side="right") - 1
        ),
        "resident": pl.Series(resident).cast(pl.String),
        "place": words_at(STANDS, lost.place),
        "measure": words_at(elements, world * (NO_MEASURE + 1) + lost.measure),
        "weeks": pl.Series(lost.age.astype(np.int16)),
    }
    prefix = city.id_of(0).removesuffix("0")
    return pl.DataFrame(columns).with_columns(pl.lit(prefix).add(pl.col("resident")).alias("resident"))


def write_displaced(path: Path, frame: pl.DataFrame, plan: Plan, lines: Lines) -> None:
    """Write the table, marked as synthetic, with the share of residents whom it names."""
    said = marks(plan.seed) | {"share_of_residents": "all" if lines.share >= ONE32 else f"{lines.share / ONE32:.6f}"}
    with drafted(path) as draft:
        frame.write_parquet(draft, compression="zstd", metadata=said)
