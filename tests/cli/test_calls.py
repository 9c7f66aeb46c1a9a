# ruff: noqa: E501 (messages stand here as they are)
"""How the command line answers: help, versions, wrong calls, the two ways out, errors of every kind."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.cli.calls import Done, call, nothing_left, process

import vitropolis
from vitropolis.cli.app import COMMANDS, flags_last
from vitropolis.policy import library

HEAVY = {"h5netcdf", "h5py", "llvmlite", "numba", "numpy", "pandas", "polars", "pydantic", "scipy", "xarray"}
NAMES = [name for name, _, _ in COMMANDS]
HELPS = [
    [],
    *([name] for name in NAMES),
    ["policy", "list"],
    ["policy", "show"],
    ["policy", "diff"],
    ["city", "list"],
    ["city", "show"],
]


def test_help_names_every_command() -> None:
    done = call("--help")
    assert (done.code, done.err) == (0, "")
    found = [line.split()[1] for line in done.out.splitlines() if line.startswith("│ ") and line[2] not in " -"]
    assert found == NAMES
    assert "Synthetic city,\nno real people." in done.out
    assert call().out == done.out
    assert call("-h").out == done.out


@pytest.mark.parametrize("words", HELPS, ids=" ".join)
def test_every_help_is_light(words: list[str]) -> None:
    """Nothing heavy is loaded to say how a command is called: that is what makes it quick on any machine."""
    code = (
        "import sys; from vitropolis.cli import main; code = main(sys.argv[1:]);"
        " print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: vitropolis")
    assert set(done.stderr.split()) & HEAVY == set()
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.parametrize("words", [["--version"], ["run", "--version"]])
def test_version(words: list[str]) -> None:
    assert call(*words) == Done(0, f"vitropolis {vitropolis.__version__}\n", "")


def test_module_and_script_are_the_same() -> None:
    assert process("policy", "list") == process("policy", "list", module=False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["poliyc"], "`poliyc` is not a command of `vitropolis`; did you mean `policy`? (legal: " + ", ".join(NAMES) + ")"),
        (["policy", "shw"], "`shw` is not a command of `vitropolis policy`; did you mean `show`? (legal: list, show, diff)"),
        (["policy", "list", "--jsn"],
         "`--jsn` is not an option of `vitropolis policy list`; did you mean `--json`? (see `vitropolis policy list --help`)"),
        (["--jsn"], "`--jsn` is not an option of `vitropolis`; did you mean `--json`? (see `vitropolis --help`)"),
        (["policy", "show"], "`vitropolis policy show` needs NAME (see `vitropolis policy show --help`)"),
        (["policy", "show", "a", "b"],
         "`vitropolis policy show` does not know what to do with `b` (see `vitropolis policy show --help`)"),
        (["schema", "polcy"],
         "`polcy` is not legal for KIND; did you mean `policy`? (legal: policy, city, assumptions, scenario, result)"),
        (["city", "show", "beijing", "--seed", "x"],
         "`x` is not legal for --seed: it must be a whole number (see `vitropolis city show --help`)"),
        (["city", "show", "beijing", "--seed"], "`--seed` needs a value (see `vitropolis city show --help`)"),
        (["city", "show", "beijing", "--seed", "-1"], "`-1` is not legal for --seed: it must be 0 to 2^64 - 1"),
        (["city", "show", "bejing"], "`bejing` is not a city of the library; did you mean `beijing`? (legal: beijing, or a path)"),
        (["policy", "show", "rongcheng-2012"],
         "`rongcheng-2012` is not a policy of the library; did you mean `rongcheng-2021`? (legal: "
         f"{', '.join(library())})"),
        (["policy", "show", "none"], "`none` is no policy of its own; run a policy: its twin `none` is played by itself"),
        (["policy", "show", "court-list-2017", "--filling", "harsh"], "`court-list-2017` has no fillings; leave out --filling"),
        (["policy", "show", "beijing-2018-press", "--filling", "hash"],
         "`hash` is not legal for --filling; did you mean `harsh`? (legal: lenient, middle, harsh)"),
        (["policy", "show", "court-list-2017", "--on", "2018-13-01"],
         "`2018-13-01` is not legal for --on: month must be in 1..12; write YYYY-MM-DD"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_one_line_with_the_nearest_legal(words: list[str], said: str, tmp_path: Path) -> None:
    assert call(*words) == Done(2, "", f"vitropolis: {said}\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("abc", "`abc` is no size (legal: full, 2M, 200k, 20k, or a number such as 50000, 50k, 1.5M)"),
        ("ful", "`ful` is no size; did you mean `full`? (legal: full, 2M, 200k, 20k, or a number such as 50000, 50k, 1.5M)"),
        ("10G", "`10G` is no size: a city has 1,000 to 100,000,000 residents, not 10,000,000,000"),
        ("999", "`999` is no size: a city has 1,000 to 100,000,000 residents, not 999"),
        ("1.5", "`1.5` is no size: half a resident cannot be played (legal: full, 2M, 200k, 20k, or a number such as "
                "50000, 50k, 1.5M)"),
    ],
)  # fmt: skip
def test_a_wrong_size(text: str, said: str) -> None:
    assert call("city", "show", "beijing", "--size", text) == Done(2, "", f"vitropolis: --size: {said}\n")


def test_flags_may_stand_before_the_command() -> None:
    assert flags_last(["--json", "--quiet", "policy", "list"]) == ["policy", "list", "--json", "--quiet"]
    assert flags_last(["--json", "run", "--", "--x"]) == ["run", "--json", "--", "--x"]
    assert call("--json", "policy", "list") == call("policy", "list", "--json")


def test_lists_and_shows_in_words_fit_80_columns() -> None:
    for words in (["policy", "list"], ["policy", "show", "rongcheng-2021"], ["city", "list"]):
        done = call(*words)
        assert (done.code, done.err) == (0, "")
        assert max(map(len, done.out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("words", "schema"),
    [
        (["policy", "list"], "vitropolis.policies/1"),
        (["policy", "show", "beijing-2018-press"], "vitropolis.policy/1"),
        (["city", "list"], "vitropolis.cities/1"),
        (["city", "show", "beijing", "--size", "2k"], "vitropolis.city/1"),
    ],
)
def test_json_is_one_object_with_its_schema(words: list[str], schema: str) -> None:
    done = call(*words, "--json", "--quiet")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["schema"] == schema


def test_a_fillings_policy_is_shown() -> None:
    assert call("policy", "show", "beijing-2018-press", "--filling", "harsh") == call(
        "policy", "show", "beijing-2018-press-harsh"
    )


def test_city_show_meets_every_margin_and_says_what_it_is() -> None:
    done = call("city", "show", "beijing", "--size", "2k", "--seed", "5")
    assert done.err == "building 2,000 synthetic residents, seed 5\n"
    assert done.out.startswith(
        "Beijing, census of 2020: 2,000 synthetic residents, seed 5\nSynthetic city, no real people."
    )
    assert "CONTROLLED MARGINS (published; all met exactly)" in done.out
    assert call("city", "show", "beijing", "--size", "2k", "--quiet").err == ""


@pytest.mark.parametrize("kind", ["policy", "city", "assumptions", "scenario"])
def test_schemas_are_json_schema(kind: str) -> None:
    done = call("schema", kind)
    found = json.loads(done.out)
    assert (done.code, found["$schema"]) == (0, "https://json-schema.org/draft/2020-12/schema")
    assert found["title"] == f"vitropolis {kind}"
    assert found["properties"]


def broken(error: BaseException) -> Any:
    """A library of cities that fails."""

    def fail() -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (MemoryError(), 5, "out of memory: take a smaller --size, or fewer --threads"),
        (OSError(errno.ENOSPC, "No space left on device", "/there/x"),
         5, "no space left on the disk: /there/x; make room, or choose another place with --out"),
        (OSError("IO error: No space left on device (os error 28)"),
         5, "no space left on the disk; make room, or choose another place with --out"),
        (PermissionError(errno.EACCES, "Permission denied", "/there/x"),
         5, "no permission: /there/x; choose another place with --out, or change the rights"),
        (OSError(errno.ENAMETOOLONG, "File name too long", "x" * 9), 5, "File name too long: xxxxxxxxx"),
        (KeyboardInterrupt(), 130, "interrupted; nothing was kept"),
    ],
)  # fmt: skip
def test_what_the_machine_lacks_is_one_line(
    error: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vitropolis.city.show.list_lines", broken(error))
    assert call("city", "list") == Done(code, "", f"vitropolis: {said}\n")


def test_our_own_mistake_is_one_line_and_a_log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("vitropolis.city.show.list_lines", broken(KeyError("lost")))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = call("city", "list")
    assert (done.code, done.out) == (70, "")
    found = re.fullmatch(
        r"vitropolis: internal error \(KeyError: 'lost'\); this is our mistake: the traceback is in (\S+); please send it "
        r"to the project with what you typed\n",
        done.err,
    )
    assert found
    log = Path(found.group(1)).read_text(encoding="utf8")
    assert log.startswith(f"vitropolis {vitropolis.__version__}, Python ")
    assert "call: ['city', 'list']" in log
    assert "Traceback (most recent call last):" in log


def test_a_reader_who_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m vitropolis policy show beijing-2018-press | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[1:] == ["0"]
    assert done.stderr == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no full device")
def test_a_full_disk_under_standard_output_is_one_line() -> None:
    with open("/dev/full", "w") as full:
        call_ = [sys.executable, "-m", "vitropolis", "policy", "list"]
        done = subprocess.run(call_, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 5
    assert done.stderr == "vitropolis: no space left on the disk; make room, or choose another place with --out\n"


def test_colours_only_where_asked_for(tmp_path: Path) -> None:
    colourful = process("--help", FORCE_COLOR="1", TERM="xterm-256color")
    assert "\x1b[" in colourful.out
    assert "\x1b[3" not in process("--help", "--no-color", FORCE_COLOR="1").out
    assert "\x1b[3" not in process("--help", FORCE_COLOR="1", NO_COLOR="1").out
    with nothing_left(tmp_path):
        assert "\x1b[" not in process("--help", cwd=tmp_path).out


def test_two_policies_are_compared_in_words_and_as_json(tmp_path: Path) -> None:
    over = tmp_path / "no-child.policy.yaml"
    over.write_text(
        "schema_version: 1\nextends: beijing-2018-press\ndelete: [spillover.child_school]\n", encoding="utf8"
    )
    done = call("policy", "diff", "beijing-2018-press", over)
    assert (done.code, done.err) == (0, "")
    assert max(map(len, done.out.splitlines())) <= 80
    assert done.out.splitlines()[-5:] == [
        "Others who are hit",
        "  - spillover.child_school: measure `no_private_school` also reaches child",
        "      no longer reached: child",
        "",
        "elements: 1 removed, 0 added, 0 changed",
    ]
    said = json.loads(call("policy", "diff", "beijing-2018-press", over, "--json").out)
    assert (said["schema"], said["mark"]) == ("vitropolis.policy-diff/1", "synthetic city, no real people")
    assert said["new"]["chain"] == ["beijing-2018-press.policy.yaml", str(over)]
    assert said["groups"]["Others who are hit"][0]["no_longer_reached"] == ["relation.child"]
    assert call("policy", "diff", over, over).out.endswith("nothing differs\n")


def test_a_filling_is_taken_of_whichever_policy_has_fillings() -> None:
    one = call("policy", "diff", "beijing-2018-press", "rongcheng-2021", "--filling", "harsh", "--on", "2021-06-01")
    assert one == call("policy", "diff", "beijing-2018-press-harsh", "rongcheng-2021", "--on", "2021-06-01")
    assert "as both stand on 2021-06-01" in one.out
    none = call("policy", "diff", "court-list-2017", "rongcheng-2021", "--filling", "harsh")
    assert none == Done(2, "", "vitropolis: `court-list-2017` has no fillings; leave out --filling\n")
