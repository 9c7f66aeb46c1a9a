"""Elements put out of force for good, while what names them stays: what a policy does without each of its parts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from vitropolis.base.yamlfile import Node
from vitropolis.policy.flow import FlowGraph, flow_graph
from vitropolis.policy.load import lacking, make
from vitropolis.policy.overlay import put
from vitropolis.policy.schema import Policy

NEVER = date(9999, 12, 31)
DATED = ("behaviours", "scores", "lists", "measures", "spillover")  # have a day from which on they are in force


@dataclass(frozen=True)
class Group:
    """Elements that are left out together, for they lead to the same: by which name, and which (`section.id`)."""

    name: str
    elements: tuple[str, ...]


def left_out(policy: Policy, elements: Collection[str]) -> Policy:
    """The policy with these elements (`section.id`) out of force on every day; campaigns are taken out.

    What names one of them stays (`lacking` refuses that): a trigger waits for what never comes, a measure of a list
    meets nobody. An act that a behaviour out of force would have been goes to another behaviour of its conduct, where
    there is one. KeyError if the policy has no such element.
    """
    cut = [name for name in elements if name.partition(".")[0] not in DATED]
    tree = lacking(policy, cut).tree
    for name in (each for each in elements if each not in cut):
        section, _, own = name.partition(".")
        part = tree.child(section)
        node = None if part is None else part.child(own)
        if node is None:
            raise KeyError(name)
        tree = put(tree, (section, own), _never(node))
    return make(tree, policy.chain)


def _never(node: Node) -> Node:
    fields = dict(node.value) if isinstance(node.value, dict) else {}
    fields.pop("ends_before", None)
    return node.with_value(fields | {"starts_on": Node(NEVER, node.file, node.line, node.column, node.place)})


def groups_of(policy: Policy) -> list[Group]:
    """Every element of a policy in groups that lead to the same, in the order of the file.

    Behaviours are together if the same scores, lists and measures come next, with the same sign; measures if the same
    trigger starts them, and they all punish or all reward. Scores, lists, spill-overs and campaigns stand alone. The
    parts of the procedure are safeguards, and stay.
    """
    graph = flow_graph(policy)
    found: dict[object, list[str]] = {}
    for section in (*DATED, "campaigns"):
        for name in getattr(policy, section):
            found.setdefault(_key(policy, graph, section, name), []).append(f"{section}.{name}")
    return [Group(_called(names), tuple(names)) for names in found.values()]


def _key(policy: Policy, graph: FlowGraph, section: str, name: str) -> object:
    element = f"{section}.{name}"
    if section == "behaviours":
        firms = policy.is_firm_feed(policy.behaviours[name].feed)
        return section, firms, tuple(sorted((edge.end, edge.kind, edge.sign) for edge in graph.after[element]))
    if section == "measures":
        return section, graph.polarities[element], policy.measures[name].trigger
    return element


def _called(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} + {len(names) - 1}"


def alone(group: Group) -> Iterator[Group]:
    """The elements of a group, each by itself."""
    return (Group(name, (name,)) for name in group.elements)
