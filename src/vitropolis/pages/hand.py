"""A row of computed points with the reader's hand on it: a slider over sentences that were made beforehand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from vitropolis.pages.markup import Html, tag


@dataclass(frozen=True)
class Step:
    """One point: what the slider says there, the sentence, and where it lies in the drawing (share of its width)."""

    label: str
    sentence: str
    places: dict[str, float]


def slider(name: str, label: str, steps: Sequence[Step], start: int) -> Html:
    """The slider, shown by script alone; the table twin says the same without."""
    said = [{"label": step.label, "sentence": step.sentence, "x": step.places} for step in steps]
    box = tag("output", steps[start].label, for_=name, class_="vp-at")
    hand = tag(
        "input",
        type="range",
        id=name,
        min=0,
        max=len(steps) - 1,
        step=1,
        value=start,
        aria_valuetext=steps[start].label,
    )
    less = tag("button", "\u2039", type="button", data_step="-1", aria_label="one step less")
    more = tag("button", "\u203a", type="button", data_step="1", aria_label="one step more")
    row = tag("div", less, hand, more, class_="vp-slide")
    told = tag("p", steps[start].sentence, class_="vp-told", aria_live="polite")
    return tag(
        "div", tag("label", label, " ", box, for_=name), row, told, class_="vp-hand", hidden=True,
        data_curve=json.dumps(said, ensure_ascii=False),
    )  # fmt: skip


def mark_of(x: float, top: float, bottom: float) -> Html:
    """The line in a drawing that the slider moves."""
    return tag("line", class_="vl-text vp-mark", x1=x, x2=x, y1=top, y2=bottom, stroke_width=1.5, data_mark=True)
