"""A small run that this model made, and servers over a folder that holds a copy of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.results.small import setup_of

from vitropolis.results import play_to_folder
from vitropolis.server.app import make_app
from vitropolis.server.settings import Limits, Settings

HERE = "http://127.0.0.1:8765"
Serve = Callable[..., TestClient]


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete run; read only."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "served.run"
    if not shared.exists():
        mine = shared.with_name(f"{shared.name}-{os.getpid()}")
        play_to_folder(setup_of(1000, 40), mine, threads=1)
        try:
            mine.rename(shared)
        except OSError:  # another worker was quicker
            shutil.rmtree(mine)
    return shared


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    folder = tmp_path / "runs"
    folder.mkdir()
    return folder


@pytest.fixture
def serve(runs: Path) -> Iterator[Serve]:
    """Start an application over the folder of runs; it ends with the test."""
    with ExitStack() as stack:

        def start(**settings: object) -> TestClient:
            limits = settings.pop("limits", Limits(asks=(100_000, 100_000.0), checks=(10_000, 1_000.0)))
            asked = Settings(**{"runs": runs, "port": 8765, "limits": limits, **settings})  # type: ignore[arg-type]
            guard = make_app(asked)
            stack.callback(guard.server.jobs.stop_running)
            return stack.enter_context(TestClient(guard, base_url=HERE, raise_server_exceptions=False))

        yield start


@pytest.fixture
def client(serve: Serve) -> TestClient:
    """A server that only shows."""
    return serve(readonly=True)
