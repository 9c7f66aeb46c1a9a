"""The printed report: as a reader sees it, at 80 columns, for every shape of run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.report import made
from tests.report.renew import FIRED, NAME, page, ranges

from vitropolis.base.mark import MARK
from vitropolis.report import Totals, as_data, make_result, page_of, report_lines
from vitropolis.report.figures import counted, one_in, percent, span, spoken
from vitropolis.report.page import Page
from vitropolis.report.studies import NONE, Studies

PAGE = Path(__file__).with_name("page.txt")
SHAPES = [("middle", NAME, True), ("all", NAME, True), ("all", NAME, False), (None, "rongcheng-2021", True),
          (None, "rongcheng-2021", False), (None, "court-list-2017", True)]  # fmt: skip
CURVE = {"schema": "vitropolis.study.curve/1", "size": 20_000, "worlds": {NAME: [
    {"target": 0.0001, "wrongly_hit_per_wrong_record": 5.0, "share": 0.00011, "wrongly_hit_per_1000": 1},
    {"target": 0.01, "wrongly_hit_per_wrong_record": None, "share": None, "wrongly_hit_per_1000": 9}]}}  # fmt: skip
CHANNELS = {"schema": "vitropolis.study.channels/1", "size": 20_000, "worlds": {NAME: {"ratio_hit_age": {
    "base": 2.0, "difference": {"exposure": 0.5, "spillover": -0.1, "error": None, "redress": 0.001}}}}}  # fmt: skip
WITHOUT = {"schema": "vitropolis.study.nodeterrence/1", "size": 10_000,
           "worlds": {NAME: {"avoided_per_1000": 3.1}}}  # fmt: skip


def lines(filling: str | None, policy: str, twin: bool, studies: Studies = NONE, **more: Any) -> list[str]:
    setup = made.setup_of(policy, filling, twin)
    said = make_result(made.totals(setup, FIRED, **more), made.manifest_of(setup), studies)
    return list(report_lines(said, "runs/x"))


def test_the_page_reads_as_it_did() -> None:
    """`page.txt` is what a reader sees of the made run, down to what it rests on; change it by eye."""
    assert page() == PAGE.read_text(encoding="utf8").splitlines()


@pytest.mark.parametrize(("filling", "policy", "twin"), SHAPES)
@pytest.mark.parametrize("studies", [NONE, Studies(ranges(), CURVE, CHANNELS, WITHOUT)], ids=["alone", "studied"])
def test_every_run_fits_80_columns_and_says_what_it_is(
    filling: str | None, policy: str, twin: bool, studies: Studies
) -> None:
    told = lines(filling, policy, twin, studies)
    assert [line for line in told if len(line) > 80 or line != line.rstrip()] == []
    assert MARK in told[0].lower()
    assert ("without it" in " ".join(told)) == twin
    text = " ".join(told)
    assert not re.search(r"rightly (black)?listed|blacklists \d|Beijing's plan", text)


def test_fillings_stand_side_by_side() -> None:
    told = lines("all", NAME, True)
    assert "People hit                              lenient     middle      harsh without it" in told
    assert "  at least once, of 1,000 enrolled           60         30         15          0" in told
    assert "Under filling harsh and assumptions default, 180 of the 20,000 synthetic" in told


def test_ranges_come_first() -> None:
    told = lines("middle", NAME, True, Studies(ranges(), CURVE, CHANNELS, WITHOUT))
    place = told.index(next(line for line in told if line.startswith("  at least once, of 1,000 enrolled")))
    assert told[place].split()[-4:] == ["41", "to", "90", "0"]
    assert told[place + 1].split() == ["as", "written", "60"]
    text = " ".join(" ".join(told).split())
    assert "hit: moved most by payers.fast.lowest (lowers it)" in text
    assert "the same, if nobody is deterred 3.1" in text
    assert "if of all records 1 in 9,100 were wrong 5 none (aimed at 1 in 100) were wrong" in text
    assert "one channel made level: exposure -0.50, spill-over +0.10" in text
    assert "No ranges" not in text
    assert "Played with 20,000 residents: other shares of wrong records, one channel made level." in text
    assert "Played with 10,000 residents: nobody deterred." in text


def test_without_ranges_the_page_says_which_command_gives_them() -> None:
    told = lines("middle", NAME, True)
    mine = " ".join(" ".join(told[told.index("What this rests on") : told.index("Go on with")]).split())
    assert (
        "No ranges: these numbers hold under the assumptions as written, and other assumptions move the headlines; "
        "`vitropolis ranges FOLDER` says how far, and which move them most."
    ) in mine
    assert "  vitropolis ranges runs/x             how far the numbers can move" in told
    assert "`vitropolis ranges FOLDER`" not in " ".join(lines("middle", NAME, True, Studies(ranges(), {}, {}, {})))


def test_people_wrongly_hit_are_split_in_two() -> None:
    told = lines("all", NAME, True)
    assert "    on their own account                     10          5        2.5          0" in told
    assert "    only through others                       2         1*       0.5*          0" in told
    text = " ".join(" ".join(told).split())
    assert "144 of them wrongly (120 on their own account, 24 only through others in the household)." in text
    alone = " ".join(" ".join(lines("middle", NAME, True, without=("ever_first_wrong_fact",))).split())
    assert "144 of them wrongly. People hit" in alone


def test_what_is_not_reached_or_has_no_value_is_explained() -> None:
    setup = made.setup_of()
    rows = made.stays(setup)
    rows["day_out"][2:] = -1
    held = made.totals(setup)
    other = Totals(setup.plan, 20_000, held.names, held.held, held.districts, rows, {})
    told = list(report_lines(make_result(other, made.manifest_of(setup)), "runs/x"))
    place = told.index("    not yet: fewer than half were off the list when the run ended")
    assert told[place - 1].split()[-2:] == ["not", "yet"]
    dash = "– no value: there is nobody, or nothing, to count or compare."
    assert dash not in told
    assert dash in lines("middle", NAME, True, Studies(ranges(), CURVE, CHANNELS, WITHOUT))


def test_sets_without_a_value_are_said_beside_the_range() -> None:
    """The median is not reached in 12 of 64 sets; its mark stays, for few listings are behind it."""
    told = lines("middle", NAME, True, Studies(ranges(), {}, {}, {}))
    place = told.index(next(line for line in told if line.startswith("  days on a list until half are out")))
    assert told[place].split()[-3:] == ["70", "or", "more*"]
    assert told[place + 1].split() == ["as", "written", "10*"]
    assert " ".join(told[place + 2].split()) == "not reached, of 64 sets 12"


def test_what_has_a_value_in_some_sets_only_is_shown() -> None:
    only = ranges()["headlines"]["hit_per_1000"][NAME] | {"low": 0.1, "high": 0.4, "undefined": 60}
    told = lines("middle", NAME, True, Studies(ranges(headlines={"objections_upheld": {NAME: only}}), {}, {}, {}))
    text = " ".join(" ".join(told).split())
    assert "objections before listing: upheld 10 to 40 % as written – no value, of 64 sets 60" in text


def test_large_counts_stay_apart_in_narrow_columns() -> None:
    assert [counted(number) for number in (0, 99_999_999, 123_456_789, 1_234_567_890)] == [
        "0", "99,999,999", "123 M", "1,235 M",
    ]  # fmt: skip
    setup = made.setup_of(filling="all")
    page = Page(make_result(made.totals(setup), made.manifest_of(setup)))
    assert page.row("acts", [counted(99_999_999)] * 3) == [f"{'  acts':<36}" + " 99,999,999" * 3]


def test_cells_too_wide_for_their_columns_stand_below_one_another() -> None:
    setup = made.setup_of(filling="all")
    page = Page(make_result(made.totals(setup), made.manifest_of(setup)))
    assert page.row("at least once", ["0.0041–0.0091", "1 to 2", "3 to 4"]) == [
        "  at least once", "    lenient: 0.0041–0.0091", "    middle: 1 to 2", "    harsh: 3 to 4",
    ]  # fmt: skip


def test_a_run_that_counts_little_says_little() -> None:
    gone = (*made.PEOPLE, *(f"service_{name}" for name in ("person_days", "requests", "refusals", "avoided")))
    told = lines("middle", NAME, True, without=tuple(name for name in gone if name != "enrolled"))
    assert "Under filling middle, this run does not say how many people are hit." in told
    assert not any(line.startswith("Services shut") for line in told)


def test_below_the_report_stand_the_facts_of_the_run() -> None:
    setup = made.setup_of()
    manifest = made.manifest_of(setup) | {"headline": {NAME: {"enrolled": 5}, "none": {"enrolled": 5}}}
    told = list(page_of(make_result(made.totals(setup), manifest), manifest, Path("runs/x")))
    below = told[told.index("This run") :]
    assert below[-2:] == ["folder: runs/x", "next:   vitropolis open runs/x"]
    assert sum(MARK in line.lower() for line in told) == 1
    assert not any("not played" in line for line in below)


def test_numbers_are_said_with_as_many_figures_as_they_deserve() -> None:
    assert [spoken(each) for each in (0, 0.01234, 6.144, 61.66, 616.6, 61_660, 1.0, 99.96, -3.256)] == [
        "0", "0.0123", "6.14", "61.7", "617", "61,700", "1", "100", "-3.26",
    ]  # fmt: skip
    assert [spoken(each, 2) for each in (6.144, 129.9, 0.0996)] == ["6.1", "130", "0.1"]
    assert percent(0.1234) == "12.3 %"
    assert (span(4.04, 9.1, ""), span(0.041, 0.09, "share"), span(2, 2.01, "")) == ("4 to 9.1", "4.1 to 9 %", "2")
    assert span(12_345, 67_890, "", 14) == "12,000–68,000"
    assert (one_in(0.0062), one_in(0), one_in(None)) == ("1 in 160", "none", "–")


def test_the_same_run_says_the_same() -> None:
    setup = made.setup_of()
    one, other = (make_result(made.totals(setup, FIRED), made.manifest_of(setup)) for _ in range(2))
    assert as_data(one) == as_data(other)
