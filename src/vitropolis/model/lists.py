"""Lists (M11): coming on by trigger, grace, term, extension, compliance, repair, and leaving.

docs/mechanisms.md, 6.3. A listing is a word at the front of the resident's file; which lists somebody is on, and waits
for, are bits of the column `lists` (0-7 on, 8-15 waiting). Court practice behind the defaults: Supreme People's Court
provisions on the list of judgment defaulters (2017).

On by a trigger that *fires* (or after `grace_days`, if it still holds); planned end = day + `term_days`, moved later
only. Out, first that applies: repealed; term over; repair, asked for and granted with the shares `asks_repair` and
`repair_granted`; compliance, a geometric number of days with mean `deletion_mean_days` after the trigger ceased;
correction. Of those who cannot pay the share `ability_found` is passed over where a list has an ability test. Units:
days and shares.
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.draws import Stream
from vitropolis.base.kernels import inner, int64, kernel, philox
from vitropolis.model import counts as tally
from vitropolis.model.clerks import dropped, lag_of
from vitropolis.model.counts import add
from vitropolis.model.files import DELETION_AT, REPAIR_AT, add_listing, drop_listing, find_listing, pack_listing
from vitropolis.model.keeping import keep_for_a_while
from vitropolis.model.listing_log import log_row
from vitropolis.model.notes import linger
from vitropolis.model.redress import objects
from vitropolis.model.rules import NEVER, PAYER_BITS, PAYERS
from vitropolis.model.triggers import holds, leaves_in, with_lists
from vitropolis.model.verdict import PROTECTED, WRONG_FACT, anew, trigger_bin

DRAW = int(Stream.LISTING)
INCOMES, POOR = 5, 2  # income fifths, in which a cell is counted last; those for whom a fee is much
STARTED, TERM, COMPLIANCE, REPAIR, REPEALED, CORRECTION = range(6)
BY_LEAF = 128  # cause of a listing: a kind of record below this, else a leaf's place above it
CANNOT_PAY = 2


@inner
def write_log(at: Any, world: Any, entry: Any, event: Any, cause: Any, bins: Any, state: Any) -> None:
    """Append a line to the chunk's listing log."""
    state.log[state.marks[4]] = log_row(at.resident, at.day, world, entry, event, cause, bins)
    state.marks[4] += 1


@inner
def payer_in(state: Any, at: Any, world: Any) -> Any:
    """Payer type of a resident in a world: 0 fast, 1 slow, 2 cannot pay."""
    return (int64(state.payer[at.place]) >> (PAYER_BITS * world)) & PAYERS


@kernel
def excluded(rules: Any, world: Any, entry: Any, at: Any, state: Any) -> Any:
    """Why the list passes somebody over: 0 it does not, 1 a minor, 2 found unable to pay."""
    if rules.adults_only[world, entry] and state.age[at.place] < 18:
        return 1
    if rules.ability_test[world, entry]:
        lot, _, _, _ = philox(at.resident, at.day, DRAW, entry, at.key0, at.key1)
        poor = payer_in(state, at, world) == CANNOT_PAY
        if int64(lot) < (rules.ability_found[world] if poor else rules.ability_false[world]):
            return 2
    return 0


@kernel
def exit_reason(
    rules: Any, world: Any, entry: Any, at: Any, place: Any, holding: Any, corrected: Any, pool: Any
) -> Any:
    """Return how a running listing ends today (0: it does not); a first day without ground sets the day of deletion.

    `corrected`: an appeal took a record out today.
    """
    word = pool[place]
    end, repair, deletion = word & 8191, (word >> REPAIR_AT) & 8191, (word >> DELETION_AT) & 8191
    if not rules.list_in_force[world, entry]:
        return REPEALED
    if rules.auto_expiry[world, entry] and end <= at.day:
        return TERM
    if repair <= at.day:
        return REPAIR
    if rules.on_compliance[world, entry]:
        if holding:
            deletion = NEVER
        elif deletion == NEVER:
            deletion = min(at.day + lag_of(rules, world, entry, at), NEVER)
        if not holding and deletion <= at.day:
            return COMPLIANCE
        pool[place] = (word & ~(8191 << DELETION_AT)) | (deletion << DELETION_AT)
    return CORRECTION if corrected and not holding else 0


