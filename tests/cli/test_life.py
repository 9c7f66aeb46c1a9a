"""`life` and `export` from the command line: what they print, what they refuse."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.cli.calls import call, nothing_left

from vitropolis.base.mark import MARK

RUN = ("run", "beijing-2018-press", "--filling", "harsh", "--size", "2k", "--from", "2020-06-01", "--to", "2020-08-30")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("cli-life") / "run"
    assert call(*RUN, "--out", home, "--quiet").code == 0
    return home


def test_a_life_is_printed_within_80_columns(folder: Path) -> None:
    for options in ((), ("--worst",), ("--through-others",), ("--worst", "--pick", "3")):
        done = call("life", folder, *options, "--quiet")
        assert done.code == 0, done.err
        lines = done.out.splitlines()
        assert lines[0] == "Synthetic city, no real people: beijing with 2,000 residents, seed 1."
        assert all(len(line) <= 80 for line in lines if str(folder.parent)[:20] not in line)
        assert done.err == ""


def test_an_id_from_a_life_shows_the_same_life(folder: Path) -> None:
    first = call("life", folder, "--worst", "--quiet").out
    name = re.search(r"S-[0-9a-f]{8}-\d+", first)
    assert name is not None
    again = call("life", folder, "--id", name[0], "--quiet").out
    ledgers = [text[text.index("DATE") : text.index("Another:")] for text in (first, again)]
    assert ledgers[0] == ledgers[1]


def test_json_is_one_marked_object(folder: Path) -> None:
    done = call("life", folder, "--worst", "--json", "--quiet")
    data = json.loads(done.out)
    assert (data["schema"], data["mark"]) == ("vitropolis.life/1", MARK)
    assert data["worlds"] == ["beijing-2018-press-harsh", "none"]
    assert {"date", "world", "what", "text"} <= set(data["entries"][0])
    assert data["would_have_changed"][0]["difference"].startswith("without ")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("--worst", "--random"), "--random and --worst exclude one another; take one of them"),
        (("--worst", "--id", "S-1"), "--worst and --id exclude one another; take one of them"),
        (("--id", "Wang"), "`Wang` is not the id of a resident: ids of this run read S-"),
        (("--pick", "0"), "`0` is not legal for --pick: it must be 1 or more"),
        (("--worst", "--pick", "99999"), "--worst finds "),
        (("--child",), "--child finds nobody in the world beijing-2018-press-harsh (by lot among the children under 15 "
         "hit through others in the household); take --random, --wrong-fact, --worst, --through-others, --cannot-pay, "
         "or a larger run"),
        (("--child", "--worst"), "--worst and --child exclude one another; take one of them"),
        (("--world", "moon"), "`moon` is not legal for --world (legal: harsh, beijing-2018-press-harsh, none)"),
        (("--age", "35"), "--age"),
        (("--district", "Haidian"), "--district"),
    ],
)  # fmt: skip
def test_what_is_not_an_id_or_a_pick_is_refused_in_one_line(folder: Path, options: tuple[str, ...], text: str) -> None:
    with nothing_left(folder):
        done = call("life", folder, *options, "--quiet")
    assert (done.code, done.out) == (2, "")
    assert text in done.err
    assert len(done.err.splitlines()) == 1


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    for command in (("life", tmp_path), ("export", tmp_path, "--to", "csv")):
        done = call(*command, "--quiet")
        assert done.code == 2
        assert "is no run folder" in done.err


def test_an_export_says_what_it_wrote(folder: Path) -> None:
    done = call("export", folder, "--to", "csv", "--what", "headlines,residents", "--sample", "10", "--quiet")
    assert done.code == 0, done.err
    target = folder.parent / "run-csv"
    assert sorted(path.name for path in target.iterdir()) == [
        "README.txt", "headlines.synthetic.csv", "residents.synthetic.csv",
    ]  # fmt: skip
    assert done.out.splitlines()[-1] == f"written to: {target} (synthetic city, no real people)"
    data = json.loads(
        call(
            "export", folder, "--to", "parquet", "--out", folder.parent / "b", "--all-persons", "--json", "--quiet"
        ).out
    )
    assert (data["schema"], data["mark"]) == ("vitropolis.export/1", MARK)
    assert data["rows"]["residents.synthetic.parquet"] == 4000


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("--to", "xlsx"), "`xlsx` is not legal for --to"),
        (("--to", "csv", "--what", "list"), "`list` is not legal for --what; did you mean `lists`?"),
        (("--to", "csv", "--sample", "0"), "`0` is not legal for --sample: it must be 1 or more"),
        (("--to", "csv", "--sample", "5", "--all-persons"), "--sample and --all-persons exclude one another"),
        ((), "--to"),
    ],
)
def test_a_wrong_export_is_refused_in_one_line(folder: Path, options: tuple[str, ...], text: str) -> None:
    with nothing_left(folder.parent):
        done = call("export", folder, *options, "--quiet")
    assert (done.code, done.out) == (2, "")
    assert text in done.err
