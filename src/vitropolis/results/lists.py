"""`lists.parquet`: one row for each stay of a resident on a list, with its cause and what the truth was.

The engine logs every way in and out as one packed integer (`vitropolis.model.listing_log`); here they become rows.
A resident appears only as a synthetic id of this run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.mark import marks
from vitropolis.model.listing_log import (
    logged_bins,
    logged_cause,
    logged_day,
    logged_event,
    logged_list,
    logged_who,
    logged_world,
)
from vitropolis.model.lists import BY_LEAF
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import leaves
from vitropolis.policy.triggers import (
    BandTrigger,
    Leaf,
    ListedTrigger,
    RankTrigger,
    RecordsTrigger,
    ScoreTrigger,
)
from vitropolis.results.folder import drafted

if TYPE_CHECKING:
    import polars as pl

WAYS_OUT = ("term", "compliance", "repair", "repealed", "correction")
BINS = ("wrong fact", "lawful, protected, or unable to pay", "breach as recorded")
SLICE = 1 << 18  # rows of texts that are put together at once
STILL_ON = -1  # day_out of somebody who is on the list when the run ends
Rows = NDArray[Any]
STAY = np.dtype(
    [("world", "u1"), ("list", "u1"), ("resident", "<i4"), ("day_in", "<i2"), ("day_out", "<i2"), ("how", "u1"),
     ("cause", "u1"), ("first", "u1"), ("second", "u1")]
)  # fmt: skip


class Numbered(Protocol):
    """Whom the rows of a table are about: residents of a city, or its firms."""

    @property
    def district_ends(self) -> NDArray[np.int64]:
        """Bounds of each district's."""

    @property
    def district_names(self) -> tuple[str, ...]:
        """Names of the districts."""

    def id_of(self, number: int, /) -> str:
        """The synthetic id of one of them."""


def stays_in(log: NDArray[np.int64]) -> Rows:
    """Pair ways in and out: STAY rows sorted by world, list, resident, day. ValueError if an exit has no entry."""
    day, resident, event = logged_day(log), logged_who(log), logged_event(log)
    world, entry = logged_world(log), logged_list(log)
    order = np.lexsort((event == 0, day, resident, entry, world))  # out before in on one day
    log, day, event = log[order], day[order], event[order]
    owner = (world[order] << 34) | (entry[order] << 31) | resident[order]
    starts = np.flatnonzero(event == 0)
    after = starts + 1
    paired = np.zeros(len(starts), bool)
    inside = after < len(log)
    paired[inside] = (owner[after[inside]] == owner[starts[inside]]) & (event[after[inside]] > 0)
    if len(starts) + int(paired.sum()) != len(log):
        raise ValueError("the log of listings holds an exit without an entry")
    found = np.zeros(len(starts), STAY)
    found["world"], found["list"] = world[order][starts], entry[order][starts]
    found["resident"], found["day_in"], found["day_out"] = resident[order][starts], day[starts], STILL_ON
    found["day_out"][paired], found["how"][paired] = day[after[paired]], event[after[paired]]
    bins = logged_bins(log[starts])
    found["cause"], found["first"], found["second"] = logged_cause(log[starts]), bins & 3, bins >> 2
    return found


def leaf_words(world: World) -> list[str]:
    """What each condition inside a world's triggers says, in the order in which the engine numbers them."""
    found: list[Leaf] = []
    for listing in world.lists.values():
        triggers = [listing.trigger, *([listing.extension.trigger] if listing.extension else [])]
        for leaf in (each for trigger in triggers for each in leaves(trigger)):
            if leaf not in found:
                found.append(leaf)
    return [_in_words(leaf) for leaf in found]


def _in_words(leaf: Leaf) -> str:
    if isinstance(leaf, RecordsTrigger):
        within = "" if leaf.within_days is None else f" within {leaf.within_days} days"
        return f"{leaf.count or 1} live records of {', '.join(leaf.behaviours)}{within}"
    if isinstance(leaf, BandTrigger):
        return f"band of {leaf.score}: {', '.join(leaf.bands)}"
    if isinstance(leaf, ScoreTrigger):
        return f"score {leaf.score} {'at or above' if leaf.at_least is not None else 'below'} its limit"
    if isinstance(leaf, RankTrigger):
        return f"rank by {leaf.score}: {leaf.end} share"
    assert isinstance(leaf, ListedTrigger)
    return f"on the list {', '.join(leaf.lists)}"


