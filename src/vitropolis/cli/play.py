"""How `run` goes about it: what is asked, which size, what it will cost, then the run itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from vitropolis.base.errors import InputError, InterruptedRun, ResourceError, UsageError
from vitropolis.base.figures import WIDTH, time_of
from vitropolis.cli import refs
from vitropolis.cli.check import compiled, warm_up
from vitropolis.cli.machine import choose, cores, cost_line
from vitropolis.cli.options import CALL, ProgressKind
from vitropolis.cli.output import Voice
from vitropolis.cli.progress import Listener, listener
from vitropolis.engine.chunks import LARGEST
from vitropolis.engine.played import Estimate, estimate, fits
from vitropolis.engine.run import CHUNK
from vitropolis.engine.scenario import Scenario, Setup, load_scenario, resolve, scenario_for
from vitropolis.policy import fillings
from vitropolis.results.naming import free_folder
from vitropolis.study.expected import STUDIED

if TYPE_CHECKING:
    from vitropolis.model.worlds import Plan
    from vitropolis.results import RunReport

AUTO = "auto"
MOST_THREADS = 1024
LEAST_CHUNK = 64


@dataclass(frozen=True)
class Asked:
    """What stands on the command line; None where nothing does."""

    what: str
    size: str | None
    filling: str | None
    first: str | None
    last: str | None
    seed: int | None
    city: str | None
    assumptions: str | None
    twin: bool


@dataclass(frozen=True)
class How:
    """Threads and residents in a chunk: they change speed, never a number."""

    threads: int
    chunk: int


@dataclass(frozen=True)
class Prepared:
    """A run that could start: its setup, its folder, how it is played, what it will cost, why this size."""

    setup: Setup
    out: Path
    how: How
    expected: Estimate
    why: str


def prepare(asked: Asked, *, out: str | None, threads: int | None, chunk: int | None) -> Prepared:
    """Find and check everything that is asked for. Nothing is written."""
    how = how_to_play(threads, chunk)
    setup, why = _sized(scenario_of(asked), asked.size, how.threads, Path(out or "runs/any"))
    folder = Path(out) if out else free_folder(setup)
    check_folder(folder, out)
    expected = estimate(setup.size, setup.plan.days, len(setup.plan.worlds), how.threads)
    return Prepared(setup, folder, how, expected, why)


def how_to_play(threads: int | None, chunk: int | None) -> How:
    """Return threads and chunk (default: all cores, 8,192 residents); UsageError outside their ranges."""
    refs.check_range(threads, "--threads", 1, MOST_THREADS)
    refs.check_range(chunk, "--chunk", LEAST_CHUNK, LARGEST)
    return How(threads or cores(), chunk or CHUNK)


def scenario_of(asked: Asked) -> Scenario:
    """Return the scenario that is asked for: from a file, with what the command line says otherwise, or made here."""
    options: dict[str, Any] = {
        "filling": asked.filling,
        "first_day": refs.date_of(asked.first, "--from") if asked.first else None,
        "last_day": refs.date_of(asked.last, "--to") if asked.last else None,
        "seed": None if asked.seed is None else refs.seed_of(asked.seed),
        "city": refs.city_ref(asked.city) if asked.city else None,
        "assumptions": refs.assumptions_ref(asked.assumptions) if asked.assumptions else None,
        "twin": None if asked.twin else False,
    }
    first, last = options["first_day"], options["last_day"]
    if first and last and last < first:
        raise UsageError(f"--to {last} comes before --from {first}")
    if asked.what.endswith(refs.SCENARIO):
        return load_scenario(asked.what).changed(**options)
    policy = refs.policy_ref(asked.what)
    if asked.filling and not fillings(policy):
        raise UsageError(f"`{asked.what}` has no fillings; leave out --filling")
    return scenario_for(policy, **options)


def _sized(scenario: Scenario, size: str | None, threads: int, out: Path) -> tuple[Setup, str]:
    """Resolve a scenario in the size that is asked for, and say why it is this one."""
    if size is None and scenario.size is not None:
        return resolved(scenario), "as the scenario says"
    if size == "full":
        return resolved(scenario.changed(size=size)), "as asked"
    if size is not None and size != AUTO:
        return resolved(scenario.changed(size=refs.size_of(size, 0, (AUTO,)))), "as asked"
    tried = resolved(scenario.changed(size="20k"))
    chosen = choose(tried.tables.population, tried.plan.days, len(tried.plan.worlds), threads, out)
    why = f"auto takes {chosen.name}, {chosen.why}; --size forces another"
    return resolved(scenario.changed(size=chosen.residents)), why


def resolved(scenario: Scenario) -> Setup:
    """Resolve a scenario; what is wrong in no file was wrong in the call."""
    try:
        return resolve(scenario)
    except InputError as error:
        if any(message.file for message in error.messages):
            raise
        said = (f"--{each.element}: {each.text}" if each.element else each.text for each in error.messages)
        raise UsageError("\n".join(said)) from None


def check_folder(folder: Path, out: str | None) -> None:
    """UsageError or ResourceError where a new folder cannot be written; `out`: as it was asked for."""
    if out is not None and folder.exists():
        hint = "; `vitropolis resume` goes on with a run" if refs.is_run(folder) else ""
        raise UsageError(f"--out {out} exists already; name a new folder{hint}")
    above = next(place for place in folder.absolute().parents if place.exists())
    if not above.is_dir():
        raise ResourceError(f"{folder} cannot be written: {above} is not a folder; choose another --out")
    if not os.access(above, os.W_OK | os.X_OK):
        raise ResourceError(f"{folder} cannot be written: no permission in {above}; choose another --out")


def announced(prepared: Prepared) -> Iterator[str]:
    """Yield what is said before a run starts: what is played, in which size and why, and what it will cost."""
    setup, expected, plan = prepared.setup, prepared.expected, prepared.setup.plan
    played = f"playing {_worlds(setup)}, {plan.start} to {plan.date(plan.days - 1)} ({plan.days} days)"
    yield from wrap(played, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    size = f"{setup.size:,} synthetic residents, seed {plan.seed} ({prepared.why})"
    yield from wrap(size, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    if setup.missing:
        yield f"fillings not played: {', '.join(setup.missing)} (--filling all plays all)"
    yield cost_line(expected, prepared.how.threads)


def _worlds(setup: Setup) -> str:
    """The policies that are played, with their fillings, and what stands beside them."""
    names = ", ".join(policy.id for policy in setup.policies)
    if setup.fillings:
        names = f"{setup.scenario.scenario.id} (filling {', '.join(setup.fillings.values())})"
    return f"{names} beside its twin without it" if setup.scenario.twin else f"{names} alone"


def start(prepared: Prepared, voice: Voice, progress: ProgressKind, force: bool, ranges: bool | None = None) -> None:
    """Say what is to be expected, refuse what cannot fit, play, study, print what came of it.

    `ranges`: whether the run is studied under other assumptions; None: if it is large enough.
    """
    for line in announced(prepared):
        voice.note(line)
    if not force:
        fits(prepared.expected, prepared.out, prepared.setup.size)
    warm(voice)
    with listener(progress, voice) as tell, no_empty_folders(prepared.out.parent):
        report = _play(prepared, tell)
    setup = prepared.setup
    wanted = ranges if ranges is not None else setup.size >= STUDIED and bool(setup.policies)
    stopped = _study(report.folder, prepared.how, voice, progress) if wanted else None
    tell_of(report, voice, setup.plan)
    if stopped:
        raise stopped


def _study(folder: Path, how: How, voice: Voice, progress: ProgressKind) -> InterruptedRun | None:
    """Study a run that is over; a Ctrl-C is given back, so that the report is printed before it ends the command."""
    from vitropolis.study.study import study_run

    voice.note("ranges: the same policies under 64 sets of assumptions (Ctrl-C: the report without them)")
    try:
        with listener(progress, voice) as tell:
            spent = study_run(folder, threads=how.threads, chunk=how.chunk, progress=tell)
    except InterruptedRun as stopped:
        return stopped
    voice.note("studied: " + ", ".join(f"{part} {time_of(round(seconds))}" for part, seconds in spent.items()))
    return None


def _play(prepared: Prepared, tell: Listener) -> RunReport:
    from vitropolis.results import play_to_folder

    how = prepared.how
    call = ("vitropolis", *CALL.get())
    return play_to_folder(prepared.setup, prepared.out, threads=how.threads, chunk=how.chunk, progress=tell, call=call)


@contextmanager
def no_empty_folders(place: Path) -> Iterator[None]:
    """Take folders that were made on the way to a run away again where the run left nothing in them."""
    made = [folder for folder in (place, *place.parents) if not folder.exists()]
    try:
        yield
    finally:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()


def tell_of(report: RunReport, voice: Voice, plan: Plan) -> None:
    """Write `result.json` and print what a finished run found, or `result.json` as one object."""
    from vitropolis.report import as_data, page_of, result_of, write_result

    result = result_of(report.folder, report.manifest, plan)
    write_result(report.folder, result)
    voice.answer("result", as_data(result), page_of(result, report.manifest, report.folder))


def warm(voice: Voice) -> None:
    """Compile the kernels where this version never ran on this machine, and say how long it took."""
    if not compiled():
        voice.note("compiling kernels (once per machine and version) ...")
        voice.note(f"compiled in {time_of(warm_up())}")
