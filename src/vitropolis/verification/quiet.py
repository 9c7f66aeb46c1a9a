"""A world in which nothing happens but what is asked for: the ground on which known answers can be met exactly.

Everybody is alike (no profile, no trait), nobody is deterred or carried along, every act is recorded the day after,
and no record is wrong, until a case says otherwise. Built from the structure of the default assumptions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import yaml

from vitropolis.city import City, build_city, load_tables
from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import Policy, load_text

START = date(2019, 1, 7)
YEAR = 365  # days: rates are acts a person and year
Plain = dict[str, Any]


@dataclass(frozen=True)
class Word:
    """How a word happens: chance of each day, its upper end (default: the chance), what a slip makes of it."""

    daily: float
    top: float | None = None
    mistaken_for: str | None = None


def put(item: Plain, value: float, low: float | None = None, high: float | None = None) -> None:
    """Give a number a value and a range round it (default: the value alone)."""
    item["value"] = value
    item["range"] = (value if low is None else low, value if high is None else high)


@cache
def _default() -> Plain:
    return load_assumptions("default").model_dump()


def quiet(words: Mapping[str, Word]) -> Plain:
    """Assumptions, as plain data, under which only `words` happen, to everybody alike, recorded at once and truly."""
    data = deepcopy(_default())
    for name, item in data["conduct"].items():
        word = words.get(name, Word(0.0))
        top = word.daily if word.top is None else word.top
        put(item["rate"], word.daily * YEAR, 0.0, top * YEAR)
        put(item["visibility"], 1.0)
        item |= {"profile": "adults", "mistaken_for": word.mistaken_for, "debt": None}
    for profile in data["profiles"].values():
        put(profile["strength"], 1.0)
    whole = data["profiles"]["adults"]
    for axis in ("age", "sex", "registration", "education", "income"):
        whole[axis] = tuple(1.0 for _ in whole[axis])
    _feelings(data)
    _offices(data)
    return data


def _feelings(data: Plain) -> None:
    put(data["trait"]["sigma"], 0.0)
    for family in data["families"].values():
        for name in ("deterrence", "law_step", "policy_step", "household_step", "workplace_step"):
            put(family[name], 0.0)
    put(data["deterrence"]["listing_step"], 0.0)
    _adaptation(data)
    for name in ("household", "workplace", "district"):
        put(data["norms"][name], 0.0)
    put(data["speech"]["weight"], 0.0)
    for name in ("whisper", "appeals_whisper"):
        put(data["speech"][name], 1.0)


def _adaptation(data: Plain) -> None:
    """Clerks do as is written and see nothing, nobody sees a published list, nobody adapts."""
    for section in (data["clerks"], data["publicity"], data["adaptation"]["trust"]):
        for item in section.values():
            put(item, 0.0)
    for name in ("gaming", "crowding", "leaves_weekly"):
        put(data["adaptation"][name], 0.0)
    for name in ("orders_lost_listed", "rep_listed", "pass_through", "screening"):
        put(data["work"][name], 0.0)
    put(data["work"]["jobless"], 1.0)


def _offices(data: Plain) -> None:
    recording = data["recording"]
    for kind in recording["provenance"].values():
        put(kind["completeness"], 1.0)
        put(kind["delay_mean_days"], 1.0)
        for name in ("lost", "wrong_content", "duplicate", "stale", "invented"):
            put(kind[name], 0.0)
    for key in recording["linkage"].values():
        put(key["by_name_alone"], 0.0)
    for row in recording["findings"].values():
        put(row["false_difference"], 0.0)
    recording["intensity"] = {}
    put(data["lists"]["deletion_mean_days"], 1.0)
    _firms(data["firms"])


def _firms(firms: Plain) -> None:
    """Firms that never break a rule and are never inspected."""
    inspections = firms["inspections"]
    for item in (firms["acts_violating"], firms["acts_complying"], firms["settled_daily"], firms["clean_year"]):
        put(item, 0.0)
    for name in ("weekly", "passes", "found_wrongly", "noticed_otherwise"):
        put(inspections[name], 0.0)
    put(inspections["release"], 1.0)
    put(inspections["delay_mean_days"], 1.0)
    put(firms["compliance"]["cost_sigma"], 0.0)


def feed_error(
    data: Plain, feed: str, name: str, value: float, low: float | None = None, high: float | None = None
) -> None:
    """Say of one feed how complete or wrong it is."""
    item = dict(data["lists"]["ability_found"])  # any share, for its source and status
    put(item, value, low, high)
    data["recording"]["feeds"].setdefault(feed, {})[name] = item


def assumed(data: Plain) -> Assumptions:
    """Check plain data."""
    return Assumptions.model_validate(data)


def policy(feeds: Iterable[str], /, **sections: Any) -> Policy:
    """A policy of everybody from long ago on; `feeds` are final decisions found by the identity number."""
    feed = {"department": "office", "context": "justice", "provenance": "final_decision", "linkage_key": "national_id"}
    data: Plain = {
        "schema_version": 1,
        "policy": {"id": "known-answer", "title": "a known answer", "as_of": START},
        "population": {
            "natural_persons": True,
            "legal_entities": False,
            "enrolment": {"mode": "mandatory", "ramp": {date(2018, 1, 1): 1.0}},
        },
        "departments": {"office": {"title": "an office"}},
        "feeds": {name: dict(feed) for name in feeds},
        **sections,
    }
    return load_text(yaml.dump(data, sort_keys=False, Dumper=_Whole))


class _Whole(yaml.SafeDumper):
    """Writes what is used twice twice: a policy file has no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never an alias."""
        return True


def behaviour(feed: str, *words: str, **more: Any) -> Plain:
    """A behaviour that costs nothing by itself."""
    return {
        "feed": feed,
        "conduct": list(words),
        "kind": "unlawful_act",
        "gravity": 1,
        "life": {"kind": "forever"},
        **more,
    }


def black_list(*names: str) -> Plain:
    """A black list without end for one live record of these behaviours."""
    trigger = {"kind": "records", "behaviours": list(names)}
    return {"polarity": "black", "context": "justice", "trigger": trigger, "term_days": None}


def plan_of(worlds: Iterable[tuple[str, Policy, Assumptions]], days: int, seed: int) -> Plan:
    """What is played, from `START` on."""
    return Plan(tuple(World(name, text, held) for name, text, held in worlds), START, days, seed)


@cache
def city_of(residents: int, seed: int = 1) -> City:
    """The library's Beijing at some size, built once a process."""
    return build_city(load_tables("beijing"), residents, seed)
