"""A look: what the rules make of one resident's file on one day, world by world (docs/mechanisms.md, section 6).

1. Read the file.
2. Scores and bands.
3. The verdict against truth.
4. Lists.
5. Measures.
6. The resident's case, and what they have ever been.
7. The day to wake next.
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.kernels import inner, int64, kernel
from vitropolis.model import counts as tally
from vitropolis.model.counts import add
from vitropolis.model.deterrence import brought_to, with_fear
from vitropolis.model.doors import keep_truly, stand, truly_held
from vitropolis.model.files import files_of, in_front
from vitropolis.model.hits import HIT, SHIELDED, WRONGLY, ever
from vitropolis.model.keeping import kept_until
from vitropolis.model.lists import CANNOT_PAY, move_lists, payer_in
from vitropolis.model.news import FRESH, SPILLS
from vitropolis.model.publicity import be_seen
from vitropolis.model.recomputing import put_back, still_today
from vitropolis.model.redress import follow_case, is_pending, void_objected
from vitropolis.model.rules import BANDS, FAMILIES, NEVER
from vitropolis.model.scores import ALL, read_file, score_file
from vitropolis.model.spillover import CHANGED, FAULT, at_fault, fault_matters, stir
from vitropolis.model.triggers import held_before, hold_leaves
from vitropolis.model.verdict import band_bin

EVERY_LEAF = (1 << 32) - 1


@inner
def remember(rules: Any, world: Any, at: Any, state: Any, page: Any) -> None:
    """Put the last look's scores and bands on the page."""
    for place in range(rules.ledgers[world]):
        ledger = rules.first_ledger[world] + place
        page.old_score[place] = state.score[ledger, at.place]
        page.old_band[place] = int64(state.band[ledger, at.place]) & 15


@inner
def keep_scores(rules: Any, world: Any, at: Any, first: Any, state: Any, counts: Any, page: Any) -> None:
    """Write today's scores and bands into the columns and count what changed."""
    for place in range(rules.ledgers[world]):
        ledger = rules.first_ledger[world] + place
        score, band = page.score[place], page.band[place]
        if first or score != page.old_score[place]:
            if not first:
                counts.scores[ledger, page.old_score[place] - rules.floor[ledger]] -= 1
            counts.scores[ledger, score - rules.floor[ledger]] += 1
            state.score[ledger, at.place] = score
        if first or band != page.old_band[place]:
            if not first:
                add(counts, world, tally.BAND_ITEMS + place * BANDS + page.old_band[place], at, -1)
            add(counts, world, tally.BAND_ITEMS + place * BANDS + band, at, 1)
            counts.fired[world, tally.BAND_FIRED + place * BANDS + band] += 1
            state.visited[ledger, at.place] |= 1 << band
            state.band[ledger, at.place] = (int64(state.band[ledger, at.place]) & 240) | band


@inner
def judge(case: Any, at: Any, wrong: Any, state: Any, counts: Any, page: Any, spare: Any) -> None:
    """Sort everybody below what is called trustworthy into the bins, under both definitions; count what changed."""
    rules, _, world, _, _, _, _, _ = case
    for place in range(rules.ledgers[world]):
        ledger = rules.first_ledger[world] + place
        if (page.still >> place) & 1:
            continue
        below = page.band[place] < rules.trusted[ledger]
        for definition in range(2):
            shift = 4 + 2 * definition
            old = (int64(state.band[ledger, at.place]) >> shift) & 3
            new = band_bin(case, definition, wrong, place, spare) if below else 0
            if new != old:
                item = tally.VERDICTS + 6 * place + 3 * definition - 1
                if old:
                    add(counts, world, item + old, at, -1)
                if new:
                    add(counts, world, item + new, at, 1)
                state.band[ledger, at.place] = (int64(state.band[ledger, at.place]) & ~(3 << shift)) | (new << shift)


