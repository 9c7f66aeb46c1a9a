"""Two forms of one element made into one that is the first until a day and the second from it on, field by field.

What the format takes as a `Value` gets dates. What only the linter reads, and what a run takes for the same, is as in
the second form. Whatever else differs cannot be dated, and is noted with its place in the second form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import BaseModel

from vitropolis.base.errors import Message
from vitropolis.base.yamlfile import Key, Node
from vitropolis.policy.defaults import NUMBERS, WORDS, plain
from vitropolis.policy.parts import Appeal, HumanReview, Notice, Objection
from vitropolis.policy.phrases import SAID, value_in_words
from vitropolis.policy.schema import Exit, Policy, Publication
from vitropolis.policy.triggers import Expires, Forever, Life
from vitropolis.policy.values import Step, Value

ALWAYS = date.min
"""The first date of a value that held before the day without one: on every day there is."""
APART = frozenset({"starts_on", "ends_before", "ramp", "ramp_by_district"})
"""Fields that are no value and hold from a day on as well: whoever calls sees to them."""
LINT: Mapping[str, frozenset[str]] = {
    "feeds": frozenset(
        {"category", "promised_error_rate", "promised_false_match_rate", "source_public_days", "catalogue_refs",
         "legal_basis"}
    ),
    "behaviours": frozenset(
        {"context", "kind", "gravity", "established_by", "definition_precise", "uses_traits", "proxy_for"}
    ),
    "scores": frozenset({"predicts", "upper"}),
    "lists": frozenset(
        {"context", "domain", "consultation_days", "criteria_published", "predicts", "needs_services", "until_days",
         "seriousness", "legal_basis"}
    ),
    "measures": frozenset({"severity", "mandatory_for_third_parties", "basic_list_ref", "legal_basis"}),
    "spillover": frozenset({"contest_right"}),
    "campaigns": frozenset({"legal_basis"}),
    "procedure": frozenset(
        {"content", "written", "plain_language", "hearing", "independent", "competence", "training",
         "override_rate_published", "independent_tribunal", "free", "access", "remedy"}
    ),
}  # fmt: skip
"""Fields that only the linter reads, by section (format, section 2); within a section these names mean nothing else."""

_ABSENT: Mapping[str, Any] = {
    **NUMBERS, "compliance_days": None, "response_days": None, "removal_days": None, "fee_yuan": None,
    "staff_per_100k": None, "minutes_per_case": None, "suspends_effect": False,
}  # fmt: skip
"""What a run takes where a value is absent; where it is not here, no value stands for none."""
NOTHING_SAID = "nothing was said; what a run takes then"
_EMPTY: Mapping[str, tuple[type[BaseModel], Mapping[str, Any]]] = {
    "exit": (Exit, {}),
    "publication": (Publication, {}),
    "notice": (Notice, {"when": "none"}),
    "objection": (Objection, {"available": False}),
    "appeal": (Appeal, {"available": False}),
    "human_review": (HumanReview, {"available": False}),
}
"""Parts that may be absent, as what a run takes then."""


@dataclass
class Dating:
    """Makes two forms of one element into one; `wrong` collects what cannot be dated.

    ends: for a list, whether a listing ends by itself if nothing is said (None: that differs by day). cites, inherits:
    the reference of whatever gives none itself, in the first form and in the second.
    """

    before: Policy
    after: Policy
    day: date
    section: str
    cites: str | None
    inherits: str | None
    ends: bool | None = None
    wrong: list[Message] = field(default_factory=list)

    def part(self, path: str, old: BaseModel, new: BaseModel, one: Node | None, other: Node | None) -> Node:
        """Return both forms of a part as one node; `one` and `other` are where they are written, None for nowhere."""
        place = other or one
        assert place is not None
        held, here = (self.cites, self.inherits), _child(other, "reference")
        self.cites = getattr(old, "reference", None) or self.cites
        self.inherits = str(here.value) if here is not None else self.inherits
        written: dict[Key, Node] = {}
        names = dict.fromkeys([*_keys(other), *_keys(one), *type(new).model_fields])
        for name in names:
            if name in type(new).model_fields and name not in APART:
                inner = f"{path}.{name}"
                child = (_child(one, name), _child(other, name))
                made = self._field(inner, name, (getattr(old, name), getattr(new, name)), child)
                if made is not None:
                    written[name] = made
        self.cites, self.inherits = held
        return place.with_value(written)

    def _field(self, path: str, name: str, both: tuple[Any, Any], at: tuple[Node | None, Node | None]) -> Node | None:
        old, new = both
        one, other = at
        if old == new or name in SAID or name in LINT.get(self.section, ()):
            return other
        if name == "life":
            return self._life(path, old, new, one, other)
        if isinstance(old, Value) or isinstance(new, Value):
            return self._value(path, name, old, new, one, other)
        if name in _EMPTY and None in both:
            model, says = _EMPTY[name]
            old, new = (model.model_validate(says) if side is None else side for side in both)
        if isinstance(old, BaseModel) and type(old) is type(new):
            return self.part(path, old, new, one, other)
        if isinstance(old, tuple) and isinstance(new, tuple) and _alike(old, new):
            return self._each(path, old, new, one, other)
        if isinstance(old, dict) and isinstance(new, dict):
            return self._mapping(path, old, new, one, other)
        if self._taken(name, old, new) != self._taken(name, new, old):
            self.say(path, name, old, new)
        return other

    def _each(self, path: str, old: tuple[Any, ...], new: tuple[Any, ...], one: Any, other: Any) -> Node:
        nodes = zip(old, new, one.value, other.value, strict=True)
        made = [self.part(f"{path}.{index}", *each) for index, each in enumerate(nodes)]
        return other.with_value(made)  # type: ignore[no-any-return]

    def _mapping(self, path: str, old: Any, new: Any, one: Node | None, other: Node | None) -> Node | None:
        """Points by score, bands by name, ceilings and ranges by score."""
        written: dict[Key, Node] = {}
        for key in dict.fromkeys([*new, *old]):
            inner, child = f"{path}.{key}", (_child(one, key), _child(other, key))
            if isinstance(old.get(key), BaseModel) and isinstance(new.get(key), BaseModel):
                made: Node | None = self.part(inner, old[key], new[key], *child)
            elif isinstance(old.get(key), Value) or isinstance(new.get(key), Value):
                made = self._value(inner, "points", old.get(key), new.get(key), *child)
            else:
                made = child[1]
                if old.get(key) != new.get(key):
                    self.say(inner, path.rpartition(".")[2], old.get(key), new.get(key))
            written |= {key: made} if made is not None else {}
        place = other or one
        return place.with_value(written) if place is not None else None

    def _value(self, path: str, name: str, old: Any, new: Any, one: Node | None, other: Node | None) -> Node | None:
        place = other or one
        if place is None or (isinstance(old, Value) and isinstance(new, Value) and _rules(old) == _rules(new)):
            return other
        known = _absent(self.section, name)
        if known is None and (old is None or new is None):
            self.say(path, name, old, new)
            return other
        steps = [_steps(value, node, place, known) for value, node in ((old, one), (new, other))]
        made = self._dated(steps[0], steps[1])
        if made is None:
            self.say(path, name, old, new)
            return other
        return place.with_value({since: node for since, _, node in made})

    def _dated(self, old: list[_Step], new: list[_Step]) -> list[_Step] | None:
        """The steps of both; None if the second has no value yet on the day and the first has."""
        first = [(since, step, self._cited(step, node)) for since, step, node in old if since < self.day]
        held = [each for each in new if each[0] <= self.day]
        if first and not held:
            return None
        later = [each for each in new if each[0] > self.day]
        return [*first, *((self.day, step, node) for _, step, node in held[-1:]), *later]

    def _cited(self, step: Step[Any], node: Node) -> Node:
        """A step of the first form with the reference that it inherited there, where it would inherit another now."""
        if step.reference or not self.cites or self.cites == self.inherits or step.note == NOTHING_SAID:
            return node
        parts: dict[Key, Node] = dict(node.value) if isinstance(node.value, dict) else {"value": node}
        return node.with_value({**parts, "reference": node_of(self.cites, node)})

    def _life(self, path: str, old: Any, new: Any, one: Node | None, other: Node | None) -> Node | None:
        """Lives without an end, with one and by default are one kind: they end after so many days, or never."""
        first, then = _ending(old, self.before), _ending(new, self.after)
        if first is None or then is None:
            if type(old) is type(new):
                return self.part(path, old, new, one, other)
            self.say(path, "life", old, new)
            return other
        place = other or one
        assert place is not None
        nodes = [_child(node, "after_days") or _written(side, place) for node, side in ((one, first), (other, then))]
        made = self._value(f"{path}.after_days", "after_days", first, then, nodes[0], nodes[1])
        assert made is not None
        return place.with_value({"kind": node_of("expires", place), "after_days": made})

    def _taken(self, name: str, value: Any, beside: Any) -> Any:
        """A plain value as a run takes it."""
        if name == "about":
            return value == "firm"
        if value not in (None, "unknown", ()):
            return value
        if name in WORDS:
            return WORDS[name]
        if name == "auto_expiry":
            return "" if self.ends is None else self.ends
        return False if isinstance(beside, bool) or name in _FLAGS else NUMBERS.get(name)

    def say(self, path: str, name: str, old: Any, new: Any) -> None:
        """Note that a field cannot be dated, at its place in the second form."""
        told = [value_in_words(name, value) for value in (old, new)]
        differs = f"`{told[0]}` in {self.before.id}, `{told[1]}` here" if told[0] != told[1] else "it differs"
        file, line = self.after.source.place_of(path)
        self.wrong.append(Message(file, line, path, f"{differs}; {_what_to_do(self.section, path)}"))


_FLAGS = frozenset({"ability_test", "excludes_minors", "on_compliance", "public", "hardship_exception", "flag_dispute",
                    "minimum_guarantee", "individual_fault_test", "authority_to_change"})  # fmt: skip
_Step = tuple[date, Step[Any], Node]


def _what_to_do(section: str, path: str) -> str:
    if section in ("feeds", "behaviours", "scores", "lists"):
        element = ".".join(path.split(".")[:2])
        return f"the format cannot date this field; `delete` {element} and write the change under another id"
    return "the format cannot date this field; write it as it is there"


def _absent(section: str, name: str) -> Value[Any] | None:
    if name == "points":
        return plain(0)
    if section == "retention":
        return plain(None)
    return plain(_ABSENT[name]) if name in _ABSENT else None


def _steps(value: Any, node: Node | None, place: Node, known: Value[Any] | None) -> list[_Step]:
    """A value's steps with first dates and nodes; where nothing is written, what a run takes, marked as that."""
    if not isinstance(value, Value):
        absent = (known or plain(None)).steps[0].value
        step = Step(absent, None, None, "assumed", None, NOTHING_SAID)
        return [(ALWAYS, step, _noted(step, place))]
    nodes = [node if step.since is None else _child(node, step.since) for step in value.steps]
    return [(step.since or ALWAYS, step, own if own is not None else _noted(step, place))
            for step, own in zip(value.steps, nodes, strict=True)]  # fmt: skip


