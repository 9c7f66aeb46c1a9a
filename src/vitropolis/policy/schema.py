"""The policy file as typed models: feeds, behaviours, scores, lists, measures, spill-over, and the whole `Policy`.

A key that is absent is None (or the default a run takes, where the table of the format gives one); a written
`null` is a
`Value` holding None; `unknown` is the word itself. What a run takes in each case is in `defaults.py`, not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, Field, PrivateAttr

from vitropolis.base.located import Source
from vitropolis.base.yamlfile import Node
from vitropolis.policy.parts import (
    Assessment,
    Governance,
    LegalBasis,
    Link,
    Method,
    Monitoring,
    Operator,
    PolicyHead,
    Population,
    Procedure,
    Purpose,
    Reference,
    Retention,
    Sharing,
    Suppression,
)
from vitropolis.policy.triggers import Action, Campaign, Carries, Decider, Life, Trigger
from vitropolis.policy.values import (
    AtLeastZero,
    Dated,
    Day,
    Days,
    Element,
    Flag,
    Gravity,
    Id,
    Int,
    Model,
    Opt,
    Positive,
    Share,
    Text,
    Value,
)
from vitropolis.policy.words import Context, Kind, Relation, Subject, Trait

Predicts = Literal["none", "criminal_offence", "other", "unknown"]
Recomputed = Literal["daily", "monthly", "yearly"]


class Department(Element):
    """Who supplies records."""


class Feed(Dated):
    """What a department supplies: whom entries describe, how they come about and how they find their person."""

    department: Id
    context: Context
    about: Literal[
        "self", "household", "associate", "employee", "member", "student", "legal_rep", "firm", "unknown"
    ] = "self"
    category: Literal[
        "ordinary", "special", "criminal", "biometric", "biometric_inference", "emotion_inference", "location",
        "communications", "personality", "unknown",
    ] = "ordinary"  # fmt: skip
    provenance: Literal[
        "final_decision", "verified_record", "self_reported", "informant", "sensor", "inferred", "predicted",
        "averaged", "external_score", "unknown",
    ]  # fmt: skip
    linkage_key: Opt[
        Literal["national_id", "firm_id", "name", "name_and_birthdate", "phone", "plate", "account", "unknown"]
    ] = None
    promised_error_rate: Opt[Value[Share | None]] = None
    promised_false_match_rate: Opt[Value[Share | None]] = None
    source_public_days: Opt[Value[Days]] = None
    catalogue_refs: tuple[Text, ...] = ()
    legal_basis: tuple[Id, ...] = ()


class Behaviour(Dated):
    """What counts, and for how much."""

    feed: Id
    conduct: Annotated[tuple[Text, ...], Field(min_length=1)]
    context: Opt[Context] = None
    kind: Kind
    gravity: Gravity
    established_by: Opt[Literal["final_court", "final_admin", "appealable", "report", "algorithm", "unknown"]] = None
    definition_precise: Opt[Flag] = None
    points: dict[Id, Value[Int]] = Field(default_factory=dict)
    discretion_range: dict[Id, tuple[Int, Int]] = Field(default_factory=dict)
    max_counted: Opt[Value[Positive | None]] = None
    life: Opt[Life] = None
    band_ceiling: dict[Id, Id] = Field(default_factory=dict)
    absorption: Literal["none", "heaviest", "unknown"] = "none"
    counts_acts_since: Opt[Day] = None
    uses_traits: tuple[Trait, ...] = ()
    proxy_for: tuple[Trait, ...] = ()


class Band(Element):
    """Half-open: from `lower` up to the next band's `lower`; `upper` is only what the source prints."""

    lower: Value[Int]
    upper: Opt[Value[Int]] = None


class CleanBonus(Model):
    """Points for every so many days without a live record that costs any, `at_most` so many times over (null: no end).

    The days count from enrolment, and anew from the arrival of the newest live record that costs points.
    """

    every_days: Value[Annotated[int, Field(ge=1, le=8000)]]
    points: Value[Positive]
    at_most: Opt[Value[Positive | None]] = None


