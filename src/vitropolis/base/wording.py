"""What pydantic says about a value, in our words: errors are part of the interface and are tested as text."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

_WORD = re.compile(r"'([^']*)'|\b(True|False|None)\b|(?<![\w'])(-?\d+)(?![\w'])")

_WANTED = {
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "an ordinary number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "a text",
    "date_type": "a date YYYY-MM-DD",
    "date_from_datetime_parsing": "a date YYYY-MM-DD",
    "date_parsing": "a date YYYY-MM-DD",
    "dict_type": "a mapping `key: value`",
    "mapping_type": "a mapping `key: value`",
    "model_type": "a mapping `key: value`",
    "model_attributes_type": "a mapping `key: value`",
    "dataclass_type": "a mapping `key: value`",
    "list_type": "a list `[...]`",
    "tuple_type": "a list `[...]`",
    "set_type": "a list `[...]`",
    "frozen_set_type": "a list `[...]`",
}

_BOUND = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def shown(value: object) -> str:
    """A value as the reader wrote it, shortened."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "`null`"
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    text = value.isoformat() if isinstance(value, date) else str(value)
    return f"`{text if len(text) <= 40 else text[:37] + '...'}`"


def legal_words(expected: str) -> list[str]:
    """The single words in pydantic's list of expected values, in its order; True and False as written in YAML."""
    words = []
    for quoted, name, number in _WORD.findall(expected):
        words.append(quoted or {"True": "true", "False": "false", "None": "null"}.get(name, number))
    return words


def said(kind: str, item: dict[str, Any]) -> str:
    """One pydantic error in our words: what must stand here, and what does."""
    value, context = item.get("input"), item.get("ctx", {})
    if kind in _WANTED:
        return f"must be {_WANTED[kind]}, not {shown(value)}"
    if kind in _BOUND:
        name, words = _BOUND[kind]
        bound = context.get(name)
        limit = f"{bound:g}" if isinstance(bound, float) else str(bound)
        return f"must be {words} {limit}, not {shown(value)}"
    if kind in ("too_short", "too_long"):
        bound = context.get("min_length") if kind == "too_short" else context.get("max_length")
        side = "least" if kind == "too_short" else "most"
        return f"must have at {side} {bound} entries, not {context.get('actual_length')}"
    if kind in ("string_too_short", "string_too_long"):
        return (
            "must not be empty"
            if kind == "string_too_short"
            else f"must have at most {context.get('max_length')} characters"
        )
    if kind == "string_pattern_mismatch":
        return f"{shown(value)} does not have the form `{context.get('pattern')}`"
    if kind == "value_error":
        return str(context.get("error", item.get("msg", "")))
    if kind == "invalid_key":
        return "keys must be text"
    return str(item.get("msg", "is not allowed"))
