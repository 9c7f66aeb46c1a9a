"""The page of headlines: current, whole, and true to the library's statuses."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from tests.cli.calls import call
from tests.house.tree import ROOT
from tests.report import made
from tests.report.renew import ranges

from vitropolis.model.assumptions import load_assumptions
from vitropolis.report import as_data, make_result
from vitropolis.report.headline_page import by_status, headline_data, headline_text, kept, measured, rests_on
from vitropolis.report.headlines import HEADLINES, QUESTIONS
from vitropolis.report.studies import Studies

PAGE = ROOT / "docs" / "headlines.md"
RENEW = "renew it: vitropolis odd --headlines > docs/headlines.md"


@cache
def data() -> dict[str, Any]:
    return headline_data(kept())


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf8") == headline_text(data()), RENEW


def test_every_headline_has_its_section_and_its_row() -> None:
    page = headline_text(data())
    assert re.findall(r"^`(\w+)`, ", page, re.MULTILINE) == list(HEADLINES)
    linked = re.findall(r"^\| \[[^\]]+\]\(#([\w-]+)\)", page, re.MULTILINE)
    assert linked == [name.replace("_", "-") for name in HEADLINES]
    assert re.findall(r'^<a id="([\w-]+)"></a>$', page, re.MULTILINE) == linked


def test_sections_are_sections_of_the_assumptions_and_none_is_out_of_sight() -> None:
    """A new section has to be given to the headlines that rest on it (`rests_on`)."""
    sections = {path.partition(".")[0] for path in load_assumptions("default").values()}
    named = {section for question in QUESTIONS for section in rests_on(question)}
    assert named <= sections


def test_statuses_are_read_and_not_written_down() -> None:
    values = load_assumptions("default").values()
    told = [each for row in data()["headlines"] for each in row["drivers"]]
    assert len(told) > 20
    for each in told:
        assert each["path"] in values, f"{each['path']} moved a headline and is no longer an assumption; play it again"
        assert each["status"] == values[each["path"]].status
    assert by_status(["assumed", "sourced", "assumed"]) == "1 sourced, 2 assumed"
    assert by_status([]) == "no values"


def test_speech_is_never_named_as_what_moves_a_headline() -> None:
    from vitropolis.study.drivers import unnamed

    hidden = unnamed(load_assumptions("default"))
    assert not {each["path"] for row in data()["headlines"] for each in row["drivers"]} & hidden


def test_the_kept_run_says_when_and_how() -> None:
    said = kept()
    assert said["command"] == "vitropolis run beijing-2018-press --filling middle --size 200k"
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", said["played_on"])
    assert said["residents"] == 200_000 and said["sets"] == 64
    page = headline_text(data())
    assert f"`{said['command']}`, played on {said['played_on']}" in page
    assert ("Some assumptions have changed since" in " ".join(page.split())) == (
        said["assumptions"]["digest"] != load_assumptions("default").digest
    )


def test_what_a_run_says_is_what_the_page_says() -> None:
    """A made run with a range and a driver for one headline."""
    setup = made.setup_of()
    manifest = made.manifest_of(setup) | {"call": ["vitropolis", "run", "x", "--out", "there", "--seed", "3"]}
    from datetime import date

    result = as_data(make_result(made.totals(setup), manifest, Studies(ranges(), {}, {}, {})))
    said = measured(result, manifest, date(2026, 1, 2))
    assert (said["command"], said["played_on"]) == ("vitropolis run x --seed 3", "2026-01-02")
    rows = {row["headline"]: row for row in headline_data(said, setup.plan.worlds[0])["headlines"]}
    hit = rows["hit_per_1000"]
    assert (hit["value"], hit["low"], hit["high"]) == (60.0, 41.3, 89.7)
    assert [(each["path"], each["status"]) for each in hit["drivers"]] == [("payers.fast.lowest", "calibrated")]
    assert "spillover" in hit["sections"] and "services" not in hit["sections"]
    assert "services" in rows["refusals_per_1000"]["sections"] and "redress" in rows["wrong_upheld"]["sections"]


def test_the_command(tmp_path: Path) -> None:
    done = call("odd", "--headlines")
    assert (done.code, done.err, done.out) == (0, "", PAGE.read_text(encoding="utf8"))
    said = json.loads(call("odd", "--headlines", "--json").out)
    assert said["schema"] == "vitropolis.headlines/1"
    assert [row["headline"] for row in said["headlines"]] == list(HEADLINES)
    assert call("odd", "--of", str(tmp_path)).err == "vitropolis: --of says whose headlines; add --headlines\n"
    assert call("odd", "--headlines", "--of", str(tmp_path)).code == 2
