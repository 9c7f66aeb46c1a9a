"""One safeguard off, one harm more: the rule meant for it speaks up, and none that spoke before falls silent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
import yaml
from tests.lint.cases import AS_OF, HOME, STRONGEST
from tests.lint.mutations import MUTATIONS, Mutation

from vitropolis.lint.check import check
from vitropolis.lint.finding import SEVERITIES
from vitropolis.policy.load import load_text

FIRES = (STRONGEST["fail"], STRONGEST["review"])
CLEAN = "schema_version: 1\nextends: clean.policy.yaml\npolicy: {id: mutant, title: Mutant}\n"


@cache
def heard(text: str) -> Mapping[str, int]:
    """The strongest thing that each rule says of an overlay (see STRONGEST)."""
    found: dict[str, int] = {}
    for each in check(load_text(text, folder=HOME), AS_OF).findings:
        found[each.rule] = min(found.get(each.rule, 9), STRONGEST[each.kind])
    return found


def firing(text: str) -> frozenset[str]:
    """The rules that fail an overlay or put it up for review."""
    return frozenset(rule for rule, kind in heard(text).items() if kind in FIRES)


def both(one: Any, other: Any) -> Any:
    """Two overlays as one, the second over the first."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return other
    return one | {key: both(one[key], value) if key in one else value for key, value in other.items()}


def paths(part: Any, before: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Where an overlay writes something."""
    if isinstance(part, dict) and part:
        return set().union(*(paths(value, (*before, str(key))) for key, value in part.items()))
    return {before}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: f"{each.rule}, {each.name}")
def test_the_rule_meant_for_a_harm_goes_from_silent_to_firing(mutation: Mutation) -> None:
    assert heard(CLEAN).get(mutation.rule, STRONGEST["pass"]) == STRONGEST["pass"]
    assert heard(mutation.text)[mutation.rule] == STRONGEST[mutation.kind]


GIVEN_WAY = {
    ("AIA-5c-6", "DP-CIT-1"): "decided by machines, nobody claims any more that people decide",
    ("AIA-5c-6", "HR-11-1"): "the sanction no longer hangs on the score alone",
    ("AIA-5c-6", "HR-15-1"): "the sanction no longer hangs on the score alone",
    ("AIA-26-3", "HR-14-1"): "without an appeal no log has to outlast one",
    ("DP-CIT-3", "GDP-22-2"): "no review at all, instead of one without power or time",
    ("DP-ENG-1", "DP-CIT-1"): "sanctions are now as vague as rewards",
    ("DP-LOCK-1", "CN-EVAL-1"): "a merit that adds points is a way back",
    ("DP-LOCK-1", "DP-ENG-1"): "a merit that adds points is a way back",
    ("GDP-22-2", "GDP-5b-1"): "without a law that allows automatic decisions GDP-22-1 speaks in its place",
    ("GDP-22-2", "GDP-9-1"): "without a law that gives safeguards GDP-22-1 speaks in its place",
}
"""Rules that a second harm rightly takes the ground from: (what falls silent, what the other is meant for): why."""


@pytest.mark.parametrize("number", range(len(MUTATIONS)))
def test_a_second_harm_hides_no_first_one(number: int) -> None:
    first, alone = yaml.safe_load(MUTATIONS[number].overlay), firing(MUTATIONS[number].text)
    for other in (MUTATIONS[(number + step) % len(MUTATIONS)] for step in (1, 7, 31)):
        second = yaml.safe_load(other.overlay)
        if paths(first) & paths(second):
            continue  # they write the same field: the second takes the place of the first and does not join it
        lost = alone - firing(CLEAN + yaml.safe_dump(both(first, second)))
        assert {rule for rule in lost if (rule, other.rule) not in GIVEN_WAY} == set(), other.name


def test_there_is_a_mutation_for_most_rules_of_every_severity() -> None:
    from vitropolis.lint.catalogue import rules

    covered = {each.rule for each in MUTATIONS}
    left = {each.id for each in rules()} - covered
    assert len(MUTATIONS) >= 40
    assert left <= {"INT-1", "INT-2", "AIA-0", "AIA-5c-7"}
    assert {each.severity for each in rules() if each.id in covered} >= set(SEVERITIES) - {"review"}
