"""Folders that a command reads to show them: opened and so checked, a run or a comparison."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vitropolis.base.errors import UsageError
from vitropolis.cli.options import ProgressKind
from vitropolis.cli.output import Voice

if TYPE_CHECKING:
    from vitropolis.report.compared import Comparison
    from vitropolis.results.reader import OpenRun


def opened(folder: str, voice: Voice, progress: ProgressKind) -> OpenRun | Comparison:
    """A complete run, or what a complete comparison found; UsageError if it was interrupted."""
    from vitropolis.cli.machine import cores
    from vitropolis.cli.play import warm
    from vitropolis.cli.progress import listener
    from vitropolis.results import open_run
    from vitropolis.study import compare

    warm(voice)
    with listener(progress, voice) as tell:
        if compare.is_comparison(folder):
            return compare.checked(folder, threads=cores(), progress=tell)
        run = open_run(folder, threads=cores(), progress=tell)
    if not run.complete:
        raise UsageError(f"{folder} was interrupted; `vitropolis resume {folder}` first")
    return run


def new_file(out: str, option: str = "-o") -> Path:
    """The path of a file that is to be written. UsageError if it is there already, or nothing can be written there."""
    path = Path(out)
    if path.exists():
        raise UsageError(f"{path} exists already; choose another name with {option}")
    if not path.parent.is_dir():
        raise UsageError(f"{path}: {path.parent} does not exist; choose another place with {option}")
    return path
