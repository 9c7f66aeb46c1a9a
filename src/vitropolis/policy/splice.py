"""One policy that is another until a day and a third from that day on, as somebody writes it who dates every change.

Elements come and go with `starts_on` and `ends_before`, values get dates (`dating`). A measure, a spill-over or a
campaign that cannot be dated field by field ends, and begins again under another id. What is left over is an error:
the format has no way to say it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel

from vitropolis.base.errors import InputError, Message
from vitropolis.base.yamlfile import Key, Node
from vitropolis.policy.dating import ALWAYS, Dating, node_of
from vitropolis.policy.load import LONGEST_ID, make
from vitropolis.policy.overlay import put
from vitropolis.policy.parts import Enrolment, Procedure, Ramp, Retention
from vitropolis.policy.renaming import apart, said_in_full
from vitropolis.policy.schema import Policy
from vitropolis.policy.triggers import CarriesMeasure
from vitropolis.policy.values import Dated

AGAIN = ("measures", "spillover", "campaigns")
"""Sections whose elements may end and begin again under another id; nothing outside them names one of these."""
SECTIONS = ("feeds", "behaviours", "scores", "lists", *AGAIN)
UNITED = ("references", "legal_basis", "departments")
LONGEST_ELEMENT = 48

_Span = tuple[date | None, date | None]


def splice(before: Policy, after: Policy, day: date) -> Policy:
    """Return the policy that is `before` until `day` and `after` from it on.

    Raises InputError with every field that differs and cannot be dated (file and line in `after`), with an enrolment
    that would fall, and with whatever the same text would be refused for as a file.
    """
    return _Splice(before, after, day).policy()


class _Splice:
    """One splicing: what is written of both, section by section, and what is wrong."""

    def __init__(self, before: Policy, after: Policy, day: date) -> None:
        self.before, self.after, self.day = before, after, day
        self.one = said_in_full(before, after)
        self.other = apart(before, after)
        self.wrong: list[Message] = []
        self.again: dict[str, str] = {}
        self.left_out: list[str] = []

    def policy(self) -> Policy:
        parts: dict[Key, Node] = {}
        for key in dict.fromkeys([*_keys(self.other), *_keys(self.one)]):
            made = self._section(key)
            if made is not None:
                parts[key] = made
        if self.wrong:
            raise InputError(self.wrong)
        made_of = f"{self.before.id} until {self.day}, {self.after.id} from that day on"
        try:
            policy = make(self.other.with_value(parts), (*self.before.chain, *self.after.chain, made_of))
        except InputError as error:
            raise InputError([self._explained(message) for message in error.messages]) from None
        policy._texts = {**self.before._texts, **self.after._texts}
        return policy

    def _explained(self, message: Message) -> Message:
        """A message about a name that is missing since its element is left out says so."""
        name = next((name for name in self.left_out if f"`{name}` is not" in message.text), None)
        why = f"`{name}` is in force only on the other side of {self.day}: it is left out, and nothing can name it"
        return message if name is None else replace(message, text=why)

    def _section(self, key: str) -> Node | None:
        one, other = self.one.child(key), self.other.child(key)
        place = other or one
        assert place is not None
        if key == "policy":
            return self._head(place)
        if key in UNITED:
            return place.with_value({**_parts(one), **_parts(other)})
        if key in SECTIONS:
            found: dict[Key, Node] = dict(self._elements(key))
            return place.with_value(found) if found else None
        if key == "population":
            return self._population(one, other)
        if key in ("procedure", "retention"):
            return self._whole(key, one, other)
        return self._governance(one, other) if key == "governance" else other

    def _head(self, place: Node) -> Node:
        """The head of the second, under a name and title that say both."""
        one, other, day = self.before.policy, self.after.policy, self.day
        parts = _parts(place)
        both = f"{one.title}, until {day}; {other.title}, from {day} on"
        if one.title == other.title:
            both = f"{one.title}: {one.id} until {day}, {other.id} from {day} on"
        texts: dict[str, Any] = {"id": f"{one.id}-then-{other.id}"[:LONGEST_ID].rstrip("-"), "title": both}
        if one.note and other.note and one.note != other.note:
            texts["note"] = f"Until {day}: {one.note}\nFrom {day} on: {other.note}"
        if one.as_of > other.as_of:
            texts["as_of"] = one.as_of
        states = dict.fromkeys([*one.jurisdictions, *other.jurisdictions])
        if list(states) != list(other.jurisdictions):
            texts["jurisdictions"] = list(states)
        made: dict[Key, Node] = {key: node_of(text, place) for key, text in texts.items()}
        return place.with_value({**parts, **made})

    def _elements(self, section: str) -> Iterator[tuple[str, Node]]:
        """Every element of a section: of both in the order of the first, then what only the second has."""
        held, new = getattr(self.before, section), getattr(self.after, section)
        names = [*held, *(name for name in new if name not in held)]
        for name in names:
            one, other = (_child(tree.child(section), name) for tree in (self.one, self.other))
            item = new.get(name)
            if section == "spillover" and item is not None and other is not None:
                item, other = self._carrying(item, other)
            yield from self._element(section, name, (held.get(name), item), (one, other), set(names))

    def _element(
        self, section: str, name: str, items: tuple[Any, Any], at: tuple[Node | None, Node | None], taken: set[str]
    ) -> Iterator[tuple[str, Node]]:
        (old, new), (one, other) = items, at
        until, since = _until(old, self.day), _since(new, self.day)
        if until is None or since is None:
            span, node = (until, one) if until is not None else (since, other)
            if span is not None and node is not None:
                yield name, _in_force(node, span)
            else:
                self.left_out.append(name)
            return
        assert one is not None and other is not None
        dating = self._dating(section, old, new)
        made = dating.part(f"{section}.{name}", old, new, one, other)
        if until[1] != since[0]:
            dating.say(f"{section}.{name}.starts_on", "starts_on", old.starts_on, new.starts_on)
        if not dating.wrong:
            yield name, _in_force(made, (until[0], since[1]))
        elif section in AGAIN:
            renamed = _another(name, self.day, taken)
            self.again |= {name: renamed} if section == "measures" else {}
            yield name, _in_force(one, until)
            yield renamed, _in_force(other, since)
        else:
            self.wrong += dating.wrong

    def _dating(self, section: str, old: Any = None, new: Any = None) -> Dating:
        terms = [term for item in (old, new) if section == "lists" for term in item.term_days.all]
        known = None if not terms or (None in terms and any(term is not None for term in terms)) else None not in terms
        default = _child(self.other.child("policy"), "default_reference")
        cites, inherits = self.before.policy.default_reference, str(default.value) if default is not None else None
        return Dating(self.before, self.after, self.day, section, cites, inherits, known)

    def _carrying(self, spill: Any, node: Node) -> tuple[Any, Node]:
        """A spill-over of the second with the new id of the measure that it carries, if that has one."""
        carries = spill.carries
        if not isinstance(carries, CarriesMeasure) or carries.measure not in self.again:
            return spill, node
        renamed = self.again[carries.measure]
        written = node.child("carries")
        held = _child(written, "measure")
        assert written is not None and held is not None
        carried = CarriesMeasure(kind="measure", measure=renamed)
        node = put(node, ("carries", "measure"), held.with_value(renamed))
        return spill.model_copy(update={"carries": carried}), node

    def _whole(self, section: str, one: Node | None, other: Node | None) -> Node:
        """Procedure and retention, which have no time in force of their own."""
        model, says = (Procedure, {}) if section == "procedure" else (Retention, {"adverse_days": None})
        old, new = (getattr(side, section) or model.model_validate(says) for side in (self.before, self.after))
        dating = self._dating(section)
        made = dating.part(section, old, new, one, other)
        self.wrong += dating.wrong
        return made

    def _governance(self, one: Node | None, other: Node | None) -> Node | None:
        """The second's, which the linter reads; the first day of the policy in a run is the first's."""
        place = other or one
        assert place is not None
        parts = {key: node for key, node in _parts(other).items() if key != "rules_effective_from"}
        since = _child(one, "rules_effective_from")
        made: dict[Key, Node] = {**parts, **({"rules_effective_from": since} if since is not None else {})}
        return place.with_value(made) if made or other is not None else None

    def _population(self, one: Node | None, other: Node | None) -> Node:
        assert one is not None and other is not None
        dating = self._dating("population")
        made = dating.part("population", self.before.population, self.after.population, one, other)
        self.wrong += dating.wrong
        for name, ramp in self._ramps().items():
            place = other.child("enrolment") or other
            node = place.with_value({since: node_of(share, place) for since, share in ramp.items()})
            path = ("population", "enrolment", *name.split("."))
            made = _deep(made, path[1:], node)
        return made

    def _ramps(self) -> Mapping[str, Ramp]:
        old, new = self.before.population.enrolment, self.after.population.enrolment
        pairs = {"ramp": (old.ramp, new.ramp)}
        for name in dict.fromkeys([*old.ramp_by_district, *new.ramp_by_district]):
            pairs[f"ramp_by_district.{name}"] = tuple(  # type: ignore[assignment]
                side.ramp_by_district.get(name, side.ramp) for side in (old, new)
            )
        found = {name: self._ramp(name, *pair) for name, pair in pairs.items()}
        return {name: ramp for name, ramp in found.items() if ramp}

    def _ramp(self, name: str, old: Ramp | None, new: Ramp | None) -> Ramp | None:
        """Shares as in the first up to the day before, and as in the second from the day on."""
        if old == new:
            return old
        eve, made = self.day - timedelta(days=1), dict[date, float]()
        ends, begins = _share(old, eve), _share(new, self.day)
        if begins < ends:
            text = f"enrolment would fall on {self.day} from {ends:.0%} to {begins:.0%}, which no ramp can; "
            text += "choose another day, or write a ramp that goes on from there"
            self.wrong.append(self.after.source.message(f"population.enrolment.{name}", text))
            return None
        if old is None:
            return {ALWAYS: 1.0}
        made |= {since: share for since, share in sorted(old.items()) if since < self.day}
        made |= {eve: ends} if made else {}
        made |= {self.day: begins} if new is None or min(new) <= self.day else {}
        return made | {since: share for since, share in sorted((new or {}).items()) if since > self.day}


def _share(ramp: Ramp | None, day: date) -> float:
    return Enrolment(mode="mandatory", ramp=ramp).share_on(day)


def _until(item: BaseModel | None, day: date) -> _Span | None:
    """The part of an element's time in force that lies before the day; None if there is none."""
    if not isinstance(item, Dated) or (item.starts_on is not None and item.starts_on >= day):
        return None
    return item.starts_on, min(item.ends_before or day, day)


