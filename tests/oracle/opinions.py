"""The oracle's results of one test session, each played by whichever worker needs it first."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
from tests.oracle.cities import seen
from tests.oracle.play import play_oracle
from tests.oracle.result import OracleResult
from tests.oracle.scenarios import scenario

QUICK, LONG = range(20), range(20, 440)
FULL = (-1, -2)  # in which a pass is full


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of a session share."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "oracle"
    folder.mkdir(exist_ok=True)
    return folder


def second_opinion(index: int, folder: Path) -> OracleResult:
    kept = folder / f"{index}.pickle"
    if kept.exists():
        found: OracleResult = pickle.loads(kept.read_bytes())
        return found
    chosen = scenario(index)
    city = seen(chosen.residents, chosen.city_seed)
    result = play_oracle(city, chosen.worlds, chosen.seed, chosen.start, chosen.days, chosen.firms)
    unfinished = folder / f"{index}.{os.getpid()}"
    unfinished.write_bytes(pickle.dumps(result))
    unfinished.rename(kept)
    return result