@kernel
def prolong(rules: Any, world: Any, entry: Any, at: Any, place: Any, fires: Any, aggravated: Any, pool: Any) -> None:
    """Move a running listing's planned end later where the text says so."""
    word = pool[place]
    end = word & 8191
    if aggravated and rules.extension[world, entry] >= 0:
        end = max(end, min(at.day + rules.extension[world, entry], NEVER))
    if fires and rules.restarts[world] and rules.term[world, entry] >= 0:
        end = max(end, min(at.day + rules.term[world, entry], NEVER))
    pool[place] = (word & ~8191) | end


@kernel
def planned(rules: Any, world: Any, entry: Any, at: Any, aggravated: Any) -> Any:
    """Return the word of a listing that starts today: its planned end and the day on which repair is granted."""
    end = NEVER
    if rules.term[world, entry] >= 0:
        end = at.day + rules.term[world, entry]
        if aggravated:
            end = max(end, at.day + rules.extension[world, entry])
    repair = NEVER
    if rules.repair[world, entry] >= 0:
        _, asks, granted, _ = philox(at.resident, at.day, DRAW, entry, at.key0, at.key1)
        poor = 0 if at.cell % INCOMES < POOR else 1
        if int64(asks) < rules.asks_repair[world, entry, poor] and int64(granted) < rules.repair_granted[world]:
            repair = at.day + rules.repair[world, entry]
    return pack_listing(world, entry, min(end, NEVER), min(repair, NEVER), NEVER)


@inner
def until(rules: Any, world: Any, entry: Any, word: Any) -> Any:
    """The next day on which a running listing ends by itself."""
    end = word & 8191 if rules.auto_expiry[world, entry] else NEVER
    return min(end, min((word >> REPAIR_AT) & 8191, (word >> DELETION_AT) & 8191))


@kernel
def barred_by_heaviest(rules: Any, world: Any, at: Any, held: Any, news: Any, plain: Any, on: Any, state: Any) -> Any:
    """Return the lists that do not start today since only a record's heaviest consequence counts, one bit each."""
    starting, reasons, best, weight = 0, 0, -1, -1
    for entry in range(rules.lists[world]):
        reason = leaves_in(rules.trigger[world, entry]) & held & news
        if (on >> entry) & 1 or not rules.list_in_force[world, entry] or not reason:
            continue
        if not holds(rules.trigger[world, entry], held) or excluded(rules, world, entry, at, state):
            continue
        starting |= 1 << entry
        reasons |= reason
        if rules.weight[world, entry] > weight:
            best, weight = entry, rules.weight[world, entry]
    if best < 0 or reasons & plain:
        return 0
    return starting & ~(1 << best)


@kernel
def start_listing(
    case: Any,
    at: Any,
    entry: Any,
    on: Any,
    cause: Any,
    wrong: Any,
    aggravated: Any,
    state: Any,
    counts: Any,
    page: Any,
    spare: Any,
) -> None:
    """Put somebody on a list today: the listing, its bins, the log; `page` hears of wrong and protected ground."""
    rules, _, world, _, _, _, _, _ = case
    add_listing(state.pool, state.marks, state.head, at.place, planned(rules, world, entry, at, aggravated))
    now = anew(case, at, state)
    bins = 0
    if rules.black[world, entry]:
        for definition in range(2):
            program = rules.trigger[world, entry]
            found = trigger_bin(now, definition, wrong, program, on, at.resident, at.key0, at.key1, spare)
            add(counts, world, tally.BLACK_BINS + 3 * definition + found - 1, at, 1)
            bins |= found << (2 * definition)
            page.shielded[definition] |= found == PROTECTED
        page.wronged |= (1 if bins & 3 == WRONG_FACT else 0) << entry
    add(counts, world, tally.LISTED_NOW + entry, at, 1)
    add(counts, world, tally.LISTED_IN + entry, at, 1)
    write_log(at, world, entry, STARTED, cause, bins, state)


@inner
def end_listing(rules: Any, world: Any, entry: Any, at: Any, place: Any, how: Any, state: Any, counts: Any) -> Any:
    """Take somebody off a list today, the listing at `place` of the pool; returns the day of what follows from it."""
    if how != REPEALED and rules.lingers[world, entry]:
        linger(rules, world, entry, at, how == CORRECTION, state)
    drop_listing(state.pool, state.marks, state.head, at.place, place)
    follows = keep_for_a_while(rules, world, entry, at, state) if how <= REPAIR else NEVER
    add(counts, world, tally.LISTED_NOW + entry, at, -1)
    add(counts, world, tally.OUT + how - 1, at, 1)
    write_log(at, world, entry, how, 0, 0, state)
    return follows


