"""Compiled code is never older than its sources; two processes may fill an empty cache at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import vitropolis

SOURCES = Path(vitropolis.__file__).parent
SMALL_CITY = """
import json, sys
from datetime import date
from vitropolis.engine.run import Simulation
from vitropolis.engine.scenario import resolve, scenario_for
first, last = date(2020, 6, 1), date(2020, 8, 31)
setup = resolve(scenario_for("beijing-2018-press", filling="harsh", size=2000, first_day=first, last_day=last, seed=3))
days = sum(week.totals.days.sum(axis=(1, 3)) for week in Simulation(setup.plan, setup.city(), threads=1).play())
print(json.dumps(days.tolist()))
"""
# one kernel that calls what another file defines: adding 40 to a deterrence of 230
ONE_KERNEL = """
from typing import Any
import numpy as np
from vitropolis.base.kernels import kernel
from vitropolis.model.deterrence import with_fear

@kernel
def raised(words: Any) -> None:
    words[0] = with_fear(words[0], 0, 40)

words = np.array([230], np.int64)
raised(words)
print(int(words[0]))
"""


class Tree:
    """A copy of the source tree, and a kernel cache of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.cache = folder / "tree", folder / "cache"
        shutil.copytree(SOURCES, self.folder / "vitropolis", ignore=shutil.ignore_patterns("__pycache__"))

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / "vitropolis" / file
        text = path.read_text(encoding="utf8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf8")

    def start(self, script: Path) -> subprocess.Popen[str]:
        env = {**os.environ, "PYTHONPATH": str(self.folder), "VITROPOLIS_CACHE": str(self.cache)}
        return subprocess.Popen([sys.executable, str(script)], env=env, stdout=subprocess.PIPE, text=True)

    def said(self, script: Path) -> str:
        process = self.start(script)
        out, _ = process.communicate(timeout=500)
        assert process.returncode == 0
        return out.strip()


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def written(folder: Path, text: str) -> Path:
    path = folder / "script.py"
    path.write_text(text, encoding="utf8")
    return path


def compiled(tree: Tree) -> set[str]:
    return {path.name for path in tree.cache.rglob("*.nbc")}


def test_an_edit_in_another_file_reaches_a_cached_kernel(tree: Tree, tmp_path: Path) -> None:
    script = written(tmp_path, ONE_KERNEL)
    assert tree.said(script) == "255"
    assert compiled(tree)
    assert tree.said(script) == "255"
    tree.edit("model/deterrence.py", "min(level + step, 255)", "min(level + step, 250)")
    assert tree.said(script) == "250"


@pytest.mark.long
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("model/deterrence.py", "min(level + step, 255)", "min(level + step, 20)"),
        ("model/scores.py", "page.sums[place] += points", "page.sums[place] += 2 * points"),
    ],
)
def test_a_constant_in_a_mechanism_changes_the_run(tree: Tree, tmp_path: Path, file: str, old: str, new: str) -> None:
    script = written(tmp_path, SMALL_CITY)
    before = json.loads(tree.said(script))
    assert json.loads(tree.said(script)) == before
    tree.edit(file, old, new)
    assert json.loads(tree.said(script)) != before


@pytest.mark.long
def test_two_processes_with_an_empty_cache(tree: Tree, tmp_path: Path) -> None:
    script = written(tmp_path, SMALL_CITY)
    both = [tree.start(script), tree.start(script)]
    out = [process.communicate(timeout=550)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert out[0] == out[1]
    assert tree.said(script) == out[0].strip()
