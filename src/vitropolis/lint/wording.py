"""Small turns of phrase that rules and formats share."""

from __future__ import annotations

from collections.abc import Iterable

MAPPINGS = ("feeds", "behaviours", "scores", "lists", "measures", "spillover", "campaigns", "sharing", "legal_basis")


def folded(elements: Iterable[str]) -> list[str]:
    """Elements of one section that differ in their ids alone as one: `feeds.*.linkage_key (14)`."""
    groups: dict[str, set[str]] = {}
    for element in elements:
        parts = element.split(".")
        key = ".".join([parts[0], "*", *parts[2:]]) if len(parts) > 2 and parts[0] in MAPPINGS else element
        groups.setdefault(key, set()).add(element)
    return [f"{key} ({len(names)})" if len(names) > 1 else next(iter(names)) for key, names in groups.items()]
