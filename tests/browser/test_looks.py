"""Every page in light and dark, wide and narrow: no rule of accessibility is broken, and all of it is in view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import New
from tests.browser.served import Served

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
READY = {  # an address, and what stands on it when it is all there
    "": ".plans li", "policy": ".findings details", "run": ".estimate:has-text('memory')", "compare": ".picks input",
    "run/run": "a.button", "results/run": ".vp-band", "lives/run": "article.life", "method/run": ".vp-page",
    "downloads/run": ".files td", "compare/both": ".vp-page", "results/": "main a", "results/none": "[role=alert]",
}  # fmt: skip
NARROWEST = 320


@cache
def axe() -> str:
    """The script that looks: it comes with a package for Python, so that no Node is needed."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf8")


def violations(page: Page) -> list[str]:
    """What it finds, each with the elements."""
    page.evaluate(axe())
    asked = {"runOnly": {"type": "tag", "values": list(RULES)}, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate("asked => axe.run(document, asked)", asked)
    return [f"{each['id']}: {[node['target'] for node in each['nodes']]}" for each in found["violations"]]


def opened(page: Page, served: Served, address: str) -> None:
    """Open a page and wait until all of it is there."""
    page.goto(served.address + address)
    expect(page.locator(READY[address]).first).to_be_visible(timeout=60_000)


def unfold(page: Page) -> None:
    """Open whatever opens, so that it is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach(each => (each.open = true))")


def everywhere(page: Page, served: Served, wrong: Callable[[Page], Sequence[str]]) -> dict[str, Sequence[str]]:
    """What is wrong with each page that there is, everything unfolded; nothing of those that are right."""
    found = {}
    for address in READY:
        opened(page, served, address)
        unfold(page)
        found[address] = wrong(page)
    return {address: each for address, each in found.items() if each}


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken(shown: Served, new: New, theme: str, width: int) -> None:
    context, heard = new(color_scheme=theme, viewport={"width": width, "height": 900})
    page = context.new_page()
    assert everywhere(page, shown, violations) == {}
    assert heard.strange == []


def overflowing(page: Page) -> Sequence[str]:
    """The elements that make a page wider than its window."""
    script = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll('body *')].filter(each => each.getBoundingClientRect().right > innerWidth + 1)
        .map(each => `${each.tagName}.${each.className}`).slice(0, 10)"""
    return list(page.evaluate(script))


def test_nothing_is_wider_than_the_narrowest_screen(shown: Served, new: New) -> None:
    context, _ = new(viewport={"width": NARROWEST, "height": 700})
    page = context.new_page()
    assert everywhere(page, shown, overflowing) == {}


def test_a_planted_fault_is_noticed(shown: Served, new: New) -> None:
    context, _ = new(viewport={"width": NARROWEST, "height": 700})
    page = context.new_page()
    opened(page, shown, "results/")
    page.evaluate("document.querySelector('main').append(new Image(900, 5))")
    assert any(each.startswith("image-alt") for each in violations(page)) and overflowing(page)
