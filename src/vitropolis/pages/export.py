"""A picture as a file: SVG as it is drawn, PNG and PDF through libraries that are asked for only then.

PNG: `resvg-py` (MIT; one wheel of 1.3 MB without further packages, so it comes with this one). PDF: `svglib` with
`reportlab` (LGPL and BSD), which bring lxml and Pillow, 20 MB for a kind of file that few ask for: an extra.
"""

from __future__ import annotations

from io import BytesIO
from typing import Literal

from vitropolis.base.errors import ResourceError

Kind = Literal["svg", "png", "pdf"]
KINDS: tuple[Kind, ...] = ("svg", "png", "pdf")
"""Kinds of file, by what its name ends with."""
DOTS = 2.0  # pixels of a PNG for each of the drawing


def written(svg: str, kind: Kind) -> bytes:
    """The bytes of a file of some kind from an SVG. ResourceError if the library for it is not installed."""
    if kind == "svg":
        return svg.encode("utf-8")
    return _png(svg) if kind == "png" else _pdf(svg)


def _missing(kind: str, package: str, how: str) -> ResourceError:
    return ResourceError(f"a {kind} needs the package {package}, which is not installed: {how}, or take an svg")


def _png(svg: str) -> bytes:
    try:
        import resvg_py
    except ImportError:
        raise _missing("png", "resvg-py", "pip install resvg-py") from None
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=int(DOTS)))


def _pdf(svg: str) -> bytes:
    try:
        from reportlab.graphics import renderPDF
        from svglib.svglib import svg2rlg
    except ImportError:
        raise _missing("pdf", "svglib", "pip install 'vitropolis[pdf]'") from None
    held = BytesIO()
    renderPDF.drawToFile(svg2rlg(BytesIO(svg.encode("utf-8"))), held)
    return held.getvalue()
