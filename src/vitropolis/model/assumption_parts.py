"""What an assumptions file is made of: numbers with unit, range and source, and the sections that hold them.

Each kind of number carries its unit in its type (`Share`, `Days`, ...), so a file need not repeat it and cannot get it
wrong. What the numbers mean exactly stands in `docs/mechanisms.md`; the sections here only say which there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, model_validator
from pydantic_core import core_schema

Status = Literal["sourced", "calibrated", "assumed"]
Evidence = Literal["verified", "secondary", "memory"]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
Factor = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=20)]
Payer = Literal["own", "fast", "slow", "cannot"]


class Part(BaseModel):
    """A piece of the file: cannot be changed, knows no other keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Assumption(Part):
    """One number with the range in which the truth may lie, where it comes from and how well that is known.

    `status`: `sourced` (a source says it), `calibrated` (fitted to what a source says), `assumed` (our judgement).
    `evidence`: how the source was read. A file may leave out `unit` (its place fixes it), and `source`, `status`,
    `evidence` where `defaults` give them.
    """

    value: Number
    range: tuple[Number, Number]
    unit: str = ""
    source: str = ""
    status: Status = "assumed"
    evidence: Evidence = "memory"
    note: str | None = None

    @property
    def low(self) -> float:
        """Lower end of the range."""
        return self.range[0]

    @property
    def high(self) -> float:
        """Upper end of the range."""
        return self.range[1]

    @model_validator(mode="after")
    def _inside(self) -> Assumption:
        if self.low > self.high:
            raise ValueError(f"its range is upside down: {self.low:g} is above {self.high:g}")
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.value:g} is outside its range {self.low:g} to {self.high:g}")
        return self


@dataclass(frozen=True, slots=True)
class Measured:
    """The unit of an `Assumption` and the bounds of its whole range; fills in a unit that is not written."""

    unit: str
    low: float = 0.0
    high: float | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        checked = core_schema.no_info_after_validator_function(self._check, handler(source))
        return core_schema.no_info_before_validator_function(self._fill, checked)

    def _fill(self, data: Any) -> Any:
        return {**data, "unit": self.unit} if isinstance(data, dict) and "unit" not in data else data

    def _check(self, found: Assumption) -> Assumption:
        if found.unit != self.unit:
            raise ValueError(f"its unit is `{self.unit}`, not `{found.unit}`")
        if found.low < self.low:
            raise ValueError(f"its range goes down to {found.low:g}; {self.unit} is at least {self.low:g} here")
        if self.high is not None and found.high > self.high:
            raise ValueError(f"its range goes up to {found.high:g}; {self.unit} is at most {self.high:g} here")
        return found


Share = Annotated[Assumption, Measured("share", 0, 1)]
Days = Annotated[Assumption, Measured("days", 1, 3650)]
DailyShare = Annotated[Assumption, Measured("share a day", 0, 1)]
WeeklyShare = Annotated[Assumption, Measured("share a week", 0, 1)]
Rate = Annotated[Assumption, Measured("acts a person and year", 0, 100)]
Steps = Annotated[Assumption, Measured("steps", 0, 255)]
PerStep = Annotated[Assumption, Measured("log rate a step of 16", 0, 5)]
Ratio = Annotated[Assumption, Measured("ratio", 0, 100)]
PerYear = Annotated[Assumption, Measured("comparisons a person and year", 0, 52)]
PerAct = Annotated[Assumption, Measured("reports a true report", 0, 10)]
Spread = Annotated[Assumption, Measured("log units", 0, 3)]
Strength = Annotated[Assumption, Measured("ratio", 0, 2)]
Needs = Annotated[Assumption, Measured("needs a person and year", 0, 52)]
Tries = Annotated[Assumption, Measured("tries", 1, 60)]
Wait = Annotated[Assumption, Measured("days", 0, 3650)]
Patience = Annotated[Assumption, Measured("weeks", 0, 250)]
Staff = Annotated[Assumption, Measured("persons per 100,000 enrolled", 0, 1000)]
Pace = Annotated[Assumption, Measured("decisions a person and calendar day", 0, 50)]
PerStaff = Annotated[Assumption, Measured("records a 1,000 employees and 4 weeks", 1, 100_000)]
PerPeople = Annotated[Assumption, Measured("records a 100,000 residents and week", 1, 1_000_000)]


