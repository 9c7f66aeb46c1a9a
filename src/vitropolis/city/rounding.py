"""Integer synthesis: tables of whole numbers that meet their margins exactly, with Python integers alone.

`fit_table` keeps the pattern of a seed table (iterative proportional fitting, Deming and Stephan 1940, in
fixed point) and then rounds it so that every row and column is met exactly (controlled rounding: units are
moved along chains of columns). `meet_total` does the same for one weighted sum, such as people in households.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from vitropolis.base.errors import InputError
from vitropolis.base.fixed import largest_remainder

SCALE = 1 << 32
SWEEPS = 60

Table = list[list[int]]


def fit_table(rows: Sequence[int], columns: Sequence[int], seed: Sequence[Sequence[int]], what: str = "table") -> Table:
    """Return whole numbers [rows, columns] with exactly these margins and nearly the odds of `seed`.

    `rows` and `columns` are counts >= 0 with equal sums; `seed` holds weights >= 0, and a cell of weight 0
    stays 0. InputError naming `what` if the sums differ or no such table exists.
    """
    if sum(rows) != sum(columns):
        raise InputError(f"{what}: the rows sum to {sum(rows)}, the columns to {sum(columns)}")
    shares = _proportional(rows, columns, seed)
    table = []
    for row, share, weights in zip(rows, shares, seed, strict=True):
        parts = share if sum(share) else list(weights)
        if row and not sum(parts):
            raise InputError(f"{what}: {row} to place and no cell that may hold them")
        table.append(largest_remainder(row, parts) if row else [0] * len(columns))
    _mend_columns(table, columns, shares, seed, what)
    return table


def _proportional(rows: Sequence[int], columns: Sequence[int], seed: Sequence[Sequence[int]]) -> Table:
    """Fit `seed` to both margins in fixed point (SCALE = one person); rows are met last."""
    table = [[weight * SCALE for weight in line] for line in seed]
    for _ in range(SWEEPS):
        for line, row in zip(table, rows, strict=True):
            whole = sum(line)
            if whole:
                line[:] = [part * row * SCALE // whole for part in line]
        sums = [sum(part) for part in zip(*table, strict=True)]
        worst = 0
        for place, (have, want) in enumerate(zip(sums, columns, strict=True)):
            worst = max(worst, abs(have - want * SCALE))
            if have:
                for line in table:
                    line[place] = line[place] * want * SCALE // have
        if worst < SCALE // 4:
            break
    return table


def _mend_columns(
    table: Table, columns: Sequence[int], shares: Table, seed: Sequence[Sequence[int]], what: str
) -> None:
    """Move units inside rows, in place, until every column sum is met."""
    excess = [sum(part) - want for part, want in zip(zip(*table, strict=True), columns, strict=True)]
    while any(excess):
        source = max(range(len(excess)), key=lambda place: (excess[place], -place))
        path = _chain(table, seed, excess, source)
        if path is None:
            raise InputError(f"{what}: these margins cannot be met together")
        for left, right in pairwise(path):
            room = min(excess[source], -excess[path[-1]])
            _move(table, shares, seed, left, right, 1 if len(path) > 2 else room)
        moved = 1 if len(path) > 2 else _moved(table, columns, source, excess)
        excess[source] -= moved
        excess[path[-1]] += moved


def _moved(table: Table, columns: Sequence[int], source: int, excess: list[int]) -> int:
    """Return by how much column `source` has shrunk since `excess` was counted."""
    return excess[source] - (sum(line[source] for line in table) - columns[source])


def _chain(table: Table, seed: Sequence[Sequence[int]], excess: list[int], source: int) -> list[int] | None:
    """Return the shortest chain of columns from `source` to one that lacks people, or None."""
    paths = [[source]]
    seen = {source}
    for path in paths:
        if excess[path[-1]] < 0:
            return path
        for place in range(len(excess)):
            open_row = any(line[path[-1]] and weights[place] for line, weights in zip(table, seed, strict=True))
            if place not in seen and open_row:
                seen.add(place)
                paths.append([*path, place])
    return None


def _move(table: Table, shares: Table, seed: Sequence[Sequence[int]], left: int, right: int, most: int) -> None:
    """Move up to `most` units from column `left` to `right` in the row that wants it most, ties by row."""

    def wish(row: int) -> tuple[int, int]:
        line, share = table[row], shares[row]
        return (share[right] - share[left] - (line[right] - line[left]) * SCALE, -row)

    best = max((row for row in range(len(table)) if table[row][left] and seed[row][right]), key=wish)
    amount = max(1, min(most, table[best][left], wish(best)[0] // (2 * SCALE)))
    table[best][left] -= amount
    table[best][right] += amount


def meet_total(
    counts: Sequence[int], values: Sequence[int], groups: Sequence[int], target: int, what: str = "table"
) -> list[int]:
    """Return `counts` shifted inside each group until sum(counts * values) is `target`.

    Cells of one group trade places between neighbouring values, in proportion to how many there are; the
    sum of each group stays. InputError naming `what` if the target cannot be reached.
    """
    cells = list(counts)
    for _ in range(10_000):
        gap = target - sum(count * value for count, value in zip(cells, values, strict=True))
        if gap == 0:
            return cells
        moves = _moves(cells, values, groups, 1 if gap > 0 else -1)
        fitting = [move for move in moves if move[2] <= abs(gap)] or sorted(moves, key=lambda move: move[2])[:1]
        if not fitting:
            break
        _shift(cells, fitting, abs(gap))
    raise InputError(f"{what}: a total of {target} cannot be reached")


def _moves(cells: list[int], values: Sequence[int], groups: Sequence[int], sign: int) -> list[tuple[int, int, int]]:
    """Return (from, to, gain) for every cell that can trade towards `sign`; `to` is the fullest neighbour."""
    moves = []
    for place, count in enumerate(cells):
        if not count:
            continue
        better = [
            (abs(values[other] - values[place]), -cells[other], other)
            for other in range(len(cells))
            if groups[other] == groups[place] and (values[other] - values[place]) * sign > 0
        ]
        if better:
            gain, _, other = min(better)
            moves.append((place, other, gain))
    return moves


def _shift(cells: list[int], moves: list[tuple[int, int, int]], gap: int) -> None:
    """Carry out `moves` in proportion to what their sources hold, closing at most `gap`."""
    widest = max(gain for _, _, gain in moves)
    held = [cells[place] for place, _, _ in moves]
    steps = min(max(1, gap // widest), max(1, sum(held) // 2))
    for (place, other, _), part in zip(moves, largest_remainder(steps, held), strict=True):
        cells[place] -= part
        cells[other] += part


def clamp_shares(total: int, weights: Sequence[int], low: Sequence[int], high: Sequence[int], what: str) -> list[int]:
    """Split `total` in proportion to `weights` with low <= part <= high for each; InputError if impossible."""
    if not sum(low) <= total <= sum(high):
        raise InputError(f"{what}: {total} does not fit between {sum(low)} and {sum(high)}")
    if total == 0:
        return [0] * len(weights)
    first = largest_remainder(total, weights)
    parts = [min(max(part, least), most) for part, least, most in zip(first, low, high, strict=True)]
    while (gap := total - sum(parts)) != 0:
        room = [most - part if gap > 0 else part - least for part, least, most in zip(parts, low, high, strict=True)]
        step = largest_remainder(min(abs(gap), sum(room)), room)
        parts = [part + (move if gap > 0 else -move) for part, move in zip(parts, step, strict=True)]
    return parts
