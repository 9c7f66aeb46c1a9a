"""What changes from one policy to another, element by element and in words; findings are compared by `lint`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any, Literal

from pydantic import BaseModel

from vitropolis.policy.describe import wrap
from vitropolis.policy.flow import FlowGraph, flow_graph
from vitropolis.policy.phrases import SAID, element_in_words, field_in_words, value_in_words
from vitropolis.policy.schema import Policy
from vitropolis.policy.triggers import AllTrigger, AnyTrigger
from vitropolis.policy.values import Dated, Value

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Who": ("population",),
    "Records": ("departments", "feeds", "behaviours"),
    "Scores": ("scores",),
    "Lists": ("lists",),
    "Measures": ("measures",),
    "Others who are hit": ("spillover",),
    "Campaigns": ("campaigns",),
    "Redress": ("procedure",),
    "Retention": ("retention",),
    "The rest": (
        "operator", "method", "purpose", "legal_basis", "links", "sharing", "assessments", "governance", "monitoring",
        "suppressions",
    ),
}  # fmt: skip
SHOWN = 4
_FORCE = ("starts_on", "ends_before")
_ENDS = {"person": "people", "firm": "firms"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of an element that differs: dotted below the element, in words, and where the new text has it."""

    field: str
    words: str
    old: str
    new: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class ElementChange:
    """An element that is removed, added or changed.

    words: the element in one line. fields: what is changed of it. lost: the lists, measures and people it led to that
    it (removed: that nothing) reaches any more; gained: what it reaches now; bears_on: what it led to before.
    """

    element: str
    kind: Literal["removed", "added", "changed"]
    words: str
    fields: tuple[FieldChange, ...] = ()
    lost: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()
    bears_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Two policies compared: changes by group, and how many fields only say something otherwise.

    day: the day on which both are looked at; None: on all days.
    """

    old: Policy
    new: Policy
    day: date | None
    groups: Mapping[str, tuple[ElementChange, ...]]
    only_said: int

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many elements are removed, added and changed."""
        kinds = [each.kind for changes in self.groups.values() for each in changes]
        return {kind: kinds.count(kind) for kind in ("removed", "added", "changed")}


def compared(old: Policy, new: Policy, day: date | None = None) -> Comparison:
    """Return what changes from `old` to `new`; with a day, only what differs on it and is in force then."""
    ways = _Ways(flow_graph(old), flow_graph(new))
    groups, said = {}, _said_of_the_whole(old, new)
    for title, sections in GROUPS.items():
        found: list[ElementChange] = []
        for section in sections:
            before, after = _elements(old, section), _elements(new, section)
            for element in dict.fromkeys([*before, *after]):
                one, other = (_in_force(side.get(element), day) for side in (before, after))
                change, alike = _change(element, one, other, new, day, ways)
                said += alike
                found += [change] if change else []
        order = ("removed", "added", "changed")
        groups[title] = tuple(sorted(found, key=lambda each: order.index(each.kind)))
    return Comparison(old, new, day, {title: found for title, found in groups.items() if found}, said)


def _elements(policy: Policy, section: str) -> dict[str, BaseModel]:
    part = getattr(policy, section)
    if isinstance(part, dict):
        return {f"{section}.{name}": item for name, item in part.items()}
    if section == "procedure":
        parts = {} if part is None else {name: getattr(part, name) for name in type(part).model_fields}
        return {f"procedure.{name}": item for name, item in parts.items() if item is not None}
    if section == "suppressions":
        return {f"suppressions.{item.rule} of {item.element}": item for item in part}
    return {} if part is None else {section: part}


def _in_force(item: BaseModel | None, day: date | None) -> BaseModel | None:
    return None if day is not None and isinstance(item, Dated) and not item.in_force(day) else item


