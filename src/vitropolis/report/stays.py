"""`lists.parquet` as numbers: what the report needs of each listing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.errors import RefusedError
from vitropolis.model.worlds import Plan
from vitropolis.results.folder import LISTS
from vitropolis.results.lists import BINS, STAY, STILL_ON, WAYS_OUT, definitions


def stays_in_folder(folder: Path, plan: Plan) -> NDArray[Any]:
    """Every listing as rows of `results.lists.STAY`; `cause` is left at 0.

    RefusedError if the table cannot be read or is none of this run's.
    """
    import polars as pl

    first, second = (f"bin_{name}" for name in definitions(plan))
    try:
        held = pl.scan_parquet(folder / LISTS).select(
            "world", "list", "resident", "day_in", "day_out", "how", first, pl.col(second).alias("bin_of_second")
        )
        frame = held.collect()
    except (OSError, pl.exceptions.PolarsError):
        raise RefusedError(f"{LISTS} cannot be read") from None
    return _rows(frame, plan, first)


def _rows(frame: Any, plan: Plan, first: str) -> NDArray[Any]:
    found = np.zeros(len(frame), STAY)
    names = [world.name for world in plan.worlds]
    found["world"] = _places(frame["world"], names)
    for place, world in enumerate(plan.worlds):
        mine = found["world"] == place
        found["list"][mine] = _places(frame["list"].filter(mine), list(world.lists))
    found["resident"] = _numbers(frame["resident"])
    start = int((np.datetime64(plan.start, "D") - np.datetime64("1970-01-01", "D")).astype(int))
    for name in ("day_in", "day_out"):
        found[name] = frame[name].to_physical().fill_null(start + STILL_ON).to_numpy() - start
    for name, column, words in (
        ("how", "how", WAYS_OUT),
        ("first", first, BINS),
        ("second", "bin_of_second", BINS),
    ):
        found[name] = _places(frame[column].fill_null(""), ["", *words])
    return found


def _numbers(column: Any) -> NDArray[np.int32]:
    """The number of a run's resident in a synthetic id; RefusedError if one is none."""
    import polars as pl

    found = column.cast(pl.String).str.extract(r"-(\d+)$").cast(pl.Int32, strict=False)
    if found.null_count():
        raise RefusedError(f"{LISTS} holds a resident that is none of this run's")
    return np.asarray(found.to_numpy(), np.int32)


def _places(column: Any, words: Sequence[str]) -> NDArray[np.uint8]:
    """The place of each word; RefusedError if one is not among them."""
    import polars as pl

    try:
        return np.asarray(column.replace_strict(words, list(range(len(words))), return_dtype=pl.UInt8).to_numpy())
    except pl.exceptions.InvalidOperationError:
        raise RefusedError(f"{LISTS} holds a word that is none of this run's") from None
