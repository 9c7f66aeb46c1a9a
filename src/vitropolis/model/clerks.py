"""Clerks who decide: a person looks at a case before it becomes a listing; promised days (docs/mechanisms.md, 19).

A case is dropped with the chance `human_sees_wrong` if its trigger would not hold without wrong records, else with
`human_drops_right`; times `hybrid_looks` where a list is decided by a hybrid, times `review_looks` where an automated
decision is reviewed by somebody with authority to change it. A promise of `compliance_days` is kept with the chance
`promise_kept`: then deletion takes at most that long. Units: shares and days. Source: none; all shares are assumed.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from vitropolis.base.draws import Stream
from vitropolis.base.fixed import exact, s32
from vitropolis.base.kernels import inner, int64, kernel, philox
from vitropolis.model import counts as tally
from vitropolis.model.counts import add
from vitropolis.model.verdict import WRONG_FACT, anew, trigger_bin
from vitropolis.model.worlds import World
from vitropolis.policy import Taken
from vitropolis.policy.schema import Listing, Measure

HUMAN, PROMISE, LAG = int(Stream.HUMAN), int(Stream.PROMISE), int(Stream.LAG)


@kernel
def dropped(case: Any, at: Any, entry: Any, on: Any, wrong: Any, state: Any, counts: Any, page: Any) -> Any:
    """Whether a clerk who looks at a case that would become a listing today drops it; counted by its ground."""
    rules, _, world, _, _, _, _, _ = case
    if rules.drops[world, entry, 0] == 0 and rules.drops[world, entry, 1] == 0:
        return False
    other = 1
    if wrong:
        program = rules.trigger[world, entry]
        found = trigger_bin(anew(case, at, state), 0, wrong, program, on, at.resident, at.key0, at.key1, page)
        other = 0 if found == WRONG_FACT else 1
    lot, _, _, _ = philox(at.resident, at.day, HUMAN, entry, at.key0, at.key1)
    if int64(lot) >= rules.drops[world, entry, other]:
        return False
    add(counts, world, tally.DROPPED_RIGHT if other else tally.DROPPED_WRONG, at, 1)
    return True


@inner
def lag_of(rules: Any, world: Any, entry: Any, at: Any) -> Any:
    """Days from the end of the ground to deletion: at most the promised ones, where the promise is kept."""
    lot, _, _, _ = philox(at.resident, at.day, LAG, entry, at.key0, at.key1)
    days = int64(rules.deletion[world, int64(lot) >> 24])
    if rules.promised[world, entry] >= 0:
        kept, _, _, _ = philox(at.resident, at.day, PROMISE, entry, at.key0, at.key1)
        if int64(kept) < rules.keeps[world]:
            days = min(days, max(int64(rules.promised[world, entry]), 1))
    return days


def looks_at(world: World, name: str, listing: Listing, taken: Taken) -> Fraction:
    """The share of cases of a list that a person really looks at."""
    held, procedure = world.assumptions.clerks, world.policy.procedure
    decider = taken.word(f"lists.{name}.decided_by", listing.decided_by)
    if decider == "human":
        return Fraction(1)
    if decider == "hybrid":
        return exact(held.hybrid_looks.value)
    review = procedure.human_review if procedure else None
    if review is None or review.available is not True or review.authority_to_change is not True:
        return Fraction(0)
    return exact(held.review_looks.value) if listing.polarity != "red" else Fraction(0)


def lets_through(world: World, measure: Measure) -> Fraction:
    """The share of requests that a shutting measure would refuse, and a clerk waves through."""
    held = world.assumptions.clerks
    looks = {"human": Fraction(1), "hybrid": exact(held.hybrid_looks.value)}.get(measure.decided_by or "", Fraction(0))
    return looks * exact(held.clerk_lifts.value)


def write_clerks(table: Any, number: int, world: World, day: date, taken: Taken) -> None:
    """Write what clerks do with lists on a day into world `number` of a table of rules."""
    held = world.assumptions.clerks
    table["discretion"][number] = s32(exact(held.discretion_used.value))
    table["keeps"][number] = s32(exact(held.promise_kept.value))
    asks = exact(world.assumptions.lists.asks_repair.value)
    for place, (name, listing) in enumerate(world.lists.items()):
        looks, way_out = looks_at(world, name, listing, taken), listing.exit
        shares = (held.human_sees_wrong, held.human_drops_right)
        table["drops"][number, place] = [s32(looks * exact(share.value)) if looks else 0 for share in shares]
        said = way_out.compliance_days.on(day) if way_out and way_out.compliance_days is not None else None
        table["promised"][number, place] = -1 if said is None else said
        fee = way_out.fee_yuan.on(day) if way_out and way_out.fee_yuan is not None else None
        stays = exact(held.fee_deters.value) if fee else Fraction(0)
        table["asks_repair"][number, place] = (s32(asks * (1 - stays)), s32(asks))
