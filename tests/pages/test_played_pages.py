"""Pages of a run that was really played: the same numbers as its other outputs; the commands that write files."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.cli.calls import call
from tests.pages.shown import Parts, whole

from vitropolis.pages import figures_of, life_view, written
from vitropolis.report import Result, result_of
from vitropolis.results import open_run
from vitropolis.results.life import life_of
from vitropolis.results.reader import OpenRun

WORLD = "beijing-2018-press-harsh"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> OpenRun:
    """Ten weeks of the harsh filling on 2,000 residents."""
    folder = tmp_path_factory.mktemp("pages") / "run"
    call("doctor", "--quiet")
    words = ("--filling", "harsh", "--size", "2k", "--from", "2020-06-01", "--to", "2020-08-09")
    assert call("run", "beijing-2018-press", *words, "--out", folder, "--quiet").code == 0
    return open_run(folder)


@pytest.fixture(scope="module")
def result(run: OpenRun) -> Result:
    return result_of(run.folder, run.manifest, run.setup.plan)


def test_the_course_ends_where_the_headlines_stand(result: Result) -> None:
    now = result.headline("hit_now_per_1000", WORLD)
    row, twin = (next(each for each in result.tables.course if each.world == name) for name in (WORLD, "none"))
    assert now is not None and (row.hit[-1], row.enrolled[-1]) == (now.numerator, now.denominator)
    assert row.weeks[-1] == result.last_day and len(row.weeks) == len(row.hit) == 10
    assert all(
        own_wrong <= own <= hit for own_wrong, own, hit in zip(row.own_wrongly, row.own_account, row.hit, strict=True)
    )
    assert set(twin.hit) == {0}


def test_scores_hold_every_enrolled_resident_at_their_points(run: OpenRun, result: Result) -> None:
    assert run.checkpoint is not None
    row = next(row for row in result.tables.scores if row.world == WORLD)
    points, ever = (np.asarray(run.checkpoint.array(name)) for name in ("score_0", "visited_0"))
    enrolled = result.tables.course[0].enrolled[-1]
    assert sum(row.people) == enrolled == (ever != 0).sum()
    counts = np.bincount(points[ever != 0] - row.lowest, minlength=len(row.people))
    assert counts.tolist() == row.people


def test_weeks_of_stays_agree_with_the_days_that_are_told(result: Result) -> None:
    for row in result.tables.survival:
        assert row.by_week[0] == 1 or row.began == 0
        assert row.by_week == sorted(row.by_week, reverse=True)
        if "30" in row.still_on and len(row.by_week) > 5:
            assert row.by_week[5] <= row.still_on["30"] <= row.by_week[4]


@pytest.mark.parametrize("pick", ["wrong-fact", "random"])
def test_a_life_says_every_entry_of_both_worlds(run: OpenRun, pick: str) -> None:
    life = life_of(run, pick=pick)
    parts = Parts(life_view(run, life).html)
    assert parts.wrong == parts.open == []
    dates = {attrs["datetime"] for name, attrs in parts.found if name == "time"}
    assert dates == {run.setup.plan.date(entry.day).isoformat() for entry in life.entries}
    for entry in life.entries:
        if entry.world == life.worlds[0]:
            assert " ".join(entry.text.removeprefix("record: ").split()) in parts.text
            assert entry.element in parts.text
    assert life.ends[life.worlds[0]].words() in parts.text


def test_one_file_holds_the_report_and_opens_by_itself(run: OpenRun, tmp_path: Path) -> None:
    out = tmp_path / "x.html"
    done = call("report", run.folder, "-o", out, "--quiet")
    assert done.code == 0 and str(out) in done.out
    text = out.read_text(encoding="utf8")
    parts = Parts(text)
    assert parts.wrong == parts.open == [] and len(text.encode()) < 1_000_000
    links = {attrs["href"] for name, attrs in parts.found if name == "a"}
    assert links <= {f"#{attrs['id']}" for _, attrs in parts.found if "id" in attrs}
    names = [attrs["id"] for _, attrs in parts.found if "id" in attrs]
    assert len(names) == len(set(names))
    again = call("report", run.folder, "-o", out, "--quiet")
    assert again.code == 2 and "exists already" in again.err


def test_pictures_are_named_and_written(run: OpenRun, result: Result, tmp_path: Path) -> None:
    said = json.loads(call("figure", run.folder, "--list", "--json", "--quiet").out)
    assert [each["name"] for each in said["figures"]] == [figure.id for figure in figures_of(result)]
    starts = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}
    for kind, start in starts.items():
        out = tmp_path / f"x.{kind}"
        pytest.importorskip({"svg": "json", "png": "resvg_py", "pdf": "svglib"}[kind])
        assert call("figure", run.folder, "grounds", "-o", out, "--quiet").code == 0
        assert out.read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ground",), "is no picture of this folder; did you mean `grounds`?"),
        (("grounds", "-o", "x.gif"), "it must end with .svg, .png, .pdf"),
        (("grounds", "--width", "20"), "it must be 320 to 2000"),
        ((), "`--list` names those that this folder has"),
        (("grounds", "-o", "/nowhere/x.svg"), "/nowhere does not exist"),
    ],
)
def test_a_wrong_call_is_told_what_is_legal(run: OpenRun, words: tuple[str, ...], said: str) -> None:
    done = call("figure", run.folder, *words, "--quiet")
    assert done.code == 2 and said in done.err


@pytest.mark.parametrize(("kind", "module"), [("png", "resvg_py"), ("pdf", "svglib.svglib")])
def test_a_missing_library_is_named(kind: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from vitropolis.base.errors import ResourceError

    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ResourceError, match=f"a {kind} needs the package .* or take an svg"):
        written(figures_of(whole())[0], "png" if kind == "png" else "pdf")
