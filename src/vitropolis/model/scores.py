"""Score, band and what a file says on a day (M3, M6).

Score = start + points of live records, newest first, of each behaviour at most so many, + a bonus for time without a
live record that costs points; clamped to the range. Bands are
half-open [lower, next lower), the best ends at the range's end. Everything is read from the resident's file at each
look: nothing is kept that could go stale, so dated rules and lives need no bookkeeping of their own.

A record lives for ever, or some days, or until its debt is settled and some days more; or its points are halved with
every half-life, rounded towards 0, until they are 0. Units: points and days. Wrong are records of truth 1, 2, 3, 5
and 6, and stale ones (4) from the day of settlement on. Source: the policy gives every number.
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.kernels import inner, kernel
from vitropolis.model.discretion import choice, points_by
from vitropolis.model.files import act_of, arrival_of, in_front, kind_of, next_of, truth_of, wait_of, worlds_of
from vitropolis.model.rules import EXPIRES, FOREVER, HALF_LIFE, NEVER, NO_WAIT, RIGHT, STALE
from vitropolis.model.settling import settled_on

ALL, TRUE_ONLY, BREACHES = 0, 1, 2  # what of a file is read; BREACHES + n: definition n of deserving


@inner
def is_wrong(rules: Any, world: Any, behaviour: Any, record: Any, day: Any) -> Any:
    """Whether the record is wrong in a world on `day`: a stale one only once it is settled there."""
    truth = truth_of(record)
    if truth == STALE:
        return wait_of(record) != NO_WAIT and day >= settled_on(rules, world, behaviour, record)
    return truth != RIGHT


@kernel
def ends_on(rules: Any, world: Any, behaviour: Any, record: Any, day: Any) -> Any:
    """Return the next day after `day` on which the record's weight or truth changes; up to `day`: it no longer lives.

    Halving counts as a change; whether halved points are all gone is for the caller to see.
    """
    life, days = rules.life[world, behaviour], rules.life_days[world, behaviour]
    if life == FOREVER:
        return NEVER
    since = arrival_of(record) if rules.from_arrival[world] else act_of(record)
    if life == EXPIRES:
        return since + days
    if life == HALF_LIFE:
        return since + ((day - since) // days + 1) * days
    if wait_of(record) == NO_WAIT:
        return NEVER
    settled = settled_on(rules, world, behaviour, record)
    if truth_of(record) == STALE:
        return settled if settled > day else NEVER
    return settled + days


@inner
def halved(points: Any, times: Any) -> Any:
    """Halve towards zero so many times."""
    return points >> min(times, 31) if points >= 0 else -((-points) >> min(times, 31))


@kernel
def deserves(rules: Any, world: Any, definition: Any, word: Any, poor: Any) -> Any:
    """Whether an adverse record of `word` counts under a definition of deserving (0 or 1)."""
    if not rules.deserving[world, definition, word]:
        return False
    payer = rules.debt_payer[world, word]
    return not (rules.must_be_able[world, definition] and (payer == 3 or (payer == 0 and poor)))


@kernel
def read_file(rules: Any, world: Any, day: Any, first: Any, pool: Any, keep: Any, poor: Any, page: Any) -> Any:
    """Read one file as one world sees it on `day` into `page`; return (next change, wrong records seen, fresh, plain).

    1. Start from nothing. 2. For each record of this world, newest first: skip what is not in force, not live or not
    kept (`keep`: ALL, TRUE_ONLY, BREACHES + definition). 3. Count it, and add its points unless more than `counted`
    newer ones of its behaviour count. 4. Note its ceilings. 5. Count it in the leaves that name its behaviour; a
    leaf with a record of today is fresh, and plainly so if the behaviour is not one that counts `alone`. 6. Add the
    bonus for the days without an adverse record, of those that were read.
    `page.who` and the keys say whose file it is (`discretion`). `page.sums`, `page.carried` and `page.ceiling` are per
    score of the world, `page.held` per leaf.
    """
    ledgers, base = rules.ledgers[world], rules.first_ledger[world]
    page.sums[:ledgers] = 0
    page.carried[:ledgers] = 0
    page.ceiling[:ledgers] = 127
    page.count[: rules.behaviours[world]] = 0
    page.held[: rules.leaves[world]] = 0
    page.fault = 0
    page.left_out = 0
    change, wrong, fresh, plain = NEVER, False, 0, 0
    clean_since = page.enrolled
    here = first
    while here:
        word = pool[here]
        here = next_of(word)
        if in_front(word) or not (worlds_of(word) >> world) & 1:
            continue
        kind = kind_of(word)
        behaviour = rules.behaviour[world, kind]
        if behaviour < 0 or not rules.in_force[world, behaviour]:
            continue
        end = ends_on(rules, world, behaviour, word, day)
        halvings, chosen = 0, choice(rules, world, behaviour, word, page.who, page.key0, page.key1)
        if rules.life[world, behaviour] == HALF_LIFE:
            since = arrival_of(word) if rules.from_arrival[world] else act_of(word)
            halvings = (day - since) // rules.life_days[world, behaviour]
            left = 0
            for ledger in range(base, base + ledgers):
                left |= halved(points_by(rules, ledger, behaviour, chosen), halvings)
            if left == 0:
                continue
        elif end <= day:
            continue
        bad = is_wrong(rules, world, behaviour, word, day)
        if keep and bad:
            page.left_out = 1
            continue
        adverse = (rules.adverse[world] >> behaviour) & 1
        if keep >= BREACHES and adverse and not deserves(rules, world, keep - BREACHES, rules.word[kind], poor):
            page.left_out = 1
            continue
        wrong |= bad
        page.fault |= adverse
        if adverse:
            clean_since = max(clean_since, arrival_of(word))
            change = min(change, next_bonus(rules, world, day, arrival_of(word)))
        change = min(change, end)
        page.count[behaviour] += 1
        for place in range(ledgers):
            points = halved(points_by(rules, base + place, behaviour, chosen), halvings)
            if points:
                page.carried[place] += 1
                if page.count[behaviour] <= rules.counted[world, behaviour]:
                    page.sums[place] += points
            if rules.ceiling[base + place, behaviour] >= 0:
                page.ceiling[place] = min(page.ceiling[place], rules.ceiling[base + place, behaviour])
        change, counting = count_in_leaves(rules, world, day, word, behaviour, change, page)
        if arrival_of(word) == day:
            for leaf in range(rules.leaves[world]):
                if (counting & ~fresh) >> leaf & 1:
                    page.cause[leaf] = kind
            fresh |= counting
            plain |= 0 if (rules.alone[world] >> behaviour) & 1 else counting
    stay_clean(rules, world, day, clean_since, page)
    return min(change, next_bonus(rules, world, day, page.enrolled)), wrong, fresh, plain


@inner
def count_in_leaves(rules: Any, world: Any, day: Any, word: Any, behaviour: Any, change: Any, page: Any) -> Any:
    """Count a record in the leaves that name its behaviour; return (next change, the leaves it counts in)."""
    leaves, leaf, counting = rules.leaves_of[world, behaviour], 0, 0
    while leaves:
        within = rules.within[world, leaf]
        if leaves & 1 and day - arrival_of(word) < within:
            page.held[leaf] += 1
            counting |= 1 << leaf
            if within != NEVER:
                change = min(change, arrival_of(word) + within)
        leaves >>= 1
        leaf += 1
    return change, counting


@kernel
def stay_clean(rules: Any, world: Any, day: Any, since: Any, page: Any) -> None:
    """Add what the days from `since` on without a record that costs points are worth to the sums of `page`."""
    for place in range(rules.ledgers[world]):
        ledger = rules.first_ledger[world] + place
        if rules.clean_every[ledger]:
            times = min((day - since) // rules.clean_every[ledger], rules.clean_most[ledger])
            page.sums[place] += rules.clean_points[ledger] * times
            page.carried[place] += 1 if times else 0


@kernel
def next_bonus(rules: Any, world: Any, day: Any, since: Any) -> Any:
    """Return the next day on which the days from `since` on are worth more.

    Asked of enrolment and of every record that costs points: a reading that leaves some out counts from another one.
    """
    change = NEVER
    for place in range(rules.ledgers[world]):
        ledger = rules.first_ledger[world] + place
        every = rules.clean_every[ledger]
        if every and (day - since) // every < rules.clean_most[ledger]:
            change = min(change, since + ((day - since) // every + 1) * every)
    return change


@kernel
def lives(rules: Any, world: Any, behaviour: Any, record: Any, day: Any, who: Any, key0: Any, key1: Any) -> Any:
    """Whether a record of `who` counts on a day in a world where it counts as `behaviour`."""
    if behaviour < 0 or not rules.in_force[world, behaviour]:
        return False
    if rules.life[world, behaviour] != HALF_LIFE:
        return ends_on(rules, world, behaviour, record, day) > day
    since = arrival_of(record) if rules.from_arrival[world] else act_of(record)
    halvings = (day - since) // rules.life_days[world, behaviour]
    left, chosen = 0, choice(rules, world, behaviour, record, who, key0, key1)
    for place in range(rules.ledgers[world]):
        left |= halved(points_by(rules, rules.first_ledger[world] + place, behaviour, chosen), halvings)
    return left != 0


@kernel
def find_contested(rules: Any, world: Any, at: Any, first: Any, pool: Any) -> Any:
    """Return the place of the newest live adverse record that is wrong, else of the newest live adverse one, else 0."""
    here, found = first, 0
    while here:
        word, place = pool[here], here
        here = next_of(word)
        if in_front(word) or not (worlds_of(word) >> world) & 1:
            continue
        behaviour = rules.behaviour[world, kind_of(word)]
        if behaviour < 0 or not (rules.adverse[world] >> behaviour) & 1:
            continue
        if not lives(rules, world, behaviour, word, at.day, at.resident, at.key0, at.key1):
            continue
        if is_wrong(rules, world, behaviour, word, at.day):
            return place
        if not found:
            found = place
    return found


@kernel
def band_of(rules: Any, week: Any, ledger: Any, score: Any, carried: Any, ceiling: Any) -> Any:
    """Return the band (0 worst) of a score in this week, after newcomers' rule and ceilings."""
    band = rules.bands[ledger] - 1
    while band > 0 and score < week.lower[ledger, band]:
        band -= 1
    if carried == 0 and rules.newcomers[ledger] != -1:
        band = rules.newcomers[ledger] if rules.newcomers[ledger] >= 0 else week.impute[ledger]
    return min(band, ceiling)


@kernel
def score_file(rules: Any, week: Any, world: Any, listed: Any, page: Any) -> None:
    """Turn the sums of `page` into scores and bands on it; `listed` brings the lists' ceilings."""
    for place in range(rules.ledgers[world]):
        ledger = rules.first_ledger[world] + place
        score = rules.start[ledger] + page.sums[place]
        score = min(max(score, rules.lowest[ledger]), rules.highest[ledger])
        ceiling = page.ceiling[place]
        for entry in range(rules.lists[world]):
            if (listed >> entry) & 1 and rules.list_ceiling[ledger, entry] >= 0:
                ceiling = min(ceiling, rules.list_ceiling[ledger, entry])
        page.score[place] = score
        page.band[place] = band_of(rules, week, ledger, score, page.carried[place], ceiling)
