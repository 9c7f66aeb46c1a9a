"""`vitropolis challenge`: under which assumptions a run's headlines would tell the opposite."""

from __future__ import annotations

from vitropolis.cli.options import PLAIN, Chunk, Common, Folder, ProgressOption, Threads
from vitropolis.cli.output import Voice


def challenge(
    folder: Folder,
    /,
    *,
    threads: Threads = None,
    chunk: Chunk = None,
    progress: ProgressOption = "auto",
    common: Common = PLAIN,
) -> None:
    """Look for assumptions, inside their stated ranges, under which a headline of a run would tell the opposite.

    Plays the ranges first where they are not there. `holds` means that no such values were found.
    """
    from vitropolis.cli.play import how_to_play, warm
    from vitropolis.cli.progress import listener
    from vitropolis.study.ground import MOST
    from vitropolis.study.store import store_of
    from vitropolis.study.study import challenge_run
    from vitropolis.study.told import challenge_lines

    voice = Voice.of(common, progress)
    how = how_to_play(threads, chunk)
    store_of(folder, MOST)
    warm(voice)
    with listener(progress, voice) as tell:
        told = challenge_run(folder, threads=how.threads, chunk=how.chunk, progress=tell)
    voice.answer("challenge", {"folder": folder, **told}, challenge_lines(told))
