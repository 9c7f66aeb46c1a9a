"""Conduct (M5): who does what, by thinning under an envelope that no policy changes (docs/mechanisms.md, section 2).

rate_b(i, t) = base_b * profile_b(group_i) * trait_i * deterrence(D_i, family(b)) * norms(household, work, district).
Lewis and Shedler (1979), "Simulation of nonhomogeneous Poisson processes by thinning", Naval Research Logistics 26(3);
one mark shared by all worlds couples them as closely as can be.

A resident is a *candidate* on a day if a 32-bit number lies below T = min(2^32 E(cell) traitU(class), 65535 * 2^16),
E the sum of the words' upper ends a day. A draw names the word in proportion to these upper ends U_b. In each world
the act happens if one mark lies below rate_b / U_b times the factors above, all as shares of 1 in 16 bits. Units:
rates in acts a person and year, divided by 365; at most one act a resident and day.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream
from vitropolis.base.kernels import inner, int64, kernel, philox
from vitropolis.model.deterrence import fear_of, household_of
from vitropolis.model.gone import gone_from
from vitropolis.model.news import ACCOUNT_AT, LOST_AT
from vitropolis.model.rules import SCORED, UNKNOWN_DEED, WORLDS
from vitropolis.model.speech import ONLINE, SHOWN, SPEECH, voice_of

WEEK, DRAW = int(Stream.WEEK), int(Stream.CONDUCT)
HUSHED_AT, CUT_AT, FEIGNED_AT = WORLDS, 2 * WORLDS, 3 * WORLDS  # of what `who_acts` returns
LAST = 0xFFFFFFFF  # stands for 2^32 in `ends`


class Conduct(NamedTuple):
    """Integer tables of section 2; shares in 16-bit (65536 is 1) or 32-bit fixed point."""

    threshold: NDArray[np.uint32]  # [cell * 64 + trait class]: envelope, 32-bit
    ends: NDArray[np.uint32]  # [cell, word]: cumulative envelope
    guide: NDArray[np.uint8]  # [cell, top byte of a draw]: first word to try
    ratio: NDArray[np.uint32]  # [cell, word, set of assumptions]: values over upper ends, 32-bit
    set_of: NDArray[np.int64]  # [world]: which set of assumptions a world has
    trait: NDArray[np.uint32]  # [world, trait class]
    calendar: NDArray[np.uint32]  # [world, family, day]
    mood: NDArray[np.uint32]  # [world, family, level]
    fear: NDArray[np.uint32]  # [world, family, D >> 4]
    household: NDArray[np.uint32]  # [world, family, level]
    work: NDArray[np.uint32]  # [world, family, level]
    near: NDArray[np.int64]  # [world, family]: steps of deterrence that the workplace's highest level adds
    deeds: NDArray[np.int64]  # [world, 3]: what gaming leaves of a good deed: not enrolled, scored, unscored
    jobless: NDArray[np.int64]  # [world, family, 2]: what having work, or having lost it, leaves; 16-bit
    fading: NDArray[np.uint8]  # [world, weeks, level 0-255]
    settling: NDArray[np.uint8]  # [world, weeks, level 0-15]
    nature: NDArray[np.uint8]  # [word]: what it is for speech (`model.speech`)
    whisper: NDArray[np.int64]  # [world]: share of acts of speech that the silent dare, 16-bit


@kernel
def weekly_numbers(first: Any, count: Any, week: Any, key0: Any, key1: Any, numbers: Any) -> None:
    """Fill uint16 `numbers[8, count]`: seven days and one for weekly demand, by one call per resident."""
    n0, n1, n2, n3 = numbers[0], numbers[1], numbers[2], numbers[3]
    n4, n5, n6, n7 = numbers[4], numbers[5], numbers[6], numbers[7]
    for place in range(count):
        a, b, c, d = philox(first + place, week, WEEK, 0, key0, key1)
        n0[place] = a & 65535
        n1[place] = a >> 16
        n2[place] = b & 65535
        n3[place] = b >> 16
        n4[place] = c & 65535
        n5[place] = c >> 16
        n6[place] = d & 65535
        n7[place] = d >> 16


@kernel
def select_below(count: Any, numbers: Any, bounds: Any, mask: Any, chosen: Any) -> Any:
    """Write the places whose number lies below their bound into `chosen`, in order; return how many."""
    for place in range(count):
        mask[place] = numbers[place] < bounds[place]
    return gather(count, mask, chosen)


@kernel
def select_equal(count: Any, days: Any, day: Any, mask: Any, chosen: Any) -> Any:
    """Write the places whose day is `day` into `chosen`, in order; return how many."""
    for place in range(count):
        mask[place] = days[place] == day
    return gather(count, mask, chosen)


@kernel
def select_marked(count: Any, marks: Any, mask: Any, chosen: Any) -> Any:
    """Write the places whose mark (uint8) is not 0 into `chosen`, in order; return how many."""
    for place in range(count):
        mask[place] = marks[place] != 0
    return gather(count, mask, chosen)


@kernel
def gather(count: Any, mask: Any, chosen: Any) -> Any:
    """Write the places that `mask` marks into `chosen`, in order; return how many. Looks at eight at once."""
    mask[count : count + 8] = 0
    eights = mask.view(np.uint64)
    found = 0
    for eight in range((count + 7) >> 3):
        if eights[eight]:
            for place in range(8 * eight, 8 * eight + 8):
                chosen[found] = place
                found += mask[place]
    return found


@kernel
def draw_details(first: Any, count: Any, chosen: Any, day: Any, key0: Any, key1: Any, words: Any) -> None:
    """Draw the candidates' refinement, word and mark: uint32 `words[3, count]`."""
    refine, which, mark = words[0], words[1], words[2]
    for place in range(count):
        a, b, c, _ = philox(first + chosen[place], day, DRAW, 0, key0, key1)
        refine[place] = a
        which[place] = b
        mark[place] = c


