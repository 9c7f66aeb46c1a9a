"""`vitropolis resume`: go on with a run that was interrupted."""

from __future__ import annotations

from pathlib import Path

from vitropolis.cli.options import PLAIN, Chunk, Common, Folder, ProgressOption, Threads
from vitropolis.cli.output import Voice


def resume(
    folder: Folder,
    /,
    *,
    threads: Threads = None,
    chunk: Chunk = None,
    progress: ProgressOption = "auto",
    common: Common = PLAIN,
) -> None:
    """Go on with a run or a comparison that was interrupted, from its newest checkpoint, after checking the folder.

    The result is the same, to the last bit, as if it had never been interrupted.
    """
    from vitropolis.cli.comparing import answer
    from vitropolis.cli.play import how_to_play, tell_of, warm
    from vitropolis.cli.progress import listener
    from vitropolis.results import resume as go_on
    from vitropolis.results.reader import read_setup
    from vitropolis.study import compare

    voice = Voice.of(common, progress)
    how = how_to_play(threads, chunk)
    warm(voice)
    if compare.is_comparison(folder):
        with listener(progress, voice) as tell:
            found = compare.go_on(folder, threads=how.threads, chunk=how.chunk, progress=tell)
        answer(found, Path(folder), voice)
        return
    with listener(progress, voice) as tell:
        report = go_on(folder, threads=how.threads, chunk=how.chunk, progress=tell)
    tell_of(report, voice, read_setup(report.folder)[1].plan)
