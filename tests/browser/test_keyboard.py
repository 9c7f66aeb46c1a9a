"""The same way with the keyboard alone: whatever has the focus shows it, and a new page begins at its heading."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect
from tests.browser.conftest import New, Serve
from tests.browser.test_journey import PLAN, PLAYING, headlines, numbers_on, result_of

MOST_TABS, MOMENTS = 120, 25
FOCUSED = """() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const style = getComputedStyle(at), box = at.getBoundingClientRect();
    const around = at.closest('.cm-editor') ?? at;
    return {
        name: at.getAttribute('aria-label') || at.labels?.[0]?.innerText || at.innerText || at.value || '',
        tag: at.tagName, editor: around !== at, wide: box.width, high: box.height,
        shows: [style, getComputedStyle(around)].some(each => parseFloat(each.outlineWidth) >= 2
            && each.outlineStyle !== 'none'),
        within: box.bottom > 0 && box.top < innerHeight,
    };
}"""


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Go on from what has the focus until the one of this name has it; each on the way shows that it has it."""
    seen = []
    for _ in range(MOST_TABS):
        page.keyboard.press(key)
        at = focused(page)
        seen.append(at["name"].strip()[:60])
        if re.match(name, at["name"].strip()):
            return
    raise AssertionError(f"{name} is not reached: {seen}")


def focused(page: Page) -> dict[str, Any]:
    """What has the focus now; it shows that it has it, a moment later at most."""
    at: dict[str, Any] = {}
    for _ in range(MOMENTS):
        at = page.evaluate(FOCUSED)
        if at["tag"] == "BODY" or (at["shows"] and at["within"]):
            return at
        page.wait_for_timeout(20)
    raise AssertionError(f"no visible focus on {at}")


def at_heading(page: Page, words: str) -> None:
    """A page that was gone to begins at its heading."""
    expect(page.locator("h1")).to_contain_text(words, timeout=PLAYING)
    expect(page.locator("h1")).to_be_focused()


def test_the_way_by_keyboard_alone(serve: Serve, new: New) -> None:
    served = serve()
    context, heard = new()
    page = context.new_page()
    page.goto(served.address)
    expect(page.locator(".plans li").first).to_be_visible()
    skip_to_the_content(page)
    tab_to(page, f"Read and check it: {PLAN}")
    page.keyboard.press("Enter")
    at_heading(page, "A policy")
    through_the_editor(page)
    tab_to(page, "Play this policy", "Shift+Tab")
    page.keyboard.press("Enter")
    at_heading(page, "Play a policy")
    ask_for_a_run(page)
    tab_to(page, "See what came of it")
    page.keyboard.press("Enter")
    at_heading(page, "synthetic residents are hit")
    assert numbers_on(page) == headlines(result_of(page, served))
    open_a_why(page)
    choose_a_life(page)
    assert heard.nothing()


def skip_to_the_content(page: Page) -> None:
    """The first stop of every page leads past its masthead."""
    tab_to(page, "Skip to the content")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def through_the_editor(page: Page) -> None:
    """Into the editor, a mistake and back, a completion taken, and out of it again: it is no trap."""
    findings = page.get_by_role("region", name="Findings")
    expect(findings.get_by_text(re.compile(r"findings of \d+ rules"))).to_be_visible()
    tab_to(page, "Text of the policy")
    page.keyboard.press("Control+End")
    page.keyboard.type("\nnonsense: 1")
    expect(findings.get_by_text("To be mended first")).to_be_visible()
    for _ in range(len("\nnonsense: 1")):
        page.keyboard.press("Backspace")
    expect(findings.get_by_text("To be mended first")).not_to_be_visible()
    page.keyboard.press("F8")
    expect(page.get_by_role("status").filter(has_text=re.compile(r"^Line \d+: "))).to_have_count(1)
    page.keyboard.press("Tab")
    assert not focused(page)["editor"]


def ask_for_a_run(page: Page) -> None:
    """Choose by arrows, play, and wait for the end."""
    tab_to(page, "the text you are writing|Policy")
    tab_to(page, "20,000 residents")
    tab_to(page, "Seed")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Seed")).to_have_value("2")
    tab_to(page, "Play it")
    page.keyboard.press("Enter")
    at_heading(page, PLAN)
    expect(page.get_by_role("region", name="Progress")).to_contain_text("Complete", timeout=PLAYING)


def open_a_why(page: Page) -> None:
    """Why a number is what it is."""
    tab_to(page, "Why")
    page.keyboard.press("Enter")
    expect(page.locator("details.vp-why[open]").first).to_be_visible()


def choose_a_life(page: Page) -> None:
    """Another pick by arrows."""
    tab_to(page, "Lives", "Shift+Tab")
    page.keyboard.press("Enter")
    at_heading(page, "Lives")
    expect(page.get_by_role("article")).to_be_visible(timeout=60_000)
    tab_to(page, "by lot among")
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("pick="))
    expect(page.get_by_role("radio", checked=True)).to_be_focused()
