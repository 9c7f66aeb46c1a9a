"""Browser tests that cannot run say so last, where nobody overlooks it; where they are required, that is a failure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.browser.chromium import ARGUMENTS, NAMES, NOT_RUN, find, lacking
from tests.house.tree import ROOT

ONE = "tests/browser/test_looks.py::test_a_planted_fault_is_noticed"


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a browser; the folder is all of its PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("VITROPOLIS_BROWSER", raising=False)
    monkeypatch.delenv("VITROPOLIS_REQUIRE_BROWSER", raising=False)
    return tmp_path


def suite(*options: str) -> subprocess.CompletedProcess[str]:
    words = ["-m", "pytest", "-p", "no:cacheprovider", ONE, *options]
    return subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("workers", ["0", "1"])
def test_the_last_line_says_that_they_did_not_run_and_how_to_get_one(bare: Path, workers: str) -> None:
    done = suite("-n", workers)
    last = done.stdout.splitlines()[-1]
    assert done.returncode == 0 and last.startswith(NOT_RUN)
    assert "apt-get install chromium" in last and "VITROPOLIS_BROWSER=" in last


def test_where_they_are_required_it_is_a_failure(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITROPOLIS_REQUIRE_BROWSER", "1")
    done = suite("-n", "0")
    assert done.returncode == 1 and NOT_RUN in done.stdout and "1 error" in done.stdout


def test_nothing_is_said_where_no_browser_test_was_asked_for(bare: Path) -> None:
    assert NOT_RUN not in suite("-n", "0", "-k", "nothing of the kind").stdout


def program(path: Path) -> Path:
    path.write_text("#!/bin/sh\n", encoding="ascii")
    path.chmod(0o755)
    return path


def test_the_one_that_was_chosen_is_taken_or_none_is(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find() is None and "there is no Chromium" in lacking()
    for name in reversed(NAMES):
        assert find() != str(bare / name)
        program(bare / name)
        assert find() == str(bare / name)
    chosen = program(bare / "mine")
    monkeypatch.setenv("VITROPOLIS_BROWSER", str(chosen))
    assert find() == str(chosen) and not lacking()
    monkeypatch.setenv("VITROPOLIS_BROWSER", str(bare / "gone"))
    assert find() is None and "gone is no program" in lacking()


def test_the_browser_asks_nobody_for_anything_by_itself() -> None:
    assert {"--disable-background-networking", "--disable-component-update", "--disable-sync"} <= set(ARGUMENTS)
