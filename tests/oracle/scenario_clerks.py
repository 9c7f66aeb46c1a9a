"""What clerks, publication and adaptation need, put into a random policy and its assumptions by chance of its own."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from tests.oracle.scenario_measures import dated

Plain = dict[str, Any]
DECIDERS = ("human", "human", "hybrid", "automated", "unknown")
FIELDS = (["name"], ["name", "reason"], ["name", "id_partial"], ["name", "id_full", "reason"], ["id_partial"])


def with_clerks(rng: Random, policy: Plain, start: date, days: int) -> Plain:
    """The policy with room for clerks, published lists, promises and human review."""
    for item in policy["behaviours"].values():
        if rng.random() < 0.4 and item.get("points"):
            item["discretion_range"] = {score: _range(rng, item) for score in item["points"] if rng.random() < 0.8}
    for item in policy["lists"].values():
        _list(rng, item, start, days)
    for item in policy["measures"].values():
        if rng.random() < 0.4:
            item["decided_by"] = rng.choice(DECIDERS)
    if rng.random() < 0.6:
        policy["retention"]["after_exit_days"] = dated(rng, start, days, lambda: rng.choice((0, 2, 6, None)))
    procedure = policy.get("procedure")
    if procedure is not None and rng.random() < 0.5:
        review = {"available": rng.random() < 0.8, "authority_to_change": rng.choice((True, True, False, "unknown"))}
        procedure["human_review"] = review
    if procedure is not None and "correction" in procedure and rng.random() < 0.6:
        procedure["correction"]["response_days"] = dated(rng, start, days, lambda: rng.choice((0, 2, 5, None)))
    if procedure is not None and "appeal" in procedure and rng.random() < 0.5:
        procedure["appeal"] |= {"levels": 3, "if_late": "refused", "decision_days": rng.choice((2, 4))}
    return policy


def _range(rng: Random, item: Plain) -> list[int]:
    sign = 1 if item["kind"] == "virtue" else -1
    ends = sorted(sign * rng.randrange(0, 60) for _ in range(2))
    return [ends[0], ends[1] + (ends[0] == ends[1])]


def _list(rng: Random, item: Plain, start: date, days: int) -> None:
    if rng.random() < 0.5:
        item["decided_by"] = rng.choice(DECIDERS)
    if rng.random() < 0.5:
        item["publication"] = {"public": rng.choice((True, True, True, False, "unknown")), "fields": rng.choice(FIELDS)}
    if "exit" in item and rng.random() < 0.5:
        item["exit"]["compliance_days"] = dated(rng, start, days, lambda: rng.choice((0, 1, 3, None)))
    if "exit" in item and rng.random() < 0.4:
        item["exit"]["fee_yuan"] = dated(rng, start, days, lambda: rng.choice((0, 50, None)))


NUMBERS: tuple[tuple[str, float, float, int], ...] = (
    ("clerks.discretion_used", 0.2, 0.9, 3),
    ("clerks.human_sees_wrong", 0.3, 0.9, 3),
    ("clerks.human_drops_right", 0.1, 0.5, 3),
    ("clerks.hybrid_looks", 0.3, 0.9, 3),
    ("clerks.review_looks", 0.3, 0.9, 3),
    ("clerks.clerk_lifts", 0.1, 0.5, 3),
    ("clerks.promise_kept", 0.3, 0.9, 3),
    ("clerks.fee_deters", 0.3, 0.9, 3),
    ("publicity.household_step", 0, 40, 1),
    ("publicity.workplace_records", 0, 6, 1),
    ("publicity.mistaken_for_listed", 0.05, 0.4, 3),
    ("adaptation.gaming", 0, 0.8, 3),
    ("adaptation.crowding", 0, 0.5, 3),
    ("adaptation.leaves_weekly", 0, 0.1, 4),
    ("adaptation.trust.lost_wrong", 0, 0.02, 5),
    ("adaptation.trust.lost_refused", 0, 0.001, 6),
    ("adaptation.trust.recovers", 0, 0.1, 3),
    ("adaptation.trust.deeds", 0.4, 0.9, 3),
    ("adaptation.trust.appeals", 0, 0.9, 3),
)


def assume_clerks(rng: Random, data: Plain) -> Plain:
    """The assumptions with clerks, publication and adaptation that matter in a few weeks; a few are off."""
    for path, low, high, digits in NUMBERS:
        item: Any = data
        for step in path.split("."):
            item = item[step]
        value = 0.0 if low == 0 and rng.random() < 0.2 else round(rng.uniform(low, high), digits)
        item["value"], item["range"] = value, (min(value, low), max(value, high if rng.random() < 0.5 else value))
    for family in data["families"].values():
        for name in ("household_step", "workplace_step"):
            family[name]["value"] = round(rng.uniform(0, 40), 1)
            family[name]["range"] = (0, 40)
    return data
