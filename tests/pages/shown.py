"""A result in which everything that a page can show is there: counts made by hand, ranges, a curve, 16 districts."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from re import sub
from typing import Any

from tests.report import made
from tests.report.renew import FIRED, NAME, ranges

from vitropolis.pages.tiles import PLACES
from vitropolis.report import Result, make_result
from vitropolis.report.course import CourseRow, ScoreRow
from vitropolis.report.rivals import RivalRow
from vitropolis.report.studies import Studies
from vitropolis.report.tables import GroupRow

SHARES = (0.0001, 0.001, 0.01)


def curve() -> dict[str, Any]:
    """What the study of errors would say."""
    rows = [
        {"target": share, "share": share, "factor": 1.0, "wrongly_hit": int(2e5 * share),
         "wrongly_hit_per_1000": 1e4 * share, "wrongly_hit_per_wrong_record": 0.1 + share}
        for share in SHARES
    ]  # fmt: skip
    return {"method": "all rates times one factor", "worlds": {NAME: rows}, "as_written": {}, "size": 20_000}


@cache
def whole() -> Result:
    """The result."""
    setup = made.setup_of()
    studies = Studies(ranges(), curve(), {}, {})
    score = ScoreRow(NAME, "city", 500, [3, 0, 7, 0, 90], [("a", 504), ("b", 502), ("c", 0)], False)
    found = make_result(made.totals(setup, FIRED), made.manifest_of(setup), studies, [score])
    others = [row for row in found.tables.groups if row.axis != "district"]
    districts = [
        GroupRow(NAME, "district", name, 1000, 10 + place, 10.0 + place, place, float(place))
        for place, name in enumerate(PLACES)
    ]
    weeks = ["2020-06-07", "2020-06-14", "2020-06-21"]
    course = [
        CourseRow(NAME, weeks, [1000] * 3, [0, 20, 44], [0, 18, 40], [0, 3, 7], [0, 1, 2]),
        CourseRow("none", weeks, [0] * 3, [0] * 3, [0] * 3, [0] * 3, [0] * 3),
    ]
    rivals = [
        RivalRow(world, "hospital_appointment", 900, 800, 50, 50, 1600, lost, 0, 0, 0, 0)
        for world, lost in ((NAME, 36), ("none", 0))
    ]
    tables = replace(found.tables, groups=[*districts, *others], course=course, rivals=rivals)
    return replace(found, tables=tables)


class Parts(HTMLParser):
    """Every element of a page with its attributes, the words in it, and which elements were left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in ("meta", "input", "br", "hr", "img", "link"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """All words, single spaces between them; a date, which has an element of its own, keeps its comma."""
        return sub(r"(\d{4}-\d{2}-\d{2}) (?=[^\w\s(])", r"\1", " ".join(" ".join(self.words).split()))
