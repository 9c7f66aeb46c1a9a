"""Policies side by side on one city: same residents, same chance, so that who is hit under which can be named.

A comparison is a folder: `comparison.json` with what differs, `people.parquet` with every resident hit under any of the
policies, and `passes/N`, each a whole run folder of its own that `show`, `life`, `export` and `rerun` read. Passes are
played one after the other; what is stopped goes on where it was.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vitropolis.base.errors import InterruptedRun, RefusedError, UsageError
from vitropolis.base.mark import MARK, mark_line, marks
from vitropolis.city.city import City
from vitropolis.engine.run import CHUNK
from vitropolis.engine.scenario import Setup
from vitropolis.report import result_of, write_result
from vitropolis.report.compared import (
    SCHEMA,
    Census,
    Compared,
    Comparison,
    Lost,
    comparison_data,
    difference_rows,
    group_rows,
    level_rows,
    pair_row,
    pairs_of,
    queue_rows,
    taken_rows,
)
from vitropolis.report.result import Result
from vitropolis.report.studies import read_studies
from vitropolis.report.totals import TWIN
from vitropolis.results.again import resume
from vitropolis.results.folder import (
    DISPLACED,
    disk_trouble,
    drafted,
    make_folder,
    new_folder,
    refuse_taken,
    write_json,
)
from vitropolis.results.lists import content_of_frame, residents_of, words_at
from vitropolis.results.manifest import first_manifest
from vitropolis.results.progress import Progress, Tell, silent
from vitropolis.results.reader import open_run, read_setup
from vitropolis.results.standing import BINS, Standing, standings_in
from vitropolis.results.whom import who_they_are
from vitropolis.study.study import study_run

if TYPE_CHECKING:
    import polars as pl

COMPARISON, PASSES, PEOPLE = "comparison.json", "passes", "people.parquet"


def begin(
    setups: Sequence[Setup], names: Sequence[str], coupling: str, sets: int, out: str | Path, call: Sequence[str]
) -> Path:
    """Make the folder of a comparison, ready to be played by `go_on`; return it.

    setups: its passes; names: policies in the order asked for, `none` among them if asked for; sets: of assumptions, 0
    for no ranges. UsageError if the folder is taken, ResourceError if it cannot be written.
    """
    folder = Path(out)
    refuse_taken(folder)
    said = {
        "schema": SCHEMA,
        "mark": MARK,
        "status": "interrupted",
        "call": list(call),
        "names": list(names),
        "coupling": coupling,
        "sets": sets,
        "passes": len(setups),
    }
    with new_folder(folder) as draft:
        (draft / PASSES).mkdir()
        (draft / "README.txt").write_text(mark_line(setups[0].plan.seed) + "\n", encoding="utf-8")
        for number, setup in enumerate(setups, 1):
            make_folder(draft / PASSES / str(number), setup.inputs, first_manifest(setup, call), setup.plan.seed)
        write_json(draft / COMPARISON, said)
    return folder


def is_comparison(folder: str | Path) -> bool:
    """Whether a folder is that of a comparison."""
    return (Path(folder) / COMPARISON).is_file()


def read_comparison(folder: str | Path) -> dict[str, Any]:
    """What `comparison.json` says. UsageError if there is none, RefusedError if it is none of ours."""
    path = Path(folder) / COMPARISON
    if not path.is_file():
        raise UsageError(f"{folder} is no folder of a comparison: it has no {COMPARISON}")
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise RefusedError(f"{path} cannot be read") from None
    if not isinstance(said, dict) or said.get("schema") != SCHEMA or said.get("mark") != MARK or not _whole(said):
        raise RefusedError(f"{path} is not one that this program writes")
    return said


def go_on(folder: str | Path, *, threads: int = 2, chunk: int = CHUNK, progress: Tell = silent) -> Comparison:
    """Play what is left of a comparison and say what it found.

    UsageError if it is complete, InterruptedRun (Ctrl-C) with how to go on, other errors as of `resume`.
    """
    home = Path(folder)
    said = read_comparison(home)
    if said["status"] == "complete":
        raise UsageError(f"{home} is complete: there is nothing to resume; `vitropolis show {home}` reads it")
    rooms = [home / PASSES / str(number) for number in range(1, said["passes"] + 1)]
    seconds = said.get("seconds", {})
    try:
        for number, room in enumerate(rooms):
            spent = _play(room, number, len(rooms), threads, chunk, progress)
            if spent is not None:
                seconds[str(number + 1)] = round(spent, 1)
                write_json(home / COMPARISON, said | {"seconds": seconds})
        if said["sets"]:
            for room in rooms:
                study_run(room, parts=("ranges",), threads=threads, chunk=chunk, progress=progress, sets=said["sets"],
                          alone=0)  # fmt: skip
        began = time.perf_counter()
        progress(Progress(phase="comparing", fraction=0.99))
        found = compare(home, rooms, said["names"], said["coupling"])
    except (InterruptedRun, KeyboardInterrupt):
        raise InterruptedRun(f"stopped; continue with: vitropolis resume {home}") from None
    seconds["comparing"] = round(time.perf_counter() - began, 1)
    done = said | {"status": "complete", "seconds": seconds, "found": comparison_data(found)}
    with disk_trouble(home):
        write_json(home / COMPARISON, done)
    progress(Progress(phase="done", fraction=1.0))
    return found


def _play(room: Path, number: int, many: int, threads: int, chunk: int, progress: Tell) -> float | None:
    """Play a pass that is not complete; return its wall seconds."""
    if read_setup(room)[0]["status"] == "complete":
        open_run(room, threads=threads, progress=progress)
        return None

    def tell(step: Progress) -> None:
        part = f"pass {number + 1} of {many}: {step.phase}" if many > 1 else step.phase
        progress(Progress(**{**vars(step), "phase": part, "fraction": (number + step.fraction) / many}))

    began = time.perf_counter()
    resume(room, threads=threads, chunk=chunk, progress=tell)
    return time.perf_counter() - began


def _whole(said: Mapping[str, Any]) -> bool:
    """Whether what a comparison was asked for is all there."""
    names, kinds = said.get("names"), {"passes": int, "sets": int, "coupling": str, "status": str, "call": list}
    fine = isinstance(names, list) and all(isinstance(name, str) for name in names)
    return fine and all(isinstance(said.get(key), kind) for key, kind in kinds.items())


def checked(folder: str | Path, *, threads: int = 2, progress: Tell = silent) -> Comparison:
    """What a complete comparison found, worked out again from its passes, each of which is opened and so checked.

    UsageError if it was interrupted; RefusedError if a pass is not of this model, or says something else.
    """
    home, said = Path(folder), read_comparison(folder)
    if said["status"] != "complete":
        raise UsageError(f"{folder} was interrupted; `vitropolis resume {folder}` first")
    rooms = [home / PASSES / str(number) for number in range(1, said["passes"] + 1)]
    for room in rooms:
        open_run(room, threads=threads, progress=progress)
    found = compare(home, rooms, said["names"], said["coupling"], write=False)
    if comparison_data(found) != said.get("found"):
        raise RefusedError(f"{home}/{COMPARISON} says something else than its passes")
    import polars as pl

    try:
        people = content_of_frame(pl.read_parquet(home / PEOPLE))
    except (OSError, pl.exceptions.PolarsError):
        people = ""
    if people != found.people_content:
        raise RefusedError(f"{home}/{PEOPLE} is missing or was changed after it was written")
    return found


@dataclass(frozen=True, eq=False)
class _Worlds:
    """What the passes of a comparison hold, each world once: the twin as in the first pass that has it."""

    opened: list[tuple[Path, dict[str, Any], Setup]]
    standings: dict[str, Standing] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    where: dict[str, Path] = field(default_factory=dict)

    @property
    def of_firms(self) -> set[str]:
        """The policies that cover firms."""
        every = [policy for _, _, setup in self.opened for policy in setup.policies]
        return {policy.id for policy in every if policy.population.legal_entities}

    @property
    def ranged(self) -> dict[str, Mapping[str, Any]]:
        """What the ranges of each policy's run say, where they were played."""
        told = {room: read_studies(room, manifest).ranges for room, manifest, _ in self.opened}
        return {name: told[room] for name, room in self.where.items() if name != TWIN and told[room]}


