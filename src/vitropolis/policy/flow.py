"""The flow graph of a policy: what a record can lead to, from the feed that reports it to the person whom it meets.

Nodes are elements (`feeds.x`, `behaviours.x`, `scores.city`, `scores.city.bands.d`, `lists.x`, `measures.x`,
`spillover.x`, `campaigns.x`) and ends (`person`, `firm`, `relation.child`). Edges are typed; see `Edge`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from vitropolis.policy.checks import subjects
from vitropolis.policy.schema import Policy
from vitropolis.policy.triggers import (
    AccountsCampaign,
    BandTrigger,
    CarriesListing,
    CarriesPoints,
    ListedTrigger,
    Polarity,
    RecordsCampaign,
    RecordsTrigger,
    Trigger,
    leaves,
    polarity,
)

EdgeKind = Literal["reports", "adds", "ceiling", "falls_in", "triggers", "acts_on", "spills"]
MAX_PATHS = 10_000


@dataclass(frozen=True, slots=True)
class Edge:
    """`start` leads to `end`.

    `kind`: reports (feed to behaviour, campaign to feed), adds (behaviour to score), ceiling (behaviour or list to
    band),
    falls_in (score to band), triggers (behaviour, score, band or list to list or measure), acts_on (measure, list or
    campaign to person, firm or relation), spills (score, list or measure to spill-over). `sign` of adds: -1 deduction,
    +1 credit, 0 both or neither.
    """

    start: str
    end: str
    kind: EdgeKind
    sign: int = 0


@dataclass(frozen=True)
class FlowGraph:
    """Nodes and edges of one policy; every answer is in a fixed order."""

    nodes: tuple[str, ...]
    edges: tuple[Edge, ...]
    polarities: Mapping[str, Polarity]

    @cached_property
    def after(self) -> Mapping[str, tuple[Edge, ...]]:
        """The edges that leave each node."""
        found: dict[str, list[Edge]] = {node: [] for node in self.nodes}
        for edge in self.edges:
            found[edge.start].append(edge)
        return {node: tuple(edges) for node, edges in found.items()}

    def reach(self, node: str) -> frozenset[str]:
        """Every node that `node` can lead to, without itself unless it lies on a circle. KeyError if there is none."""
        found: set[str] = set()
        waiting = [edge.end for edge in self.after[node]]
        while waiting:
            here = waiting.pop()
            if here not in found:
                found.add(here)
                waiting += [edge.end for edge in self.after[here]]
        return frozenset(found)

    def paths(self, start: str, end: str) -> Iterator[tuple[Edge, ...]]:
        """Every path from `start` to `end` that meets no node twice, at most MAX_PATHS of them."""
        given = 0
        stack: list[tuple[Edge, ...]] = [(edge,) for edge in reversed(self.after[start])]
        while stack and given < MAX_PATHS:
            path = stack.pop()
            last = path[-1].end
            if last == end:
                given += 1
                yield path
                continue
            met = {start, *(edge.end for edge in path)}
            stack += [(*path, edge) for edge in reversed(self.after[last]) if edge.end not in met]


def flow_graph(policy: Policy, day: date | None = None) -> FlowGraph:
    """The flow graph of a policy. Polarities of measures are those of `day` (default: of the last day described)."""
    edges = tuple(dict.fromkeys(_edges(policy)))
    names = dict.fromkeys(f"{part}.{name}" for part in _SECTIONS for name in getattr(policy, part))
    names |= dict.fromkeys(
        f"scores.{score}.bands.{band}" for score, item in policy.scores.items() for band in item.bands
    )
    names |= dict.fromkeys(node for edge in edges for node in (edge.start, edge.end))
    signs = {f"measures.{name}": polarity(item.action, day or date.max) for name, item in policy.measures.items()}
    return FlowGraph(tuple(names), edges, signs)


_SECTIONS = ("campaigns", "feeds", "behaviours", "scores", "lists", "measures", "spillover")


def _edges(policy: Policy) -> Iterator[Edge]:
    for name, campaign in policy.campaigns.items():
        if isinstance(campaign, RecordsCampaign):
            yield Edge(f"campaigns.{name}", f"feeds.{campaign.feed}", "reports")
        else:
            end = "person" if isinstance(campaign, AccountsCampaign) else "firm"
            yield Edge(f"campaigns.{name}", end, "acts_on")
    yield from _behaviour_edges(policy)
    for name, score in policy.scores.items():
        for band in score.bands:
            yield Edge(f"scores.{name}", f"scores.{name}.bands.{band}", "falls_in")
    for name, listing in policy.lists.items():
        yield from _trigger_edges(listing.trigger, f"lists.{name}")
        if listing.extension:
            yield from _trigger_edges(listing.extension.trigger, f"lists.{name}")
        yield Edge(f"lists.{name}", listing.subject, "acts_on")
        for score_id, band in listing.band_ceiling.items():
            yield Edge(f"lists.{name}", f"scores.{score_id}.bands.{band}", "ceiling")
    for name, measure in policy.measures.items():
        yield from _trigger_edges(measure.trigger, f"measures.{name}")
        for subject in sorted(subjects(policy, measure.trigger)):
            yield Edge(f"measures.{name}", subject, "acts_on")
    yield from _spill_edges(policy)


def _behaviour_edges(policy: Policy) -> Iterator[Edge]:
    for name, behaviour in policy.behaviours.items():
        node = f"behaviours.{name}"
        yield Edge(f"feeds.{behaviour.feed}", node, "reports")
        for score, points in behaviour.points.items():
            given = [*points.all, *behaviour.discretion_range.get(score, ())]
            sign = -1 if max(given) <= 0 and min(given) < 0 else 1 if min(given) >= 0 and max(given) > 0 else 0
            yield Edge(node, f"scores.{score}", "adds", sign)
        for score, band in behaviour.band_ceiling.items():
            yield Edge(node, f"scores.{score}.bands.{band}", "ceiling", -1)


def _trigger_edges(trigger: Trigger, end: str) -> Iterator[Edge]:
    for leaf in leaves(trigger):
        if isinstance(leaf, RecordsTrigger):
            starts = [f"behaviours.{name}" for name in leaf.behaviours]
        elif isinstance(leaf, ListedTrigger):
            starts = [f"lists.{name}" for name in leaf.lists]
        elif isinstance(leaf, BandTrigger):
            starts = [f"scores.{leaf.score}.bands.{band}" for band in leaf.bands]
        else:
            starts = [f"scores.{leaf.score}"]
        for start in starts:
            yield Edge(start, end, "triggers")


def _spill_edges(policy: Policy) -> Iterator[Edge]:
    """What is carried reaches the relation, and there acts like the relation's own points, listing or measure."""
    for name, spill in policy.spillover.items():
        node, carries = f"spillover.{name}", spill.carries
        if isinstance(carries, CarriesPoints):
            carried, back = f"scores.{carries.score}", Edge(node, f"scores.{carries.score}", "adds")
        elif isinstance(carries, CarriesListing):
            carried, back = f"lists.{carries.list}", Edge(node, f"lists.{carries.list}", "triggers")
        else:
            carried, back = f"measures.{carries.measure}", Edge(node, f"measures.{carries.measure}", "triggers")
        yield Edge(carried, node, "spills")
        yield Edge(node, f"relation.{spill.to}", "acts_on")
        yield back
