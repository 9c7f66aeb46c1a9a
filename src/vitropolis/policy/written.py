"""A policy as the text of a file again, for a person to read and a run to play."""

from __future__ import annotations

import re
from typing import Any

import yaml

from vitropolis.base.yamlfile import Node
from vitropolis.policy.dating import ALWAYS
from vitropolis.policy.schema import Policy

_WIDTH = 120
_NO_TEXT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z|[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_WORDS = frozenset({"", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE"})
_BREAKS = frozenset("\x85\u2028\u2029\ufeff\r")
"""What a reader may take for the end of a line, unless it is written as an escape."""


class _Dumper(yaml.SafeDumper):
    """Writes what our reader takes: no aliases, and quotes where a text would be read as a number, date or word."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if text in _WORDS or _NO_TEXT.match(text) or _BREAKS & set(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _text)


def spliced_text(policy: Policy) -> str:
    """Return a policy as YAML that reads back to the same content; the first line says what it was made of."""
    made_of = "".join(char if char.isprintable() else "?" for char in ", ".join(policy.chain))
    lines = [f"# Made of {made_of}."]
    if _dated_from_always(policy.tree):
        lines.append(f"# {ALWAYS.isoformat()} stands for: from ever on.")
    body = yaml.dump(
        policy.tree.plain(), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=None
    )
    return "\n".join([*lines, body])


def _dated_from_always(node: Node) -> bool:
    if isinstance(node.value, dict):
        return ALWAYS in node.value or any(_dated_from_always(child) for child in node.value.values())
    return isinstance(node.value, list) and any(_dated_from_always(item) for item in node.value)
