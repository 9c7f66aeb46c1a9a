"""From the first page to a report on disk, as somebody would go who has two runs to look at."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect
from tests.browser.conftest import New, Serve
from tests.browser.served import Served, heading

from vitropolis.pages.order import BAND

PLAN = "Beijing plan 2018-2020 as the press told it"
PLAYING = 180_000  # milliseconds that a small run may take on a busy machine
ROUNDED = 0.005  # what a number may lose when it is written for readers: three digits, or fewer where few are behind it


def headlines(result: Mapping[str, Any]) -> list[float]:
    """The values of the numbers to read first, as `result.json` has them."""
    held = [each for name in BAND for each in result["headlines"] if each["id"] == name]
    return [each["value"] for each in held if each["value"] is not None]


def numbers_on(page: Page) -> list[float]:
    """The numbers to read first, as they stand on the page; each is checked to say in words what it is as data."""
    found = []
    for shown in page.locator(".vp-first data.vp-value").all():
        if value := shown.get_attribute("value"):
            found.append(float(value))
            number, lost = read(shown.inner_text())
            as_shown = found[-1] * (100 if "%" in shown.inner_text() else 1)
            assert abs(number - as_shown) <= max(lost, ROUNDED * abs(as_shown)), shown.inner_text()
    return found


def read(words: str) -> tuple[float, float]:
    """The number that a reader sees, and how far rounding to its last digit may have moved it."""
    number = re.search(r"-?[\d,]+(?:\.(\d+))?", words)
    assert number, words
    return float(number[0].replace(",", "")), 0.500001 * 10 ** -len(number[1] or "")


def go(page: Page, name: str) -> None:
    """Follow a door of the masthead."""
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()


def test_the_journey(serve: Serve, new: New, tmp_path: Path) -> None:
    served = serve()
    context, heard = new(accept_downloads=True)
    page = context.new_page()
    page.goto(served.address)
    write_and_mend(page)
    first = played_with_a_break(page, served)
    second = played_from_the_start_page(page, served, seed=2)
    assert first != second  # on screen, for each was compared with it
    one_life_after_another(page)
    compared(page)
    go_to_run(page, served, seed=2)
    report = downloaded(page, tmp_path, second)
    assert heard.nothing() and len(heard.asked) > 30
    for scripts in (True, False):
        read_from_disk(new, report, second, scripts)


def write_and_mend(page: Page) -> None:
    """Findings while typing: a mistake is said to be one, and is gone when it is mended."""
    assert heading(page) == "What a social credit plan would do to people"
    page.get_by_role("link", name=f"Read and check it: {PLAN}").click()
    findings = page.get_by_role("region", name="Findings")
    counted = findings.get_by_text(re.compile(r"^[\d,]+ findings of \d+ rules"))
    before = counted.inner_text()
    assert "prohibited" in findings.inner_text()
    page.get_by_text("default_status: assumed").click()
    page.keyboard.press("End")
    page.keyboard.type("x")
    expect(findings.get_by_text("To be mended first")).to_be_visible()
    expect(findings.get_by_role("listitem").filter(has_text="assumedx")).to_contain_text("Line 10")
    page.keyboard.press("Backspace")
    expect(counted).to_have_text(before)
    expect(page.get_by_role("heading", name="In plain words")).to_be_visible()


def played_with_a_break(page: Page, served: Served) -> list[float]:
    """Play what was written, stop it under way, go on, and read its numbers."""
    page.get_by_role("link", name="Play this policy").click()
    expect(page.get_by_label("20,000 residents")).to_be_checked()
    page.get_by_role("button", name="Play it").click()
    expect(page.get_by_text(re.compile(r"^[1-9]\d* % done"))).to_be_visible(timeout=PLAYING)
    page.get_by_role("button", name="Cancel").click()
    expect(status(page)).to_contain_text("Cancelled", timeout=PLAYING)
    assert not page.locator(".vp-value").count()
    page.get_by_role("button", name="Go on with it").click()
    return read_results(page, served, seed=1)


def status(page: Page) -> Locator:
    """Where a run stands."""
    return page.get_by_role("region", name="Progress")


def played_from_the_start_page(page: Page, served: Served, seed: int) -> list[float]:
    """Play a plan of the library with another seed, and read its numbers."""
    go(page, "Start")
    page.get_by_role("link", name=f"Play it: {PLAN}").click()
    expect(page.get_by_label("middle")).to_be_checked()
    page.get_by_label("Seed").fill(str(seed))
    page.get_by_role("button", name="Play it").click()
    return read_results(page, served, seed)


def read_results(page: Page, served: Served, seed: int) -> list[float]:
    """Wait for the end of a run, look at what came of it, and return the numbers on the screen."""
    expect(status(page)).to_contain_text("Complete", timeout=PLAYING)
    page.get_by_role("link", name="See what came of it").click()
    expect(page.get_by_role("heading", name="The numbers to read first")).to_be_visible()
    assert f"seed {seed}" in page.locator("header").first.inner_text()
    assert "synthetic residents are hit" in heading(page)
    assert numbers_on(page) == headlines(result_of(page, served)) != []
    to_a_question(page)
    return numbers_on(page)


def to_a_question(page: Page) -> None:
    """A link inside the page leads to its place and nowhere else."""
    address = page.url
    page.locator(".vp-page a[href^='#']").nth(1).click()
    expect(page.get_by_role("heading", name="Who is hit, and how many wrongly")).to_be_in_viewport()
    assert page.url.partition("#")[0] == address.partition("#")[0]


def result_of(page: Page, served: Served) -> dict[str, Any]:
    """What the run on this page left on the disk."""
    folder = served.runs / page.url.rpartition("/")[2].partition("?")[0]
    return dict(json.loads((folder / "result.json").read_text(encoding="utf8")))


def one_life_after_another(page: Page) -> None:
    """A life beside its twin, and the next one."""
    go(page, "Lives")
    life = page.get_by_role("article")
    first = life.inner_text()
    assert "without the policy" in first.lower()
    page.get_by_role("button", name="Next life").click()
    expect(page).to_have_url(re.compile(r"pick=.*n=2"))
    expect(life).to_have_attribute("aria-busy", "false")
    expect(life).not_to_have_text(first)
    page.get_by_label(re.compile("^ *most doors shut")).check()
    expect(page).to_have_url(re.compile("pick=worst"))


def compared(page: Page) -> None:
    """Two plans on the same residents."""
    go(page, "Compare")
    page.get_by_label(PLAN).check()
    page.get_by_label("Rongcheng personal credit, points and grades (2014-19)").check()
    page.get_by_role("button", name="Compare them").click()
    expect(page.locator(".vp-page")).to_be_visible(timeout=PLAYING)
    assert page.locator(".vp-page figure").count() >= 2


def go_to_run(page: Page, served: Served, seed: int) -> None:
    """Back to a run by way of the first page."""
    go(page, "Start")
    page.get_by_role("listitem").filter(has_text=f"seed {seed}").get_by_role("link").click()
    expect(page.get_by_role("heading", name="The numbers to read first")).to_be_visible()


def downloaded(page: Page, folder: Path, numbers: list[float]) -> Path:
    """The result and the report, saved; the result holds what was on the screen."""
    go(page, "Downloads")
    for name in ("result.json", "report.html"):
        with page.expect_download(timeout=60_000) as kept:
            page.get_by_role("link", name=name, exact=True).click()
        kept.value.save_as(folder / name)
    assert headlines(json.loads((folder / "result.json").read_text(encoding="utf8"))) == numbers
    report = folder / "report.html"
    assert report.stat().st_size < 1_000_000
    return report


def read_from_disk(new: New, report: Path, numbers: list[float], scripts: bool) -> None:
    """The report in a browser without a network: one request, the same numbers, tables that open."""
    context, heard = new(lambda url: url == report.as_uri(), java_script_enabled=scripts, offline=True)
    page = context.new_page()
    page.goto(report.as_uri())
    assert "synthetic" in heading(page) and numbers_on(page) == numbers
    assert page.get_by_text("Synthetic city, no real people").first.is_visible()
    table = page.get_by_text("The numbers as a table").first
    table.click()
    expect(page.locator("details[open] table").first).to_be_visible()
    assert page.get_by_role("button", name="Copy as a sentence").count() == (0 if not scripts else len(
        page.locator("button[data-copy]").all()))  # fmt: skip
    assert heard.nothing() and heard.asked == [report.as_uri()]
