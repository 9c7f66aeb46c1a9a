"""Gini of days on black lists and mobility of being on one, by hand, from memory and from a folder."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report import made

from vitropolis.base.errors import RefusedError
from vitropolis.report.inequality import gini, shorrocks
from vitropolis.report.question import FEW
from vitropolis.report.stays import _numbers
from vitropolis.report.totals import Totals
from vitropolis.report.unequal import NOBODY, SHORT, black_list_mobility, days_listed, listed_days_gini, listed_on
from vitropolis.results.lists import STAY


def by_pairs(amounts: list[int]) -> float:
    """Gini as half the mean difference of all pairs over the mean."""
    pairs = sum(abs(one - other) for one, other in product(amounts, amounts))
    return pairs / (2 * len(amounts) * sum(amounts))


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=30), st.integers(0, 20))
def test_gini_is_half_the_mean_difference(amounts: list[int], others: int) -> None:
    found = gini(np.array(amounts), others)
    if not sum(amounts):
        assert found is None
    else:
        assert found == pytest.approx(by_pairs([*amounts, *[0] * others]), abs=1e-12)


def test_days_of_the_made_run() -> None:
    totals = made.totals(made.setup_of())
    lasted = days_listed(totals.stays(0), made.DAYS)
    assert sorted(lasted.tolist()) == [5, 6, 10, 10, 10, 11, 20, 21, 21]
    found = listed_days_gini(totals, 0)
    assert (found.numerator, found.denominator, found.status) == (9, 12_000, FEW)

    assert found.value == pytest.approx(gini(np.concatenate([np.zeros(11_991), lasted])))
    assert black_list_mobility(totals, 0).status == SHORT


def totals_with(rows: list[tuple[int, int, int]], days: int = 500) -> Totals:
    """The made run, longer and with these stays (resident, in, out) in its first world."""
    setup = made.setup_of()
    held = made.totals(setup)
    stays = np.zeros(len(rows), STAY)
    stays["list"] = min(held.black_lists[0])
    for name, column in zip(("resident", "day_in", "day_out"), zip(*rows, strict=True), strict=True):
        stays[name] = column
    held._stays, held.plan = stays, replace(setup.plan, days=days)
    return held


def test_mobility_of_four_by_hand() -> None:
    """On day 134 residents 1, 2, 3 are listed; on day 499 resident 1, again resident 2, and 9."""
    held = totals_with([(1, 0, -1), (2, 100, 200), (2, 400, -1), (3, 134, 499), (9, 300, -1), (8, 135, 499)])
    assert listed_on(held.stays(0), 134).tolist() == [1, 2, 3]
    found = black_list_mobility(held, 0)
    off, on = 1 / 3, 1 / (held.residents - 3)
    assert found.value == pytest.approx(off + on) == shorrocks([[1 - on, on], [off, 1 - off]])
    assert (found.numerator, found.denominator) == (1, 3)


def test_nobody_moves_and_nobody_is_listed() -> None:
    assert black_list_mobility(totals_with([(1, 0, -1)]), 0).value == 0
    assert black_list_mobility(totals_with([(1, 300, -1)]), 0).status == NOBODY
    none = totals_with([(1, 300, -1)])
    none._stays = none._stays[:0]
    assert listed_days_gini(none, 0).status == NOBODY


def test_a_resident_that_is_none_is_refused(tmp_path: Path) -> None:
    import polars as pl

    assert _numbers(pl.Series(["S-abc-17", "S-abc-0"])).tolist() == [17, 0]
    for wrong in ("S-abc", "S-abc-99999999999"):
        with pytest.raises(RefusedError, match="a resident that is none of this run's"):
            _numbers(pl.Series(["S-abc-17", wrong]))