def _worlds_in(home: Path, rooms: Sequence[Path], write: bool) -> _Worlds:
    """Read complete passes; `write`: their `result.json` too, where they lie in this comparison."""
    found = _Worlds([(room, *read_setup(room)) for room in rooms])
    for room, manifest, setup in found.opened:
        result = result_of(room, manifest, setup.plan)
        if write and home in room.parents:
            write_result(room, result)
        for name, standing in standings_in(room, setup.plan).items():
            if name not in found.where:
                found.standings[name], found.results[name], found.where[name] = standing, result, room
    return found


def compare(
    home: Path, rooms: Sequence[Path], names: Sequence[str], coupling: str, *, write: bool = True
) -> Comparison:
    """Set the policies of complete passes side by side; `write`: `people.parquet` too."""
    worlds = _worlds_in(home, rooms, write)
    setup, standings, ranged = worlds.opened[0][2], worlds.standings, worlds.ranged
    city, pairs = setup.city(), pairs_of(names)
    lost, share = _lost(worlds.where)
    played = {name: each for name, each in worlds.results.items() if name != TWIN}
    people = _people(city, {name: standings[name] for name in played})
    if write:
        _write_people(home / PEOPLE, people, setup)
    return Comparison(
        schema=SCHEMA,
        mark=MARK,
        seed=setup.plan.seed,
        city=city.name,
        residents=city.n,
        first_day=setup.plan.start.isoformat(),
        last_day=setup.plan.date(setup.plan.days - 1).isoformat(),
        assumptions=setup.assumptions.id,
        coupling=coupling,
        worlds=tuple(_said(name, worlds.where[name], home, worlds.opened) for name in names),
        passes=tuple(tuple(policy.id for policy in mine.policies) for _, _, mine in worlds.opened),
        pairs=tuple(pair_row(standings[one], standings[other], lost) for one, other in pairs),
        groups=tuple(group_rows(standings, pairs, Census(city))),
        levels=tuple(level_rows(worlds.results, names, worlds.of_firms)),
        queues=tuple(queue_rows(worlds.results, names)),
        taken=tuple(taken_rows(played)),
        differences=tuple(difference_rows(ranged, pairs, worlds.of_firms)),
        sets=next((each["sets"] for each in ranged.values()), None),
        named_share=share,
        people=PEOPLE,
        people_content=content_of_frame(people),
    )


