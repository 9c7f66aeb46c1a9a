"""The verdict against truth (M6): whom the records wrong, and in which of three bins.

Wrong fact: without the wrong records it would not have come to this. Lawful, protected or unable to pay: nor would it
without the records of conduct that no definition of deserving covers. Breach as recorded: the rest. A bin
says what the records are worth under one named definition, no more.

A definition of deserving asks for a gravity of at least `gravity_from` and, if it says so, for somebody able to pay;
kinds that a right protects have gravity 0. Source: our own; two definitions always stand side by side (`deserving`).
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.kernels import inner, int64, kernel
from vitropolis.model.recomputing import put_back
from vitropolis.model.scores import BREACHES, TRUE_ONLY, read_file, score_file
from vitropolis.model.triggers import hold_leaves, holds, with_lists

WRONG_FACT, PROTECTED, BREACH = 1, 2, 3


@inner
def anew(case: Any, at: Any, state: Any) -> Any:
    """The case with the file as it begins now: notes and listings that came or went moved it."""
    rules, week, world, day, _, pool, poor, listed = case
    return (rules, week, world, day, int64(state.head[at.place]), pool, poor, listed)


@kernel
def reread(case: Any, keep: Any, page: Any) -> None:
    """Read and score the file of a case again, keeping only some records."""
    rules, week, world, day, first, pool, poor, listed = case
    read_file(rules, world, day, first, pool, keep, poor, page)
    score_file(rules, week, world, listed, page)
    if page.still and not page.left_out:
        put_back(page.still, page)


@kernel
def trigger_bin(
    case: Any, definition: Any, wrong: Any, program: Any, on: Any, resident: Any, key0: Any, key1: Any, page: Any
) -> Any:
    """Return the bin (1-3) of somebody whom `program` just put on a list.

    `wrong` says whether the file holds wrong records, `on` are the lists the resident is on by now.
    """
    rules, week, world, _, _, _, _, _ = case
    for keep in (TRUE_ONLY, BREACHES + definition):
        if keep == TRUE_ONLY and not wrong:
            continue
        reread(case, keep, page)
        held = with_lists(rules, world, hold_leaves(rules, week, world, resident, key0, key1, page), on)
        if not holds(program, held):
            return WRONG_FACT if keep == TRUE_ONLY else PROTECTED
    return BREACH


@kernel
def band_bin(case: Any, definition: Any, wrong: Any, place: Any, page: Any) -> Any:
    """Return the bin (1-3) of somebody whose band in score `place` is worse than what is called trustworthy."""
    rules, _, world, _, _, _, _, _ = case
    trusted = rules.trusted[rules.first_ledger[world] + place]
    for keep in (TRUE_ONLY, BREACHES + definition):
        if keep == TRUE_ONLY and not wrong:
            continue
        reread(case, keep, page)
        if page.band[place] >= trusted:
            return WRONG_FACT if keep == TRUE_ONLY else PROTECTED
    return BREACH