@inner
def learn(rules: Any, world: Any, at: Any, begun: Any, fading: Any, settling: Any, state: Any, counts: Any) -> None:
    """A black listing that starts raises every family's perceived deterrence; a published one is seen by others."""
    times = 0
    for entry in range(rules.lists[world]):
        times += (begun >> entry) & 1 & rules.black[world, entry]
    if times:
        word = brought_to(state.fear[world, at.place], at.day // 7, fading[world], settling[world])
        for family in range(FAMILIES):
            word = with_fear(word, family, times * rules.listing_step[world])
        state.fear[world, at.place] = word
        be_seen(rules, world, at, begun, fading, settling, state, counts)


@inner
def black_lists(rules: Any, world: Any) -> Any:
    """The world's black lists, one bit each."""
    mask = 0
    for entry in range(rules.lists[world]):
        mask |= (1 if rules.black[world, entry] else 0) << entry
    return mask


@inner
def look_in_world(
    rules: Any,
    former: Any,
    week: Any,
    world: Any,
    at: Any,
    fading: Any,
    settling: Any,
    state: Any,
    counts: Any,
    desk: Any,
    stirred: Any,
) -> Any:
    """Look at one resident in one world; return (next day on which something changes by itself, how many are stirred).

    `former` are the rules of the last look: on a change day those before it.

    1. Not before enrolment. 2. Read the file, score it. 3. Which leaves hold, which are fresh. 4. Keep scores and
    bands; the verdict. 5. Lists. 6. Measures, the case.
    """
    enrolled = int64(state.enrolled[world, at.place])
    if at.day < enrolled:
        return enrolled, stirred
    first, page, spare = at.day == enrolled, desk.page[0], desk.spare[0]
    page.who, page.enrolled, page.key0, page.key1 = at.resident, enrolled, at.key0, at.key1
    spare.who, spare.enrolled, spare.key0, spare.key1 = at.resident, enrolled, at.key0, at.key1
    if int64(state.lists[world, at.place]) >> 8:
        void_objected(rules, world, at, state)
    kept = kept_until(rules, world, at, state)
    on = int64(state.lists[world, at.place]) & 255
    poor = payer_in(state, at, world) == CANNOT_PAY
    case = (rules, week, world, at.day, state.head[at.place], state.pool, poor, on)
    change, wrong, recorded, plain = read_file(rules, world, at.day, state.head[at.place], state.pool, ALL, poor, page)
    score_file(rules, week, world, on, page)
    page.still = 0 if first else still_today(rules, world, at)
    spare.still = page.still
    if page.still:
        remember(rules, world, at, state, page)
        remember(rules, world, at, state, spare)
        put_back(page.still, page)
    held = hold_leaves(rules, week, world, at.resident, at.key0, at.key1, page)
    if first:
        add(counts, world, tally.ENROLLED, at, 1)
        fresh = EVERY_LEAF
        plain = EVERY_LEAF
    else:
        remember(rules, world, at, state, page)
        newly = held & ~held_before(former, week, world, at.resident, at.key0, at.key1, page, at.weekday == 0)
        newly &= not_records(rules, world)
        fresh = recorded | newly
        plain |= newly
    keep_scores(rules, world, at, first, state, counts, page)
    judge(case, at, wrong, state, counts, page, spare)
    page.wronged = 0
    page.shielded[:] = 0
    was_wronged = int64(state.wronged[world, at.place])
    if state.lists[world, at.place] or held & fresh:  # else nobody comes or goes
        now, begun, moved = move_lists(case, at, (held, recorded, fresh, plain, wrong), state, counts, page, spare)
        change = min(change, moved)
        keep_wronged(world, at, now & ~begun, page, state)
        learn(rules, world, at, begun, fading, settling, state, counts)
        black = black_lists(rules, world)
        add_black(counts, world, at, on & black, now & black)
        for entry in range(rules.lists[world]):
            if rules.has_ceiling[world, entry] and ((on ^ now) >> entry) & 1:
                change = min(change, at.day + 1)
    before = on if was_wronged == int64(state.wronged[world, at.place]) else -1
    moved, stirred = stand_anew(case, at, (held, wrong, before, first), state, counts, desk, stirred)
    return min(kept, min(change, moved)), stirred


@inner
def keep_wronged(world: Any, at: Any, lasting: Any, page: Any, state: Any) -> None:
    """Remember which lists somebody is on began by wrong fact; `lasting` are those from before today."""
    old = int64(state.wronged[world, at.place])
    new = (old & lasting) | page.wronged
    if new != old:
        state.wronged[world, at.place] = new


@inner
def stand_anew(case: Any, at: Any, signs: Any, state: Any, counts: Any, desk: Any, stirred: Any) -> Any:
    """Steps 5 and 6 of a look: measures and case; return (next change, how many are stirred).

    `signs`: leaves that hold, whether the file has wrong records, the lists when the look began (-1 if what is known
    to be wrong about them changed), whether it is the first look. What measures do to somebody and to relatives is for
    after all looks (`spillover.settle`).

    1. Which classes act. 2. Hit, and wrongly? 3. The case; what the resident has ever been. 4. Does anything stir?
    """
    rules, week, world, _, _, _, _, _ = case
    held, wrong, on, first = signs
    page, spare = desk.page[0], desk.spare[0]
    fault, shielded, change = page.fault != 0, 0, NEVER
    classes, truly = 0, 0
    now = int64(state.lists[world, at.place]) & 255
    quiet = on == 0 and now == 0 and state.held[world, at.place] == 0 and held & rules.class_leaves[world] == 0
    quiet = quiet and not in_front(state.pool[state.head[at.place]])
    if rules.classes[world] and not quiet:
        was = (int64(state.held[world, at.place]), now, int64(state.wronged[world, at.place]))
        classes, truly, shielded, change = stand(case, at, held, wrong, was, files_of(state), spare)
    if rules.suspends[world] and is_pending(world, at, state):
        classes, truly, shielded = classes & ~rules.punishing[world], truly & ~rules.punishing[world], 0
    black = now & black_lists(rules, world)
    punished = classes & rules.punishing[world]
    hit = punished != 0 or black != 0
    wrongly = punished & ~truly != 0 or black & int64(state.wronged[world, at.place]) != 0
    moved = NEVER if quiet else follow_case(rules, week, world, at, hit, wrongly, state, counts)
    if hit:
        shielded |= (1 if page.shielded[0] else 0) | (2 if page.shielded[1] else 0)
        ever(world, at.place, at, HIT | (WRONGLY if wrongly else 0) | (SHIELDED * shielded), state, counts)
    if int64(state.now[world, at.place]) & 128:
        state.now[world, at.place] &= 127
    old = int64(state.held[world, at.place])
    same = classes == old and now == on and (quiet or truly == truly_held(world, at.place, old, files_of(state)))
    if same and not first and not desk.anew[0]:
        if fault == at_fault(world, at.place, at.day, state, desk):
            return min(change, moved), stirred
        if desk.stamp[at.place] != at.day + 1 and not fault_matters(rules, world):
            state.carried[world, at.place] ^= FAULT
            return min(change, moved), stirred
    stirred = stir(at.place, at.day, stirred, state, desk)
    desk.standing[world, at.place] = classes | (truly << 16) | ((1 if fault else 0) << 32) | CHANGED
    keep_truly(world, at, classes, truly, files_of(state))
    return min(change, moved), stirred


@inner
def add_black(counts: Any, world: Any, at: Any, before: Any, after: Any) -> None:
    """Count persons on at least one black list."""
    if before and not after:
        add(counts, world, tally.ON_BLACK, at, -1)
    if after and not before:
        add(counts, world, tally.ON_BLACK, at, 1)


@kernel
def not_records(rules: Any, world: Any) -> Any:
    """The leaves whose freshness comes from what held at the last look: all but `records` (0) and `listed`."""
    mask = 0
    for leaf in range(rules.leaves[world]):
        if 0 < rules.leaf[world, leaf] < 6:
            mask |= 1 << leaf
    return mask


@inner
def hear_of_firm(world: Any, at: Any, state: Any, desk: Any, stirred: Any) -> Any:
    """What a firm carries to its representative has changed: they are settled today, whatever else changed."""
    state.office[world, at.place] &= ~FRESH
    stirred = stir(at.place, at.day, stirred, state, desk)
    desk.standing[world, at.place] |= CHANGED
    return stirred


@inner
def look(
    rules: Any,
    former: Any,
    week: Any,
    at: Any,
    fading: Any,
    settling: Any,
    state: Any,
    counts: Any,
    desk: Any,
    stirred: Any,
) -> Any:
    """Look at one resident in every world that has scores or lists, and note when to wake next (8191: never).

    Returns how many residents are stirred by now: those whose standing this day's looks changed.
    """
    wake = NEVER
    for world in range(rules.worlds):
        if rules.looks[world]:
            change, stirred = look_in_world(
                rules, former, week, world, at, fading, settling, state, counts, desk, stirred
            )
            wake = min(wake, change)
        office = int64(state.office[world, at.place])
        if office & FRESH or (desk.anew[0] and office & SPILLS):
            stirred = hear_of_firm(world, at, state, desk, stirred)
    state.wake[at.place] = max(wake, at.day + 1)
    return stirred