@inner
def first_leaf(leaves: Any, fresh: Any, page: Any) -> Any:
    """The cause of a listing: the lowest of the leaves that made it start, or the record that made that leaf fresh."""
    leaf = 0
    while not (leaves >> leaf) & 1:
        leaf += 1
    return page.cause[leaf] if (fresh >> leaf) & 1 else BY_LEAF + leaf


@kernel
def move_lists(case: Any, at: Any, signs: Any, state: Any, counts: Any, page: Any, spare: Any) -> Any:
    """Let somebody leave and join the lists of one world today; return (lists on, started today, next change).

    `signs` is (leaves that hold, fresh by a record of today, fresh, plainly fresh, wrong records in the file).
    For each list, after those its trigger names: 1. what holds now. 2. Waiting and due: on, or no longer waiting.
    3. On: out, or prolonged. 4. Neither, and the trigger fires: waits, or is on. `page.wronged` and `page.shielded`
    get the lists that begin by wrong fact, and whether one begins on protected ground.
    """
    rules, _, world, _, _, _, _, _ = case
    held, recorded, fresh, plain, wrong = signs
    both = int64(state.lists[world, at.place])
    on, waiting = both & 255, both >> 8
    begun, change = 0, NEVER
    barred = 0
    if rules.alone[world]:
        barred = barred_by_heaviest(
            rules, world, at, with_lists(rules, world, held, on), fresh, plain, on | waiting, state
        )
    for turn in range(rules.lists[world]):
        entry = rules.order[world, turn]
        bit, mine = 1 << entry, world * 8 + entry
        now = with_lists(rules, world, held, on)
        news = fresh | with_lists(rules, world, 0, begun)
        program = rules.trigger[world, entry]
        holding, reason = holds(program, now), leaves_in(program) & now & news
        extended = rules.extended[world, entry]
        aggravated = holds(extended, now)
        if waiting & bit:
            place = find_listing(state.pool, state.head[at.place], mine)
            due = state.pool[place] & 8191
            if due > at.day:
                change = min(change, due)
                continue
            waiting &= ~bit
            drop_listing(state.pool, state.marks, state.head, at.place, place)
            if holding and rules.list_in_force[world, entry]:
                cause = first_leaf(leaves_in(program) & now, recorded, page)
                start_listing(case, at, entry, on, cause, wrong, aggravated, state, counts, page, spare)
                on, begun = on | bit, begun | bit
            else:
                add(counts, world, tally.CANCELLED, at, 1)
        elif on & bit:
            place = find_listing(state.pool, state.head[at.place], mine)
            how = exit_reason(rules, world, entry, at, place, holding, state.now[world, at.place] & 128, state.pool)
            if how:
                change = min(change, end_listing(rules, world, entry, at, place, how, state, counts))
                on &= ~bit
            else:
                worse = aggravated and (leaves_in(extended) & now & news) != 0
                prolong(rules, world, entry, at, place, holding and reason != 0, worse, state.pool)
        if not ((on | waiting | barred) & bit) and rules.list_in_force[world, entry] and holding and reason:
            why_not = excluded(rules, world, entry, at, state)
            if why_not:
                add(counts, world, tally.MINOR + why_not - 1, at, 1)
            elif dropped(case, at, entry, on, wrong, state, counts, spare):
                continue
            elif rules.grace[world, entry] > 0:
                waiting |= bit
                due = min(at.day + rules.grace[world, entry], NEVER)
                upheld = NEVER
                if rules.black[world, entry] and objects(case, at, entry, on, wrong, state, counts, spare):
                    upheld = 0
                add_listing(
                    state.pool, state.marks, state.head, at.place, pack_listing(world, entry, due, upheld, NEVER)
                )
            else:
                cause = first_leaf(reason, recorded, page)
                start_listing(case, at, entry, on, cause, wrong, aggravated, state, counts, page, spare)
                on, begun = on | bit, begun | bit
        if (on | waiting) & bit:
            place = find_listing(state.pool, state.head[at.place], mine)
            word = state.pool[place]
            change = min(change, until(rules, world, entry, word) if on & bit else word & 8191)
    state.lists[world, at.place] = on | (waiting << 8)
    return on, begun, change
