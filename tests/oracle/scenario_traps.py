"""What exits need and how often scores are worked out, put into a random policy by chance of its own."""

from __future__ import annotations

from random import Random
from typing import Any

Plain = dict[str, Any]


def with_traps(rng: Random, policy: Plain) -> Plain:
    """The policy with exits that need services that its measures are about, and scores that stand still for a month."""
    used = sorted({item["service"] for item in policy["measures"].values()})
    for item in policy["lists"].values():
        if "exit" in item and rng.random() < 0.8:
            item["exit"]["needs_services"] = rng.sample(used, min(len(used), rng.randrange(1, 6)))
    for item in policy["scores"].values():
        if rng.random() < 0.25:
            item["recomputed"] = rng.choice(("monthly", "monthly", "yearly"))
        if rng.random() < 0.3:
            bonus = {"every_days": rng.choice((3, 7, 12)), "points": rng.randrange(1, 30)}
            item["clean_bonus"] = bonus | {"at_most": rng.choice((1, 2, None))}
    for item in policy["measures"].values():
        if item["action"]["kind"] == "price" and rng.random() < 0.6:
            item["action"]["of"] = "deposit"
    return policy


def assume_traps(rng: Random, data: Plain) -> Plain:
    """The assumptions with a slow pace of paying, now and then none, now and then the usual one."""
    pace = rng.choice((0.0, 1.0, *(round(rng.uniform(0.1, 0.9), 3) for _ in range(6))))
    data["payers"]["pace_shut"] |= {"value": pace, "range": (0, 1)}
    data["services"]["deposit_short"] |= {"value": round(rng.uniform(0.2, 0.8), 3), "range": (0, 1)}
    return data
