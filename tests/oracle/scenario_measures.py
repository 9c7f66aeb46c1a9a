"""Random measures, spill-overs and procedures for `scenario_policy`, that between them use every mechanism."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

Plain = dict[str, Any]

# Few, so that needs meet closed doors; the first have queues.
USED = (
    "hospital_appointment", "public_housing", "vehicle_plate", "flights", "high_speed_rail", "consumer_loan",
    "star_hotel", "private_school", "credit_card", "library", "parking", "company_post", "scenic_areas",
)  # fmt: skip
RIVAL = USED[:3]
SANCTIONS = ("deny", "deny", "deny", "withdraw", "restrict", "restrict")
OTHERS = ("price", "price", "delay", "delay", "priority", "inspect", "honour")
DECIDERS = (True, True, True, "unknown", False)


def day(rng: Random, start: date, days: int, earliest: float, latest: float) -> date:
    return start + timedelta(days=round(days * rng.uniform(earliest, latest)))


def dated(rng: Random, start: date, days: int, value: Any) -> Any:
    """A value that is plain, annotated or dated."""
    shape = rng.randrange(4)
    if shape == 0:
        return {start - timedelta(days=30): value(), day(rng, start, days, 0.3, 0.8): value()}
    return {"value": value()} if shape == 1 else value()


def in_force(rng: Random, start: date, days: int, item: Plain, often: float = 0.2) -> Plain:
    if rng.random() < often:
        item["starts_on"] = day(rng, start, days, 0, 0.3)
    if rng.random() < often:
        item["ends_before"] = day(rng, start, days, 0.5, 0.95)
    return item


def measures(rng: Random, lists: list[str], leaves: dict[str, Plain], start: date, days: int) -> Plain:
    """Five to nine sorts of trigger and days, each with one measure or a few, one with many services at once."""
    found: Plain = {}
    for number in range(rng.randrange(5, 10)):
        trigger = _trigger(rng, lists, leaves)
        shared = in_force(rng, start, days, _days(rng, start, days), 0.12)
        services = rng.sample(USED, rng.choice((1, 1, 2, 3)) if number else rng.choice((4, 7, 11)))
        for service in services:
            item = {"trigger": trigger, "action": _action(rng, service, start, days), "service": service, **shared}
            for name in ("hardship_exception", "minimum_guarantee"):
                if rng.random() < 0.25:
                    item[name] = rng.choice((True, True, "unknown", False))
            found[f"m{number}_{service}"] = item
    return found


def with_places(rng: Random, policy: Plain) -> Plain:
    """The policy with a few more places ahead of others' and behind them, both for the same people now and then."""
    held = policy["measures"]
    for name in rng.sample(sorted(held), min(len(held), rng.randrange(4))):
        service = rng.choice(RIVAL)
        for place in rng.choice((("ahead",), ("behind",), ("ahead", "behind"), ("ahead", "last"))):
            held[f"{name}_{place}"] = held[name] | {"service": service, "action": {"kind": "priority", "place": place}}
    return policy


def _trigger(rng: Random, lists: list[str], leaves: dict[str, Plain]) -> Plain:
    listed: Plain = {"kind": "listed", "lists": rng.sample(lists, min(len(lists), rng.choice((1, 1, 2))))}
    other = leaves[rng.choice([name for name in leaves if leaves[name]["kind"] not in ("all_of", "any_of")])]
    shape = rng.random()
    if shape < 0.55:
        return listed
    if shape < 0.8:
        return other
    return {"kind": rng.choice(("any_of", "all_of")), "of": [listed, other]}


def _days(rng: Random, start: date, days: int) -> Plain:
    found: Plain = {}
    if rng.random() < 0.25:
        found["fixed_days"] = dated(rng, start, days, lambda: rng.choice((0, 3, 8, 15, None)))
    if rng.random() < 0.3:
        found["after_exit_days"] = dated(rng, start, days, lambda: rng.choice((0, 2, 6, 6, None)))
    return found


