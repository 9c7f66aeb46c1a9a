"""How people and institutions behave: every behavioural number of the model, read from `NAME.assumptions.yaml`.

Nothing behavioural is a constant in code. Each number has a unit, a range, a source and a status; `values()` lists
them, `with_values()` moves them inside their ranges. A file may `extends` another: mappings merge by key; everything
else, a number with its range too, is replaced as a whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import PrivateAttr, model_validator

from vitropolis.base.errors import InputError, Message
from vitropolis.base.located import Source, nearest, parse
from vitropolis.base.yamlfile import Node, read_yaml
from vitropolis.model.assumption_checks import named, problems
from vitropolis.model.assumption_parts import Assumption
from vitropolis.model.assumption_sections import Sections

__all__ = ["Assumption", "Assumptions", "library_names", "load_assumptions"]

SUFFIX = ".assumptions.yaml"
MAX_LAYERS = 8
LIBRARY = Path(str(files("vitropolis.model"))) / "library"


class Assumptions(Sections):
    """One set of assumptions, checked; read-only. See `docs/mechanisms.md` for what each number does."""

    _source: Source | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _fill_defaults(cls, data: Any) -> Any:
        defaults = data.get("defaults") if isinstance(data, dict) else None
        if not isinstance(defaults, dict):
            return data
        return {
            key: part if key in ("defaults", "references") else _filled(part, defaults) for key, part in data.items()
        }

    @model_validator(mode="after")
    def _check(self) -> Assumptions:
        found = problems(self)
        if found:
            raise InputError([Message("", 0, path, text) for path, text in found])
        return self

    @property
    def id(self) -> str:
        """Name of the set, in kebab-case."""
        return self.assumptions.id

    @property
    def digest(self) -> str:
        """SHA-256 of the content in schema order, however a file spreads it over `defaults` and `extends`."""
        content = self.model_dump(mode="json", exclude={"defaults"})
        text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    @property
    def lines(self) -> Mapping[str, tuple[str, int]]:
        """File and line of every value, by dotted path; empty if the set was not read from a file."""
        source = self._source
        return {path: source.place_of(path) for path in self.values()} if source else {}

    def values(self) -> dict[str, Assumption]:
        """Every number by dotted path (`conduct.theft.rate`): sections in schema order, entries as in the file."""
        return {path: item for path, item in named(self) if isinstance(item, Assumption)}

    def sourced(self) -> tuple[int, int]:
        """How many of the numbers and profiles a source says (`sourced`), and how many there are."""
        found = [item for _, item in named(self)]
        return sum(item.status == "sourced" for item in found), len(found)

    def with_values(self, values: Mapping[str, float]) -> Assumptions:
        """The same set with other values, each inside its declared range. InputError names every path that is wrong."""
        known = self.values()
        wrong = [message for path, number in values.items() for message in _refused(known, path, number)]
        if wrong:
            raise InputError(wrong)
        data = self.model_dump()
        for path, number in values.items():
            place: Any = data
            for step in path.split("."):
                place = place[step]
            place["value"] = number
        made = Assumptions.model_validate(data)
        made._source = self._source
        return made


def load_assumptions(ref: str | Path) -> Assumptions:
    """Read a set by library name (`default`, `covid`) or path. InputError holds every message, with file and line."""
    tree = _layered(_path_of(ref, Path()), ())
    source = Source(tree)
    try:
        made = parse(Assumptions, tree)
    except InputError as error:
        raise InputError([_placed(message, source) for message in error.messages]) from None
    made._source = source
    return made


def library_names() -> list[str]:
    """The sets that come with the package."""
    return sorted(path.name.removesuffix(SUFFIX) for path in LIBRARY.glob(f"*{SUFFIX}"))


def _filled(part: Any, defaults: Mapping[str, Any]) -> Any:
    """A copy of raw data in which every number and profile has what the defaults say."""
    if not isinstance(part, dict):
        return part
    inner = {key: _filled(value, defaults) for key, value in part.items()}
    return {**defaults, **inner} if "value" in part or "strength" in part else inner


def _refused(known: Mapping[str, Assumption], path: str, number: float) -> list[Message]:
    if path not in known:
        return [Message("", 0, path, f"there is no such value{nearest(path, list(known))}")]
    if isinstance(number, bool) or not isinstance(number, int | float):
        return [Message("", 0, path, f"must be a number, not `{number}`")]
    found = known[path]
    if found.low <= number <= found.high:
        return []
    return [Message("", 0, path, f"{number:g} is outside its range {found.low:g} to {found.high:g} ({found.unit})")]


def _placed(message: Message, source: Source) -> Message:
    if message.file or not message.element:
        return message
    return source.message(message.element, message.text)


def _path_of(ref: str | Path, beside: Path) -> Path:
    """A library name, or a path relative to the file that names it."""
    text = str(ref)
    if isinstance(ref, Path) or "/" in text or text.endswith((".yaml", ".yml")):
        return beside / text
    if text not in library_names():
        legal = library_names()
        said = f"`{text}` is not in the library{nearest(text, legal)} (legal: {', '.join(legal)}, or a path)"
        raise InputError(Message("", 0, "", said))
    return LIBRARY / f"{text}{SUFFIX}"


def _layered(path: Path, above: tuple[Path, ...]) -> Node:
    """The tree of a file, laid over what it extends."""
    name = path.name if path.parent == LIBRARY else str(path)
    tree = read_yaml(path, name)
    extends = tree.value.pop("extends", None) if isinstance(tree.value, dict) else None
    if extends is None:
        return tree
    if not isinstance(extends.value, str):
        raise InputError(Message(name, extends.place, "extends", "must be a library name or a path"))
    try:
        base = _path_of(extends.value, path.parent)
    except InputError as error:
        raise InputError(Message(name, extends.place, "extends", error.messages[0].text)) from None
    seen = (*above, path.resolve())
    if base.resolve() in seen or len(seen) > MAX_LAYERS:
        text = f"`{extends.value}` leads round in a circle, or is more than {MAX_LAYERS} layers deep"
        raise InputError(Message(name, extends.place, "extends", text))
    return _over(_layered(base, seen), tree)


def _over(base: Node, top: Node) -> Node:
    """Merge two trees: mappings by key, anything else (and a number with its range) as a whole from the top."""
    if not (isinstance(base.value, dict) and isinstance(top.value, dict)) or "value" in top.value:
        return top
    merged = dict(base.value)
    for key, node in top.value.items():
        merged[key] = _over(merged[key], node) if key in merged else node
    return top.with_value(merged)
