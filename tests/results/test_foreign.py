"""Line 1: a run folder that this model did not make is refused by whatever opens one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray
from tests.results.small import contents, forge_state, forge_tape, rehash, setup_of

from vitropolis.base.errors import RefusedError, UsageError
from vitropolis.engine.checkpoint import Checkpoint, checkpoints_in
from vitropolis.engine.chunks import cut
from vitropolis.engine.run import Tables
from vitropolis.model.rules import DISTRICTS
from vitropolis.results import open_run, play_to_folder, resume
from vitropolis.results.lists import content_of_frame
from vitropolis.results.reader import Stays
from vitropolis.results.tape import Tape
from vitropolis.results.verify import Evidence, Replayed, compare, picked, replayed

Rows = NDArray[Any]


def test_an_honest_folder_is_opened(whole: Path) -> None:
    run = open_run(whole)
    assert run.complete
    assert run.city.n == 3000
    assert run.checkpoint is not None
    assert run.checkpoint.week == run.setup.plan.weeks


def one_point_each(values: Rows) -> Rows:
    return values + 1


def without_first(values: Rows) -> Rows:
    return values[1:]


def with_an_invented_report(values: Rows) -> Rows:
    made = values[:1].copy()
    made["week"], made["source"], made["record"] = values["week"][-1], -1, values["record"][-1]
    made["resident"] = 2999
    return np.concatenate([values, made])


def moved(values: Rows) -> Rows:
    changed = values.copy()
    changed["resident"] = (changed["resident"] + 1) % 3000
    return changed


def moodier(values: Rows) -> Rows:
    changed = values.copy()
    changed["level"] = 15
    return changed


def busier(values: Rows) -> Rows:
    changed = values.copy()
    changed["entry"] |= 15 << 4
    return changed


def unsorted(values: Rows) -> Rows:
    return values[::-1].copy()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("score_0", one_point_each),
        ("fear_0", one_point_each),
        ("lists_0", one_point_each),
        ("wake", one_point_each),
        ("files", one_point_each),
        ("pending_record", without_first),
    ],
)
def test_state_that_was_changed_everywhere_is_refused(copied: Path, name: str, change: Callable[[Rows], Rows]) -> None:
    forge_state(copied, name, change)
    with pytest.raises(RefusedError, match=r"is refused: .*(not what this model makes|does not fit together)"):
        open_run(copied)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("messages", without_first),
        ("messages", with_an_invented_report),
        ("messages", moved),
        ("messages", unsorted),
        ("moods", moodier),
        ("workplaces", busier),
        ("ranks", without_first),
    ],
)
def test_a_tape_that_was_changed_is_refused(copied: Path, name: str, change: Callable[[Rows], Rows]) -> None:
    forge_tape(copied, name, change)
    with pytest.raises(RefusedError, match="is refused: "):
        open_run(copied)


def test_listings_that_were_changed_are_refused(copied: Path) -> None:
    frame = pl.read_parquet(copied / "lists.parquet")
    other = (
        pl.when(pl.col("bin_breach") == "wrong fact").then(pl.lit("breach as recorded")).otherwise(pl.lit("wrong fact"))
    )
    for forged in (frame[1:], frame.with_columns(other.alias("bin_breach"))):
        forged.write_parquet(copied / "lists.parquet")
        rehash(copied, "lists.parquet", content_of_frame(forged))
        with pytest.raises(RefusedError, match="the listings of residents"):
            open_run(copied)


@pytest.fixture(scope="module")
def many() -> tuple[Tables, list[tuple[int, int, int]]]:
    """A city cut into many chunks, so that sixteen of them are few."""
    setup = setup_of()
    city = setup.city()
    return Tables(setup.plan, city), cut(city, 40)


def evidence(folder: Path, tables: Tables) -> Evidence:
    kept = Checkpoint(checkpoints_in(folder / "checkpoints")[0])
    rows = kept.said["facts"]["rows"]
    tape = Tape(folder / "tape", rows, len(tables.plan.worlds), DISTRICTS, len(tables.city.firm_size))
    manifest = json.loads((folder / "run.json").read_text())
    return Evidence(kept.week, kept, tape, Stays(folder, manifest, tables))


def is_refused(result: Replayed, found: Evidence) -> bool:
    try:
        compare(result, found)
    except RefusedError:
        return True
    return False


def forge_scores(folder: Path, residents: list[int]) -> None:
    def change(values: Rows) -> Rows:
        values[residents] += 1
        return values

    forge_state(folder, "score_0", change)


def forge_messages(folder: Path, residents: list[int]) -> None:
    """Give somebody of each chunk a message that nobody sent, in the middle of the run."""

    def change(values: Rows) -> Rows:
        made = np.repeat(values[-1:], len(residents))
        made["week"], made["source"], made["resident"] = 6, np.roll(residents, 1), residents
        made["record"] = values["record"][-1]
        rows = np.concatenate([values, made])
        return rows[np.lexsort((rows["source"], rows["record"], rows["resident"], rows["week"]))]

    forge_tape(folder, "messages", change)


@pytest.mark.parametrize("forge", [forge_scores, forge_messages])
def test_a_quarter_of_foreign_chunks_is_noticed(
    copied: Path, many: tuple[Tables, list[tuple[int, int, int]]], forge: Callable[[Path, list[int]], None]
) -> None:
    tables, cuts = many
    assert len(cuts) >= 64
    bad = sorted(np.random.default_rng(5).permutation(len(cuts))[: len(cuts) // 4].tolist())
    forge(copied, [cuts[place][0] for place in bad])
    found = evidence(copied, tables)
    results = list(replayed(tables, found.tape, found.weeks, cuts, 1))
    noticed = {place for place, result in enumerate(results) if is_refused(result, found)}
    assert noticed == set(bad) if forge is forge_scores else noticed >= set(bad)
    refused = sum(any(place in bad for place in picked(len(cuts), entropy)) for entropy in range(100))
    assert refused >= 95


def test_picks_are_sixteen_and_differ() -> None:
    assert picked(5, 9) == [0, 1, 2, 3, 4]
    found = [tuple(picked(2700, entropy)) for entropy in range(50)]
    assert all(len(set(each)) == 16 for each in found)
    assert len(set(found)) == 50
    assert len({place for each in found for place in each}) > 650


def test_an_interrupted_folder_is_checked_too(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def killing(*_: Any) -> None:
        raise Killed

    monkeypatch.setattr("vitropolis.results.writer.Run.finish", killing)
    with pytest.raises(Killed):
        play_to_folder(setup_of(), tmp_path / "run")
    monkeypatch.undo()
    assert not open_run(tmp_path / "run").complete
    forged = Path(shutil.copytree(tmp_path / "run", tmp_path / "forged"))
    forge_state(forged, "score_0", one_point_each)
    with pytest.raises(RefusedError, match=r"the state of residents 0 to .* \(score_0\)"):
        resume(forged)
    log = np.load(tmp_path / "run" / "unfinished" / "log.npy")
    np.save(tmp_path / "run" / "unfinished" / "log.npy", log ^ (1 << 57))
    with pytest.raises(RefusedError, match="the listings of residents"):
        resume(tmp_path / "run")
    assert sorted(contents(whole))


def test_what_is_no_run_folder_is_said_to_be_none(tmp_path: Path, copied: Path) -> None:
    with pytest.raises(UsageError, match="is no run folder: it has no run"):
        open_run(tmp_path)
    (tmp_path / "run.json").write_text("[]")
    with pytest.raises(RefusedError, match="is not one that this program writes"):
        open_run(tmp_path)
    (copied / "inputs" / "run.scenario.yaml").write_text("seed: 4\n")
    with pytest.raises(RefusedError, match="is missing or was changed after the run"):
        open_run(copied)


def test_a_changed_file_is_named(copied: Path) -> None:
    with (copied / "indicators.nc").open("r+b") as stream:
        stream.seek(5000)
        stream.write(b"real")
    with pytest.raises(RefusedError, match=r"indicators\.nc is missing or was changed after it was written"):
        open_run(copied)
