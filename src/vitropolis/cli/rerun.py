"""`vitropolis rerun`: play a run again from its own copies and compare every hash."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from vitropolis.cli.options import PLAIN, Chunk, Common, Folder, ProgressOption, Threads
from vitropolis.cli.output import Voice

if TYPE_CHECKING:
    from vitropolis.results import Rerun


def rerun(
    folder: Folder,
    /,
    *,
    out: Annotated[str | None, Parameter(help="Keep what is played in this new folder.")] = None,
    threads: Threads = None,
    chunk: Chunk = None,
    progress: ProgressOption = "auto",
    common: Common = PLAIN,
) -> int:
    """Play a run again from the copies in its folder, and compare the content hash of every output.

    Without --out what is played is deleted again if everything is the same. The exit code is 1 if anything differs.
    """
    from vitropolis.cli.play import how_to_play, warm
    from vitropolis.cli.progress import listener
    from vitropolis.results import rerun as play_again
    from vitropolis.results.naming import free_beside

    voice = Voice.of(common, progress)
    how = how_to_play(threads, chunk)
    target = Path(out) if out else free_beside(Path(folder), "rerun")
    warm(voice)
    with listener(progress, voice) as tell:
        done = play_again(folder, target, threads=how.threads, chunk=how.chunk, progress=tell)
    kept = bool(out) or not done.same
    if not kept:
        shutil.rmtree(target)
    outputs = {name: {"same": equal} for name, equal in done.equal.items()}
    data = {"folder": folder, "same": done.same, "outputs": outputs, "kept_in": target if kept else None}
    voice.answer("rerun", data, _lines(done, folder, target if kept else None))
    return 0 if done.same else 1


def _lines(done: Rerun, folder: str, kept: Path | None) -> Iterator[str]:
    for name, equal in done.equal.items():
        content = done.report.contents.get(name, "")[:16]
        yield f"{'same' if equal else 'DIFFERS':<9}{content:<18}{name}"
    differing = sum(not equal for equal in done.equal.values())
    yield ""
    if differing:
        yield f"{differing} of {len(done.equal)} outputs differ from {folder}"
    else:
        yield f"all {len(done.equal)} outputs are the same as in {folder}"
    if kept:
        yield f"kept in: {kept}"
