"""SARIF 2.1.0: what the standard asks of a log, checked by hand, and fingerprints that outlive edits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tests.lint.cases import AS_OF, HOME
from tests.lint.tiny import behaviour, measure, text

from vitropolis.lint.check import Options, Report, check
from vitropolis.lint.finding import SEVERITIES
from vitropolis.lint.grounds import grounds
from vitropolis.lint.own import load_rules
from vitropolis.lint.render import render
from vitropolis.lint.render.sarif import uri_of
from vitropolis.lint.rule import PROFILES
from vitropolis.policy import load_policy, load_text

LEVELS = {"prohibited": "error", "high": "error", "medium": "warning", "advice": "note", "review": "note"}
RANKS = {"prohibited": 95.0, "high": 75.0, "medium": 45.0, "advice": 15.0, "review": 5.0}
SOURCES = ("beijing-2018-press", "beijing-2018-press-harsh", str(HOME / "clean.policy.yaml"))


@cache
def report(source: str) -> Report:
    return check(load_policy(source), AS_OF)


@cache
def log(source: str) -> Any:
    return json.loads(render(report(source), "sarif", passes=True))


def run(source: str) -> dict[str, Any]:
    (only,) = log(source)["runs"]
    found: dict[str, Any] = only
    return found


def results(source: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run(source)["results"]
    return found


def locations(result: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every place that a result names."""
    yield from result["locations"]
    for flow in result.get("codeFlows", ()):
        for thread in flow["threadFlows"]:
            yield from (step["location"] for step in thread["locations"])


pytestmark = pytest.mark.parametrize("source", SOURCES, ids=lambda source: Path(source).name)


def test_the_log_is_of_the_version_and_one_run(source: str) -> None:
    assert log(source)["version"] == "2.1.0"
    assert log(source)["$schema"].endswith("sarif-schema-2.1.0.json")
    driver = run(source)["tool"]["driver"]
    assert driver["name"] == "vitropolis lint"
    assert run(source)["columnKind"] == "unicodeCodePoints"
    assert run(source)["invocations"] == [{"executionSuccessful": True, "exitCode": report(source).exit_code}]


def test_every_rule_is_listed_and_every_result_points_at_its_own(source: str) -> None:
    listed = run(source)["tool"]["driver"]["rules"]
    assert [each["id"] for each in listed] == [rule.id for rule in report(source).rules]
    for each in listed:
        assert each["shortDescription"]["text"].endswith(".")
        assert each["fullDescription"]["text"] and each["help"]["text"]
        assert each["name"].isidentifier()
        severity = each["properties"]["severity"]
        assert each["defaultConfiguration"] == {"level": LEVELS[severity], "rank": RANKS[severity]}
        assert set(each["properties"]["tags"]) <= set(PROFILES)
    assert results(source)
    assert [each for each in results(source) if listed[each["ruleIndex"]]["id"] != each["ruleId"]] == []


def test_only_a_fail_has_a_level(source: str) -> None:
    for each in results(source):
        severity = each["properties"]["severity"]
        assert severity in SEVERITIES
        assert each["kind"] in ("fail", "review", "open", "pass", "informational")
        assert each["level"] == (LEVELS[severity] if each["kind"] == "fail" else "none")
        assert each["rank"] == RANKS[severity]
        assert each["message"]["text"]


def test_every_finding_is_a_result(source: str) -> None:
    shown = [*report(source).shown, *report(source).passes]
    assert [each["partialFingerprints"] for each in results(source)] == [
        {"ruleElementWay/v1": finding.fingerprint} for finding in shown
    ]


def test_every_place_is_a_line_of_a_file_that_is_listed_by_its_hash(source: str) -> None:
    policy, artifacts = report(source).policy, run(source)["artifacts"]
    uris = [each["location"]["uri"] for each in artifacts]
    assert uris[: len(policy.chain)] == [uri_of(name) for name in policy.chain]
    names = dict(zip(uris, policy.chain, strict=False))
    for name, each in zip(policy.chain, artifacts, strict=False):
        assert each["hashes"] == {"sha-256": sha256(policy.text(name)).hexdigest()}
    for result in results(source):
        for place in locations(result):
            physical = place["physicalLocation"]
            where, region = physical["artifactLocation"], physical["region"]
            assert artifacts[where["index"]]["location"]["uri"] == where["uri"]
            line = policy.line(names[where["uri"]], region["startLine"])
            assert 1 <= region["startColumn"] <= len(line) + 1
            (logical,) = place["logicalLocations"]
            assert logical["fullyQualifiedName"] == "/" + logical["name"].replace(".", "/")


def test_ways_lead_through_lines_that_name_their_elements(source: str) -> None:
    policy, seen = report(source).policy, 0
    for result in results(source):
        for flow in result.get("codeFlows", ()):
            (thread,) = flow["threadFlows"]
            steps = [step["location"] for step in thread["locations"]]
            assert steps[0]["logicalLocations"][0]["name"].startswith(("feeds.", "measures.", "lists.", "spillover."))
            for step in steps:
                element = step["logicalLocations"][0]["name"]
                assert step["message"]["text"].startswith(element)
                line = policy.line(policy.source.file_of(element), step["physicalLocation"]["region"]["startLine"])
                assert element.rpartition(".")[2] in line
                seen += 1
    assert seen > 0


