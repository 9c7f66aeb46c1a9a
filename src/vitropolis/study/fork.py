"""The same history, then another future: a run's policy until a day, another from that day on.

Both are laid end to end into one policy whose every change is dated (`vitropolis.policy.splice`); that is played from
the first day on the same residents with the same chance, beside the twin that the run had. Until the day it must be the
run again, person by person: `History` says whether it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from vitropolis.base.errors import UsageError
from vitropolis.engine.inputs import AGAIN, POLICY_SUFFIX
from vitropolis.engine.run import CHUNK
from vitropolis.engine.scenario import Head, Scenario, Setup, load_scenario, resolve
from vitropolis.model.rivals import queued
from vitropolis.model.rules import PERSON_SERVICES
from vitropolis.model.worlds import World
from vitropolis.policy import Policy, splice, spliced_text
from vitropolis.report.compared import Comparison, comparison_data
from vitropolis.report.totals import TWIN
from vitropolis.results.again import resume
from vitropolis.results.folder import FIRM_LISTS, INDICATORS, INPUTS, LISTS, MANIFEST
from vitropolis.results.indicators import label_of
from vitropolis.results.manifest import first_manifest
from vitropolis.results.progress import Tell, silent
from vitropolis.results.reader import open_run, read_lists, read_setup
from vitropolis.results.writer import play_to_folder
from vitropolis.study.compare import compare

if TYPE_CHECKING:
    import polars as pl

MOST_ID = 80


@dataclass(frozen=True)
class History:
    """What run and fork have in common before the day: listings begun, whole weeks, kinds of count; what differs."""

    day: date
    listings: int
    weeks: int
    counts: int
    differing: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.differing


@dataclass(frozen=True)
class Forked:
    """A fork that was played: its folder, what it has in common with the run, and the two side by side."""

    folder: Path
    history: History
    comparison: Comparison


def world_of(setup: Setup, name: str | None) -> World:
    """The world of a run that is forked: the named one, or the only one with a policy. UsageError else."""
    played = [world for world in setup.plan.worlds if world.policy.id != TWIN]
    named = [world for world in played if name in (None, world.name)]
    if len(named) != 1:
        legal = ", ".join(world.name for world in played)
        said = "the run has several policies" if name is None else f"`{name}` is none of the run's policies"
        raise UsageError(f"{said}; say --world (legal: {legal})")
    return named[0]


def fork_setup(folder: str | Path, after: Policy, day: date, room: Path, world: str | None = None) -> Setup:
    """What a fork plays; its policy is written into `room`.

    UsageError if the day lies outside the run, InputError with every field that cannot be dated.
    """
    home = Path(folder)
    _, setup = read_setup(home)
    mine = world_of(setup, world)
    first, last = setup.plan.start, setup.plan.date(setup.plan.days - 1)
    if not first < day <= last:
        raise UsageError(f"--on {day} is no day after the first of the run and up to its last ({first} to {last})")
    policy = splice(mine.policy, after, day)
    path = room / f"{policy.id}{POLICY_SUFFIX}"
    path.write_text(spliced_text(policy), encoding="utf-8")
    scenario = load_scenario(home / INPUTS / AGAIN)
    base = scenario.base if scenario.base is not None else _ref_of(scenario)
    head = Head(id=policy.id[:MOST_ID], title=f"{mine.name} until {day}, {after.id} from that day on")
    changed: dict[str, Any] = {"scenario": head, "policy": (str(path.absolute()),), "filling": None, "fillings": None}
    queues = tuple(PERSON_SERVICES[service] for service in queued(setup.plan))
    return resolve(scenario.model_copy(update=changed | {"beside": (), "base": base, "queues": queues}))


def _ref_of(scenario: Scenario) -> Any:
    """The policy whose departments go on recording in the run's twin."""
    return scenario.policy if isinstance(scenario.policy, tuple) else (scenario.policy,)


