"""Assumptions under which things happen often: the default's structure with rates, errors and norms raised."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from vitropolis.model.assumptions import Assumptions, load_assumptions

ERRORS = ("lost", "wrong_content", "duplicate", "stale")
OF_MACHINES = ("uneven_earners", "benefit")  # a profile and a debt, by chance of their own: `scenario_findings`
DISTRICTS_WATCHED = ("dongcheng", "haidian", "daxing", "pinggu")


@cache
def _default() -> Assumptions:
    return load_assumptions("default")


def number(rng: Random, item: dict[str, Any], low: float, high: float, digits: int = 4) -> None:
    """Give a number a value between two others, and a range around it that it does not fill."""
    value = round(rng.uniform(low, high), digits)
    item["value"] = value
    item["range"] = (round(min(value, low), digits), round(max(value, high), digits))


def narrow(rng: Random, item: dict[str, Any], low: float, high: float, digits: int = 4) -> None:
    """The same with a range a fifth as wide, round the value: candidates are not many more than acts."""
    number(rng, item, low, high, digits)
    value, reach = item["value"], (high - low) / 10
    item["range"] = (round(max(value - reach, 0), digits), round(value + reach, digits))


def assumptions_dict(rng: Random, start: date, days: int, policy: dict[str, Any]) -> dict[str, Any]:
    data = _default().model_dump()
    used = {word for item in policy["behaviours"].values() for word in item["conduct"]}
    each = 40 / len(used)  # acts a person and year, of all words together about 40
    for word, item in data["conduct"].items():
        if word in used:
            narrow(rng, item["rate"], 0.5 * each, 1.5 * each, 3)
            number(rng, item["visibility"], 0.6, 1)
    narrow(rng, data["trait"]["sigma"], 0.2, 0.9)
    for name, profile in data["profiles"].items():
        if name not in OF_MACHINES:
            narrow(rng, profile["strength"], 0.7, 1.2)
    _deterrence(rng, data)
    _recording(rng, data, list(policy["feeds"]))
    _debts(rng, data)
    _lists(rng, data["lists"])
    _services(rng, data, policy, start, days)
    _redress(rng, data["redress"])
    for relation in data["spillover"]["reach"].values():
        number(rng, relation, 0.6, 1)
    for name, low, high in (("consent", 0.3, 0.8), ("objection", 0.1, 0.5), ("benefit_share", 0.3, 0.8)):
        number(rng, data["enrolment"][name], low, high)
    data["deserving"]["harm"]["able_to_pay"] = rng.random() < 0.5
    data["calendar"] = _calendar(rng, start, days, list(data["families"]), data["trait"]["sigma"])
    _speech(rng, data["speech"])
    return data


def other_values(rng: Random, assumed: dict[str, Any]) -> dict[str, float]:
    """Some other values inside their ranges, by dotted path."""
    paths = ["trait.sigma", "deterrence.listing_step", "norms.household", "norms.district", "lists.asks_repair"]
    paths += [f"conduct.{word}.rate" for word in rng.sample(sorted(assumed["conduct"]), 8)]
    paths += ["redress.appeals_wrong", "redress.file_mean_days", "redress.found_wrong.person", "redress.goes_on"]
    paths += ["services.learning.first_tries", "services.demand.flights.rate", "services.hardship_lifted"]
    paths += ["services.rivals.vehicle_plate.capacity", "services.rivals.public_housing.patience_weeks"]
    paths += ["spillover.reach.child", "lists.holders_mean_days", "redress.objects_right"]
    paths += ["profiles.debtors.strength", "recording.provenance.sensor.lost", "payers.daily.fast", "enrolment.consent"]
    found = {}
    for path in rng.sample(paths, 15):
        item: Any = assumed
        for step in path.split("."):
            item = item[step]
        low, high = item["range"]
        found[path] = rng.choice((low, high, min(max(round(rng.uniform(low, high), 5), low), high)))
    return found


def _deterrence(rng: Random, data: dict[str, Any]) -> None:
    for family in data["families"].values():
        number(rng, family["deterrence"], 0.02, 0.3, 3)
        number(rng, family["law_step"], 5, 60, 1)
        number(rng, family["policy_step"], 5, 60, 1)
        family["norms"] = rng.random() < 0.8
    number(rng, data["deterrence"]["weekly_decay"], 0.02, 0.3)
    number(rng, data["deterrence"]["listing_step"], 10, 80, 1)
    norms = data["norms"]
    for name in ("household", "workplace", "district"):
        number(rng, norms[name], 0, 0.3)
    number(rng, norms["household_weekly_decay"], 0.05, 0.5)
    number(rng, norms["workplace_reference"], 1000, 9000, 1)
    number(rng, norms["district_reference"], 20_000, 200_000, 1)


def _recording(rng: Random, data: dict[str, Any], feeds: list[str]) -> None:
    recording = data["recording"]
    for kind in recording["provenance"].values():
        number(rng, kind["completeness"], 0.6, 1)
        number(rng, kind["delay_mean_days"], 1, rng.choice((3, 8, 25)), 1)
        for name in ERRORS:
            number(rng, kind[name], 0, 0.15)
        number(rng, kind["invented"], 0, 0.2)
    for key in recording["linkage"].values():
        number(rng, key["by_name_alone"], 0, 0.25)
    named = [name for name in recording["intensity"] if rng.random() < 0.9]  # where not named: 1
    recording["intensity"] = {name: recording["intensity"][name] for name in named}
    for item in recording["intensity"].values():
        number(rng, item, 0.5, 1.4, 2)
    usual = recording["provenance"]["sensor"]
    names = ("completeness", "delay_mean_days", "lost", "duplicate", "invented")
    known: dict[str, Any] = {name: deepcopy(usual[name]) for name in names if rng.random() < 0.5}
    if rng.random() < 0.5:
        known["intensity"] = deepcopy(next(iter(recording["intensity"].values())))
    recording["feeds"] = {rng.choice(feeds): known}


def _debts(rng: Random, data: dict[str, Any]) -> None:
    payers = data["payers"]
    for fifth in payers["fast"]:
        number(rng, payers["fast"][fifth], 0.1, 0.4)
        number(rng, payers["slow"][fifth], 0.2, 0.5)
    number(rng, payers["daily"]["fast"], 0.05, 0.3)
    number(rng, payers["daily"]["slow"], 0.01, 0.05)
    for name, debt in data["debts"].items():
        if name not in OF_MACHINES:
            number(rng, debt["speed"], 0.5, 4, 2)


def _lists(rng: Random, lists: dict[str, Any]) -> None:
    for name, low, high, digits in (
        ("ability_found", 0.3, 0.9, 3),
        ("ability_false", 0.05, 0.4, 3),
        ("asks_repair", 0.4, 1, 3),
        ("repair_granted", 0.4, 1, 3),
        ("repair_answer_days", 1, 9, 1),
        ("deletion_mean_days", 1, 6, 1),
        ("holders_mean_days", 1, 9, 1),
    ):
        number(rng, lists[name], low, high, digits)


def _services(rng: Random, data: dict[str, Any], policy: dict[str, Any], start: date, days: int) -> None:
    """Nearly a need a week, all of services that the policy speaks of."""
    services = data["services"]
    used = sorted({item["service"] for item in policy["measures"].values()})
    for name, need in services["demand"].items():
        if name in used:
            need["profile"] = "everybody"
            narrow(rng, need["rate"], 20 / len(used), 28 / len(used), 3)
        else:
            number(rng, need["rate"], 0.001, 0.004)
    chosen = services["demand"][rng.choice(used)]
    chosen["profile"] = "the_sick"
    number(rng, chosen["rate"], 0.3, 0.5)
    learning = services["learning"]
    number(rng, learning["first_tries"], 2, rng.choice((5, 60)), 1)
    number(rng, learning["later_tries"], 1, 4, 1)
    number(rng, learning["avoids"], 0.2, 0.7)
    number(rng, learning["floor"], 0.1, 0.4)
    number(rng, services["hardship_lifted"], 0.2, 0.8)
    number(rng, services["minimum_kept"], 0.2, 0.8)
    factor, at = {**data["trait"]["sigma"], "unit": "ratio"}, start + timedelta(days=rng.randrange(days))
    number(rng, factor, 0.3, 1.2, 2)
    season = {"starts_on": at, "ends_before": at + timedelta(days=rng.randrange(4, days)), "factor": factor}
    _rivals(rng, services["rivals"])
    services["seasons"] = {"shut": {**season, "services": tuple(rng.sample(used, 2))}} if rng.random() < 0.6 else {}


def _rivals(rng: Random, lines: dict[str, Any]) -> None:
    """Queues that are long now and then, and short patience."""
    for line in lines.values():
        number(rng, line["capacity"], *rng.choice(((0.2, 0.6), (0.7, 1.05), (1.2, 2))))
        number(rng, line["patience_weeks"], 0, rng.choice((1, 3, 6)), 1)


def _redress(rng: Random, redress: dict[str, Any]) -> None:
    for name, low, high, digits in (
        ("notice_reaches", 0.4, 0.9, 3),
        ("notice_after_days", 1, 6, 1),
        ("appeals_wrong", 0.5, 1, 3),
        ("appeals_right", 0.3, 0.9, 3),
        ("file_mean_days", 1, 6, 1),
        ("staff_per_100k", 50, 400, 1),
        ("cases_a_staff_day", 1, 15, 2),
        ("goes_on", 0.6, 1, 3),
        ("removal_days", 0, 4, 1),
        ("objects_wrong", 0.5, 1, 3),
        ("objects_right", 0.3, 0.9, 3),
        ("objection_found", 0.4, 0.9, 3),
        ("objection_false", 0.2, 0.7, 3),
    ):
        number(rng, redress[name], low, high, digits)
    for proof in ("person", "authority"):
        number(rng, redress["found_wrong"][proof], 0.4, 0.8, 3)
        number(rng, redress["voids_right"][proof], 0.2, 0.6, 3)


def _speech(rng: Random, speech: dict[str, Any]) -> None:
    for name, low, high, digits in (
        ("mean", 15, 45, 2),
        ("sd", 20, 40, 2),
        ("weight", 0.3, 2, 3),
        ("fade", 0.75, 0.97, 3),
        ("per_removal", 0.0005, 0.003, 5),
        ("per_record", 0, 0.0012, 5),
        ("whisper", 0.1, 0.8, 3),
        ("appeals_whisper", 0.2, 0.8, 3),
        ("error", 0.1, 0.8, 3),
        ("has_account", 0.5, 0.95, 3),
        ("returns_weekly", 0, 0.4, 3),
    ):
        number(rng, speech[name], low, high, digits)
    speech["mode"] = rng.choice(("uniform", "accusation"))


def _calendar(rng: Random, start: date, days: int, families: list[str], like: dict[str, Any]) -> dict[str, Any]:
    """Seasons of which at most one at a time makes anything more frequent."""
    found, day = {}, start - timedelta(days=5)
    for name, (low, high) in (("festival", (1, 2)), ("heat", (0.3, 0.9)), ("market", (0.5, 1.5))):
        end = day + timedelta(days=rng.randrange(7, days))
        factor = {**like, "unit": "ratio"}
        number(rng, factor, low, high, 2)
        chosen = rng.sample(families, rng.randrange(1, 5))
        found[name] = {"starts_on": day, "ends_before": end, "families": tuple(chosen), "factor": factor}
        day = end
    return {name: item for name, item in found.items() if rng.random() < 0.7}
