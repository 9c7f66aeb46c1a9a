"""The printed page: columns for worlds, wrapped labels, rows of headlines; nothing here knows what the rows mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap

from vitropolis.base.figures import WIDTH
from vitropolis.report.figures import FEW_MARK, NOTHING, SURVIVAL, counted, shown_of, value_of
from vitropolis.report.question import Headline
from vitropolis.report.result import Result, WorldSaid

WITHOUT = "without it"
AS_WRITTEN = "  as written"
INDENT = "  "
NARROWEST = 11  # columns of a cell: `99,999,999` and a space


class Page:
    """A result on a page of so many columns: one column for each world with a policy, one for the twin beside them."""

    def __init__(self, result: Result, width: int = WIDTH) -> None:
        self.result, self.width = result, width
        self.played: list[WorldSaid] = result.played
        count = len(self.played) + result.has_twin
        self.cell = max(NARROWEST, min(14, (width - 36) // max(1, count)))
        self.label = width - self.cell * count
        self.twin = self.few = self.none = False
        self.heading: list[str] = []

    def name(self, world: WorldSaid) -> str:
        """What a column is called: the filling, else the world; a single world without filling needs no name."""
        if world.filling or len(self.played) > 1:
            return world.filling or world.name
        return "with it" if self.result.has_twin else ""

    def text(self, words: str, indent: str = "") -> list[str]:
        """A paragraph."""
        later = indent + (INDENT if indent else "")
        return wrap(words, self.width, initial_indent=indent, subsequent_indent=later, break_on_hyphens=False)

    def head(self, title: str, twin: bool = False) -> list[str]:
        """A section's title with the names of the columns at its right; twin: whether its rows say something of it."""
        self.twin = twin and self.result.has_twin
        names = [self.name(world) for world in self.played] + ([WITHOUT] if self.twin else [])
        cells = "".join(f"{name[: self.cell - 1]:>{self.cell}}" for name in names)
        lines = wrap(title, self.label - 1, break_on_hyphens=False)
        self.heading = ["", *lines[:-1], f"{lines[-1]:<{self.label}}{cells}".rstrip()]
        return self.heading

    def row(self, label: str, cells: Sequence[str], twin: str = "") -> list[str]:
        """One row: a label, wrapped if it is long, and a cell for each world."""
        shown = [*cells, *([twin] if self.twin else [])]
        self.few = self.few or any(cell.endswith(FEW_MARK) for cell in cells)
        self.none = self.none or NOTHING in cells
        first = INDENT + label[: len(label) - len(label.lstrip())]
        lines = wrap(
            label.lstrip(),
            self.label - 1,
            initial_indent=first,
            subsequent_indent=first + INDENT,
            break_on_hyphens=False,
        )
        if any(len(cell) >= self.cell for cell in shown):
            return [*lines, *self._stacked(cells, twin, first + INDENT)]
        last = f"{lines[-1]:<{self.label}}" + "".join(f"{cell:>{self.cell}}" for cell in shown)
        return [*lines[:-1], last.rstrip()]

    def _stacked(self, cells: Sequence[str], twin: str, indent: str) -> list[str]:
        """Cells too wide for their columns, one below the other."""
        names = [*(self.name(world) for world in self.played), WITHOUT]
        said = [*cells, *([twin] if self.twin else [])]
        return [indent + (f"{name}: {cell}" if name else cell) for name, cell in zip(names, said, strict=False) if cell]

    def counts(self, label: str, count: Callable[[WorldSaid], int | None], twin: str = "") -> list[str]:
        """A row of exact counts."""
        found = [count(world) for world in self.played]
        return self.row(label, [NOTHING if number is None else counted(number) for number in found], twin)

    def of(self, name: str) -> list[Headline | None]:
        """One headline in every world with a policy."""
        return [self.result.headline(name, world.name) for world in self.played]

    def headline(self, name: str, label: str, written: bool = True) -> Iterator[str]:
        """A headline's rows, one to three: the range first where there is one; nothing if it says nothing in any world.

        written: whether the value under the assumptions as written stands below a range that it differs from.
        """
        mine = self.of(name)
        if all(shown_of(each) in ("", NOTHING) for each in mine):
            return
        twin = next((_twin_of(each) for each in mine if each is not None), "")
        values = [value_of(each) for each in mine]
        shown = [shown_of(each, self.cell - 1) for each in mine]
        yield from self.row(label, shown, twin)
        before = label[: len(label) - len(label.lstrip())]
        if written and shown != values:
            yield from self.row(before + AS_WRITTEN, values)
        if any(each is not None and each.undefined for each in mine):
            yield from self._without_value(mine, before)

    def _without_value(self, mine: Sequence[Headline | None], before: str) -> Iterator[str]:
        """In how many sets of assumptions a headline has no value: these are in no range."""
        ranged = [each for each in mine if each is not None and each.undefined is not None]
        words = "not reached" if ranged[0].method_id == SURVIVAL else "no value"
        self.twin, twin = False, self.twin
        cells = ["" if each is None or each.undefined is None else f"{each.undefined:,}" for each in mine]
        yield from self.row(f"{before}  {words}, of {ranged[0].sets} sets", cells)
        self.twin = twin


def _twin_of(headline: Headline) -> str:
    if headline.twin_value is None:
        return ""
    beside = Headline(**{**vars(headline), "value": headline.twin_value, "status": "measured"})
    return value_of(beside)
