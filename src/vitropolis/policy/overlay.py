"""Laying one policy text over another: mappings merge by key, everything else replaces.

Works on located trees, so that afterwards every element still knows the file and line where it was last written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from vitropolis.base.errors import Message
from vitropolis.base.located import nearest
from vitropolis.base.yamlfile import Key, Node
from vitropolis.policy.values import VALUE_KEYS

_WHOLE = {
    ("measures", "trigger"), ("measures", "action"), ("lists", "trigger"), ("behaviours", "life"), ("spillover",
    "carries"), }  # fmt: skip
_HEAD = ("extends", "delete")


def merge(base: Node, over: Node, path: tuple[str, ...] = ()) -> Node:
    """`over` laid over `base`: neither is changed. Idempotent and associative for trees of one shape."""
    if not isinstance(base.value, dict) or not isinstance(over.value, dict) or _replaces(base, over, path):
        return over
    merged: dict[Key, Node] = dict(base.value)
    for key, node in over.value.items():
        known = merged.get(key)
        merged[key] = node if known is None else merge(known, node, (*path, str(key)))
    return over.with_value(merged)


def _replaces(base: Node, over: Node, path: tuple[str, ...]) -> bool:
    if len(path) == 3 and (path[0], path[2]) in _WHOLE:
        return True
    if len(path) == 4 and path[0] == "lists" and path[2:] == ("extension", "trigger"):
        return True
    return _is_value(base) or _is_value(over)


def _is_value(node: Node) -> bool:
    """An annotated or dated value (a ramp is dated too); an empty mapping is neither."""
    keys = list(node.value) if isinstance(node.value, dict) else []
    if not keys:
        return False
    if all(isinstance(key, date) for key in keys):
        return True
    return "value" in keys and all(key in VALUE_KEYS for key in keys)


def without(tree: Node, elements: Iterable[str], base_name: str, file: str) -> tuple[Node, list[Message]]:
    """The tree without these elements (`section.id`, bands `scores.x.bands.y`), and messages for what is not there."""
    wrong: list[Message] = []
    for element in elements:
        parts = element.split(".")
        if len(parts) < 2 or not _there(tree, parts):
            text = f"`{element}` is not in {base_name}{_suggest(tree, parts)}"
            wrong.append(Message(file, 0, "delete", text))
        else:
            tree = _cut(tree, parts)
    return tree, wrong


def _there(tree: Node, parts: list[str]) -> bool:
    node: Node | None = tree
    for part in parts:
        node = node.child(part) if node is not None else None
    return node is not None


def _cut(node: Node, parts: list[str]) -> Node:
    value = dict(node.value) if isinstance(node.value, dict) else {}
    if len(parts) == 1:
        del value[parts[0]]
    else:
        value[parts[0]] = _cut(value[parts[0]], parts[1:])
    return node.with_value(value)


def put(tree: Node, path: tuple[str, ...], node: Node) -> Node:
    """The tree with another node at a path; mappings on the way there must exist."""
    value = dict(tree.value) if isinstance(tree.value, dict) else {}
    value[path[0]] = node if len(path) == 1 else put(value[path[0]], path[1:], node)
    return tree.with_value(value)


def _suggest(tree: Node, parts: list[str]) -> str:
    if len(parts) < 2:
        return "; write `section.id`"
    parent: Node | None = tree
    for part in parts[:-1]:
        parent = parent.child(part) if parent is not None else None
    if parent is None or not isinstance(parent.value, dict):
        sections = [str(key) for key in tree.value] if isinstance(tree.value, dict) else []
        return nearest(parts[0], sections)
    return nearest(parts[-1], [str(key) for key in parent.value])


def body(tree: Node) -> Node:
    """The tree without what only directs the merge (`extends`, `delete`)."""
    value = tree.value if isinstance(tree.value, dict) else {}
    return tree.with_value({key: node for key, node in value.items() if key not in _HEAD})


def digest(tree: Node) -> str:
    """SHA-256 (hex) of the canonical content: key order does not count, except where it breaks ties (`_TIES`)."""
    plain = tree.plain()
    order = {name: list(plain[name]) for name in _TIES if isinstance(plain.get(name), dict)}
    text = json.dumps([_keyed(plain), order], sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


_TIES = ("behaviours", "lists", "measures")


def _keyed(value: Any) -> Any:
    """Dates as text, also as keys, so that JSON can hold and sort them."""
    if isinstance(value, dict):
        return {str(key): _keyed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_keyed(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
