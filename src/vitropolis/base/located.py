"""From a located tree to a typed model: every error of the whole file at once, in our words, with its line.

Any pydantic model will do (policy, city, assumptions, scenario). pydantic finds what is wrong; here its error places,
which also hold names of union members, are followed through types and tree together until they mean a line in a file.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from vitropolis.base.errors import InputError, Message
from vitropolis.base.wording import legal_words, said, shown
from vitropolis.base.yamlfile import QUOTES_HINT, Node

M = TypeVar("M", bound=BaseModel)


class Source:
    """Where each element of a tree was last written; elements are dotted paths such as `measures.no_flights.action`."""

    def __init__(self, tree: Node) -> None:
        self._tree = tree

    def node(self, element: str) -> Node:
        """The node of an element, or of the nearest one above it that is written."""
        node = self._tree
        for part in element.split(".") if element else ():
            child = node.child(int(part)) if isinstance(node.value, list) and part.isdigit() else node.child(part)
            if child is None:
                break
            node = child
        return node

    def line_of(self, element: str) -> int:
        """The line (from 1) on which the element is written; of its nearest written ancestor if it is not."""
        return self.node(element).place

    def file_of(self, element: str) -> str:
        """The file in which the element was last written."""
        return self.node(element).file

    def place_of(self, element: str) -> tuple[str, int]:
        """File and line of an element."""
        node = self.node(element)
        return node.file, node.place

    def message(self, element: str, text: str) -> Message:
        """A message about an element, at its place."""
        file, line = self.place_of(element)
        return Message(file, line, element, text)

    def lines(self) -> Mapping[tuple[str, ...], tuple[str, int]]:
        """Every written path with its file and line."""
        return dict(_walk(self._tree, ()))


def _walk(node: Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], tuple[str, int]]]:
    if path:
        yield path, (node.file, node.place)
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            yield from _walk(child, (*path, str(key)))
    elif isinstance(node.value, list):
        for index, child in enumerate(node.value):
            yield from _walk(child, (*path, str(index)))


def parse(model: type[M], tree: Node, file: str = "") -> M:
    """Validate a located tree against a model; raises one InputError with every message, in the order of lines.

    `file` is used only for nodes that carry no file of their own. For places after parsing see `Source(tree)`.
    """
    try:
        return model.model_validate(tree.plain())
    except ValidationError as error:
        raise InputError([found.message for found in failures(model, tree, error, file)]) from None


@dataclass(frozen=True, slots=True)
class Failure:
    """One translated error and the path, in the tree, of the element it is about."""

    path: tuple[str, ...]
    message: Message


def failures(model: type[BaseModel], tree: Node, error: ValidationError, file: str = "") -> list[Failure]:
    """Translate a pydantic error into messages; several errors at one place become one."""
    found: dict[tuple[int, tuple[str, ...]], Failure] = {}
    for item in error.errors(include_url=False):
        cursor = _Cursor(tree, model)
        for step in item["loc"]:
            cursor.step(step)
        made = _failure(cursor, dict(item), file)
        found.setdefault((made.message.line, (*made.path, made.message.text)), made)
    return list(found.values())


def nearest(word: str, legal: Sequence[str]) -> str:
    """`; did you mean ...?` for the closest legal word, or nothing."""
    close = get_close_matches(word, legal, n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else ""


def _failure(cursor: _Cursor, item: dict[str, Any], file: str) -> Failure:
    kind, node, path = item["type"], cursor.node, tuple(cursor.path)
    where, line = node.file or file, node.line if not isinstance(node.value, dict | list) else node.place
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        return _unknown_key(cursor, where)
    if kind == "missing":
        name = str(item["loc"][-1])
        wanted = "" if node.value is not None or not node.empty else " (nothing is written here)"
        return Failure(path, Message(where, node.place, ".".join(path), f"`{name}` is missing{wanted}"))
    if "[key]" in item["loc"]:
        why = _wrong_word(item) if kind == "literal_error" else said(kind, item)
        text = f"`{path[-1] if path else ''}` cannot be a key here: {why}"
        return Failure(path, Message(where, node.place, ".".join(path), text))
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        return Failure(path, Message(where, line, ".".join(path), _wrong_word(item)))
    if kind == "union_tag_not_found":
        tags = ", ".join(cursor.tags())
        return Failure(path, Message(where, node.place, ".".join(path), f"`kind` is missing (legal: {tags})"))
    return Failure(path, Message(where, line, ".".join(path), said(kind, item)))


def _wrong_word(item: dict[str, Any]) -> str:
    context = item.get("ctx", {})
    legal = legal_words(str(context.get("expected") or context.get("expected_tags") or ""))
    if item["type"] == "union_tag_invalid":
        word, subject = str(context.get("tag", "")), "kind "
        return f"{subject}`{word}` is not known{nearest(word, legal)} (legal: {', '.join(legal)})"
    value = item.get("input")
    hint = nearest(value, legal) if isinstance(value, str) else ""
    return f"{shown(value)} is not allowed{hint} (legal: {', '.join(legal)})"


def _unknown_key(cursor: _Cursor, file: str) -> Failure:
    node, path = cursor.node, tuple(cursor.path)
    key = path[-1] if path else ""
    parent = cursor.parent
    if parent is not None and parent.flow and node.empty:
        return Failure(path, Message(file, node.place, ".".join(path[:-1]), f"unknown key `{key}`: {QUOTES_HINT}"))
    legal = cursor.legal
    text = f"unknown key `{key}`{nearest(key, legal)} (legal: {', '.join(legal)})"
    if not nearest(key, legal):
        text = f"unknown key `{key}`; legal: {', '.join(legal)}"
    return Failure(path, Message(file, node.place, ".".join(path), text))


class _Cursor:
    """Follows one pydantic error place through the types and the tree at once."""

    def __init__(self, tree: Node, model: type[BaseModel]) -> None:
        self.node = tree
        self.parent: Node | None = None
        self.path: list[str] = []
        self.types: list[Any] = [model]
        self.legal: list[str] = []

    def tags(self) -> list[str]:
        """The values of `kind` of the models that may stand here."""
        return [tag for model in _models(self.types) for tag in _tags(model)]

    def step(self, step: int | str) -> None:
        """Go one element down; names of union members move the types only."""
        models = _models(self.types)
        self.legal = [name for m in models for name in (*model_extra(m), *m.model_fields)]
        special = next((kind for kind in self.types if hasattr(_plain_type(kind), "located_keys")), None)
        if special is not None:
            self._special(special, step)
        elif len(models) > 1:
            self.types = [m for m in models if step in _tags(m) or step == m.__name__] or self.types
        elif models and isinstance(step, str) and step in models[0].model_fields:
            self.types = _expand(models[0].model_fields[step].annotation)
            self._move(step)
        else:
            self.types = [kind for found in self.types for kind in _inside(found)] if self._move(step) else self.types

    def _special(self, kind: Any, step: int | str) -> None:
        """A value with several shapes (plain, annotated, dated): its own keys may or may not be written."""
        self.legal = list(_plain_type(kind).located_keys)
        if step == "value" and not (isinstance(self.node.value, dict) and "value" not in self.node.value):
            self.types = [inner for found in get_args(kind) for inner in _expand(found)]
        self._move(step)

    def _move(self, step: int | str) -> bool:
        child = self.node.child(step)
        if child is not None:
            self.parent, self.node = self.node, child
            self.path.append(str(step))
        return child is not None


def model_extra(model: type[BaseModel]) -> tuple[str, ...]:
    """Keys that a file may hold beside the model's fields, since they are used up before (`located_extra`)."""
    return tuple(getattr(model, "located_extra", ()))


def _plain_type(kind: Any) -> Any:
    return get_origin(kind) or kind


def _models(kinds: Sequence[Any]) -> list[type[BaseModel]]:
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]


def _tags(model: type[BaseModel]) -> tuple[str, ...]:
    kind = model.model_fields.get("kind")
    return (
        tuple(str(word) for word in get_args(kind.annotation))
        if kind and get_origin(kind.annotation) is Literal
        else ()
    )


def _expand(kind: Any) -> list[Any]:
    """The concrete types an annotation allows: unions, `Annotated` and aliases opened."""
    if hasattr(kind, "__value__"):
        return _expand(kind.__value__)
    origin = get_origin(kind)
    if origin is Annotated:
        return _expand(get_args(kind)[0])
    if origin is Union or origin is types.UnionType:
        return [found for member in get_args(kind) for found in _expand(member)]
    return [] if kind is type(None) else [kind]


def _inside(kind: Any) -> list[Any]:
    """The types of what a dict, list or tuple holds."""
    origin, members = get_origin(kind), get_args(kind)
    if origin is dict or origin is Mapping:
        return _expand(members[1])
    if origin in (list, tuple, frozenset, set, Sequence):
        return [found for member in members if member is not Ellipsis for found in _expand(member)]
    return []
