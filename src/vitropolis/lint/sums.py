"""Which sums records can add up to, credits and deductions together: exact, whatever the caps and the discretion.

`arithmetic.py` asks what deductions alone can do, or credits alone; here every record may be there or not, at any age.
A sum is clamped at the range only at the end, so it may pass beyond it on the way. Sets of sums are bits of integers.

Why this ends although some behaviours have no cap: records of one sum can be laid in such an order that all partial
sums stay within one step of the way from 0 to it; where a partial sum comes twice, what lies between adds nothing and
can be left out. So a sum s needs at most |s| + 2 x (largest step) records, and a cap beyond that is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import gcd

Span = tuple[int, int]
"""A closed interval of integers."""

Window = tuple[int | None, int | None]
"""A closed interval; None: without end on that side."""

MOST_BITS = 1 << 24
"""Beyond so many different sums, caps are read as none and residues as all: more may seem reachable, never less."""

_FIRST_TRIES = (0, 4, 16, 64)


@dataclass(frozen=True, slots=True)
class Choice:
    """What one behaviour can add: a record any of `steps` (points, signed), at most `most` records at once (None: any
    number)."""

    steps: tuple[int, ...]
    most: int | None

    @property
    def highest(self) -> int | None:
        """The most that its records can add; None: without limit."""
        step = max((0, *self.steps))
        return 0 if step == 0 else None if self.most is None else step * self.most

    @property
    def lowest(self) -> int | None:
        """The most that its records can take, as a number of at most 0; None: without limit."""
        step = min((0, *self.steps))
        return 0 if step == 0 else None if self.most is None else step * self.most


def crossed(start: int, others: Sequence[Choice], own: Choice, edges: Iterable[Span]) -> Span | None:
    """The first of `edges` that records of `own` can carry a score across, from any score that `others` can make of
    `start`; None if there is none.

    An edge (a, b) stands for all limits from a to b; a limit parts scores below it from itself and those above. Some
    record crosses it exactly if all records together can, so only the farthest reach of `own` matters.
    """
    pairs = [(edge, window) for edge in edges for window in _windows(edge, own)]
    found = reached(start, others, [window for _, window in pairs])
    return None if found is None else pairs[found][0]


def _windows(edge: Span, own: Choice) -> Iterator[Window]:
    """Where the score has to be without `own` for it to cross the edge: below it, or on it and above."""
    first, last = edge
    if own.highest != 0:
        yield (None if own.highest is None else first - own.highest), last - 1
    if own.lowest != 0:
        yield first, (None if own.lowest is None else last - own.lowest - 1)


def reached(start: int, choices: Sequence[Choice], windows: Sequence[Window]) -> int | None:
    """The place of a window in which `start` plus some sum of `choices` lies; None if none does."""
    for number, (low, high) in enumerate(windows):
        if None in (low, high) and _beyond(start, choices, low, high):
            return number
    finite = [(number, low, high) for number, (low, high) in enumerate(windows) if low is not None and high is not None]
    if not finite:
        return None
    for some in (*(each for each in _FIRST_TRIES if each < len(choices)), len(choices)):
        sums = Sums.of(
            choices[:some], min(low for _, low, _ in finite) - start, max(top for _, _, top in finite) - start
        )
        for number, low, high in finite:
            if sums.any(low - start, high - start):
                return number
    return None


def _beyond(start: int, choices: Iterable[Choice], low: int | None, high: int | None) -> bool:
    """Whether a sum lies in an interval that has no end on one side."""
    ends = [choice.lowest if low is None else choice.highest for choice in choices]
    if None in ends or (low is None and high is None):
        return True
    furthest = start + sum(end for end in ends if end is not None)
    return furthest <= high if low is None and high is not None else low is None or furthest >= low


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums within a span: bit k of `bits` is `unit` x (`origin` + k); `bits` None: every multiple of `unit`."""

    unit: int
    origin: int
    bits: int | None

    def any(self, low: int, high: int) -> bool:
        """Whether some sum lies in [low, high], which has to be within the span asked for."""
        first, last = -(-low // self.unit), high // self.unit
        if self.bits is None or first > last:
            return first <= last
        return bool(self.bits >> max(0, first - self.origin) & ((1 << max(0, last - max(first, self.origin) + 1)) - 1))

    @classmethod
    def of(cls, choices: Iterable[Choice], low: int, high: int) -> Sums:
        """All sums of `choices` in [low, high]."""
        moving = [Choice(tuple(step for step in each.steps if step), each.most) for each in choices]
        moving = [each for each in moving if each.steps]
        unit = gcd(*(step for each in moving for step in each.steps)) or 1
        low, high = -(-low // unit), high // unit
        if low > high:
            return cls(unit, low, 0)
        scaled = [Choice(tuple(step // unit for step in each.steps), each.most) for each in moving]
        return cls(unit, low, _sums(scaled, low, high))


def _sums(choices: Sequence[Choice], low: int, high: int) -> int | None:
    """Bits of the sums in [low, high]; None: taken for all of them."""
    largest = max((abs(step) for each in choices for step in each.steps), default=0)
    needed = max(abs(low), abs(high)) + 2 * largest
    capped = [each for each in choices if each.most is not None and each.most < needed]
    free = [each for each in choices if each.most is None or each.most >= needed]
    if sum((each.highest or 0) - (each.lowest or 0) for each in capped) > MOST_BITS:
        capped, free = [], list(choices)
    bits, origin = _capped(capped)
    steps = sorted({step for each in free for step in each.steps})
    if high - low > MOST_BITS:
        return None
    if steps and steps[0] < 0 < steps[-1]:
        return _residues(bits, origin, gcd(*steps), low, high)
    ups, downs = [step for step in steps if step > 0], [-step for step in steps if step < 0]
    return _one_way(bits, origin, ups, downs, low, high)


def _capped(choices: Iterable[Choice]) -> tuple[int, int]:
    """All sums of choices with caps, as bits and what their bit 0 stands for."""
    bits, origin = 1, 0
    for each in choices:
        least, left = min((0, *each.steps)), each.most or 0
        if len(each.steps) == 1:  # many records of one value: by doubling
            step, chunk = abs(each.steps[0]), 1
            while left > 0:
                times = min(chunk, left)
                bits |= bits << times * step
                origin += times * least
                left, chunk = left - times, chunk * 2
            continue
        runs = [(first - least, length) for first, length in _runs({0, *each.steps})]
        for _ in range(left):
            more = 0
            for shift, length in runs:
                more |= _spread(bits, length) << shift
            bits, origin = more, origin + least
    return bits, origin


def _runs(steps: Iterable[int]) -> Iterator[Span]:
    """Runs of consecutive integers, as (first, how many)."""
    ordered = sorted(steps)
    first = ordered[0]
    for here, following in pairwise([*ordered, ordered[-1] + 2]):
        if following != here + 1:
            yield first, here - first + 1
            first = following


def _spread(bits: int, length: int) -> int:
    """`bits` shifted by 0, 1 ... `length` - 1, all together."""
    done = 1
    while done < length:
        step = min(done, length - done)
        bits |= bits << step
        done += step
    return bits


def _residues(bits: int, origin: int, modulus: int, low: int, high: int) -> int | None:
    """Credits and deductions without cap: all that differs from a capped sum by a multiple of their common divisor."""
    if modulus > MOST_BITS:
        return None
    while bits.bit_length() > modulus:
        half = -(-bits.bit_length() // (2 * modulus)) * modulus
        bits = (bits & ((1 << half) - 1)) | bits >> half
    turn = (origin - low) % modulus
    pattern = (bits << turn | bits << turn >> modulus) & ((1 << modulus) - 1)
    width, done = high - low + 1, modulus
    while done < width:
        pattern |= pattern << done
        done *= 2
    return pattern & ((1 << width) - 1)


def _one_way(bits: int, origin: int, ups: Sequence[int], downs: Sequence[int], low: int, high: int) -> int | None:
    """What steps without cap, all of one sign or none, make of capped sums, in [low, high]."""
    if downs:  # a sum below the span can only fall further
        bits = bits << origin - low if origin > low else bits >> low - origin
        for step in downs:
            shift = step
            while shift < bits.bit_length():
                bits |= bits >> shift
                shift *= 2
        return bits & ((1 << high - low + 1) - 1)
    room = high - origin + 1
    if room <= 0:
        return 0
    if room > 2 * MOST_BITS:
        return None
    mask = (1 << room) - 1
    bits &= mask
    for step in ups:
        shift = step
        while shift < room:
            bits = (bits | bits << shift) & mask
            shift *= 2
    bits = bits << origin - low if origin > low else bits >> low - origin
    return bits & ((1 << high - low + 1) - 1)
