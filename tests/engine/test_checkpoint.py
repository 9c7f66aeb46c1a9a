"""Checkpoints: whole or not there, without traits, and of no chunk size."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.results.small import setup_of

from vitropolis.base.errors import RefusedError
from vitropolis.base.npyfile import NpyFile
from vitropolis.engine import checkpoint
from vitropolis.engine import run as engine_run
from vitropolis.engine.checkpoint import Checkpoint, checkpoints_in, restore, save, weeks_to_keep
from vitropolis.engine.columns import COLUMNS
from vitropolis.engine.run import Simulation
from vitropolis.engine.scenario import Setup
from vitropolis.model.files import LINK, LISTING


@pytest.fixture(scope="module")
def setup() -> Setup:
    return setup_of(size=2000)


@pytest.fixture(scope="module")
def tables(setup: Setup) -> engine_run.Tables:
    return engine_run.Tables(setup.plan, setup.city())


@pytest.fixture(autouse=True)
def _one_set_of_tables(tables: engine_run.Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one test alone: a patch that outlived the module would meet whatever the worker runs next."""
    monkeypatch.setattr(engine_run, "Tables", lambda plan, city: tables)


def played(setup: Setup, weeks: int, **how: int) -> Simulation:
    simulation = Simulation(setup.plan, setup.city(), **how)
    for _ in simulation.play(weeks):
        pass
    return simulation


def content(simulation: Simulation, home: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((save(simulation, home, {}) / checkpoint.NAME).read_text())["content"]
    return found


def test_a_checkpoint_has_no_chunks(setup: Setup, tmp_path: Path) -> None:
    found = [content(played(setup, 9, chunk=size), tmp_path / str(size)) for size in (8192, 500, 70)]
    assert found[0] == found[1] == found[2]


def test_a_run_goes_on_from_a_checkpoint_with_other_chunks(setup: Setup, tmp_path: Path) -> None:
    folder = save(played(setup, 8, chunk=600), tmp_path, {"rows": {"log": 5}})
    other = Simulation(setup.plan, setup.city(), threads=1, chunk=90)
    assert restore(other, folder) == {"rows": {"log": 5}}
    assert other.week == 8
    for _ in other.play():
        pass
    assert content(other, tmp_path / "other") == content(played(setup, 12), tmp_path / "straight")


def test_it_holds_no_trait_and_nothing_pickled(setup: Setup, tmp_path: Path) -> None:
    folder = save(played(setup, 2), tmp_path, {})
    names = {path.stem for path in folder.iterdir()}
    assert names >= {"files", "held", "wake", "fear_0", "fear_1", "score_0", "pending_record", "city_people"}
    traits = {column.name for column in COLUMNS if column.trait}
    assert traits
    assert not {name for name in names for trait in traits if name.startswith(trait)}
    for path in folder.glob("*.npy"):
        assert np.load(path).dtype != object  # np.load refuses pickles


def test_files_are_words_without_links(setup: Setup, tmp_path: Path) -> None:
    kept = Checkpoint(save(played(setup, 10), tmp_path, {}))
    words = kept.array("files")
    assert len(words) == kept.starts[-1] > 500
    assert (words >> LINK == 0).all()
    assert (words & LISTING != 0).sum() > 0  # listings


def test_two_are_kept(setup: Setup, tmp_path: Path) -> None:
    simulation = played(setup, 1)
    for _ in range(3):
        save(simulation, tmp_path, {})
        simulation.play_week()
    assert [path.name for path in checkpoints_in(tmp_path)] == ["week-0003", "week-0002"]


def test_a_disk_that_is_full_leaves_no_half_checkpoint(
    setup: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(NpyFile, "sync", full)
    with pytest.raises(OSError, match="full"):
        save(played(setup, 1), tmp_path, {})
    assert list(tmp_path.iterdir()) == []


def test_what_was_changed_or_is_of_another_run_is_refused(setup: Setup, tmp_path: Path) -> None:
    folder = save(played(setup, 3), tmp_path, {})
    names = ["court-list-2017", "none"]
    with pytest.raises(RefusedError, match="is of another run"):
        Checkpoint(folder).check(2000, names)
    wake = np.load(folder / "wake.npy")
    wake[7] ^= 1
    np.save(folder / "wake.npy", wake)
    with pytest.raises(RefusedError, match=r"wake\.npy was changed after it was written"):
        restore(Simulation(setup.plan, setup.city()), folder)
    (folder / "held.npy").unlink()
    with pytest.raises(RefusedError, match=r"held\.npy is missing or damaged"):
        restore(Simulation(setup.plan, setup.city()), folder)
    (folder / checkpoint.NAME).write_text("{}")
    with pytest.raises(RefusedError, match="was written by another version"):
        Checkpoint(folder)


def test_spacing_ends_at_the_last_week() -> None:
    assert weeks_to_keep(21_893_095, 111, 2, 2) == (55, 111)
    assert weeks_to_keep(20_000, 111, 2, 2)[-1] == 111
    assert weeks_to_keep(1000, 1, 1, 1) == (1,)


def test_nobody_sees_where_files_begin_half_done(setup: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads ask for it side by side: whoever comes while it is worked out must not be given what is not there yet."""
    kept = checkpoint.Checkpoint(save(played(setup, 8), tmp_path, {})).firms
    words, seen, whole = len(kept.array("files")), [], np.cumsum

    def while_another_asks(*args: Any, **how: Any) -> Any:
        monkeypatch.setattr(np, "cumsum", whole)
        seen.append(int(kept.starts[-1]))
        return whole(*args, **how)

    monkeypatch.setattr(np, "cumsum", while_another_asks)
    assert int(kept.starts[-1]) == words > 0
    assert seen == [words]
