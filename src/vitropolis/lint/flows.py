"""contrib(m): which behaviours lead to a measure, and on which way. Computed by following triggers back to records.

Deductions, listings and ceilings lead to sanctions; all points lead to rewards, since who is deducted is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from vitropolis.lint.finding import Hop
from vitropolis.lint.views import BehaviourView, Contribution
from vitropolis.policy.schema import Policy
from vitropolis.policy.triggers import BandTrigger, ListedTrigger, RecordsTrigger, Trigger, leaves

Tail = tuple[Hop, ...]


class Flows:
    """Ways from records to triggers in one policy."""

    def __init__(self, policy: Policy, behaviours: Mapping[str, BehaviourView]) -> None:
        self.policy, self.behaviours = policy, behaviours
        self._kept: dict[tuple[int, bool], tuple[tuple[str, Tail], ...]] = {}

    def contributions(self, trigger: Trigger, end: Hop, reward: bool, *more: Hop) -> tuple[Contribution, ...]:
        """Every behaviour that leads to a trigger, once, by its shortest way; `end`, `more`: what that sets off."""
        return tuple(
            Contribution(self.behaviours[name], (*tail, end, *more)) for name, tail in self._shortest(trigger, reward)
        )

    def _shortest(self, trigger: Trigger, reward: bool) -> tuple[tuple[str, Tail], ...]:
        """For each behaviour that leads to a trigger, in the order of the file, the shortest way up to it; kept."""
        key = (id(trigger), reward)
        if key not in self._kept:
            found: dict[str, Tail] = {}
            for name, tail in self._to(trigger, (), reward, frozenset()):
                if name not in found or len(tail) < len(found[name]):
                    found[name] = tail
            self._kept[key] = tuple((name, found[name]) for name in self.behaviours if name in found)
        return self._kept[key]

    def lists_of(self, trigger: Trigger) -> tuple[str, ...]:
        """The lists on the way to a trigger, also those that set a ceiling on a score it reads."""
        found: dict[str, None] = {}
        waiting = [trigger]
        while waiting:
            for leaf in leaves(waiting.pop()):
                names = leaf.lists if isinstance(leaf, ListedTrigger) else self._ceilings(getattr(leaf, "score", ""))
                fresh = [name for name in names if name not in found]
                found |= dict.fromkeys(fresh)
                waiting += [self.policy.lists[name].trigger for name in fresh]
        return tuple(found)

    def _ceilings(self, score: str) -> Iterator[str]:
        return (name for name, listing in self.policy.lists.items() if score in listing.band_ceiling)

    def _to(self, trigger: Trigger, tail: Tail, reward: bool, seen: frozenset[str]) -> Iterator[tuple[str, Tail]]:
        for leaf in leaves(trigger):
            if isinstance(leaf, RecordsTrigger):
                yield from ((name, tail) for name in leaf.behaviours)
            elif isinstance(leaf, ListedTrigger):
                yield from self._by_lists(leaf.lists, tail, reward, seen)
            else:
                bands = leaf.bands if isinstance(leaf, BandTrigger) else ()
                yield from self._by_score(leaf.score, bands, tail, reward, seen)

    def _by_lists(
        self, names: tuple[str, ...], tail: Tail, reward: bool, seen: frozenset[str]
    ) -> Iterator[tuple[str, Tail]]:
        for name in names:
            if name not in seen:
                longer = (Hop(f"lists.{name}", f"{self.policy.lists[name].polarity} list"), *tail)
                yield from self._to(self.policy.lists[name].trigger, longer, reward, seen | {name})

    def _by_score(
        self, score: str, bands: tuple[str, ...], tail: Tail, reward: bool, seen: frozenset[str]
    ) -> Iterator[tuple[str, Tail]]:
        band = tuple(Hop(f"scores.{score}.bands.{name}") for name in bands[:1])
        longer = (Hop(f"scores.{score}"), *band, *tail)
        for name, behaviour in self.behaviours.items():
            moves = behaviour.counts_in(score) if reward else behaviour.deducts(score)
            if moves:
                yield name, longer
            elif score in behaviour.item.band_ceiling:
                yield name, (Hop(f"scores.{score}.bands.{behaviour.item.band_ceiling[score]}", "ceiling"), *tail)
        yield from self._by_lists(tuple(self._ceilings(score)), longer, reward, seen)
