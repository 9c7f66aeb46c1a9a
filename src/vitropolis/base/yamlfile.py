"""The one reader of YAML files: strict, bounded, and every element knows the line it stands on.

A file is read through libyaml's event stream, so limits bind while it is read: brackets nested 20,000 deep or a
chain of
aliases stop after a few events and nothing recurses. What YAML offers beyond a tree of plain values (anchors, aliases,
tags, merge keys, several documents) is refused: a policy must mean to every reader what it says.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from vitropolis.base.errors import InputError, Message

MAX_BYTES = 2_000_000
MAX_LEVELS = 20
MAX_NODES = 100_000
MAX_MESSAGES = 50
QUOTES_HINT = "a text with a comma or colon inside {...} needs quotes"

Scalar = str | int | float | bool | date | None
Key = str | date

_INT = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass(slots=True)
class Node:
    """One value of a file with its place: a scalar, a list of nodes, or a mapping from keys to nodes.

    `line` and `column` (both from 1) are those of the value; `key_line` and `key_column` those of the key that names
    it (0: an item of a list, or the top). `flow` says that a mapping is written in `{...}`, `empty` that a scalar was
    left out altogether, `quoted` that a text stands in quotes or as a block.
    """

    value: Scalar | list[Node] | dict[Key, Node]
    file: str
    line: int
    column: int
    key_line: int = 0
    key_column: int = 0
    flow: bool = False
    empty: bool = False
    quoted: bool = False

    @property
    def place(self) -> int:
        """The line on which a reader looks for this element: its key's, else its own."""
        return self.key_line or self.line

    def child(self, key: object) -> Node | None:
        """The node under a key (text or date, dates also as text) or index; None where there is none."""
        if isinstance(self.value, dict):
            found = self.value.get(key) if isinstance(key, str | date) else None
            if found is None and isinstance(key, str) and _DATE.match(key):
                return next((node for name, node in self.value.items() if str(name) == key), None)
            return found
        if isinstance(self.value, list) and isinstance(key, int) and 0 <= key < len(self.value):
            return self.value[key]
        return None

    def plain(self) -> Any:
        """The same tree as ordinary dicts, lists and scalars, without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def with_value(self, value: Scalar | list[Node] | dict[Key, Node]) -> Node:
        """A copy of this node that holds another value and keeps its place."""
        return replace(self, value=value)


def read_yaml(path: str | Path, name: str | None = None) -> Node:
    """Read one YAML file into a located tree whose top is a mapping.

    `name` is what messages call the file (default: the path as given). Raises InputError with every message found.
    """
    shown = name if name is not None else str(path)
    return parse_yaml(read_raw(path, shown), shown)


def read_raw(path: str | Path, shown: str) -> bytes:
    """Read the bytes of one file of ours; `shown` is what messages call it. InputError if it is too large or none."""
    target = Path(path)
    try:
        status = target.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError(Message(shown, 0, "", "is a folder, not a file"))
        if not stat.S_ISREG(status.st_mode):
            raise InputError(Message(shown, 0, "", "is not an ordinary file"))
        if status.st_size > MAX_BYTES:
            raise InputError(Message(shown, 0, "", f"has {status.st_size:,} bytes; at most {MAX_BYTES:,} are read"))
        with target.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(Message(shown, 0, "", "there is no such file")) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(Message(shown, 0, "", f"cannot be read: {reason}")) from None
    return data


def parse_yaml(data: bytes | str, name: str) -> Node:
    """Read YAML text (bytes must be UTF-8) into a located tree; `name` is what messages call it. Raises InputError."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > MAX_BYTES:
        raise InputError(Message(name, 0, "", f"has more than {MAX_BYTES:,} bytes"))
    text = _decode(raw, name)
    if not text.strip():
        raise InputError(Message(name, 0, "", "the file is empty"))
    _refuse_tabs(text, name)
    builder = _Builder(name)
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise InputError([*builder.messages, _syntax_message(error, text, name)]) from None
    except yaml.YAMLError as error:
        raise InputError([*builder.messages, Message(name, 0, "", f"not valid YAML: {_first_line(error)}")]) from None
    return builder.finish()


