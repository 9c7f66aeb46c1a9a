"""What the package's own source says of itself: docstrings, comments beside declarations, compiled functions."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

PACKAGE = Path(str(files("vitropolis")))
COMPILED = {"kernel", "building_kernel", "inner"}


@cache
def _text(module: str) -> str:
    return (PACKAGE / module).read_text(encoding="utf8")


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(_text(module), module)


def modules(room: str) -> list[str]:
    """The modules of a room that say something, such as `model/look.py`, in the order of their names."""
    found = [f"{room}/{path.name}" for path in sorted((PACKAGE / room).glob("*.py"))]
    return [module for module in found if ast.get_docstring(_tree(module))]


def docstring(module: str) -> str:
    """What a module says of itself."""
    return ast.get_docstring(_tree(module)) or ""


def split_title(text: str) -> tuple[str, str]:
    """The first paragraph of a docstring on one line, without its full stop, and the rest."""
    first, _, rest = text.partition("\n\n")
    return " ".join(first.split()).removesuffix("."), rest.strip()


def kernels(module: str) -> dict[str, str]:
    """The compiled functions of a module, with the first sentence of what each says of itself."""
    return {
        node.name: split_title(ast.get_docstring(node) or "")[0]
        for node in _tree(module).body
        if isinstance(node, ast.FunctionDef) and any(_name(mark) in COMPILED for mark in node.decorator_list)
    }


def _name(mark: ast.expr) -> str:
    called = mark.func if isinstance(mark, ast.Call) else mark
    return called.id if isinstance(called, ast.Name) else ""


def comments(module: str, inside: str = "") -> dict[str, str]:
    """The declarations of a module, or of a class in it, with the comment that ends their line (or an empty text)."""
    said = _comments_by_line(module)
    return {name: said.get(line, "") for name, line in _declared(_tree(module), inside)}


def class_docstring(module: str, name: str) -> str:
    """What a class says of itself."""
    return ast.get_docstring(_class(_tree(module), name)) or ""


def types(module: str, inside: str) -> dict[str, str]:
    """The declared fields of a class with their types, in short: `uint8`, not `NDArray[np.uint8]`."""
    body = _class(_tree(module), inside).body
    fields = [node for node in body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)]
    return {
        node.target.id: _short(ast.unparse(node.annotation)) for node in fields if isinstance(node.target, ast.Name)
    }


def _short(kind: str) -> str:
    return kind.removeprefix("NDArray[").removesuffix("]").removeprefix("np.") if kind.startswith("NDArray[") else kind


def _class(tree: ast.Module, name: str) -> ast.ClassDef:
    return next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)


def _declared(tree: ast.Module, inside: str) -> Iterator[tuple[str, int]]:
    for node in _class(tree, inside).body if inside else tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name):
            yield target.id, node.end_lineno or node.lineno


def _comments_by_line(module: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(_text(module)).readline)
    return {each.start[0]: each.string.lstrip("# ") for each in tokens if each.type == tokenize.COMMENT}


def columns_said(text: str, names: Iterable[str]) -> dict[str, str]:
    """What a docstring of the form `name: meaning.` says of each of the names it holds."""
    flat = " ".join(text.split())
    found = ((re.search(rf"(?:^|\s){name}: ", flat), name) for name in names)
    places = sorted((match.start(), match.end(), name) for match, name in found if match)
    ends = [start for start, _, _ in places[1:]] + [len(flat)]
    return {name: flat[begin:end].strip().removesuffix(".") for (_, begin, name), end in zip(places, ends, strict=True)}