def _change(
    element: str, old: BaseModel | None, new: BaseModel | None, policy: Policy, day: date | None, ways: _Ways
) -> tuple[ElementChange | None, int]:
    """The change of one element, and how many of its fields only say something otherwise."""
    if old is None or new is None:
        item, kind = (old, "removed") if new is None else (new, "added")
        if item is None:
            return None, 0
        lost, on = ways.without(element) if kind == "removed" else ((), ())
        words = element_in_words(element, item, day)
        return ElementChange(element, "removed" if kind == "removed" else "added", words, lost=lost, bears_on=on), 0
    found = list(_differences(old, new, "", day))
    fields = tuple(_field(element, *each, policy, day) for each in found if each is not None)
    if not fields:
        return None, found.count(None)
    lost, gained, on = ways.other(element)
    words = element_in_words(element, new, day)
    return ElementChange(element, "changed", words, fields, lost, gained, on), found.count(None)


def _field(element: str, path: str, old: Any, new: Any, policy: Policy, day: date | None) -> FieldChange:
    one, other = value_in_words(path, old, day), value_in_words(path, new, day)
    if one == other:
        other += " (dated otherwise)"
    file, line = policy.source.place_of(f"{element}.{path}")
    return FieldChange(path, field_in_words(path), one, other, file, line)


_Found = tuple[str, Any, Any] | None
"""A field that differs with its two values; None for one that only says something otherwise."""


def _differences(old: BaseModel, new: BaseModel, path: str, day: date | None) -> Iterator[_Found]:
    for name in dict.fromkeys([*type(old).model_fields, *type(new).model_fields]):
        one, other = getattr(old, name, None), getattr(new, name, None)
        if one == other or (day is not None and name in _FORCE):
            continue
        if name in SAID and not path.endswith("trigger"):
            yield None
        else:
            yield from _of(one, other, f"{path}.{name}" if path else name, day)


def _of(old: Any, new: Any, path: str, day: date | None) -> Iterator[_Found]:
    if isinstance(old, Value) and isinstance(new, Value):
        if value_in_words(path, old, day) != value_in_words(path, new, day):
            yield path, old, new
        elif _sources(old, day) != _sources(new, day):
            yield None
    elif isinstance(old, dict) and isinstance(new, dict) and not any(isinstance(key, date) for key in {*old, *new}):
        for key in dict.fromkeys([*old, *new]):
            if old.get(key) != new.get(key):
                yield from _of(old.get(key), new.get(key), f"{path}.{key}", day)
    elif _open(old) and _open(new) and type(old) is type(new):
        yield from _differences(old, new, path, day)
    elif (old is None and _open(new)) or (new is None and _open(old)):
        yield from _one_sided(old, new, path)
    else:
        yield path, old, new


def _sources(value: Value[Any], day: date | None) -> list[tuple[str | None, ...]]:
    """Status, reference and note of each step, or of the one that holds on a day."""
    steps = [step for step in value.steps if day is None or step.since is None or step.since <= day]
    return [(step.status, step.reference, step.note) for step in (steps if day is None else steps[-1:])]


def _open(item: Any) -> bool:
    """Whether a part is told field by field: one that is of parts itself is told as a whole."""
    return isinstance(item, BaseModel) and not isinstance(item, AnyTrigger | AllTrigger)


def _one_sided(old: Any, new: Any, path: str) -> Iterator[_Found]:
    item = new if old is None else old
    if hasattr(item, "kind"):
        yield path, old, new
        return
    for name in type(item).model_fields:
        value = getattr(item, name)
        if value is not None and value not in ((), {}) and name not in SAID:
            yield (f"{path}.{name}", None, value) if old is None else (f"{path}.{name}", value, None)


def _said_of_the_whole(old: Policy, new: Policy) -> int:
    """How many references and fields of the head differ; the id is a name and no statement."""
    names = {*old.references, *new.references}
    found = [name for name in names if old.references.get(name) != new.references.get(name)]
    head = [name for name in type(old.policy).model_fields if name != "id"]
    return len(found) + len([name for name in head if getattr(old.policy, name) != getattr(new.policy, name)])


