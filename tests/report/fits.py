"""The part of JSON Schema that `result.json` uses, checked plainly: what of a value does not fit, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

KINDS: Mapping[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float),
    "boolean": (bool,), "null": (type(None),),
}  # fmt: skip
SAID = {"$schema", "$defs", "$comment", "title", "description", "default"}  # words that refuse nothing
Check = Callable[[Any, Any, Mapping[str, Any], Mapping[str, Any], str], Iterator[str]]


def misfits(value: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """Yield what does not fit. AssertionError for a word of the schema that is not known here."""
    for word, said in schema.items():
        assert word in CHECKS or word in SAID, f"{at}: this check does not know `{word}`"
        if word in CHECKS:
            yield from CHECKS[word](value, said, schema, whole, at)


def _type(value: Any, said: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], at: str) -> Iterator[str]:
    if not isinstance(value, KINDS[said]) or (isinstance(value, bool) and said != "boolean"):
        yield f"{at}: not of type {said}"


def _one_of(value: Any, said: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], at: str) -> Iterator[str]:
    if value not in said:
        yield f"{at}: not one of {said}"


def _const(value: Any, said: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], at: str) -> Iterator[str]:
    if value != said:
        yield f"{at}: not {said}"


def _ref(value: Any, said: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], at: str) -> Iterator[str]:
    yield from misfits(value, whole["$defs"][said.removeprefix("#/$defs/")], whole, at)


def _any_of(value: Any, said: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], at: str) -> Iterator[str]:
    if all(any(True for _ in misfits(value, part, whole, at)) for part in said):
        yield f"{at}: fits none of {len(said)}"


def _required(value: Any, said: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], at: str) -> Iterator[str]:
    yield from (f"{at}.{name}: missing" for name in said if isinstance(value, dict) and name not in value)


def _properties(value: Any, said: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], at: str) -> Iterator[str]:
    for name, part in value.items() if isinstance(value, dict) else ():
        if name in said:
            yield from misfits(part, said[name], whole, f"{at}.{name}")


def _others(value: Any, said: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], at: str) -> Iterator[str]:
    for name, part in value.items() if isinstance(value, dict) else ():
        if name not in schema.get("properties", {}) and said is False:
            yield f"{at}.{name}: not known"
        elif name not in schema.get("properties", {}) and said is not True:
            yield from misfits(part, said, whole, f"{at}.{name}")


def _items(value: Any, said: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], at: str) -> Iterator[str]:
    for place, part in enumerate(value if isinstance(value, list) else ()):
        yield from misfits(part, said, whole, f"{at}[{place}]")


def _first(value: Any, said: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], at: str) -> Iterator[str]:
    for place, (part, wanted) in enumerate(zip(value, said, strict=False)):
        yield from misfits(part, wanted, whole, f"{at}[{place}]")


def _least(value: Any, said: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], at: str) -> Iterator[str]:
    if len(value) < said:
        yield f"{at}: shorter than {said}"


def _most(value: Any, said: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], at: str) -> Iterator[str]:
    if len(value) > said:
        yield f"{at}: longer than {said}"


CHECKS: Mapping[str, Check] = {
    "type": _type, "enum": _one_of, "const": _const, "$ref": _ref, "anyOf": _any_of, "required": _required,
    "properties": _properties, "additionalProperties": _others, "items": _items, "prefixItems": _first,
    "minItems": _least, "maxItems": _most,
}  # fmt: skip