def _noted(step: Step[Any], place: Node) -> Node:
    said = {name: getattr(step, name) for name in ("unit", "status", "reference", "note")}
    parts: dict[Key, Node] = {name: node_of(text, place) for name, text in said.items() if text is not None}
    value = node_of(step.value, place)
    return place.with_value({"value": value, **parts}) if parts else value


def _written(value: Value[Any], place: Node) -> Node:
    if value.first is None:
        return _noted(value.steps[0], place)
    return place.with_value({step.since: _noted(step, place) for step in value.steps if step.since is not None})


def _rules(value: Value[Any]) -> list[tuple[date | None, Any, str | None]]:
    return [(step.since, step.value, step.unit) for step in value.steps]


def _ending(life: Life | None, policy: Policy) -> Value[Any] | None:
    """After how many days a record stops counting (null: never); None for a life that ends otherwise."""
    if life is None:
        return policy.retention.adverse_days if policy.retention else plain(None)
    if isinstance(life, Forever):
        return plain(None)
    return life.after_days if isinstance(life, Expires) else None


def _alike(old: tuple[Any, ...], new: tuple[Any, ...]) -> bool:
    parts = [isinstance(item, BaseModel) for item in (*old, *new)]
    return all(parts) and [type(item) for item in old] == [type(item) for item in new]


def _keys(node: Node | None) -> list[str]:
    return [str(key) for key in node.value] if node is not None and isinstance(node.value, dict) else []


def _child(node: Node | None, key: Any) -> Node | None:
    return node.child(key) if node is not None else None


def node_of(value: Any, place: Node) -> Node:
    """Return a plain value as a node that stands where another does; a list becomes a list of nodes."""
    held = [node_of(item, place) for item in value] if isinstance(value, list | tuple) else value
    return Node(held, place.file, place.line, place.column, place.key_line, place.key_column)
