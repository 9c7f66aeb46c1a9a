"""Names that name one another: the longest row of them, and rows that close to a circle."""

from __future__ import annotations

from collections.abc import Mapping


def deepest(after: Mapping[str, list[str]]) -> tuple[str, int]:
    """The name with the longest row of names behind it, and how many stand in that row; there is no circle."""
    depth: dict[str, int] = {}
    waiting = list(after)
    while waiting:
        name = waiting[-1]
        behind = [other for other in after[name] if other in after]
        left = [other for other in behind if other not in depth]
        if left:
            waiting += left
        else:
            waiting.pop()
            depth[name] = 1 + max((depth[other] for other in behind), default=0)
    first = max(depth, key=lambda name: depth[name], default="")
    return first, depth.get(first, 0)


def circle_from(after: Mapping[str, list[str]], start: str) -> list[str]:
    """The names from `start` round to itself again, or nothing; without recursion."""
    stack = [[start]]
    seen: set[str] = set()
    while stack:
        path = stack.pop()
        for other in after.get(path[-1], ()):
            if other == start:
                return path
            if other not in seen:
                seen.add(other)
                stack.append([*path, other])
    return []
