"""What a policy says of a field: a value, null, `unknown`, or nothing at all; and whether a source stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel

from vitropolis.lint.truth import Truth, known, unknown
from vitropolis.policy.schema import Policy
from vitropolis.policy.values import Value

State = Literal["value", "null", "unknown", "absent"]


@dataclass(frozen=True, slots=True)
class Said:
    """One field as a policy says it on a day. `value` is None unless `state` is `value`.

    `state`: value; null (declared as none, no limit, never); unknown (somebody looked and could not tell); absent.
    `assumed`: neither the value, nor its element, nor the policy's default has a source. Days are calendar days.
    """

    element: str
    state: State
    value: Any = None
    assumed: bool = False

    @property
    def open(self) -> bool:
        """Whether nothing can be concluded: absent or `unknown`."""
        return self.state in ("absent", "unknown")

    def test(self, holds: Callable[[Any], bool], null: bool | None = None) -> Truth:
        """Whether the value passes a test; absent and `unknown` are undecided.

        `null`: the answer where the field is declared null; left out, the test is given None.
        """
        if self.open:
            return unknown(self.element)
        if self.state == "null":
            answer = holds(None) if null is None else null
        else:
            answer = holds(self.value)
        return known(answer, assumed=(self.element,) if self.assumed else ())

    def is_true(self) -> Truth:
        """A flag: declared true. Declared false or null is False."""
        return self.test(lambda value: value is True, null=False)

    def is_(self, *words: str) -> Truth:
        """An enum: one of these words. Declared null is none of them."""
        return self.test(lambda value: value in words, null=False)

    def has(self, *words: str) -> Truth:
        """A list of words: holds all of these. Declared empty or null holds none; holding `unknown` is undecided."""
        held = set(self.value) if isinstance(self.value, tuple | list) else {str(self.value)}
        if self.state == "value" and "unknown" in held and not set(words) <= held:
            return unknown(self.element)
        return self.test(lambda value: set(words) <= held, null=False)

    def within(self, most: float) -> Truth:
        """A number of at most `most`; null (no limit, never) is not."""
        return self.test(lambda value: value <= most, null=False)

    def lacking(self, words: Collection[str]) -> tuple[str, ...]:
        """Those of `words`, in their order, that a declared list of words does not hold."""
        held = set(self.value or ())
        return tuple(word for word in words if word not in held)


_WRITTEN = object()  # below a value: what is written there is all there is


def _inside(part: Any, name: str) -> Any:
    """What a part of a policy holds under a key or index that is written there."""
    if isinstance(part, BaseModel) and name in type(part).model_fields:
        return getattr(part, name)
    if isinstance(part, tuple | list):
        return part[int(name)]
    if isinstance(part, Mapping):
        if name in part:
            return part[name]
        return next((item for key, item in part.items() if str(key) == name), _WRITTEN)
    return _WRITTEN


class Reader:
    """Reads fields of one policy by dotted path, on one day (values before their first date: the first one)."""

    def __init__(self, policy: Policy, day: date) -> None:
        self.policy, self.day, self._tree = policy, day, policy.tree
        self._default = policy.policy.default_status
        self._found: dict[str, Said] = {}

    def said(self, element: str) -> Said:
        """What the policy says of `element`, such as `procedure.notice.when` or `lists.refusal.exit.on_compliance`."""
        if element not in self._found:
            self._found[element] = self._read(element)
        return self._found[element]

    def _read(self, element: str) -> Said:
        part: Any = self.policy
        node = self._tree
        sourced: str | None = None
        for name in element.split(".") if element else ():
            child = node.child(int(name) if isinstance(node.value, list) and name.isdecimal() else name)
            if child is None:
                return Said(element, "absent")
            node = child
            part = _inside(part, name)
            if isinstance(part, BaseModel):
                sourced = getattr(part, "status", None) or sourced
        return self._as_said(element, node.plain() if part is _WRITTEN else part, sourced)

    def _as_said(self, element: str, part: Any, status: str | None) -> Said:
        if isinstance(part, Value):
            held = [step for step in part.steps if step.since is None or step.since <= self.day]
            step = held[-1] if held else part.steps[0]
            part, status = step.taken, step.status
        assumed = (status or self._default) == "assumed"
        if part is None:
            return Said(element, "null", None, assumed)
        if isinstance(part, str) and part == "unknown":
            return Said(element, "unknown", None, assumed)
        return Said(element, "value", part, assumed)
