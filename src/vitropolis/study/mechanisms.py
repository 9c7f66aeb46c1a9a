"""The mechanisms of the model as something that can be put out of force: by assumptions at 0, or by the policy.

Each names the claim of the plan it belongs to (docs/plan.md) and the headlines in which it shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from vitropolis.policy import Policy

Picks = Callable[[Policy, str], bool]


def _nothing(policy: Policy, name: str) -> bool:
    return False


def elements(policy: Policy) -> list[str]:
    """Everything of a policy that can be taken out: `section.id`, and the parts of its procedure."""
    sections = ("behaviours", "scores", "lists", "measures", "spillover", "campaigns")
    found = [f"{section}.{name}" for section in sections for name in getattr(policy, section)]
    parts = policy.procedure.model_fields_set if policy.procedure is not None else ()
    return [*found, *(f"procedure.{part}" for part in sorted(parts))]


def named(*patterns: str) -> Picks:
    """Elements whose name (`section.id`) fits a pattern."""
    return lambda policy, name: any(fnmatchcase(name, pattern) for pattern in patterns)


def acting(*kinds: str) -> Picks:
    """Measures whose action is of these kinds."""

    def picks(policy: Policy, name: str) -> bool:
        section, _, own = name.partition(".")
        return section == "measures" and policy.measures[own].action.kind in kinds

    return picks


def carrying(*kinds: str) -> Picks:
    """Spill-overs that carry these kinds of thing."""

    def picks(policy: Policy, name: str) -> bool:
        section, _, own = name.partition(".")
        return section == "spillover" and policy.spillover[own].carries.kind in kinds

    return picks


def either(*several: Picks) -> Picks:
    """Elements that one of these picks."""
    return lambda policy, name: any(picks(policy, name) for picks in several)


def campaigning(*kinds: str) -> Picks:
    """Campaigns of these kinds."""

    def picks(policy: Policy, name: str) -> bool:
        section, _, own = name.partition(".")
        return section == "campaigns" and policy.campaigns[own].kind in kinds

    return picks


@dataclass(frozen=True)
class Mechanism:
    """values: patterns of assumptions that go to `at`; carries: which elements of a policy are taken out.

    shows: headlines in which it shows, the plainest first.
    """

    claim: str
    name: str
    shows: tuple[str, ...]
    values: tuple[str, ...] = ()
    at: float = 0.0
    carries: Picks = _nothing


HIT, WRONG = "hit_per_1000", "wrongly_hit_per_1000"
MECHANISMS: tuple[Mechanism, ...] = (
    Mechanism("M1", "errors of recording", (WRONG,), ("recording.*.wrong_content", "recording.*.duplicate",
              "recording.*.stale", "recording.*.invented", "recording.*.by_name_alone",
              "recording.*.false_difference")),
    Mechanism("M1", "taken for a namesake", (WRONG, HIT), ("recording.*.by_name_alone",)),
    Mechanism("M4", "measures", (HIT,), carries=either(named("measures.*"), carrying("measure"))),
    Mechanism("M4", "staying away from shut doors", ("needs_avoided_per_1000",), ("services.learning.avoids",)),
    Mechanism("M5", "deterrence", ("harmful_acts_avoided", HIT), ("families.*.deterrence",)),
    Mechanism("M5", "deterrence at home and at work", (HIT, "harmful_acts_avoided"), (
        "families.*.household_step", "families.*.workplace_step")),
    Mechanism("M5", "norms", (HIT,), ("norms.household", "norms.workplace", "norms.district")),
    Mechanism("M5", "climate of speech", ("lawful_speech_lost",), ("speech.weight",)),
    Mechanism("M7", "more deeds that earn points", ("scored_deeds_change",), ("adaptation.gaming",)),
    Mechanism("M7", "leaving the city", ("left_city_per_1000",), ("adaptation.leaves_weekly",)),
    Mechanism("M7", "trust", ("appeals_per_1000_hit", HIT, "scored_deeds_change", "unscored_deeds_change"), (
        "adaptation.trust.lost_wrong", "adaptation.trust.lost_refused")),
    Mechanism("M8", "breaches of firms", ("firms_breaches_avoided", "firms_inspections_per_1000"), (
        "firms.acts_violating", "firms.acts_complying")),
    Mechanism("M8", "orders lost, jobs lost", ("jobs_lost_per_1000",), ("work.pass_through",)),
    Mechanism("M10", "green channel", ("places_lost_per_1000",), carries=acting("priority")),
    Mechanism("M11", "notice, appeal and correction", (WRONG, HIT, "appeals_per_1000_hit"), carries=named(
        "procedure.*")),
    Mechanism("M11", "spill-over", ("others_per_person_hit", HIT), carries=named("spillover.*")),
    Mechanism("M11", "clerks who decide", (HIT, WRONG), ("clerks.*",)),
    Mechanism("M11", "publication", (HIT, WRONG), ("publicity.*",)),
    Mechanism("M12", "accounts removed", ("accounts_removed",), carries=campaigning("accounts")),
)  # fmt: skip
