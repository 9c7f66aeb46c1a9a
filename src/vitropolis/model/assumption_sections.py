"""Every section of an assumptions file, in the order in which they are written."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vitropolis.model.assumption_adaptation import Adaptation, Clerks, Publicity
from vitropolis.model.assumption_firms import Firms
from vitropolis.model.assumption_parts import (
    Conduct,
    Debt,
    Defaults,
    Deserving,
    Deterrence,
    Family,
    Head,
    Lists,
    Norms,
    Part,
    Payers,
    Profile,
    Recording,
    Reference,
    Season,
    Share,
    Trait,
    Word,
)
from vitropolis.model.assumption_services import Redress, Services, Spillover
from vitropolis.model.assumption_speech import Speech
from vitropolis.model.assumption_work import Work


class Enrolment(Part):
    """Who consents, who objects, and which share of the lowest income fifth receives benefits."""

    consent: Share
    objection: Share
    benefit_share: Share


class Sections(Part):
    """Every section of an assumptions file, in order."""

    schema_version: Literal[1]
    assumptions: Head
    defaults: Defaults = Defaults()
    references: dict[Word, Reference]
    families: Annotated[dict[Word, Family], Field(min_length=1, max_length=6)]
    profiles: dict[Word, Profile]
    conduct: dict[Word, Conduct]
    trait: Trait
    deterrence: Deterrence
    norms: Norms
    recording: Recording
    payers: Payers
    debts: dict[Word, Debt]
    lists: Lists
    services: Services
    redress: Redress
    spillover: Spillover
    clerks: Clerks
    publicity: Publicity
    adaptation: Adaptation
    speech: Speech
    enrolment: Enrolment
    firms: Firms
    work: Work
    deserving: Annotated[dict[Word, Deserving], Field(min_length=2, max_length=2)]
    calendar: dict[Word, Season] = Field(default_factory=dict)
