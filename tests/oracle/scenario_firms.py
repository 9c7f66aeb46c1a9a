"""Random small scenarios in which firms do a lot: what a random policy says of people is written of firms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.oracle.scenario_assumptions import number
from tests.oracle.scenario_measures import dated
from tests.oracle.scenario_policy import policy_dict
from tests.oracle.scenarios import Scenario, loaded, scenario

from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.policy import Policy, none_beside
from vitropolis.policy.words import FIRM_WORDS, SERVICES

Plain = dict[str, Any]
BREACHES = [word for word in FIRM_WORDS if word != "firm_clean_year"]
SERVED = [name for name, service in SERVICES.items() if service.subject == "firm"]


def firm_scenario(index: int) -> Scenario:
    """The index-th scenario of firms; its people are those of another scenario."""
    rng = Random(10_000 + index)
    usual = scenario(index % 40)
    start, days = usual.start, 375 if index % 16 == 3 else rng.choice((35, 40, 50, 60, 90))
    policies = [with_firms(rng, start, days) for _ in range(rng.choice((1, 2, 2)))]
    if rng.random() < 0.6:
        policies.insert(rng.randrange(len(policies) + 1), none_beside(policies[0]))
    data = firm_assumptions(rng)
    held = Assumptions.model_validate(data)
    other = held.with_values({"firms.acts_violating": data["firms"]["acts_violating"]["range"][1]})
    assumed = [held if rng.random() < 0.7 else other for _ in policies]
    return replace(
        usual, index=index, days=days, seed=rng.randrange(1 << 64), worlds=list(zip(policies, assumed, strict=True))
    )


def with_firms(rng: Random, start: date, days: int) -> Policy:
    """A policy of a random one's shape, about firms alone."""
    base = policy_dict(rng, start, days)
    for name in ("spillover", "procedure"):
        base.pop(name, None)
    base["population"] |= {"legal_entities": rng.random() < 0.95, "natural_persons": True}
    for feed in base["feeds"].values():
        feed |= {"about": "firm", "context": "market_regulation"}
    for name, item in base["behaviours"].items():
        good = name in ("deeds", "virtue")
        item["conduct"] = ["firm_clean_year"] if good else rng.sample(BREACHES, rng.randrange(1, 5))
    for part in ("scores", "lists"):
        for item in base[part].values():
            item["subject"] = "firm"
    for item in base["measures"].values():
        item["service"] = rng.choice(SERVED) if rng.random() < 0.8 else item["service"]
        if item["action"]["kind"] == "priority":
            item["action"] = {"kind": "deny"}
        if rng.random() < 0.4:
            times = dated(rng, start, days, lambda: rng.choice((0, 0.5, 1, 3, 8)))
            item |= {"action": {"kind": "inspect", "times_usual": times}, "service": "firm_inspection"}
    base["campaigns"] = {f"drive{n}": _campaign(rng, start, days) for n in range(rng.randrange(3))}
    return loaded(base)


def _campaign(rng: Random, start: date, days: int) -> Plain:
    begin = start + timedelta(days=rng.randrange(days // 2))
    times = dated(rng, start, days, lambda: rng.choice((0.5, 2, 4)))
    return {"kind": "inspections", "times_usual": times, "starts_on": begin, "ends_before": begin + timedelta(days=20)}


def firm_assumptions(rng: Random) -> Plain:
    data = load_assumptions("default").model_dump()
    firms = data["firms"]
    _numbers(rng, firms["compliance"], cost_median=(0.02, 0.4), cost_sigma=(0.3, 1.5), fine=(0.5, 2), fine_again=(1, 4))
    _numbers(rng, firms["compliance"], ban=(0, 2), discount=(0.8, 0.99))
    late = rng.choice((1, 4, 20))
    _numbers(rng, firms["inspections"], weekly=(0.05, 0.4), passes=(0, 0.5), found_wrongly=(0, 0.4))
    _numbers(rng, firms["inspections"], noticed_otherwise=(0, 0.4), release=(0.2, 1), delay_mean_days=(1, late))
    number(rng, firms["acts_violating"], 0.3, 1)
    number(rng, firms["acts_complying"], 0, 0.2)
    number(rng, firms["settled_daily"], 0, 0.1)
    number(rng, firms["clean_year"], 0.3, 1)
    for weight in firms["acts"].values():
        number(rng, weight, 1, 10)
    _numbers(rng, data["lists"], deletion_mean_days=(1, 6), holders_mean_days=(1, 9), ability_false=(0.05, 0.4))
    _numbers(rng, data["lists"], asks_repair=(0.4, 1), repair_granted=(0.4, 1), repair_answer_days=(1, 9))
    return data


def _numbers(rng: Random, section: Plain, **ranges: tuple[float, float]) -> None:
    for name, (low, high) in ranges.items():
        number(rng, section[name], low, high)
