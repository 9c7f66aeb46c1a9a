"""SyRI, Robodebt, technological due process: the cases that are easy to get wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.lint.overlaid import case_of, said_by


def kinds(rule: str, folder: Path, **parts: Any) -> dict[str, str]:
    return {element: each.kind for element, each in said_by(rule, case_of(folder, **parts)).items()}


def ramps(**ends: float) -> dict[str, Any]:
    return {
        "enrolment": {
            "ramp_by_district": {name: {date(2026, 1, 1): 0.0, date(2027, 1, 1): end} for name, end in ends.items()}
        }
    }


def test_a_start_by_districts_that_ends_alike_is_no_targeting(tmp_path: Path) -> None:
    found = kinds("DP-SYRI-2", tmp_path, population=ramps(south=1.0, hills=1.0))
    assert found["population.enrolment.ramp_by_district"] == "pass"
    found = kinds("DP-SYRI-2", tmp_path, population=ramps(south=1.0, hills=0.2))
    assert found["population.enrolment.ramp_by_district"] == "fail"


def test_cover_of_public_employees_is_for_people_to_judge(tmp_path: Path) -> None:
    assert (
        kinds("DP-SYRI-2", tmp_path, population={"only_status": ["public_employee"]})["population.only_status"]
        == "review"
    )
    assert kinds("DP-SYRI-2", tmp_path, population={"only_status": ["migrant"]})["population.only_status"] == "fail"


@pytest.mark.parametrize(
    ("appeal", "kind"),
    [
        ({"burden_of_proof": "unknown"}, "open"),
        ({"burden_of_proof": "authority"}, "pass"),
        ({"available": False}, "fail"),
    ],
)
def test_without_an_appeal_nobody_need_prove_what_was_inferred(tmp_path: Path, appeal: Any, kind: str) -> None:
    parts = {"feeds": {"returns": {"provenance": "predicted"}}, "procedure": {"appeal": appeal}}
    assert kinds("DP-ROBO-1", tmp_path, **parts)["behaviours.late_return"] == kind


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("another late return", "pass"),
        ("late return, etc.", "review"),
        ("any untidy use", "review"),
        ("littering on the land of others", "review"),
        ("any delay beyond an hour", "review"),
        ("other untrustworthy circumstances", "fail"),
        ("use of other people's bicycles", "review"),
        ("motherly neglect", "pass"),
    ],
)
def test_catch_alls_are_whole_words(tmp_path: Path, title: str, kind: str) -> None:
    assert kinds("DP-CIT-1", tmp_path, behaviours={"late_return": {"title": title}})["behaviours.late_return"] == kind


def test_people_may_apply_what_is_not_precise(tmp_path: Path) -> None:
    parts = {"behaviours": {"late_return": {"definition_precise": False}}, "method": {"kind": "manual"}}
    assert kinds("DP-CIT-1", tmp_path, **parts)["behaviours.late_return"] == "pass"


@pytest.mark.parametrize(
    ("minutes", "kind"), [(None, "fail"), (4, "fail"), (5, "pass"), ({"value": 9, "status": "assumed"}, "open")]
)
def test_minutes_for_a_review(tmp_path: Path, minutes: Any, kind: str) -> None:
    found = kinds("DP-CIT-3", tmp_path, procedure={"human_review": {"minutes_per_case": minutes}})
    assert found["procedure.human_review.minutes_per_case"] == kind


def test_the_id_of_a_behaviour_says_that_it_catches_whatever_is_left(tmp_path: Path) -> None:
    conduct = {"feed": "returns", "conduct": ["fare_dodging"], "kind": "contract_breach", "gravity": 1,
               "definition_precise": True, "points": {"rides": -1}}  # fmt: skip
    assert kinds("DP-CIT-1", tmp_path, behaviours={"other_conduct": conduct})["behaviours.other_conduct"] == "fail"


def test_to_abolish_a_review_mends_nothing(tmp_path: Path) -> None:
    none = {"human_review": {"available": False}}
    assert kinds("DP-CIT-3", tmp_path, procedure=none) == {"procedure.human_review": "fail"}
    harmless = {"measures": {"deposit": {"action": {"kind": "price", "factor": 0.5}}}}
    assert kinds("DP-CIT-3", tmp_path, procedure=none, **harmless) == {}


def test_a_log_that_may_hold_more_is_open(tmp_path: Path) -> None:
    log = {"audit_log": {"enabled": True, "fields": ["rule_id", "unknown"]}}
    assert kinds("DP-CIT-2", tmp_path, governance=log) == {"governance.audit_log": "open"}


def test_empty_groups_are_declared_as_none(tmp_path: Path) -> None:
    found = kinds("DP-ROBO-3", tmp_path, monitoring={"vulnerable_groups": []})
    assert found == {"monitoring.vulnerable_groups": "fail", "monitoring.exclusions": "pass"}


@pytest.mark.parametrize(
    ("appeal", "kind"),
    [
        ({"decision_days": 89, "suspends_effect": False}, "pass"),
        ({"decision_days": 90, "suspends_effect": False}, "fail"),
        ({"decision_days": 184}, "pass"),
        ({"decision_days": None, "suspends_effect": False}, "fail"),
        ({"decision_days": {"value": 30, "status": "assumed"}, "suspends_effect": False}, "open"),
        ({"available": False}, "fail"),
    ],
)
def test_an_appeal_has_to_be_faster_than_the_sanction_or_stay_it(tmp_path: Path, appeal: Any, kind: str) -> None:
    assert kinds("DP-APP-1", tmp_path, procedure={"appeal": appeal})["measures.deposit"] == kind
