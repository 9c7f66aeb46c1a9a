"""What the switch-off matrix is played on: a policy in which everything happens, its grounds, and the switches.

Plain data: a switch is an overlay on the policy or on the assumptions, and the families of indicators that it acts on
at once (see `verification/switches.py`). Ranges are so wide that off lies inside, since worlds of one pass share them.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import yaml

from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.policy import Policy, load_text
from vitropolis.verification.quiet import Plain, assumed, put

START = date(2019, 3, 4)
GONE = object()  # an overlay's value: the entry is taken out
OFTEN, NEEDS = 3.0, 3.0  # acts a person and year of each word that the policy names; needs of each service
TEXT = """
schema_version: 1
policy: {id: everything, title: a policy in which everything happens, as_of: 2019-01-01}
population:
  natural_persons: true
  legal_entities: false
  residents: 20000000
  enrolment: {mode: mandatory, ramp: {2019-01-01: 0.5, 2019-05-20: 1.0}}
departments: {office: {title: an office}}
feeds:
  cameras: {department: office, context: transport, provenance: sensor, linkage_key: name}
  courts: {department: office, context: justice, provenance: final_decision, linkage_key: name}
  neighbours: {department: office, context: neighbourhood, provenance: informant, linkage_key: name}
behaviours:
  road: {feed: cameras, conduct: [traffic_minor, fare_dodging], kind: unlawful_act, gravity: 1, points: {main: -15},
         max_counted: 3, life: {kind: half_life, days: 40}}
  debts: {feed: courts, conduct: [loan_overdue, fine_unpaid], kind: contract_breach, gravity: 1, points: {main: -20},
          life: {kind: until_settled}}
  crime: {feed: courts, conduct: [theft, assault], kind: unlawful_act, gravity: 3, points: {main: -40},
          life: {kind: expires, after_days: 60}}
  rumour: {feed: neighbours, conduct: [online_rumour], kind: unlawful_act, gravity: 1, points: {main: -10}}
  deeds: {feed: neighbours, conduct: [volunteering, charity_gift], kind: virtue, gravity: 0, points: {main: 10},
          max_counted: 4}
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
    trigger: {kind: any_of, of: [{kind: band, score: main, bands: [d]},
                                 {kind: records, behaviours: [crime], count: 2, within_days: 30}]}
    term_days: 40
    exit: {auto_expiry: true, on_compliance: true}
    band_ceiling: {main: c}
  owes:
    polarity: black
    context: justice
    trigger: {kind: records, behaviours: [debts]}
    term_days: null
    grace_days: 2
    exit: {auto_expiry: false, on_compliance: true}
measures:
  no_flights: {trigger: {kind: listed, lists: [bad]}, action: {kind: deny}, service: flights, hardship_exception: true}
  fewer_trains: {trigger: {kind: listed, lists: [owes]}, action: {kind: restrict, kept_share: 0.2},
                 service: ordinary_rail, minimum_guarantee: true}
  no_job: {trigger: {kind: records, behaviours: [crime]}, action: {kind: deny}, service: job_market,
           after_exit_days: 20}
  no_loan: {trigger: {kind: band, score: main, bands: [d]}, action: {kind: withdraw}, service: consumer_loan,
            fixed_days: 45}
  dear_fares: {trigger: {kind: score, score: main, below: 70}, action: {kind: price, factor: 2}, service: transit_fare}
  slow_counter: {trigger: {kind: score, score: main, below: 60}, action: {kind: delay, days: 9},
                 service: service_counter}
spillover:
  kin: {carries: {kind: measure, measure: no_flights}, to: household}
  children: {carries: {kind: listing, list: owes}, to: child}
  partner: {carries: {kind: measure, measure: no_job}, to: spouse, individual_fault_test: true}
campaigns:
  harvest: {kind: records, feed: neighbours, count: 40000000, starts_on: 2019-04-01, ends_before: 2019-07-01}
procedure:
  notice: {when: at}
  objection: {available: true, days: 12}
  appeal: {available: true, window_days: 60, decision_days: 20, levels: 2, if_late: granted, suspends_effect: true,
           burden_of_proof: authority, staff_per_100k: 60}
  correction: {removal_days: 15, propagates_within_days: 5, flag_dispute: true}
