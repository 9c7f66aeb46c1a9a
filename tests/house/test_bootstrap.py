"""Setting up: what goes wrong is one line that says what to do, with the exit code the Makefile passes on."""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path
from types import ModuleType

import pytest
from tests.house.tree import ROOT

SCRIPT = ROOT / "tools" / "bootstrap.py"
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def tool(tmp_path: Path) -> ModuleType:
    """Return the script as a module, in a copy of what it reads."""
    (tmp_path / "tools").mkdir()
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    for each in ("pyproject.toml", "tools/bootstrap.py"):
        shutil.copy(ROOT / each, tmp_path / each)
    spec = importlib.util.spec_from_file_location("bootstrap", tmp_path / "tools" / "bootstrap.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def last_line(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the last line said, and see that no traceback was."""
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said.splitlines()[-1]


def test_it_reads_on_old_pythons() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf8"), feature_version=(3, 4))
    newer = (ast.JoinedStr, ast.NamedExpr, ast.AnnAssign, ast.AsyncFunctionDef, ast.Match, ast.Starred)
    assert [node for node in ast.walk(tree) if isinstance(node, newer)] == []


def test_an_unsupported_python_says_which_is_needed(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tool, "OLDEST", (3, 98))
    monkeypatch.setattr(tool, "NEWEST", (3, 99))
    assert tool.main(["run", "--only-this-python"]) == 2
    line = last_line(capsys)
    assert "CPython 3.98 to 3.99 is needed" in line
    assert "make PYTHON=" in line


def test_another_supported_python_on_the_path_is_taken(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "python3.12"
    other.symlink_to(sys.executable)
    answers = {sys.executable: (False, "CPython 3.9.1"), str(other): (True, "CPython 3.12.1")}
    monkeypatch.setattr(tool, "supported", lambda python: answers.get(python, (False, "")))
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert tool.choose(False) == str(other)


def test_a_missing_venv_module_names_the_package(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    really = tool.call
    monkeypatch.setattr(tool, "call", lambda command: (1, "") if "ensurepip" in command[-1] else really(command))
    assert tool.main(["run"]) == 5
    assert "apt install python3-venv" in last_line(capsys)


def test_a_full_disk_is_refused_before_anything_is_written(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tool.shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 10**7))
    assert tool.main(["dev"]) == 5
    assert "10 MB free" in last_line(capsys)
    assert not Path(tool.VENV).exists()


def test_an_unwritable_folder_is_refused(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tool.os, "access", lambda path, mode: mode != os.W_OK and os.path.exists(path))
    assert tool.main(["run"]) == 5
    assert "cannot write to" in last_line(capsys)


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("ERROR: Could not install: [Errno 28] No space left on device", "make room"),
        (
            "WARNING: Retrying (Retry(total=1)) after\nERROR: No matching distribution found for numpy",
            "cannot be reached",
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the one the lock names"),
        ("ERROR: No matching distribution found for numba==0.68.1", "not to be had ready-made"),
        ("noise\nERROR: something new\n", "ERROR: something new"),
    ],
)
def test_a_failed_installation_is_told_in_one_line(tool: ModuleType, output: str, said: str) -> None:
    assert said in tool.reason(output)
    assert "\n" not in tool.reason(output)


def test_the_stamp_makes_a_second_call_free_until_something_changes(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "supported", lambda _: (True, "CPython 3.12.1"))
    Path(tool.VENV).mkdir()
    Path(tool.STAMP).write_text(tool.stamp("dev", "CPython 3.12.1"), encoding="utf8")
    monkeypatch.setattr(tool, "pip", lambda *_: pytest.fail("installed again"))
    assert tool.main(["dev"]) == 0
    assert tool.main(["run"]) == 0
    assert not tool.is_done("run", "CPython 3.13.0")
    with (Path(tool.ROOT) / "requirements" / "dev.lock").open("a") as lock:
        lock.write("# changed\n")
    assert not tool.is_done("dev", "CPython 3.12.1")


def test_a_wrong_word_is_a_wrong_call(tool: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert tool.main(["everything"]) == 2
    assert "`run` or `dev`" in last_line(capsys)


def test_no_python_at_all_is_one_line() -> None:
    done = subprocess.run(["make", "setup", "PYTHON="], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no python3 on the PATH" in done.stderr.splitlines()[0]