class Score(Dated):
    """A ledger of persons or of firms, with its bands."""

    subject: Subject = "person"
    start: Value[Int]
    range: Value[tuple[Int, Int]]
    normalisation: Literal["absolute", "relative_rank"] = "absolute"
    recomputed: Recomputed = "daily"
    missing_data: Opt[Literal["neutral", "penalise", "impute", "unknown"]] = None
    neutral_band: Opt[Id] = None
    clean_bonus: Opt[CleanBonus] = None
    trustworthy_from: Opt[Id] = None
    predicts: Predicts = "none"
    bands: Annotated[dict[Id, Band], Field(min_length=1)]

    def is_recomputed(self, day: date) -> bool:
        """Whether a day begins a month (a year) with which the score is worked out again; of a daily score, none."""
        if self.recomputed == "daily":
            return False
        return day.day == 1 and (self.recomputed == "monthly" or day.month == 1)

    def bands_on(self, day: date) -> tuple[tuple[str, int], ...]:
        """Bands and their lower bounds on a day, best first. Raises NoValueYet."""
        lowers = [(name, band.lower.on(day)) for name, band in self.bands.items()]
        return tuple(sorted(lowers, key=lambda item: -item[1]))


class Exit(Model):
    """Ways out of a list; days are promises."""

    auto_expiry: Opt[Flag] = None
    on_compliance: Opt[Flag] = None
    compliance_days: Opt[Value[Days]] = None
    repair_after_days: Opt[Value[Days]] = None
    response_days: Opt[Value[Days]] = None
    fee_yuan: Opt[Value[AtLeastZero | None]] = None
    propagates_within_days: Opt[Value[Days]] = None
    needs_services: tuple[Text, ...] = ()


class Publication(Model):
    """Who can see a list."""

    public: Opt[Flag] = None
    fields: Opt[
        tuple[
            Literal[
                "name",
                "id_partial",
                "id_full",
                "photo",
                "address",
                "employer",
                "family",
                "case",
                "amount",
                "reason",
                "unknown",
            ],
            ...,
        ]
    ] = None
    until_days: Opt[Value[Days]] = None
    seriousness: Opt[Literal["minor", "general", "serious", "unknown"]] = None


class Extension(Model):
    """A longer term for aggravated cases."""

    days: Value[Days]
    trigger: Trigger


class Listing(Dated):
    """A black, red or watch list."""

    polarity: Literal["black", "red", "watch"]
    subject: Subject = "person"
    context: Context
    domain: Opt[
        Literal["life_health", "market_social_order", "court_admin_credibility", "national_defence", "other", "unknown"]
    ] = None
    trigger: Trigger
    ability_test: Opt[Flag] = None
    grace_days: Opt[Value[Days]] = None
    term_days: Value[Days]
    extension: Opt[Extension] = None
    excludes_minors: Opt[Flag] = None
    decided_by: Opt[Decider] = None
    consultation_days: Opt[Value[Days]] = None
    criteria_published: Opt[Flag] = None
    band_ceiling: dict[Id, Id] = Field(default_factory=dict)
    predicts: Predicts = "none"
    exit: Opt[Exit] = None
    publication: Opt[Publication] = None
    legal_basis: tuple[Id, ...] = ()


class Measure(Dated):
    """A sanction or reward on a service; which of the two is derived (`triggers.polarity`), never declared."""

    trigger: Trigger
    action: Action
    service: Text
    fixed_days: Opt[Value[Days]] = None
    after_exit_days: Opt[Value[Days]] = None
    severity: Opt[Gravity] = None
    decided_by: Opt[Decider] = None
    hardship_exception: Opt[Flag] = None
    minimum_guarantee: Opt[Flag] = None
    mandatory_for_third_parties: Opt[Flag] = None
    basic_list_ref: Opt[Text] = None
    legal_basis: tuple[Id, ...] = ()


class Spill(Dated):
    """What goes over to others."""

    carries: Carries
    to: Relation
    weight: Opt[Value[Share]] = None
    individual_fault_test: Opt[Flag] = None
    contest_right: Opt[Flag] = None


AssessmentKind = Literal["dpia", "fria", "pipia", "aia_ca", "huderia", "iama", "equality"]


