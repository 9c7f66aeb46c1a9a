"""Severity*: how hard a measure hits, 0-4, from what it does, to which service, for how long, and to whom else.

The table is the linter's own (`grounds/severity.yaml`); an author's value counts only where it is higher. Durations are
what the policy allows at most, not what a run would show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from vitropolis.base.yamlfile import parse_yaml
from vitropolis.lint.grounds import limit
from vitropolis.lint.said import Reader, Said
from vitropolis.lint.truth import NOTHING
from vitropolis.lint.views import BehaviourView, Duration, Severity4
from vitropolis.policy.schema import Policy
from vitropolis.policy.triggers import (
    Action,
    Delay,
    Expires,
    Forever,
    HalfLife,
    ListedTrigger,
    Price,
    RecordsTrigger,
    Restrict,
    Trigger,
    leaves,
)
from vitropolis.policy.values import Value
from vitropolis.policy.words import Service

ENDLESS = Duration(None)
YEAR = 365


@cache
def table() -> Mapping[str, Any]:
    """Points by action and by class of service, and what a long duration and others who are hit add."""
    text = files("vitropolis.lint").joinpath("grounds", "severity.yaml").read_bytes()
    tree: Mapping[str, Any] = parse_yaml(text, "severity.yaml").plain()["severity"]
    return tree


def amounts_to(action: Action, take: Callable[[Value[Any]], Any]) -> str:
    """What an action comes to: nothing kept, a delay beyond a year or a price that few can pay is a denial."""
    if (
        (isinstance(action, Restrict) and take(action.kept_share) == 0)
        or (isinstance(action, Delay) and take(action.days) > limit("delay_as_denial"))
        or (isinstance(action, Price) and take(action.factor) >= limit("price_as_denial"))
    ):
        return "deny"
    return action.kind


def severity(
    action: str, service: Service | None, duration: Duration, spills: bool, author: int | None, heavy: str = ""
) -> Severity4:
    """Severity* of what does `action` to `service` for `duration`, reaching others too if `spills`; `heavy`: what it
    amounts to, where that is more than it is called."""
    points = table()
    heavy = heavy or action
    low = points["action"][heavy]
    why = [f"{action}{'' if heavy == action else ' that amounts to ' + heavy} {low}"]
    if low == 0:
        return Severity4(author or 0, author or 0, tuple(why))
    if service is not None and points["class"][service.level]:
        low += points["class"][service.level]
        why.append(f"{service.level} service {points['class'][service.level]}")
    if spills:
        low += points["others"]
        why.append(f"reaches others {points['others']}")
    lasting, high = duration.over(YEAR), low
    if lasting.value is not False:
        high += points["lasting"]
    if lasting.value:
        low = high
        why.append(f"lasts {duration.told()} {points['lasting']}")
    if author is not None and author > low:
        why.append(f"its author says {author}")
    missing = duration.missing if high > low else NOTHING
    return Severity4(
        max(author or 0, min(4, low)), max(author or 0, min(4, high)), tuple(why), missing, lasting.assumed
    )


class Durations:
    """How long measures, listings and records may last under one policy."""

    def __init__(self, policy: Policy, reader: Reader, behaviours: Mapping[str, BehaviourView]) -> None:
        self.policy, self.reader, self.behaviours = policy, reader, behaviours
        self._records: dict[str, Duration] = {}

    def of_measure(self, name: str, contributors: Iterable[BehaviourView]) -> Duration:
        """A measure: its fixed days, else as long as its trigger holds; and what goes on after that."""
        element, item = f"measures.{name}", self.policy.measures[name]
        fixed = self.reader.said(f"{element}.fixed_days")
        held = _days(fixed) if fixed.state == "value" else self.of_trigger(item.trigger, contributors)
        after = self.reader.said(f"{element}.after_exit_days")
        if after.state == "null":
            return Duration(None, NOTHING, _assumed(after))
        return longer(held, after)

    def of_trigger(self, trigger: Trigger, contributors: Iterable[BehaviourView]) -> Duration:
        """A trigger: the longest of the listings and of the lives of records that make it hold."""
        found = [
            self.of_list(name) for leaf in leaves(trigger) if isinstance(leaf, ListedTrigger) for name in leaf.lists
        ]
        named = {name for leaf in leaves(trigger) if isinstance(leaf, RecordsTrigger) for name in leaf.behaviours}
        scored = any(not isinstance(leaf, ListedTrigger | RecordsTrigger) for leaf in leaves(trigger))
        found += [self.of_record(each) for each in contributors if scored or each.name in named]
        return longest(found)

    def of_list(self, name: str) -> Duration:
        """A listing: its term, with its extension; a term that ends nothing by itself is none."""
        if self.reader.said(f"lists.{name}.exit.auto_expiry").value is False:
            return ENDLESS
        term = self.reader.said(f"lists.{name}.term_days")
        more = self.reader.said(f"lists.{name}.extension.days")
        if term.open or term.state == "null":
            return _days(term)
        return _days(more) if more.state == "null" else longer(_days(term), more)

    def of_record(self, behaviour: BehaviourView) -> Duration:
        """A record: its own life, else the policy's for adverse data; a half-life, until nothing is left to halve; one
        that counts until a debt is paid, from then on."""
        if behaviour.name not in self._records:
            self._records[behaviour.name] = self._of_record(behaviour)
        return self._records[behaviour.name]

    def _of_record(self, behaviour: BehaviourView) -> Duration:
        life, element = behaviour.item.life, f"{behaviour.element}.life"
        if life is None:
            return _days(self.reader.said("retention.adverse_days"))
        if isinstance(life, Expires):
            return _days(self.reader.said(f"{element}.after_days"))
        if isinstance(life, HalfLife):
            most = max((abs(each) for given in behaviour.points.values() for each in given), default=0)
            said = self.reader.said(f"{element}.days")
            return Duration((said.value or 0) * most.bit_length(), NOTHING, _assumed(said))
        return ENDLESS if isinstance(life, Forever) else self._settled(behaviour)

    def _settled(self, behaviour: BehaviourView) -> Duration:
        """Until it is paid or done, and some days: counted from that day, as from the end of conduct; what cannot be
        paid never ends, nor what goes on counting for ever."""
        if behaviour.unpayable:
            return ENDLESS
        more = self.reader.said(f"{behaviour.element}.life.then_days")
        return Duration(None, NOTHING, _assumed(more)) if more.state in ("absent", "null") else _days(more)


def longest(durations: Iterable[Duration]) -> Duration:
    """The longest of several; one without end decides alone, one that is not known leaves the answer open."""
    found = list(durations)
    for each in found:
        if each.days is None and not each.missing:
            return each
    missing = NOTHING.union(*{each.missing for each in found})
    if missing:
        return Duration(None, missing)
    assumed = frozenset().union(*(each.assumed for each in found)) if found else NOTHING
    return Duration(max((each.days or 0 for each in found), default=0), NOTHING, assumed)


def longer(duration: Duration, more: Said) -> Duration:
    """The same and the days that a field adds, if it says any."""
    if duration.days is None or not more.value:
        return duration
    return Duration(duration.days + more.value, duration.missing, duration.assumed | _assumed(more))


def _days(said: Said) -> Duration:
    if said.open:
        return Duration(None, frozenset({said.element}))
    return Duration(said.value, NOTHING, _assumed(said))


def _assumed(said: Said) -> frozenset[str]:
    return frozenset({said.element}) if said.assumed else NOTHING
