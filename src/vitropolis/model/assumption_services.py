"""The sections about what a policy does to people: services and needs, redress, and who is known as whose relative.

What the numbers mean exactly stands in `docs/mechanisms.md`, sections 10 to 13.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from vitropolis.model.assumption_parts import (
    Days,
    Needs,
    Pace,
    Part,
    Patience,
    Ratio,
    Share,
    Staff,
    Table,
    Tries,
    Wait,
    Word,
)


class Need(Part):
    """How often the group with factor 1 of the profile needs a service: occasions, not single uses."""

    rate: Needs
    profile: str


class Learning(Part):
    """What somebody does at a door that may be shut: how often they try, and how many stop going there.

    `first_tries`, `later_tries`: requests for one need, while the door was never met shut, and after.
    `avoids`: the share that stays away more with every day of refusal; `floor`: the share that goes there all the same.
    """

    first_tries: Tries
    later_tries: Tries
    avoids: Share
    floor: Share


class ServiceSeason(Part):
    """A stretch of the calendar in which some services are needed more or less."""

    starts_on: date
    ends_before: date
    services: Annotated[tuple[str, ...], Field(min_length=1)]
    factor: Ratio


class Line(Part):
    """The queue for one rival service: places for each need of a usual week, and how long people wait."""

    capacity: Ratio
    patience_weeks: Patience


class Rivals(Table):
    """The queues for services of which there is a limited number of places."""

    hospital_appointment: Line
    higher_education: Line
    public_housing: Line
    public_employment: Line
    residence_registration: Line
    vehicle_plate: Line


class Services(Part):
    """What people need, how they meet shut doors and queues, and how far the exceptions of a policy reach.

    `deposit_short`: of requests of the two lowest income fifths, those that fail for each usual deposit asked on top.
    """

    demand: dict[Word, Need]
    learning: Learning
    hardship_lifted: Share
    minimum_kept: Share
    deposit_short: Share
    rivals: Rivals
    seasons: dict[Word, ServiceSeason] = Field(default_factory=dict)


class ByProof(Table):
    """A share by who has to prove it (the policy's `burden_of_proof`)."""

    person: Share
    authority: Share


class Redress(Part):
    """Whom notices reach, who contests, how many cases the staff decides, and how often an answer is right.

    `found_wrong`: of contested records that are wrong, those found so; `voids_right`: of those that are right, those
    taken out all the same. `staff_per_100k` and `removal_days` are taken where the policy says nothing.
    """

    notice_reaches: Share
    notice_after_days: Days
    appeals_wrong: Share
    appeals_right: Share
    profile: str
    file_mean_days: Days
    staff_per_100k: Staff
    cases_a_staff_day: Pace
    found_wrong: ByProof
    voids_right: ByProof
    goes_on: Share
    removal_days: Wait
    objects_wrong: Share
    objects_right: Share
    objection_found: Share
    objection_false: Share


class Reach(Table):
    """The share of relations of each kind that the registers know."""

    spouse: Share
    child: Share
    parent: Share
    household: Share


class Spillover(Part):
    """How what is done to one member of a household finds the others."""

    reach: Reach
