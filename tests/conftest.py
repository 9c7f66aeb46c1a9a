"""What the whole suite says last: that the browser tests were not run, where they were not."""

from __future__ import annotations

import sys

import pytest
from tests.browser.chromium import lacking

LEFT_OUT = pytest.StashKey[bool]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """See whether browser tests were asked for and left out."""
    left = [each for each in terminalreporter.getreports("skipped") if each.nodeid.startswith("tests/browser/")]
    config.stash[LEFT_OUT] = bool(left) and bool(lacking())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say so after everything else, where nobody overlooks it."""
    if config.stash.get(LEFT_OUT, False):
        sys.stdout.write(f"{lacking()}\n")
        sys.stdout.flush()
