"""Files of pictures hold in themselves what they are: title, mark, size, seed, version."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import replace

import pytest
from tests.pages.shown import whole

from vitropolis.pages import figure_of, written
from vitropolis.pages.view import Figure


def picture() -> Figure:
    """A picture whose title has letters beyond ASCII."""
    found = figure_of(whole(), "grounds")
    assert found is not None
    return replace(found, title="Überall `eine` – Stadt")


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """The pieces of a PNG, each held to its check sum."""
    found, place = [], 8
    while place < len(png):
        (size,) = struct.unpack(">I", png[place : place + 4])
        held = png[place + 4 : place + 8 + size]
        assert struct.unpack(">I", png[place + 8 + size : place + 12 + size]) == (zlib.crc32(held),)
        found.append((held[:4], held[4:]))
        place += 12 + size
    return found


def test_an_svg_says_what_it_is_outside_its_drawing() -> None:
    text = written(picture(), "svg").decode()
    assert f"<metadata>{picture().basis}</metadata>" in text and "<title>Überall eine – Stadt</title>" in text
    for part in ("synthetic city, no real people", "seed 3", "vitropolis 0."):
        assert part in picture().basis


def test_a_png_says_it_in_its_texts() -> None:
    pytest.importorskip("resvg_py")
    parts = chunks(written(picture(), "png"))
    assert parts[0][0] == b"IHDR" and parts[-1][0] == b"IEND"
    told = dict(held.split(b"\0\0\0\0\0") for kind, held in parts if kind == b"iTXt")
    assert told[b"Title"].decode() == "Überall eine – Stadt" and told[b"Description"].decode() == picture().basis
    assert told[b"Software"].startswith(b"vitropolis 0.")


def test_a_pdf_says_it_in_its_properties() -> None:
    pytest.importorskip("svglib")
    text = written(replace(picture(), title="Plain"), "pdf")
    assert b"/Title (Plain)" in text and re.search(rb"/Creator \(vitropolis 0\.", text)
    assert re.search(rb"/Subject \(Simulated: synthetic city, no real people\..* seed 3", text)