def test_law_is_listed_as_taxonomies_that_every_reference_resolves_to(source: str) -> None:
    bodies = run(source)["taxonomies"]
    supported = run(source)["tool"]["driver"]["supportedTaxonomies"]
    assert [each["name"] for each in supported] == [each["name"] for each in bodies]
    named = [link["target"] for rule in run(source)["tool"]["driver"]["rules"] for link in rule["relationships"]]
    named += [taxon for each in results(source) for taxon in each["taxa"]]
    assert named
    for each in named:
        body = bodies[each["toolComponent"]["index"]]
        assert body["name"] == each["toolComponent"]["name"]
        assert body["taxa"][each["index"]]["id"] == each["id"]
        assert grounds()[each["id"]].body == body["name"]


def test_nothing_is_offered_that_would_change_a_policy(source: str) -> None:
    assert [each for each in results(source) if "fixes" in each] == []


def test_the_same_finding_is_not_told_twice(source: str) -> None:
    found = [each["partialFingerprints"]["ruleElementWay/v1"] for each in results(source)]
    assert [each["ruleId"] for each in results(source)
            if found.count(each["partialFingerprints"]["ruleElementWay/v1"]) > 1] == []  # fmt: skip


@pytest.fixture
def posts(source: str) -> dict[str, Any]:
    if source != SOURCES[0]:
        pytest.skip("says nothing of a library policy")
    return {
        "behaviours": {"posts": behaviour(conduct=["online_criticism"], kind="opinion"), "b": behaviour()},
        "measures": {"ban": measure({"kind": "records", "behaviours": ["posts"]}),
                     "toll": measure({"kind": "records", "behaviours": ["posts"]}, {"kind": "price", "factor": 2})},
    }  # fmt: skip


def prints(written: str, name: str = "tiny.policy.yaml") -> dict[tuple[str, str], str]:
    """The fingerprint of every finding, by rule and element."""
    found = check(load_text(written, name), AS_OF).findings
    return {(each.rule, each.outcome.element): each.fingerprint for each in found}


def test_a_fingerprint_outlives_new_lines_new_titles_and_new_numbers(posts: dict[str, Any]) -> None:
    plain = prints(text(**posts))
    assert prints("# a comment\n\n\n" + text(**posts)) == plain
    assert prints(text(**posts, head={"title": "said otherwise"})) == plain
    posts["measures"]["ban"] |= {"title": "a ban", "note": "said otherwise"}
    posts["measures"]["toll"]["action"] = {"kind": "price", "factor": 3}
    assert prints(text(**posts)) == plain
    assert prints(text(**posts), "other.policy.yaml".replace("other", "tiny")) == plain


def test_fingerprints_of_different_elements_and_ways_differ(posts: dict[str, Any]) -> None:
    plain = prints(text(**posts))
    assert len(set(plain.values())) == len(plain)
    posts["measures"]["ban"]["trigger"] = {"kind": "records", "behaviours": ["b"]}
    moved = prints(text(**posts))
    key = ("AIA-5c-2", "measures.ban")
    assert key in plain and key in moved
    assert moved[key] != plain[key]


def test_a_suppressed_finding_says_so_in_the_words_of_the_standard(posts: dict[str, Any]) -> None:
    held = {"rule": "HR-19-1", "element": "behaviours.posts", "reason": "r", "by": "b", "expires": date(2030, 1, 1)}
    data = json.loads(render(check(load_text(text(**posts, suppressions=[held]), "tiny.policy.yaml"), AS_OF), "sarif"))
    found = [each for each in data["runs"][0]["results"] if each["ruleId"] == "HR-19-1"]
    assert found[0]["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "r (by b, until 2030-01-01)"}
    ]
    assert found[0]["properties"]["counts"] is False
    assert [each for each in data["runs"][0]["results"] if "suppressions" in each and each["ruleId"] != "HR-19-1"] == []


def test_a_rule_of_one_s_own_is_listed_like_the_others(posts: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    rule = "{title: t, severity: advice, given: $.feeds.*, fix: {remove: it}}"
    file.write_text(f"schema_version: 1\nrules: {{x_y: {rule}}}\n")
    made = check(load_text(text(**posts), "tiny.policy.yaml"), AS_OF, Options(select=("OWN",)), load_rules(file))
    (only,) = json.loads(render(made, "sarif"))["runs"]
    assert [each["ruleId"] for each in only["results"]] == ["OWN-x-y"]
    assert only["tool"]["driver"]["rules"][only["results"][0]["ruleIndex"]]["id"] == "OWN-x-y"
    assert only["results"][0]["level"] == "note"


def test_names_of_files_become_uris(posts: dict[str, Any], tmp_path: Path) -> None:
    assert uri_of("a b/ü#?.policy.yaml") == "a%20b/%C3%BC%23%3F.policy.yaml"
    assert uri_of(str(tmp_path / "a b.yaml")) == (tmp_path / "a b.yaml").as_uri()
