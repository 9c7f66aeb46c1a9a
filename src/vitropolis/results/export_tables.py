"""What an export holds, as tables: indicators in long form, listings, residents.

Every table begins with the column `synthetic_city_no_real_people`, so that the mark survives whatever is cut out of it.
Its values name the run: city and seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream, philox
from vitropolis.engine.chunks import cut, largest_chunk, make_chunks
from vitropolis.engine.run import CHUNK
from vitropolis.model.hits import HIT, REFUSED, THROUGH, WRONGLY
from vitropolis.model.redress import LEARNT
from vitropolis.results.folder import INDICATORS
from vitropolis.results.indicators import label_of
from vitropolis.results.lists import residents_of
from vitropolis.results.reader import OpenRun, read_lists
from vitropolis.results.whom import who_they_are

if TYPE_CHECKING:
    import polars as pl

MARKED = "synthetic_city_no_real_people"
SLOT = 2  # of the stream of picks: who is in a sample
ALL = "all"
DOOR_LABELS = ("none", "1", "2-4", "5-9", "10 or more")
# columns of the long table, beside date and span
LABELS = ("world", "district", "group", "word", "truth", "service", "rival")
STEPS = {"day": 1, "week": 7}  # days
WHOLE = "run"  # the span of what has no date
PLURAL = {"world", "week", "day", *LABELS}


@dataclass(frozen=True)
class Whom:
    """Whom person-level tables hold: a sample of so many, drawn by the run's seed, or (None) everybody."""

    sample: int | None

    def among(self, run: OpenRun, residents: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of `residents` (ascending numbers) who are in it, ascending."""
        if self.sample is None or self.sample >= len(residents):
            return residents
        lots = philox(residents, 0, Stream.CHECK, SLOT, run.setup.plan.seed)
        chosen = np.lexsort((lots[1], lots[0]))[: self.sample]
        return np.sort(residents[chosen])


def marked(run: OpenRun, frame: pl.DataFrame) -> pl.DataFrame:
    """The table with the mark as its first column."""
    import polars as pl

    said = f"{run.city.name} seed {run.setup.plan.seed}"
    return frame.select(pl.lit(said, pl.Enum([said])).alias(MARKED), pl.all())


def indicators(run: OpenRun) -> Iterator[pl.DataFrame]:
    """The long table, one piece for each indicator: span, date, labels, value. Rows of value 0 are left out.

    span: day, week (its first day is the date), or run, without a date.

    Groups are those of the whole city (`district` is `all`), districts those of everybody (`group` is `all`): the two
    are crossed in `indicators.nc` alone, as are places in queues by measure. A label that an indicator lacks is null.
    """
    import h5netcdf

    with h5netcdf.File(run.folder / INDICATORS, "r") as held:
        names = {
            name: [label_of(word) for word in held.variables[name][:]] for name in LABELS if name in held.variables
        }
        for name, variable in held.variables.items():
            if name not in PLURAL and variable.dimensions and "measure" not in variable.dimensions:
                values = np.asarray(variable[...], np.int64)
                for dims, part in _margins(variable.dimensions, values):
                    yield _long(run, name, str(variable.attrs["units"]), dims, part, names)


def _margins(dims: Sequence[str], values: NDArray[np.int64]) -> Iterator[tuple[tuple[str, ...], NDArray[np.int64]]]:
    """An indicator's values for the whole city, and by district for everybody: dimensions and values."""
    if "district" not in dims:
        yield tuple(dims), values
        return
    place = list(dims).index("district")
    yield tuple(name for name in dims if name != "district"), values.sum(axis=place)
    if "group" in dims:
        values = np.take(values, 0, axis=list(dims).index("group"))  # everybody
    yield tuple(name for name in dims if name != "group"), values


def _dates(run: OpenRun, places: NDArray[Any], span: str) -> pl.Series:
    """The first days of weeks, or days, by their number in the run."""
    import polars as pl

    start = np.datetime64(run.setup.plan.start, "D")
    return pl.Series(start + places * np.timedelta64(STEPS[span], "D")).cast(pl.Date)


def _long(
    run: OpenRun, name: str, units: str, dims: Sequence[str], values: NDArray[np.int64], names: dict[str, list[str]]
) -> pl.DataFrame:
    import polars as pl

    values = np.atleast_1d(values)
    places = np.nonzero(values)
    span = next((name for name in STEPS if name in dims), WHOLE)
    columns: dict[str, Any] = {
        "indicator": pl.repeat(name, len(places[0]), eager=True),
        "units": pl.repeat(units, len(places[0]), eager=True),
        "span": pl.repeat(span, len(places[0]), eager=True),
        "date": _dates(run, places[list(dims).index(span)], span) if span in STEPS else None,  # a scalar: every row
    }
    for label in LABELS:
        if label in dims:
            words = pl.Series(names[label], dtype=pl.String)
            columns[label] = words.gather(pl.Series(places[list(dims).index(label)].astype(np.uint32)))
        else:
            whole = ALL if label in ("district", "group") else None
            columns[label] = pl.repeat(whole, len(places[0]), dtype=pl.String, eager=True)
    columns["value"] = values[places]
    return pl.DataFrame(columns).with_columns(pl.col("date").cast(pl.Date))


def listings(run: OpenRun, whom: Whom) -> pl.DataFrame:
    """Rows of `lists.parquet` about everybody, or about a sample of those who were ever on a list."""
    frame = read_lists(run.folder)
    residents = residents_of(frame)
    return frame.filter(np.isin(residents, whom.among(run, np.unique(residents))))


def residents(run: OpenRun, whom: Whom) -> Iterator[pl.DataFrame]:
    """One row for each resident and world: who, and how it stands at the end. In pieces of some thousands.

    enrolled_on: null if not by the last day. score_ID, band_ID: null in a world without that score. lists: names of
    the lists somebody is on, with commas. doors: services shut in the end, as a class. hit, wrongly, through_others: in
    the end; ever_: so far, `ever_hit` and `ever_wrongly` on own account.
    """
    chosen = whom.among(run, np.arange(run.city.n, dtype=np.int64))
    plan = run.setup.plan
    for where in cut(run.city, min(CHUNK, largest_chunk(plan))):
        low, high = np.searchsorted(chosen, where[:2])
        if low == high:
            continue
        (chunk,) = make_chunks(run.city, [where], len(plan.worlds), run.tables.ledgers)
        run.tables.settle(chunk)
        mine = chosen[low:high]
        enrolled = chunk.state.enrolled[:, mine - where[0]]
        yield _stacked([_standing(run, mine, number, enrolled[number]) for number in range(len(plan.worlds))], mine)


def _stacked(frames: list[pl.DataFrame], mine: NDArray[np.int64]) -> pl.DataFrame:
    """The worlds' rows of the same residents, resident by resident."""
    import polars as pl

    order = np.arange(len(frames) * len(mine)).reshape(len(frames), len(mine)).T.reshape(-1)
    return pl.concat(frames)[order]


def _standing(run: OpenRun, mine: NDArray[np.int64], number: int, enrolled: NDArray[Any]) -> pl.DataFrame:
    """One world's rows of some residents."""
    import polars as pl

    plan, city = run.setup.plan, run.city
    world = plan.worlds[number]
    known = enrolled < min(plan.days, 65535)
    start = np.datetime64(plan.start, "D")
    since = np.where(known, start + enrolled.astype(np.int64), np.datetime64("NaT"))
    columns: dict[str, Any] = {
        "resident": [city.id_of(int(resident)) for resident in mine],
        **who_they_are(run.city, mine),
        "household": (run.city.place[mine] & 15).astype(np.int64),
        "world": pl.repeat(world.name, len(mine), eager=True),
        "enrolled_on": pl.Series(since).cast(pl.Date),
        **_scores(run, mine, number, known),
        "lists": _on_lists(run, mine, number),
        **_stands(run, mine, number),
    }
    return pl.DataFrame(columns)


def _words(labels: Sequence[str], codes: NDArray[Any]) -> pl.Series:
    import polars as pl

    return pl.Series(list(labels), dtype=pl.String).gather(pl.Series(codes.astype(np.uint32)))


def _scores(run: OpenRun, mine: NDArray[np.int64], number: int, known: NDArray[np.bool_]) -> dict[str, Any]:
    """Points and band of every score of any world; null where this world has none, or before enrolment."""
    import polars as pl

    plan, columns = run.setup.plan, {}
    assert run.checkpoint is not None
    names = list(dict.fromkeys(name for world in plan.worlds for name in world.scores))
    first = sum(len(world.scores) for world in plan.worlds[:number])
    held = plan.worlds[number].scores
    for name in names:
        points, band = np.zeros(len(mine), np.int64), np.zeros(len(mine), np.int64)
        labels = [""]
        if name in held:
            ledger = first + list(held).index(name)
            points = np.asarray(run.checkpoint.array(f"score_{ledger}")[mine], np.int64)
            band = np.asarray(run.checkpoint.array(f"band_{ledger}")[mine], np.int64) & 15
            labels = [label for label, _ in held[name].bands_on(plan.date(plan.days - 1))][::-1]
        there = pl.Series(known & (name in held))
        columns[f"score_{name}"] = _null_unless(there, pl.Series(points))
        columns[f"band_{name}"] = _null_unless(there, _words(labels, band))
    return columns


def _null_unless(there: pl.Series, values: pl.Series) -> pl.Series:
    import polars as pl

    return pl.select(pl.when(there).then(values)).to_series()


def _stands(run: OpenRun, mine: NDArray[np.int64], number: int) -> dict[str, Any]:
    """Who is hit in the end, and what somebody has ever been (bits of the columns `now` and `ever`)."""
    assert run.checkpoint is not None
    now, ever = (np.asarray(run.checkpoint.array(f"{name}_{number}")[mine], np.int64) for name in ("now", "ever"))
    bits = {"hit": 1, "wrongly": 2, "through_others": 4}
    found: dict[str, Any] = {"doors": _words(DOOR_LABELS, (now >> 3) & 7)}
    found |= {name: (now & bit) != 0 for name, bit in bits.items()}
    bits = {"hit": HIT, "wrongly": WRONGLY, "through_others": THROUGH, "refused": REFUSED, "learnt": LEARNT}
    return found | {f"ever_{name}": (ever & bit) != 0 for name, bit in bits.items()}


def _on_lists(run: OpenRun, mine: NDArray[np.int64], number: int) -> pl.Series:
    import polars as pl

    assert run.checkpoint is not None
    on = np.asarray(run.checkpoint.array(f"lists_{number}")[mine], np.int64) & 255
    names = list(run.setup.plan.worlds[number].lists)
    words = [", ".join(name for place, name in enumerate(names) if (mask >> place) & 1) for mask in range(256)]
    return pl.Series([word or None for word in words], dtype=pl.String).gather(pl.Series(on.astype(np.uint32)))
