"""The engine against the slow second opinion: equal in everything, on scenarios in which everything happens."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.oracle.engine_view import all_days, daily_totals, played, view_of
from tests.oracle.opinions import FULL, LONG, QUICK, second_opinion, shared_folder
from tests.oracle.result import differences
from tests.oracle.scenarios import scenario

from vitropolis.model.rules import WORLDS


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shared_folder(tmp_path_factory)


def compare(index: int, folder: Path) -> None:
    opinion = second_opinion(index, folder)
    simulation, weeks = played(scenario(index))
    found = differences(opinion, view_of(simulation, weeks))
    found += daily_totals(all_days(simulation.plan, weeks), opinion)
    assert not found, "\n".join([f"scenario {index}:", *found])


@pytest.mark.parametrize("index", QUICK)
def test_the_engine_equals_the_oracle(index: int, folder: Path) -> None:
    compare(index, folder)


@pytest.mark.parametrize("index", FULL)
def test_the_engine_equals_the_oracle_in_every_world_of_a_full_pass(index: int, folder: Path) -> None:
    assert len(scenario(index).worlds) == WORLDS
    compare(index, folder)


@pytest.mark.long
@pytest.mark.parametrize("index", LONG)
def test_the_engine_equals_the_oracle_at_length(index: int, folder: Path) -> None:
    compare(index, folder)
