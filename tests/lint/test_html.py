"""The HTML page: opens from disk, asks for nothing, and shows a policy's texts as texts."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from tests.lint.cases import AS_OF, HOME
from tests.lint.hostile import MARKS, hostile

from vitropolis.lint.check import Report, check
from vitropolis.lint.render import render
from vitropolis.policy import load_policy

EMPTY = {"meta", "br", "link", "img", "input", "hr"}
KNOWN = {"html", "head", "meta", "title", "style", "body", "header", "main", "footer", "h1", "h2", "p", "dl", "dt",
         "dd", "section", "ol", "li", "span", "code", "br", "pre", "details", "summary", "ul", "a", "table", "tr",
         "td", "th", "thead", "tbody", "div"}  # fmt: skip


class Page(HTMLParser):
    """What a page holds: elements, attributes, text; and whether everything that is opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def reports() -> dict[str, Report]:
    return {"hostile": hostile(), "clean": check(load_policy(HOME / "clean.policy.yaml"), AS_OF),
            "beijing": check(load_policy("beijing-2018-press"), AS_OF)}  # fmt: skip


@pytest.mark.parametrize("name", ["hostile", "clean", "beijing"])
def test_it_is_well_formed_and_asks_for_nothing(name: str) -> None:
    text = render(reports()[name], "html")
    page = Page(text)
    assert page.open == []
    assert set(page.tags) <= KNOWN
    assert not {"script", "img", "link", "iframe", "object", "form"} & set(page.tags)
    asks = ("src", "href", "srcset", "action", "data")
    outward = [each for each in page.attributes if each[1] in asks or each[1].startswith("on")]
    assert [each for each in outward if not each[2].startswith("#")] == []
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style and "url(" not in style[1] and "@import" not in style[1]
    assert "default-src 'none'" in text
    ids = [value for _, attribute, value in page.attributes if attribute == "id"]
    assert [each for each, number in Counter(ids).items() if number > 1] == []


def test_hostile_texts_are_shown_as_they_are() -> None:
    report = hostile()
    page = Page(render(report, "html"))
    shown = " ".join(" ".join(page.text).split())
    for mark in MARKS:
        assert " ".join(mark.split()) in shown
    assert page.tags["style"] == page.tags["title"] == 1


def test_it_says_what_the_others_say() -> None:
    report = reports()["beijing"]
    shown = " ".join(Page(render(report, "html")).text)
    assert [each.outcome.says for each in report.shown if each.outcome.says not in shown] == []
    assert "So no finding is never a clearance." in shown