def _said(name: str, room: Path, home: Path, opened: Sequence[tuple[Path, Mapping[str, Any], Setup]]) -> Compared:
    manifest, setup = next((manifest, setup) for where, manifest, setup in opened if where == room)
    world = next(each for each in setup.plan.worlds if each.name == name)
    idle = manifest["parts_not_played"].get(name, ())
    folder = Path(os.path.relpath(room, home)).as_posix()
    chain = tuple(Path(part).name for part in world.policy.chain)
    return Compared(name, world.policy.policy.title, world.policy.digest, chain, folder, tuple(idle))


def _lost(where: Mapping[str, Path]) -> tuple[dict[str, Lost], float]:
    """The places lost in queues under each policy, and the share of residents who can be named."""
    import polars as pl

    found, share = {}, 1.0
    for name, room in where.items():
        frame = pl.read_parquet(room / DISPLACED)
        mine = frame.filter(frame["world"] == name)
        words = (mine["service"] + " through " + mine["measure"].fill_null("no measure")).to_numpy()
        known, what = np.unique(words.astype(str), return_inverse=True)
        found[name] = Lost(residents_of(mine), what.reshape(-1), tuple(known.tolist()))
        told = pl.read_parquet_metadata(room / DISPLACED)["share_of_residents"]
        share = 1.0 if told == "all" else float(told)
    return found, share


def _people(city: City, standings: Mapping[str, Standing]) -> pl.DataFrame:
    """One row for each resident hit under any policy: id, groups, and for each policy how, on what ground, by what."""
    import polars as pl

    anybody = np.zeros(city.n, bool)
    for standing in standings.values():
        anybody |= standing.hit
    who = np.flatnonzero(anybody)
    prefix = city.id_of(0).removesuffix("0")
    ids = pl.select(pl.lit(prefix) + pl.Series(who).cast(pl.String)).to_series()
    columns: dict[str, Any] = {"resident": ids, **who_they_are(city, who)}
    for name, standing in standings.items():
        hit, through = standing.hit[who], standing.through[who]
        columns[f"{name}.hit"] = words_at(["", "own", "through others"], np.where(through, 2, hit))
        columns[f"{name}.ground"] = words_at(list(BINS), standing.bins()[who])
        columns[f"{name}.wrongly"] = pl.Series(standing.wrongly[who])
        columns[f"{name}.by"] = standing.elements(who)
    return pl.DataFrame(columns)


def _write_people(path: Path, frame: pl.DataFrame, setup: Setup) -> None:
    with disk_trouble(path), drafted(path) as draft:
        frame.write_parquet(draft, compression="zstd", metadata=marks(setup.plan.seed))
