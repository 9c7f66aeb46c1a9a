"""Functions and files stay small enough to read, and every public name says what it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.tree import Function, lengths, modules, name, parsed


def undocumented(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    """Yield the public classes, functions and methods of a body that have no docstring."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            marks = [
                mark.attr if isinstance(mark, ast.Attribute) else getattr(mark, "id", "")
                for mark in node.decorator_list
            ]
            if not ast.get_docstring(node) and not {"overload", "setter", "override"} & set(marks):
                yield f"{node.lineno} {prefix}{node.name}"
            if isinstance(node, ast.ClassDef):
                yield from undocumented(node.body, f"{node.name}.")


def test_nine_functions_of_ten_are_under_25_lines() -> None:
    found = lengths()
    long = [each for each in found if each.lines >= 25]
    assert len(long) * 10 <= len(found), long


def test_no_function_is_over_80_lines_nor_any_but_a_kernel_over_50() -> None:
    assert [each for each in lengths() if each.lines > (80 if each.kernel else 50)] == []


def test_files_are_under_400_lines() -> None:
    sizes = {name(path): len(path.read_text(encoding="utf8").splitlines()) for path in modules()}
    assert {path: size for path, size in sizes.items() if size >= 400} == {}


def test_every_public_name_has_a_docstring() -> None:
    assert [f"{name(path)}:{each}" for path in modules() for each in undocumented(parsed(path).body)] == []


def test_a_missing_docstring_is_noticed() -> None:
    tree = ast.parse("class Stock:\n    '''Listed people.'''\n    def count(self): ...\ndef _private(): ...")
    assert list(undocumented(tree.body)) == ["3 Stock.count"]
