"""Going on with a run that was stopped, and playing one again from its own inputs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vitropolis.base.errors import InterruptedRun, UsageError
from vitropolis.engine import checkpoint
from vitropolis.engine.run import CHUNK, Simulation
from vitropolis.results.folder import TAPE, UNFINISHED, disk_trouble
from vitropolis.results.progress import Progress, RunReport, Tell, silent
from vitropolis.results.reader import checked, read_setup
from vitropolis.results.writer import Run, asking_to_stop, play_to_folder


def resume(
    folder: str | Path,
    *,
    threads: int = 2,
    chunk: int = CHUNK,
    progress: Tell = silent,
    entropy: int | None = None,
) -> RunReport:
    """Go on with an interrupted run from its newest checkpoint, after checking the folder; return the report.

    `threads` and `chunk` may be others than before. UsageError if it is complete, RefusedError if this model did not
    make it, InterruptedRun as in `play_to_folder`.
    """
    home, started = Path(folder), time.perf_counter()
    manifest, setup = read_setup(home)
    if manifest["status"] == "complete":
        raise UsageError(f"{home} is complete: there is nothing to resume; `vitropolis show {home}` reads it")
    with asking_to_stop() as stop, _stopped_early(home):
        progress(Progress(phase="building the city"))
        city = setup.city()
        spent = {"city": time.perf_counter() - started}
        progress(Progress(phase="tables", fraction=0.01))
        simulation = Simulation(setup.plan, city, threads, chunk)
        progress(Progress(phase="checking", fraction=0.02))
        kept = checked(home, manifest, setup, simulation.tables, entropy, threads)
        facts = None
        if kept is None:
            _clear(home)
        else:
            facts = checkpoint.restore(simulation, kept.folder)
        manifest["resumed_from_weeks"] = [*manifest.get("resumed_from_weeks", []), simulation.week]
        return Run(setup, city, simulation, home, manifest, spent, progress, facts).play(stop)


@contextmanager
def _stopped_early(folder: Path) -> Iterator[None]:
    """A Ctrl-C before anything was played leaves the folder as it was."""
    try:
        yield
    except KeyboardInterrupt:
        raise InterruptedRun(f"stopped before it went on; continue with: vitropolis resume {folder}") from None


def _clear(folder: Path) -> None:
    """Forget what grew before the first checkpoint."""
    with disk_trouble(folder):
        for room in (TAPE, UNFINISHED):
            for path in (folder / room).glob("*.npy"):
                path.unlink()


@dataclass(frozen=True)
class Rerun:
    """A run that was played again: its report, and whether each output has the same content (name: equal)."""

    report: RunReport
    equal: dict[str, bool]

    @property
    def same(self) -> bool:
        """Whether everything is equal."""
        return all(self.equal.values())


def rerun(
    folder: str | Path, out: str | Path, *, threads: int = 2, chunk: int = CHUNK, progress: Tell = silent
) -> Rerun:
    """Play a complete run again from its `inputs/` alone into a new folder and compare the content hashes."""
    home = Path(folder)
    manifest, setup = read_setup(home)
    if manifest["status"] != "complete":
        raise UsageError(f"{home} was interrupted: nothing to compare with; `vitropolis resume {home}` first")
    report = play_to_folder(setup, out, threads=threads, chunk=chunk, progress=progress)
    before = RunReport(home, manifest).contents
    names = sorted({*before, *report.contents})
    return Rerun(report, {name: before.get(name) == report.contents.get(name) for name in names})
