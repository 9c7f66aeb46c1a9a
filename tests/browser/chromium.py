"""Which Chromium the browser tests use, and what is said where there is none."""

from __future__ import annotations

import importlib.util
import os
import shutil

CHOSEN, REQUIRED = "VITROPOLIS_BROWSER", "VITROPOLIS_REQUIRE_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-quic",
)  # fmt: skip
NOT_RUN = "browser tests: NOT RUN"


def find() -> str | None:
    """The path of a Chromium; None where there is none. What was chosen by name is taken or nothing is."""
    chosen = os.environ.get(CHOSEN)
    return next((found for name in ([chosen] if chosen else NAMES) if (found := shutil.which(name))), None)


def lacking() -> str:
    """Why the tests cannot run, with what to do; empty where they can."""
    if importlib.util.find_spec("playwright") is None:
        return f"{NOT_RUN}: Playwright is not installed; `make setup-dev` brings it"
    if find():
        return ""
    if chosen := os.environ.get(CHOSEN):
        return f"{NOT_RUN}: {CHOSEN}={chosen} is no program; name a Chromium, or leave it out"
    return (
        f"{NOT_RUN}: there is no Chromium; `apt-get install chromium` (or your system's way) brings one, "
        f"{CHOSEN}=/path/to/chrome names one"
    )


def is_required() -> bool:
    """Whether their not running is a failure."""
    return os.environ.get(REQUIRED, "") not in ("", "0")
