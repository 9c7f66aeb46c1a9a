"""The fixtures of the linter: policies in our own words, and what is expected of each rule on them.

`fixtures/NAME.policy.yaml` with `fixtures/NAME.expected.yaml`:

    source: where the case comes from
    expect: {RULE: fail | review | open | silent}      # the strongest thing the rule says; silent: it looked and passed
    exact: [AIA-5c]                                     # of these families nothing else may be more than silent
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from vitropolis.lint.check import Options, check
from vitropolis.lint.finding import Finding
from vitropolis.policy import load_policy

HOME = Path(__file__).resolve().parent / "fixtures"
AS_OF = date(2026, 11, 26)
ORDER = ("fail", "review", "open", "silent", "nothing")
STRONGEST = {"fail": 0, "review": 1, "informational": 1, "open": 2, "pass": 3}


@dataclass(frozen=True)
class Expected:
    """What a fixture expects."""

    name: str
    source: str
    expect: Mapping[str, str]
    exact: tuple[str, ...]


@cache
def fixtures() -> tuple[Expected, ...]:
    """Every fixture that has expectations, by name."""
    found = []
    for path in sorted(HOME.glob("*.expected.yaml")):
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        name = path.name.removesuffix(".expected.yaml")
        found.append(Expected(name, said["source"], said["expect"], tuple(said.get("exact", ()))))
    return tuple(found)


@cache
def findings(name: str) -> tuple[Finding, ...]:
    """Everything all rules say of a fixture."""
    return check(load_policy(HOME / f"{name}.policy.yaml"), AS_OF, Options()).findings


def obtained(name: str) -> dict[str, str]:
    """The strongest thing that each rule says of a fixture; a rule that had nothing to look at is left out."""
    found: dict[str, int] = {}
    for each in findings(name):
        found[each.rule] = min(found.get(each.rule, 9), STRONGEST[each.kind])
    return {rule: ORDER[number] for rule, number in sorted(found.items())}
