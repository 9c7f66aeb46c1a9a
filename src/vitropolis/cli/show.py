"""`vitropolis show`: what a run found."""

from __future__ import annotations

from vitropolis.cli.options import PLAIN, Common, Folder, ProgressOption
from vitropolis.cli.output import Voice


def show(folder: Folder, /, *, progress: ProgressOption = "auto", common: Common = PLAIN) -> None:
    """Say what a run found, after playing some of its residents again to see that this model made the folder."""
    from vitropolis.cli.machine import cores
    from vitropolis.cli.play import warm
    from vitropolis.cli.progress import listener
    from vitropolis.results import open_run
    from vitropolis.results.show import run_lines

    voice = Voice.of(common, progress)
    warm(voice)
    with listener(progress, voice) as tell:
        run = open_run(folder, threads=cores(), progress=tell)
    lines = run_lines(run.manifest, run.folder, outputs=True)
    voice.answer("run", {"folder": run.folder, **run.manifest}, lines)
