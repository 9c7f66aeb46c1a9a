# ruff: noqa: E501 (policy lines stand here as they are)
"""Two policies compared, element by element and in words."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.policy.texts import SMALL, changed, line_of, small

from vitropolis.policy import Policy, compared, comparison_data, comparison_lines, library, load_policy, load_text

NAMES = st.sampled_from(library())


def told(old: Policy, new: Policy, day: date | None = None) -> list[str]:
    return list(comparison_lines(compared(old, new, day)))


def test_equal_policies_differ_in_nothing() -> None:
    lines = told(small(), small())
    assert lines == [
        "from x: a small policy", f"     made of x.policy.yaml; content {small().digest[:16]}",
        "to   x: a small policy", f"     made of x.policy.yaml; content {small().digest[:16]}",
        "nothing differs",
    ]  # fmt: skip


def test_what_is_only_said_otherwise_is_counted_and_not_listed() -> None:
    other = small(
        ("title: a small policy", "title: the small policy"),
        ("title: a memorandum", "title: the memorandum"),
        ("term_days: 365", "term_days: {value: 365, status: sourced, reference: memo}"),
        ("charity: {feed", "charity: {note: why not, feed"),
    )
    assert told(small(), other)[4:] == ["nothing differs in what is decided", "only said otherwise: 4"]


def test_changed_values_are_told_in_words_by_date_and_place() -> None:
    other = small(
        ("term_days: 365", "term_days: {2021-01-01: null, 2021-05-01: {value: 3, unit: working_days}}"),
        ("points: {credit: 20}", "points: {credit: 30}, max_counted: null"),
        ("start: 1000", "start: 990"),
    )
    lines = told(small(), other)
    assert "  ~ behaviours.charity: points in credit: +20 -> +30; max counted: nothing said" in lines
    assert f"      -> no limit (x.policy.yaml:{line_of(SMALL, '  charity:')})" in lines
    text = " ".join(" ".join(lines).split())
    line = line_of(SMALL, "  black:")
    assert (
        f"~ lists.black: term days: 365 -> no end from 2021-01-01, then 3 working days from 2021-05-01 (x.policy.yaml:{line})"
        in text
    )
    assert f"~ scores.credit: start: 1000 -> 990 (x.policy.yaml:{line_of(SMALL, '    start:')})" in text
    assert lines[-1] == "elements: 0 removed, 0 added, 3 changed"


def test_removed_and_added_elements_are_told_as_policy_show_tells_them_with_what_they_bore_on() -> None:
    without = small(("  child: {carries: {kind: measure, measure: no_flights}, to: child}\n", ""), ("spillover:\n", ""))
    lines = told(small(), without)
    at = lines.index("Others who are hit")
    assert lines[at + 1 : at + 3] == [
        "  - spillover.child: measure `no_flights` also reaches child",
        "      no longer reached: child",
    ]
    assert "  + spillover.child: measure `no_flights` also reaches child" in told(without, small())
    fewer = load_text(changed(("points: {credit: -10}, max_counted: 80", "max_counted: 80")), "x.policy.yaml")
    said = " ".join(" ".join(told(small(), fewer)).split())
    assert "points in credit: -10 -> nothing said" in said
    assert "no longer reached: lists.black, measures.heating_discount, measures.no_flights, people and 1 more" in said


def test_a_trigger_is_told_as_a_clause_and_its_parts_where_only_they_differ() -> None:
    other = small(
        ("trigger: {kind: band, score: credit, bands: [aa]}", "trigger: {kind: score, score: credit, at_least: 1100}"),
        ("trigger: {kind: listed, lists: [black]}, action: {kind: deny}",
         "trigger: {kind: listed, lists: [black]}, action: {kind: price, factor: 2}"),
        ("kind: band, score: credit, bands: [b]", "kind: band, score: credit, bands: [b, a]"),
    )  # fmt: skip
    said = " ".join(" ".join(told(small(), other)).split())
    assert "trigger: in band aa of credit -> credit is 1100 or more" in said
    assert "~ measures.no_flights: action: refused -> at 2 times the price" in said
    assert "~ lists.black: trigger, bands: b -> b, a" in said


def test_on_a_day_only_what_holds_then_is_compared() -> None:
    dated = small(
        ("term_days: 365", "term_days: {2021-01-01: 365, 2021-05-01: 730}"),
        ("service: heating_bill", "service: heating_bill, ends_before: 2021-05-01"),
    )
    assert told(small(), dated, date(2021, 4, 30))[4:] == ["as both stand on 2021-04-30", "nothing differs"]
    after = told(small(), dated, date(2021, 5, 1))
    assert "  - measures.heating_discount: heating bill at 0.9 times the price if in band aa" in after
    assert any("term days: 365 -> 730 (" in line for line in after)
    early = small(("term_days: 365", "term_days: {2021-05-01: 730}"))
    assert any("term days: 365 -> nothing yet (" in line for line in told(small(), early, date(2021, 4, 30)))


def test_dates_that_do_not_show_in_a_clause_are_still_a_difference() -> None:
    rank = "trigger: {kind: any_of, of: [{kind: rank, score: credit, end: best, share: %s}]}"
    old, new = (
        small(("trigger: {kind: band, score: credit, bands: [aa]}", rank % share))
        for share in ("0.1", "{2021-01-01: 0.2, 2021-06-01: 0.1}")
    )
    said = " ".join(" ".join(told(old, new)).split())
    assert "in the best 10.0% by credit -> in the best 10.0% by credit (dated otherwise)" in said


def test_the_groups_stand_in_the_order_of_policy_show() -> None:
    found = compared(load_policy("court-list-2013"), load_policy("court-list-2017"))
    assert list(found.groups) == [
        "Who", "Records", "Lists", "Measures", "Others who are hit", "Redress", "Retention", "The rest",
    ]  # fmt: skip
    kinds = [each.kind for each in found.groups["Lists"]]
    assert kinds == ["removed"] * 2 + ["added"] * 3 + ["changed"]


@settings(max_examples=30, deadline=None)
@given(NAMES, NAMES)
def test_any_two_policies_compare_both_ways(one: str, other: str) -> None:
    old, new = load_policy(one), load_policy(other)
    there, back = compared(old, new), compared(new, old)
    assert all(len(line) <= 80 for line in comparison_lines(there))
    assert there.counts["removed"] == back.counts["added"] and there.counts["changed"] == back.counts["changed"]
    assert there.only_said == back.only_said
    assert (one == other) == comparison_data(there)["equal"]
    for change in (each for group in there.groups.values() for each in group):
        assert all(field.old != field.new for field in change.fields)
        assert (change.kind == "changed") == bool(change.fields)


@pytest.mark.parametrize("name", ["court-list-2017", "rongcheng-2021"])
def test_what_is_compared_names_the_files_where_it_was_last_written(name: str) -> None:
    base = load_policy(name)
    over = load_text(f"schema_version: 1\nextends: {name}\nretention: {{adverse_days: 77}}\n", "over.policy.yaml")
    assert over.id == "over"
    (group,) = compared(base, over).groups.values()
    (field,) = group[0].fields
    assert (field.words, field.new, field.file, field.line) == ("adverse days", "77", "over.policy.yaml", 3)
