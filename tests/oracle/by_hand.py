"""Days that can be worked by hand: nobody does anything, every share is 0 or 1, what happens is what a test sends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, TypeVar

from tests.oracle.cities import seen
from tests.oracle.look import Standing
from tests.oracle.play import Run
from tests.oracle.records import UNSETTLED, Record
from tests.oracle.scenarios import loaded

from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.policy.words import PERSON_WORDS

START = date(2020, 1, 1)
RIGHT, MISATTRIBUTED, STALE = 0, 1, 4
WHO = 500
HERE = seen(1000, 0).district[WHO]  # the only district that takes part: fewer to look at
NEIGHBOURS = [who for who, district in enumerate(seen(1000, 0).district) if district == HERE]
T = TypeVar("T")

SURE: dict[str, float] = {
    "lists.asks_repair": 1,
    "lists.repair_granted": 1,
    "lists.deletion_mean_days": 1,
    "lists.holders_mean_days": 1,
    "redress.notice_reaches": 1,
    "redress.notice_after_days": 3,
    "redress.appeals_wrong": 1,
    "redress.appeals_right": 1,
    "redress.file_mean_days": 1,
    "redress.staff_per_100k": 1000,
    "redress.cases_a_staff_day": 50,
    "redress.found_wrong.person": 1,
    "redress.found_wrong.authority": 1,
    "redress.voids_right.person": 0,
    "redress.voids_right.authority": 0,
    "redress.goes_on": 0,
    "redress.removal_days": 0,
    "redress.objects_wrong": 1,
    "redress.objects_right": 1,
    "redress.objection_found": 1,
    "redress.objection_false": 0,
    "spillover.reach.spouse": 1,
    "spillover.reach.child": 1,
    "spillover.reach.parent": 1,
    "spillover.reach.household": 1,
    "services.learning.first_tries": 1,
    "services.learning.later_tries": 1,
    "services.learning.avoids": 0,
    "services.learning.floor": 0,
    "services.hardship_lifted": 1,
    "services.minimum_kept": 0,
    "services.deposit_short": 0,
}


def quiet(other: dict[str, float] | None = None) -> Assumptions:
    """`other` values by dotted path; every value is its own range. Everybody needs a flight nearly every week."""
    return _quiet(tuple((other or {}).items()))


@cache
def _quiet(other: tuple[tuple[str, float], ...]) -> Assumptions:
    data = load_assumptions("default").model_dump()
    rates = {f"conduct.{word}.rate": 0.0 for word in data["conduct"]}
    rates |= {f"services.demand.{service}.rate": 0.0 for service in data["services"]["demand"]}
    rates["services.demand.flights.rate"] = 52
    for path, value in {**rates, **SURE, **dict(other)}.items():
        item: Any = data
        for step in path.split("."):
            item = item[step]
        item |= {"value": value, "range": (value, value)}
    data["services"]["demand"]["flights"]["profile"] = "everybody"
    data["redress"]["profile"] = "everybody"
    return Assumptions.model_validate(data)


def policy(behaviour: dict[str, Any], lists: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Three behaviours `act`, `plea` and `debt` alike but for their conduct, a score `main` and black lists."""
    bands = {"a": {"lower": 90}, "b": {"lower": 50}, "c": {"lower": 0}}
    usual = {"feed": "feed", "conduct": ["traffic_minor"], "kind": "unlawful_act", "gravity": 1}
    return {
        "schema_version": 1,
        "policy": {"id": "text", "title": "by hand", "as_of": START},
        "population": {
            "natural_persons": True,
            "legal_entities": False,
            "only_areas": [seen(1000, 0).district_names[HERE]],
            "enrolment": {"mode": "mandatory", "ramp": {START: 1}},
        },
        "departments": {"office": {}},
        "feeds": {"feed": {"department": "office", "context": "transport", "provenance": "sensor"}},
        "behaviours": {
            "act": {**usual, **behaviour},
            "plea": {**usual, **behaviour, "conduct": ["petition_filed"], "kind": "petition", "gravity": 0},
            "debt": {**usual, **behaviour, "conduct": ["fine_unpaid"]},
        },
        "scores": {"main": {"start": 100, "range": [0, 120], "bands": bands, "trustworthy_from": "b"}},
        "lists": {
            name: {"polarity": "black", "context": "transport", "term_days": 5, **item}
            for name, item in (lists or {}).items()
        },
        **more,
    }


ON_RECORD = {"bad": {"trigger": {"kind": "records", "behaviours": ["act", "plea"]}}}


def deny(service: str = "flights", **more: Any) -> dict[str, Any]:
    """A measure against whoever is on the list `bad`."""
    return {"trigger": {"kind": "listed", "lists": ["bad"]}, "action": {"kind": "deny"}, "service": service, **more}


def ready(data: dict[str, Any], days: int, other: dict[str, float] | None = None, *beside: dict[str, Any]) -> Run:
    """`beside`: policies of other worlds."""
    worlds = [(loaded(each), quiet(other)) for each in (data, *beside)]
    return Run(seen(1000, 0), worlds, 1, START, days)


def send(
    run: Run, act: int, name: str = "act", truth: int = RIGHT, wait: int = UNSETTLED, who: int = WHO, delay: int = 1
) -> Record:
    word = PERSON_WORDS.index(run.worlds[0].policy.behaviours[name].conduct[0])
    kind = run.kinds.lowest(word, 0, name)
    record = Record(kind.place, word, truth, (1 << len(run.worlds)) - 1, act, delay, wait)
    run.due[act + delay].append((who, record))
    return record


def each_day(run: Run, days: int, read: Callable[[Standing], T], who: int = WHO) -> list[T]:
    """What a reader makes of one resident's standing after each of the first days."""
    found = []
    for day in range(days):
        run.play(day)
        found.append(read(run.worlds[0].standings[who]))
    return found


def days_of(found: list[bool]) -> list[int]:
    """The days on which something holds."""
    return [day for day, holds in enumerate(found) if holds]
