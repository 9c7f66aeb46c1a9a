"""What conduct reveals of people that is nobody's business: faith, politics, union, health. One table for all rules.

What a behaviour is by the catalogue of conduct comes before what its author calls it; traits that an author declares
himself (`uses_traits`, `proxy_for`) are for the rules to add.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from vitropolis.policy.words import CONDUCT

BY_KIND: Mapping[str, str] = MappingProxyType({
    "belief": "religion", "opinion": "politics", "loyalty": "politics", "assembly": "politics",
    "association": "union", "strike": "union",
})  # fmt: skip
BY_CONTEXT: Mapping[str, str] = MappingProxyType({"religion": "religion", "political": "politics"})
BY_CONDUCT: Mapping[str, str] = MappingProxyType({"blood_donation": "health"})


def revealed(conduct: Iterable[str], natural: Iterable[str], called: str) -> Mapping[str, str]:
    """The traits that conduct of these `natural` kinds reveals, and by what; `called`: the kind that is declared."""
    found: dict[str, str] = {}
    for kind in sorted(natural):
        if kind in BY_KIND:
            found.setdefault(BY_KIND[kind], f"{kind} by nature")
    for word in conduct:
        context = CONDUCT[word].context
        if context in BY_CONTEXT:
            found.setdefault(BY_CONTEXT[context], f"{context} by nature")
        if word in BY_CONDUCT:
            found.setdefault(BY_CONDUCT[word], "by nature")
    if called in BY_KIND:
        found.setdefault(BY_KIND[called], f"declared as {called}")
    return MappingProxyType(found)
