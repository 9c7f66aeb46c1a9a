"""What records can do to a score: exact sums over integer points, caps and discretion, without credits to offset.

A ledger is looked at in one direction. Downwards, deductions alone move it from its start; upwards, credits alone.
Since all moves then go one way, clamping at the range after each record is the same as clamping the sum. Reachable
scores are the bits of one integer: bit k is set if k points away from the start can be reached. Records count at
their full value, as on the day they arrive (a half-life only makes them smaller afterwards).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Move:
    """What one behaviour can do in a direction: any of `steps` (points, > 0) a record, at most `most` records (None:
    any number)."""

    name: str
    steps: tuple[int, ...]
    most: int | None


@dataclass(frozen=True)
class Reach:
    """Scores that can be reached from `start` by `moves`, over a span of `span` points to the end of the range."""

    start: int
    span: int
    down: bool
    moves: tuple[Move, ...]

    @cached_property
    def prefixes(self) -> tuple[int, ...]:
        """Bitsets of distances after none, the first, the first two ... moves."""
        found = [1]
        for move in self.moves:
            found.append(_add(found[-1], move, self.span))
        return tuple(found)

    def distances(self, low: int, high: int) -> tuple[int, int] | None:
        """The distances from the start at which the score is in [low, high], or None if none can be."""
        near, far = (self.start - high, self.start - low) if self.down else (low - self.start, high - self.start)
        near, far = max(0, near), min(self.span, far)
        return (near, far) if near <= far else None

    def can(self, low: int, high: int) -> bool:
        """Whether some score in [low, high] can be reached."""
        wanted = self.distances(low, high)
        return wanted is not None and bool(self.prefixes[-1] >> wanted[0] & ((1 << (wanted[1] - wanted[0] + 1)) - 1))

    def witness(self, low: int, high: int) -> tuple[tuple[str, int, int], ...] | None:
        """Records that bring the score into [low, high], as (behaviour, how many, points each, signed); None if none
        can.

        Of the moves, taken in their order, as few kinds as suffice are used, and the nearest such score is taken.
        """
        wanted = self.distances(low, high)
        if wanted is None:
            return None
        mask = (1 << (wanted[1] - wanted[0] + 1)) - 1
        used = next((number for number, bits in enumerate(self.prefixes) if bits >> wanted[0] & mask), None)
        if used is None:
            return None
        left = wanted[0] + _lowest(self.prefixes[used] >> wanted[0] & mask)
        found: list[tuple[str, int, int]] = []
        for number in range(used - 1, -1, -1):
            if left and not (self.prefixes[number] >> left & 1):
                made, left = _undone(self.prefixes[number], self.moves[number], left, self.span)
                sign = -1 if self.down else 1
                found += [(self.moves[number].name, times, sign * step) for step, times in made]
        return tuple(found)


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _undone(before: int, move: Move, left: int, span: int) -> tuple[list[tuple[int, int]], int]:
    """Records of `move`, as (points, how many), that lead from a distance in `before` to `left`; and that distance."""
    if len(move.steps) == 1:
        step = move.steps[0]
        for times in range(1, -(-span // step) + 1):
            come = _source(before, left, times * step, span)
            if come is not None:
                return [(step, times)], come
    layers = [before]
    while not layers[-1] >> left & 1:
        layers.append(_clamped(_or(layers[-1] << step for step in move.steps), span))
    made: dict[int, int] = {}
    for layer in reversed(layers[:-1]):
        step, come = next(
            (step, found) for step in sorted(move.steps) if (found := _source(layer, left, step, span)) is not None
        )
        made[step], left = made.get(step, 0) + 1, come
    return sorted(made.items(), reverse=True), left


def _source(before: int, left: int, moved: int, span: int) -> int | None:
    """A distance in `before` from which moving `moved` points leads to `left`, at the end of the range or beyond."""
    come = left - moved
    if left == span:
        beyond = before >> max(0, come)
        return max(0, come) + _lowest(beyond) if beyond else None
    return come if come >= 0 and before >> come & 1 else None


def _or(parts: Iterable[int]) -> int:
    found = 0
    for part in parts:
        found |= part
    return found


def _add(bits: int, move: Move, span: int) -> int:
    """The distances that can be reached when a move may be made as well."""
    if len(move.steps) > 1:
        return _add_choice(bits, move, span)
    step = move.steps[0]
    left = -(-span // step) if move.most is None else min(move.most, -(-span // step))
    chunk = 1
    while left > 0:
        times = min(chunk, left)
        bits = _clamped(bits | bits << times * step, span)
        left -= times
        chunk *= 2
    return bits


def _add_choice(bits: int, move: Move, span: int) -> int:
    """The same where each record may have any of several values."""
    most = -(-span // min(move.steps))
    for _ in range(most if move.most is None else min(move.most, most)):
        more = bits
        for step in move.steps:
            more |= bits << step
        more = _clamped(more, span)
        if more == bits:
            break
        bits = more
    return bits


def _clamped(bits: int, span: int) -> int:
    """Whatever lies beyond the end of the range lies at its end."""
    beyond = bits >> (span + 1)
    bits &= (1 << (span + 1)) - 1
    return bits | (1 << span) if beyond else bits


def reach_down(start: int, low: int, moves: Iterable[Move]) -> Reach:
    """Scores from `start` down to the range's end `low`."""
    return Reach(start, max(0, start - low), True, tuple(moves))


def reach_up(start: int, high: int, moves: Iterable[Move]) -> Reach:
    """Scores from `start` up to the range's end `high`."""
    return Reach(start, max(0, high - start), False, tuple(moves))


def told(witness: Sequence[tuple[str, int, int]]) -> str:
    """A witness in words: `3 x post (-50)`."""
    parts = (f"{times} x {name}" + (f" ({points:+d})" if points else "") for name, times, points in witness)
    return " + ".join(parts) or "no record at all"


def as_data(witness: Sequence[tuple[str, int, int]]) -> list[Mapping[str, object]]:
    """A witness for JSON."""
    return [{"behaviour": name, "records": times, "points": points} for name, times, points in witness]
