"""The ODD document: current, whole by the protocol, and nothing that the code declares is missing from it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.cli.calls import call
from tests.house.tree import PACKAGE, ROOT, dotted, is_kernel, modules, parsed

from vitropolis.base.draws import Stream
from vitropolis.engine.columns import COLUMNS
from vitropolis.model.assumptions import load_assumptions
from vitropolis.report import odd_source, odd_tables
from vitropolis.report.odd import odd_data, odd_text

PAGE = ROOT / "docs" / "odd.md"
RENEW = "renew it: vitropolis odd > docs/odd.md"
ELEMENTS = (
    "1 Purpose and patterns",
    "2 Entities, state variables and scales",
    "3 Process overview and scheduling",
    "4 Design concepts",
    "5 Initialization",
    "6 Input data",
    "7 Submodels",
)
CONCEPTS = ("Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing",
            "Interaction", "Stochasticity", "Collectives", "Observation")  # fmt: skip


@cache
def data() -> dict[str, Any]:
    return odd_data()


@cache
def page() -> str:
    return odd_text(data())


def headings(text: str, depth: int) -> list[str]:
    """The headings of one depth, in order."""
    mark = "#" * depth + " "
    return [line.removeprefix(mark) for line in text.splitlines() if line.startswith(mark)]


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf8") == page(), RENEW


def test_every_element_of_the_protocol_has_its_heading_in_order() -> None:
    assert headings(page(), 2) == list(ELEMENTS)


def test_all_eleven_design_concepts_are_there_in_order() -> None:
    part = page().partition("## 4 Design concepts")[2].partition("\n## ")[0]
    assert headings(part, 3) == list(CONCEPTS)


def test_no_section_is_empty() -> None:
    for section in re.split(r"^## ", page(), flags=re.MULTILINE)[1:]:
        assert len(section.split()) > 60, section[:60]


def test_every_file_of_the_model_with_a_kernel_or_a_mechanism_is_a_submodel() -> None:
    described = re.findall(r"^#### 7\.\d+ `([a-z/_]+\.py)`$", page(), re.MULTILINE)
    speaking = odd_source.modules("model")
    compiled = [f"model/{path.name}" for path in modules("model") if any(map(is_kernel, functions(path)))]
    assert set(compiled) <= set(speaking) <= set(described)
    assert len(described) == len(set(described))
    assert [name for name in described if not (ROOT / "src" / "vitropolis" / name).is_file()] == []


def functions(path: Path) -> list[Any]:
    """The functions of a file."""
    return [node for node in parsed(path).body if isinstance(node, ast.FunctionDef)]


def test_a_module_that_stands_nowhere_comes_last_and_is_not_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(odd_tables, "PARTS", ())
    found = odd_tables.submodels()
    assert {row["part"] for row in found} == {"Others"}
    assert [row["module"] for row in found] == odd_source.modules("model")


def test_the_schedules_are_the_numbered_lists_of_the_code() -> None:
    for module, steps in (("engine/week.py", 9), ("engine/day.py", 6)):
        text = odd_source.docstring(module)
        assert re.findall(r"^(\d+)\. ", text, re.MULTILINE) == [str(step) for step in range(1, steps + 1)]
        assert text in page()


def test_every_column_stream_and_value_is_in_its_table() -> None:
    names = {row["name"]: row for row in data()["state"]}
    assert list(names) == [column.name for column in COLUMNS]
    assert all(row["meaning"] and row["writer"] for row in names.values())
    assert [row["number"] for row in data()["streams"]] == [int(stream) for stream in Stream]
    assert [row["name"] for row in data()["parameters"]] == list(load_assumptions("default").values())


def test_every_column_names_the_modules_that_write_it() -> None:
    """A writer is a module of the package, one of several that stand between commas; `head` is passed on by itself."""
    found: dict[str, set[str]] = {}
    for path in modules("model", "engine"):
        for name in written(parsed(path)):
            found.setdefault(name, set()).add(f"{path.parent.name}.{path.stem}")
    for row in data()["state"]:
        named = row["writer"].split(", ")
        assert [each for each in named if not (PACKAGE / f"{each.replace('.', '/')}.py").is_file()] == [], row["name"]
        assert row["name"] == "head" or set(named) == found[row["name"]], row["name"]


def written(tree: ast.AST) -> Iterator[str]:
    """The columns that a module writes to: `state.name[...] = ...`, or with an operator."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            owner, _, column = dotted(node.value).partition(".")
            if owner == "state" and column:
                yield column


@pytest.mark.parametrize(
    ("table", "field"),
    [("streams", "what"), ("traits_of_the_city", "meaning"), ("stores", "meaning"), ("between_weeks", "meaning"),
     ("limits", "meaning"), ("observed", "meaning"), ("headlines", "method")],
)  # fmt: skip
def test_whatever_is_declared_says_what_it_is(table: str, field: str) -> None:
    assert data()[table]
    assert [row for row in data()[table] if not row[field]] == []


def test_sections_that_submodels_name_have_their_values() -> None:
    named = {section for row in data()["submodels"] for section in row["values"]}
    assert named == set(re.findall(r"^#### Values: (\w+)$", page(), re.MULTILINE))


def test_tables_are_tables() -> None:
    """Every row of a table has as many cells as its head."""
    for block in re.findall(r"(?:^\|.*\n)+", page(), re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1, block[:200]


def test_the_command_prints_the_page_or_its_tables() -> None:
    done = call("odd")
    assert (done.code, done.err) == (0, "")
    assert done.out == page()
    told = json.loads(call("odd", "--json").out)
    assert (told["schema"], told["mark"]) == ("vitropolis.odd/1", "synthetic city, no real people")
    assert told["streams"] == data()["streams"]


def test_a_file_is_written_once(tmp_path: Path) -> None:
    out = tmp_path / "odd.md"
    assert call("odd", "--out", out).code == 0
    assert out.read_text(encoding="utf8") == page()
    again = call("odd", "--out", out)
    assert (again.code, again.err) == (2, f"vitropolis: {out} exists already; choose another name with --out\n")