class Table(Part):
    """A section whose keys are a fixed vocabulary; `table[word]` and `items()` read it as a mapping."""

    def __getitem__(self, word: str) -> Any:
        if word not in type(self).model_fields:
            raise KeyError(word)
        return getattr(self, word)

    def items(self) -> Iterator[tuple[str, Any]]:
        """Every key with its value, in the order of the vocabulary."""
        return ((word, getattr(self, word)) for word in type(self).model_fields)


class Defaults(Part):
    """What every number of the file takes where it says nothing itself."""

    source: str = ""
    status: Status = "assumed"
    evidence: Evidence = "memory"


class Head(Part):
    """The name of the set."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,47}$")]
    title: str
    note: str | None = None


class Reference(Part):
    """A source; `checked`: how it was read."""

    title: Annotated[str, Field(min_length=3)]
    url: str | None = None
    checked: Literal["read", "secondary", "memory"]


class Family(Part):
    """Conduct that shares one perceived deterrence (0-255); `norms`: others' records make it more frequent."""

    title: str
    deterrence: PerStep
    law_step: Steps
    policy_step: Steps
    household_step: Steps
    workplace_step: Steps
    norms: bool


class Profile(Part):
    """How much more (or less) often each group does something than the one with factor 1; 0: it cannot happen.

    Factors stand in the order age from 0, 15, 25, 35, 45, 60, 65; sex female, male; registration local, migrant;
    education none, primary, junior, senior, college; income fifths from the lowest. `strength` stretches all of them:
    0 no difference, 1 as written.
    """

    title: str
    strength: Strength
    age: tuple[Factor, Factor, Factor, Factor, Factor, Factor, Factor]
    sex: tuple[Factor, Factor]
    registration: tuple[Factor, Factor]
    education: tuple[Factor, Factor, Factor, Factor, Factor]
    income: tuple[Factor, Factor, Factor, Factor, Factor]
    source: str = ""
    status: Status = "assumed"
    evidence: Evidence = "memory"
    note: str | None = None

    def possible(self, age: int, sex: int, registration: int, education: int, income: int) -> bool:
        """Whether the conduct can happen at all in a group (each argument the place of its class)."""
        factors = (self.age[age], self.sex[sex], self.registration[registration], self.education[education])
        return all(factors) and self.income[income] != 0


class Conduct(Part):
    """One conduct word: how often people do it (before the profile), and how far it can be seen."""

    family: str
    profile: str
    rate: Rate
    visibility: Share
    mistaken_for: str | None
    debt: str | None


class Trait(Part):
    """Differences between people of one group: the standard deviation of the logarithm, mean 1."""

    sigma: Spread


class Deterrence(Part):
    """How perceived deterrence fades, and what a black listing adds to all families."""

    weekly_decay: WeeklyShare
    listing_step: Steps


class Norms(Part):
    """The largest extra share that records of others add (level 15), and at which density the level is full."""

    household: Share
    workplace: Share
    district: Share
    household_weekly_decay: WeeklyShare
    workplace_reference: PerStaff
    district_reference: PerPeople


class Errors(Part):
    """How a kind of source records: what it catches, how late, and each way it goes wrong."""

    completeness: Share
    delay_mean_days: Days
    lost: Share
    wrong_content: Share
    duplicate: Share
    stale: Share
    invented: PerAct


class Provenances(Table):
    """Errors by kind of source (the policy's `provenance`)."""

    final_decision: Errors
    verified_record: Errors
    self_reported: Errors
    informant: Errors
    sensor: Errors
    inferred: Errors
    predicted: Errors
    averaged: Errors
    external_score: Errors
    unknown: Errors