@inner
def word_of(tables: Any, cell: Any, draw: Any) -> Any:
    """The conduct word that a 32-bit draw falls to in a cell."""
    word = tables.guide[cell, draw >> 24]
    while draw >= tables.ends[cell, word] and tables.ends[cell, word] != LAST:
        word += 1
    return word


@kernel
def refine(tables: Any, found: Any, weekday: Any, state: Any, desk: Any) -> Any:
    """Keep of `found` possible candidates those below the exact 32-bit bound; return how many.

    Without branches, so that waits for memory overlap.
    """
    kept = 0
    numbers = desk.numbers[weekday]
    for number in range(found):
        place = desk.chosen[number]
        draw = (int64(numbers[place]) << 16) | (int64(desk.words[0, number]) & 65535)
        bound = tables.threshold[int64(state.cell[place]) * 64 + int64(state.trait[place])]
        desk.chosen[kept] = place
        desk.words[1, kept] = desk.words[1, number]
        desk.words[2, kept] = desk.words[2, number]
        kept += draw < bound
    return kept


@kernel
def name_words(tables: Any, rules: Any, found: Any, today: Any, state: Any, desk: Any) -> Any:
    """Give candidates their word; keep those who could act in some world by what no state changes; return how many.

    `today` is [world, family]; `desk.words[0]` gets the word.
    """
    kept = 0
    for number in range(found):
        place = desk.chosen[number]
        cell, trait = int64(state.cell[place]), int64(state.trait[place])
        word = word_of(tables, cell, int64(desk.words[1, number]))
        mark, acts = int64(desk.words[2, number]), 0
        for world in range(rules.worlds):
            share = int64(tables.ratio[cell, word, tables.set_of[world]])
            share = (((share * tables.trait[world, trait]) >> 16) * today[world, rules.family[word]]) >> 16
            acts |= mark < share
        desk.chosen[kept] = place
        desk.words[0, kept] = word
        desk.words[2, kept] = mark
        kept += acts
    return kept


@inner
def who_acts(
    tables: Any, rules: Any, week: Any, today: Any, at: Any, word: Any, mark: Any, state: Any, work: Any
) -> Any:
    """Return the worlds in which a candidate acts, one bit each.

    1. What no state changes: ratio, trait, calendar and mood (`today`, [world, family]); then work lost.
    2. Deterrence of the word's family, the workplace's too. 3. Household. 4. Workplace. 5. Good deeds: whether they
    earn points here, and trust (`week`). 6. Speech: what the silent dare, who is removed.
    Above, a bit for each world again: where fear keeps somebody from an act of speech, where it is not made and the
    account is removed, and where somebody silent shows loyalty.
    """
    trait = int64(state.trait[at.place])
    family = rules.family[word]
    worlds = 0
    for world in range(rules.worlds):
        share = int64(tables.ratio[at.cell, word, tables.set_of[world]])
        share = (share * tables.trait[world, trait]) >> 16
        share = (share * today[world, family]) >> 16
        if mark >= share or gone_from(world, at, state):
            continue
        felt = felt_now(state.fear[world, at.place], at.day // 7, tables.fading[world], tables.settling[world], family)
        away = int64(state.away[at.place]) >> world
        share = (share * tables.jobless[world, family, away & 1]) >> 16
        employer = state.employer[at.place]
        level = int64(work[world, employer]) if employer >= 0 and not (away >> LOST_AT) & 1 else 0
        fear = min(255, (felt & 255) + tables.near[world, family] * level // 15)
        share = (share * tables.fear[world, family, fear >> 4]) >> 16
        share = (share * tables.household[world, family, felt >> 8]) >> 16
        share = (share * tables.work[world, family, level]) >> 16
        if rules.deed[world, word]:
            share = of_deed(
                tables, week, world, rules.deed[world, word], state.enrolled[world, at.place] <= at.day, share
            )
        if mark < share and tables.nature[word] == 0:
            worlds |= 1 << world
        elif mark < share:
            worlds |= daring(tables, at, word, mark, share, world, state)
    return worlds


@kernel
def daring(tables: Any, at: Any, word: Any, mark: Any, share: Any, world: Any, state: Any) -> Any:
    """Step 5 of `who_acts` for one who would act in a world: its bits."""
    bit, nature = 1 << world, int64(tables.nature[word])
    silent = int64(voice_of(at)) >= state.climate[world]
    removed = (int64(state.away[at.place]) >> (ACCOUNT_AT + world)) & 1 == 1
    hushed = nature & SPEECH != 0 and silent and mark >= (share * tables.whisper[world]) >> 16
    cut = nature & ONLINE != 0 and removed
    found = bit if not hushed and not cut else (bit << CUT_AT if removed else bit << HUSHED_AT)
    if nature & SHOWN and silent and (hushed or nature & SPEECH == 0):
        found |= bit << FEIGNED_AT
    return found


@inner
def of_deed(tables: Any, week: Any, world: Any, deed: Any, enrolled: Any, share: Any) -> Any:
    """What is left of a good deed's chance by what it earns here and, where it earns nothing, by trust."""
    share = (share * tables.deeds[world, deed if enrolled and deed < UNKNOWN_DEED else 0]) >> 16
    return share if deed == SCORED else (share * week.trust[world, 0]) >> 16


@inner
def felt_now(word: Any, now: Any, fading: Any, settling: Any, family: Any) -> Any:
    """Deterrence of one family (low byte) and household level (above) as of week `now`."""
    gone = min(now - (word >> 52), 255)
    return int64(fading[gone, fear_of(word, family)]) | (int64(settling[gone, household_of(word)]) << 8)
