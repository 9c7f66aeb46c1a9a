"""The parts of a policy that surround its rules: standing, sources, cover, procedure, retention, governance."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from vitropolis.policy.values import (
    AtLeastZero,
    Bool,
    Count,
    Dated,
    Day,
    Days,
    Element,
    Flag,
    Id,
    Model,
    Opt,
    Positive,
    Share,
    Status,
    Text,
    Value,
)
from vitropolis.policy.words import Context

Ramp = Annotated[dict[Day, Share], Field(min_length=1)]


class PolicyHead(Model):
    """Name and standing of the policy."""

    id: Annotated[Text, Field(max_length=80)]
    title: Text
    version: Text = "1"
    state: Literal["described", "draft", "in_force", "repealed", "unknown"] = "draft"
    as_of: Day
    jurisdictions: tuple[Text, ...] = ()
    default_status: Status = "assumed"
    default_reference: Opt[Id] = None
    note: Opt[Text] = None


class Reference(Element):
    """A source that values and elements name."""

    title: Text
    url: Opt[Text] = None
    article: Opt[Text] = None
    checked: Opt[Literal["read", "secondary", "memory", "unknown"]] = None


class Operator(Model):
    """Who runs it (linter)."""

    kind: Opt[Literal["public_authority", "private_public_service", "private", "mixed", "unknown"]] = None
    official_authority: Opt[Flag] = None


class Method(Model):
    """How it decides (linter)."""

    kind: Opt[Literal["human_rules", "learned", "hybrid", "manual", "unknown"]] = None
    infers: Opt[Flag] = None
    ai_role: Opt[Literal["none", "minor", "decisive", "unknown"]] = None


class Purpose(Model):
    """What for (linter)."""

    statement: Opt[Text] = None
    specific: Opt[Flag] = None
    contexts: Opt[tuple[Context, ...]] = None


class Enrolment(Model):
    """How people come in. `ramp`: share of the covered population by date, straight lines between."""

    mode: Literal["mandatory", "opt_in", "opt_out"]
    opt_out_effect: Opt[Literal["none", "loss_of_rewards", "sanction", "unknown"]] = None
    ramp: Opt[Ramp] = None
    ramp_by_district: dict[Id, Ramp] = Field(default_factory=dict)

    def share_on(self, day: date, district: str | None = None) -> float:
        """Share (0-1) of the covered population enrolled (opt-in: offered) on a day; 1 where there is no ramp."""
        ramp = self.ramp_by_district.get(district, self.ramp) if district else self.ramp
        if ramp is None:
            return 1.0
        points = sorted(ramp.items())
        if day < points[0][0]:
            return 0.0
        for (left, low), (right, high) in pairwise(points):
            if left <= day < right:
                return low + (high - low) * ((day - left).days / (right - left).days)
        return points[-1][1]


class Population(Model):
    """Who is covered, and how they come in."""

    natural_persons: Bool
    legal_entities: Bool
    residents: Opt[Value[Positive]] = None
    min_age_years: Opt[Value[Count | None]] = None
    only_areas: tuple[Id, ...] = ()
    only_status: tuple[Literal["benefit_recipient", "migrant", "local", "public_employee", "student"], ...] = ()
    enrolment: Enrolment


class LegalBasis(Element):
    """A law or other text that allows something (linter)."""

    kind: Literal[
        "statute",
        "regulation",
        "decree",
        "judicial_interpretation",
        "policy_document",
        "mou",
        "contract",
        "consent",
        "unknown",
    ]
    cite: Text
    published: Opt[Flag] = None
    data_specified: Opt[Flag] = None
    safeguards: Opt[Flag] = None
    starts_on: Opt[Day] = None


class Link(Element):
    """Two contexts that the policy claims to be related (linter)."""

    contexts: Annotated[tuple[Context, ...], Field(min_length=2, max_length=2)]
    legal_basis: tuple[Id, ...] = ()


class Notice(Model):
    """When and how people are told."""

    when: Value[Literal["before", "at", "after", "none", "unknown"]]
    before_days: Opt[Value[Days]] = None
    content: Opt[
        tuple[
            Literal[
                "facts", "reasons", "sources", "rule", "consequences", "duration", "exit", "remedy", "contact",
                "system_use", "logic", "unknown",
            ],
            ...,
        ]
    ] = None  # fmt: skip
    written: Opt[Flag] = None
    plain_language: Opt[Flag] = None


class Objection(Model):
    """An answer before the effect."""

    available: Value[Flag]
    days: Opt[Value[Days]] = None
    hearing: Opt[Flag] = None


class HumanReview(Model):
    """A person looks at the case."""

    available: Flag
    authority_to_change: Opt[Flag] = None
    independent: Opt[Flag] = None
    competence: Opt[Flag] = None
    training: Opt[Flag] = None
    minutes_per_case: Opt[Value[AtLeastZero | None]] = None
    override_rate_published: Opt[Flag] = None


class Appeal(Model):
    """An appeal after the effect; `decision_days` per level."""

    available: Value[Flag]
    window_days: Opt[Value[Days]] = None
    decision_days: Opt[Value[Days]] = None
    levels: Positive = 1
    staff_per_100k: Opt[Value[AtLeastZero | None]] = None
    if_late: Literal["waits", "granted", "refused", "unknown"] = "waits"
    independent_tribunal: Opt[Flag] = None
    suspends_effect: Opt[Value[Flag]] = None
    burden_of_proof: Opt[Literal["authority", "person", "unknown"]] = None


class Correction(Model):
    """Putting a wrong entry right."""

    free: Opt[Flag] = None
    response_days: Opt[Value[Days]] = None
    removal_days: Opt[Value[Days]] = None
    propagates_within_days: Opt[Value[Days]] = None
    flag_dispute: Opt[Flag] = None


class Access(Model):
    """What people can see about themselves (linter)."""

    gives: Opt[tuple[Literal["score", "inputs", "sources", "recipients", "logic", "unknown"], ...]] = None
    free_copies_per_year: Opt[Count] = None


class Remedy(Model):
    """Where people can turn (linter)."""

    contact: Opt[Flag] = None
    complaint_body: Opt[Flag] = None
    explains: Opt[tuple[Literal["role_of_system", "main_elements", "unknown"], ...]] = None


class Procedure(Model):
    """Redress. An absent part means: not there."""

    notice: Opt[Notice] = None
    objection: Opt[Objection] = None
    human_review: Opt[HumanReview] = None
    appeal: Opt[Appeal] = None
    correction: Opt[Correction] = None
    access: Opt[Access] = None
    remedy: Opt[Remedy] = None


class Retention(Model):
    """How long things count: `adverse_days` for records that say nothing themselves (null: for ever)."""

    adverse_days: Value[Days]
    counted_from: Opt[Literal["event", "end_of_conduct", "decision", "listing", "exit", "unknown"]] = None
    after_exit_days: Opt[Value[Days]] = None
    restarts_on: Opt[tuple[Literal["new_record", "publication", "listing"], ...]] = None


class Sharing(Dated):
    """Who else gets scores, bands, lists (linter)."""

    recipient: Text
    recipient_context: Context
    items: Annotated[tuple[Literal["score", "band", "list", "feed", "unknown"], ...], Field(min_length=1)]
    recipient_weight: Opt[Literal["informative", "strong", "binding", "unknown"]] = None
    onward: Opt[Flag] = None
    legal_basis: tuple[Id, ...] = ()


class Assessment(Element):
    """An impact assessment that was done (linter)."""

    date: Opt[Day] = None
    covers: tuple[Text, ...] = ()
    published: Opt[Flag] = None


class AuditLog(Model):
    """The trace from fact to effect (linter)."""

    enabled: Flag
    retention_days: Opt[Value[Days]] = None
    fields: Opt[tuple[Literal["rule_id", "rule_version", "data_ref", "actor", "time", "unknown"], ...]] = None


class Governance(Model):
    """Rules about the rules."""

    published_rules: Opt[Flag] = None
    indicators_published: Opt[Flag] = None
    rules_effective_from: Opt[Day] = None
    independent_oversight: Opt[Flag] = None
    high_risk_file: Opt[Flag] = None
    audit_log: Opt[AuditLog] = None


class Monitoring(Model):
    """Watching the effects (linter)."""

    stop_conditions: tuple[Text, ...] = ()
    reassess_days: Opt[Value[Days]] = None
    vulnerable_groups: tuple[Text, ...] = ()
    exclusions: tuple[Text, ...] = ()


class Suppression(Model):
    """A finding accepted for a time (linter)."""

    rule: Text
    element: Text
    reason: Text
    by: Text
    expires: Day
