"""From a policy's procedure to tables: notice, objection, appeal, correction (docs/mechanisms.md, 11 and 13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from vitropolis.base.fixed import delay_ends, exact, s32
from vitropolis.model.envelope import over_cells
from vitropolis.model.rules import NEVER, NO_NOTICE, NOTICE_LATER, NOTICE_NOW
from vitropolis.model.worlds import World
from vitropolis.policy import Taken
from vitropolis.policy.schema import Listing

NOTICES = {"none": NO_NOTICE, "at": NOTICE_NOW, "before": NOTICE_NOW, "after": NOTICE_LATER}


def notice_on(world: World, day: date, taken: Taken | None = None) -> str:
    """When people are told on a day: before, at, after or none."""
    procedure = world.policy.procedure
    said = procedure.notice.when.on(day) if procedure and procedure.notice else None
    return (taken or Taken()).word("procedure.notice.when", said)


def appeal_open(world: World, day: date) -> bool:
    """Whether there is an appeal on a day."""
    procedure = world.policy.procedure
    return bool(procedure and procedure.appeal and procedure.appeal.available.on(day) is True)


def redress_open(world: World, day: date) -> bool:
    """Whether a record can be contested after the effect: by appeal, or by asking for correction."""
    procedure = world.policy.procedure
    return appeal_open(world, day) or bool(procedure and procedure.correction)


def objection_open(world: World, day: date) -> bool:
    """Whether people may answer before the effect on a day."""
    procedure = world.policy.procedure
    return bool(procedure and procedure.objection and procedure.objection.available.on(day) is True)


def grace_of(world: World, name: str, listing: Listing, day: date, taken: Taken) -> int:
    """Days between trigger and listing: the list's own, and on a black list time for notice and objection."""
    days = taken.days(f"lists.{name}.grace_days", listing.grace_days, day) or 0
    procedure = world.policy.procedure
    if listing.polarity != "black" or world.subject == "firm" or procedure is None or not objection_open(world, day):
        return days
    asked = [procedure.objection.days if procedure.objection else None]
    if notice_on(world, day) == "before" and procedure.notice:
        asked.append(procedure.notice.before_days)
    return max(days, *((said.on(day) or 0) if said is not None else 0 for said in asked))


def write_procedure(table: Any, number: int, world: World, day: date, taken: Taken) -> None:
    """Write notice, appeal, objection and correction as they are on a day into world `number` of a table of rules."""
    held, procedure = world.assumptions.redress, world.policy.procedure
    table["notice"][number] = NOTICES[notice_on(world, day, taken)]
    table["notice_reaches"][number] = s32(exact(held.notice_reaches.value))
    table["notice_after"][number] = round(exact(held.notice_after_days.value))
    table["redress"][number] = redress_open(world, day)
    table["filing"][number] = delay_ends(exact(held.file_mean_days.value))
    table["window"][number] = NEVER
    if appeal_open(world, day) and procedure and procedure.appeal:
        window = procedure.appeal.window_days.on(day) if procedure.appeal.window_days is not None else None
        table["window"][number] = NEVER if window is None else window
        suspends = procedure.appeal.suspends_effect
        table["suspends"][number] = taken.flag_on("procedure.appeal.suspends_effect", suspends, day)
    if procedure and procedure.correction:
        table["disputes"][number] = taken.flag("procedure.correction.flag_dispute", procedure.correction.flag_dispute)
    profile = over_cells(world.assumptions.profiles[held.profile], upper=False)
    for place, share in enumerate((held.appeals_wrong, held.appeals_right)):
        table["appeals"][number, place] = [s32(exact(share.value) * part) for part in profile]
    if objection_open(world, day):
        table["objects"][number] = [s32(exact(share.value)) for share in (held.objects_wrong, held.objects_right)]
    upheld = (held.objection_found, held.objection_false)
    table["objection_upheld"][number] = [s32(exact(share.value)) for share in upheld]


@dataclass(frozen=True)
class Court:
    """Who decides appeals in one world on a day, and how.

    staff: persons per 100,000 enrolled; pace: decisions a person and calendar day; levels: instances; late: what a
    missed deadline of `deadline` days (None: none) means; removal: days from decision to deletion; found, voids,
    goes_on: 32-bit shares of wrong records found wrong, of right ones taken out, of refused that go on. promise: days
    in which an answer is promised (None: none); keeps: 32-bit share of promises that are kept.
    """

    staff: Fraction
    pace: Fraction
    levels: int
    late: str
    deadline: int | None
    removal: int
    found: int
    voids: int
    goes_on: int
    promise: int | None = None
    keeps: int = 0


def court_on(world: World, day: date, taken: Taken) -> Court:
    """The court of a world on a day."""
    held, procedure = world.assumptions.redress, world.policy.procedure
    appeal = procedure.appeal if procedure and appeal_open(world, day) else None
    correction = procedure.correction if procedure else None
    staff = taken.assumed(
        "procedure.appeal.staff_per_100k", appeal.staff_per_100k if appeal else None, day, held.staff_per_100k.value
    )
    removal = taken.assumed(
        "procedure.correction.removal_days", correction.removal_days if correction else None, day,
        held.removal_days.value,
    )  # fmt: skip
    burden = taken.word("procedure.appeal.burden_of_proof", appeal.burden_of_proof if appeal else None)
    promised = correction.response_days if correction else None
    deadline = appeal.decision_days.on(day) if appeal and appeal.decision_days is not None else None
    return Court(
        staff=exact(staff),
        pace=exact(held.cases_a_staff_day.value),
        levels=appeal.levels if appeal else 1,
        late=taken.word("procedure.appeal.if_late", appeal.if_late if appeal else None),
        deadline=deadline,
        removal=round(exact(removal)),
        promise=promised.on(day) if promised is not None else None,
        keeps=s32(exact(world.assumptions.clerks.promise_kept.value)),
        found=s32(exact(held.found_wrong[burden].value)),
        voids=s32(exact(held.voids_right[burden].value)),
        goes_on=s32(exact(held.goes_on.value)),
    )
