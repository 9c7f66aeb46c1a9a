"""A run's results as files for other programs: CSV, Parquet or NetCDF, every one of them marked as synthetic.

Names of files hold `synthetic`, tables begin with a column that says so, Parquet and NetCDF say it in their metadata.
Rows about single residents are a sample, drawn by the run's seed, unless everybody is asked for. The same run gives the
same bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vitropolis.base.errors import UsageError
from vitropolis.base.mark import MARK, mark_line, marks
from vitropolis.results.export_tables import Whom, indicators, listings, marked, residents
from vitropolis.results.folder import INDICATORS, new_folder, refuse_taken
from vitropolis.results.reader import OpenRun

if TYPE_CHECKING:
    import polars as pl

FORMS = ("csv", "parquet", "netcdf")
HEADLINES = "headlines"
WHAT = ("indicators", "lists", "residents")
SUFFIX = {"csv": "csv", "parquet": "parquet", "netcdf": "nc"}
SAMPLE = 1_000
PART = 2_000_000  # rows of one Parquet or NetCDF file
MISSING = -(1 << 63)  # a number that is missing, in NetCDF
MEANINGS: Mapping[str, str] = {
    HEADLINES: "every headline of every world with a policy: value, twin, range, counts behind it, rules and their "
    "lines, method, as in result.json",
    "indicators": "every count by week or day, rows of value 0 left out; in CSV and Parquet groups are those of the "
    "whole city (district `all`), districts those of everybody (group `all`), and NetCDF crosses the two",
    "lists": "one row for each stay of a resident on a list",
    "residents": "one row for each resident and world: who, and how it stands on the last day",
}


@dataclass(frozen=True)
class Exported:
    """What was written: the folder, and rows by file (0: not counted in rows)."""

    folder: Path
    rows: Mapping[str, int]


def export(
    run: OpenRun,
    out: Path,
    form: str,
    what: Sequence[str] = WHAT,
    sample: int | None = SAMPLE,
    headlines: pl.DataFrame | None = None,
) -> Exported:
    """Write parts of a complete run (`what`, of `WHAT`) into a new folder, in one of `FORMS`.

    sample: how many residents the tables about single ones hold, at least 1; None: everybody. headlines: the report's
    table of them, which is written too where it is given. UsageError if the run is not complete or the folder is taken;
    ResourceError if nothing can be written there.
    """
    if not run.complete:
        raise UsageError(f"{run.folder} was not played to its end; `vitropolis resume {run.folder}` goes on with it")
    refuse_taken(out)
    rows: dict[str, int] = {}
    with new_folder(out) as draft:
        for part, frames in _parts(run, form, what, Whom(sample), headlines).items():
            rows |= _write_part(run, draft, form, part, frames())
        (draft / "README.txt").write_text("\n".join(_readme(run, rows, sample)) + "\n", encoding="utf-8")
    return Exported(out, rows)


def _parts(
    run: OpenRun, form: str, what: Sequence[str], whom: Whom, headlines: pl.DataFrame | None
) -> dict[str, Callable[[], Iterator[pl.DataFrame]]]:
    """What is written, by the name of the part: what makes its tables."""
    pieces: Mapping[str, Callable[[], Iterator[pl.DataFrame]]] = {
        "indicators": lambda: indicators(run),
        "lists": lambda: iter([listings(run, whom)]),
        "residents": lambda: residents(run, whom),
    }
    first = {} if headlines is None else {HEADLINES: lambda: iter([headlines])}
    return first | {part: pieces[part] for part in WHAT if part in what}


def _write_part(run: OpenRun, folder: Path, form: str, part: str, frames: Iterator[pl.DataFrame]) -> dict[str, int]:
    """Write one part; return the rows of each file."""
    if part == "indicators" and form == "netcdf":
        name = f"{part}.synthetic.nc"
        shutil.copyfile(run.folder / INDICATORS, folder / name)  # marked already, and crossed as no table is
        return {name: 0}
    every = (marked(run, frame) for frame in frames)
    if form == "csv":
        name = f"{part}.synthetic.csv"
        return {name: _write_csv(folder / name, every)}
    return _write_whole(run, folder, part, form, every)


def _write_csv(path: Path, frames: Iterator[pl.DataFrame]) -> int:
    rows = 0
    with path.open("wb") as stream:
        for number, frame in enumerate(frames):
            frame.write_csv(stream, include_header=number == 0)
            rows += len(frame)
    return rows


def _write_whole(run: OpenRun, folder: Path, part: str, form: str, frames: Iterator[pl.DataFrame]) -> dict[str, int]:
    """Write Parquet or NetCDF: one file, or numbered ones where there are too many rows for one."""
    found: dict[str, int] = {}
    for number, frame in enumerate(_batches(frames)):
        name = f"{part}.synthetic.{SUFFIX[form]}" if number == 0 else f"{part}-{number + 1}.synthetic.{SUFFIX[form]}"
        _WRITERS[form](folder / name, frame, marks(run.setup.plan.seed))
        found[name] = len(frame)
    return found


def _batches(frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Join pieces into tables of about `PART` rows."""
    import polars as pl

    held: list[pl.DataFrame] = []
    for frame in frames:
        held.append(frame)
        if sum(map(len, held)) >= PART:
            yield pl.concat(held)
            held = []
    if held:
        yield pl.concat(held)


def _write_parquet(path: Path, frame: pl.DataFrame, said: Mapping[str, str]) -> None:
    frame.write_parquet(path, compression="zstd", metadata=dict(said))


def _write_netcdf(path: Path, frame: pl.DataFrame, said: Mapping[str, str]) -> None:
    """One variable for each column, along `row`: numbers, texts, dates as days since 1970.

    What is missing is an empty text, NaN, or `MISSING`, declared as `_FillValue`, which xarray shows as NaN or NaT.
    """
    import h5netcdf
    import h5py
    import polars as pl

    with h5netcdf.File(path, "w") as out:
        out.attrs["title"] = f"vitropolis: {MARK}"
        for key, told in said.items():
            out.attrs[key] = told
        out.dimensions["row"] = len(frame)
        for column in frame:
            if column.dtype in (pl.String, pl.Enum):
                texts = column.cast(pl.String).fill_null("").to_numpy()
                out.create_variable(column.name, ("row",), h5py.string_dtype(), data=texts)
                continue
            if column.dtype.is_float():
                values = column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
                out.create_variable(column.name, ("row",), "<f8", data=values)
                continue
            numbers = column.to_physical().cast(pl.Int64).fill_null(MISSING).to_numpy()
            fill = MISSING if column.null_count() else None
            made = out.create_variable(column.name, ("row",), "<i8", data=numbers, fillvalue=fill)
            if column.dtype == pl.Date:
                made.attrs["units"], made.attrs["calendar"] = "days since 1970-01-01", "proleptic_gregorian"


_WRITERS = {"parquet": _write_parquet, "netcdf": _write_netcdf}


def _readme(run: OpenRun, rows: Mapping[str, int], sample: int | None) -> Iterator[str]:
    yield mark_line(run.setup.plan.seed)
    yield f"Exported from a run of vitropolis: {run.city.name}, {run.city.n:,} residents, {run.manifest['days']} days."
    whom = "everybody" if sample is None else f"a sample of at most {sample:,}, drawn by the run's seed"
    yield f"Rows about single residents: {whom}. A resident is an id of this run, S-..., never a person."
    yield ""
    for name, count in rows.items():
        said = f"{count:,} rows: " if count else ""
        yield f"{name}: {said}{MEANINGS[name.partition('.')[0].partition('-')[0]]}"
