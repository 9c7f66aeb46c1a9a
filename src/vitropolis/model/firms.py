"""Firms between weeks (M8): who complies, who acts, who is inspected, what is recorded (docs/mechanisms.md, 16).

A firm complies or not as `compliance` says, by its class of cost and by how it is supervised; one that does not commits
an act with chance `acts_violating` a week, one that does with `acts_complying`. An inspection finds an act unless the
firm `passes`; where there is none it errs with `found_wrongly`. An act may also be `noticed_otherwise`. A firm of the
target group that an inspection finds nothing against is released with the share `release`: its records that wait for a
settlement leave its file. After 52 weeks without a record a clean year may be recorded, whatever was done. Units:
shares a week. All draws are shared by all worlds.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream
from vitropolis.base.kernels import inner, int64, kernel, philox
from vitropolis.model.doors import doors_of, of_classes
from vitropolis.model.files import (
    ACT_AT,
    DELAY_AT,
    KIND_AT,
    TRUTH_AT,
    WORLDS_AT,
    in_front,
    kind_of,
    next_of,
    worlds_of,
)
from vitropolis.model.inspection import discovered
from vitropolis.model.look import black_lists
from vitropolis.model.news import SPILLS
from vitropolis.model.rules import INVENTED, NO_WAIT, RIGHT, UNTIL_SETTLED, WRONG_CONTENT

WEEK, TRAIT, VISIT = int(Stream.FIRM_WEEK), int(Stream.FIRM_TRAIT), int(Stream.INSPECTION)
OFFICE = -3  # what stands as source of a message about a firm
YEAR = 52  # weeks of a clean year
WORKDAYS = 6  # acts and inspections fall on the first six days of a week
TALLY = (
    "firms_violating",
    "firm_acts",
    "firms_targeted",
    "inspections",
    "found",
    "found_wrongly",
    "noticed",
    "released",
)
VIOLATING, ACTED, TARGETED, INSPECTED, FOUND, WRONGLY, NOTICED, RELEASED = range(len(TALLY))


class Supervision(NamedTuple):
    """Integer tables of a week; k worlds, J rates of inspection besides the usual one, shares in 32 bits."""

    complies: NDArray[np.uint8]  # [k, 2 + J, cost class]: group 1; group 2 by lists alone; group of a rate
    measure: NDArray[np.int64]  # [k, J]: measures that bring a rate, one bit each; the first that meets a firm counts
    chance: NDArray[np.int64]  # [k, 1 + J]: of an inspection: usual, then by rate
    target: NDArray[np.uint8]  # [k, J]: whether it is more than usual
    acts: NDArray[np.int64]  # [k, 2]: breaking rules, complying
    passes: NDArray[np.int64]  # [k]
    errs: NDArray[np.int64]  # [k]
    noticed: NDArray[np.int64]  # [k]
    release: NDArray[np.int64]  # [k]
    clean: NDArray[np.int64]  # [k]
    mix: NDArray[np.int64]  # [k, word]: upper ends
    delay: NDArray[np.int64]  # [k, 60]: upper ends
    waits: NDArray[np.int64]  # [k, 256]
    first_kind: NDArray[np.int64]  # [word]
    route_end: NDArray[np.int64]  # [kind]
    clean_word: NDArray[np.int64]  # [1]


class Memory(NamedTuple):
    """What firms are remembered by beside their files; m firms, k worlds."""

    clean: NDArray[np.uint16]  # [k, m]: weeks enrolled since a record, or a clean year
    quiet: NDArray[np.uint16]  # [k, m]: weeks since an act, at most YEAR


@kernel
def settle_firms(first: Any, key0: Any, key1: Any, enrolled: Any, state: Any) -> None:
    """Give firms their class of cost and the day on which each world's policy begins (`enrolled` int64[world])."""
    for place in range(state.wake.size):
        a, _, _, _ = philox(first + place, 0, TRAIT, 0, key0, key1)
        state.trait[place] = a >> 26
        wake = 8191
        for world in range(enrolled.size):
            state.enrolled[world, place] = enrolled[world]
            wake = min(wake, enrolled[world])
        state.wake[place] = wake


@inner
def met_by(rules: Any, world: Any, place: Any, state: Any) -> Any:
    """The measures that meet a firm as its last look left it, one bit each."""
    held = int64(state.held[world, place])
    carried = (int64(state.carried[world, place]) | int64(state.office[world, place])) & SPILLS
    return of_classes(rules, world, held, carried) if held | carried else 0


@inner
def rate_of(sup: Any, world: Any, met: Any) -> Any:
    """Which rate of inspection a firm has: 0 the usual one, else one more than the place of the rate."""
    for place in range(sup.measure.shape[1]):
        if sup.measure[world, place] & met:
            return place + 1
    return 0


@kernel
def release(rules: Any, world: Any, place: Any, day: Any, state: Any) -> None:
    """A firm has put right what was found: records that wait for a settlement leave its file in this world."""
    here = int64(state.head[place])
    while here:
        word = state.pool[here]
        if not in_front(word) and (worlds_of(word) >> world) & 1:
            behaviour = rules.behaviour[world, kind_of(word)]
            if behaviour >= 0 and rules.life[world, behaviour] == UNTIL_SETTLED:
                state.pool[here] = word & ~(1 << (WORLDS_AT + world))
                state.wake[place] = day
        here = next_of(word)


@inner
def where_in(ends: Any, draw: Any) -> Any:
    """The first place whose upper end lies above a draw, the last if none does."""
    place = 0
    while place < ends.size - 1 and draw >= ends[place]:
        place += 1
    return place