def causes_of(plan: Plan) -> list[list[str]]:
    """The text of every cause, [world][cause 0-255]."""
    texts = []
    for number, world in enumerate(plan.worlds):
        names = list(world.behaviours)
        kinds = [f"behaviours.{names[k.behaviours[number]]}" if k.behaviours[number] >= 0 else "" for k in plan.kinds]
        whole = kinds + [""] * (BY_LEAF - len(kinds)) + leaf_words(world)
        texts.append(whole + [""] * (256 - len(whole)))
    return texts


def definitions(plan: Plan) -> tuple[str, str]:
    """The names of the two definitions of deserving; a set that has only one shows it twice."""
    names = list(plan.worlds[0].assumptions.deserving)
    return names[0], names[1] if len(names) > 1 else names[0]


def frame_of(stays: Rows, plan: Plan, city: Numbered) -> pl.DataFrame:
    """The table as readers see it, sorted by world, list, day_in and resident."""
    import polars as pl

    stays = stays[np.lexsort((stays["resident"], stays["day_in"], stays["list"], stays["world"]))]
    lists = [[*world.lists, *[""] * (8 - len(world.lists))] for world in plan.worlds]
    first, second = definitions(plan)
    ends = np.asarray(city.district_ends)
    start = np.datetime64(plan.start, "D")
    out = stays["day_out"].astype(np.int64)
    causes = [text for row in causes_of(plan) for text in row]
    columns: dict[str, Any] = {
        "world": words_at([world.name for world in plan.worlds], stays["world"]),
        "list": words_at([name for row in lists for name in row], stays["world"].astype(np.int64) * 8 + stays["list"]),
        "resident": pl.Series(stays["resident"]).cast(pl.String),
        "district": words_at(list(city.district_names), np.searchsorted(ends, stays["resident"], side="right") - 1),
        "day_in": pl.Series(start + stays["day_in"].astype(np.int64)).cast(pl.Date),
        "cause": words_at(causes, stays["world"].astype(np.int64) * 256 + stays["cause"]),
        f"bin_{first}": words_at(["", *BINS], stays["first"]),
    }
    if second != first:
        columns[f"bin_{second}"] = words_at(["", *BINS], stays["second"])
    columns["day_out"] = pl.Series(np.where(out == STILL_ON, np.datetime64("NaT"), start + out)).cast(pl.Date)
    columns["how"] = words_at(["", *WAYS_OUT], stays["how"])
    prefix = city.id_of(0).removesuffix("0")
    return pl.DataFrame(columns).with_columns(pl.lit(prefix).add(pl.col("resident")).alias("resident"))


def words_at(words: Sequence[str], places: NDArray[Any]) -> pl.Series:
    """The word at each place; an empty word is null."""
    import polars as pl

    series = pl.Series([word or None for word in words], dtype=pl.String)
    return series.gather(pl.Series(places.astype(np.uint32)))


def content_of_frame(frame: pl.DataFrame) -> str:
    """SHA-256 over column names, types and values (texts as UTF-8 with their lengths, dates as days, null as -1)."""
    import polars as pl

    digest = hashlib.sha256()
    for name, kind in frame.schema.items():
        digest.update(f"{name} {kind}\0".encode())
        column = frame.get_column(name)
        if kind == pl.String:
            lengths = column.str.len_bytes().cast(pl.Int32).fill_null(-1).to_numpy()
            digest.update(lengths.astype("<i4").tobytes())
            for first in range(0, len(column), SLICE):
                digest.update("".join(column.slice(first, SLICE).drop_nulls().to_list()).encode())
        else:
            digest.update(column.to_physical().cast(pl.Int64).fill_null(-1).to_numpy().astype("<i8").tobytes())
    return digest.hexdigest()


def write_lists(path: Path, frame: pl.DataFrame, seed: int) -> None:
    """Write the table, marked as synthetic."""
    with drafted(path) as draft:
        frame.write_parquet(draft, compression="zstd", metadata=marks(seed))


def residents_of(frame: pl.DataFrame) -> NDArray[np.int64]:
    """The number inside each row's synthetic id. ValueError if one is none."""
    import polars as pl

    found = frame.get_column("resident").str.split("-").list.last().cast(pl.Int64, strict=False)
    if found.null_count():
        raise ValueError("a resident's id is not one of this program's")
    return found.to_numpy()