def _events(text: str) -> Iterator[Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.parse(text, Loader=loader)  # type: ignore[no-any-return, no-untyped-call, unused-ignore]


def _decode(raw: bytes, name: str) -> str:
    if b"\0" in raw:
        raise InputError(
            Message(name, 1 + raw[: raw.index(b"\0")].count(b"\n"), "", "holds a NUL byte: not a text file")
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + raw[: error.start].count(b"\n")
        found = f"byte 0x{raw[error.start]:02x}"
        raise InputError(Message(name, line, "", f"is not UTF-8 ({found}); save the file as UTF-8")) from None


def _refuse_tabs(text: str, name: str) -> None:
    wrong = []
    for number, line in enumerate(text.split("\n"), start=1):
        body = line.lstrip(" \t\r")
        if body and "\t" in line[: len(line) - len(body)]:
            wrong.append(Message(name, number, "", "a tab stands in the indentation; use spaces"))
    if wrong:
        raise InputError(wrong[:MAX_MESSAGES])


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0]


def _syntax_message(error: yaml.MarkedYAMLError, text: str, name: str) -> Message:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 0
    parts = [part for part in (error.context, error.problem) if part]
    said = f"not valid YAML: {', '.join(parts)}"
    lines = text.split("\n")
    written = lines[line - 1] if 0 < line <= len(lines) else ""
    if "{" in written and error.problem and ("mapping values" in error.problem or "',' or '}'" in error.problem):
        said += f"; {QUOTES_HINT}"
    return Message(name, line, "", said)


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is still open; `key` waits for its value."""

    node: Node
    key: Key | None = None
    mark: tuple[int, int] = (0, 0)
    names: set[str] = field(default_factory=set)


class _Builder:
    """Turns events into nodes with an explicit stack; limits are checked at every event."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.messages: list[Message] = []
        self.frames: list[_Frame] = []
        self.top: Node | None = None
        self.count = 0
        self.documents = 0

    def say(self, line: int, text: str) -> None:
        self.messages.append(Message(self.name, line, "", text))
        if len(self.messages) >= MAX_MESSAGES:
            raise InputError(self.messages)

    def stop(self, line: int, text: str) -> None:
        raise InputError([*self.messages, Message(self.name, line, "", text)])

    def take(self, event: Any) -> None:
        """Take in one event; each kind has its own method below."""
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._document(event, line)
        elif isinstance(event, yaml.AliasEvent):
            self._count(line)
            self.say(line, "anchors and aliases are not allowed; use `extends`")
            self._place(Node(None, self.name, line, column), line, column)
        elif isinstance(event, yaml.ScalarEvent):
            self._checks(event, line)
            self._scalar(event, line, column)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._checks(event, line)
            self._open(event, line, column)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.frames.pop()

    def finish(self) -> Node:
        """The whole tree, or every message."""
        if self.top is None and not self.messages:
            raise InputError(Message(self.name, 0, "", "the file is empty"))
        if self.top is not None and not isinstance(self.top.value, dict):
            kind = "a list" if isinstance(self.top.value, list) else "a single value"
            if self.top.value is None and not self.messages:
                raise InputError(Message(self.name, 0, "", "the file is empty"))
            self.say(self.top.line, f"the top of the file is {kind}; it must be a mapping `key: value`")
        if self.messages or self.top is None:
            raise InputError(self.messages)
        return self.top

    def _document(self, event: Any, line: int) -> None:
        self.documents += 1
        if self.documents > 1:
            self.stop(line, "a second document begins here; one file holds one document")
        if event.tags:
            self.say(line, "tag directives are not allowed")

    def _count(self, line: int) -> None:
        self.count += 1
        if self.count > MAX_NODES:
            self.stop(line, f"holds more than {MAX_NODES:,} values")

    def _checks(self, event: Any, line: int) -> None:
        self._count(line)
        if event.anchor is not None:
            self.say(line, "anchors and aliases are not allowed; use `extends`")
        if event.tag is not None:
            shown = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.say(line, f"tags are not allowed: `{shown}`")

    def _scalar(self, event: Any, line: int, column: int) -> None:
        plain = event.style is None or event.style == ""
        frame = self.frames[-1] if self.frames else None
        if frame is not None and isinstance(frame.node.value, dict) and frame.key is None:
            self._key(frame, event.value, plain, (line, column))
            return
        value = self._resolve(event.value, line) if plain else event.value
        node = Node(value, self.name, line, column, empty=plain and event.value == "", quoted=not plain)
        self._place(node, line, column)

    def _key(self, frame: _Frame, text: str, plain: bool, mark: tuple[int, int]) -> None:
        if text == "<<" and plain:
            self.say(mark[0], "merge keys `<<` are not allowed; use `extends`")
        resolved = self._date(text, mark[0]) if plain and _DATE.match(text) else text
        frame.key, frame.mark = (text if resolved is None else resolved), mark
        if text in frame.names:
            self.say(mark[0], f"key `{text}` stands here a second time")
        frame.names.add(text)

    def _open(self, event: Any, line: int, column: int) -> None:
        frame = self.frames[-1] if self.frames else None
        if frame is not None and isinstance(frame.node.value, dict) and frame.key is None:
            self.stop(line, "a key must be a single word, not a list or mapping")
        if len(self.frames) >= MAX_LEVELS:
            self.stop(line, f"is nested deeper than {MAX_LEVELS} levels")
        value: dict[Key, Node] | list[Node] = {} if isinstance(event, yaml.MappingStartEvent) else []
        node = Node(value, self.name, line, column, flow=bool(event.flow_style))
        self._place(node, line, column)
        self.frames.append(_Frame(node))

    def _place(self, node: Node, line: int, column: int) -> None:
        if not self.frames:
            self.top = node
            return
        frame = self.frames[-1]
        if isinstance(frame.node.value, list):
            frame.node.value.append(node)
        elif isinstance(frame.node.value, dict):
            if frame.key is None:  # an alias where a key should be: already reported
                frame.key, frame.mark = f"*{line}:{column}", (line, column)
                return
            node.key_line, node.key_column = frame.mark
            frame.node.value[frame.key] = node
            frame.key = None

    def _resolve(self, text: str, line: int) -> Scalar:
        if text in _WORDS:
            return _WORDS[text]
        if _INT.match(text):
            if len(text) > 20:
                self.say(line, f"`{text[:12]}...` has too many digits")
                return 0
            return int(text)
        if _FLOAT.match(text):
            number = float(text) if len(text) <= 40 else float("inf")
            if abs(number) == float("inf"):
                self.say(line, f"`{text[:20]}` is too large or too long a number")
                return 0
            return number
        return self._date(text, line) if _DATE.match(text) else text

    def _date(self, text: str, line: int) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            self.say(line, f"`{text}` is not a date ({_reason(error)}); write YYYY-MM-DD")
            return None


def _reason(error: ValueError) -> str:
    """Python's reason in the same words in every version (3.14 adds the value to some)."""
    said = str(error)
    if said.startswith("day"):
        return "day is out of range for month"
    return "month must be in 1..12" if said.startswith("month") else said