def fork(
    folder: str | Path,
    after: Policy,
    day: date,
    out: str | Path,
    *,
    world: str | None = None,
    threads: int = 2,
    chunk: int = CHUNK,
    progress: Tell = silent,
    call: tuple[str, ...] = (),
) -> Forked:
    """Play a fork of a complete run into a folder, and set the two side by side. Errors as of `fork_setup`.

    A folder that holds this very fork is gone on with: what is played is not played again.
    """
    home, target = Path(folder), Path(out)
    opened = open_run(home, threads=threads, progress=progress)
    if not opened.complete:
        raise UsageError(f"{home} was interrupted; `vitropolis resume {home}` first")
    mine = world_of(opened.setup, world)
    with TemporaryDirectory() as room:
        other = fork_setup(home, after, day, Path(room), world)
        _play(other, target, threads, chunk, progress, call)
    new = other.plan.worlds[0].name
    history = history_of((home, mine.name), (target, new), other, day)
    found = compare(target, [home, target], [mine.name, new], "shared")
    return Forked(target, history, found)


def _play(setup: Setup, target: Path, threads: int, chunk: int, progress: Tell, call: tuple[str, ...]) -> None:
    """Play what is left of a fork. UsageError if the folder holds something else."""
    if not (target / MANIFEST).is_file():
        play_to_folder(setup, target, threads=threads, chunk=chunk, progress=progress, call=call)
        return
    manifest, _ = read_setup(target)
    if manifest["inputs"] != first_manifest(setup, call)["inputs"]:
        raise UsageError(f"{target} holds another run; name a new folder with --out")
    if manifest["status"] == "complete":
        open_run(target, threads=threads, progress=progress)
    else:
        resume(target, threads=threads, chunk=chunk, progress=progress)


def history_of(run: tuple[Path, str], forked: tuple[Path, str], setup: Setup, day: date) -> History:
    """What a world of one folder and a world of another have in common before a day: listings, and whatever is counted.

    Counts are compared over the whole weeks before the day, those by day up to it. What only one of them counts, or by
    other labels (a queue that the other policy brings), is left out.
    """
    listed = [_listings(*each, LISTS, day) for each in (run, forked)]
    differing = [] if listed[0].equals(listed[1]) else ["listings"]
    if all((folder / FIRM_LISTS).is_file() for folder, _ in (run, forked)):
        firms = [_listings(*each, FIRM_LISTS, day) for each in (run, forked)]
        differing += [] if firms[0].equals(firms[1]) else ["listings of firms"]
    days = (day - setup.plan.start).days
    counts = [_counts(*each, days) for each in (run, forked)]
    common = [name for name in counts[0] if name in counts[1] and counts[0][name].shape == counts[1][name].shape]
    differing += [name for name in common if not np.array_equal(counts[0][name], counts[1][name])]
    return History(day, len(listed[0]), days // 7, len(common), tuple(differing))


def _listings(folder: Path, world: str, name: str, day: date) -> pl.DataFrame:
    """Every stay that began before the day; an end on the day or later is the future's."""
    import polars as pl

    frame = read_lists(folder, name)
    known = pl.when(pl.col("day_out") < day).then(pl.col("day_out"))
    told = frame.filter((pl.col("world") == world) & (pl.col("day_in") < day)).with_columns(known.alias("day_out"))
    keep = ("list", "resident", "day_in", "cause", "day_out")
    return told.select(keep).sort(keep, nulls_last=True)


def _counts(folder: Path, world: str, days: int) -> Mapping[str, Any]:
    """What was counted before in a world, by indicator: [week or day, ...]."""
    import h5netcdf

    with h5netcdf.File(folder / INDICATORS, "r") as held:
        place, found = [label_of(name) for name in held.variables["world"][:]].index(world), {}
        for name, variable in held.variables.items():
            axes = tuple(variable.dimensions[:2])
            if axes in (("world", "week"), ("world", "day")):
                found[name] = np.asarray(variable[place, : days // 7 if axes[1] == "week" else days])
    return found


def forked_data(forked: Forked) -> dict[str, Any]:
    """A fork as plain data, ready for JSON."""
    history = forked.history
    said = {"day": history.day.isoformat(), "listings": history.listings, "weeks": history.weeks}
    said |= {"counts": history.counts, "same": history.same, "differing": list(history.differing)}
    return {"history": said, "comparison": comparison_data(forked.comparison)}
