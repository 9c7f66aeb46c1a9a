"""One small run that all tests of a session read, and what makes further ones quick."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.results.small import full_setup, setup_of

from vitropolis.engine import run as engine_run
from vitropolis.engine.scenario import Setup
from vitropolis.results import play_to_folder, reader


@pytest.fixture(scope="session", autouse=True)
def _quick_tables() -> Iterator[None]:
    """Tables depend on plan and city alone: made once a session for each, not once a run."""
    real, made = engine_run.Tables, {}

    def tables(plan: Any, city: Any) -> Any:
        worlds = tuple((world.name, world.policy.digest, world.assumptions.digest) for world in plan.worlds)
        key = (worlds, plan.start, plan.days, plan.seed, city.digest)
        if key not in made:
            made[key] = real(plan, city)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine_run, "Tables", tables)
        patch.setattr(reader, "Tables", tables)
        yield


def _played(factory: pytest.TempPathFactory, name: str, setup: Setup) -> Path:
    """A complete run, played once for all workers of a session."""
    base = factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"{name}.run"
    if not shared.exists():
        mine = shared.with_name(f"{shared.name}-{os.getpid()}")
        play_to_folder(setup, mine, threads=1)
        try:
            mine.rename(shared)
        except OSError:  # another worker was quicker
            shutil.rmtree(mine)
    return shared


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete run (see `small.setup_of`); read only: `copied` makes one to change."""
    return _played(tmp_path_factory, "whole", setup_of())


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of a policy in which every mechanism fires (see `small.full_setup`)."""
    return _played(tmp_path_factory, "full", full_setup())


@pytest.fixture(scope="session")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in which everything fires, of which all is played and nothing written; read only."""

    class Killed(BaseException):
        pass

    def killing(*_: Any) -> None:
        raise Killed

    out = tmp_path_factory.mktemp("stopped") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vitropolis.results.writer.Run.finish", killing)
        with pytest.raises(Killed):
            play_to_folder(full_setup(), out)
    return out


@pytest.fixture
def copied(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "copied"))


@pytest.fixture
def copied_full(full: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(full, tmp_path / "copied"))
