"""`vitropolis show`: what a run found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vitropolis.cli.options import PLAIN, Common, Folder, ProgressOption
from vitropolis.cli.output import Voice

if TYPE_CHECKING:
    from vitropolis.results import OpenRun


def show(folder: Folder, /, *, progress: ProgressOption = "auto", common: Common = PLAIN) -> None:
    """Say what a run or a comparison found, after playing some of its residents again: did this model make it?"""
    from vitropolis.cli.comparing import answer
    from vitropolis.cli.machine import cores
    from vitropolis.cli.play import warm
    from vitropolis.cli.progress import listener
    from vitropolis.results import open_run
    from vitropolis.study import compare

    voice = Voice.of(common, progress)
    warm(voice)
    if compare.is_comparison(folder):
        with listener(progress, voice) as tell:
            found = compare.checked(folder, threads=cores(), progress=tell)
        answer(found, Path(folder), voice)
        return
    with listener(progress, voice) as tell:
        run = open_run(folder, threads=cores(), progress=tell)
    _tell_of(run, voice)


def _tell_of(run: OpenRun, voice: Voice) -> None:
    """Print the report of a complete run (`result.json` as one object), of an interrupted one what was played."""
    from vitropolis.report import as_data, page_of, result_of
    from vitropolis.results.show import run_lines

    if not run.complete:
        voice.answer("run", {"folder": run.folder, **run.manifest}, run_lines(run.manifest, run.folder))
        return
    result = result_of(run.folder, run.manifest, run.setup.plan)
    voice.answer("result", as_data(result), page_of(result, run.manifest, run.folder, outputs=True))
