"""`vitropolis without`: a run's headlines with each mechanism of the model, and without it."""

from __future__ import annotations

from vitropolis.cli.options import PLAIN, Chunk, Common, Folder, ProgressOption, Threads
from vitropolis.cli.output import Voice


def without(
    folder: Folder,
    /,
    *,
    threads: Threads = None,
    chunk: Chunk = None,
    progress: ProgressOption = "auto",
    common: Common = PLAIN,
) -> None:
    """Play a run again without each of the model's mechanisms in turn, and show what each of them does.

    A mechanism goes off by assumptions at 0 or by elements of the policy taken out. Kept in the run's folder.
    """
    from vitropolis.cli.play import how_to_play, warm
    from vitropolis.cli.progress import listener
    from vitropolis.study.ground import MOST
    from vitropolis.study.store import store_of
    from vitropolis.study.told import without_lines
    from vitropolis.study.without import without_run

    voice = Voice.of(common, progress)
    how = how_to_play(threads, chunk)
    store_of(folder, MOST)
    warm(voice)
    with listener(progress, voice) as tell:
        told = without_run(folder, threads=how.threads, chunk=how.chunk, progress=tell)
    voice.answer("without", {"folder": folder, **told}, without_lines(told))
