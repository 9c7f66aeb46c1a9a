"""Two policies made ready to stand in one file: no two references of one name, no default that says what is not so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from vitropolis.base.yamlfile import Key, Node
from vitropolis.policy.dating import node_of
from vitropolis.policy.schema import Policy
from vitropolis.policy.values import Element, Value

_NAMING = ("reference", "default_reference")
_BY_ID = ("band_ceiling", "points", "discretion_range")


def apart(before: Policy, after: Policy) -> Node:
    """Return the second policy's tree, references renamed whose names mean another source in the first."""
    held, new = before.references, after.references
    taken = {*held, *new}
    names: dict[str, str] = {}
    for name in new:
        if name in held and held[name] != new[name]:
            number = 2
            while f"{name[:44]}_{number}" in taken:
                number += 1
            names[name] = f"{name[:44]}_{number}"
            taken.add(names[name])
    return _renamed(after.tree, names, "") if names else after.tree


def _renamed(node: Node, names: Mapping[str, str], key: str) -> Node:
    if isinstance(node.value, dict):
        made: dict[Key, Node] = {}
        for name, child in node.value.items():
            own = names.get(str(name), name) if key == "references" else name
            said = str(name) in _NAMING and key not in _BY_ID and str(child.value) in names
            made[own] = child.with_value(names[str(child.value)]) if said else _renamed(child, names, str(name))
        return node.with_value(made)
    if isinstance(node.value, list):
        return node.with_value([_renamed(item, names, key) for item in node.value])
    return node


def said_in_full(before: Policy, after: Policy) -> Node:
    """Return the first policy's tree; where the second's defaults of provenance differ, it says its own everywhere."""
    head, other = before.policy, after.policy
    if (head.default_status, head.default_reference) == (other.default_status, other.default_reference):
        return before.tree
    parts = before.tree.value if isinstance(before.tree.value, dict) else {}
    said = {"status": head.default_status, "reference": head.default_reference}
    made = {}
    for key, node in parts.items():
        keep = key in ("policy", "references", "schema_version")
        made[key] = node if keep else _full(getattr(before, str(key)), node, said, False)
    return before.tree.with_value(made)


def _full(item: Any, node: Node, said: Mapping[str, str | None], inherits: bool) -> Node:
    """A part with status and reference written; values inside an element take its reference, as they do in a file."""
    if isinstance(item, Value):
        return _value(item, node, said, inherits)
    if isinstance(item, tuple) and isinstance(node.value, list):
        return node.with_value([_full(*pair, said, inherits) for pair in zip(item, node.value, strict=True)])
    if not isinstance(item, BaseModel | dict) or not isinstance(node.value, dict):
        return node
    inherits = inherits or isinstance(item, Element)
    made: dict[Key, Node] = {}
    for key, child in node.value.items():
        part = item.get(key) if isinstance(item, dict) else getattr(item, str(key))
        made[key] = _full(part, child, said, inherits)
    if isinstance(item, Element):
        made |= {name: node_of(text, node) for name, text in said.items() if text and name not in made}
    return node.with_value(made)


def _value(item: Value[Any], node: Node, said: Mapping[str, str | None], inherits: bool) -> Node:
    if item.first is not None and isinstance(node.value, dict):
        return node.with_value({since: _step(child, said, inherits) for since, child in node.value.items()})
    return _step(node, said, inherits)


def _step(node: Node, said: Mapping[str, str | None], inherits: bool) -> Node:
    made: dict[Key, Node] = dict(node.value) if isinstance(node.value, dict) else {"value": node}
    wanted = {name: text for name, text in said.items() if text and not (inherits and name == "reference")}
    made |= {name: node_of(text, node) for name, text in wanted.items() if name not in made}
    return node.with_value(made)
