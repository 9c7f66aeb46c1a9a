"""How many residents (or firms) have something, read off the columns and files of a checkpoint."""

from __future__ import annotations

from typing import Any

from vitropolis.base.kernels import kernel
from vitropolis.model.files import in_front, kind_of, worlds_of


@kernel
def count_bits(rows: Any, found: Any) -> None:
    """Count the residents with each bit set."""
    for place in range(rows.size):
        bits, number = rows[place], 0
        while bits:
            if bits & 1:
                found[number] += 1
            bits >>= 1
            number += 1


@kernel
def count_behaviours(held: Any, files: Any, behaviour: Any, found: Any) -> None:
    """Count the residents whose file holds a record of each behaviour, into int64 `found` [world, behaviour].

    `held` words of `files` for each resident; `behaviour` int64[world, kind], -1: none.
    """
    first = 0
    for place in range(held.size):
        for world in range(behaviour.shape[0]):
            seen = 0
            for at in range(first, first + held[place]):
                word = files[at]
                if in_front(word) or not (worlds_of(word) >> world) & 1:
                    continue
                number = behaviour[world, kind_of(word)]
                if number >= 0 and not (seen >> number) & 1:
                    seen |= 1 << number
                    found[world, number] += 1
        first += held[place]
