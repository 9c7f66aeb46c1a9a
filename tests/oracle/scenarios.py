"""Random small scenarios, the same for the same index: a few weeks in which a lot happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import yaml
from tests.oracle.made_up import MadeUp
from tests.oracle.scenario_assumptions import assumptions_dict, other_values
from tests.oracle.scenario_clerks import assume_clerks, with_clerks
from tests.oracle.scenario_findings import assume_machines, other_machines, with_machines
from tests.oracle.scenario_measures import with_places
from tests.oracle.scenario_policy import policy_dict, variant_of
from tests.oracle.scenario_traps import assume_traps, with_traps
from tests.oracle.scenario_work import assume_work, with_firms, with_shut_work

from vitropolis.model.assumptions import Assumptions
from vitropolis.model.rules import WORLDS
from vitropolis.policy import Policy, load_text, none_beside

CITY_SEEDS = 3  # few, so that the cities are built once


@dataclass(frozen=True, slots=True)
class Scenario:
    """`worlds`: as many as a pass holds at most, each a policy and a set of assumption values; ranges are the same."""

    index: int
    residents: int
    city_seed: int
    seed: int
    start: date
    days: int
    worlds: list[tuple[Policy, Assumptions]]
    played: list[tuple[Policy, Assumptions]]  # the same with firms' lists, for the engine
    firms: MadeUp


def scenario(index: int) -> Scenario:
    """The index-th scenario; with a number below 0 one in which a pass is full."""
    rng = Random(index)
    start = date(2019, 1, 1) + timedelta(days=rng.randrange(400))
    days = 120 if index % 40 == 7 else rng.choice((30, 31, 35, 40, 45))
    base = with_clerks(Random(f"clerks {index}"), policy_dict(rng, start, days), start, days)
    base = with_shut_work(Random(f"shut {index}"), with_places(Random(f"places {index}"), base))
    base = with_traps(Random(f"traps {index}"), base)
    base = with_machines(Random(f"compares {index}"), base)
    shape = "full" if index < 0 else "none" if days == 120 else None
    policies = _policies(rng, base, start, days, shape)
    data = assumptions_dict(rng, start, days, base)
    data = assume_clerks(Random(f"adaptation {index}"), data)
    data = assume_work(Random(f"work {index}"), data)
    data = assume_traps(Random(f"pace {index}"), data)
    data = assume_machines(Random(f"findings {index}"), data)
    usual = Assumptions.model_validate(data)
    assumed = [usual.with_values(other_values(rng, data)) if rng.random() < 0.3 else usual for _ in policies]
    compared = Random(f"compared {index}")
    assumed = [each.with_values(other_machines(compared, data)) for each in assumed]
    worlds = list(zip(policies, assumed, strict=True))
    city_seed = rng.randrange(CITY_SEEDS)
    wider, firms = with_firms(Random(f"firms {index}"), policies, start, days)
    seen = list(zip(wider, assumed, strict=True))
    return Scenario(index, 1000 + 50 * city_seed, city_seed, rng.randrange(1 << 64), start, days, worlds, seen, firms)


def _policies(rng: Random, base: dict[str, Any], start: date, days: int, shape: str | None) -> list[Policy]:
    policy = loaded(base)
    shape = shape or rng.choice(("one", "one", "none", "none", "variant", "three"))
    if shape == "one":
        return [policy]
    if shape == "none":
        return [policy, none_beside(policy)]
    variant = _variant(rng, base, start, days)
    if shape == "full":
        others = [_variant(rng, base, start, days) for _ in range(WORLDS - 3)]
        return [variant, *others, none_beside(policy), policy]
    return [policy, variant] if shape == "variant" else [variant, none_beside(policy), policy]


def _variant(rng: Random, base: dict[str, Any], start: date, days: int) -> Policy:
    other = with_clerks(Random(f"variant {start}"), variant_of(rng, base, start, days), start, days)
    return loaded(with_traps(Random(f"trapped {start}"), other))


def loaded(data: dict[str, Any]) -> Policy:
    """A policy from plain data, by way of its text, so that it is checked like a file."""
    return load_text(yaml.dump(data, sort_keys=False, Dumper=_Whole))


class _Whole(yaml.SafeDumper):
    """Writes what is used twice twice: a policy file has no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True