@inner
def record_of(rules: Any, sup: Any, world: Any, said: Any, week: Any, days: Any, lots: Any) -> Any:
    """The number of a record without its worlds, or -1 where the world does not record this.

    `said` is (word, truth); `lots` the four draws of a record: route, delay, settlement, day of the act.
    """
    word, truth = said
    route, later, settles, when = lots
    kind = sup.first_kind[word]
    while int64(route) >= sup.route_end[kind]:
        kind += 1
    behaviour = rules.behaviour[world, kind]
    if behaviour < 0 or not rules.in_force[world, behaviour]:
        return -1
    act = 7 * week + ((int64(when) * min(days, WORKDAYS)) >> 32)
    delay = 1 + where_in(sup.delay[world], int64(later))
    wait = NO_WAIT
    if truth == RIGHT and word != sup.clean_word[0]:
        wait = sup.waits[world, int64(settles) >> 24]
    return (kind << KIND_AT) | (truth << TRUTH_AT) | (act << ACT_AT) | (delay << DELAY_AT) | wait


@kernel
def firm_week(
    rulebook: Any, sup: Any, first: Any, week: Any, days: Any, key0: Any, key1: Any, memory: Any, state: Any, made: Any,
    tally: Any, scratch: Any,
) -> Any:  # fmt: skip
    """Play what firms do before a week of `days` days; returns how many messages int64[., 3] `made` holds.

    For every firm, world by world: 1. what meets it: rate of inspection, group. 2. Complies? Acts? 3. Inspected: found,
    or wrongly so, or nothing found and released. 4. Noticed otherwise. 5. A clean year. 6. At most one record; worlds
    that agree share it. `tally` int64[world, len(TALLY)] is added to; `scratch` is int64[3, WORLDS].
    """
    rules = rulebook[0]
    sent, worlds = 0, rules.worlds
    numbers, words, truths = scratch[0], scratch[1], scratch[2]
    for place in range(state.wake.size):
        acts, which, notice, tells = philox(first + place, week, WEEK, 0, key0, key1)
        visit, outcome, lets_go, _ = philox(first + place, week, VISIT, 0, key0, key1)
        some = False
        for world in range(worlds):
            truths[world] = -1
            met = met_by(rules, world, place, state)
            rate = rate_of(sup, world, met)
            listed = int64(state.lists[world, place]) & 255
            listed = listed != 0 and listed & black_lists(rules, world) != 0
            target = listed or (rate > 0 and sup.target[world, rate - 1] != 0)
            group = 0 if rate == 0 else rate + 1
            if listed and (rate == 0 or not sup.target[world, rate - 1]):
                group = 1
            complies = sup.complies[world, group, state.trait[place]]
            acted = int64(acts) < sup.acts[world, complies]
            visited = int64(visit) < sup.chance[world, rate]
            tally[world, VIOLATING] += 1 - complies
            tally[world, ACTED] += acted
            tally[world, TARGETED] += target
            seen = 0
            if visited:
                tally[world, INSPECTED] += 1
                seen = discovered(visited, acted and int64(outcome) >= sup.passes[world])
                wrongly = not acted and int64(outcome) < sup.errs[world]
                tally[world, FOUND] += seen
                tally[world, WRONGLY] += wrongly
                if wrongly:
                    truths[world] = INVENTED
                elif not seen and target and int64(lets_go) < sup.release[world]:
                    release(rules, world, place, 7 * week, state)
                    tally[world, RELEASED] += 1
            if acted and not seen and int64(notice) < sup.noticed[world]:
                seen = 1
                tally[world, NOTICED] += 1
            if seen:
                truths[world] = RIGHT
            words[world] = where_in(sup.mix[world], int64(which))
            memory.quiet[world, place] = 0 if acted else min(int64(memory.quiet[world, place]) + 1, YEAR)
            years = int64(memory.clean[world, place]) + (1 if 7 * week >= int64(state.enrolled[world, place]) else 0)
            if years >= YEAR and truths[world] < 0:
                years = 0
                if int64(tells) < sup.clean[world]:
                    truths[world] = RIGHT if memory.quiet[world, place] >= YEAR else WRONG_CONTENT
                    words[world] = sup.clean_word[0]
            memory.clean[world, place] = min(years, YEAR)
            some |= truths[world] >= 0
        if not some:
            continue
        lots = philox(first + place, week, WEEK, 1, key0, key1)
        for world in range(worlds):
            numbers[world] = -1
            if truths[world] >= 0:
                numbers[world] = record_of(rules, sup, world, (words[world], truths[world]), week, days, lots)
            if numbers[world] >= 0:
                memory.clean[world, place] = 0
        sent = share_out(first + place, worlds, numbers, made, sent)
    return sent


@kernel
def share_out(firm: Any, worlds: Any, numbers: Any, made: Any, sent: Any) -> Any:
    """Write the records of one firm (`numbers` by world, -1 none) as messages, one for all worlds that agree."""
    for world in range(worlds):
        number, mask = numbers[world], 0
        if number < 0:
            continue
        for other in range(world, worlds):
            if numbers[other] == number:
                mask |= 1 << other
                numbers[other] = -1
        made[sent, 0] = firm
        made[sent, 1] = OFFICE
        made[sent, 2] = number | (mask << WORLDS_AT)
        sent += 1
    return sent


@kernel
def view_firms(rulebook: Any, first: Any, state: Any, met: Any, shut: Any, lists: Any, wronged: Any) -> None:
    """Write how a chunk's firms stand, from place `first` on (see `engine.firmview`)."""
    rules = rulebook[0]
    for world in range(rules.worlds):
        for place in range(state.wake.size):
            measures = met_by(rules, world, place, state)
            met[world, first + place] = measures
            shut[world, first + place] = doors_of(rules, world, measures) if measures else 0
            lists[world, first + place] = int64(state.lists[world, place]) & 255
            wronged[world, first + place] = int64(state.wronged[world, place])
