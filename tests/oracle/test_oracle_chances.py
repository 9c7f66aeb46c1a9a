"""The oracle's own chance and arithmetic against published and hand-worked answers."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from statistics import NormalDist

import pytest
from tests.oracle.chances import (
    ONE32,
    cum,
    delay_days,
    delay_ends,
    exp,
    falls_to,
    geometric_quantiles,
    normal_quantile,
    pi,
    running_ends,
    s16,
    s32,
    trait_quantile,
)
from tests.oracle.enrolment import BELOW_ALL, Cut, band_cut, ramp_share, rank_cut
from tests.oracle.philox import Chance, Words, philox
from tests.oracle.world import faded

HALF = Fraction(1, 2)
ONES = 0xFFFFFFFF


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [  # random123 tests/kat_vectors, philox4x32 10
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_the_published_answers(counter: Words, key: tuple[int, int], expected: Words) -> None:
    assert philox(counter, key) == expected


def test_a_weeks_numbers_are_the_halves_of_its_words_low_first() -> None:
    chance = Chance(5)
    words = chance.draw(17, 3, 0, 0)
    assert chance.week_numbers(17, 3)[:3] == [words[0] & 0xFFFF, words[0] >> 16, words[1] & 0xFFFF]
    assert len(chance.week_numbers(17, 3)) == 8


def test_rounding_is_half_to_even_and_32_bits_are_never_exceeded() -> None:
    assert [s16(Fraction(n, 2 * 65536)) for n in (1, 3, 5)] == [0, 2, 2]
    assert (s16(1), s32(1), s32(HALF), s32(0.1)) == (65536, ONE32 - 1, ONE32 // 2, 429496730)


def test_a_draw_falls_to_the_first_end_above_it() -> None:
    ends = cum([Fraction(1), Fraction(0), Fraction(2)])
    assert ends == [1431655765, 1431655765, ONE32]
    assert [falls_to(draw, ends) for draw in (0, 1431655764, 1431655765, ONES)] == [0, 0, 2, 2]
    assert running_ends([HALF, Fraction(1, 4), HALF]) == [1 << 31, 3 << 30, ONE32]


def test_constants_have_forty_digits() -> None:
    e = Fraction(2718281828459045235360287471352662497757, 10**39)
    assert abs(exp(Fraction(1)) - e) < Fraction(1, 10**38)
    assert abs(exp(Fraction(-5)) * e**5 - 1) < Fraction(1, 10**36)
    assert abs(pi() - Fraction(3141592653589793238462643383279502884197, 10**39)) < Fraction(1, 10**38)


def test_normal_quantiles_are_right_and_symmetric() -> None:
    for q in range(64):
        assert float(trait_quantile(q)) == pytest.approx(NormalDist().inv_cdf((2 * q + 1) / 128), abs=1e-9)
        assert abs(trait_quantile(q) + trait_quantile(63 - q)) < Fraction(1, 10**50)
    known = Fraction(1959963984540054235524594430520551527955, 10**39)  # of 0.975
    assert abs(normal_quantile(Fraction(975, 1000)) - known) < Fraction(1, 10**38)


def test_waits_are_the_quantiles_of_a_geometric_law() -> None:
    waits = geometric_quantiles(HALF)
    assert Counter(waits) == {1: 128, 2: 64, 3: 32, 4: 16, 5: 8, 6: 4, 7: 2, 8: 1, 9: 1}
    assert geometric_quantiles(Fraction(0)) == [2047] * 256
    assert geometric_quantiles(Fraction(1)) == [1] * 256
    assert max(geometric_quantiles(Fraction(1, 1000))) == 2047


def test_delays_are_one_to_sixty_days() -> None:
    assert delay_ends(Fraction(2))[:3] == [1 << 31, 3 << 30, 7 << 29]
    assert [delay_days(draw, Fraction(2)) for draw in (0, 1 << 31, 3 << 30)] == [1, 2, 3]
    assert delay_days(ONES, Fraction(1)) == 1
    assert delay_days(ONES, Fraction(30)) == 60


def test_fear_fades_to_nothing() -> None:
    share = Fraction(3, 100)
    assert faded(100, share) == 97  # 100 - ceil(100 * 1966 / 65536)
    assert faded(1, share) == 0
    assert faded(255, Fraction(0)) == 255


def test_ramps_are_straight_between_their_dates() -> None:
    ramp = {date(2020, 1, 1): 0.1, date(2020, 1, 11): 0.6}
    shares = [ramp_share(ramp, date(2019, 12, 31)), *(ramp_share(ramp, date(2020, 1, day)) for day in (1, 4, 11, 30))]
    assert shares == [0, Fraction(1, 10), Fraction(1, 4), Fraction(3, 5), Fraction(3, 5)]


def test_a_rank_has_exactly_its_places_but_for_ties() -> None:
    scores = [10, 20, 20, 20, 30]
    assert rank_cut(scores, Fraction(2, 5), best=True) == Cut(True, 20, ONE32 // 3)
    assert rank_cut(scores, Fraction(1, 5), best=False) == Cut(False, 10, ONE32)
    assert rank_cut(scores, Fraction(1, 6), best=True) is None
    cut = Cut(True, 20, 1000)
    assert [cut.has_place(*each) for each in ((30, ONES), (20, 999), (20, 1000), (10, 0))] == [True, True, False, False]


def test_a_relative_band_begins_where_enough_score_less() -> None:
    scores = [10, 20, 20, 30]
    assert [band_cut(scores, part) for part in (0, 250, 500, 999, 1000)] == [BELOW_ALL, 11, 21, 21, 31]
    assert band_cut([], 900) == BELOW_ALL
