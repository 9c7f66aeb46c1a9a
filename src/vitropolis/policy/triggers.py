"""The unions of a policy: triggers, actions, lives of records, what spill-over carries, campaigns. Never strings
to run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from vitropolis.policy.values import (
    AtLeastZero,
    Count,
    Dated,
    Day,
    Days,
    Id,
    Int,
    Model,
    Number,
    Opt,
    Positive,
    Share,
    Text,
    Value,
)

Decider = Literal["human", "automated", "hybrid", "unknown"]
Ids = Annotated[tuple[Id, ...], Field(min_length=1)]


class RecordsTrigger(Model):
    """Live records of any of these behaviours count: `count` of them (default 1), within so many days (null: all)."""

    kind: Literal["records"]
    behaviours: Ids
    count: Opt[Positive] = None
    within_days: Days = None  # absent and null mean the same: all live ones


class BandTrigger(Model):
    """The subject is in one of these bands of a score."""

    kind: Literal["band"]
    score: Id
    bands: Ids


class ScoreTrigger(Model):
    """The score is at least, or below, so many points (exactly one of the two)."""

    kind: Literal["score"]
    score: Id
    at_least: Opt[Value[Int]] = None
    below: Opt[Value[Int]] = None


class RankTrigger(Model):
    """The subject is in the best or worst share (0-1) of the enrolled."""

    kind: Literal["rank"]
    score: Id
    end: Literal["best", "worst"]
    share: Value[Share]


class ListedTrigger(Model):
    """The subject is on one of these lists."""

    kind: Literal["listed"]
    lists: Ids


class AnyTrigger(Model):
    """One of these triggers holds."""

    kind: Literal["any_of"]
    of: Annotated[tuple[Trigger, ...], Field(min_length=1)]


class AllTrigger(Model):
    """All of these triggers hold."""

    kind: Literal["all_of"]
    of: Annotated[tuple[Trigger, ...], Field(min_length=1)]


Leaf = RecordsTrigger | BandTrigger | ScoreTrigger | RankTrigger | ListedTrigger
Trigger = Annotated[
    RecordsTrigger | BandTrigger | ScoreTrigger | RankTrigger | ListedTrigger | AnyTrigger | AllTrigger,
    Field(discriminator="kind"),
]
AnyTrigger.model_rebuild()
AllTrigger.model_rebuild()


def leaves(trigger: Trigger) -> Iterator[Leaf]:
    """Every trigger that is not itself made of triggers, in the order of the file."""
    if isinstance(trigger, AnyTrigger | AllTrigger):
        for part in trigger.of:
            yield from leaves(part)
    else:
        yield trigger


class Inspect(Model):
    """Checks, as a multiple of the usual rate."""

    kind: Literal["inspect"]
    times_usual: Value[AtLeastZero]


class Price(Model):
    """What is paid, or put down as a deposit, as a multiple of what is usual."""

    kind: Literal["price"]
    factor: Value[AtLeastZero]
    of: Literal["price", "deposit"] = "price"


class Delay(Model):
    """Days added to handling; negative: faster. Calendar days."""

    kind: Literal["delay"]
    days: Value[Int]


class Priority(Model):
    """Queue class against ordinary applicants; rival services only."""

    kind: Literal["priority"]
    place: Value[Literal["first", "ahead", "behind", "last"]]


class Restrict(Model):
    """Share of requests (0-1) that is still served."""

    kind: Literal["restrict"]
    kept_share: Value[Share]


class Deny(Model):
    """Requests are refused."""

    kind: Literal["deny"]


class Withdraw(Model):
    """What is already held is taken when it starts, and refused while it lasts."""

    kind: Literal["withdraw"]


class Honour(Model):
    """Praise without effect."""

    kind: Literal["honour"]


Action = Annotated[
    Inspect | Price | Delay | Priority | Restrict | Deny | Withdraw | Honour, Field(discriminator="kind")
]
Polarity = Literal["sanction", "reward", "none"]


def polarity(action: Action, day: date) -> Polarity:
    """What an action is on a day, derived and never declared: `none` where it changes nothing (factor 1, delay 0).

    Raises NoValueYet if the action's value is dated and the day is before its first date.
    """
    if isinstance(action, Restrict | Deny | Withdraw):
        return "sanction"
    if isinstance(action, Honour):
        return "reward"
    if isinstance(action, Priority):
        return "reward" if action.place.on(day) in ("first", "ahead") else "sanction"
    if isinstance(action, Delay):
        above: float = action.days.on(day)
    else:
        above = (action.factor if isinstance(action, Price) else action.times_usual).on(day) - 1
    return "none" if above == 0 else "sanction" if above > 0 else "reward"


class Forever(Model):
    """A record never stops counting."""

    kind: Literal["forever"]


class Expires(Model):
    """A record stops counting after so many days (null: never)."""

    kind: Literal["expires"]
    after_days: Value[Days]


class HalfLife(Model):
    """Points halve, towards zero, each time so many days have passed."""

    kind: Literal["half_life"]
    days: Value[Positive]


class UntilSettled(Model):
    """A record counts until the debt is paid or the duty done, and `then_days` more."""

    kind: Literal["until_settled"]
    then_days: Opt[Value[Days]] = None


Life = Annotated[Forever | Expires | HalfLife | UntilSettled, Field(discriminator="kind")]


class CarriesPoints(Model):
    """A share of the points is copied."""

    kind: Literal["points"]
    score: Id


class CarriesListing(Model):
    """The listing is copied."""

    kind: Literal["listing"]
    list: Id


class CarriesMeasure(Model):
    """The measure also meets the relation."""

    kind: Literal["measure"]
    measure: Id


Carries = Annotated[CarriesPoints | CarriesListing | CarriesMeasure, Field(discriminator="kind")]


class _Campaign(Dated):
    starts_on: Day
    ends_before: Day
    legal_basis: tuple[Id, ...] = ()


class AccountsCampaign(_Campaign):
    """Removal of exactly `count` accounts in the period, scaled to the simulated size."""

    kind: Literal["accounts"]
    count: Value[Count]
    aimed_at: tuple[Text, ...] = ()
    decided_by: Opt[Decider] = None


class RecordsCampaign(_Campaign):
    """A department must deliver `count` records in the period, true or not (scaled to size)."""

    kind: Literal["records"]
    feed: Id
    count: Value[Count]


class InspectionsCampaign(_Campaign):
    """Inspections of firms in the period, as a multiple of the usual rate."""

    kind: Literal["inspections"]
    times_usual: Value[Number]


Campaign = Annotated[AccountsCampaign | RecordsCampaign | InspectionsCampaign, Field(discriminator="kind")]
