"""Looking at one resident and doing what follows: what the `Look` decided is written down here. Section 6."""

from __future__ import annotations

from tests.oracle.assumed import value
from tests.oracle.chances import nearest, s32
from tests.oracle.dated import NEVER
from tests.oracle.doors import end_after, hold_classes, linger
from tests.oracle.look import Decision, Listing, Look, Standing
from tests.oracle.records import STALE, UNSETTLED
from tests.oracle.redress import look_at_case, object_to, take_out_objected
from tests.oracle.world import World

from vitropolis.policy.schema import Listing as Listing_
from vitropolis.policy.triggers import leaves


def visit(world: World, resident: int, day: int) -> None:
    """One look, once a day, at somebody who is enrolled."""
    first = resident not in world.standings
    standing = world.standings.setdefault(resident, Standing(day))
    take_out_objected(world, resident, standing, day)
    take_out_kept(world, resident, standing, day)
    look = Look(world, resident, standing, day)
    decisions = look.decide(look.absorbed() if world.absorbs else ())
    if first:
        world.events["enrolment.enrolled"] += 1
    for name, decision in decisions.items():
        carry_out(world, look, name, decision)
    count_changes(world, look)
    standing.verdicts = look.verdicts()
    count_notes(world, look, standing)
    standing.scores, standing.bands, standing.live = look.ledger.scores, look.ledger.bands, look.live
    standing.held = {id(leaf): look.holds(leaf, look.ledger) for leaf in world.remembered}
    hold_classes(world, look)
    look_at_case(world, look)


def take_out_kept(world: World, resident: int, standing: Standing, day: int) -> None:
    """What may be kept only for some days after an exit leaves the file for good."""
    for name in [name for name, due in standing.keeping.items() if due <= day]:
        del standing.keeping[name]
        kept = world.kept_days
        if kept is None:
            continue
        named = {
            each
            for leaf in leaves(world.policy.lists[name].trigger)
            if leaf.kind == "records"
            for each in leaf.behaviours
        }
        for record in world.files[resident]:
            mine = world.behaviour_of[record.kind] in named and not world.is_out(resident, record)
            if mine and record.arrival <= day - max(1, kept):
                world.voided[resident].add(record)
                world.events["record.not_kept"] += 1


def carry_out(world: World, look: Look, name: str, decision: Decision) -> None:
    standing, day, rules = look.standing, look.day, world.today.lists[name]
    if decision.what == "wait":
        standing.waiting[name] = day + look.grace(name)
        world.events["lists.grace.begun"] += 1
        world.events["objection.longer_grace"] += look.grace(name) > rules.grace
        object_to(world, look, name, decision.on_right)
    elif decision.what == "give_up":
        del standing.waiting[name]
        world.count(look.resident, "waiting_cancelled")
        world.events["lists.grace.cancelled"] += 1
    elif decision.what == "start":
        world.events["lists.grace.over"] += standing.waiting.pop(name, None) is not None
        standing.listed[name] = start(world, look, name, decision)
    elif decision.what == "stay":
        stay(world, look, standing.listed[name], decision)
    elif decision.what == "out":
        listing = standing.listed.pop(name)
        listing.day_out, listing.how = day, decision.how
        world.events[f"lists.exit.{decision.how}"] += 1
        world.count(look.resident, f"out_{decision.how}")
        linger(world, look, listing, decision.how)
        kept = world.kept_days
        if rules.black and decision.how in ("term", "compliance", "repair") and kept is not None:
            standing.keeping[name] = day + max(1, kept)
        if decision.again is not None:
            carry_out(world, look, name, decision.again)
    elif decision.what == "dropped":
        world.count(look.resident, "dropped_right" if decision.on_right else "dropped_wrong")
        world.events[f"clerk.dropped.{'right' if decision.on_right else 'wrong'}"] += 1
    elif decision.what == "absorbed":
        world.events["absorption.absorbed"] += 1


