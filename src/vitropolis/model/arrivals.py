"""Arrival: a record joins its resident's file, is felt there and by the household (docs/mechanisms.md, 3 and 5.1).

Felt by its resident: D_f += `law_step`, and `policy_step` where it costs points; by every other member of the
household: H += 1, and D_f += `household_step` where it costs points. All whether or not the record is right. Units and
source as in `deterrence`.
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.kernels import inner, int64
from vitropolis.model import counts as tally
from vitropolis.model.counts import add
from vitropolis.model.deterrence import brought_to, with_fear, with_household
from vitropolis.model.files import add_record, kind_of, truth_of, worlds_of
from vitropolis.model.gone import works_in


@inner
def feel(rules: Any, world: Any, at: Any, word: Any, behaviour: Any, fading: Any, settling: Any, state: Any) -> None:
    """An adverse record is felt by its resident and seen by the other members of the household."""
    week = at.day // 7
    felt = brought_to(state.fear[world, at.place], week, fading[world], settling[world])
    step = rules.law_step[world, word] + rules.costs[world, behaviour] * rules.policy_step[world, word]
    state.fear[world, at.place] = with_fear(felt, rules.family[word], step)
    step = int64(rules.costs[world, behaviour]) * rules.household_step[world, word]
    position, size = int64(state.household[at.place]) >> 4, int64(state.household[at.place]) & 15
    for place in range(at.place - position, at.place - position + size):
        if place != at.place:
            seen = brought_to(state.fear[world, place], week, fading[world], settling[world])
            state.fear[world, place] = with_fear(with_household(seen), rules.family[word], step)


@inner
def arrive(rules: Any, at: Any, record: Any, fading: Any, settling: Any, state: Any, counts: Any) -> None:
    """File one record today: 1. into the file; 2. counted by kind and truth; 3. felt, where its word is adverse."""
    add_record(state.pool, state.marks, state.head, at.place, record)
    kind, truth, worlds = kind_of(record), truth_of(record), worlds_of(record)
    word = rules.word[kind]
    for world in range(rules.worlds):
        if not (worlds >> world) & 1:
            continue
        counts.records[world, at.district, kind, truth] += 1
        add(counts, world, tally.RECORDS_IN + truth, at, 1)
        if rules.adverse_word[word]:
            feel(rules, world, at, word, rules.behaviour[world, kind], fading, settling, state)
            counts.adverse[world, at.district] += 1
            if works_in(world, at.place, state):
                counts.work[world, state.employer[at.place]] += 1
