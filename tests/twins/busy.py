"""A small policy under which a lot happens, and assumptions in which channels between residents can be shut."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

import yaml

from vitropolis.city import City, build_city, load_tables
from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import Policy, load_text

START = date(2019, 3, 4)
CHANNELS = ("household", "employer", "district mood", "false match")
STRENGTHS = {"household": "household", "employer": "workplace", "district mood": "district"}
NEVER_DONE = "brave_act"
Plain = dict[str, Any]

TEXT = """
schema_version: 1
policy: {id: busy, title: a lot happens, as_of: 2019-01-01}
population:
  natural_persons: true
  legal_entities: false
  enrolment: {mode: mandatory, ramp: {2019-01-01: 0.3, 2019-04-20: 1.0}}
departments: {office: {title: an office}}
feeds:
  cameras: {department: office, context: transport, provenance: sensor, linkage_key: name}
  courts: {department: office, context: justice, provenance: final_decision, linkage_key: name}
  neighbours: {department: office, context: neighbourhood, provenance: informant, linkage_key: name}
behaviours:
  passage:
    {feed: cameras, conduct: [traffic_minor, fare_dodging], kind: unlawful_act, gravity: 1, points: {main: -15},
     max_counted: 3, life: {kind: half_life, days: 20}}
  road:
    {feed: courts, conduct: [traffic_minor, drunk_driving], kind: unlawful_act, gravity: 2, points: {main: -10}}
  debts:
    {feed: courts, conduct: [loan_overdue, fine_unpaid], kind: contract_breach, gravity: 1, points: {main: -20},
     life: {kind: until_settled}}
  crime:
    {feed: courts, conduct: [theft, assault], kind: unlawful_act, gravity: 3, points: {main: -40},
     life: {kind: expires, after_days: 60}}
  rumour: {feed: neighbours, conduct: [online_rumour], kind: unlawful_act, gravity: 1, points: {main: -10}}
  deeds:
    {feed: neighbours, conduct: [volunteering, charity_gift], kind: virtue, gravity: 0, points: {main: 10},
     max_counted: 4}
  bravery: {feed: neighbours, conduct: [brave_act], kind: virtue, gravity: 0, points: {main: 30}}
  noted: {feed: neighbours, conduct: [complaint_filed], kind: petition, gravity: 0}
scores:
  main:
    start: 100
    range: [0, 150]
    trustworthy_from: b
    bands: {a: {lower: 110}, b: {lower: 80}, c: {lower: 40}, d: {lower: 0}}
lists:
  bad:
    polarity: black
    context: justice
    trigger:
      kind: any_of
      of:
        - {kind: band, score: main, bands: [d]}
        - {kind: records, behaviours: [crime], count: 2, within_days: 30}
    term_days: 40
    exit: {auto_expiry: true, on_compliance: true}
    band_ceiling: {main: c}
  owes:
    polarity: black
    context: justice
    trigger: {kind: records, behaviours: [debts]}
    term_days: null
    grace_days: 4
    exit: {auto_expiry: false, on_compliance: true, repair_after_days: 9, response_days: 3}
  good:
    polarity: red
    context: justice
    trigger: {kind: band, score: main, bands: [a]}
    term_days: 30
    exit: {auto_expiry: true}
measures:
  no_flights: {trigger: {kind: listed, lists: [bad]}, action: {kind: deny}, service: flights}
retention: {adverse_days: 50, counted_from: event}
"""
RANKED = {
    "polarity": "red",
    "context": "justice",
    "trigger": {"kind": "rank", "score": "main", "end": "best", "share": 0.1},
    "term_days": 20,
    "exit": {"auto_expiry": True},
}


def busy_data(rank: bool = False) -> Plain:
    """The policy as plain data; with `rank` a list of the best tenth."""
    data: Plain = yaml.safe_load(TEXT)
    if rank:
        data["lists"]["best"] = dict(RANKED)
    return data


def made(data: Plain) -> Policy:
    """A policy from plain data, checked like a file."""
    return load_text(yaml.dump(data, sort_keys=False, Dumper=_Whole))


class _Whole(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


@cache
def _default() -> Plain:
    return load_assumptions("default").model_dump()


def put(item: Plain, value: float, low: float | None = None, high: float | None = None) -> None:
    item["value"], item["range"] = value, (value if low is None else low, value if high is None else high)


def raised(channels: tuple[str, ...] = CHANNELS, each: float = 4.0) -> Plain:
    """Assumptions as plain data: each word of `TEXT` about `each` times a person and year, channels open or shut."""
    data = deepcopy(_default())
    used = {word for item in busy_data()["behaviours"].values() for word in item["conduct"]}
    for word, item in data["conduct"].items():
        if word in used - {NEVER_DONE}:
            put(item["rate"], each, 0.5 * each, 1.5 * each)
            put(item["visibility"], 0.9)
    put(data["conduct"][NEVER_DONE]["rate"], 0.0, 0.0, 1.0)
    for name, strength in STRENGTHS.items():
        put(data["norms"][strength], 0.9 if name in channels else 0.0, 0.0, 1.0)
    put(data["norms"]["district_reference"], 60_000.0)  # so high that levels lie between their ends
    put(data["norms"]["workplace_reference"], 4000.0)
    for family in data["families"].values():
        put(family["deterrence"], 0.5, 0.0, 1.0)
    _shut_others(data)
    for key in data["recording"]["linkage"].values():
        put(key["by_name_alone"], 0.2 if "false match" in channels else 0.0, 0.0, 0.3)
    return data


def _shut_others(data: Plain) -> None:
    """Ways on which these tests do not follow anybody: what is seen at home and work, trust, speech."""
    for family in data["families"].values():
        for step in ("household_step", "workplace_step"):
            put(family[step], 0.0)
    for name in ("household_step", "workplace_records", "mistaken_for_listed"):
        put(data["publicity"][name], 0.0)
    for name in ("lost_wrong", "lost_refused"):
        put(data["adaptation"]["trust"][name], 0.0)
    for name in ("per_removal", "per_record", "weight"):
        put(data["speech"][name], 0.0)
    put(data["work"]["pass_through"], 0.0)


@cache
def held(channels: tuple[str, ...] = CHANNELS, each: float = 4.0) -> Assumptions:
    """The same, checked."""
    return Assumptions.model_validate(raised(channels, each))


@cache
def city_of(residents: int) -> City:
    """A small Beijing, built once a process."""
    return build_city(load_tables("beijing"), residents, 5, threads=1, cache=False)


def plan_of(worlds: list[tuple[Policy, Assumptions]], days: int = 70, seed: int = 11) -> Plan:
    """Worlds, from `START` on."""
    return Plan(tuple(World(f"world {n}", *pair) for n, pair in enumerate(worlds)), START, days, seed)
