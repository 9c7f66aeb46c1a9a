"""The mark on every output: what it is, in the same words everywhere (line 5 of SCOPE.md)."""

from __future__ import annotations

MARK = "synthetic city, no real people"


def marks(seed: int) -> dict[str, str]:
    """Return what every file carries as metadata: the mark and the seed."""
    return {"mark": MARK, "seed": str(seed)}


def mark_line(seed: int) -> str:
    """Return the mark as one line of text, for folders of plain arrays and for terminals."""
    return f"{MARK}; seed {seed}"
