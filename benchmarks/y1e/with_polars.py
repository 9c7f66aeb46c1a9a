"""The yardstick in Polars: one frame of residents, one lazy query for each of the day's two halves.

Changes of points come in by a left join, as in any frame; scattering them by row number would be NumPy by another name.
Polars draws no number a row: those come from NumPy.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks.y1e.outcome import Outcome, empty
from benchmarks.y1e.rules import (
    BANDS,
    CHANCES,
    DAYS,
    DEED,
    DISTRICTS,
    HIGHEST,
    LIFE,
    LIMITS,
    NOBODY,
    OFFENCE,
    OFFENCES,
    POINTS,
    START,
    TERM,
    WEEK,
    district_sizes,
    invented_week,
    noticed,
)

RECORDS = pl.Schema({"who": pl.Int32, "points": pl.Int16})
SCORE = (pl.col("points").cast(pl.Int32) + START).clip(0, HIGHEST)
BAND = sum(((limit <= SCORE).cast(pl.Int8) for limit in LIMITS[1:]), (LIMITS[0] <= SCORE).cast(pl.Int8))


class Play:
    """A city that is set up; `run` plays it."""

    def __init__(self, residents: int, seed: int) -> None:
        self.rng = np.random.Generator(np.random.SFC64(seed))
        sizes = np.array(district_sizes(residents), np.int64)
        self.ends = np.concatenate([[0], np.cumsum(sizes)])
        self.made = empty(sizes)
        district = np.repeat(np.arange(DISTRICTS, dtype=np.int8), sizes)
        self.people = pl.DataFrame(
            {
                "who": np.arange(residents, dtype=np.int32),
                "district": district,
                "chance": np.full(residents, OFFENCE + DEED, np.float32),
                "seen": noticed().astype(np.float32)[district],
                "points": np.zeros(residents, np.int16),
                "band": np.full(residents, np.searchsorted(LIMITS, START, side="right"), np.int8),
                "ends": np.full(residents, NOBODY, np.int16),  # of the listing; NOBODY: not on the list
            }
        )
        self.records: dict[int, list[pl.DataFrame]] = {}  # by day of arrival
        self.kinds = np.cumsum(CHANCES) / CHANCES.sum()

    def run(self) -> Outcome:
        """Play all days."""
        for day in range(DAYS):
            if day and day % WEEK == 0:
                self.invent(day)
            self.look(day)
            self.act(day)
        return self.made

    def invent(self, first: int) -> None:
        """Make up the reports of a week."""
        resident, kind, weekday = invented_week(self.ends, self.rng)
        made = {"who": resident, "points": POINTS[kind], "day": weekday + first}
        for (day,), part in pl.DataFrame(made).partition_by("day", as_dict=True).items():
            if day < DAYS:
                self.records.setdefault(day, []).append(part.select("who", "points").cast(RECORDS))
                district = np.searchsorted(self.ends, part["who"].to_numpy(), side="right") - 1
                self.made.invented[day] = np.bincount(district, minlength=DISTRICTS)

    def changes(self, day: int) -> pl.LazyFrame:
        """Who gains or loses how many points today."""
        gone = [part.with_columns(-pl.col("points")) for part in self.records.pop(day - LIFE, [])]
        parts = [pl.DataFrame(schema=RECORDS), *self.records.get(day, []), *gone]
        return pl.concat(parts).lazy().group_by("who").agg(pl.col("points").sum().alias("change"))

    def look(self, day: int) -> None:
        """What arrives and what expires; bands, the list, the day's table."""
        off = pl.col("ends") == day
        fallen = (pl.col("now") == 0) & (pl.col("band") != 0) & ((pl.col("ends") == NOBODY) | off)
        found = (
            self.people.lazy()
            .join(self.changes(day), on="who", how="left", maintain_order="left")
            .with_columns((pl.col("points") + pl.col("change").fill_null(0)).cast(pl.Int16).alias("points"))
            .with_columns(BAND.alias("now"))
            .with_columns(off.alias("leaves"), fallen.alias("joins"))
            .with_columns(
                pl.when("joins")
                .then(day + TERM)
                .when("leaves")
                .then(NOBODY)
                .otherwise("ends")
                .cast(pl.Int16)
                .alias("ends")
            )
            .collect()
        )
        self.count(day, found)
        self.people = found.with_columns(pl.col("now").alias("band")).drop("now", "change", "leaves", "joins")

    def count(self, day: int, found: pl.DataFrame) -> None:
        """Write the day's table."""
        bands = [(pl.col("now") == place).sum().alias(name) for place, name in enumerate(BANDS)]
        sums = found.group_by("district").agg(*bands, pl.col("leaves").sum(), pl.col("joins").sum()).sort("district")
        self.made.bands[day] = sums.select(BANDS).to_numpy()
        self.made.left[day], self.made.joined[day] = sums["leaves"].to_numpy(), sums["joins"].to_numpy()

    def act(self, day: int) -> None:
        """Who does something today, what it is, and what is noticed of it."""
        luck = pl.Series("luck", self.rng.random(self.people.height, dtype=np.float32))
        some = self.people.lazy().with_columns(luck).filter(pl.col("luck") < pl.col("chance"))
        acts = some.select("who", "district", "seen").collect()
        kind = np.searchsorted(self.kinds, self.rng.random(acts.height), side="right")
        acts = acts.with_columns(
            pl.Series("offence", kind < OFFENCES),
            pl.Series("points", POINTS[kind]),
            pl.Series("known", (kind >= OFFENCES) | (self.rng.random(acts.height) < acts["seen"].to_numpy())),
        )
        self.records.setdefault(day + 1, []).append(acts.filter("known").select("who", "points"))
        every = pl.DataFrame({"district": np.arange(DISTRICTS, dtype=np.int8)})
        sums = acts.group_by("district").agg(
            pl.col("offence").sum().alias("offences"),
            (~pl.col("offence")).sum().alias("deeds"),
            (pl.col("offence") & pl.col("known")).sum().alias("detected"),
        )
        table = every.join(sums, on="district", how="left", maintain_order="left").fill_null(0)
        self.made.offences[day], self.made.deeds[day] = table["offences"].to_numpy(), table["deeds"].to_numpy()
        self.made.detected[day] = table["detected"].to_numpy()
