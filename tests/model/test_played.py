"""What a run does not play of a policy, which channels stand open, and what it takes where a text is silent."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
import yaml

from vitropolis.engine.played import open_channels, parts_not_played
from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import Policy, Taken, library, load_policy, load_text
from vitropolis.policy.defaults import NUMBERS, WORDS

DAY = date(2021, 6, 1)
BASE = yaml.safe_load("""
schema_version: 1
policy: {id: x, title: a small policy, as_of: 2021-01-01}
population: {natural_persons: true, legal_entities: false, enrolment: {mode: mandatory, ramp: {2021-01-01: 1}}}
departments: {office: {title: an office}}
feeds:
  gates: {department: office, context: transport, provenance: verified_record, linkage_key: national_id}
  firms: {department: office, context: market_regulation, about: firm, provenance: final_decision, linkage_key: firm_id}
behaviours:
  fares: {feed: gates, conduct: [fare_dodging], kind: contract_breach, gravity: 1, points: {credit: -10}}
  dirt: {feed: firms, conduct: [firm_pollution], kind: unlawful_act, gravity: 3, points: {corporate: -50}}
scores:
  credit: {start: 1000, range: [0, 1200], bands: {good: {lower: 960}, poor: {lower: 0}}}
  corporate: {subject: firm, start: 100, range: [0, 100], bands: {fine: {lower: 60}, bad: {lower: 0}}}
lists:
  black: {polarity: black, context: transport, trigger: {kind: band, score: credit, bands: [poor]}, term_days: 365}
  firm_black:
    {polarity: black, subject: firm, context: environment, term_days: null,
     trigger: {kind: records, behaviours: [dirt]}}
measures:
  no_flights: {trigger: {kind: listed, lists: [black]}, action: {kind: deny}, service: flights}
