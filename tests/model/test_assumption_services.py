"""The sections on services, redress and relatives: what they hold, what they refuse and in which words."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from vitropolis.base.errors import InputError
from vitropolis.model.assumption_services import ByProof, Reach
from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.policy.words import SERVICES

DEFAULT = load_assumptions("default")
PERSONS = [name for name, service in SERVICES.items() if service.subject == "person"]
SEASON = "{starts_on: 2020-02-01, ends_before: 2020-03-01, services: [%s], factor: {value: 1, range: [%s]}}"
JOURNEYS = {
    "flights", "high_speed_rail", "soft_sleeper", "ordinary_rail", "long_distance_coach", "exit_country", "star_hotel",
    "holiday_travel", "scenic_areas",
}  # fmt: skip


def refused(folder: Path, text: str) -> list[str]:
    """What is said about an overlay on the default set, without the folder."""
    path = folder / "x.assumptions.yaml"
    path.write_text(f"schema_version: 1\nextends: default\n{text}", encoding="utf8")
    with pytest.raises(InputError) as caught:
        load_assumptions(path)
    return [str(message).replace(f"{folder}/", "") for message in caught.value.messages]


def complaints(data: dict[str, Any]) -> list[str]:
    with pytest.raises(InputError) as caught:
        Assumptions.model_validate(data)
    return str(caught.value).splitlines()


def test_every_service_of_persons_is_there_in_the_order_of_the_words() -> None:
    assert list(DEFAULT.services.demand) == PERSONS
    assert all(need.profile in DEFAULT.profiles for need in DEFAULT.services.demand.values())


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        ("services.demand.flights.rate", "needs a person and year"),
        ("services.learning.first_tries", "tries"),
        ("services.learning.floor", "share"),
        ("redress.notice_after_days", "days"),
        ("redress.staff_per_100k", "persons per 100,000 enrolled"),
        ("redress.cases_a_staff_day", "decisions a person and calendar day"),
        ("redress.found_wrong.person", "share"),
        ("redress.voids_right.authority", "share"),
        ("redress.removal_days", "days"),
        ("spillover.reach.child", "share"),
        ("services.rivals.vehicle_plate.capacity", "ratio"),
        ("services.rivals.public_housing.patience_weeks", "weeks"),
    ],
)
def test_each_number_has_its_unit_and_can_be_moved(path: str, unit: str) -> None:
    item = DEFAULT.values()[path]
    assert item.unit == unit
    moved = DEFAULT.with_values({path: item.high})
    assert moved.values()[path].value == item.high
    assert moved.digest != DEFAULT.digest
    assert DEFAULT.lines[path][0] == "default.assumptions.yaml"


def test_shares_by_burden_of_proof_and_by_relation_are_read_by_word() -> None:
    assert set(ByProof.model_fields) == {"person", "authority"}
    assert set(Reach.model_fields) == {"spouse", "child", "parent", "household"}
    assert DEFAULT.redress.found_wrong["authority"].value > DEFAULT.redress.found_wrong["person"].value
    assert DEFAULT.spillover.reach["spouse"] == DEFAULT.spillover.reach.spouse


# What an overlay says, and below it what is said about it.
CASES = """
services: {rivals: {flights: {capacity: {value: 1, range: [1, 1]}}}}
> services.rivals.flights: unknown key `flights`; legal: hospital_appointment, higher_education, public_housing, public_employment, residence_registration, vehicle_plate
services: {rivals: {vehicle_plate: {patience_weeks: {value: 300, range: [1, 300]}}}}
> services.rivals.vehicle_plate.patience_weeks: its range goes up to 300; weeks is at most 250 here
services: {rivals: {vehicle_plate: {capacity: {value: -1, range: [-1, 1]}}}}
> services.rivals.vehicle_plate.capacity: its range goes down to -1; ratio is at least 0 here
services: {demand: {flights: {profile: fliers}}}
> services.demand.flights.profile: `fliers` is not a profile; did you mean `flyers`?
services: {demand: {flights: {rate: {value: 1, range: [1, 60]}}}}
> services.demand.flights.rate: its range goes up to 60; needs a person and year is at most 52 here
services: {demand: {flights: {rate: {value: 1, range: [0, 2], unit: flights}}}}
> services.demand.flights.rate: its unit is `needs a person and year`, not `flights`
services: {learning: {first_tries: {value: 0.5, range: [0.5, 2]}}}
> services.learning.first_tries: its range goes down to 0.5; tries is at least 1 here
services: {learning: {floor: {value: 1, range: [0, 2]}}}
> services.learning.floor: its range goes up to 2; share is at most 1 here
services: {hardship_kept: {value: 1, range: [0, 1]}}
> services.hardship_kept: unknown key `hardship_kept`; did you mean `hardship_lifted`? (legal: demand, learning, hardship_lifted, minimum_kept, deposit_short, rivals, seasons)
services: {seasons: {a: {starts_on: 2020-02-01, ends_before: 2020-02-01, services: [flights], factor: {value: 1, range: [1, 1]}}}}
> services.seasons.a.ends_before: must be after `starts_on`
services: {seasons: {a: {starts_on: 2020-02-01, ends_before: 2020-03-01, services: [flight], factor: {value: 1, range: [1, 1]}}}}
> services.seasons.a.services: `flight` is not a service; did you mean `flights`?
services: {seasons: {a: {starts_on: 2020-02-01, ends_before: 2020-03-01, services: [firm_loan], factor: {value: 1, range: [1, 1]}}}}
> services.seasons.a.services: `firm_loan` is not a service
redress: {profile: petitoners}
> redress.profile: `petitoners` is not a profile; did you mean `petitioners`?
redress: {removal_days: {value: 0, range: [-1, 3]}}
> redress.removal_days: its range goes down to -1; days is at least 0 here
redress: {notice_after_days: {value: 0, range: [0, 3]}}
> redress.notice_after_days: its range goes down to 0; days is at least 1 here
redress: {staff_per_100k: {value: 2, range: [0, 1001]}}
> redress.staff_per_100k: its range goes up to 1001; persons per 100,000 enrolled is at most 1000 here
redress: {cases_a_staff_day: {value: 2, range: [0, 51]}}
> redress.cases_a_staff_day: its range goes up to 51; decisions a person and calendar day is at most 50 here
redress: {found_wrong: {court: {value: 1, range: [1, 1]}}}
> redress.found_wrong.court: unknown key `court`; legal: person, authority
spillover: {reach: {cousin: {value: 1, range: [1, 1]}}}
> spillover.reach.cousin: unknown key `cousin`; legal: spouse, child, parent, household
"""  # noqa: E501
LINES = CASES.strip().splitlines()
MESSAGES = {text: message[2:] for text, message in zip(LINES[::2], LINES[1::2], strict=True)}


@pytest.mark.parametrize("text", MESSAGES)
def test_messages(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text) == [f"x.assumptions.yaml:3: {MESSAGES[text]}"]


def test_services_that_are_missing_or_a_firms_are_named() -> None:
    data = DEFAULT.model_dump()
    demand = data["services"]["demand"]
    demand["firm_loan"] = demand["flight"] = demand.pop("flights")
    assert complaints(data) == [
        "services.demand: 1 services are missing: flights",
        "services.demand.firm_loan: `firm_loan` is a service of firms, not of persons",
        "services.demand.flight: `flight` is not a service; did you mean `flights`?",
    ]


def test_more_than_one_need_a_week_is_refused_with_the_group_and_the_largest_services(tmp_path: Path) -> None:
    said = refused(tmp_path, "services: {demand: {library: {rate: {value: 1, range: [1, 30]}}}}")
    assert said == [
        "x.assumptions.yaml:3: services.demand: the needs of one group (age from 25, male, local, college, highest "
        "income fifth) add up to 65.0 a year at the upper ends; at most 52, one a week: lower the rates of the largest "
        "(library 30.0, flights 3.8, parking 2.9)"
    ]


def test_a_season_that_raises_a_service_counts_towards_the_most_needs(tmp_path: Path) -> None:
    season = SEASON % ("library", "1, 100")
    assert "add up to" in refused(tmp_path, f"services: {{seasons: {{a: {season}}}}}")[0]


def test_service_seasons_may_overlap_unless_both_raise_a_service(tmp_path: Path) -> None:
    low = f"services: {{seasons: {{a: {SEASON % ('flights', '0.5, 1')}, b: {SEASON % ('flights', '0.5, 2')}}}}}"
    path = tmp_path / "y.assumptions.yaml"
    path.write_text(f"schema_version: 1\nextends: default\n{low}", encoding="utf8")
    assert list(load_assumptions(path).services.seasons) == ["a", "b"]
    high = f"services: {{seasons: {{a: {SEASON % ('flights', '1, 1.5')}, b: {SEASON % ('flights', '1, 2')}}}}}"
    assert refused(tmp_path, high) == [
        f"x.assumptions.yaml:3: services.seasons.{key}: overlaps other seasons of `flights` that raise it too; "
        "join them into one"
        for key in ("a", "b")
    ]


def test_the_pandemic_only_lowers_needs_and_never_twice_on_one_day() -> None:
    seasons = load_assumptions("covid").services.seasons
    assert {name for season in seasons.values() for name in season.services} == {
        *JOURNEYS, "primary_care", "hospital_appointment",
    }  # fmt: skip
    assert all(season.factor.high <= 1 for season in seasons.values())
    for service in JOURNEYS:
        dates = sorted((s.starts_on, s.ends_before) for s in seasons.values() if service in s.services)
        assert dates[0][0].isoformat() == "2020-01-24"
        assert dates[-1][1].isoformat() == "2021-01-01"
        assert all(end == start for (_, end), (start, _) in pairwise(dates))


def test_the_json_schema_knows_the_sections() -> None:
    schema = Assumptions.model_json_schema()
    assert {"services", "redress", "spillover"} <= set(schema["required"])
    assert set(schema["$defs"]["Need"]["required"]) == {"rate", "profile"}
    assert "seasons" not in schema["$defs"]["Services"]["required"]
