"""A picture as a file: SVG as it is drawn, PNG and PDF through libraries that are asked for only then.

PNG: `resvg-py` (MIT; one wheel of 1.3 MB without further packages, so it comes with this one). PDF: `svglib` with
`reportlab` (LGPL and BSD), which bring lxml and Pillow, 20 MB for a kind of file that few ask for: an extra.
"""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Literal

from vitropolis import __version__
from vitropolis.base.errors import ResourceError
from vitropolis.pages.canvas import WIDE
from vitropolis.pages.markup import bare
from vitropolis.pages.view import Figure

Kind = Literal["svg", "png", "pdf"]
KINDS: tuple[Kind, ...] = ("svg", "png", "pdf")
"""Kinds of file, by what its name ends with."""
DOTS = 2.0  # pixels of a PNG for each of the drawing
HEAD = 33  # bytes of a PNG before the first place for texts: signature and header
SOFTWARE = f"vitropolis {__version__}"


def written(figure: Figure, kind: Kind, width: float = WIDE) -> bytes:
    """The bytes of a picture's file; each kind holds title, basis (mark, size, seed) and version as metadata.

    ResourceError if the library for it is not installed.
    """
    svg = figure.file(width)
    if kind == "svg":
        return svg.encode("utf-8")
    title = bare(figure.title)
    return _png(svg, title, figure.basis) if kind == "png" else _pdf(svg, title, figure.basis)


def _missing(kind: str, package: str, how: str) -> ResourceError:
    return ResourceError(f"a {kind} needs the package {package}, which is not installed: {how}, or take an svg")


def _png(svg: str, title: str, basis: str) -> bytes:
    try:
        import resvg_py
    except ImportError:
        raise _missing("png", "resvg-py", "pip install resvg-py") from None
    drawn = bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=int(DOTS)))
    told = {"Title": title, "Description": basis, "Software": SOFTWARE}
    return drawn[:HEAD] + b"".join(_chunk(key, text) for key, text in told.items()) + drawn[HEAD:]


def _chunk(key: str, text: str) -> bytes:
    """A text of a PNG (iTXt: UTF-8, not compressed, in no particular language)."""
    held = b"iTXt" + key.encode("latin-1") + b"\0\0\0\0\0" + text.encode("utf-8")
    return struct.pack(">I", len(held) - 4) + held + struct.pack(">I", zlib.crc32(held))


def _pdf(svg: str, title: str, basis: str) -> bytes:
    try:
        from reportlab.graphics import renderPDF
        from reportlab.pdfgen.canvas import Canvas
        from svglib.svglib import svg2rlg
    except ImportError:
        raise _missing("pdf", "svglib", "pip install 'vitropolis[pdf]'") from None
    held, drawn = BytesIO(), svg2rlg(BytesIO(svg.encode("utf-8")))
    sheet = Canvas(held, pagesize=(drawn.width, drawn.height))
    sheet.setTitle(title)
    sheet.setSubject(basis)
    sheet.setCreator(SOFTWARE)
    renderPDF.draw(drawn, sheet, 0, 0)
    sheet.save()
    return held.getvalue()
