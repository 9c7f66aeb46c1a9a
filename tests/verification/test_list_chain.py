"""A list as a two-state chain through the engine's own lists."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vitropolis.verification import list_chain
from vitropolis.verification.list_chain import DAYS, Law, cases_of, engine_law, ideal_law, lives


def two_state(days: int, enter: float = 0.002, leave: float = 0.01) -> float:
    """P(listed on a day | clean on day 0) of the memoryless chain."""
    return enter / (enter + leave) * (1 - (1 - enter - leave) ** days)


def test_the_published_values_are_those_of_the_memoryless_chain() -> None:
    assert two_state(365) == pytest.approx(0.164634, abs=5e-7)
    assert pytest.approx(0.518443, abs=5e-7) == 1 - 0.998**365
    assert pytest.approx(0.696159, abs=5e-7) == 0.988**30


def test_the_law_gives_them_for_a_memoryless_listing() -> None:
    """The recursion itself, fed with many mid-quantiles of a plain geometric law: a check of its algebra."""
    plain = Law(tuple(spell - 1 for spell in ideal_law().spells))
    assert plain.mean_spell == pytest.approx(99, abs=0.01)
    assert 1 - plain.after(365)[0] == pytest.approx(two_state(365, leave=1 / 99), abs=2e-5)


def test_the_table_of_quantiles_costs_little() -> None:
    table, ideal = engine_law(), ideal_law()
    assert table.mean_spell == pytest.approx(100, abs=1e-9)
    assert abs(table.listed_late - 1 / 6) < 1e-5
    assert abs(table.correlation - ideal.correlation) < 1e-4
    assert abs(table.after(365)[0] - ideal.after(365)[0]) < 2e-4


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_engine_keeps_the_law(seed: int) -> None:
    cases = cases_of(lives(20_000, seed), f"seed {seed}:")
    assert [f"{case.name} z {case.z:.2f}" for case in cases if not case.holds] == []


def test_listings_of_one_resident_do_not_overlap() -> None:
    found = lives(2_000, 1)
    same = found.who[1:] == found.who[:-1]
    assert same.any()
    assert (found.begun[1:][same] > found.ended[:-1][same]).all()
    lasted = (found.ended - found.begun)[found.ended < DAYS]
    assert lasted.min() == 2  # a day to find that there is no ground, a day or more of lag


def test_another_law_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = lives(20_000, 1)
    monkeypatch.setattr(list_chain, "engine_law", lambda: replace(engine_law(), enter=0.0022))
    assert [case for case in cases_of(found, "wrong:") if not case.holds]


@pytest.mark.long
def test_at_full_length() -> None:
    assert list_chain.main()
