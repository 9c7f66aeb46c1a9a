"""A script is worth something if it notices: with one constant of its mechanism changed, in a copy, it misses."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.house.tree import PACKAGE

# script, file of the mechanism, what stands there, what is written instead
QUICK = (
    ("queue", "engine/queues.py", "done = min(gone + most, come)", "done = min(gone + most - 1, come)"),
    ("queue", "engine/queues.py", "* court.pace / 100_000", "* court.pace / 101_000"),
    ("inequality", "report/inequality.py", "2 * np.arange(others + 1, people + 1) - people - 1",
     "2 * np.arange(others + 1, people + 1) - people"),
    ("inequality", "report/inequality.py", "/ (len(moves) - 1))", "/ len(moves))"),
    ("reputation", "base/draws.py", "np.uint64(0xCD9E8D57)", "np.uint64(0x0)"),
)  # fmt: skip
# what compiles kernels anew takes a minute each
CHANGES = (
    ("base_rates", "model/conduct.py", "if mark < share and tables.nature[word] == 0:",
     "if mark < share - (share >> 3) and tables.nature[word] == 0:"),
    ("list_chain", "model/clerks.py", "days = int64(rules.deletion[world", "days = 9 + int64(rules.deletion[world"),
    ("contagion", "model/spillover.py", "if int64(lot) < rules.spill_known", "if int64(lot) < 2 * rules.spill_known"),
    ("refusals", "model/requests.py", "times = demand.tries[world, 1 if level else 0, tries]",
     "times = 1 + demand.tries[world, 1 if level else 0, tries]"),
    ("degrees", "city/build.py", '"firm_size": firms.size}', '"firm_size": firms.size + 1}'),
)  # fmt: skip


def played(folder: Path, script: str, file: str, old: str, new: str) -> subprocess.CompletedProcess[str]:
    """Play a script from a copy of the tree with one change (none where `old` is `new`)."""
    copy = folder / "tree" / "vitropolis"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    path = copy / file
    text = path.read_text(encoding="utf8")
    assert text.count(old) == 1, f"{file} does not say `{old}` once"
    path.write_text(text.replace(old, new), encoding="utf8")
    env = {**os.environ, "PYTHONPATH": str(copy.parent), "VITROPOLIS_CACHE": str(folder / "cache")}
    call = [sys.executable, "-m", "vitropolis", "verify", script]
    return subprocess.run(call, env=env, cwd=folder, capture_output=True, text=True, check=False, timeout=900)


@pytest.mark.parametrize(("script", "file", "old", "new"), QUICK)
def test_a_changed_constant_is_missed(tmp_path: Path, script: str, file: str, old: str, new: str) -> None:
    done = played(tmp_path, script, file, old, new)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "MISSED" in done.stdout


def test_an_unchanged_copy_misses_nothing(tmp_path: Path) -> None:
    same = QUICK[0][2]
    assert played(tmp_path, "queue", QUICK[0][1], same, same).returncode == 0


@pytest.mark.long
@pytest.mark.parametrize(("script", "file", "old", "new"), CHANGES)
def test_a_changed_constant_of_a_compiled_mechanism_is_missed(
    tmp_path: Path, script: str, file: str, old: str, new: str
) -> None:
    done = played(tmp_path, script, file, old, new)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "MISSED" in done.stdout


@pytest.mark.parametrize(("script", "file", "old", "new"), CHANGES)
def test_what_is_changed_stands_there(script: str, file: str, old: str, new: str) -> None:
    assert (PACKAGE / file).read_text(encoding="utf8").count(old) == 1
    assert old != new
