"""The report and the working papers as Markdown: no text of a policy becomes markup or a row of its own."""

from __future__ import annotations

import re

import pytest
from tests.lint.hostile import hostile

from vitropolis.lint.export import paper
from vitropolis.lint.render import render
from vitropolis.lint.render.markdown import cell, plain

BARE = re.compile(r"(?<!\\)(?:\\\\)*\|")


def written(kind: str) -> str:
    return render(hostile(), "markdown") if kind == "markdown" else paper(hostile(), kind)


@pytest.mark.parametrize("kind", ["markdown", "fria", "dossier"])
def test_every_row_has_as_many_cells_as_its_table(kind: str) -> None:
    wide = 0
    for line in written(kind).splitlines():
        if not line.startswith("|"):
            wide = 0
            continue
        cells = len(BARE.findall(line))
        wide = wide or cells
        assert cells == wide, line


@pytest.mark.parametrize("kind", ["markdown", "fria", "dossier"])
def test_no_text_begins_a_line_of_its_own_or_becomes_a_tag(kind: str) -> None:
    text = written(kind)
    assert not re.search(r"^(line two|::)", text, re.MULTILINE)
    assert not re.search(r"(?<!\\)<(script|img|/title|style)", text)
    assert not re.search(r"(?<!\\)\[l\]", text)
    assert "\r" not in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a | b", "a \\| b"),
        ("a\\| b", "a\\\\\\| b"),
        ("two\r\nlines", "two lines"),
        ("<b> [x](y) *z* _w_ `c` # h", "\\<b> \\[x](y) \\*z\\* \\_w\\_ \\`c\\` \\# h"),
    ],
)
def test_a_cell_is_one_line_without_markup(text: str, shown: str) -> None:
    assert cell(text) == shown
    assert plain(text) == shown.replace("\\|", "|")
