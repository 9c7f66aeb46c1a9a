"""The source tree as the tests of the house see it: rooms, files, parsed modules, functions and their lengths."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "vitropolis"
EXACT_ROOMS = ("model", "engine", "city")
NOT_OURS = {".git", ".venv", "dist", "build", "runs", "node_modules", "static", "__pycache__"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(*rooms: str) -> list[Path]:
    """Return the package's Python files, of the named rooms alone where any is named."""
    tops = [PACKAGE / room for room in rooms] or [PACKAGE]
    return sorted(path for top in tops for path in top.rglob("*.py"))


def name(path: Path) -> str:
    """Return a path as messages show it."""
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf8"), str(path))


def project_files() -> Iterator[Path]:
    """Yield the project's own files: what lies in its folder and is not made by a tool."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = sorted(each for each in folders if each not in NOT_OURS and not each.endswith((".run", "_cache")))
        folders[:] = [each for each in folders if not each.startswith(".") or each == ".ci"]
        yield from (Path(folder) / file for file in sorted(files))


def dotted(node: ast.AST) -> str:
    """Return `a.b.c` for a name or an attribute chain, an empty text for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (head := dotted(node.value)):
        return f"{head}.{node.attr}"
    return ""


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield every absolute name a tree imports, with its line: `from a import b` gives `a` and `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def aliases(tree: ast.AST) -> dict[str, str]:
    """Return what each imported name stands for: `import numpy as np` gives np -> numpy."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def used(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield every full name a tree uses or imports, with its line; aliases are resolved."""
    known = aliases(tree)
    yield from imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and (text := dotted(node)):
            head, _, rest = text.partition(".")
            full = known.get(head, head)
            yield (f"{full}.{rest}" if rest else full), node.lineno


def is_kernel(function: Function) -> bool:
    """Say whether a function is compiled: decorated with `kernel`, `building_kernel` or `inner`, called or not."""
    marks = (mark.func if isinstance(mark, ast.Call) else mark for mark in function.decorator_list)
    return any(dotted(mark).rpartition(".")[2] in ("kernel", "building_kernel", "inner") for mark in marks)


@dataclass(frozen=True)
class Length:
    """How long one function is, in lines from `def` to its end, its docstring not counted."""

    lines: int
    where: str
    kernel: bool


def lengths() -> list[Length]:
    """Return the length of every function of the package, longest first."""
    found = []
    for path in modules():
        for node in ast.walk(parsed(path)):
            if isinstance(node, Function):
                found.append(Length(_lines(node), f"{name(path)}:{node.lineno} {node.name}", is_kernel(node)))
    return sorted(found, key=lambda each: (-each.lines, each.where))


def _lines(node: Function) -> int:
    first = node.body[0]
    words = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if words else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - docstring
