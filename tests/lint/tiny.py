"""Tiny policies for tests of the linter's core: as little as will load, with the parts that a test wants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml
from hypothesis import settings
from tests.lint.cases import AS_OF

from vitropolis.lint.case import Case
from vitropolis.policy import Policy, load_text

STEADY = settings(deadline=None, derandomize=True, max_examples=100)
"""The same examples in every run, and no clock."""

HEAD: Mapping[str, Any] = {
    "id": "tiny", "title": "a tiny policy", "as_of": date(2026, 6, 1), "state": "in_force",
    "default_status": "sourced", "default_reference": "memo",
}  # fmt: skip
FEED: Mapping[str, Any] = {"department": "office", "context": "transport", "provenance": "verified_record"}


class _Plain(yaml.SafeDumper):
    """Writes everything out, however often it occurs."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def behaviour(**fields: Any) -> dict[str, Any]:
    """A behaviour of people, with these fields beside the required ones."""
    return {"feed": "gates", "conduct": ["fare_dodging"], "kind": "contract_breach", "gravity": 1, **fields}


def score(bands: Mapping[str, int], start: int = 100, low: int = 0, high: int = 100, **fields: Any) -> dict[str, Any]:
    """A score with these lowest points of its bands."""
    ladder = {name: {"lower": lower} for name, lower in bands.items()}
    return {"start": start, "range": [low, high], "bands": ladder, **fields}


def measure(
    trigger: Mapping[str, Any], action: Any = "deny", service: str = "flights", **fields: Any
) -> dict[str, Any]:
    """A measure; `action` is a kind without values, or a whole action."""
    whole = {"kind": action} if isinstance(action, str) else action
    return {"trigger": dict(trigger), "action": whole, "service": service, **fields}


def listing(trigger: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """A black list of people with a term of 90 days."""
    return {"polarity": "black", "context": "transport", "trigger": dict(trigger), "term_days": 90, **fields}


def text(**sections: Any) -> str:
    """A tiny policy with these sections, as text; `head` changes its `policy`."""
    whole = {
        "schema_version": 1,
        "policy": {**HEAD, **sections.pop("head", {})},
        "references": {"memo": {"title": "a memorandum"}},
        "population": {"natural_persons": True, "legal_entities": False, "enrolment": {"mode": "mandatory"}},
        "departments": {"office": {"title": "Office"}},
        "feeds": {"gates": dict(FEED)},
        **sections,
    }
    return str(yaml.dump(whole, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=10_000))


def tiny(**sections: Any) -> Policy:
    """A tiny policy with these sections."""
    return load_text(text(**sections), "tiny.policy.yaml")


def case(**sections: Any) -> Case:
    """A tiny policy as rules see it."""
    return Case(tiny(**sections), AS_OF)
