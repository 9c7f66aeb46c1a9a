"""Opening a run folder: whatever reads one comes through here, and a folder that this model did not make is refused."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vitropolis import __version__
from vitropolis.base.errors import RefusedError, VitropolisError
from vitropolis.base.mark import MARK
from vitropolis.base.npyfile import content_of, read_npy
from vitropolis.city.city import City
from vitropolis.engine.checkpoint import Checkpoint, checkpoints_in
from vitropolis.engine.inputs import AGAIN
from vitropolis.engine.run import Tables
from vitropolis.engine.scenario import Setup, load_scenario, resolve
from vitropolis.model.listing_log import logged_who
from vitropolis.model.rules import DISTRICTS
from vitropolis.results.displaced import displaced_frame
from vitropolis.results.fired import COUNTED, all_fired
from vitropolis.results.folder import (
    CHECKPOINTS,
    DISPLACED,
    FIRM_LISTS,
    INDICATORS,
    INPUTS,
    LISTS,
    TAPE,
    UNFINISHED,
    file_hash,
    read_manifest,
)
from vitropolis.results.gaps import gaps_in
from vitropolis.results.lists import content_of_frame, frame_of, residents_of, stays_in
from vitropolis.results.manifest import COMPILED, DECLARED, digest_of, first_manifest, played_manifest, untrue
from vitropolis.results.progress import Progress, Tell, silent
from vitropolis.results.sums import Counted, check_heads, check_listings, counted_in_file, counted_in_weeks, stays_of
from vitropolis.results.tape import TABLES, Tape
from vitropolis.results.verify import Evidence, verify
from vitropolis.results.weekly import layout_of

if TYPE_CHECKING:
    import polars as pl

GROWING = {**TABLES, "weeks": np.dtype("<i4"), "log": np.dtype("<i8"), "firm_log": np.dtype("<i8")}


@dataclass(frozen=True)
class OpenRun:
    """A run folder that was checked. `checkpoint` is its newest; None if it was stopped before the first."""

    folder: Path
    manifest: Mapping[str, Any]
    setup: Setup
    city: City
    tables: Tables
    checkpoint: Checkpoint | None

    @property
    def complete(self) -> bool:
        """Whether the run was played to its end."""
        return bool(self.manifest["status"] == "complete")


def open_run(folder: str | Path, entropy: int | None = None, threads: int = 2, progress: Tell = silent) -> OpenRun:
    """Open a run folder, after playing 16 freshly picked chunks of it again (all, if it has fewer).

    `entropy` (64 bits, for tests) replaces the machine's own. UsageError if it is no run folder, RefusedError naming
    what differs if this model did not make it.
    """
    home = Path(folder)
    manifest, setup = read_setup(home)
    progress(Progress(phase="building the city"))
    city = setup.city(threads=threads)
    progress(Progress(phase="tables", fraction=0.2))
    tables = Tables(setup.plan, city)
    progress(Progress(phase="checking", fraction=0.5))
    kept = checked(home, manifest, setup, tables, entropy, threads)
    progress(Progress(phase="opened", fraction=1.0))
    return OpenRun(home, manifest, setup, city, tables, kept)


def reopen_run(folder: str | Path, threads: int = 2) -> OpenRun:
    """Open a complete run whose very content `open_run` let through before, without playing anything of it again.

    Nobody but who kept that verdict with a digest of the folder may ask for it.
    """
    home = Path(folder)
    manifest, setup = read_setup(home)
    city = setup.city(threads=threads)
    found = checkpoints_in(home / CHECKPOINTS)
    return OpenRun(home, manifest, setup, city, Tables(setup.plan, city), Checkpoint(found[0]) if found else None)


def read_setup(folder: Path) -> tuple[dict[str, Any], Setup]:
    """Read `run.json` and resolve `inputs/`. RefusedError if they were changed or do not belong together."""
    manifest = read_manifest(folder)
    if manifest.get("mark") != MARK:
        raise RefusedError(f"{folder}/run.json does not say that it is a synthetic city")
    for name, digest in manifest["inputs"].items():
        path = folder / INPUTS / name
        if ".." in Path(name).parts or not path.is_file() or file_hash(path) != digest:
            raise RefusedError(f"{folder}/{INPUTS}/{name} is missing or was changed after the run")
    try:
        setup = resolve(load_scenario(folder / INPUTS / AGAIN))
    except VitropolisError as error:
        raise RefusedError(f"{folder}/{INPUTS} cannot be played: {error}") from None
    if wrong := untrue(manifest, first_manifest(setup, ()), DECLARED):
        said = f"{folder}: run.json says something else than its inputs ({', '.join(wrong)})"
        raise RefusedError(f"{said}{_other_version(manifest)}")
    return manifest, setup


def checked(
    folder: Path,
    manifest: Mapping[str, Any],
    setup: Setup,
    tables: Tables,
    entropy: int | None = None,
    threads: int = 2,
) -> Checkpoint | None:
    """Check hashes and sums, replay picks; return the newest checkpoint. RefusedError says what differs."""
    found = checkpoints_in(folder / CHECKPOINTS)
    complete = manifest["status"] == "complete"
    if not found:
        if complete or manifest.get("weeks_played") or manifest.get("headline"):
            raise RefusedError(f"{folder} says that something was played, but has no checkpoint to compare with")
        return None
    try:
        kept = Checkpoint(found[0])
        if complete:
            _check_outputs(folder, manifest, kept, tables.plan.weeks)
        kept.check(tables.city.n, [world.name for world in tables.plan.worlds], tables)
        _check_compiled(manifest, setup, tables)
        rows = checked_rows(folder, kept.said["facts"]["rows"], complete)
        worlds, firms = len(tables.plan.worlds), len(tables.city.firm_size)
        tape = Tape(folder / TAPE, rows, worlds, DISTRICTS, firms)
        listings = Stays(folder, manifest, tables) if complete else Log(folder, rows["log"])
        firm_stays = _firm_stays(folder, manifest, tables, None if complete else rows["firm_log"])
        counted = _check_sums(folder, manifest, tables, kept, listings)
        chosen = entropy if entropy is not None else int.from_bytes(os.urandom(8), "little")
        if complete:
            _check_fired(manifest, tables, kept, listings, firm_stays, counted)
        enrolled = counted["enrolled"].swapaxes(0, 1)
        verify(tables, Evidence(kept.week, kept, tape, listings, enrolled, firm_stays), chosen, threads)
        if complete:
            _check_displaced(manifest, tables, tape)
    except RefusedError as error:
        raise RefusedError(f"{folder} is refused: {error}{_other_version(manifest)}") from None
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise RefusedError(f"{folder} is refused: it is damaged ({error}){_other_version(manifest)}") from None
    return kept


def _other_version(manifest: Mapping[str, Any]) -> str:
    by = manifest.get("versions", {}).get("vitropolis")
    return f" (it was played by version {by}, this is {__version__})" if by != __version__ else ""


def _check_outputs(folder: Path, manifest: Mapping[str, Any], kept: Checkpoint, weeks: int) -> None:
    outputs = manifest["outputs"]
    if kept.week != weeks or outputs["state"]["content"] != digest_of(kept.said["content"]):
        raise RefusedError("its last checkpoint is not the one that run.json names")
    for name, entry in outputs.items():
        path = folder / name
        if entry["file"] is not None and (not path.is_file() or file_hash(path) != entry["file"]):
            raise RefusedError(f"{name} is missing or was changed after it was written")


def checked_rows(folder: Path, facts: Mapping[str, tuple[int, str]], complete: bool) -> dict[str, int]:
    """How many rows of each growing file count, after comparing them with the hashes that the checkpoint has of them.

    RefusedError names the file that is another. The files of `unfinished/` are gone once a run is complete.
    """
    kinds = GROWING if not complete else {name: kind for name, kind in GROWING.items() if name in TABLES}
    for name, dtype in kinds.items():
        room = TAPE if name in TABLES else UNFINISHED
        rows, digest = facts[name]
        try:
            held = read_npy(folder / room / f"{name}.npy")
        except (OSError, ValueError, EOFError):
            raise RefusedError(f"{room}/{name}.npy is missing or damaged") from None
        if held.dtype != dtype or held.ndim != 1 or len(held) < rows or content_of(held[:rows]) != digest:
            raise RefusedError(f"{room}/{name}.npy is not what its checkpoint says was written")
    return {name: facts[name][0] for name in kinds}


def _check_compiled(manifest: Mapping[str, Any], setup: Setup, tables: Tables) -> None:
    """What the tables say stands in `run.json` from the first checkpoint on."""
    if manifest["status"] != "complete" and not manifest["weeks_played"]:
        return
    if wrong := untrue(manifest, played_manifest(setup, tables.city, tables), COMPILED):
        raise RefusedError(f"run.json says something else than its inputs give ({', '.join(wrong)})")


def _check_sums(
    folder: Path, manifest: Mapping[str, Any], tables: Tables, kept: Checkpoint, listings: Stays | Log
) -> Counted:
    """Headline, indicators and listings must add up to one another; return what is counted by week and district."""
    plan, city, said = tables.plan, tables.city, manifest["weeks_played"]
    if manifest["status"] == "complete":
        counted = counted_in_file(plan, city, folder / INDICATORS)
    else:
        rows, _ = kept.said["facts"]["rows"]["weeks"]
        weeks = np.array(read_npy(folder / UNFINISHED / "weeks.npy")[:rows])
        if len(weeks) != kept.week * layout_of(plan).size:
            raise RefusedError(f"{UNFINISHED}/weeks.npy holds other weeks than were played")
        counted = counted_in_weeks(plan, len(city.district_names), weeks)
    if not 0 <= said <= kept.week or (manifest["status"] == "complete" and said != kept.week):
        raise RefusedError(f"run.json says that {said} weeks were played, its checkpoint is of week {kept.week}")
    check_heads(plan, counted, said, manifest["headline"], "run.json")
    check_heads(plan, counted, kept.week, kept.said["facts"]["headline"], f"{kept.folder.name}")
    check_listings(plan, city, counted, listings.stays(), kept.week)
    return counted


def _check_fired(
    manifest: Mapping[str, Any],
    tables: Tables,
    kept: Checkpoint,
    listings: Stays | Log,
    firm_stays: NDArray[Any],
    counted: Counted,
) -> None:
    """What is said to have fired must follow from the checkpoint, the listings and the indicators."""
    flows = {
        world.name: {item: int(counted[item][number].sum()) for item in COUNTED}
        for number, world in enumerate(tables.plan.worlds)
    }
    if manifest.get("fired") != all_fired(tables, kept, listings.stays(), firm_stays, flows):
        raise RefusedError("run.json says that other elements fired than its files show (fired)")
    if manifest.get("gaps") != gaps_in(tables, kept):
        raise RefusedError("run.json says that scores follow conduct otherwise than its files show (gaps)")


def _check_displaced(manifest: Mapping[str, Any], tables: Tables, tape: Tape) -> None:
    """Who is said to have lost a place must be whom the tape names."""
    rows = tape.tables["losers"]["row"].astype(np.int64)
    frame = displaced_frame(rows, tables.plan, tables.city)
    if manifest["outputs"][DISPLACED]["content"] != content_of_frame(frame):
        raise RefusedError(f"{DISPLACED} names others than the tape")


def _firm_stays(folder: Path, manifest: Mapping[str, Any], tables: Tables, rows: int | None) -> NDArray[Any]:
    """The stays of firms on lists, from the log (`rows` of it) or, of a complete run, from its table."""
    if rows is not None:
        return stays_in(np.array(read_npy(folder / UNFINISHED / "firm_log.npy")[:rows]))
    if tables.firms is None:
        return stays_in(np.zeros(0, np.int64))
    frame = read_lists(folder, FIRM_LISTS)
    if content_of_frame(frame) != manifest["outputs"][FIRM_LISTS]["content"]:
        raise RefusedError(f"{FIRM_LISTS} has another content than run.json says")
    return stays_of(frame, tables.firms.plan, residents_of(frame))


class Log:
    """Listings of a run that is not complete: the growing log."""

    def __init__(self, folder: Path, rows: int) -> None:
        log = np.array(read_npy(folder / UNFINISHED / "log.npy")[:rows])
        self.log: NDArray[np.int64] = log[np.argsort(logged_who(log), kind="stable")]
        if len(log) < rows or log.dtype != np.int64:
            raise RefusedError("its log of listings is not one that this program writes")

    def stays(self) -> NDArray[Any]:
        """Every listing, as numbers."""
        return stays_in(self.log)

    def differs(self, first: int, end: int, log: NDArray[np.int64]) -> bool:
        """Whether the log of residents `first`..`end`-1 is another one."""
        low, high = np.searchsorted(logged_who(self.log), (first, end))
        return not np.array_equal(np.sort(self.log[low:high]), log)


class Stays:
    """Listings of a complete run: `lists.parquet`."""

    def __init__(self, folder: Path, manifest: Mapping[str, Any], tables: Tables) -> None:
        self.tables, self.frame = tables, read_lists(folder)
        if content_of_frame(self.frame) != manifest["outputs"][LISTS]["content"]:
            raise RefusedError(f"{LISTS} has another content than run.json says")
        self.residents = residents_of(self.frame)

    def stays(self) -> NDArray[Any]:
        """Every listing, as numbers."""
        return stays_of(self.frame, self.tables.plan, self.residents)

    def differs(self, first: int, end: int, log: NDArray[np.int64]) -> bool:
        """Whether the rows of residents `first`..`end`-1 are others than those of a log."""
        held = self.frame.filter((self.residents >= first) & (self.residents < end))
        return not held.equals(frame_of(stays_in(log), self.tables.plan, self.tables.city))


def read_lists(folder: Path, name: str = LISTS) -> pl.DataFrame:
    """Read `lists.parquet`, or that of firms. RefusedError if it is none."""
    import polars as pl

    try:
        return pl.read_parquet(folder / name)
    except (OSError, pl.exceptions.PolarsError):
        raise RefusedError(f"{name} cannot be read") from None
