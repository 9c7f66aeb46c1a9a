"""`vitropolis fork`: the same history until a day, then another policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from vitropolis.cli.options import PLAIN, Chunk, Common, Folder, Force, Out, ProgressOption, Threads
from vitropolis.cli.output import Voice

if TYPE_CHECKING:
    from vitropolis.cli.play import How
    from vitropolis.study.fork import Forked


def fork(
    folder: Folder,
    /,
    *,
    on: Annotated[str, Parameter(help="The first day of the other policy, YYYY-MM-DD.")],
    policy: Annotated[str, Parameter(help="The policy from that day on: a library name or a path, also an overlay.")],
    world: Annotated[str | None, Parameter(help="Which policy of the run is forked, where it has several.")] = None,
    out: Out = None,
    threads: Threads = None,
    chunk: Chunk = None,
    progress: ProgressOption = "auto",
    force: Force = False,
    common: Common = PLAIN,
) -> int:
    """Play a run again until a day, and from that day on under another policy: the same people, the same chance.

    The two policies become one whose every change is dated; it lies in the new folder's inputs/. Says whether the
    history is the run's, to the last person, then what differs. The exit code is 1 if the history differs. Stopped, the
    same call with --out goes on.
    """
    from vitropolis.cli import refs
    from vitropolis.cli.options import CALL
    from vitropolis.cli.play import check_folder, how_to_play, warm
    from vitropolis.cli.progress import listener
    from vitropolis.policy import load_policy
    from vitropolis.results.naming import free_beside
    from vitropolis.study.fork import fork as play
    from vitropolis.study.fork import forked_data

    voice = Voice.of(common, progress)
    how = how_to_play(threads, chunk)
    day, after = refs.date_of(on, "--on"), load_policy(refs.policy_ref(policy))
    target = Path(out) if out else free_beside(Path(folder), f"then-{after.id}")
    if not refs.is_run(target):
        check_folder(target, out)
        _announce(folder, target, how, voice, force)
    warm(voice)
    with listener(progress, voice) as tell:
        done = play(
            folder, after, day, target, world=world, threads=how.threads, chunk=how.chunk, progress=tell,
            call=("vitropolis", *CALL.get()),
        )  # fmt: skip
    voice.answer("fork", forked_data(done), _lines(done, folder))
    return 0 if done.history.same else 1


def _announce(folder: str, target: Path, how: How, voice: Voice, force: bool) -> None:
    """Say what a fork will cost; ResourceError if it cannot fit."""
    from vitropolis.cli.machine import cost_line
    from vitropolis.engine.played import estimate, fits
    from vitropolis.results.reader import read_setup

    setup = read_setup(Path(folder))[1]
    expected = estimate(setup.size, setup.plan.days, 2, how.threads)
    voice.note(cost_line(expected, how.threads))
    if not force:
        fits(expected, target, setup.size)


def _lines(done: Forked, folder: str) -> Iterator[str]:
    from vitropolis.report.compared_page import comparison_page

    history = done.history
    if history.same:
        yield f"Until {history.day} the same as {folder}:"
        yield f"{history.listings:,} listings, {history.counts} kinds of count over {history.weeks} weeks."
    else:
        some = ", ".join(history.differing[:6])
        yield f"Before {history.day} NOT the same as {folder}: {some} ({len(history.differing)} in all)."
    yield ""
    yield from comparison_page(done.comparison, done.folder)