""")
LISTED = {"kind": "listed", "lists": ["black"]}
FIRM_TRIGGERS = {
    "listed": {"kind": "listed", "lists": ["firm_black"]},
    "band": {"kind": "band", "score": "corporate", "bands": ["bad"]},
    "score": {"kind": "score", "score": "corporate", "below": 50},
    "records": {"kind": "any_of", "of": [{"kind": "records", "behaviours": ["dirt"]}]},
}


def policy(**sections: Mapping[str, Any]) -> Policy:
    """The small policy with entries added to its sections."""
    data = deepcopy(BASE)
    for section, entries in sections.items():
        data[section] = {**data.get(section, {}), **entries}
    return load_text(yaml.safe_dump(data, sort_keys=False), "x.policy.yaml")


def waiting(**sections: Mapping[str, Any]) -> list[str]:
    """What the entries add to the parts that are not played."""
    usual = parts_not_played(policy())
    return [line for line in parts_not_played(policy(**sections)) if line not in usual]


def measure(action: Any, service: str = "flights", trigger: Any = None, **more: Any) -> dict[str, Any]:
    return {"m": {"trigger": trigger or LISTED, "action": action, "service": service, **more}}


def quiet(**moved: float) -> Assumptions:
    """The default set without the channels that are open in every city, and with other values."""
    data = load_assumptions("default").model_dump()
    for part in ("household", "workplace", "district"):
        data["norms"][part].update(value=0.0, range=(0.0, 0.1))
    for family in data["families"].values():
        for part in ("household_step", "workplace_step"):
            family[part].update(value=0.0)
    for part in data["publicity"].values():
        part.update(value=0.0)
    for part in ("lost_wrong", "lost_refused"):
        data["adaptation"]["trust"][part].update(value=0.0)
    for key in data["recording"]["linkage"].values():
        key["by_name_alone"].update(value=0.0, range=(0.0, 0.1))
    for path, value in moved.items():
        place = data
        for step in path.split("__"):
            place = place[step]
        place.update(value=value, range=(0.0, 1.0))
    return Assumptions.model_validate(data)


def channels(assumptions: Assumptions, **sections: Mapping[str, Any]) -> list[str]:
    world = World("w", policy(**sections), assumptions)
    return open_channels(Plan((world,), DAY, 7, 1))


@pytest.mark.parametrize(
    "action",
    [
        {"kind": "deny"},
        {"kind": "withdraw"},
        {"kind": "restrict", "kept_share": 0.5},
        {"kind": "price", "factor": 2},
        {"kind": "delay", "days": 5},
        {"kind": "honour"},
    ],
)
def test_measures_of_persons_are_played(action: Any) -> None:
    assert waiting(measures=measure(action)) == []


def test_measures_that_move_people_in_a_queue_are_played_and_open_a_channel() -> None:
    rival = measure({"kind": "priority", "place": "last"}, "hospital_appointment")
    assert waiting(measures=rival) == []
    assert channels(quiet(), measures=rival) == ["own record", "places in queues"]


def test_inspections_of_persons_wait() -> None:
    assert waiting(measures=measure({"kind": "inspect", "times_usual": 2})) == ["measures.m: waits for inspections"]


def test_measures_on_services_of_firms_are_played() -> None:
    assert waiting(measures=measure({"kind": "deny"}, "public_procurement", FIRM_TRIGGERS["listed"])) == []


@pytest.mark.parametrize("leaf", FIRM_TRIGGERS)
def test_measures_triggered_by_firms_are_played(leaf: str) -> None:
    assert waiting(measures=measure({"kind": "deny"}, "flights", FIRM_TRIGGERS[leaf])) == []


def test_decisions_of_clerks_are_played() -> None:
    assert waiting(measures=measure({"kind": "deny"}, decided_by="human")) == []
    data = {**BASE["lists"]["black"], "decided_by": "hybrid", "publication": {"public": True, "fields": ["name"]}}
    assert waiting(lists={"black": data}) == []
    chosen = {**BASE["behaviours"]["fares"], "discretion_range": {"credit": [-20, -5]}}
    assert waiting(behaviours={"fares": chosen}) == []


SPILLS = [
    ({"kind": "measure", "measure": "no_flights"}, "spouse", None),
    ({"kind": "measure", "measure": "no_flights"}, "child", None),
    ({"kind": "listing", "list": "black"}, "parent", None),
    ({"kind": "listing", "list": "black"}, "household", None),
    ({"kind": "points", "score": "credit"}, "spouse", "points that go over"),
    ({"kind": "points", "score": "credit"}, "friend", "ties outside the home"),
    ({"kind": "measure", "measure": "no_flights"}, "friend", "ties outside the home"),
    ({"kind": "measure", "measure": "no_flights"}, "guarantor", "ties outside the home"),
    ({"kind": "listing", "list": "firm_black"}, "legal_rep", None),
    ({"kind": "points", "score": "corporate"}, "shareholder", "firms"),
]


@pytest.mark.parametrize(("carries", "to", "mechanism"), SPILLS)
def test_spill_over_in_the_household_is_played(carries: Any, to: str, mechanism: str | None) -> None:
    found = waiting(spillover={"s": {"carries": carries, "to": to}})
    assert found == ([f"spillover.s: waits for {mechanism}"] if mechanism else [])


def test_redress_is_played_with_its_clerks_and_promises() -> None:
    procedure = {
        "notice": {"when": "before", "before_days": 30},
        "objection": {"available": True, "days": 10},
        "human_review": {"available": True},
        "appeal": {"available": True, "window_days": 60, "decision_days": 30, "levels": 2},
        "correction": {"removal_days": 3, "propagates_within_days": 5, "response_days": 15, "flag_dispute": True},
    }
    assert waiting(procedure=procedure) == []


def test_nothing_of_an_exit_waits() -> None:
    exit_ = {"on_compliance": True, "compliance_days": 3, "propagates_within_days": 5, "fee_yuan": 100}
    data = {**BASE["lists"]["black"], "exit": {**exit_, "needs_services": ["service_counter"]}}
    assert waiting(lists={"black": data}) == []
    assert waiting(retention={"adverse_days": 100, "after_exit_days": 5}) == []


@pytest.mark.parametrize("name", library())
def test_of_the_library_every_part_of_every_policy_is_played(name: str) -> None:
    assert parts_not_played(load_policy(name)) == []


@pytest.mark.parametrize("filling", ["lenient", "middle", "harsh"])
def test_no_filling_of_the_press_policy_waits_for_clerks_publicity_or_keeping(filling: str) -> None:
    from vitropolis.engine.scenario import resolve, scenario_for

    found = parts_not_played(resolve(scenario_for("beijing-2018-press", filling=filling)).policies[0])
    words = ("discretion_range", "decided_by", "human_review", "publication", "_days", "fee_yuan")
    assert not [line for line in found if line.partition(": ")[0].endswith(words)]


def test_the_press_policy_plays_its_measures_of_persons_and_its_ties_at_home() -> None:
    found = parts_not_played(load_policy("beijing-2018-press"))
    assert not [line for line in found if line.startswith(("measures.no_flights", "spillover.child", "procedure.app"))]
    assert not [line for line in found if line.endswith((": waits for services", ": waits for spill-over"))]
    assert not [line for line in found if line.startswith("measures.hospital_behind")]
    assert not [line for line in found if line.startswith("spillover.firm_to_legal_rep")]


def test_a_household_is_a_channel_where_something_is_carried_to_relatives_that_are_known() -> None:
    spill = {"s": {"carries": {"kind": "measure", "measure": "no_flights"}, "to": "child"}}
    assert channels(quiet()) == ["own record"]
    assert channels(quiet(), spillover=spill) == ["own record", "household"]
    assert channels(quiet(spillover__reach__child=0.0), spillover=spill) == ["own record"]
    assert channels(quiet(), spillover={"s": {**spill["s"], "to": "friend"}}) == ["own record"]


PUBLISHED = {**BASE["lists"]["black"], "publication": {"public": True, "fields": ["name", "reason"]}}


@pytest.mark.parametrize(
    ("moved", "sections", "open_"),
    [
        ({"families__traffic__household_step": 1.0}, {}, ["household"]),
        ({"families__traffic__workplace_step": 1.0}, {}, ["employer"]),
        ({"publicity__household_step": 1.0}, {}, []),
        ({"publicity__household_step": 1.0}, {"lists": {"black": PUBLISHED}}, ["household"]),
        ({"publicity__workplace_records": 1.0}, {"lists": {"black": PUBLISHED}}, ["employer"]),
        ({"publicity__mistaken_for_listed": 0.1}, {"lists": {"black": PUBLISHED}}, ["published name"]),
        ({"adaptation__trust__lost_wrong": 0.1}, {}, ["trust"]),
    ],
)
def test_others_feel_records_and_published_lists(moved: Any, sections: Any, open_: list[str]) -> None:
    assert channels(quiet(**moved), **sections) == ["own record", *open_]


APPEAL = {"appeal": {"available": {date(2021, 1, 1): False, date(2022, 1, 1): True}}}


@pytest.mark.parametrize(
    ("procedure", "open_"),
    [
        ({"appeal": {"available": True}}, True),
        (APPEAL, True),
        ({"appeal": {"available": False}}, False),
        ({"appeal": {"available": "unknown"}}, False),
        ({"correction": {"free": True}}, True),
        ({"objection": {"available": True, "days": 5}}, False),
    ],
)
def test_the_queue_of_appeals_is_a_channel_where_redress_is_open(procedure: Any, open_: bool) -> None:
    assert channels(quiet(), procedure=procedure) == ["own record", *(["appeals queue"] if open_ else [])]


def test_where_nobody_appeals_there_is_no_queue() -> None:
    silent = quiet(redress__appeals_wrong=0.0, redress__appeals_right=0.0)
    assert channels(silent, procedure={"appeal": {"available": True}}) == ["own record"]


def test_a_measure_by_rank_opens_the_rank() -> None:
    rank = {"kind": "rank", "score": "credit", "end": "worst", "share": 0.01}
    assert channels(quiet(), measures=measure({"kind": "deny"}, trigger=rank)) == ["own record", "rank"]


def test_what_is_taken_of_redress_where_the_policy_is_silent() -> None:
    assert (WORDS["when"], WORDS["burden_of_proof"], WORDS["if_late"]) == ("none", "person", "waits")
    absent = ("before_days", "days", "window_days", "decision_days", "after_exit_days", "fixed_days", "weight")
    assert [NUMBERS[name] for name in absent] == [0, 0, None, None, 0, None, 1.0]
    taken = Taken()
    assert taken.number("procedure.notice.before_days", None, DAY) == 0
    assert taken.days("procedure.appeal.window_days", None, DAY) is None
    assert taken.days("procedure.objection.days", None, DAY) == 0
    assert taken.lines() == [
        "procedure.appeal.window_days: null (absent)",
        "procedure.notice.before_days: 0 (absent)",
        "procedure.objection.days: 0 (absent)",
    ]


def test_staff_and_removal_come_from_the_assumptions_where_the_policy_has_no_number() -> None:
    held = policy(procedure={"appeal": {"available": True, "staff_per_100k": 4}, "correction": {"removal_days": None}})
    assert held.procedure is not None
    appeal, correction = held.procedure.appeal, held.procedure.correction
    assert appeal is not None
    assert correction is not None
    taken = Taken()
    assert taken.assumed("procedure.appeal.staff_per_100k", appeal.staff_per_100k, DAY, 1.8) == 4
    assert taken.lines() == []
    assert taken.assumed("procedure.appeal.staff_per_100k", None, DAY, 1.8) == 1.8
    assert taken.assumed("procedure.correction.removal_days", correction.removal_days, DAY, 5.0) == 5
    assert taken.lines() == [
        "procedure.appeal.staff_per_100k: 1.8 (absent: the assumption)",
        "procedure.correction.removal_days: 5 (null: the assumption)",
    ]