def start(world: World, look: Look, name: str, decision: Decision) -> Listing:
    """Planned end and the day of repair are fixed when the listing begins."""
    day, rules, polarity = look.day, world.today.lists[name], world.policy.lists[name].polarity
    term = max(rules.term, rules.extension) if decision.longer else rules.term
    draw = world.draw_listing(look.resident, day, name)
    repair = NEVER
    if rules.repair_after is not None and draw[1] < asks_repair(world, look, name) and draw[2] < world.repair_granted:
        repair = day + rules.repair_after + (world.repair_answer_days if rules.response is None else rules.response)
    listing = Listing(world.place, look.resident, name, day, end_after(day, term), repair, decision.bins)
    world.listings.append(listing)
    world.events[f"lists.start.{polarity}"] += 1
    for leaf in look.fresh_leaves(world.policy.lists[name].trigger):
        world.events[f"trigger.fresh.{leaf.kind}"] += 1
    world.events["lists.start.longer_term"] += decision.longer
    for definition, found in decision.bins.items():
        world.events[f"lists.bin.{definition}.{found}"] += 1
    if polarity == "black":
        seen_by_others(world, look.resident, world.policy.lists[name])
        for family in range(len(world.assumed.families)):
            world.raise_deterrence(look.resident, family, world.assumed.listing_step)
    return listing


def asks_repair(world: World, look: Look, name: str) -> int:
    """Of those whom a repair is open to, who ask for it: fewer of the two lowest fifths where it costs."""
    share = value(world.assumed.content.lists.asks_repair)
    if world.today.lists[name].fee and world.city.income_fifth(look.resident) < 2:
        world.events["lists.repair.costs"] += 1
        share *= 1 - value(world.assumed.content.clerks.fee_deters)
    return s32(share)


def seen_by_others(world: World, resident: int, item: Listing_) -> None:
    """A published black listing is seen at home and at work."""
    if item.publication is None or item.publication.public is not True:
        return
    known = world.assumed.content.publicity
    for other in world.city.household_of(resident):
        if other != resident:
            world.events["publicity.home"] += 1
            for family in range(len(world.assumed.families)):
                world.raise_deterrence(other, family, nearest(value(known.household_step)))
    firm = None if resident in world.work.lost else world.city.employer[resident]
    if firm is not None:
        world.events["publicity.work"] += 1
        world.adverse_by_firm[firm, world.today.day // 7] += nearest(value(known.workplace_records))


def stay(world: World, look: Look, listing: Listing, decision: Decision) -> None:
    day, rules = look.day, world.today.lists[listing.name]
    for moves, end, event in (
        (decision.longer, end_after(day, rules.extension), "lists.extended"),
        (decision.renewed, end_after(day, rules.term), "lists.restarted"),
    ):
        if moves and end > listing.planned_end:
            listing.planned_end = end
            world.events[event] += 1
    if not rules.on_compliance:
        return
    if decision.holds:
        world.events["lists.deletion.cleared"] += listing.deletion_day != NEVER
        listing.deletion_day = NEVER
    elif listing.deletion_day == NEVER:
        listing.deletion_day = day + world.deletion_wait(look.resident, day, rules)
        world.events["lists.deletion.set"] += 1


def count_changes(world: World, look: Look) -> None:
    """Records that stopped counting since the last look, by how; halvings; bands that moved."""
    before, events = look.standing, world.events
    if look.just_enrolled:
        return
    still = set(look.live)
    for record in look.live:
        rule = look.rule(record)
        due = record.act + record.wait + rule.days
        pays = rule.life == "until_settled" and record.wait != UNSETTLED and record.truth != STALE
        events["settling.slower"] += pays and due <= look.day
    for record in before.live:
        if world.is_out(look.resident, record):
            events["record.taken_out"] += 1
        elif record not in still:
            rule = look.rule(record)
            events[f"life.ended.{rule.life if rule.in_force else 'repealed'}"] += 1
        elif look.rule(record).life == "half_life":
            since = look.day - (record.arrival if world.from_arrival else record.act)
            events["life.halved"] += since > 0 and since % look.rule(record).days == 0
    for name, band in look.ledger.bands.items():
        rules = world.today.scores[name]
        step = rules.places[band] - rules.places[before.bands[name]]
        events[f"band.{'worse' if step > 0 else 'better'}"] += step != 0


def count_notes(world: World, look: Look, standing: Standing) -> None:
    """Caps, clamps, ceilings and bands without records, when they begin to matter; verdicts when they change."""
    for note in look.notes - standing.notes:
        world.events[note] += 1
    standing.notes = look.notes
    for bins in standing.verdicts.values():
        for definition, found in bins.items():
            world.events[f"verdict.{definition}.{found}.days"] += 1
