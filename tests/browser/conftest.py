"""One Chromium, servers over folders of runs, and small runs to look at that are made once for all workers."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser.chromium import ARGUMENTS, find, is_required, lacking

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext
    from tests.browser.served import Heard, Served

PATIENCE = 15_000  # milliseconds for what a page does by itself
PLAYED = ("run", "beijing-2018-press", "--filling", "middle", "--size", "1000", "--no-ranges", "--out")
COMPARED = ("compare", "beijing-2018-press", "rongcheng-2014", "--size", "1000", "--out")
New = Callable[..., "tuple[BrowserContext, Heard]"]
Serve = Callable[..., "Served"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where there is no browser, every test that needs one is left out, or fails if it must not be."""
    if not lacking() or is_required():
        return
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.skip(reason=lacking()))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this worker."""
    if lacking():
        pytest.fail(lacking())
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def new(chromium: Browser) -> Iterator[New]:
    """Open a context of its own, listened to from its first request; closed with the test."""
    from tests.browser.served import Heard, on_loopback

    with ExitStack() as stack:

        def open_(may_ask: Callable[[str], bool] = on_loopback, **options: object) -> tuple[BrowserContext, Heard]:
            context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]
            context.set_default_timeout(PATIENCE)
            stack.callback(context.close)
            return context, Heard(context, may_ask)

        yield open_


@pytest.fixture(scope="session")
def made(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small complete run and a comparison; read only, one for all workers."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "looked-at"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worker may be making them
        if not shared.exists():
            mine = shared.with_suffix(".draft")
            for name, call in (("run", PLAYED), ("both", COMPARED)):
                words = [sys.executable, "-m", "vitropolis", *call, str(mine / name), "--quiet"]
                subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
            mine.rename(shared)
    return shared


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start a server over a folder of runs, by itself a new and empty one; it ends with the test."""
    from tests.browser.served import Served

    with ExitStack() as stack:

        def start(*options: str, holding: Path | None = None) -> Served:
            runs = tmp_path / "runs"
            if holding is not None:
                shutil.copytree(holding, runs)
            served = Served(runs, *options)
            stack.callback(served.stop)
            return served

        yield start


@pytest.fixture(scope="session")
def shown(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that shows the small run and the comparison, and would play more."""
    from tests.browser.served import Served

    runs = tmp_path_factory.mktemp("shown") / "runs"
    shutil.copytree(made, runs)
    served = Served(runs)
    yield served
    served.stop()
