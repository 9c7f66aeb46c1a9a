"""How `compare --rules` goes about it: a run of the policy if there is none yet, then the run without each element."""

from __future__ import annotations

from pathlib import Path

from vitropolis.base.errors import UsageError
from vitropolis.cli import refs
from vitropolis.cli.comparing import Wanted
from vitropolis.cli.options import CALL, ProgressKind
from vitropolis.cli.output import Voice
from vitropolis.cli.play import Asked, How, Prepared, announced, how_to_play, no_empty_folders, prepare, warm
from vitropolis.cli.progress import listener
from vitropolis.engine.played import fits
from vitropolis.engine.together import SHARED
from vitropolis.policy import fillings


def which_rule(
    wanted: Wanted,
    world: str | None,
    out: str | None,
    threads: int | None,
    chunk: int | None,
    voice: Voice,
    progress: ProgressKind,
    force: bool,
) -> None:
    """Play what is missing, and print what each element of the policy does."""
    from vitropolis.report.left_out_page import left_out_page
    from vitropolis.study.leave_out import leave_out

    if len(wanted.policies) != 1:
        raise UsageError("--rules takes one policy, or the folder of a run; without it, compare takes two or more")
    how = how_to_play(threads, chunk)
    (what,) = wanted.policies
    _refuse_idle(wanted, out, refs.is_run(Path(what)))
    warm(voice)
    folder = Path(what) if refs.is_run(Path(what)) else _run(wanted, out, how, voice, progress, force)
    voice.note(f"leaving out each element of the policy of {folder} (Ctrl-C keeps what is finished)")
    with listener(progress, voice) as tell:
        said = leave_out(folder, world=world, threads=how.threads, chunk=how.chunk, progress=tell)
    voice.answer("rules", said, left_out_page(said))


def _refuse_idle(wanted: Wanted, out: str | None, is_run: bool) -> None:
    """UsageError for an option that would do nothing."""
    idle = {"--coupling": wanted.coupling != SHARED, "--ranges": wanted.sets > 0, "--together": bool(wanted.together)}
    asked = (wanted.size, wanted.first, wanted.last, wanted.city, wanted.assumptions, out)
    idle["--size, --from, --to, --seed, --city, --assumptions and --out"] = is_run and (
        any(asked) or wanted.seed is not None
    )
    for names, given in idle.items():
        if given:
            where = "the folder of a run has its own" if names.startswith("--size") else "do nothing with --rules"
            raise UsageError(f"{names}: {where}; leave them out")


def _run(wanted: Wanted, out: str | None, how: How, voice: Voice, progress: ProgressKind, force: bool) -> Path:
    """Play the run that is studied; return its folder."""
    from vitropolis.results import play_to_folder

    (what,) = wanted.policies
    filling = "middle" if fillings(refs.policy_ref(what)).get("middle") == what else None
    asked = Asked(what, wanted.size, filling, wanted.first, wanted.last, wanted.seed, wanted.city,
                  wanted.assumptions, True)  # fmt: skip
    prepared: Prepared = prepare(asked, out=out, threads=how.threads, chunk=how.chunk)
    for line in announced(prepared):
        voice.note(line)
    if not force:
        fits(prepared.expected, prepared.out, prepared.setup.size)
    with listener(progress, voice) as tell, no_empty_folders(prepared.out.parent):
        call = ("vitropolis", *CALL.get())
        report = play_to_folder(prepared.setup, prepared.out, threads=how.threads, chunk=how.chunk, progress=tell,
                                call=call)  # fmt: skip
    return report.folder
