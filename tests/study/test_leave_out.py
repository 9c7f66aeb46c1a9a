"""Which rule does it: what is left out does nothing, single effects beside all at once, pairs that need both."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.cli.calls import call

from vitropolis.engine.scenario import resolve, scenario_for
from vitropolis.policy import library, load_policy, spliced_text
from vitropolis.policy.left_out import groups_of, left_out
from vitropolis.report.left_out_page import left_out_page
from vitropolis.results import play_to_folder
from vitropolis.study.leave_out import leave_out

LAST = date(2019, 3, 31)
TWICE = """
schema_version: 1
policy: {id: twice, title: Two lists for one thing, as_of: 2018-11-19}
population: {natural_persons: true, legal_entities: false, enrolment: {mode: mandatory, ramp: {2018-11-19: 1}}}
departments: {court: {title: Court}}
feeds: {cases: {department: court, context: civil_judgment, provenance: final_decision, linkage_key: national_id}}
behaviours:
  debt: {feed: cases, conduct: [judgment_unpaid_able, traffic_minor], kind: contract_breach, gravity: 1,
      life: {kind: forever}}
lists:
  one: {polarity: black, context: civil_judgment, term_days: null, trigger: {kind: records, behaviours: [debt]}}
  two: {polarity: black, context: civil_judgment, term_days: null, trigger: {kind: records, behaviours: [debt]}}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    room = tmp_path_factory.mktemp("rules")
    path, folder = room / "twice.policy.yaml", room / "run"
    path.write_text(TWICE)
    play_to_folder(resolve(scenario_for([str(path)], size=1500, seed=5, last_day=LAST)), folder, threads=1)
    return folder


def test_every_element_is_in_one_group() -> None:
    for name in library():
        policy = load_policy(name)
        groups = groups_of(policy)
        named = [element for group in groups for element in group.elements]
        sections = ("behaviours", "scores", "lists", "measures", "spillover", "campaigns")
        every = [f"{part}.{each}" for part in sections for each in getattr(policy, part)]
        assert sorted(named) == sorted(every)
        for group in groups:
            assert left_out(policy, group.elements).digest != policy.digest


def test_two_lists_for_one_thing_matter_only_together(run: Path) -> None:
    said = leave_out(run, threads=1)
    hit = said["whole"]["hit"]
    assert hit > 20
    groups = {row["name"]: row["freed"] for row in said["groups"]}
    assert (groups["lists.one"], groups["lists.two"], groups["behaviours.debt"]) == (0, 0, hit)
    assert (said["joint"]["freed"], said["joint"]["newly"]) == (hit, 0)
    pair = said["pairs"][0]
    assert ({pair["first"], pair["second"]}, pair["together"]) == ({"lists.one", "lists.two"}, hit)
    assert f"{hit:,} by leaving out lists.one and lists.two" in " ".join(" ".join(left_out_page(said)).split())
    assert leave_out(run, threads=1) == said


def test_the_command_prints_eighty_columns_and_no_speech(run: Path) -> None:
    done = call("compare", run, "--rules", "--quiet")
    assert done.code == 0, done.err
    assert max(map(len, done.out.splitlines())) <= 80
    assert "Synthetic city, no real people" in " ".join(done.out.split())
    said = json.loads(call("compare", run, "--rules", "--quiet", "--json").out)
    assert set(said["groups"][0]) == {
        "name", "elements", "freed", "newly", "wrongly", "through", "refused", "lost_days", "places_lost", "jobs_lost",
    }  # fmt: skip
    assert not any("speech" in key or "loyal" in key for key in said["groups"][0])


def test_an_element_out_of_force_does_nothing(tmp_path: Path) -> None:
    policy = left_out(load_policy("court-list-2017"), ["lists.refusal"])
    path = tmp_path / "court-list-2017.policy.yaml"
    path.write_text(spliced_text(policy))
    setup = resolve(scenario_for([str(path)], size=1500, seed=5, last_day=LAST))
    report = play_to_folder(setup, tmp_path / "run", threads=1)
    fired = report.manifest["fired"]["court-list-2017"]
    assert fired["lists.refusal"]["times"] == 0
    triggers = {name: str(item.trigger) for name, item in policy.measures.items()}
    alone = [name for name, text in triggers.items() if "refusal" in text and "spending" not in text]
    assert alone and all(fired[f"measures.{name}"]["times"] == 0 for name in alone)
    with pytest.raises(KeyError, match=r"lists\.refusel"):
        left_out(load_policy("court-list-2017"), ["lists.refusel"])
    assert not any(each.startswith("procedure.") for group in groups_of(policy) for each in group.elements)
