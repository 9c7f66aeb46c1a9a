"""How quick the pages of `vitropolis open` are in a real browser; no test asserts a time.

`python -m benchmarks.pages [--large 200k]` prints when the first content of a run that was never checked here stands
there, how long findings take after a key, what Start and Results weigh, Results of a small run beside those of a large
one, and what a hundred viewers of one run hear.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from tests.browser.chromium import ARGUMENTS, find, lacking
from tests.browser.served import Served

from vitropolis.base.cache import cache_dir

PLAN = "beijing-2018-press"
CHECKING, THERE = "text=Checking the run", "h2:text('The numbers to read first')"
KEYS, TURNS, VIEWERS = 20, 5, 100
PATIENCE = 600_000  # milliseconds: the check of a large run takes as long as it takes
LOADED = "performance.getEntries().map(each => each.decodedBodySize || 0)"  # bytes of each thing that was loaded
AFTER_A_KEY = """() => new Promise(done => {
    const list = document.querySelector('.findings > .quiet'), began = performance.now();
    new MutationObserver((_, me) => { me.disconnect(); done(performance.now() - began); })
        .observe(list, {subtree: true, childList: true, characterData: true});
})"""


def say(text: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextmanager
def served(runs: Path, *options: str) -> Iterator[Served]:
    """A server over a folder of runs; it ends with the block."""
    found = Served(runs, *options)
    try:
        yield found
    finally:
        found.stop()


def play(folder: Path, size: str) -> None:
    """Play a run of a size into a folder."""
    call = ["run", PLAN, "--filling", "middle", "--size", size, "--no-ranges", "--quiet", "--out", str(folder)]
    subprocess.run([sys.executable, "-m", "vitropolis", *call], check=True, stdout=subprocess.DEVNULL)


def first_content(browser: Browser, runs: Path, name: str) -> None:
    """From the start of the process to "checking the run" on the page, and on to the numbers."""
    page = browser.new_page()
    began = time.perf_counter()
    with served(runs, str(runs / name)) as server:
        listening = time.perf_counter() - began
        page.goto(server.address)
        page.locator(CHECKING).or_(page.locator(THERE)).first.wait_for()
        content = time.perf_counter() - began
        page.locator(THERE).wait_for(timeout=PATIENCE)
        numbers = time.perf_counter() - began
    page.close()
    said = f"address printed {listening:.2f} s, first content {content:.2f} s, numbers (checked) {numbers:.1f} s"
    say(f"{name} run, never checked here: {said} after the start")


def results(browser: Browser, server: Served, name: str) -> None:
    """How long Results of a checked run take, and what they weigh."""
    times, weight = [], 0
    for _ in range(TURNS):
        page = browser.new_page()
        began = time.perf_counter()
        page.goto(f"{server.address}results/{name}")
        page.locator(THERE).wait_for(timeout=PATIENCE)
        times.append(time.perf_counter() - began)
        weight = sum(page.evaluate(LOADED))
        page.close()
    say(f"Results of the {name} run, checked: {spread(times)}, {weight / 1000:.0f} kB in all")


def spread(times: list[float]) -> str:
    """Median and largest, in milliseconds."""
    return f"{1000 * statistics.median(times):.0f} ms (most {1000 * max(times):.0f})"


def findings(page: Page, server: Served) -> None:
    """From a key to what the findings say of it: a mistake typed and mended, again and again."""
    page.goto(f"{server.address}policy?from={PLAN}")
    page.locator(".findings details").first.wait_for()
    page.get_by_text("default_status: assumed").click()
    page.keyboard.press("End")
    times = []
    for number in range(KEYS):
        waiting = page.evaluate_handle(f"() => ({{told: ({AFTER_A_KEY})()}})")
        page.keyboard.press("Backspace" if number % 2 else "x")
        times.append(page.evaluate("async held => await held.told", waiting) / 1000)
        page.wait_for_timeout(300)
    say(f"findings after a key in the largest plan of the library: {spread(times)} over {KEYS} keys")


async def viewer(port: int, id: str) -> list[int]:
    """One viewer of a run, to its end: the numbers of the events that it heard."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    ask = f"GET /api/runs/{id}/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    writer.write(ask.encode())
    text = (await reader.read()).decode()
    writer.close()
    return [int(line.rpartition("-")[2]) for line in text.splitlines() if line.startswith("id: ")]


def viewers(server: Served) -> None:
    """A run begun on the page's way, and all who watch it."""
    body = json.dumps({"policy": PLAN, "filling": "middle", "size": "20k", "ranges": False}).encode()
    asked = urllib.request.Request(f"{server.address}api/runs", body, {"Content-Type": "application/json"})
    id = json.load(urllib.request.urlopen(asked))["id"]

    async def every() -> list[list[int]]:
        return await asyncio.gather(*(viewer(server.port, id) for _ in range(VIEWERS)))

    with ThreadPoolExecutor(1) as apart:  # the browser's own loop runs in this thread
        heard = apart.submit(asyncio.run, every()).result()
    last = max(each[-1] for each in heard)
    missed = sum(last + 1 - each[0] - len(each) for each in heard)
    say(f"{VIEWERS} viewers of one run: {len(heard[0])} events each, {missed} missed by all of them together")


def fresh_cache(folder: Path) -> None:
    """Forget which runs were checked here; what was compiled and built stays."""
    for room in ("kernels", "cities"):
        (folder / room).symlink_to(cache_dir(room), target_is_directory=True)
    os.environ["VITROPOLIS_CACHE"] = str(folder)


def main(arguments: list[str]) -> int:
    """Play two runs and look at them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description="Time the pages in a browser.")
    parser.add_argument("--large", default="200k", help="the size of the large run (default 200k)")
    asked = parser.parse_args(arguments)
    if lacking():
        say(lacking())
        return 2
    with tempfile.TemporaryDirectory() as room, sync_playwright() as playwright:
        runs, cache = Path(room) / "runs", Path(room) / "cache"
        cache.mkdir()
        play(runs / "small", "20k")
        play(runs / "large", asked.large)
        fresh_cache(cache)
        browser = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        for name in ("small", "large"):
            first_content(browser, runs, name)
        with served(runs) as server:
            for name in ("small", "large"):
                results(browser, server, name)
            findings(browser.new_page(), server)
            viewers(server)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
