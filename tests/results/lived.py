"""Runs long enough for lives to have a story, played once a session and read only."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from tests.results.small import FIRST, setup_of

from vitropolis.engine.scenario import Setup, resolve, scenario_for
from vitropolis.results import play_to_folder
from vitropolis.results.reader import OpenRun, open_run

RESIDENTS, DAYS = 6000, 210


def lived(factory: pytest.TempPathFactory) -> OpenRun:
    """The harsh filling over thirty weeks."""
    return _opened(factory, "lived.run", setup_of(RESIDENTS, DAYS))


FAIR = """schema_version: 1
extends: beijing-2018-press-harsh
policy: {id: fair, title: "The harsh filling with notice, objection and appeal"}
procedure:
  notice: {when: at}
  objection: {available: true, days: 10}
  appeal: {available: true, window_days: 60, levels: 2, staff_per_100k: 500}
  correction: {removal_days: 3, flag_dispute: true}
"""


def heard(factory: pytest.TempPathFactory) -> OpenRun:
    """The same with notice, objection and appeal, and staff enough to answer."""
    path = factory.mktemp("fair") / "fair.policy.yaml"
    path.write_text(FAIR, encoding="utf-8")
    last = FIRST + timedelta(days=DAYS - 1)
    scenario = scenario_for(path, size=RESIDENTS, first_day=FIRST, last_day=last, seed=3)
    return _opened(factory, "heard.run", resolve(scenario))


def _opened(factory: pytest.TempPathFactory, name: str, setup: Setup) -> OpenRun:
    base = factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    if not shared.exists():
        mine = shared.with_name(f"{name}-{os.getpid()}")
        play_to_folder(setup, mine, threads=1)
        try:
            mine.rename(shared)
        except OSError:  # another worker was quicker
            shutil.rmtree(mine)
    return _open(shared)


@cache
def _open(folder: Path) -> OpenRun:
    return open_run(folder, entropy=1)
