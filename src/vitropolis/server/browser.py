"""Opening the page in the browser of whoever sits here."""

from __future__ import annotations

import threading
import webbrowser


def show(address: str) -> None:
    """Open an address in the usual browser, without waiting for it; where there is none, nothing happens."""
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