class Matching(Part):
    """How entries find their person: the share that is matched by the name alone."""

    by_name_alone: Share


class Linkages(Table):
    """Matching by key (the policy's `linkage_key`)."""

    national_id: Matching
    firm_id: Matching
    name: Matching
    name_and_birthdate: Matching
    phone: Matching
    plate: Matching
    account: Matching
    unknown: Matching


class FeedErrors(Part):
    """What is known better about one feed than about its kind; `intensity` then replaces every district's."""

    completeness: Share | None = None
    delay_mean_days: Days | None = None
    lost: Share | None = None
    wrong_content: Share | None = None
    duplicate: Share | None = None
    stale: Share | None = None
    invented: PerAct | None = None
    by_name_alone: Share | None = None
    intensity: Ratio | None = None


class Comparing(Part):
    """How a machine finds what nobody did: how often it compares, and how often that shows a difference all the same.

    `false_difference`: of comparisons of somebody with nothing behind it, in the group with factor 1 of `profile`.
    `debt`: the class of debt as which a finding is settled where its word is none of its own.
    """

    profile: str
    comparisons_yearly: PerYear
    false_difference: Share
    debt: str | None


class Findings(Table):
    """Comparing by the provenance of a feed, for behaviours that the policy says an algorithm establishes."""

    averaged: Comparing
    inferred: Comparing
    predicted: Comparing
    self_reported: Comparing
    other: Comparing

    def of(self, provenance: str) -> Comparing:
        """The row of a provenance: its own, else `other`."""
        found: Comparing = self[provenance] if provenance in type(self).model_fields else self.other
        return found


class Recording(Part):
    """What departments write down, and how they err."""

    provenance: Provenances
    linkage: Linkages
    intensity: dict[Word, Ratio]
    feeds: dict[Word, FeedErrors]
    findings: Findings

    def of(self, feed: str, provenance: str, linkage_key: str | None) -> dict[str, Assumption]:
        """The seven errors and `by_name_alone` of a feed: its own where written, else those of its kind and key."""
        kind: Errors = self.provenance[provenance]
        found = {name: getattr(kind, name) for name in Errors.model_fields}
        found["by_name_alone"] = self.linkage[linkage_key or "unknown"].by_name_alone
        own = self.feeds.get(feed, FeedErrors())
        return {name: getattr(own, name) or usual for name, usual in found.items()}


class ByIncome(Table):
    """A share by income fifth."""

    lowest: Share
    second: Share
    middle: Share
    fourth: Share
    highest: Share

    def fifths(self) -> tuple[Assumption, ...]:
        """The five, lowest first."""
        return tuple(found for _, found in self.items())


class Daily(Part):
    """The chance of each day that a payer of this type settles."""

    fast: DailyShare
    slow: DailyShare


class Payers(Part):
    """How debtors pay: shares of fast and slow payers by income fifth; the rest cannot pay.

    `pace_shut`: how much of a day's wait a day is worth while a service that the exit needs is shut by the list.
    """

    fast: ByIncome
    slow: ByIncome
    daily: Daily
    pace_shut: Share


class Debt(Part):
    """A class of debt: who pays it (`own`: the debtor's own type) and how much faster than usual."""

    speed: Ratio
    payer: Payer


class Lists(Part):
    """What happens to people on lists."""

    ability_found: Share
    ability_false: Share
    asks_repair: Share
    repair_granted: Share
    repair_answer_days: Days
    deletion_mean_days: Days
    holders_mean_days: Days


class Deserving(Part):
    """A named definition of what a listing could be deserved by: at least this gravity, and perhaps able to pay."""

    gravity_from: Annotated[int, Field(strict=True, ge=1, le=4)]
    able_to_pay: bool


class Season(Part):
    """A stretch of the calendar in which some families of conduct are more or less frequent."""

    starts_on: date
    ends_before: date
    families: Annotated[tuple[str, ...], Field(min_length=1)]
    factor: Ratio