def _action(rng: Random, service: str, start: date, days: int) -> Plain:
    kind = rng.choice(SANCTIONS if rng.random() < 0.65 else OTHERS)
    if service in RIVAL and rng.random() < 0.5:
        kind = "priority"
    if kind == "priority" and service not in RIVAL:
        kind = "delay"
    said: dict[str, tuple[str, tuple[Any, ...]]] = {
        "restrict": ("kept_share", (0.1, 0.33, 0.8)),
        "price": ("factor", (0.5, 1.0, 1.5, 3.0)),
        "delay": ("days", (-3, 0, 2, 9)),
        "priority": ("place", ("first", "ahead", "behind", "last")),
        "inspect": ("times_usual", (0.5, 1.0, 2.0)),
    }
    if kind not in said:
        return {"kind": kind}
    name, choices = said[kind]
    return {"kind": kind, name: dated(rng, start, days, lambda: rng.choice(choices))}


def spills(rng: Random, lists: list[str], measured: list[str], start: date, days: int) -> Plain:
    """Up to seven that a run plays, and some that it does not."""
    found: Plain = {}
    for number in range(rng.choice((0, 2, 4, 6, 7))):
        if rng.random() < 0.5:
            carries = {"kind": "measure", "measure": rng.choice(measured)}
        else:
            carries = {"kind": "listing", "list": rng.choice(lists)}
        if rng.random() < 0.08:
            carries = {"kind": "points", "score": "main"}
        to = rng.choice(("spouse", "child", "parent", "household"))
        item: Plain = {"carries": carries, "to": to if rng.random() < 0.93 else "guarantor"}
        if rng.random() < 0.3 and carries["kind"] != "points":
            item["weight"] = dated(rng, start, days, lambda: rng.choice((1, 1, 1, 0)))
        if rng.random() < 0.3:
            item["individual_fault_test"] = rng.choice(DECIDERS)
        found[f"spill{number}"] = in_force(rng, start, days, item, 0.1)
    return found


def procedure(rng: Random, start: date, days: int) -> Plain:
    """Each part is there more often than not."""
    found: Plain = {}
    if rng.random() < 0.85:
        words = ("before", "before", "at", "at", "after", "after", "none", "unknown")
        found["notice"] = {"when": dated(rng, start, days, lambda: rng.choice(words))}
        if rng.random() < 0.5:
            found["notice"]["before_days"] = dated(rng, start, days, lambda: rng.choice((0, 2, 6, None)))
    if rng.random() < 0.7:
        found["objection"] = {"available": dated(rng, start, days, lambda: rng.choice(DECIDERS))}
        if rng.random() < 0.8:
            found["objection"]["days"] = dated(rng, start, days, lambda: rng.choice((0, 2, 4, None)))
    if rng.random() < 0.8:
        found["appeal"] = _appeal(rng, start, days)
    if rng.random() < 0.6:
        found["correction"] = _correction(rng, start, days)
    return found


def _appeal(rng: Random, start: date, days: int) -> Plain:
    found: Plain = {"available": dated(rng, start, days, lambda: rng.choice(DECIDERS))}
    for name, choices in (
        ("window_days", (2, 4, 9, None)),
        ("decision_days", (2, 3, 6, None)),
        ("staff_per_100k", (10, 40, 200, 60, 800, None)),
    ):
        if rng.random() < 0.75:
            found[name] = dated(rng, start, days, lambda choices=choices: rng.choice(choices))
    found["levels"] = rng.choice((1, 2, 3, 3))
    found["if_late"] = rng.choice(("waits", "refused", "granted", "granted", "refused", "unknown"))
    if rng.random() < 0.5:
        found["suspends_effect"] = dated(rng, start, days, lambda: rng.choice(DECIDERS))
    if rng.random() < 0.7:
        found["burden_of_proof"] = rng.choice(("authority", "person", "unknown"))
    return found


def _correction(rng: Random, start: date, days: int) -> Plain:
    found: Plain = {}
    for name, choices in (("removal_days", (0, 3, 9, None)), ("propagates_within_days", (0, 1, 4, None))):
        if rng.random() < 0.6:
            found[name] = dated(rng, start, days, lambda choices=choices: rng.choice(choices))
    if rng.random() < 0.7:
        found["flag_dispute"] = rng.choice((True, True, "unknown", False))
    return found
