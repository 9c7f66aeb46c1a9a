"""A drawing: shapes whose colours are meanings (`ink.INKS`), written for a page (classes) or for a file (colours).

Sizes are CSS pixels. Text is drawn at the size it is read at, so a picture has one drawing for each width.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor, log10
from typing import Literal

from vitropolis.pages.ink import PALETTE, PAPER
from vitropolis.pages.markup import Html, Value, joined, tag

SERIF = "Georgia, 'Times New Roman', 'DejaVu Serif', serif"
SANS = "Arial, Helvetica, 'Noto Sans', 'DejaVu Sans', sans-serif"
SIZE = 13.0
WIDE, NARROW = 720, 340
BOLDER = 1.25  # how much wider bold serif letters are
Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]


def width_of(words: str, size: float = SIZE) -> float:
    """About how wide words are when drawn, on the safe side."""
    return sum(0.32 if letter in "il.,:;'|! j" else 0.9 if letter in "mwMW%@" else 0.58 for letter in words) * size


class Canvas:
    """A drawing of a given width that grows downwards. paper: whether colours are written out, for a file."""

    def __init__(self, width: float, paper: bool = False) -> None:
        self.width, self.height, self.paper = width, 0.0, paper
        self._parts: list[Html] = []

    def reach(self, y: float) -> None:
        """Make sure that the drawing is at least this high."""
        self.height = max(self.height, y)

    def put(self, *parts: Html) -> None:
        """Add finished parts."""
        self._parts += parts

    def shape(self, name: str, fill: str | None = None, line: str | None = None, **more: Value) -> Html:
        """One element with the ink of its area and of its line."""
        return tag(name, **self.inks(fill, line), **more)

    def inks(self, fill: str | None, line: str | None) -> dict[str, Value]:
        """The attributes that say which ink fills an area and draws its line."""
        if self.paper:
            return {"fill": PALETTE[fill].light if fill else "none", "stroke": PALETTE[line].light if line else None}
        names = [f"vf-{fill}" if fill else "vf-none", *([f"vl-{line}"] if line else [])]
        return {"class_": " ".join(names)}

    def rect(
        self, x: float, y: float, wide: float, high: float, fill: str, line: str | None = None, **more: Value
    ) -> None:
        """An upright rectangle."""
        self.put(self.shape("rect", fill, line, x=x, y=y, width=max(0.0, wide), height=max(0.0, high), **more))
        self.reach(y + high)

    def line(self, start: Point, end: Point, ink: str, thick: float = 1.0, dash: str | None = None) -> None:
        """A straight line."""
        ends = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}
        self.put(self.shape("line", None, ink, **ends, stroke_width=thick, stroke_dasharray=dash))
        self.reach(max(start[1], end[1]))

    def path(self, points: Sequence[Point], ink: str, thick: float = 2.0, dash: str | None = None) -> None:
        """A line through points."""
        said = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.put(self.shape("polyline", None, ink, points=said, stroke_width=thick, stroke_dasharray=dash))

    def area(self, points: Sequence[Point], fill: str) -> None:
        """A filled area."""
        self.put(self.shape("polygon", fill, points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points)))

    def mark(self, kind: str, x: float, y: float, ink: str, size: float = 5.0, title: str = "") -> None:
        """A mark: `dot`, `ring`, `square`, `diamond`, `cross`, told apart by shape and not by colour alone."""
        shown = self._mark(kind, x, y, ink, size)
        self.put(tag("g", tag("title", title), shown) if title else shown)
        self.reach(y + size)

    def _mark(self, kind: str, x: float, y: float, ink: str, r: float) -> Html:
        if kind == "ring":
            return self.shape("circle", "blank", ink, cx=x, cy=y, r=r - 0.75, stroke_width=2)
        if kind == "square":
            return self.shape("rect", ink, x=x - 0.88 * r, y=y - 0.88 * r, width=1.76 * r, height=1.76 * r)
        if kind == "diamond":
            s = 1.2 * r
            d = f"M{x:.1f} {y - s:.1f}L{x + s:.1f} {y:.1f}L{x:.1f} {y + s:.1f}L{x - s:.1f} {y:.1f}Z"
            return self.shape("path", ink, d=d)
        if kind == "cross":
            d = f"M{x - r:.1f} {y - r:.1f}L{x + r:.1f} {y + r:.1f}M{x - r:.1f} {y + r:.1f}L{x + r:.1f} {y - r:.1f}"
            return self.shape("path", None, ink, d=d, stroke_width=2)
        return self.shape("circle", ink, cx=x, cy=y, r=r)

    def text(
        self, x: float, y: float, words: str, ink: str = "text", size: float = SIZE, anchor: Anchor = "start",
        bold: bool = False,
    ) -> None:  # fmt: skip
        """One line of words; y: its base line."""
        said: dict[str, Value] = {"text_anchor": None if anchor == "start" else anchor}
        said |= {"font_size": size, "font_weight": 700 if bold else None}
        self.put(tag("text", words, **self.inks(ink, None), x=x, y=y, **said))
        self.reach(y + 0.3 * size)

    def lines(self, x: float, y: float, words: Iterable[str], ink: str = "text", size: float = SIZE) -> float:
        """Several lines below one another; return the base line of the next."""
        for line in words:
            self.text(x, y, line, ink, size)
            y += 1.35 * size
        return y

    def said(self, alt: str, klass: str = "") -> Html:
        """The whole drawing as an element of a page, with the words that stand for it."""
        box = f"0 0 {self.width:g} {self.height + 4:g}"
        size: dict[str, Value] = {"viewBox": box, "width": self.width, "height": self.height + 4}
        return tag("svg", *self._parts, class_=klass or None, **size, role="img", aria_label=alt)

    def content(self) -> Html:
        """What was drawn, without a frame."""
        return joined(self._parts)


def wrapped(words: str, room: float, size: float = SIZE) -> list[str]:
    """Words in lines that fit a width."""
    lines, line = list[str](), ""
    for word in words.split():
        tried = f"{line} {word}".strip()
        if line and width_of(tried, size) > room:
            lines.append(line)
            tried = word
        line = tried
    return [*lines, line] if line else lines


def standalone(canvas: Canvas, title: str, alt: str, notes: Sequence[str], basis: str) -> str:
    """A drawing as an SVG file: title above, notes below, colours inside, its basis as metadata; asks for nothing."""
    room, top = canvas.width, 0.0
    head, foot = wrapped(title, room, 18 * BOLDER), [line for note in notes for line in wrapped(note, room, 11)]
    top = 24.0 * len(head) + 12
    inner = tag("g", canvas.content(), transform=f"translate(0 {top:g})")
    ink, soft = PALETTE["text"].light, PALETTE["soft"].light
    parts = [tag("text", line, x=0, y=18 + 24 * n, font_size=18, font_weight=700, font_family=SERIF, fill=ink)
             for n, line in enumerate(head)]  # fmt: skip
    low = top + canvas.height + 24
    parts += [inner, *(tag("text", line, x=0, y=low + 15 * n, font_size=11, fill=soft) for n, line in enumerate(foot))]
    wide, high = room + 32, low + 15 * len(foot) + 24
    back = tag("rect", x=-16, y=-16, width=wide, height=high, fill=PAPER.light)
    said = tag(
        "svg", tag("title", title), tag("desc", alt), tag("metadata", basis), back, *parts, xmlns="http://www.w3.org/2000/svg",
        viewBox=f"-16 -16 {wide:g} {high:g}", width=wide, height=high, font_family=SANS, role="img",
    )  # fmt: skip
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{said}\n'


def ticks(most: float, about: int = 4) -> list[float]:
    """Round steps from 0 that just reach past `most`."""
    if most <= 0:
        return [0.0, 1.0]
    rough = most / about
    size = 10.0 ** floor(log10(rough))
    step = next(size * each for each in (1, 2, 2.5, 5, 10) if size * each >= rough * 0.999)
    count = next(n for n in range(1, 2 * about + 3) if n * step >= most * 0.999)
    return [round(n * step, 10) for n in range(count + 1)]
