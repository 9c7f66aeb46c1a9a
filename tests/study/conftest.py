"""One small run with all its studies, that the tests of a session read, and copies of it to change."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from tests.study.small import SIZE, setup_of, study

from vitropolis.results import play_to_folder


@pytest.fixture(scope="session")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete run and its studies; read only: `copied` makes one to change."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "studied.run"
    if not shared.exists():
        mine = shared.with_name(f"{shared.name}-{os.getpid()}")
        play_to_folder(setup_of(size=SIZE), mine, threads=1)
        study(mine, threads=2)
        try:
            mine.rename(shared)
        except OSError:  # another worker was quicker
            shutil.rmtree(mine)
    return shared


@pytest.fixture
def copied(studied: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(studied, tmp_path / "copied"))
