"""The sheet has every ink that drawings name, in the colours of `pages.ink`."""

from __future__ import annotations

import re

from tests.house.tree import ROOT

from vitropolis.pages.ink import PALETTE

SHEET = ROOT / "web" / "src" / "fragments" / "fragments.css"


def test_every_ink_is_in_the_sheet_with_its_two_colours() -> None:
    text = SHEET.read_text(encoding="utf8")
    found = re.findall(r"--vi-([a-z0-9]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", text)
    assert {name: (light, dark) for name, light, dark in found} == {name: tuple(ink) for name, ink in PALETTE.items()}
    for name in PALETTE:
        assert re.search(rf"\.vf-{name} {{\s*fill: var\(--vi-{name}\)", text)
        assert re.search(rf"\.vl-{name} {{\s*stroke: var\(--vi-{name}\)", text)


def test_the_sheet_asks_for_nothing() -> None:
    text = SHEET.read_text(encoding="utf8")
    assert "url(" not in text and "@import" not in text and "http" not in text