"""
SEASON = "services.seasons.summer"
SERVICES = tuple(item["service"] for item in yaml.safe_load(TEXT)["measures"].values())
USED = tuple(word for item in yaml.safe_load(TEXT)["behaviours"].values() for word in item["conduct"])


@dataclass(frozen=True)
class Ground:
    """What is laid over policy and assumptions before anything is switched off."""

    policy: Mapping[str, Any] = field(default_factory=dict)
    assumptions: Mapping[str, float] = field(default_factory=dict)


def _all(section: str, part: str) -> dict[str, float]:
    """Every value `section.*.part` of the assumptions, at 0."""
    names = (name.split(".") for name in load_assumptions("default").values())
    return {".".join(path): 0.0 for path in names if ".".join(path[:-2]) == section and path[-1] == part}


NORMS = ("norms.household", "norms.workplace", "norms.district")
NO_NORMS = dict.fromkeys(NORMS, 0.0)
QUEUED = {"hospital_appointment": 1.0}  # needs a person and year
PUBLISHED = {"lists.owes.publication": {"public": True, "fields": ["name"]}}
FEARED = {**dict.fromkeys(_all("families", "deterrence"), 0.2), "publicity.household_step": 60.0,
          "publicity.workplace_records": 4.0, "deterrence.listing_step": 60.0}  # fmt: skip
QUEUES = {
    f"measures.{place}_in_line": {"trigger": {"kind": "band", "score": "main", "bands": bands},
                                  "service": "hospital_appointment", "action": {"kind": "priority", "place": place}}
    for bands, place in ((["a"], "first"), (["c", "d"], "last"))
}  # fmt: skip
FIRMS = {
    "population.legal_entities": True,
    "feeds.firms": {"department": "office", "context": "market_regulation", "about": "firm",
                    "provenance": "final_decision", "linkage_key": "firm_id"},
    "behaviours.breach": {"feed": "firms", "conduct": ["firm_report_missing", "firm_false_goods"],
                          "kind": "unlawful_act", "gravity": 1, "life": {"kind": "forever"}},
    "lists.bad_firms": {"polarity": "black", "subject": "firm", "context": "market_regulation", "term_days": None,
                        "trigger": {"kind": "records", "behaviours": ["breach"]}},
    "measures.no_bids": {"trigger": {"kind": "listed", "lists": ["bad_firms"]}, "action": {"kind": "deny"},
                         "service": "public_procurement"},
    "spillover.boss": {"carries": {"kind": "listing", "list": "bad_firms"}, "to": "legal_rep"},
}  # fmt: skip
REMOVALS = {"kind": "accounts", "starts_on": date(2019, 3, 10), "ends_before": date(2019, 6, 10), "count": 2_000_000}
PLAIN = {"procedure": GONE}
FOUND = "recording.findings.other.false_difference"
GROUNDS: Mapping[str, Ground] = {
    "norms": Ground(PLAIN),
    "plain": Ground(PLAIN, NO_NORMS),
    "machines": Ground({**PLAIN, "behaviours.crime.established_by": "algorithm"}, {**NO_NORMS, FOUND: 0.2}),
    "redress": Ground({}, NO_NORMS),
    "queues": Ground({**PLAIN, **QUEUES}, NO_NORMS),
    "fear": Ground({**PLAIN, **PUBLISHED}, {**NO_NORMS, **FEARED}),
    "named": Ground({**PLAIN, **PUBLISHED}, {**NO_NORMS, "publicity.mistaken_for_listed": 0.5}),
    "clerks": Ground({**PLAIN, "lists.bad.decided_by": "human"}, {**NO_NORMS, "clerks.human_sees_wrong": 0.5,
                     "clerks.human_drops_right": 0.2}),
    "exits": Ground({**PLAIN, "lists.owes.exit.needs_services": ["ordinary_rail"], "scores.main.recomputed": "monthly"},
                    {**NO_NORMS, "payers.pace_shut": 0.5}),
    "leaving": Ground(PLAIN, {**NO_NORMS, "adaptation.leaves_weekly": 0.05}),
    "points": Ground(PLAIN, {**NO_NORMS, "adaptation.gaming": 0.5}),
    "trust": Ground({}, {**NO_NORMS, "adaptation.trust.lost_wrong": 0.9, "adaptation.trust.lost_refused": 0.9,
                    "adaptation.trust.deeds": 0.9, "adaptation.trust.appeals": 0.9}),
    "speech": Ground({**PLAIN, "campaigns.accounts": REMOVALS}, {**NO_NORMS, "speech.weight": 1.0}),
    "firms": Ground({**PLAIN, **FIRMS}, {**NO_NORMS, "work.pass_through": 1.0}),
}  # fmt: skip


@dataclass(frozen=True)
class Switch:
    """One mechanism off: `section` of docs/mechanisms.md, its ground, what it acts on at once, and how it goes off."""

    name: str
    section: int
    ground: str
    at_once: tuple[str, ...]
    policy: Mapping[str, Any] = field(default_factory=dict)
    assumptions: Mapping[str, float] = field(default_factory=dict)


ASKED, ACTS = ("requests", "refusals"), ("acts", "other acts")
SWITCHES = (
    Switch("norms of the household", 3, "norms", ("acts",), assumptions={NORMS[0]: 0.0}),
    Switch("norms of the workplace", 3, "norms", ("acts",), assumptions={NORMS[1]: 0.0}),
    Switch("norms of the district", 3, "norms", ("acts",), assumptions={NORMS[2]: 0.0}),
    Switch("match by name alone", 4, "plain", ("records",), assumptions=_all("recording.linkage", "by_name_alone")),
    Switch("invented reports", 4, "plain", ("records",), assumptions=_all("recording.provenance", "invented")),
    Switch("findings without an act", 4, "machines", ("records",), assumptions={FOUND: 0.0}),
    Switch("quota", 4, "plain", ("records",), {"campaigns": GONE}),
    Switch("term after the exit", 9, "plain", ("measures",), {"measures.no_job.after_exit_days": GONE}),
    Switch("fixed term", 9, "plain", ("measures",), {"measures.no_loan.fixed_days": GONE}),
    Switch("lingering at other holders", 9, "plain", ("measures",), {
        f"lists.{name}.exit.propagates_within_days": 0 for name in ("bad", "owes")
    }),
    Switch("hardship exception", 9, "plain", ASKED, {"measures.no_flights.hardship_exception": False}),
    Switch("minimum guarantee", 9, "plain", ASKED, {"measures.fewer_trains.minimum_guarantee": False}),
    Switch("price", 9, "plain", ("punished", "requests"), {"measures.dear_fares.action.factor": 1}),
    Switch("delay", 9, "plain", ("punished", "requests"), {"measures.slow_counter.action.days": 0}),
    Switch("spill-over", 10, "plain", ("carried",), {"spillover": GONE}),
    Switch("test of own fault", 10, "plain", ("carried",), {"spillover.partner.individual_fault_test": False}),
    Switch("staying away", 12, "plain", ASKED, assumptions={"services.learning.floor": 1.0}),
    Switch("seasons of needs", 12, "plain", ASKED, assumptions={f"{SEASON}.factor": 1.0}),
    Switch("needs", 12, "plain", ASKED, assumptions=_all("services.demand", "rate")),
    Switch("notice", 11, "redress", ("told",), {"procedure.notice.when": "none"}),
    Switch("objection", 11, "redress", ("objections", "lists"), {"procedure.objection.available": False}),
    Switch("appeal", 11, "redress", ("appeals", "queue", "answers", "measures"), {
        "procedure.appeal.available": False
    }),
    Switch("correction", 11, "redress", ("file", "answers", "measures"), {"procedure.correction": GONE}),
    Switch("all redress", 11, "redress", ("appeals", "file", "answers", "measures", "objections", "lists"), {
        "procedure.appeal": GONE, "procedure.correction": GONE, "procedure.objection": GONE
    }),
    Switch("suspended effect", 11, "redress", ("measures",), {"procedure.appeal.suspends_effect": False}),
    Switch("disputed records out", 11, "redress", ("file",), {"procedure.correction.flag_dispute": False}),
    Switch("second level", 13, "redress", ("queue", "answers"), {"procedure.appeal.levels": 1}),
    Switch("deadline of the court", 13, "redress", ("queue", "answers"), {"procedure.appeal.decision_days": None}),
    Switch("wait for deletion", 13, "redress", ("answers",), {"procedure.correction.removal_days": 0}),
    Switch("first in the queue", 14, "queues", ("places",), {"measures.first_in_line": GONE}),
    Switch("last in the queue", 14, "queues", ("places", "measures", "punished"), {"measures.last_in_line": GONE}),
    Switch("deterrence", 3, "fear", ACTS, assumptions=_all("families", "deterrence")),
    Switch("listings seen at home", 20, "fear", ACTS, assumptions={"publicity.household_step": 0.0}),
    Switch("listings seen at work", 20, "fear", ACTS, assumptions={"publicity.workplace_records": 0.0}),
    Switch("taken for a namesake", 20, "named", ("mistaken",), assumptions={"publicity.mistaken_for_listed": 0.0}),
    Switch("what an exit needs", 6, "exits", ("file",), assumptions={"payers.pace_shut": 1.0}),
    Switch("scores once a month", 6, "exits", ("scores",), {"scores.main.recomputed": "daily"}),
    Switch("clerks who drop cases", 19, "clerks", ("lists",), {"lists.bad.decided_by": "automated"}),
    Switch("leaving", 21, "leaving", ("left",), assumptions={"adaptation.leaves_weekly": 0.0}),
    Switch("deeds that earn points", 21, "points", ACTS, assumptions={"adaptation.gaming": 0.0}),
    Switch("trust", 21, "trust", (*ACTS, "appeals"), assumptions={
        "adaptation.trust.lost_wrong": 0.0, "adaptation.trust.lost_refused": 0.0
    }),
    Switch("climate of speech", 18, "speech", ("speech",), assumptions={"speech.weight": 0.0}),
    Switch("accounts removed", 18, "speech", ("speech",), {"campaigns.accounts": GONE}),
    Switch("jobs lost", 17, "firms", ("work",), assumptions={"work.pass_through": 0.0}),
    Switch("what representatives carry", 17, "firms", ("carried",), {"spillover.boss": GONE}),
)  # fmt: skip


def overlaid(data: Plain, over: Mapping[str, Any]) -> Plain:
    """A copy of plain data with some entries, by dotted path, written over or taken out."""
    found = deepcopy(data)
    for path, value in over.items():
        *above, last = path.split(".")
        place = found
        for step in above:
            place = place[step]
        if value is GONE:
            del place[last]
        else:
            place[last] = value
    return found


def policy_of(ground: str, over: Mapping[str, Any]) -> Policy:
    """The policy on a ground, with an overlay."""
    data = overlaid(overlaid(yaml.safe_load(TEXT), GROUNDS[ground].policy), over)
    return load_text(yaml.safe_dump(data, sort_keys=False))


@cache
def _usual() -> Plain:
    """The default set made lively: words of the policy happen often, records are often wrong, few stay silent."""
    data = deepcopy(load_assumptions("default").model_dump())
    for word in USED:
        put(data["conduct"][word]["rate"], OFTEN, 0.5 * OFTEN, 1.5 * OFTEN)
    for family in data["families"].values():
        put(family["deterrence"], 0.0, 0.0, 1.0)
    put(data["deterrence"]["listing_step"], 0.0, 0.0, 255.0)
    for name in ("household", "workplace", "district"):
        put(data["norms"][name], 0.9, 0.0, 1.0)
    put(data["norms"]["district_reference"], 60_000.0)  # so high that levels lie between their ends
    put(data["norms"]["workplace_reference"], 4000.0)
    _adaptation(data)
    for key in data["recording"]["linkage"].values():
        put(key["by_name_alone"], 0.1, 0.0, 0.3)
    for kind in data["recording"]["provenance"].values():
        put(kind["invented"], 0.05, 0.0, 0.3)
    put(data["recording"]["findings"]["other"]["comparisons_yearly"], 1.0)
    put(data["recording"]["findings"]["other"]["false_difference"], 0.0, 0.0, 1.0)
    _needs_and_redress(data)
    return data


def _adaptation(data: Plain) -> None:
    """Nobody adapts and nobody sees a list, until a ground says so; firms that break rules are often caught."""
    adaptation, publicity, firms = data["adaptation"], data["publicity"], data["firms"]
    shares = [publicity["mistaken_for_listed"], data["speech"]["weight"], data["work"]["pass_through"]]
    shares += [adaptation["leaves_weekly"], adaptation["gaming"], *adaptation["trust"].values()]
    for item in (*shares, data["clerks"]["human_sees_wrong"], data["clerks"]["human_drops_right"]):
        put(item, 0.0, 0.0, 1.0)
    put(publicity["household_step"], 0.0, 0.0, 255.0)
    put(publicity["workplace_records"], 0.0, 0.0, 10.0)
    put(firms["inspections"]["noticed_otherwise"], 0.5)
    put(firms["acts_violating"], 0.3)
    put(firms["compliance"]["cost_median"], 1.0)  # so dear that hardly any complies


def _needs_and_redress(data: Plain) -> None:
    for name, need in data["services"]["demand"].items():
        most = 1.3 * NEEDS if name in SERVICES else QUEUED.get(name, 0.0)
        put(need["rate"], NEEDS if name in SERVICES else most, 0.0, most)
    put(data["services"]["learning"]["floor"], 0.3, 0.0, 1.0)
    factor = {**data["services"]["learning"]["floor"], "unit": "ratio"}
    put(factor, 0.4, 0.0, 1.0)
    summer = {"starts_on": date(2019, 6, 1), "ends_before": date(2019, 9, 1), "services": ("flights", "job_market")}
    data["services"]["seasons"] = {"summer": {**summer, "factor": factor}}
    for name, share in (("appeals_wrong", 0.6), ("appeals_right", 0.4), ("objects_wrong", 0.6), ("objects_right", 0.4)):
        put(data["redress"][name], share)


def assumptions_of(ground: str, values: Mapping[str, float]) -> Assumptions:
    """The assumptions on a ground, with some values changed inside their ranges."""
    changed = {**GROUNDS[ground].assumptions, **values}
    return assumed(overlaid(_usual(), {f"{path}.value": value for path, value in changed.items()}))
