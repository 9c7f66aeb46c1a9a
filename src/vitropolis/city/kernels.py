"""Compiled passes of the synthesis: one household or one resident at a time, integers only.

Every draw is Philox with entity = resident (or household) number in the city, day 0, stream CITY,
slot = step of the synthesis. A pass works on one district, so any number of threads gives the same city.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint32, uint64

from vitropolis.base.kernels import building_kernel, inner, philox

CITY = 16  # Stream.CITY
ADULT, CHILD_GAP, OLDEST_GAP = 18, 16, 49


@inner
def feistel(value: Any, key: Any, side: Any) -> Any:
    """Return the round function of `vitropolis.city.permute`: int64 0..side-1."""
    mixed = uint32(uint32(value) * uint32(0x9E3779B1)) ^ uint32(key)
    mixed = uint32(mixed ^ (mixed >> uint32(16)))
    mixed = uint32(mixed * uint32(0x85EBCA6B))
    mixed = uint32(mixed ^ (mixed >> uint32(13)))
    mixed = uint32(mixed * uint32(0xC2B2AE35))
    mixed = uint32(mixed ^ (mixed >> uint32(16)))
    return int64((uint64(mixed) * uint64(side)) >> uint64(32))


@inner
def permute(place: Any, keys: Any, side: Any, count: Any) -> Any:
    """Return where `place` goes in the shuffle of `count` places on a grid of `side` (int64)."""
    found = int64(place)
    while True:
        left = found // side
        right = found - left * side
        for index in range(6):
            new = left + feistel(right, keys[index], side)
            left = right
            right = new - side if new >= side else new
        found = left * side + right
        if found < count:
            break
    return found


@inner
def unpermute(place: Any, keys: Any, side: Any, count: Any) -> Any:
    """Return where `place` came from; the inverse of `permute`."""
    found = int64(place)
    while True:
        left = found // side
        right = found - left * side
        for index in range(5, -1, -1):
            new = right - feistel(left, keys[index], side)
            right = left
            left = new + side if new < 0 else new
        found = left * side + right
        if found < count:
            break
    return found


@inner
def namesake(start: Any, size: Any, keys: Any, shape: Any, resident: Any, word: Any) -> Any:
    """Return the member of `resident`'s name group that the 32-bit `word` picks (int64); see `city.names`."""
    position = permute(resident, keys, shape[1], shape[0])
    group = 0
    while position >= start[group + 1]:
        group += 1
    first = position - (position - start[group]) % size[group]
    picked = first + int64((uint64(word) * uint64(size[group])) >> uint64(32))
    return unpermute(picked, keys, shape[1], shape[0])


@building_kernel
def namesakes(start: Any, size: Any, keys: Any, shape: Any, residents: Any, words: Any, out: Any) -> None:
    """Fill `out` (int64) with the namesake that `words` (uint32) picks for each of `residents` (int64)."""
    for place in range(residents.size):
        out[place] = namesake(start, size, keys, shape, residents[place], words[place])


@building_kernel
def expand(ends: Any, sizes: Any, slots: Any, keys: Any, side: Any, place: Any, slot: Any) -> None:
    """Lay out one district's households in shuffled order.

    1. household h takes the shuffled number p; its type is the first whose end lies above p
       (`ends` int64[types], cumulative households);
    2. write position << 4 | size and the slot code of every member (`sizes` uint8[types],
       `slots` uint8[types, 15]).
    """
    count = ends[ends.size - 1]
    at = 0
    for household in range(count):
        shuffled = permute(household, keys, side, count)
        low, high = 0, ends.size - 1
        while low < high:
            middle = (low + high) >> 1
            if ends[middle] > shuffled:
                high = middle
            else:
                low = middle + 1
        for member in range(sizes[low]):
            place[at] = (member << 4) | sizes[low]
            slot[at] = slots[low, member]
            at += 1


