"""Firms' lists and what goes over from firms, put into what the engine plays, and assumptions about work."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from tests.oracle.made_up import BEHAVIOUR, FEED, LIST, MadeUp

from vitropolis.policy import Policy, load_policy
from vitropolis.policy.schema import Spill

NUMBERS: tuple[tuple[str, float, float, int], ...] = (
    ("orders_lost_listed", 0, 0.4, 3),
    ("rep_listed", 0, 0.4, 3),
    ("pass_through", 0.5, 1, 3),
    ("closes_weekly", 0.1, 0.9, 3),
    ("jobless", 0.5, 2.5, 3),
    ("found_weekly", 0.1, 0.6, 3),
    ("screening", 0, 1, 3),
)


@cache
def _like() -> Policy:
    return load_policy("court-list-2017")


def assume_work(rng: Random, data: dict[str, Any]) -> dict[str, Any]:
    """The assumptions with work that is lost and found within weeks; a few are off."""
    work = data["work"]
    named = [(work[name], low, high, digits) for name, low, high, digits in NUMBERS]
    for item, low, high, digits in named + [(item, 0, 0.6, 3) for item in work["orders_lost"].values()]:
        value = 0.0 if low == 0 and rng.random() < 0.1 else round(rng.uniform(low, high), digits)
        item["value"], item["range"] = value, (min(value, low), max(value, high if rng.random() < 0.5 else value))
    return data


def with_shut_work(rng: Random, policy: dict[str, Any]) -> dict[str, Any]:
    """The policy with a few of its measures also at the labour market, most of them shutting."""
    measures = policy["measures"]
    for name in rng.sample(sorted(measures), min(len(measures), rng.randrange(4))):
        action = {"kind": rng.choice(("deny", "deny", "withdraw"))} if rng.random() < 0.8 else measures[name]["action"]
        if action["kind"] != "priority":
            measures[f"{name}_work"] = measures[name] | {"service": "job_market", "action": action}
    return policy


def with_firms(rng: Random, policies: list[Policy], start: date, days: int) -> tuple[list[Policy], MadeUp]:
    """The policies with a list of firms, and up to two spill-overs to legal representatives; and made-up firms."""
    like, found, spills = _like(), [], []
    for policy in policies:
        spills.append({name: _spill(rng, start, days) for name in ("office0", "office1")[: rng.randrange(3)]})
        if policy.id == "none" or len(policy.spillover) > 5 or len(policy.lists) > 7:
            spills[-1] = {}
        if policy.id == "none":
            found.append(policy)
            continue
        more = {
            "feeds": {**policy.feeds, FEED: like.feeds[FEED]},
            "behaviours": {**policy.behaviours, BEHAVIOUR: like.behaviours[BEHAVIOUR]},
            "lists": {**policy.lists, LIST: like.lists[LIST]},
            "spillover": {**policy.spillover, **spills[-1]},
        }
        found.append(policy.model_copy(update=more))
    return found, MadeUp(rng.randrange(1 << 30), spills, [policy.id != "none" for policy in policies])


def _spill(rng: Random, start: date, days: int) -> Spill:
    dates = {"starts_on": start + timedelta(days=rng.randrange(days))} if rng.random() < 0.3 else {}
    tested = {"individual_fault_test": rng.random() < 0.3}
    return _like().spillover["firm_to_legal_rep"].model_copy(update=dates | tested)
