"""Firms in a run folder: counted, listed, kept, resumed, checked; and nothing of them where no policy covers any."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import polars as pl
import pytest
from tests.results.small import contents, forge_state, forge_tape, setup_of

from vitropolis.base.errors import RefusedError
from vitropolis.city import City
from vitropolis.engine.checkpoint import restore, save
from vitropolis.engine.run import Simulation
from vitropolis.engine.scenario import Setup
from vitropolis.results import open_run, play_to_folder

SETUP: Callable[[], Setup] = setup_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    room = tmp_path_factory.mktemp("firms") / "run"
    play_to_folder(SETUP(), room, threads=2, chunk=512)
    return room


def test_a_folder_with_firms_opens(folder: Path) -> None:
    run = open_run(folder, entropy=5)
    assert run.tables.firms is not None
    frame = pl.read_parquet(folder / "firm_lists.parquet")
    assert frame.is_empty() or frame["resident"].str.starts_with("F-").all()
    with h5py.File(folder / "indicators.nc") as held:
        enrolled = held["firms_enrolled"][:].sum(axis=2)
        assert enrolled[0, -1] == run.tables.firms.city.n  # the policy covers every firm, the twin none
        assert enrolled[1, -1] == 0
        acts, found = held["firms_firm_acts"][:].sum(axis=2), held["firms_found"][:].sum(axis=2)
        assert (found <= acts).all() and acts.sum() > 0
    assert any(
        name.startswith("scores.corporate.bands")
        for name in json.loads((folder / "run.json").read_text())["fired"].popitem()[1]
    )


def test_chunks_and_threads_change_nothing(folder: Path, tmp_path: Path) -> None:
    play_to_folder(SETUP(), tmp_path / "other", threads=1, chunk=64)
    assert contents(tmp_path / "other") == contents(folder)


def test_firms_go_on_from_a_checkpoint(tmp_path: Path) -> None:
    setup = SETUP()
    city: City = setup.city()
    whole, begun = (Simulation(setup.plan, city, 1, 256) for _ in range(2))
    weeks = list(whole.play())
    for _ in begun.play(5):
        pass
    kept = save(begun, tmp_path, {})
    resumed = Simulation(setup.plan, city, 2, 128)
    restore(resumed, kept)
    for mine, theirs in zip(weeks[5:], resumed.play(), strict=True):
        assert mine.firms is not None and theirs.firms is not None
        assert np.array_equal(mine.firms.tally, theirs.firms.tally)
        assert np.array_equal(mine.firms.totals.groups, theirs.firms.totals.groups)
    assert whole.firms is not None and resumed.firms is not None
    for a, b in zip(whole.firms.view(), resumed.firms.view(), strict=True):
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b))


@pytest.mark.parametrize("name", ["firms/clean_0", "firms/quiet_1", "firms/score_0", "firms/wake", "firms/lists_0"])
def test_firms_that_were_changed_are_refused(folder: Path, tmp_path: Path, name: str) -> None:
    copied = Path(shutil.copytree(folder, tmp_path / "copy"))
    forge_state(copied, name, lambda values: values ^ np.array(1, values.dtype) if len(values) else values)
    with pytest.raises(RefusedError):
        open_run(copied, entropy=5)


def test_ranks_of_firms_that_were_changed_are_refused(folder: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copytree(folder, tmp_path / "copy"))
    forge_tape(copied, "firm_ranks", lambda rows: rows[1:])
    with pytest.raises(RefusedError):
        open_run(copied, entropy=5)