@building_kernel
def deal(strata: Any, quota: Any, out: Any, base: Any, step: Any, key0: Any, key1: Any) -> None:
    """Deal every resident of a district a value from the urn of their stratum, without putting back.

    `strata` uint16[people] (65535: nothing to do), `quota` int64[strata, values] is used up exactly when its
    rows sum to the people of each stratum; `out` uint8[people] gets the value.
    """
    left = quota.sum(axis=1)
    for person in range(strata.size):
        stratum = strata[person]
        if stratum == 65535:
            continue
        word = philox(base + person, 0, CITY, step, key0, key1)[0]
        ball = int64((uint64(word) * uint64(left[stratum])) >> uint64(32))
        value = 0
        while ball >= quota[stratum, value]:
            ball -= quota[stratum, value]
            value += 1
        quota[stratum, value] -= 1
        left[stratum] -= 1
        out[person] = value


@building_kernel
def deal_household(strata: Any, place: Any, quota: Any, out: Any, base: Any, step: Any, key0: Any, key1: Any) -> None:
    """Deal every household one value for all its members; the urns count people.

    As `deal`, but `strata` is read at the first member, and the household's size leaves the urn. A value may
    run out in the middle of a household: then it simply has none left, so totals miss by a few people
    (`vitropolis.city.fifths` mends that).
    """
    person = 0
    while person < strata.size:
        size = place[person] & 15
        stratum = strata[person]
        left = int64(0)
        for value in range(quota.shape[1]):
            left += max(quota[stratum, value], 0)
        word = philox(base + person, 0, CITY, step, key0, key1)[0]
        ball = int64((uint64(word) * uint64(left)) >> uint64(32))
        value = 0
        while value < quota.shape[1] - 1 and ball >= max(quota[stratum, value], 0):
            ball -= max(quota[stratum, value], 0)
            value += 1
        quota[stratum, value] -= size
        for member in range(size):
            out[person + member] = value
        person += size


@inner
def draw_age(ends: Any, low: Any, high: Any, word: Any) -> Any:
    """Return an age in low..high by the weights behind `ends` (int64[102], ends[a] = weight below age a)."""
    weight = ends[high + 1] - ends[low]
    if weight <= 0:
        return low + int64((uint64(word) * uint64(high - low + 1)) >> uint64(32))
    ball = ends[low] + int64((uint64(word) * uint64(weight)) >> uint64(32))
    age = low
    while ends[age + 1] <= ball:
        age += 1
    return age


