"""`vitropolis export`: a run's results as CSV, Parquet or NetCDF."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from vitropolis.base.errors import UsageError
from vitropolis.cli.options import PLAIN, Common, Folder, ProgressOption
from vitropolis.cli.output import Voice
from vitropolis.cli.usage import nearest


def export(
    folder: Folder,
    /,
    *,
    to: Annotated[Literal["csv", "parquet", "netcdf"], Parameter(help="The kind of file.")],
    out: Annotated[str | None, Parameter(help="The folder to write (default: RUN-KIND, beside the run).")] = None,
    what: Annotated[str, Parameter(help="headlines, indicators, lists, residents (with commas), or all.")] = "all",
    sample: Annotated[
        int | None,
        Parameter(
            help="Residents in the tables about single ones, drawn by the seed (default 1000).", show_default=False
        ),
    ] = None,
    all_persons: Annotated[
        bool, Parameter(negative="", show_default=False, help="Write everybody into these tables.")
    ] = False,
    progress: ProgressOption = "auto",
    common: Common = PLAIN,
) -> None:
    """Write a run's results as files for other programs. Every file says that the city is synthetic."""
    from vitropolis.cli.machine import cores
    from vitropolis.cli.play import warm
    from vitropolis.cli.progress import listener
    from vitropolis.report.headline_table import headline_table
    from vitropolis.report.result import result_of
    from vitropolis.results import open_run
    from vitropolis.results.export import HEADLINES, SAMPLE
    from vitropolis.results.export import export as write
    from vitropolis.results.naming import free_beside

    parts = _parts(what)
    if all_persons and sample is not None:
        raise UsageError("--sample and --all-persons exclude one another; take one of them")
    if sample is not None and sample < 1:
        raise UsageError(f"`{sample}` is not legal for --sample: it must be 1 or more")
    voice = Voice.of(common, progress)
    warm(voice)
    with listener(progress, voice) as tell:
        run = open_run(folder, threads=cores(), progress=tell)
    target = Path(out) if out else free_beside(Path(folder), to)
    asked = HEADLINES in parts and run.complete  # what is not complete is refused below
    headlines = headline_table(result_of(run.folder, run.manifest, run.setup.plan)) if asked else None
    done = write(run, target, to, parts, None if all_persons else sample or SAMPLE, headlines)
    data = {"folder": folder, "out": done.folder, "form": to, "rows": done.rows}
    lines = [f"{f'{count:,} rows' if count else '':>18}  {name}" for name, count in done.rows.items()]
    voice.answer("export", data, [*lines, f"written to: {done.folder} (synthetic city, no real people)"])


def _parts(what: str) -> tuple[str, ...]:
    from vitropolis.results.export import HEADLINES, WHAT

    every, asked = (HEADLINES, *WHAT), [word.strip() for word in what.split(",")]
    for word in asked:
        if word not in (*every, "all"):
            near = nearest(word, [*every, "all"])
            raise UsageError(f"`{word}` is not legal for --what{near} (legal: {', '.join(every)}, all)")
    return every if "all" in asked else tuple(asked)
