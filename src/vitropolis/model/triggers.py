"""Triggers: what has to hold for a list or a measure, read as small programs over leaves.

A program is a row of steps: a leaf's place pushes whether it holds, OR + n and AND + n join the last n. A trigger
*fires* if it holds and a leaf of it that holds is fresh, that is, began to hold today (docs/mechanisms.md, 6.3).
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.draws import Stream
from vitropolis.base.kernels import inner, int64, kernel, philox
from vitropolis.model.rules import (
    AND,
    AT_LEAST,
    BAND,
    BELOW,
    LISTED,
    OR,
    RANK_BEST,
    RECORDS,
    STEPS,
)

RANK = int(Stream.RANK)


@kernel
def in_rank(best: Any, score: Any, cut: Any, tie: Any, resident: Any, key0: Any, key1: Any) -> Any:
    """Whether a score takes a place in the best (or worst) share: beyond the cut, or at it by the resident's draw."""
    if score == cut:
        lot, _, _, _ = philox(resident, 0, RANK, 0, key0, key1)
        return int64(lot) < tie
    return (score > cut) == best


@kernel
def hold_leaves(rules: Any, week: Any, world: Any, resident: Any, key0: Any, key1: Any, page: Any) -> Any:
    """Return which leaves hold, one bit each, except `listed` ones (see `with_lists`); reads `page` as scored."""
    held = 0
    for leaf in range(rules.leaves[world]):
        what, place = rules.leaf[world, leaf], rules.ledger[world, leaf]
        if what == RECORDS:
            holds = page.held[leaf] >= rules.needed[world, leaf]
        elif what == BAND:
            holds = (rules.members[world, leaf] >> page.band[place]) & 1 == 1
        elif what == AT_LEAST:
            holds = page.score[place] >= rules.needed[world, leaf]
        elif what == BELOW:
            holds = page.score[place] < rules.needed[world, leaf]
        elif what == LISTED:
            holds = False
        else:
            cut, tie = week.cut[world, leaf], week.tie[world, leaf]
            holds = in_rank(what == RANK_BEST, page.score[place], cut, tie, resident, key0, key1)
        if holds:
            held |= 1 << leaf
    return held


@kernel
def held_before(
    rules: Any, week: Any, world: Any, resident: Any, key0: Any, key1: Any, old: Any, first_day: Any
) -> Any:
    """Return which band, score and rank leaves held after the last look; `old` is (score, band) per score of the world.

    On a week's first day ranks are those of the last week's cut.
    """
    held = 0
    for leaf in range(rules.leaves[world]):
        what, place = rules.leaf[world, leaf], rules.ledger[world, leaf]
        holds = False
        if what == BAND:
            holds = (rules.members[world, leaf] >> old.old_band[place]) & 1 == 1
        elif what == AT_LEAST:
            holds = old.old_score[place] >= rules.needed[world, leaf]
        elif what == BELOW:
            holds = old.old_score[place] < rules.needed[world, leaf]
        elif what != LISTED and what != RECORDS:
            cut = week.old_cut[world, leaf] if first_day else week.cut[world, leaf]
            tie = week.old_tie[world, leaf] if first_day else week.tie[world, leaf]
            holds = in_rank(what == RANK_BEST, old.old_score[place], cut, tie, resident, key0, key1)
        if holds:
            held |= 1 << leaf
    return held


@kernel
def with_lists(rules: Any, world: Any, held: Any, listed: Any) -> Any:
    """Add to `held` the `listed` leaves that one of the lists in `listed` satisfies."""
    for leaf in range(rules.leaves[world]):
        if rules.leaf[world, leaf] == LISTED and rules.members[world, leaf] & listed:
            held |= 1 << leaf
    return held


@inner
def _join(stack: Any, count: Any, every: Any) -> Any:
    low = (1 << count) - 1
    bits = stack & low
    value = bits == low if every else bits != 0
    return ((stack >> count) << 1) | (1 if value else 0)


@kernel
def holds(program: Any, held: Any) -> Any:
    """Run a program over the leaves that hold; a program without steps never holds."""
    stack = 0
    for place in range(STEPS):
        step = program[place]
        if step < 0:
            break
        if step >= AND:
            stack = _join(stack, step - AND, True)
        elif step >= OR:
            stack = _join(stack, step - OR, False)
        else:
            stack = (stack << 1) | ((held >> step) & 1)
    return stack & 1 == 1


@kernel
def leaves_in(program: Any) -> Any:
    """Return the leaves that a program names, one bit each."""
    leaves = 0
    for place in range(STEPS):
        if program[place] < 0:
            break
        if program[place] < OR:
            leaves |= 1 << program[place]
    return leaves
