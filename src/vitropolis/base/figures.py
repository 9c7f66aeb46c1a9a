"""Numbers as a reader would say them, and the width of a terminal page."""

from __future__ import annotations

from textwrap import wrap

WIDTH = 80


def paragraph(words: str, indent: str = "", later: str | None = None) -> list[str]:
    """Words as lines of a page, the first after `indent`, the others after `later` (default: the same)."""
    after = indent if later is None else later
    return wrap(words, WIDTH, initial_indent=indent, subsequent_indent=after, break_on_hyphens=False)


def size_of(count: float) -> str:
    """Return bytes in the unit a reader would choose: 950 kB, 1.8 GB."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= scale:
            return f"{count / scale:.1f} {unit}" if count < 10 * scale else f"{count / scale:.0f} {unit}"
    return f"{count:.0f} bytes"


def time_of(seconds: float) -> str:
    """Return seconds as a reader would say them: 0.4 s, 12 s, 3 min 20 s, 2 h 5 min."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