@building_kernel
def ages(place: Any, slot: Any, band: Any, weights: Any, age: Any, base: Any, step: Any, key0: Any, key1: Any) -> None:
    """Give every resident of 15 and more an age; `age` (uint8) already holds the children's.

    Slots: 0 head and 1 spouse of 15-59, 2 head and 3 spouse of 60+, 4 parent of the head, 5 child of 15-59,
    6 child of 0-14, 7 other, 8 collective. Bands: 0 is 15-59, 1 is 60-64, 2 is 65+ (read at 2, 3, 4 and 8).
    `weights` int64[2, 102]: family and collective, cumulative. For each household:
    1. collect what binds the head: children's ages, a grown child, a parent of 60-64, a spouse of another band;
    2. draw the head, then the spouse near the head, in the same bounds;
    3. draw grown children and parents within 16-49 years of head and spouse, others freely.
    """
    band_low, band_high = (15, 60, 65), (59, 64, 100)
    person = 0
    while person < place.size:
        size = int64(place[person] & 15)
        if slot[person] == 8:
            for other in range(person, person + size):
                word = philox(base + other, 0, CITY, step, key0, key1)[0]
                age[other] = draw_age(weights[1], band_low[band[other]], band_high[band[other]], word)
            person += size
            continue
        low, high, soft_low, soft_high, grown = int64(ADULT), int64(100), int64(ADULT), int64(100), False
        for other in range(person, person + size):
            if slot[other] == 6:
                low, high = max(low, age[other] + 16), min(high, age[other] + 49)
                soft_low, soft_high = max(soft_low, age[other] + 22), min(soft_high, age[other] + 38)
            elif slot[other] == 5:
                low, soft_low, grown = max(low, 31), max(soft_low, 38), True
            elif slot[other] == 4 and band[other] == 1:
                high, soft_high = min(high, 48), min(soft_high, 44)
            elif slot[other] == 1:
                low, soft_low = max(low, 20), max(soft_low, 20)
            elif slot[other] == 3 and band[other] != band[person]:
                soft_high = min(soft_high, 72)
        least, most = low, high
        if grown:
            most = min(most, 92)
        oldest, youngest = int64(0), int64(100)
        for other in range(person, min(person + 2, person + size)):
            kind = slot[other]
            if kind > 3:
                break
            word = philox(base + other, 0, CITY, step, key0, key1)[0]
            of_band = int64(0) if kind < 2 else int64(band[other])
            floor, roof = max(least, band_low[of_band]), min(most, band_high[of_band])
            near, far = max(floor, soft_low), min(roof, soft_high)
            if other > person:
                near, far = max(near, youngest - 6), min(far, oldest + 5)
                if near > far:
                    near = min(max(youngest, floor), roof)
                    far = near
            elif near > far:
                near, far = floor, roof
            drawn = draw_age(weights[0], near, far, word)
            age[other] = drawn
            oldest, youngest = max(oldest, drawn), min(youngest, drawn)
        head = int64(age[person])
        for other in range(person + 1, person + size):
            kind = slot[other]
            word = philox(base + other, 0, CITY, step, key0, key1)[0]
            if kind == 7:
                age[other] = draw_age(weights[0], int64(ADULT), int64(59), word)
            elif kind == 5:
                floor, roof = max(int64(15), oldest - 49), min(int64(59), youngest - 16)
                near, far = max(floor, oldest - 36), min(roof, youngest - 20)
                if near > far:
                    near, far = floor, roof
                age[other] = draw_age(weights[0], near, far, word)
            elif kind == 4:
                of_band = int64(band[other])
                floor, roof = max(head + 16, band_low[of_band]), min(head + 49, band_high[of_band])
                near, far = max(floor, head + 21), min(roof, head + 36)
                if near > far:
                    near, far = floor, roof
                age[other] = draw_age(weights[0], near, far, word)
        person += size


@building_kernel
def couples(slot: Any, sex: Any, male_heads: Any, base: Any, step: Any, key0: Any, key1: Any) -> None:
    """Give both partners of every couple their sex: the head is male with share `male_heads` / 2^32."""
    for person in range(slot.size):
        if slot[person] == 1 or slot[person] == 3:
            word = philox(base + person - 1, 0, CITY, step, key0, key1)[0]
            male = uint64(word) < uint64(male_heads)
            sex[person - 1] = 1 if male else 0
            sex[person] = 0 if male else 1


@building_kernel
def bernoulli(group: Any, shares: Any, out: Any, base: Any, step: Any, key0: Any, key1: Any) -> None:
    """Set `out` (uint8) to 1 with the share of each resident's group (`shares` uint64[groups], 2^32 is 1)."""
    for person in range(group.size):
        word = philox(base + person, 0, CITY, step, key0, key1)[0]
        out[person] = 1 if uint64(word) < shares[group[person]] else 0


@building_kernel
def take_posts(
    sector: Any, first: Any, starts: Any, ends: Any, posts: Any, keys: Any, sides: Any, employer: Any
) -> None:
    """Give every employee of a district the firm of a shuffled post of their sector.

    `first` int64[sectors] numbers the district's first employee in each sector; sector s owns
    posts[starts[s] : ends[s]] (int32 firm of each post); `employer` int32[people] is left alone at sector 0
    and where a sector has no posts (the self-employed).
    """
    number = first.copy()
    for person in range(sector.size):
        kind = sector[person]
        count = ends[kind] - starts[kind]
        if kind == 0 or count == 0:
            continue
        employer[person] = posts[starts[kind] + permute(number[kind], keys[kind], sides[kind], count)]
        number[kind] += 1


def as_words(seed: int) -> tuple[np.uint32, np.uint32]:
    """Return the low and high half of a 64-bit seed, as kernels take them."""
    return np.uint32(seed & 0xFFFFFFFF), np.uint32((seed >> 32) & 0xFFFFFFFF)
