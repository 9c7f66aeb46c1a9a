"""No number of a run is on a page before its folder is checked; and all that a page needs is small."""

from __future__ import annotations

import re
import shutil
import urllib.error
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect
from tests.browser.conftest import New
from tests.browser.served import Served
from tests.browser.test_looks import READY, opened

from vitropolis.base.cache import cache_dir

WATCHING = """() => {
    window.seen = [];
    const look = () => {
        const text = document.querySelector('main')?.innerText ?? '';
        if (text !== window.seen.at(-1)) window.seen.push(text);
    };
    new MutationObserver(look).observe(document, {subtree: true, childList: true, characterData: true});
}"""
CHECKING, THERE = "Checking the run", "The numbers to read first"
MOST_BYTES = 1_000_000


@pytest.fixture
def unchecked(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A server that was opened with a run on a machine that has not checked it before."""
    fresh = tmp_path / "cache"
    fresh.mkdir()
    for room in ("kernels", "cities"):
        (fresh / room).symlink_to(cache_dir(room), target_is_directory=True)
    monkeypatch.setenv("VITROPOLIS_CACHE", str(fresh))
    shutil.copytree(made, tmp_path / "runs")
    served = Served(tmp_path / "runs", str(tmp_path / "runs" / "run"))
    yield served
    served.stop()


def seen_on(page: Page, address: str) -> list[str]:
    """Every state of a page's text from its first moment until the numbers are there."""
    page.add_init_script(f"({WATCHING})()")
    page.goto(address)
    expect(page.get_by_role("heading", name=THERE)).to_be_visible(timeout=120_000)
    return list(page.evaluate("window.seen"))


def test_no_number_is_shown_before_the_check_is_done(unchecked: Served, new: New) -> None:
    assert unchecked.address.endswith("/results/run")
    unchecked.address = unchecked.address.removesuffix("results/run")
    with pytest.raises(urllib.error.HTTPError, match="409"):
        unchecked.ask("api/runs/run/view/results")
    record: dict[str, Any] = unchecked.ask("api/runs/run")
    assert record["status"] == "checking" and record["headline"] == {}
    seen = seen_on(new()[0].new_page(), f"{unchecked.address}results/run")
    before = [text for text in seen if THERE not in text]
    assert any(CHECKING in text for text in before)
    told = {number for text in before for number in re.findall(r"\d[\d,.]*", text.replace(record["title"], ""))}
    assert told == set()


def bytes_of(page: Page, served: Served, address: str) -> int:
    """What a browser that has nothing yet loads for a page."""
    answers: list[Response] = []
    page.on("response", lambda each: answers.append(each))
    opened(page, served, address)
    return sum(len(each.body()) for each in answers if not each.url.endswith("/events"))


def test_every_page_is_under_a_megabyte(shown: Served, new: New) -> None:
    weights = {}
    for address in READY:
        context = new()[0]
        weights[address] = bytes_of(context.new_page(), shown, address)
        context.close()
    print({address or "start": f"{weight / 1000:.0f} kB" for address, weight in weights.items()})
    assert {address: weight for address, weight in weights.items() if weight >= MOST_BYTES} == {}
    assert min(weights.values()) > 50_000
