"""A real `vitropolis open` in a process of its own, and what a test hears of a page while it is looked at."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

ALONE = ("http://127.0.0.1:", "blob:http://127.0.0.1:")  # where a page may ask


class Served:
    """A running server over a folder of runs; `address` is what it printed."""

    def __init__(self, runs: Path, *options: str) -> None:
        self.runs = runs
        call = [
            sys.executable,
            "-m",
            "vitropolis",
            "open",
            *options,
            "--no-browser",
            "--port",
            "0",
            "--runs",
            str(runs),
        ]
        self.process = subprocess.Popen(
            call, cwd=runs.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        assert self.address.startswith("http://127.0.0.1:"), self.stop()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rstrip("/").rpartition(":")[2])

    def ask(self, path: str) -> Any:
        """What the server says at an address, asked past the browser."""
        with urllib.request.urlopen(self.address + path, timeout=60) as answer:
            return json.loads(answer.read())

    def ids(self) -> list[str]:
        """The runs that it knows."""
        return sorted(each["id"] for each in self.ask("api/runs"))

    def stop(self) -> str:
        """Ctrl-C, and what was said on standard error."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=60)[1]


class Heard:
    """Everything that a browser's context complained about or asked for."""

    def __init__(self, context: BrowserContext, may_ask: Callable[[str], bool]) -> None:
        self.wrong: list[str] = []
        self.strange: list[str] = []
        self.asked: list[str] = []
        self.may_ask = may_ask
        context.on("console", self._console)
        context.on("weberror", lambda error: self.wrong.append(f"thrown: {error.error}"))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"{message.type}: {message.text} at {message.location.get('url')}")

    def _request(self, request: Request) -> None:
        self.asked.append(request.url)
        if not self.may_ask(request.url):
            self.strange.append(request.url)

    def nothing(self) -> bool:
        """Whether all was quiet; fails with what was heard."""
        assert self.wrong == []
        assert self.strange == []
        return True


def on_loopback(url: str) -> bool:
    """Whether an address is this machine's own, or no address at all."""
    return url.startswith(ALONE) or url.startswith("data:")


def heading(page: Page) -> str:
    """The one main heading of a page."""
    return page.locator("h1").inner_text()
