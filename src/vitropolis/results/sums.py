"""Whether what a folder counts agrees with itself: its headline, its indicators and its listings, added up."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.errors import RefusedError
from vitropolis.city.cells import groups
from vitropolis.city.city import City
from vitropolis.model.counts import STOCKS
from vitropolis.model.worlds import Plan
from vitropolis.results.fired import COUNTED
from vitropolis.results.folder import INDICATORS
from vitropolis.results.indicators import label_of
from vitropolis.results.lists import STILL_ON, WAYS_OUT
from vitropolis.results.weekly import HEADS, layout_of

if TYPE_CHECKING:
    import polars as pl

Counted = Mapping[str, NDArray[np.int64]]
OUTS = tuple(f"out_{how}" for how in WAYS_OUT)
INS = HEADS["listings"]


def counted_in_weeks(plan: Plan, districts: int, rows: NDArray[np.int32]) -> dict[str, NDArray[np.int64]]:
    """What a file of weekly rows counts of everybody: {item: [world, week, district]}, stocks at the week's end."""
    layout = layout_of(plan)
    everybody = layout.split(rows)["groups"][:, :, :districts, :, 0].astype(np.int64)
    found = {name: everybody[:, :, :, place].swapaxes(0, 1) for place, name in enumerate(layout.items)}
    return {name: part.cumsum(axis=1) if name in STOCKS else part for name, part in found.items()}


def counted_in_file(plan: Plan, city: City, path: Path) -> dict[str, NDArray[np.int64]]:
    """The same from `indicators.nc`, of what is compared here. RefusedError if it is not of this run."""
    import h5netcdf

    shape = (len(plan.worlds), plan.weeks, len(city.district_names))
    labels = {
        "world": [world.name for world in plan.worlds],
        "district": list(city.district_names),
        "group": list(groups()[0]),
    }
    wanted = {item for items in HEADS.values() for item in items} | {*OUTS, *COUNTED}
    found = {}
    try:
        with h5netcdf.File(path, "r") as held:
            for name, words in labels.items():
                if [label_of(word) for word in held.variables[name][:]] != words:
                    raise RefusedError(f"{INDICATORS} names other {name}s than this run has")
            for name in wanted & set(layout_of(plan).items):
                found[name] = np.asarray(held.variables[name][:, :, :, 0], np.int64)
                if found[name].shape != shape:
                    raise RefusedError(f"{INDICATORS}: {name} has another shape than this run gives it")
    except (OSError, KeyError, IndexError):
        raise RefusedError(f"{INDICATORS} cannot be read") from None
    return found


def heads_in(plan: Plan, counted: Counted, weeks: int) -> dict[str, dict[str, int]]:
    """The headline after so many weeks; nothing before the first."""

    def head(world: int, item: str) -> int:
        if item not in counted:
            return 0
        mine = counted[item][world, :weeks]
        return int(mine[-1].sum() if item in STOCKS else mine.sum())

    return {
        world.name: {name: sum(head(number, item) for item in items) for name, items in HEADS.items()}
        for number, world in enumerate(plan.worlds)
        if weeks
    }


def check_heads(plan: Plan, counted: Counted, weeks: int, said: Any, where: str) -> None:
    """RefusedError if a headline is not what was counted in so many weeks."""
    if said != heads_in(plan, counted, weeks):
        raise RefusedError(f"the headline in {where} is not what its weeks add up to")


def check_listings(plan: Plan, city: City, counted: Counted, stays: NDArray[Any], weeks: int) -> None:
    """RefusedError if listings began, ended or last otherwise than was counted, by world, week and district."""
    shape = (len(plan.worlds), weeks, len(city.district_names))
    district = np.searchsorted(np.asarray(city.district_ends), stays["resident"], side="right") - 1
    ended = stays["day_out"] != STILL_ON
    parts = [(name, "day_in", stays["list"] == number) for number, name in enumerate(INS)]
    parts += [(name, "day_out", ended & (stays["how"] == number + 1)) for number, name in enumerate(OUTS)]
    for name, day, mine in parts:
        told = np.zeros(shape, np.int64)
        np.add.at(told, (stays["world"][mine], stays[day][mine] // 7, district[mine]), 1)
        if not np.array_equal(told, counted.get(name, np.zeros_like(told))[:, :weeks]):
            raise RefusedError(f"the listings are not those that were counted ({name})")
    _check_on_black(plan, counted, stays[~ended], weeks)


def _check_on_black(plan: Plan, counted: Counted, running: NDArray[Any], weeks: int) -> None:
    """Whether as many residents are on a black list at the end as the listings say."""
    for number, world in enumerate(plan.worlds):
        black = [place for place, listing in enumerate(world.lists.values()) if listing.polarity == "black"]
        mine = running[(running["world"] == number) & np.isin(running["list"], black)]
        last = int(counted["on_black_list"][number, weeks - 1].sum()) if weeks else 0
        if len(np.unique(mine["resident"])) != last:
            raise RefusedError("the listings are not those that were counted (on_black_list)")


def stays_of(frame: pl.DataFrame, plan: Plan, residents: NDArray[np.int64]) -> NDArray[Any]:
    """`lists.parquet` as numbers, like `stays_in` (day_out -1: still on). ValueError if it is none."""
    import polars as pl

    lists = {(world.name, name): (number, place) for number, world in enumerate(plan.worlds)
             for place, name in enumerate(world.lists)}  # fmt: skip
    dtype = [("world", "u1"), ("list", "u1"), ("resident", "<i8"), ("day_in", "<i4"), ("day_out", "<i4"), ("how", "u1")]
    found = np.zeros(len(frame), dtype)
    found["resident"] = residents
    names = frame.select("world", "list").unique().rows()
    if not set(names) <= set(lists):
        raise ValueError("a list is none of this run's")
    for pair in names:
        mine = ((frame["world"] == pair[0]) & (frame["list"] == pair[1])).to_numpy()
        found["world"][mine], found["list"][mine] = lists[pair]
    start = int((np.datetime64(plan.start, "D") - np.datetime64("1970-01-01", "D")).astype(int))
    for name, missing in (("day_in", start - 2), ("day_out", start + STILL_ON)):
        found[name] = frame[name].cast(pl.Int32).fill_null(missing).to_numpy() - start
    how = {word: place + 1 for place, word in enumerate(WAYS_OUT)}
    found["how"] = frame["how"].replace_strict(how, default=0, return_dtype=pl.UInt8).fill_null(0).to_numpy()
    last = max(plan.days, 1)
    if (
        (found["day_in"] < 0) | (found["day_in"] >= last) | (found["day_out"] < STILL_ON) | (found["day_out"] >= last)
    ).any():
        raise ValueError("a day is none of this run's")
    return found
