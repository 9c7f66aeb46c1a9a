"""Name groups cut the residents into disjoint groups, and a namesake never leaves its group."""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitropolis.city import City, kernels
from vitropolis.city.names import make_names, namesakes
from vitropolis.city.permute import permute, round_keys, side_of, unpermute

Build = Callable[[int, int], City]


@given(count=st.integers(1, 5_000), seed=st.integers(0, 2**64 - 1))
@settings(max_examples=60, deadline=None)
def test_the_shuffle_is_a_bijection_and_can_be_undone(count: int, seed: int) -> None:
    keys, places = round_keys(seed, 1), np.arange(count, dtype=np.int64)
    shuffled = permute(places, keys, count)
    assert (np.sort(shuffled) == places).all()
    assert (unpermute(shuffled, keys, count) == places).all()


@pytest.mark.parametrize(("count", "side"), [(1, 1), (2, 2), (4, 2), (5, 3), (9, 3), (10, 4), (21_893_095, 4_680)])
def test_the_grid_is_the_smallest_square(count: int, side: int) -> None:
    assert side_of(count) == side


@pytest.mark.parametrize("size", [1_000, 1_357, 7_919])
def test_groups_partition_the_residents(built: Build, size: int) -> None:
    city = built(size, {1_000: 1, 1_357: 4, 7_919: 5}[size])
    seen: dict[int, int] = {}
    for resident in range(size):
        if resident not in seen:
            for member in city.name_group(resident).tolist():
                assert member not in seen
                seen[member] = resident
    assert sorted(seen) == list(range(size))
    sizes = Counter(Counter(seen.values()).values())
    assert max(sizes) * 64 <= size
    assert sizes[1] > sizes[max(sizes)]


def test_a_namesake_is_of_the_group_and_every_member_is_equally_likely(built: Build) -> None:
    city = built(2_500, 2**64 - 1)
    group = next(group for group in map(city.name_group, range(city.n)) if group.size >= 16)
    words = np.arange(0, 2**32, 2**32 // 6_400, dtype=np.uint64).astype(np.uint32)
    picked = city.namesakes(np.full(words.size, group[3]), words)
    counts = np.array([np.count_nonzero(picked == member) for member in group])
    assert counts.sum() == words.size
    assert abs(counts - words.size / group.size).max() <= 2


def test_numpy_and_compiled_code_agree(built: Build) -> None:
    names = built(20_000, 6).names
    residents = np.arange(20_000, dtype=np.int64)
    words = (residents.astype(np.uint32) * np.uint32(2_654_435_761)).astype(np.uint32)
    out = np.zeros_like(residents)
    kernels.namesakes(names.start, names.size, names.keys, names.shape, residents, words, out)
    assert (out == namesakes(names, residents, words)).all()
    assert (out != residents).mean() > 0.5


def test_full_size_tables_reach_beijing_and_stay_heavy_tailed() -> None:
    names = make_names([2**power for power in range(13)], [1] * 13, 21_893_095, 1, 13)
    assert names.start[0] == 0
    assert names.start[-1] == 21_893_095
    assert names.size.max() == 4_096
    people = np.diff(names.start)
    assert (people % names.size == 0).all()
    assert abs(people / 21_893_095 - 1 / 13).max() < 0.001