def _since(item: BaseModel | None, day: date) -> _Span | None:
    """The part of an element's time in force from the day on; None if there is none."""
    if not isinstance(item, Dated) or (item.ends_before is not None and item.ends_before <= day):
        return None
    return max(item.starts_on or day, day), item.ends_before


def _in_force(node: Node, span: _Span) -> Node:
    parts = dict(_parts(node))
    for name, day in zip(("starts_on", "ends_before"), span, strict=True):
        held = parts.pop(name, None)
        if day is not None:
            parts[name] = held if held is not None and held.value == day else node_of(day, node)
    return node.with_value(dict(parts))


def _another(name: str, day: date, taken: set[str]) -> str:
    """A new id that says from when on an element has its second form."""
    ending = f"_from_{day:%Y_%m_%d}"
    found, number = name[: LONGEST_ELEMENT - len(ending)] + ending, 2
    while found in taken:
        more = f"{ending}_{number}"
        found, number = name[: LONGEST_ELEMENT - len(more)] + more, number + 1
    taken.add(found)
    return found


def _deep(tree: Node, path: tuple[str, ...], node: Node) -> Node:
    """The tree with a node at a path; what is missing on the way is written."""
    if len(path) == 1:
        return put(tree, path, node)
    inner = tree.child(path[0]) or node.with_value({})
    return put(tree, path[:1], _deep(inner, path[1:], node))


def _child(node: Node | None, key: str) -> Node | None:
    return node.child(key) if node is not None else None


def _parts(node: Node | None) -> Mapping[Key, Node]:
    return node.value if node is not None and isinstance(node.value, dict) else {}


def _keys(node: Node) -> list[str]:
    return [str(key) for key in _parts(node)]
