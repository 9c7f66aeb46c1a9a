"""Imports run downwards only: the contracts hold, and are shown to notice what they are there for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tests.house.tree import PACKAGE, ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["tool"]["importlinter"]["contracts"]
DESIGNED = [
    "cli",
    "server",
    "validation | verification",
    "api",
    "pages",
    "study",
    "report",
    "results",
    "engine",
    "model",
    "city | lint",
    "policy",
    "base",
]
COMMAND = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(source: Path) -> subprocess.CompletedProcess[str]:
    """Run the project's contracts over the package found in `source`."""
    settings = {**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
    call = [sys.executable, "-c", COMMAND, "--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    return subprocess.run(call, cwd=source, env=settings, capture_output=True, text=True, check=False)


def test_the_house_keeps_its_contracts() -> None:
    done = lint(PACKAGE.parent)
    assert done.returncode == 0, done.stdout + done.stderr


def test_layers_are_those_of_the_design() -> None:
    rooms = next(contract for contract in CONTRACTS if contract["type"] == "layers")
    built = {path.stem for path in PACKAGE.iterdir() if (path / "__init__.py").is_file() or path.name == "api.py"}
    expected = [" | ".join(room for room in layer.split(" | ") if room in built) for layer in DESIGNED]
    assert rooms["layers"] == [layer for layer in expected if layer], (
        "a room without a layer, or a layer without a room"
    )
    assert rooms["exhaustive"]


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("base", "import vitropolis.engine"),
        ("model", "from vitropolis import results"),
        ("results", "import vitropolis.report"),
        ("report", "from vitropolis.study import study"),
        ("study", "import vitropolis.api"),
        ("study", "import vitropolis.pages"),
        ("pages", "import vitropolis.api"),
        ("pages", "from vitropolis.lint import check"),
        ("policy", "import vitropolis.city"),
        ("city", "def late():\n    import vitropolis.policy"),
        ("lint", "import vitropolis.city"),
        ("lint", "def late():\n    from vitropolis.model import worlds"),
        ("report", "import vitropolis.lint.check"),
        ("pages", "import vitropolis.server.app"),
        ("server", "import vitropolis.cli.app"),
        ("server", "def late():\n    import vitropolis.engine.run"),
        ("validation", "import vitropolis.verification.table"),
    ],
)
def test_a_planted_import_is_noticed(tmp_path: Path, room: str, line: str) -> None:
    shutil.copytree(PACKAGE, tmp_path / "vitropolis", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "vitropolis" / room / "planted.py").write_text(line + "\n", encoding="utf8")
    done = lint(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"vitropolis.{room}.planted" in done.stdout


def test_a_planted_circle_is_noticed(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "vitropolis", ignore=shutil.ignore_patterns("__pycache__"))
    for one, other in (("heads", "tails"), ("tails", "heads")):
        path = tmp_path / "vitropolis" / "base" / f"{one}.py"
        path.write_text(f"import vitropolis.base.{other}\n", encoding="utf8")
    assert lint(tmp_path).returncode == 1
