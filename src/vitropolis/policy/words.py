"""The controlled words of a policy as data: contexts, kinds, services and what people and firms really do.

Order is part of the interface: other rooms use a word's place in `PERSON_WORDS` and `FIRM_WORDS` as its index, so words
are only ever appended. A policy cannot add words; a city may add some to its assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from vitropolis.policy.conduct import CONDUCT, FIRM_WORDS, PERSON_WORDS, ConductWord, Subject

__all__ = [
    "CONDUCT", "CONTEXTS", "FIRM_WORDS", "GRAVITY_ZERO_KINDS", "KINDS", "PERSON_WORDS", "PROTECTED_KINDS", "RELATIONS",
    "SERVICES", "TRAITS", "ConductWord", "Context", "Field5", "Kind", "Relation", "Service", "ServiceClass", "Subject",
    "Trait", "is_private",
]  # fmt: skip

Context = Literal[
    "tax", "social_benefit", "health", "education", "employment", "housing", "credit_finance", "insurance",
    "market_regulation", "food_drug_safety", "environment", "transport", "tourism", "justice", "civil_judgment",
    "online_speech", "press", "civic_participation", "political", "religion", "family", "neighbourhood", "volunteering",
    "consumption", "utilities", "migration", "culture", "public_space", "unknown",
]  # fmt: skip
Kind = Literal[
    "unlawful_act", "contract_breach", "inability_to_pay", "lawful_conduct", "virtue", "personal_trait", "opinion",
    "belief", "loyalty", "petition", "complaint", "litigation", "assembly", "association", "strike", "unknown",
]  # fmt: skip
Trait = Literal[
    "ethnicity", "race", "colour", "sex", "language", "religion", "politics", "national_origin", "social_origin",
    "property", "birth", "residence_status", "disability", "age", "health", "sex_life", "union", "biometrics",
    "genetics",
]  # fmt: skip
Relation = Literal[
    "spouse", "child", "parent", "household", "legal_rep", "shareholder", "employee", "firm", "guarantor", "friend"
]
ServiceClass = Literal["E0", "E1", "E2", "E3"]
Field5 = Literal["market_access", "public_services", "travel_tourism", "business_start", "job_search"]

CONTEXTS: tuple[str, ...] = tuple(word for word in get_args(Context) if word != "unknown")
KINDS: tuple[str, ...] = tuple(word for word in get_args(Kind) if word != "unknown")
TRAITS: tuple[str, ...] = get_args(Trait)
RELATIONS: tuple[str, ...] = get_args(Relation)

GRAVITY_ZERO_KINDS: frozenset[str] = frozenset(
    {"opinion", "belief", "loyalty", "petition", "complaint", "litigation", "assembly", "association", "strike"}
    | {"lawful_conduct", "virtue", "inability_to_pay"}
)
"""Kinds whose gravity counts as 0 whatever an author declares."""

PROTECTED_KINDS: frozenset[str] = frozenset(
    {"opinion", "belief", "loyalty", "petition", "complaint", "litigation", "assembly", "association", "strike"}
)
"""Kinds that a right protects as such (speech, conscience, petition, access to court, assembly, association)."""


PRIVATE_CONTEXTS: frozenset[str] = frozenset({"online_speech", "press", "political", "religion", "civic_participation"})
"""Walks of life in which whatever is done is speech, conscience or taking part, also what a law forbids."""


def is_private(word: str) -> bool:
    """Whether a word of conduct is about what somebody thinks, says, believes or is loyal to, lawfully or not.

    A life shows such an act only where a record of it is on the resident's own file, and no study names it as a cause.
    """
    return CONDUCT[word].kind in PROTECTED_KINDS or CONDUCT[word].context in PRIVATE_CONTEXTS


@dataclass(frozen=True, slots=True)
class Service:
    """One service: how essential it is (E3 life cannot do without, E2 essential, E1 economic, E0 extra), whether
    people queue for a limited number (`rival`), and to which context, field of the plan and group it belongs."""

    name: str
    level: ServiceClass
    rival: bool
    context: str
    field: Field5
    group: str
    subject: Subject = "person"


_ROWS = """
E3 - health public_services health: emergency_care primary_care
E3 - education public_services education: compulsory_school
E3 - social_benefit public_services social_assistance: social_assistance
E3 - utilities public_services other: water_power
E3 - justice public_services other: identity_papers legal_aid
E3 - civic_participation public_services voting: voting
E2 - civic_participation public_services candidacy: candidacy
E2 yes health public_services health: hospital_appointment
E2 yes education public_services education: higher_education
E2 yes housing public_services public_housing: public_housing
E2 yes employment job_search public_employment: public_employment
E2 - employment job_search job: job_market
E2 - credit_finance market_access other: bank_account
E2 - online_speech public_services internet: internet_access online_account
E2 - transport travel_tourism intercity_travel: flights high_speed_rail soft_sleeper ordinary_rail long_distance_coach
E2 - migration travel_tourism exit_country: exit_country
E2 yes migration public_services residence_choice: residence_registration
E1 - credit_finance market_access creditworthiness: consumer_loan credit_card
E1 - insurance market_access insurance: high_premium_insurance
E1 - housing market_access other: property_purchase
E1 - employment job_search job: company_post professional_licence
E1 - market_regulation business_start other: business_registration
E1 - credit_finance business_start creditworthiness: startup_loan startup_subsidy
E1 yes transport public_services other: vehicle_plate
E1 - education public_services education: private_school
E1 - tourism travel_tourism other: star_hotel holiday_travel
E1 - consumption market_access other: luxury_purchase
E0 - transport public_services other: transit_fare parking bicycle_hire
E0 - tourism travel_tourism other: scenic_areas
E0 - culture public_services other: library
E0 - utilities public_services other: heating_bill
E0 - housing market_access other: rental_deposit
E0 - neighbourhood public_services other: service_counter public_honours
E1 - market_regulation market_access other firm: firm_inspection firm_licence customs_clearance
E1 yes market_regulation market_access other firm: public_procurement
E1 - credit_finance market_access other firm: firm_loan firm_subsidy
"""


def _services() -> Mapping[str, Service]:
    found: dict[str, Service] = {}
    for row in _ROWS.strip().splitlines():
        head, names = row.split(": ")
        level, rival, context, field, group, *firm = head.split()
        for name in names.split():
            subject: Subject = "firm" if firm else "person"
            found[name] = Service(name, level, rival == "yes", context, field, group, subject)  # type: ignore[arg-type]
    return MappingProxyType(found)


SERVICES: Mapping[str, Service] = _services()
