"""The folder of runs, as names that the page may use: no part of a request is ever made into a path.

A name from outside is only compared with the names that were found by looking; a name that was not found is none.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vitropolis.server.contract import RUN_ID, Kind, RunEntry, Status
from vitropolis.server.problems import ProblemError

RUN, COMPARISON, JOB = "run.json", "comparison.json", ".job"
MOST_MANIFEST = 20_000_000  # bytes of a run.json or comparison.json that are read
MOST_RUNS = 2_000
_ID = re.compile(RUN_ID)


@dataclass(frozen=True)
class Place:
    """A run or comparison: its id, its folder, the folder of its job beside it (which may not exist)."""

    id: str
    folder: Path
    ours: bool = True

    @property
    def job(self) -> Path:
        """Where the state of its job lies."""
        return self.folder.with_name(f"{self.folder.name}{JOB}")

    @property
    def kind(self) -> Kind:
        """Whether it is a run or a comparison, by what lies in it."""
        return "comparison" if (self.folder / COMPARISON).is_file() else "run"


class Shelf:
    """Everything that lies in the folder of runs, and the run that the server was opened with."""

    def __init__(self, runs: Path, opened: Path | None) -> None:
        self.runs = runs
        self.opened = None if opened is None else Place(_id_for(opened), opened.absolute(), ours=False)
        if self.opened is not None and opened is not None and opened.absolute().parent == runs.absolute():
            self.opened = Place(self.opened.id, opened.absolute()) if self.opened.id == opened.name else self.opened

    def places(self) -> dict[str, Place]:
        """Every run by id: what was found by looking into the folder."""
        found = {place.id: place for place in self._inside()}
        if self.opened is not None:
            found[self.opened.id] = self.opened
        return found

    def _inside(self) -> Iterator[Place]:
        try:
            names = sorted(each.name for each in os.scandir(self.runs) if each.is_dir(follow_symlinks=False))
        except OSError:
            return
        plain = {name for name in names if not name.endswith(JOB)}
        jobs = {name.removesuffix(JOB) for name in names if name.endswith(JOB)}
        for name in sorted(plain | jobs)[:MOST_RUNS]:
            place = Place(name, self.runs / name)
            held = place.job.is_dir() or any((place.folder / each).is_file() for each in (RUN, COMPARISON))
            if _ID.fullmatch(name) and held:
                yield place

    def place(self, name: str) -> Place:
        """The run of this id; 404 where none was found."""
        found = self.places().get(name)
        if found is None:
            raise ProblemError(404, "run", "there is no such run here; see the list of runs")
        return found

    def free_id(self, wanted: str) -> str:
        """An id that is not taken: the wanted one, else numbered."""
        name, taken = re.sub(r"[^a-z0-9._-]+", "-", wanted.lower()).strip("-._")[:90] or "run", self.places()
        numbers = (f"{name}-{number}" for number in range(2, MOST_RUNS + 3))
        return next(each for each in (name, *numbers) if each not in taken and not (self.runs / each).exists())

    def delete(self, place: Place) -> None:
        """Delete a run's folder and its job's; links in it are taken away, never followed."""
        if not place.ours:
            raise ProblemError(403, "outside", "this run does not lie in the folder of runs; delete it yourself")
        for folder in (place.folder, place.job):
            if folder.is_symlink():
                raise ProblemError(403, "outside", "this run is a link to another place; delete it yourself")
            if folder.is_dir():
                shutil.rmtree(folder)


def _id_for(folder: Path) -> str:
    """The id of a run that lies anywhere."""
    name = re.sub(r"[^a-z0-9._-]+", "-", folder.absolute().name.lower()).strip("-._")[:100]
    return name if _ID.fullmatch(name or "-") else "opened-run"


def read_said(place: Place) -> Mapping[str, Any]:
    """What `run.json` or `comparison.json` says, unchecked; empty where nothing can be read."""
    path = place.folder / (COMPARISON if place.kind == "comparison" else RUN)
    try:
        if path.stat().st_size > MOST_MANIFEST:
            return {}
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def played_to_the_end(place: Place) -> bool:
    """Whether a folder says that everything asked for was played."""
    return read_said(place).get("status") == "complete"


def title_of(said: Mapping[str, Any], id: str) -> str:
    """One line for a run: the policies it plays, or the names it compares; its id where nothing is said."""
    if isinstance(said.get("names"), list):
        return " / ".join(str(each)[:80] for each in said["names"][:6]) or id
    worlds = said.get("worlds")
    titles = (
        [str(each.get("title", "")) for each in worlds if isinstance(each, dict)] if isinstance(worlds, list) else []
    )
    policies = [title for title in titles if title and not title.startswith("none beside")]
    shared = os.path.commonprefix(policies).rstrip(" ,")  # noqa: RUF071 - titles, letter by letter
    return (shared if len(policies) > 1 and len(shared) > 10 else " / ".join(policies))[:200] or id


def entry_of(
    place: Place, said: Mapping[str, Any], title: str, asked: Mapping[str, Any], status: Status, can: Sequence[Any]
) -> RunEntry:
    """A run as it stands in the list: nothing of what it found.

    title, asked: of its job; what was asked for stands in where the folder says nothing yet.
    """
    inner = said.get("found", said) if place.kind == "comparison" else said
    inner = inner if isinstance(inner, dict) else {}
    seed = _number(inner.get("seed"))
    return RunEntry(
        id=place.id,
        kind="comparison" if "policies" in asked else place.kind,
        title=title or title_of(said, place.id),
        status=status,
        residents=_number(inner.get("residents")),
        seed=_number(asked.get("seed")) if seed is None else seed,
        made=_made(place),
        bytes=_bytes(place),
        can=list(can),
    )


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _made(place: Place) -> str | None:
    for path in (place.folder / RUN, place.folder / COMPARISON, place.job):
        if path.exists():
            return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
    return None


def _bytes(place: Place) -> int:
    """What a run takes on the disk."""
    total = 0
    for folder, _, files in os.walk(place.folder):
        for name in files:
            try:
                total += os.lstat(os.path.join(folder, name)).st_size
            except OSError:
                continue
    return total
