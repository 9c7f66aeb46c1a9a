"""Behaviours that machines establish, and how often they find what nobody did, by chance of its own."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.oracle.scenario_assumptions import number

Plain = dict[str, Any]
PROVENANCES = ("averaged", "inferred", "predicted", "self_reported")


def with_machines(rng: Random, policy: Plain) -> Plain:
    """The policy, three times in four with behaviours of several kinds of feed established by algorithms."""
    if rng.random() < 0.25:
        return policy
    for feed in policy["feeds"].values():
        if rng.random() < 0.3:
            feed["provenance"] = rng.choice(PROVENANCES)
    for item in policy["behaviours"].values():
        if rng.random() < 0.35:
            item["established_by"] = "algorithm"
    return policy


def assume_machines(rng: Random, data: Plain) -> Plain:
    """Comparisons that often show a difference, and are paid as any class of debt or as none; a few rows are off."""
    number(rng, data["profiles"]["uneven_earners"]["strength"], 0.7, 1.2)
    number(rng, data["debts"]["benefit"]["speed"], 0.5, 4, 2)
    for row in data["recording"]["findings"].values():
        off = rng.random() < 0.2
        for name, low, high in (("comparisons_yearly", 0.2, 1.5), ("false_difference", 0.1, 0.8)):
            number(rng, row[name], 0 if off else low, 0 if off else high)
        row["profile"] = rng.choice(("uneven_earners", "everybody", "claimants", "debtors"))
        row["debt"] = rng.choice((*data["debts"], None))
    return data


def other_machines(rng: Random, data: Plain) -> dict[str, float]:
    """Other values of a few rows, inside their ranges; by dotted path."""
    found = {}
    for name, row in data["recording"]["findings"].items():
        for part in ("comparisons_yearly", "false_difference"):
            if rng.random() < 0.15:
                found[f"recording.findings.{name}.{part}"] = rng.choice(row[part]["range"])
    return found
