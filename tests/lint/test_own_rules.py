"""Rules of a user's own: what they select, when they fire, and what a mistake in them is told with."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.lint.cases import AS_OF
from tests.lint.tiny import behaviour, measure, tiny

from vitropolis.base.errors import InputError
from vitropolis.lint.check import Options, check
from vitropolis.lint.own import load_rules
from vitropolis.lint.render import FORMATS, render

RULE = "  x: {title: t, severity: medium, given: $.feeds.*, fix: {remove: it}}"


def loaded(folder: Path, text: str) -> Any:
    file = folder / "mine.yaml"
    file.write_text(text)
    return load_rules(file)


def one(folder: Path, given: str, when: str = "") -> Any:
    more = f", when: {when}" if when else ""
    rule = f"{{title: t, severity: medium, given: {given!r}{more}, fix: {{remove: it}}}}"
    return loaded(folder, f"schema_version: 1\nrules:\n  x: {rule}\n")


def said(folder: Path, given: str, when: str = "", **sections: Any) -> list[tuple[str, str]]:
    """What one rule says: (kind, element) of each finding."""
    report = check(tiny(**sections), AS_OF, Options(), one(folder, given, when))
    return [(each.kind, each.outcome.element) for each in report.findings if each.rule == "OWN-x"]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("schema_version: 1\nrules: {}\n", ["2: rules: must have at least 1 entries, not 0"]),
        ("schema_version: 2\nrules:\n" + RULE, ["1: schema_version: `2` is not allowed (legal: 1)"]),
        ("schema_version: 1\nrules:\n" + RULE.replace("severity: medium", "severity: prohibited"),
         ["3: rules.x.severity: `prohibited` is not allowed (legal: high, medium, advice)"]),
        ("schema_version: 1\nrules:\n" + RULE.replace("{remove: it}", "{relabel: it}"),
         ["3: rules.x.fix.relabel: `relabel` cannot be a key here: "]),
        ("schema_version: 1\nrules:\n" + RULE.replace("title: t", "titel: t"),
         ["3: rules.x: `title` is missing", "3: rules.x.titel: unknown key `titel`; did you mean `title`?"]),
        ("schema_version: 1\nrules:\n" + RULE.replace("fix:", "when: {field: a, is: [b], declared: true}, fix:"),
         ["3: rules.x.when: write exactly one of is, has, at_least, at_most, declared, any_of, all_of, not"]),
        ("schema_version: 1\nrules:\n" + RULE.replace("fix:", "when: {field: a}, fix:"),
         ["3: rules.x.when: write exactly one of is, has, at_least, at_most, declared, any_of, all_of, not"]),
        ("schema_version: 1\nrules:\n" + RULE.replace("$.feeds.*", "'$['"),
         ["3: rules.x.given: is no JSONPath (RFC 9535): "]),
        ("schema_version: 1\nrules:\n" + RULE.replace("$.feeds.*", "feeds"),
         ["3: rules.x.given: is no JSONPath (RFC 9535): "]),
        ("schema_version: 1\nrules:\n" + RULE + "\n" + RULE.replace("  x:", "  y:").replace("$.feeds.*", "$.~"),
         ["4: rules.y.given: is no JSONPath (RFC 9535): "]),
        ("schema_version: 1\nrules:\n" + RULE.replace("$.feeds.*", "'$[?" + "(" * 2000 + "'"),
         ["3: rules.x.given: is no JSONPath (RFC 9535): "]),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_field(text: str, messages: list[str], tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        loaded(tmp_path, text)
    found = [str(message).removeprefix(f"{tmp_path / 'mine.yaml'}:") for message in caught.value.messages]
    assert len(found) == len(messages)
    assert [told for told, expected in zip(found, messages, strict=True) if not told.startswith(expected)] == []
    assert all("\n" not in told for told in found)


def test_what_selects_nothing_says_so_and_counts_for_nothing(tmp_path: Path) -> None:
    report = check(tiny(), AS_OF, Options(), one(tmp_path, "$.campaigns[?@.kind == 'accounts']"))
    (only,) = [each for each in report.findings if each.rule == "OWN-x"]
    assert (only.kind, only.counts) == ("informational", False)
    assert only.outcome.says == "`$.campaigns[?@.kind == 'accounts']` selects nothing in this policy"
    assert said(tmp_path, "$.nothing.at.all") == [("informational", "policy")]


def test_without_a_condition_it_fires_on_all_that_it_selects(tmp_path: Path) -> None:
    assert said(tmp_path, "$.feeds.*") == [("fail", "feeds.gates")]
    assert said(tmp_path, "$") == [("fail", "policy")]
    assert said(tmp_path, "$.feeds[?@.provenance == 'verified_record']") == [("fail", "feeds.gates")]


FIELDS: dict[str, Any] = {
    "behaviours": {"b": behaviour(points={"s": -10}, max_counted={"value": 3, "status": "assumed"}, uses_traits=["age"],
                                  definition_precise=False, counts_acts_since=date(2026, 1, 1))},
    "scores": {"s": {"start": {date(2026, 1, 1): 100}, "range": [0, 100], "bands": {"a": {"lower": 0}}}},
    "measures": {"m": measure({"kind": "any_of", "of": [{"kind": "records", "behaviours": ["b"], "count": 4}]},
                              fixed_days=None)},
}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "when", "kind"),
    [
        ("$.behaviours.b", "{field: kind, is: [contract_breach]}", "fail"),
        ("$.behaviours.b", "{field: kind, is: [virtue, opinion]}", "pass"),
        ("$.behaviours.b", "{field: gravity, is: [1]}", "fail"),
        ("$.behaviours.b", "{field: gravity, is: [true]}", "pass"),
        ("$.behaviours.b", "{field: definition_precise, is: [0]}", "pass"),
        ("$.behaviours.b", "{field: definition_precise, is: [false]}", "fail"),
        ("$.behaviours.b", "{field: counts_acts_since, is: ['2026-01-01']}", "fail"),
        ("$.behaviours.b", "{field: established_by, is: [report]}", "open"),
        ("$.behaviours.b", "{field: established_by, declared: false}", "fail"),
        ("$.behaviours.b", "{field: kind, declared: false}", "pass"),
        ("$.behaviours.b", "{field: uses_traits, has: [age]}", "fail"),
        ("$.behaviours.b", "{field: uses_traits, has: [age, sex]}", "pass"),
        ("$.behaviours.b", "{field: gravity, has: [age]}", "pass"),
        ("$.behaviours.b", "{field: kind, has: [contract]}", "pass"),
        ("$.behaviours.b", "{field: points, has: [s]}", "pass"),
        ("$.behaviours.b", "{field: points.s, at_most: -10}", "fail"),
        ("$.behaviours.b", "{field: points.s, at_least: -9}", "pass"),
        ("$.behaviours.b", "{field: max_counted, at_least: 3}", "fail"),
        ("$.behaviours.b", "{field: max_counted, at_least: 4}", "open"),  # a pass that would rest on an assumed value
        ("$.behaviours.b", "{field: kind, at_least: 1}", "pass"),
        ("$.measures.m", "{field: fixed_days, at_least: 10000}", "fail"),  # null is above every number
        ("$.measures.m", "{field: fixed_days, at_most: 10000}", "pass"),
        ("$.measures.m", "{field: fixed_days, is: [null]}", "fail"),
        ("$.measures.m.trigger.of[0]", "{field: count, at_least: 4}", "fail"),
        ("$.measures.m.trigger.of[0].count", "{is: [4]}", "fail"),
        ("$.behaviours.b.uses_traits[0]", "{is: [age]}", "fail"),
        ("$.behaviours.b.max_counted.status", "{is: [assumed]}", "fail"),
        ("$.scores.s.start", "{at_least: 100}", "fail"),
        ("$.behaviours.b", "{any_of: [{field: gravity, is: [4]}, {field: kind, is: [contract_breach]}]}", "fail"),
        ("$.behaviours.b", "{all_of: [{field: gravity, is: [4]}, {field: established_by, is: [report]}]}", "pass"),
        ("$.behaviours.b", "{all_of: [{field: gravity, is: [1]}, {field: established_by, is: [report]}]}", "open"),
        ("$.behaviours.b", "{not: {field: gravity, is: [4]}}", "fail"),
        ("$", "{field: procedure, declared: false}", "fail"),
    ],
)
def test_a_condition_is_judged_in_three_values(given: str, when: str, kind: str, tmp_path: Path) -> None:
    (found,) = said(tmp_path, given, when, **FIELDS)
    assert found[0] == kind


def test_what_is_written_below_a_value_is_found_by_its_date(tmp_path: Path) -> None:
    assert said(tmp_path, "$.scores.s.start['2026-01-01']", "{is: [100]}", **FIELDS) == [
        ("fail", "scores.s.start.2026-01-01")
    ]


def test_an_own_rule_only_adds(tmp_path: Path) -> None:
    plain, more = check(tiny(**FIELDS), AS_OF), check(tiny(**FIELDS), AS_OF, Options(), one(tmp_path, "$.feeds.*"))
    own = [each for each in more.findings if each.rule == "OWN-x"]
    assert [each for each in more.findings if each.rule != "OWN-x"] == list(plain.findings)
    assert len(own) == 1 and own[0].counts and own[0].severity == "medium"
    assert own[0].file == "tiny.policy.yaml" and own[0].line > 0
    few = check(tiny(**FIELDS), AS_OF, Options(profiles=("us",)), one(tmp_path, "$.feeds.*"))
    assert "OWN-x" in few.selected  # own rules are always selected
    assert "OWN-x" not in check(tiny(**FIELDS), AS_OF, Options(ignore=("OWN",)), one(tmp_path, "$.feeds.*")).selected


def test_the_words_of_its_author_are_in_every_format(tmp_path: Path) -> None:
    rule = "{title: gates feed it, severity: advice, given: $.feeds.*, why: we promised not to, ground: our charter"
    fix = "fix: {remove: the feed, publish: why}}"
    mine = loaded(tmp_path, f"schema_version: 1\nrules:\n  no_gates: {rule}, {fix}\n")
    report = check(tiny(), AS_OF, Options(select=("own",)), mine)
    for format in FORMATS:
        shown = render(report, format)
        assert "OWN-no-gates" in shown
        assert "gates feed it" in shown
    assert "our charter" in render(report, "text")
    assert "remove the feed; publish why" in render(report, "text")
