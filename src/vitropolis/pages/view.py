"""What this room gives: a view (title and HTML of a page), figures, tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from vitropolis.pages.canvas import NARROW, WIDE, Canvas, standalone
from vitropolis.pages.markup import Html, Value, bare, joined, prose, tag

Draw = Callable[[Canvas], None]
NOTHING_MORE = Html("")


@dataclass(frozen=True)
class View:
    """A page: its title, and its HTML below the title (headings from h2 on)."""

    title: str
    html: str


@dataclass(frozen=True)
class Table:
    """Rows of words under heads; the first cell of a row names it, the others are numbers unless `plain`."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    plain: bool = False

    def html(self, caption: str = "", name: str = "") -> Html:
        """The table as HTML, in a box that scrolls sideways by itself where it has to."""
        heads = (tag("th", each, scope="col") for each in self.heads)
        body = (tag("tr", tag("th", row[0], scope="row"), *(tag("td", each) for each in row[1:])) for row in self.rows)
        klass = "vp-table vp-plain" if self.plain else "vp-table"
        parts = [tag("caption", caption)] if caption else []
        table = tag("table", *parts, tag("thead", tag("tr", *heads)), tag("tbody", *body), class_=klass)
        label = name or caption or "table"
        return tag("div", table, class_="vp-scroll", tabindex=0, role="region", aria_label=label)


@dataclass(frozen=True)
class Figure:
    """A picture: what it found as a sentence, the words that stand for it, how it is drawn, and its numbers.

    caption: what is counted. basis: n, seed, and that it is simulated. extra: more HTML below the picture.
    """

    id: str
    title: str
    alt: str
    caption: str
    basis: str
    table: Table
    draw: Draw = field(repr=False, compare=False)
    extra: Html = NOTHING_MORE

    def svg(self, width: float = WIDE, klass: str = "") -> Html:
        """The drawing for a page, at a width in pixels."""
        return self._drawn(width, paper=False).said(bare(self.alt), klass)

    def file(self, width: float = WIDE) -> str:
        """The drawing as a whole SVG file with its title, caption and basis."""
        notes = (bare(self.caption), self.basis)
        return standalone(self._drawn(width, paper=True), bare(self.title), bare(self.alt), notes, self.basis)

    def _drawn(self, width: float, paper: bool) -> Canvas:
        canvas = Canvas(width, paper)
        self.draw(canvas)
        return canvas

    def html(self, prefix: str | None = "") -> Html:
        """The figure of a page: both widths (the sheet shows one), caption, and the table twin.

        prefix: put before every id; None: no ids, where nobody knows what else stands in the document.
        """
        name = None if prefix is None else f"{prefix}figure-{self.id}"
        table = tag(
            "details", tag("summary", "The numbers as a table"), self.table.html(name=f"{bare(self.title)} (table)"),
            class_="vp-twin",
        )  # fmt: skip
        caption = tag("figcaption", tag("p", prose(self.caption)), tag("p", self.basis, class_="vp-basis"))
        drawn = joined((self.svg(WIDE, "vp-wide"), self.svg(NARROW, "vp-narrow")))
        title = tag("h3", prose(self.title), id=name and f"{name}-title")
        parts = (title, tag("div", drawn, class_="vp-drawn"), self.extra, caption, table)
        named: dict[str, Value] = {"aria_labelledby": f"{name}-title"} if name else {"aria_label": bare(self.title)}
        return tag("figure", *parts, class_="vp-figure", id=name, **named)
