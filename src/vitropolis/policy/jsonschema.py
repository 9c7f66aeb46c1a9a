"""The JSON Schema of a policy file, for editors and for `vitropolis schema policy`."""

from __future__ import annotations

from typing import Any

from vitropolis.policy.schema import Policy

_NOISE = ("title", "default")


def policy_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of `NAME.policy.yaml`; an overlay needs only `schema_version` of what is required."""
    schema = _clean(Policy.model_json_schema(by_alias=True))
    properties: dict[str, Any] = schema["properties"]
    properties["extends"] = {
        "type": "string",
        "description": "library name or relative path of the policy this one overlays",
    }
    properties["delete"] = {
        "type": "array",
        "items": {"type": "string"},
        "description": "elements of the base to remove",
    }
    required = schema.pop("required")
    whole = {"not": {"required": ["extends"]}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "vitropolis policy",
        **schema,
        "required": ["schema_version"],
        "if": whole,
        "then": {"required": required},
    }


def _clean(part: Any, names: bool = False) -> Any:
    """Without pydantic's generated titles and defaults; `names`: the keys here are names of properties, not
    keywords."""
    if isinstance(part, list):
        return [_clean(item) for item in part]
    if not isinstance(part, dict):
        return part
    kept = (
        part
        if names
        else {key: item for key, item in part.items() if not (key in _NOISE and not isinstance(item, dict))}
    )
    return {key: _clean(item, not names and key in ("properties", "$defs")) for key, item in kept.items()}
