"""What importers, installers and newcomers meet: light imports, types, a whole wheel, a Makefile that answers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from tests.house.tree import PACKAGE, ROOT, project_files

HEAVY = ("h5netcdf", "h5py", "llvmlite", "numba", "numpy", "pandas", "polars", "scipy", "xarray")
HELP = (
    "import runpy, sys; sys.argv = ['vitropolis', '--help']\ntry: runpy.run_module('vitropolis', run_name='__main__')\n"
)
HELP += "except SystemExit as end: assert not end.code, end.code\n"


def loaded(code: str) -> set[str]:
    """Run code in a new interpreter; return the top-level modules it loaded."""
    code += "\nprint('\\nLOADED', *sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rpartition("LOADED")[2].split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    modules = loaded("import sys, vitropolis")
    assert "vitropolis" in modules
    assert modules & {*HEAVY, "pydantic", "cyclopts", "rich", "yaml"} == set()


def test_help_loads_nothing_heavy() -> None:
    modules = loaded(HELP)
    assert "cyclopts" in modules
    assert modules & set(HEAVY) == set()


def test_the_package_is_typed() -> None:
    assert (PACKAGE / "py.typed").is_file()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    call = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_holds_the_whole_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    ours = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    held = {each for each in wheel.namelist() if ".dist-info/" not in each}
    assert held == ours
    assert "vitropolis/py.typed" in held


def test_an_installed_package_verifies_itself(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """Known answers come with the wheel: no clone is needed to ask for them."""
    wheel.extractall(tmp_path / "installed")
    env = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    call = [sys.executable, "-m", "vitropolis", "verify", "hysteresis", "inequality"]
    done = subprocess.run(call, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].endswith("cases, all held")


@pytest.mark.parametrize("folder", ["policy/library", "city/library"])
def test_the_wheel_holds_the_libraries(wheel: zipfile.ZipFile, folder: str) -> None:
    data = [each for each in wheel.namelist() if each.startswith(f"vitropolis/{folder}/") and not each.endswith(".py")]
    assert any(each.endswith((".yaml", ".csv")) for each in data)


def test_the_wheel_names_both_commands_and_carries_the_licences(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    entries = wheel.read(next(each for each in names if each.endswith("entry_points.txt"))).decode()
    assert {"vitropolis = vitropolis.cli:main", "vitro = vitropolis.cli:main"} <= set(entries.splitlines())
    carried = {Path(each).name for each in names if "/licenses/" in each}
    assert carried >= {"LICENSE", "CC-BY-4.0.txt"}


def test_the_source_archive_holds_every_folder_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))
    held = set(project["tool"]["hatch"]["build"]["targets"]["sdist"]["only-include"])
    folders = {path.relative_to(ROOT).parts[0] for path in project_files() if path.parent != ROOT}
    assert {each for each in folders if not each.startswith(".")} <= held


def test_make_says_what_can_be_asked_for() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = re.findall(r"^\.PHONY: (\S+)", (ROOT / "Makefile").read_text(encoding="utf8"), re.MULTILINE)
    assert [line.split()[1] for line in done.stdout.splitlines()] == targets