class Policy(Model):
    """A whole policy after overlays and checks. Made by `load_policy`, which also fills digest, chain and source."""

    schema_version: Literal[1]
    policy: PolicyHead
    references: dict[Id, Reference] = Field(default_factory=dict)
    operator: Opt[Operator] = None
    method: Opt[Method] = None
    purpose: Opt[Purpose] = None
    population: Population
    legal_basis: dict[Id, LegalBasis] = Field(default_factory=dict)
    links: dict[Id, Link] = Field(default_factory=dict)
    departments: dict[Id, Department] = Field(default_factory=dict)
    feeds: dict[Id, Feed] = Field(default_factory=dict)
    behaviours: dict[Id, Behaviour] = Field(default_factory=dict)
    scores: dict[Id, Score] = Field(default_factory=dict)
    lists: dict[Id, Listing] = Field(default_factory=dict)
    measures: dict[Id, Measure] = Field(default_factory=dict)
    spillover: dict[Id, Spill] = Field(default_factory=dict)
    campaigns: dict[Id, Campaign] = Field(default_factory=dict)
    procedure: Opt[Procedure] = None
    retention: Opt[Retention] = None
    sharing: dict[Id, Sharing] = Field(default_factory=dict)
    assessments: dict[AssessmentKind, Assessment] = Field(default_factory=dict)
    governance: Opt[Governance] = None
    monitoring: Opt[Monitoring] = None
    suppressions: tuple[Suppression, ...] = ()

    located_extra: ClassVar[tuple[str, ...]] = ("extends", "delete")  # legal keys of the file, used up by the merge

    _digest: str = PrivateAttr(default="")
    _chain: tuple[str, ...] = PrivateAttr(default=())
    _tree: Node | None = PrivateAttr(default=None)
    _texts: dict[str, bytes] = PrivateAttr(default_factory=dict)

    @property
    def id(self) -> str:
        """The policy's name, in kebab-case."""
        return self.policy.id

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical merged content, whatever files it came from."""
        return self._digest

    @property
    def chain(self) -> tuple[str, ...]:
        """The files it was made of, base first, as messages name them."""
        return self._chain

    def text(self, file: str) -> bytes:
        """The bytes of a file of the chain, as it was read; empty where there is none."""
        return self._texts.get(file, b"")

    def line(self, file: str, number: int) -> str:
        """One line (from 1) of a file of the chain, as it was written; empty where there is none."""
        lines = self.text(file).decode("utf-8", "replace").splitlines()
        return lines[number - 1] if 0 < number <= len(lines) else ""

    @property
    def tree(self) -> Node:
        """The merged, located tree."""
        if self._tree is None:
            raise ValueError("this policy was not made by load_policy: it has no tree")
        return self._tree

    @property
    def source(self) -> Source:
        """Where each element was last written: `policy.source.line_of("measures.no_flights.action")`."""
        return Source(self.tree)

    @property
    def starts_on(self) -> date | None:
        """First day of the policy in a run: `governance.rules_effective_from`, else the ramp's first date."""
        if self.governance and self.governance.rules_effective_from:
            return self.governance.rules_effective_from
        enrolment = self.population.enrolment
        ramps = [*([enrolment.ramp] if enrolment.ramp else []), *enrolment.ramp_by_district.values()]
        return min((min(ramp) for ramp in ramps), default=None)

    def is_firm_feed(self, feed: str) -> bool:
        """Whether a feed is about firms."""
        return self.feeds[feed].about == "firm"

    def values(self) -> Iterator[tuple[str, Value[Any]]]:
        """Every `Value` that is written, with its dotted element path."""
        yield from _values(self, "")


def _values(part: object, path: str) -> Iterator[tuple[str, Value[Any]]]:
    if isinstance(part, Value):
        yield path, part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _values(getattr(part, name), f"{path}.{name}" if path else name)
    elif isinstance(part, dict):
        for key, item in part.items():
            yield from _values(item, f"{path}.{key}")
    elif isinstance(part, tuple):
        for index, item in enumerate(part):
            yield from _values(item, f"{path}.{index}")
