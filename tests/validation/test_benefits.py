"""The page of benefits: current in its words, whole, true to the numbers it is made from; the long test plays it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from tests.house.tree import ROOT

from vitropolis.model.assumptions import load_assumptions
from vitropolis.policy import load_policy
from vitropolis.validation import benefits
from vitropolis.validation.benefits import MIDAS, ROWS, SETS, SYSTEMS, page, text_of
from vitropolis.validation.measured import AS_WRITTEN, Found, played
from vitropolis.validation.words import HEAD, SOURCES, TAIL

PAGE = ROOT / "docs" / "benefits.md"
RENEW = "renew it: python -m vitropolis.validation.benefits > docs/benefits.md"
MADE = Found(
    covered=1000, years=2.0, findings=200, wrong=180, dropped=3, objections_upheld=4, appeals=20, appeals_wrong=18,
    taken_back=12, stood=4, left_by_paying=90, left_by_appeal=11, doors=7,
)  # fmt: skip
NOTHING = replace(MADE, findings=0, wrong=0, appeals=0, appeals_wrong=0, taken_back=0, stood=0, left_by_paying=0)


def made(one: Found, *others: Found) -> dict[str, dict[str, Found]]:
    named = {AS_WRITTEN: one} | {f"other {place}": other for place, other in enumerate(others)}
    return {system.policy: named for system in SYSTEMS}


def table(text: str) -> list[list[str]]:
    """The cells of every row about a published number."""
    part = text.partition("## Beside what was published")[2].partition("## What became")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line[:3] == "| `"]


def test_numbers_follow_from_counts() -> None:
    assert (MADE.wrong_share, MADE.stood_share, MADE.appealed_share) == (0.9, 0.25, 0.1)
    assert (MADE.unappealed_wrong, MADE.a_year, MADE.times_right, MADE.paid_share) == (0.9, 90.0, 10.0, 0.45)


def test_cities_are_added_up() -> None:
    both = MADE + replace(MADE, findings=100)
    assert (both.findings, both.covered, both.years, both.stood) == (300, 2000, 2.0, 8)
    assert (MADE + MADE).a_year == MADE.a_year


def test_a_row_has_the_number_and_its_range() -> None:
    rows = table(page(made(MADE, replace(MADE, wrong=100), replace(MADE, wrong=190)), 5000))
    assert len(rows) == len(ROWS)
    assert rows[0][3:5] == ["90.0 %", "50.0 % to 95.0 %"]
    assert rows[1][3:5] == ["25.0 %", "25.0 % to 25.0 %"]


def test_what_is_wrong_is_written_from_the_numbers() -> None:
    far = page(made(MADE), 5000)
    assert "25.0 % in the model (25.0 % to 25.0 %), 8.0 % observed: inside the range, chance of some 22 points" in far
    assert "as written the courts believe the machine too often" not in far  # 16 answers are few
    many = replace(MADE, findings=20000, wrong=18000, appeals=2000, stood=400, taken_back=1200)
    assert "as written the courts believe the machine too often, at no end of the range so few" in page(
        made(many), 5000
    )
    near = page(made(MADE, replace(MADE, stood=0), replace(MADE, wrong=190), replace(MADE, wrong=100)), 5000)
    assert "90.0 % in the model (50.0 % to 95.0 %), 93.0 % observed: inside the range" in near
    assert "Of 200 findings 20 were appealed, since nobody is told, and 16 of these answered" in far


def test_nothing_found_is_said_and_not_a_number() -> None:
    text = page(made(NOTHING), 1000)
    assert "nan" not in text
    assert "No appeal was answered." in text
    assert text_of(ROWS[0], float("nan")) == "none"


def test_the_kept_page_has_the_words_of_the_module() -> None:
    """The numbers are held by the long test."""
    kept = PAGE.read_text(encoding="utf8")
    assert kept.startswith(HEAD) and TAIL in kept and kept.endswith(SOURCES + "\n"), RENEW
    assert "200,000 synthetic residents" in kept
    fixed = [(row[:3], row[5]) for row in table(page(made(MADE), 200_000))]
    assert [(row[:3], row[5]) for row in table(kept)] == fixed, RENEW


def test_sources_cited_are_listed_and_the_other_way_round() -> None:
    body, _, listed = PAGE.read_text(encoding="utf8").partition("\n## Sources\n")
    assert set(re.findall(r"\[([a-z]+)\](?!\()", body)) == set(re.findall(r"^\| \[(\w+)\]", listed, re.MULTILINE))


def test_it_is_called_validation() -> None:
    text = PAGE.read_text(encoding="utf8")
    assert "This page is\n**validation**" in text
    assert "(reality.md)" in text and (PAGE.parent / "reality.md").is_file()


def test_every_set_moves_values_that_exist_and_findings_name_lists() -> None:
    held = load_assumptions("default")
    for each in SETS:
        assert each.at(held, True).values() != each.at(held, False).values()
    for system in SYSTEMS:
        policy = load_policy(system.policy)
        assert policy.lists[system.finding].polarity == "black"
        assert policy.starts_on is not None and policy.starts_on <= system.first
        assert policy.policy.as_of >= system.last


def test_a_system_played_small() -> None:
    found = played(replace(MIDAS, seeds=1), SETS[:1], 2000, threads=1)
    assert list(found) == [AS_WRITTEN, "comparing, low", "comparing, high"]
    low, usual, high = (found[name] for name in ("comparing, low", AS_WRITTEN, "comparing, high"))
    assert 0 < usual.findings < high.findings and low.findings <= usual.findings
    assert usual.wrong <= usual.findings and usual.covered == high.covered
    assert usual.left_by_paying > 0


@pytest.mark.parametrize("words", [["--sise", "2k"], ["--size", "full"], ["--size", "few"], ["2k"]])
def test_what_is_no_size_is_refused(words: list[str], capsys: Any) -> None:
    assert benefits.main(words) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1


@pytest.mark.long
def test_the_page_is_what_the_command_prints(capsys: Any) -> None:
    assert benefits.main() == 0
    assert capsys.readouterr().out == PAGE.read_text(encoding="utf8"), RENEW
