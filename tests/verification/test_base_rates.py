"""The base-rate arithmetic small in every test run and at its published size in the long one."""

from __future__ import annotations

import pytest

from vitropolis.verification import base_rates
from vitropolis.verification.table import Case

SMALL = 60_000


def outside(cases: list[Case]) -> list[str]:
    return [
        f"{case.name}: expected {case.expected}, got {case.got}, z {case.z:.2f}" for case in cases if not case.holds
    ]


def test_the_published_counts_follow_from_the_formula() -> None:
    for prevalence, sensitivity, specificity, right, wrong, precision in base_rates.ROWS:
        true = base_rates.N * prevalence * sensitivity
        false = base_rates.N * base_rates.innocent_chance(prevalence, specificity) * base_rates.SLIP
        assert true == pytest.approx(float(right.replace(",", "")), abs=1e-3)
        assert false == pytest.approx(float(wrong.replace(",", "")), abs=1e-3)
        assert true / (true + false) == pytest.approx(float(precision), abs=4e-6)
    assert pytest.approx(0.043067, abs=1e-6) == 1 - (1 - base_rates.FLAG) ** base_rates.DEPARTMENTS
    assert pytest.approx(0.035844, abs=1e-6) == 1 - (1 - base_rates.DAILY) ** base_rates.DAYS


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_rows_at_small_size(seed: int) -> None:
    cases = base_rates.row_cases(SMALL, seed)
    assert len(cases) == 12
    assert outside(cases) == []


def test_joint_and_daily_checks_at_small_size() -> None:
    assert outside([base_rates.joint_case(SMALL, 1), base_rates.daily_case(SMALL, 1)]) == []


def test_a_wrong_rate_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base_rates, "DAYS", 330)
    plan = base_rates.daily_plan(1)
    monkeypatch.setattr(base_rates, "DAYS", 365)
    monkeypatch.setattr(base_rates, "daily_plan", lambda seed: plan)
    assert outside([base_rates.daily_case(2 * SMALL, 1)])


@pytest.mark.long
def test_at_the_published_size() -> None:
    assert base_rates.main()
