# ruff: noqa: E501 (messages stand here as they are)
"""Bad input: one clear message each, the documented exit code, and nothing left behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.calls import Done, call, nothing_left
from tests.policy.texts import SMALL

from vitropolis.policy import library

ALIAS = "anchors and aliases are not allowed; use `extends`"


def changed(old: str, new: str) -> bytes:
    """The small policy with one thing broken."""
    assert old in SMALL
    return SMALL.replace(old, new, 1).encode()


FILES: dict[str, tuple[bytes, list[str]]] = {
    "empty": (b"", [": the file is empty"]),
    "list": (b"- a\n- b\n", [":1: the top of the file is a list; it must be a mapping `key: value`"]),
    "binary": (bytes(range(256)), [":1: holds a NUL byte: not a text file"]),
    "noise": (b"\x1b[31m\xff\xfe" * 9, [":1: is not UTF-8 (byte 0xff); save the file as UTF-8"]),
    "unknown key": (
        changed("departments:", "departmens:\n  a: {title: b}\ndepartments:"),
        [":6: departmens: unknown key `departmens`; did you mean `departments`? (legal: extends, delete, schema_version, "
         "policy, references, operator, method, purpose, population, legal_basis, links, departments, feeds, behaviours, "
         "scores, lists, measures, spillover, campaigns, procedure, retention, sharing, assessments, governance, "
         "monitoring, suppressions)"],
    ),
    "duplicate key": (changed("departments:", "population: {}\ndepartments:"), [":6: key `population` stands here a second time"]),
    "tab": (changed("\n  office", "\n\toffice"), [":7: a tab stands in the indentation; use spaces"]),
    "tag": (
        b"policy: !!python/object/apply:os.system [touch here]\n",
        [":1: tags are not allowed: `!!python/object/apply:os.system`"],
    ),
    "brackets": (b"a: " + b"[" * 20_000, [":1: is nested deeper than 20 levels"]),
    "alias bomb": (b"a: &a [x, x]\nb: [*a, *a]\n", [f":1: {ALIAS}", f":2: {ALIAS}", f":2: {ALIAS}"]),
    "latin-1": (changed("title: Office", "title: B\u00fcro").decode().encode("latin-1"), [":7: is not UTF-8 (byte 0xfc); save the file as UTF-8"]),
    "negative cap": (
        changed("max_counted: 80", "max_counted: -1"),
        [":14: behaviours.fare_dodging.max_counted: must be at least 1, not `-1`"],
    ),
    "no such day": (
        changed("as_of: 2021-01-01", "as_of: 2018-13-01"),
        [":2: `2018-13-01` is not a date (month must be in 1..12); write YYYY-MM-DD"],
    ),
    "overlap": (
        changed("a: {lower: 960}", "a: {lower: 960, upper: 1100}"),
        [":22: scores.credit.bands.a.upper: bands `a` and `aa` overlap: 1100 against 1030; bands are half-open, `upper` is "
         "the first score above"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content, said = FILES[name]
    file = tmp_path / "x.policy.yaml"
    file.write_bytes(content)
    monkeypatch.chdir(tmp_path)
    with nothing_left(tmp_path):
        done = call("run", file, "--size", "1k")
    assert done == Done(3, "", "".join(f"vitropolis: {file}{line}\n" for line in said))


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "x.policy.yaml"
    with file.open("wb") as stream:
        stream.truncate(500_000_000)
    assert call("run", file) == Done(3, "", f"vitropolis: {file}: has 500,000,000 bytes; at most 2,000,000 are read\n")


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "x.policy.yaml"
    assert call("run", file) == Done(3, "", f"vitropolis: {file}: there is no such file\n")
    assert call("run", f"{tmp_path}/") == Done(3, "", f"vitropolis: {tmp_path}: is a folder, not a file\n")
    scenario = tmp_path / "x.scenario.yaml"
    assert call("run", scenario) == Done(3, "", f"vitropolis: {scenario}: there is no such file\n")


CALLS = [
    (["bejing-2018-press"],
     "`bejing-2018-press` is not a policy of the library; did you mean `beijing-2018-press`? (legal: "
     f"{', '.join(library())})"),
    (["none"], "`none` is no policy of its own; run a policy: its twin `none` is played by itself"),
    ([""], "the policy's name is empty (see `vitropolis policy list`)"),
    (["x" * 5000], "the policy's name has 5,000 characters; at most 150 are taken"),
    (["rongcheng-2021", "--size", "10G"], "--size: `10G` is no size: a city has 1,000 to 100,000,000 residents, not 10,000,000,000"),
    (["rongcheng-2021", "--size", "abc"],
     "--size: `abc` is no size (legal: full, 2M, 200k, 20k, auto, or a number such as 50000, 50k, 1.5M)"),
    (["rongcheng-2021", "--from", "2018-13-01"], "`2018-13-01` is not legal for --from: month must be in 1..12; write YYYY-MM-DD"),
    (["rongcheng-2021", "--to", "2021-02-30"], "`2021-02-30` is not legal for --to: there is no such day; write YYYY-MM-DD"),
    (["rongcheng-2021", "--to", "soon"], "`soon` is not legal for --to: it must be a date YYYY-MM-DD"),
    (["rongcheng-2021", "--from", "2022-02-01", "--to", "2022-01-01"], "--to 2022-01-01 comes before --from 2022-02-01"),
    (["rongcheng-2021", "--to", "2017-01-01"], "--to: the last day 2017-01-01 comes before the first, 2018-10-20"),
    (["rongcheng-2021", "--from", "2021-01-01", "--to", "2099-01-01"], "a run has 1 to 8,000 days, not 28,490"),
    (["rongcheng-2021", "--filling", "harsh"], "`rongcheng-2021` has no fillings; leave out --filling"),
    (["beijing-2018-press", "--filling", "hash"],
     "`hash` is not legal for --filling; did you mean `harsh`? (legal: lenient, middle, harsh, all)"),
    (["rongcheng-2021", "--threads", "0"], "`0` is not legal for --threads: it must be 1 to 1,024"),
    (["rongcheng-2021", "--chunk", "63"], "`63` is not legal for --chunk: it must be 64 to 32,768"),
    (["rongcheng-2021", "--seed", str(1 << 64)], f"`{1 << 64}` is not legal for --seed: it must be 0 to 2^64 - 1"),
    (["rongcheng-2021", "--assumptions", "defalt"],
     "`defalt` is not a set of assumptions of the library; did you mean `default`? (legal: covid, default, or a path)"),
    (["rongcheng-2021", "--city", "bejing"],
     "`bejing` is not a city of the library; did you mean `beijing`? (legal: beijing, or a path)"),
    (["rongcheng-2021", "--progress", "josn"],
     "`josn` is not legal for --progress; did you mean `json`? (legal: auto, bar, plain, json, none)"),
    (["rongcheng-2021", "--sizee", "1k"],
     "`--sizee` is not an option of `vitropolis run`; did you mean `--size`? (see `vitropolis run --help`)"),
    (["rongcheng-2021", "--out", "."], "--out . exists already; name a new folder"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"), CALLS, ids=lambda part: " ".join(part)[:40] if isinstance(part, list) else ""
)
def test_a_bad_call(words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("run", *words) == Done(2, "", f"vitropolis: {said}\n")
    assert list(tmp_path.iterdir()) == []


def test_a_size_that_cannot_fit_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("vitropolis.engine.played.free_memory", lambda: 1_000_000_000)
    done = call("run", "rongcheng-2021", "--size", "full")
    assert (done.code, done.out) == (5, "")
    assert "vitropolis: 21,893,095 residents need about " in done.err
    assert done.err.endswith(" of memory, 1.0 GB are free; choose a smaller --size\n")
    assert list(tmp_path.iterdir()) == []


def test_control_characters_are_shown_not_sent(tmp_path: Path) -> None:
    done = call("run", tmp_path / "a\x1b[2J.policy.yaml")
    assert done == Done(3, "", f"vitropolis: {tmp_path}/a\\x1b[2J.policy.yaml: there is no such file\n")
    assert call("run", b"\xff.policy.yaml".decode("utf8", "surrogateescape")).code == 3


def test_an_error_is_a_record_where_progress_is_json() -> None:
    done = call("run", "rongcheng-2021", "--size", "abc", "--progress", "json")
    assert done.code == 2
    assert done.err.startswith('{"phase": "failed", "date": null, "fraction": 0.0, "text": "--size: `abc` is no size')
    assert done.err.endswith('"exit_code": 2}\n')