class _Ways:
    """What elements lead to in two policies: lists, measures, people, firms and relations."""

    def __init__(self, old: FlowGraph, new: FlowGraph) -> None:
        self.old, self.new = old, new

    @cached_property
    def _reached(self) -> frozenset[str]:
        starts = [node for node in self.new.nodes if node.startswith(("feeds.", "behaviours.", "campaigns."))]
        return frozenset(end for node in starts for end in self.new.reach(node))

    def without(self, element: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What a removed element led to and nothing reaches any more, and all that it led to."""
        on = _ends(self.old, element)
        return tuple(node for node in on if node not in self._reached), on

    def other(self, element: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """What a changed element reaches no longer, reaches now, and led to before."""
        before, after = _ends(self.old, element), _ends(self.new, element)
        lost = tuple(node for node in before if node not in after)
        return lost, tuple(node for node in after if node not in before), before


def _ends(graph: FlowGraph, element: str) -> tuple[str, ...]:
    found = graph.reach(element) if element in graph.nodes else frozenset()
    told = ("lists.", "measures.", "relation.", "person", "firm")
    return tuple(node for node in graph.nodes if node in found and node != element and node.startswith(told))


def comparison_lines(found: Comparison) -> Iterator[str]:
    """Yield a comparison as lines of at most 80 characters."""
    for word, policy in (("from", found.old), ("to", found.new)):
        yield from wrap(f"{word:<4} {policy.id}: {policy.policy.title}", "", "     ")
        yield from wrap(f"made of {', '.join(policy.chain)}; content {policy.digest[:16]}", "     ")
    if found.day is not None:
        yield f"as both stand on {found.day}"
    if not found.groups:
        yield "nothing differs" if not found.only_said else "nothing differs in what is decided"
    for title, changes in found.groups.items():
        yield ""
        yield title
        for change in changes:
            yield from _lines(change)
    if found.groups:
        yield ""
        yield "elements: " + ", ".join(f"{number} {kind}" for kind, number in found.counts.items())
    if found.only_said:
        yield f"only said otherwise: {found.only_said}"


def _lines(change: ElementChange) -> Iterator[str]:
    if change.kind != "changed":
        yield from wrap(f"{'-' if change.kind == 'removed' else '+'} {change.words}", "  ", "      ")
    for (file, line), fields in groupby(change.fields, lambda each: (each.file, each.line)):
        told = "; ".join(f"{each.words}: {each.old} -> {each.new}" for each in fields)
        yield from wrap(f"~ {change.element}: {told} ({file}:{line})", "  ", "      ")
    bearing = _bearing(change)
    if bearing:
        yield from wrap(bearing, "      ", "        ")


def _bearing(change: ElementChange) -> str:
    told = [f"no longer reached: {_few(change.lost)}"] if change.lost else []
    told += [f"now reached: {_few(change.gained)}"] if change.gained else []
    if told or not change.bears_on:
        return "; ".join(told)
    parts = [(sum(node.startswith(f"{kind}s.") for node in change.bears_on), kind) for kind in ("list", "measure")]
    numbers = [f"{number} {kind}{'' if number == 1 else 's'}" for number, kind in parts if number]
    whom = [_name(node) for node in change.bears_on if "." not in node or node.startswith("relation.")]
    what = ", ".join([*numbers, *whom])
    return f"led to {what}: all still reached" if change.kind == "removed" else f"bears on {what}"


def _few(nodes: tuple[str, ...]) -> str:
    more = f" and {len(nodes) - SHOWN} more" if len(nodes) > SHOWN else ""
    return ", ".join(_name(node) for node in nodes[:SHOWN]) + more


def _name(node: str) -> str:
    return _ENDS.get(node, node.removeprefix("relation.").replace("_", " ") if node.startswith("relation.") else node)


def comparison_data(found: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data."""
    return {
        "old": _head(found.old),
        "new": _head(found.new),
        "on": found.day,
        "equal": not found.groups and not found.only_said,
        "counts": dict(found.counts),
        "groups": {title: [_data(each) for each in changes] for title, changes in found.groups.items()},
        "only_said": found.only_said,
    }


def _head(policy: Policy) -> dict[str, Any]:
    return {"id": policy.id, "title": policy.policy.title, "digest": policy.digest, "chain": list(policy.chain)}


def _data(change: ElementChange) -> dict[str, Any]:
    fields = [
        {"field": each.field, "words": each.words, "old": each.old, "new": each.new, "file": each.file,
         "line": each.line}
        for each in change.fields
    ]  # fmt: skip
    reach = {"no_longer_reached": change.lost, "now_reached": change.gained, "bears_on": change.bears_on}
    return {"element": change.element, "kind": change.kind, "words": change.words, "fields": fields, **reach}
