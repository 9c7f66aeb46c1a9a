"""`result.json`: its schema, its tables, why elements never fired, what studies add."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from tests.report import made, renew
from tests.report.fits import misfits
from tests.report.renew import FIRED, NAME, ranges

from vitropolis.base.errors import RefusedError, UsageError
from vitropolis.base.mark import MARK
from vitropolis.report import Result, as_data, make_result, result_of, result_schema, write_result
from vitropolis.report.fired import FiredRow, never
from vitropolis.report.studies import NONE, digest_of_run, read_studies
from vitropolis.report.tables import BinRow, DoorRow, HarmRow, QueueRow, ServiceRow

GOLDEN, SCHEMA = (Path(__file__).with_name(name) for name in ("result.json", "result.schema.json"))


def result(filling: str = "middle", **more: Any) -> Result:
    setup = made.setup_of(filling=filling, **more)
    return make_result(made.totals(setup, FIRED), made.manifest_of(setup))


def test_a_result_fits_its_schema_and_the_schema_says_what_it_is() -> None:
    data = as_data(result("all"))
    TypeAdapter(Result).validate_json(json.dumps(data))
    schema = result_schema()
    assert set(data) == set(schema["required"]) == set(schema["properties"])
    assert (data["schema"], data["mark"]) == ("vitropolis.result/1", MARK)
    assert schema["properties"]["mark"] == {"const": MARK, "type": "string"}
    assert all(part["additionalProperties"] is False for part in schema["$defs"].values())
    with pytest.raises(ValidationError):
        TypeAdapter(Result).validate_python(data | {"residents": "many"})


def test_the_published_schema_is_the_one_kept_here() -> None:
    """A change of `result.schema.json` is a change of a public format; `tests.report.renew` writes it anew."""
    assert json.loads(SCHEMA.read_text(encoding="utf8")) == result_schema()


def test_a_result_of_known_counts_is_the_one_kept_here_and_fits_the_schema() -> None:
    kept = json.loads(GOLDEN.read_text(encoding="utf8"))
    assert renew.result() == kept
    schema = result_schema()
    assert list(misfits(kept, schema, schema)) == []
    every = as_data(result("all"))
    assert list(misfits(every, schema, schema)) == []


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("residents",), "many", ".residents: not of type integer"),
        (("residents",), True, ".residents: not of type integer"),
        (("mark",), "a real city", ".mark: not synthetic city, no real people"),
        (("persons",), [], ".persons: not known"),
        (("headlines", 0, "low"), "4", ".headlines[0].low: fits none of 2"),
        (("headlines", 0, "lines", 0), 3, ".headlines[0].lines[0]: not of type string"),
        (("headlines", 0, "drivers", 0, "range"), [1], ".headlines[0].drivers[0].range: shorter than 2"),
        (("headlines", 0, "drivers", 0, "direction"), "up", ".headlines[0].drivers[0].direction: not one of"),
        (("tables", "survival", 0, "still_on", "30"), None, ".tables.survival[0].still_on.30: not of type number"),
    ],
)
def test_what_does_not_fit_the_schema_is_found(path: tuple[str | int, ...], value: Any, said: str) -> None:
    held, schema = json.loads(GOLDEN.read_text(encoding="utf8")), result_schema()
    part = held
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    found = list(misfits(held, schema, schema))
    assert len(found) == 1 and found[0].startswith(said)


def test_what_is_missing_is_found() -> None:
    held, schema = json.loads(GOLDEN.read_text(encoding="utf8")), result_schema()
    del held["tables"]["queue"][0]["went_on"]
    assert list(misfits(held, schema, schema)) == [".tables.queue[0].went_on: missing"]


def test_a_result_says_what_it_rests_on() -> None:
    said = result()
    assert [world.name for world in said.played] == [NAME]
    assert said.basis.assumptions == "default"
    assert said.basis.sourced.endswith("assumptions are sourced")
    assert said.basis.fillings_missing == ["lenient", "harsh"]
    assert said.basis.definitions["harm"] == (
        "an act of gravity 2 or more (of 4), by somebody able to pay, counts as deserving; "
        "lighter breaches are counted with the lawful"
    )
    assert said.basis.bounds["capped_share"] == 0.0001


def test_headlines_come_world_after_world_and_the_twin_has_none() -> None:
    said = result("all")
    worlds = [each.world for each in said.headlines]
    assert list(dict.fromkeys(worlds)) == [f"{NAME}-lenient", NAME, f"{NAME}-harsh"]
    assert said.headline("hit_per_1000", "none") is None
    assert said.headline("ghosts", NAME) is None


def test_tables_hold_the_exact_counts() -> None:
    tables = result().tables
    assert tables.bins == [BinRow(NAME, "breach", 120, 180, 300, 120), BinRow(NAME, "harm", 120, 420, 60, 120)]
    assert tables.doors == [DoorRow(NAME, 6, 12, 180, 402)]
    assert tables.services[0] == ServiceRow(NAME, "flights", 12_000, 1280, 960, 240)
    assert [row.service for row in tables.services] == ["flights", "social_assistance"]
    assert tables.harm == [HarmRow(NAME, 1080, 300), HarmRow("none", 1349, 600)]
    assert tables.queue == [QueueRow(NAME, 144, 6, 90, 12, 48, 72, "2020-06-11", 1350)]
    assert [(row.listings, row.began, row.ended) for row in tables.survival] == [("all", 10, 6), ("wrong fact", 4, 2)]
    assert len({(row.axis, row.group) for row in tables.groups}) == len(tables.groups) == 2 + 21


def test_a_policy_without_lists_has_no_survival() -> None:
    setup = made.setup_of("rongcheng-2021", None)
    assert make_result(made.totals(setup), made.manifest_of(setup)).tables.survival == []


def test_elements_that_never_fired_say_why_where_it_can_be_told() -> None:
    rows = {row.element: row for row in result().tables.fired}
    assert list(rows) == list(FIRED[NAME])
    assert rows["lists.untrustworthy"] == FiredRow(
        NAME, "lists.untrustworthy", rows["lists.untrustworthy"].line, 2, 2, ""
    )
    reasons = {row.element: row.reason for row in never(rows.values())}
    assert reasons == {
        "behaviours.assault": "nobody did it",
        "behaviours.blood_donation": "done 70 times, never recorded",
        "behaviours.jaywalking": "nobody did it",
        "scores.city.bands.d": "nobody's score fell there",
        "measures.no_social_assistance": "waits for scores.city.bands.d",
        "spillover.spouse_vetting": "no relative was known to the register",
        "procedure.notice": "the policy does not provide it",
        "procedure.objection": "the policy does not provide it",
        "procedure.appeal": "nobody appealed",
    }


def test_ranges_of_a_study_stand_in_the_headlines(tmp_path: Path) -> None:
    setup = made.setup_of()
    manifest = made.manifest_of(setup)
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "ranges.json").write_text(json.dumps(ranges(run=digest_of_run(manifest))))
    studies = read_studies(tmp_path, manifest)
    assert studies.missing == ("curve", "channels", "nodeterrence")
    said = make_result(made.totals(setup), made.manifest_of(setup), studies)
    hit, wrongly = said.headline("hit_per_1000", NAME), said.headline("wrongly_hit_per_1000", NAME)
    assert hit is not None and wrongly is not None
    assert (hit.value, hit.low, hit.high, wrongly.low) == (60, 41.3, 89.7, None)
    assert (hit.sets, hit.undefined, wrongly.sets, wrongly.undefined) == (64, 0, None, None)
    days = said.headline("days_until_out", NAME)
    assert days is not None and (days.low, days.undefined) == (70, 12)
    assert [(driver.path, driver.direction) for driver in hit.drivers] == [("payers.fast.lowest", "lowers")]
    assert said.studies.ranges == ranges(run=digest_of_run(manifest))
    TypeAdapter(Result).validate_json(json.dumps(as_data(said)))


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"schema": "other/1"}', '{"schema": "vitropolis.study.curve/1", "run": "0"}']
)
def test_a_study_that_is_none_of_ours_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "curve.json").write_text(text)
    with pytest.raises(RefusedError, match=r"curve\.json .*; delete it and make the study again"):
        read_studies(tmp_path, made.manifest_of(made.setup_of()))


def test_no_study_is_no_study(tmp_path: Path) -> None:
    assert read_studies(tmp_path, made.manifest_of(made.setup_of())) == NONE


def test_an_interrupted_run_has_no_result(tmp_path: Path) -> None:
    setup = made.setup_of()
    with pytest.raises(UsageError, match="was interrupted; `vitropolis resume"):
        result_of(tmp_path, made.manifest_of(setup) | {"status": "interrupted"}, setup.plan)


def test_result_json_is_written_whole_and_read_back(tmp_path: Path) -> None:
    said = result()
    path = write_result(tmp_path, said)
    assert path.name == "result.json"
    assert json.loads(path.read_text(encoding="utf8")) == as_data(said)
    assert [each.name for each in tmp_path.iterdir()] == ["result.json"]
