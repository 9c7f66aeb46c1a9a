"""Legal units follow Axtell's law (Axtell 2001: tail exponent within .03 by maximum likelihood)."""

import numpy as np
import pytest

from vitropolis.city.firms import UNIT_BITS, firm_sizes, law_sizes, make_firms

EXPONENT = 1_059


def likely_exponent(sizes: np.ndarray[tuple[int], np.dtype[np.float64]], least: float) -> float:
    """Hill's estimator: the maximum-likelihood exponent of survival above `least`."""
    tail = sizes[sizes >= least]
    return float(tail.size / np.log(tail / least).sum())


def test_the_law_has_axtells_exponent() -> None:
    sizes = law_sizes(200_000, EXPONENT, 10**8) / (1 << UNIT_BITS)
    for least in (1.0, 2.0, 10.0, 50.0):
        assert abs(likely_exponent(sizes, least) - 1.059) < 0.03
    assert (np.diff(sizes) <= 0).all()
    assert sizes.min() >= 1


def test_whole_firms_keep_the_exponent() -> None:
    law = law_sizes(200_000, EXPONENT, 10**6)
    staff = int((law >> UNIT_BITS).sum())
    sizes = firm_sizes(200_000, staff, EXPONENT, 10**6)
    # whole staff of at least 20: the continuous estimator with the usual half-step below (Clauset and others 2009)
    tail = sizes[(sizes >= 20) & (sizes < 20_000)]
    assert sizes.sum() == staff
    survivors = np.array([(sizes >= size).sum() for size in (20, 200, 2_000)])
    slope = -np.polyfit(np.log([20, 200, 2_000]), np.log(survivors), 1)[0]
    assert abs(slope - 1.059) < 0.03
    assert tail.size > 5_000


@pytest.mark.parametrize(("count", "staff"), [(1, 1), (1, 500), (3, 7), (45, 480), (1_000, 1_000), (5_000, 60_001)])
def test_sizes_sum_to_the_staff(count: int, staff: int) -> None:
    sizes = firm_sizes(count, staff, EXPONENT, 200)
    assert sizes.size == count
    assert sizes.sum() == staff
    assert sizes.min() >= 1


def test_units_stand_in_their_districts_and_sectors_own_their_posts() -> None:
    firms = make_firms([30, 0, 70], [400, 100, 0], EXPONENT, 100, 7, 12)
    assert np.bincount(firms.district, minlength=3).tolist() == [30, 0, 70]
    assert (firms.ends - firms.starts).tolist() == [0, 400, 100, 0]
    for sector in (1, 2):
        posts = firms.posts[firms.starts[sector] : firms.ends[sector]]
        assert (firms.sector[posts] == sector).all()
    assert (np.bincount(firms.posts, minlength=100) == firms.size).all()
