"""`vitropolis verify`: what it prints, its exit code, and that every script is in the list and keeps to its form."""

from __future__ import annotations

import json
import re
from importlib import import_module

import pytest
from tests.cli.calls import call
from tests.house.tree import PACKAGE

from vitropolis.verification import inequality, known
from vitropolis.verification.known import NAMES, SCRIPTS
from vitropolis.verification.table import Case, exactly, within

FOLDER = PACKAGE / "verification"


def test_every_script_is_in_the_list() -> None:
    """A module that can be run alone is a script, but for what only helps others."""
    alone = {path.stem for path in FOLDER.glob("*.py") if 'if __name__ == "__main__"' in path.read_text("utf8")}
    assert alone == set(NAMES)
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("name", NAMES)
def test_every_script_has_its_cases_and_its_main(name: str) -> None:
    module = import_module(f"vitropolis.verification.{name}")
    assert callable(module.known) and callable(module.main)
    assert re.search(r"Source|Shows that|What can be|The switch-off", module.__doc__ or "")


@pytest.mark.parametrize("name", ["inequality", "hysteresis", "reputation", "degrees"])
def test_the_quick_ones_hold(name: str) -> None:
    done = call("verify", name)
    assert (done.code, done.err) == (0, f"1 of 1: {name} ...\n"), done.out
    assert done.out.startswith(f"{name}: ")
    assert max(map(len, done.out.splitlines())) <= 80
    assert "MISSED" not in done.out
    assert done.out.splitlines()[-1].endswith("all held")


def test_as_json() -> None:
    done = call("verify", "hysteresis", "inequality", "--json", "--quiet")
    assert done.code == 0 and done.err == ""
    said = json.loads(done.out)
    assert [each["name"] for each in said["scripts"]] == ["inequality", "hysteresis"]  # in the list's order
    assert said["missed"] == 0 and said["long"] is False
    case = said["scripts"][0]["cases"][0]
    assert set(case) == {"name", "published", "expected", "obtained", "tolerance", "held"}


def test_a_miss_is_told_and_makes_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inequality, "LOGNORMAL", ((0.25, 0.15),))
    done = call("verify", "inequality", "hysteresis")
    assert done.code == 1
    assert [line.split()[1:3] for line in done.out.splitlines() if "MISSED" in line and ":" in line] == [
        ["lognormal", "0.25"]
    ]
    assert done.out.splitlines()[-1] == "26 cases, 1 MISSED"
    assert json.loads(call("verify", "inequality", "--json").out)["missed"] == 1


def test_the_list_names_each_with_its_source() -> None:
    done = call("verify", "--list")
    assert (done.code, done.err) == (0, "")
    assert [line.split()[0] for line in done.out.splitlines() if not line.startswith(" ")] == list(NAMES)
    assert max(map(len, done.out.splitlines())) <= 80
    said = json.loads(call("verify", "--list", "--json").out)
    assert [each["source"] for each in said["scripts"]] == [script.source for script in SCRIPTS]


def test_a_name_that_is_none_is_refused() -> None:
    done = call("verify", "que")
    assert (done.code, done.out) == (2, "")
    said = "`que` is no script of known answers; did you mean `queue`?"
    assert done.err == f"vitropolis: {said} (legal: {', '.join(NAMES)})\n"


def test_cases_are_held_to_their_tolerance() -> None:
    assert within("", "", 1.0, 1.009, 0.01).holds and not within("", "", 1.0, 1.011, 0.01).holds
    assert exactly("", 7300, 7300).holds and not exactly("", 7300, 7301).holds
    assert Case("", "", 10, 13.9, 1).holds and not Case("", "", 10, 14.1, 1).holds
    assert Case("", "", 10, 13.9, 1).tolerance == 4


def test_a_script_that_is_not_there_cannot_be_listed() -> None:
    with pytest.raises(ModuleNotFoundError):
        list(known.Script("nothing", "", "").cases(full=False))


@pytest.mark.long
def test_all_hold_in_one_call() -> None:
    done = call("verify")
    assert done.code == 0, done.out
