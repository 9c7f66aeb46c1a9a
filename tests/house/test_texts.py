"""What the project's files must not hold, and what its own papers must agree on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.house.test_no_way_in import locked
from tests.house.tree import ROOT, modules, name, project_files

# Written in pieces, so that this file does not find itself.
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b")
ELSEWHERE = re.compile(
    "|".join(
        [
            r"py" + r"pi\.org",
            r"python" + r"hosted",
            r"registry\.n" + r"pmjs",
            r"--(extra-)?index" + r"-url",
            r"--find" + r"-links",
            r"(?<![\w.])/(work|root|home|Us" + r"ers)/\w",
            r"file:" + r"///",
            r"(?i:\bissues? #?\d)",
        ]
    )
)


def texts() -> list[tuple[Path, str]]:
    """Return every file of the project that is text, with what it says."""
    found = []
    for path in project_files():
        try:
            found.append((path, path.read_text(encoding="utf8")))
        except UnicodeDecodeError:
            continue
    return found


def hits(pattern: re.Pattern[str]) -> list[str]:
    """Return where a pattern is found in the project's texts."""
    lines = ((path, number, line) for path, text in texts() for number, line in enumerate(text.splitlines(), 1))
    return [f"{name(path)}:{number}: {line.strip()[:100]}" for path, number, line in lines if pattern.search(line)]


def test_nothing_is_left_for_later() -> None:
    assert hits(UNFINISHED) == []


def test_no_registry_address_machine_path_or_ticket_number() -> None:
    assert hits(ELSEWHERE) == []


@pytest.mark.parametrize(
    "line", ["/ro" + "ot/x", "see issu" + "e 7", "https://py" + "pi.org/simple", "--index" + "-url x"]
)
def test_each_is_noticed(line: str) -> None:
    assert ELSEWHERE.search(line)


@pytest.mark.parametrize("lock", ["run", "dev"])
def test_locks_pin_everything_by_hash_and_name_no_address(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf8")
    blocks = re.findall(r"^(\S+==\S+.*\n(?:    .*\n)*)", text, re.MULTILINE)
    assert len(blocks) == len(locked(lock)) > 20
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert not re.search(r"https?:|file:|^-|@ ", text, re.MULTILINE)


def test_what_runs_is_tested_as_it_runs() -> None:
    assert locked("run").items() <= locked("dev").items()


def test_what_the_project_asks_for_is_locked() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]
    asked = {re.split(r"[\[<>=!~ ;]", each)[0].lower() for each in project["dependencies"]}
    assert asked <= set(locked("run"))


def test_papers_agree_on_the_version() -> None:
    import vitropolis

    assert f"\nversion: {vitropolis.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf8")
    assert f"## {vitropolis.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf8")


def test_every_room_is_on_the_map() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf8")
    rooms = {path.parent.name for path in modules() if path.name == "__init__.py"} - {"vitropolis"}
    assert {room for room in rooms if f"`{room}/`" not in page} == set()
