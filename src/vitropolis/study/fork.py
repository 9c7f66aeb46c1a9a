"""The same history, then another future: a run's policy until a day, another from that day on.

Both are laid end to end into one policy whose every change is dated (`vitropolis.policy.splice`); that is played from
the first day on the same residents with the same chance, beside the twin that the run had. Until the day it must be the
run again, person by person: `History` says whether it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from vitropolis.base.errors import UsageError
from vitropolis.engine.inputs import AGAIN, POLICY_SUFFIX
from vitropolis.engine.run import CHUNK
from vitropolis.engine.scenario import Head, Scenario, Setup, load_scenario, resolve
from vitropolis.model.worlds import World
from vitropolis.policy import Policy, splice, spliced_text
from vitropolis.report.compared import Comparison
from vitropolis.report.totals import TWIN
from vitropolis.results.folder import INDICATORS, INPUTS, LISTS
from vitropolis.results.progress import Tell, silent
from vitropolis.results.reader import read_lists, read_setup
from vitropolis.results.writer import play_to_folder
from vitropolis.study.compare import compare

MOST_ID = 80


@dataclass(frozen=True)
class History:
    """What the run and its fork have in common before the day: listings begun, weeks counted, and what differs."""

    day: date
    listings: int
    weeks: int
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
    return resolve(scenario.model_copy(update=changed | {"beside": (), "base": base}))


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
    """Play a fork of a complete run into a new folder, and set the two side by side. Errors as of `fork_setup`."""
    home, target = Path(folder), Path(out)
    manifest, setup = read_setup(home)
    if manifest["status"] != "complete":
        raise UsageError(f"{home} was interrupted; `vitropolis resume {home}` first")
    mine = world_of(setup, world)
    with TemporaryDirectory() as room:
        other = fork_setup(home, after, day, Path(room), world)
        play_to_folder(other, target, threads=threads, chunk=chunk, progress=progress, call=call)
    new = other.plan.worlds[0].name
    history = history_of((home, mine.name), (target, new), other, day)
    found = compare(target, [home, target], [mine.name, new], "shared")
    return Forked(target, history, found)


def history_of(run: tuple[Path, str], forked: tuple[Path, str], setup: Setup, day: date) -> History:
    """What a world of one folder and a world of another have in common before a day."""
    listed = [_listings(*each, day) for each in (run, forked)]
    differing = [] if listed[0] == listed[1] else ["listings"]
    weeks = (day - setup.plan.start).days // 7
    counts = [_counts(*each, weeks) for each in (run, forked)]
    common = sorted(set(counts[0]) & set(counts[1]))
    differing += [name for name in common if not np.array_equal(counts[0][name], counts[1][name])]
    return History(day, len(listed[0]), weeks, tuple(differing))


def _listings(folder: Path, world: str, day: date) -> list[tuple[Any, ...]]:
    """Every stay that began before the day; an end on the day or later is the future's."""
    import polars as pl

    frame = read_lists(folder, LISTS)
    before = pl.col("day_in") < day
    known = pl.when(pl.col("day_out") < day).then(pl.col("day_out"))
    told = frame.filter(pl.col("world") == world).filter(before).with_columns(known.alias("day_out"))
    return sorted(told.select("list", "resident", "day_in", "cause", "day_out").rows(), key=str)


def _counts(folder: Path, world: str, weeks: int) -> Mapping[str, Any]:
    """What was counted of everybody and every group in the weeks before, by indicator."""
    import h5netcdf

    with h5netcdf.File(folder / INDICATORS, "r") as held:
        names = [_text(name) for name in held.variables["world"][:]]
        place, found = names.index(world), {}
        for name, variable in held.variables.items():
            if tuple(variable.dimensions) == ("world", "week", "district", "group"):
                found[name] = np.asarray(variable[place, :weeks])
    return found


def _text(word: Any) -> str:
    return word.decode() if isinstance(word, bytes) else str(word)


def forked_data(forked: Forked) -> dict[str, Any]:
    """A fork as plain data, ready for JSON."""
    from vitropolis.report.compared import comparison_data

    history = forked.history
    said = {"day": history.day.isoformat(), "listings": history.listings, "weeks": history.weeks}
    said |= {"same": history.same, "differing": list(history.differing)}
    return dict(json.loads(json.dumps({"history": said, "comparison": comparison_data(forked.comparison)})))
