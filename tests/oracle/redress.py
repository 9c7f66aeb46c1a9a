"""Cases: being told, objecting, appealing, and what an answer does. Section 11 of docs/mechanisms.md."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.oracle.assumed import value
from tests.oracle.chances import delay_days, nearest, s32
from tests.oracle.look import Case, Look, Standing
from tests.oracle.philox import APPEAL, NOTICE, OBJECTION
from tests.oracle.records import Record

if TYPE_CHECKING:
    from tests.oracle.world import World


@dataclass(frozen=True, slots=True)
class Appeal:
    """`filed_on`: of a further level, the day it joined the queue again."""

    resident: int
    filed_on: int
    level: int
    record: Record
    contested_on: int  # first: whether the record was wrong is asked of that day


@dataclass(frozen=True, slots=True)
class Answer:
    """`wrong`: the contested record was, on the day of filing."""

    resident: int
    record: Record
    upheld: bool
    wrong: bool


def object_to(world: World, look: Look, name: str, on_right: bool) -> None:
    """On the day waiting for a black list begins: whether somebody objects, and whether they are heard."""
    rules = world.today.lists[name]
    if not (world.today.procedure.objection and rules.black):
        return
    known, o = world.assumed.content.redress, world.chance.draw(look.resident, look.day, OBJECTION, rules.place)
    if o[0] >= s32(value(known.objects_right if on_right else known.objects_wrong)):
        return
    world.count(look.resident, "objections")
    world.events[f"objection.{'right' if on_right else 'wrong'}"] += 1
    if o[1] < s32(value(known.objection_false if on_right else known.objection_found)):
        look.standing.objected.add(name)
        world.count(look.resident, "objections_upheld")
        world.events["objection.upheld"] += 1


def take_out_objected(world: World, resident: int, standing: Standing, day: int) -> None:
    """Before the file is read on the day on which waiting ends: an upheld objection takes a record out for good."""
    for name in world.policy.lists:
        if name not in standing.objected or standing.waiting.get(name) != day:
            continue
        standing.objected.discard(name)
        record = Look(world, resident, standing, day).contested()
        world.events["objection.took_out" if record else "objection.nothing_left"] += 1
        if record is not None:
            world.voided[resident].add(record)


def look_at_case(world: World, look: Look) -> None:
    """What a look does to the resident's case: opens it, tells, files, closes."""
    standing, day, case = look.standing, look.day, look.standing.case
    if case is None:
        if standing.own_hit:
            standing.case = opened(world, look.resident, day)
            if standing.case.told_on == day:
                tell(world, look.resident, standing, day, "notice")
        return
    if case.state == "silent" and case.told_on == day and standing.own_hit:
        tell(world, look.resident, standing, day, "notice")
    elif case.state == "told" and case.files_on == day:
        file_appeal(world, look, case)
    if not standing.own_hit and case.state != "pending":
        standing.case = None
        world.events[f"case.closed.{case.state}"] += 1


def opened(world: World, resident: int, day: int) -> Case:
    known, when = world.assumed.content.redress, world.today.procedure.notice
    world.events["case.opened"] += 1
    if when not in ("before", "at", "after"):
        world.events["notice.none"] += 1
        return Case("silent")
    if world.chance.draw(resident, day, NOTICE)[0] >= s32(value(known.notice_reaches)):
        world.events["notice.does_not_reach"] += 1
        return Case("silent")
    world.events[f"notice.{when}"] += 1
    return Case("silent", day + nearest(value(known.notice_after_days)) if when == "after" else day)


def tell(world: World, resident: int, standing: Standing, day: int, how: str) -> None:
    """Somebody learns of their case, and decides whether to appeal, and when."""
    case, procedure, known = standing.case, world.today.procedure, world.assumed.content.redress
    assert case is not None
    case.state, case.told_on = "told", None
    world.events[f"told.{how}"] += 1
    if "learnt" not in world.ever[resident]:
        world.ever[resident].add("learnt")
        world.count(resident, f"learnt_{how}")
    if not procedure.redress:
        world.events["told.no_redress"] += 1
        return
    a = world.chance.draw(resident, day, APPEAL)
    share = value(known.appeals_wrong if standing.wrongly else known.appeals_right)
    share *= world.assumed.product_of(known.profile, world.city.classes[resident])
    trusting = world.trusting(world.assumed.content.adaptation.trust.appeals)
    if a[0] >= s32(min(Fraction(1), share)) * trusting >> 16:
        world.events["appeal.not_wanted"] += 1
        return
    if not world.speech.dares_appeal(resident, a[2]):
        return
    wait = delay_days(a[1], value(known.file_mean_days))
    if procedure.appeal and procedure.window is not None and wait > procedure.window:
        world.events["appeal.too_late"] += 1
        return
    world.events["appeal.intended.wrongly_hit" if standing.wrongly else "appeal.intended.other"] += 1
    case.files_on = day + wait


def file_appeal(world: World, look: Look, case: Case) -> None:
    case.files_on = None
    record = look.contested() if look.standing.own_hit else None
    if record is None:
        world.count(look.resident, "appeals_not_made")
        world.events["appeal.not_made.no_record" if look.standing.own_hit else "appeal.not_made.no_hit"] += 1
        return
    case.state = "pending"
    world.count(look.resident, "appeals_filed")
    world.events["appeal.filed.wrong" if world.is_wrong(record, look.day) else "appeal.filed.right"] += 1
    world.fresh_appeals.append(Appeal(look.resident, look.day, 1, record, look.day))
    if world.today.procedure.flags_dispute:
        world.disputed[look.resident].add(record)
        world.events["appeal.disputed"] += 1


def answers_arrive(world: World, day: int) -> None:
    """Upheld: the record counts nowhere from now on. Refused: a disputed one comes back."""
    world.corrected_today = set()
    for answer in world.answers.pop(day, ()):
        standing = world.standings[answer.resident]
        assert standing.case is not None and standing.case.state == "pending"
        standing.case.state = "answered"
        kind = f"{'upheld' if answer.upheld else 'refused'}_{'wrong' if answer.wrong else 'right'}"
        world.count(answer.resident, kind)
        world.events[f"answer.{kind}"] += 1
        disputed = answer.record in world.disputed[answer.resident]
        world.disputed[answer.resident].discard(answer.record)
        if answer.upheld:
            world.voided[answer.resident].add(answer.record)
            world.corrected_today.add(answer.resident)
        else:
            world.events["answer.comes_back"] += disputed
