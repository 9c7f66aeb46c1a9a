"""The busy policy with all that acts on people: doors, spill-over at home, notice, objection, appeal, correction.

Assumptions in which every one of these happens often, each of whose channels between residents can be shut.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

import yaml
from tests.twins.busy import CHANNELS, START, Plain, busy_data, put, raised

from vitropolis.model.assumptions import Assumptions

MORE = ("library", "scenic_areas", "star_hotel", "consumer_loan", "vehicle_plate", "company_post", "public_housing",
        "hospital_appointment")  # fmt: skip
REPEALED = START + timedelta(days=120)
HOME, QUEUE = "relatives", "appeals queue"  # spill-over at home opens the channel `household`, like its norms
EVERY = (*CHANNELS, HOME, QUEUE)

TEXT = """
measures:
  no_flights: {trigger: {kind: listed, lists: [bad]}, action: {kind: deny}, service: flights}
  no_trains: {trigger: {kind: listed, lists: [bad]}, action: {kind: deny}, service: high_speed_rail}
  no_school: {trigger: {kind: listed, lists: [owes]}, action: {kind: deny}, service: private_school}
  fewer_hotels:
    {trigger: {kind: listed, lists: [owes]}, action: {kind: restrict, kept_share: 0.5}, service: star_hotel,
     hardship_exception: true, minimum_guarantee: true}
  dear_loans:
    {trigger: {kind: score, score: main, below: 80}, action: {kind: price, factor: 1.5}, service: consumer_loan,
     after_exit_days: 10}
  late_parcels:
    {trigger: {kind: score, score: main, below: 90}, action: {kind: delay, days: 4}, service: parking}
  card_taken:
    {trigger: {kind: records, behaviours: [crime]}, action: {kind: withdraw}, service: credit_card, fixed_days: 12}
  no_plate: {trigger: {kind: band, score: main, bands: [d]}, action: {kind: deny}, service: vehicle_plate}
  first_in_line: {trigger: {kind: listed, lists: [good]}, action: {kind: priority, place: first},
                  service: hospital_appointment}
spillover:
  children: {carries: {kind: measure, measure: no_school}, to: child}
  partner: {carries: {kind: listing, list: bad}, to: spouse}
  elders: {carries: {kind: measure, measure: dear_loans}, to: parent}
  all_at_fault: {carries: {kind: measure, measure: card_taken}, to: household, individual_fault_test: true}
procedure:
  notice: {when: {2019-01-01: after, 2019-04-08: before}, before_days: 2}
  objection: {available: true, days: 3}
  appeal:
    {available: true, window_days: 30, decision_days: 20, levels: 2, staff_per_100k: 900, if_late: granted,
     suspends_effect: true, burden_of_proof: person}
  correction: {removal_days: 2, propagates_within_days: 3, flag_dispute: true}
"""


def full_data(rank: bool = False) -> Plain:
    """The policy as plain data; with `rank` a list of the best tenth."""
    more: Plain = yaml.safe_load(TEXT)
    data = busy_data(rank) | more
    for service in MORE:
        shut = {"trigger": {"kind": "listed", "lists": ["bad"]}, "action": {"kind": "deny"}, "service": service}
        data["measures"][f"no_{service}"] = shut
    data["lists"]["bad"]["ends_before"] = REPEALED
    return data


@cache
def full_held(channels: tuple[str, ...] = EVERY, each: float = 4.0) -> Assumptions:
    """Assumptions for it, with channels open or shut: without `QUEUE` nobody appeals, without `HOME` none is known."""
    return Assumptions.model_validate(full_values(channels, each))


def full_values(channels: tuple[str, ...] = EVERY, each: float = 4.0) -> Plain:
    """The same as plain data."""
    data = raised(channels, each)
    _redress(data["redress"], QUEUE in channels)
    for known in data["spillover"]["reach"].values():
        put(known, 0.8 if HOME in channels else 0.0, 0.0, 1.0)
    shut = {item["service"] for item in full_data()["measures"].values()}
    for service, need in data["services"]["demand"].items():
        put(need["rate"], 1.5 if service in shut else 0.0)  # all needs of a group together are at most one a week
    put(data["lists"]["holders_mean_days"], 6.0)
    return data


def _redress(redress: dict[str, Any], appeals: bool) -> None:
    for name in ("appeals_wrong", "appeals_right"):
        put(redress[name], 0.9 if appeals else 0.0, 0.0, 1.0)
    for name, value in (("notice_reaches", 0.7), ("objects_wrong", 0.8), ("objects_right", 0.6), ("goes_on", 0.7)):
        put(redress[name], value)
    for name, value in (("file_mean_days", 4.0), ("notice_after_days", 3.0)):
        put(redress[name], value)
    for name in ("objection_found", "objection_false"):
        put(redress[name], 0.6)
    put(redress["found_wrong"]["person"], 0.6)
    put(redress["voids_right"]["person"], 0.3)
