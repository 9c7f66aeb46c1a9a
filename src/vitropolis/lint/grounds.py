"""Law as data: what each ground says, since when it applies, when it was read; and the limits that laws set.

`grounds/*.yaml` hold them, one file for each body of law; nothing about a law's text or numbers stands in code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from vitropolis.base.yamlfile import parse_yaml

LIMITS = "limits.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One article, paragraph, judgment or principle.

    `applies_from`: first day of application (None: always, or no date fits); `applies_until`: first day on which it no
    longer applies; `binding`: law in its own jurisdiction, and not a recommendation or a lesson; `checked`: read,
    secondary or memory; `language` of the text that was read.
    """

    id: str
    cite: str
    says: str
    body: str
    url: str | None
    applies_from: date | None
    applies_until: date | None
    verified_on: date
    checked: str
    language: str
    binding: bool
    note: str = ""

    def live(self, day: date) -> bool:
        """Whether it applies on a day."""
        begun = self.applies_from is None or self.applies_from <= day
        return begun and (self.applies_until is None or day < self.applies_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A number that a law sets, in days unless its name says otherwise. `ground` is the id of where it stands."""

    name: str
    value: int
    ground: str
    note: str = ""


def _texts() -> Mapping[str, bytes]:
    home = files("vitropolis.lint").joinpath("grounds")
    found = {item.name: item.read_bytes() for item in home.iterdir() if item.name.endswith(".yaml")}
    return dict(sorted(found.items()))


@cache
def grounds() -> Mapping[str, Ground]:
    """Every ground by id."""
    found: dict[str, Ground] = {}
    for name, text in _texts().items():
        tree = parse_yaml(text, name).plain()
        for key, item in tree.get("grounds", {}).items():
            found[key] = _ground(key, {**tree["common"], **item})
    return MappingProxyType(found)


def _ground(key: str, item: Mapping[str, Any]) -> Ground:
    return Ground(
        id=key,
        cite=item["cite"],
        says=item["says"],
        body=item["body"],
        url=item.get("url"),
        applies_from=item.get("applies_from"),
        applies_until=item.get("applies_until"),
        verified_on=item["verified_on"],
        checked=item["checked"],
        language=item["language"],
        binding=item["binding"],
        note=item.get("note", ""),
    )


@cache
def limits() -> Mapping[str, Limit]:
    """Every limit by name, such as `correction_response_eu`."""
    tree = parse_yaml(_texts()[LIMITS], LIMITS).plain()
    return MappingProxyType({name: Limit(name=name, **item) for name, item in tree["limits"].items()})


def limit(name: str) -> int:
    """The number of a limit. KeyError for an unknown name."""
    return limits()[name].value


@cache
def law_digest() -> str:
    """SHA-256 (hex) over all data about law, in the order of file names."""
    found = sha256()
    for name, text in _texts().items():
        found.update(name.encode() + b"\0" + text + b"\0")
    return found.hexdigest()
