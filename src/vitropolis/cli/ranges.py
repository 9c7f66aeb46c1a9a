"""`vitropolis ranges`: what the assumptions leave open of a run's headlines."""

from __future__ import annotations

from vitropolis.cli.options import PLAIN, Chunk, Common, Folder, ProgressOption, Threads
from vitropolis.cli.output import Voice


def ranges(
    folder: Folder,
    /,
    *,
    threads: Threads = None,
    chunk: Chunk = None,
    progress: ProgressOption = "auto",
    common: Common = PLAIN,
) -> None:
    """Play a run's policies again under 64 sets of assumptions, and say between which ends each headline lies.

    The sets, and with them what moves a headline most, the curve over error rates, the channels of every disparity and
    what the policy buys without deterrence, are kept in the run's folder. What is kept is not played again.
    """
    from vitropolis.cli.play import how_to_play, warm
    from vitropolis.cli.progress import listener
    from vitropolis.study.ground import MOST
    from vitropolis.study.store import store_of
    from vitropolis.study.study import study_run
    from vitropolis.study.told import range_lines

    voice = Voice.of(common, progress)
    how = how_to_play(threads, chunk)
    store, _ = store_of(folder, MOST)
    warm(voice)
    with listener(progress, voice) as tell:
        study_run(folder, threads=how.threads, chunk=how.chunk, progress=tell)
    told = store.read("ranges")
    assert told is not None
    voice.answer("ranges", {"folder": folder, **told}, range_lines(told))
