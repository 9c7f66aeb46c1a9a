"""The page of the library: every policy has its row, and what never acted has its reason."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from vitropolis.policy import library, load_policy
from vitropolis.policy.load import FILLINGS
from vitropolis.report.fired import FiredRow
from vitropolis.report.library_page import elements_of, row_of, text_of

PAGE = (Path(__file__).parents[2] / "docs" / "library.md").read_text(encoding="utf-8")
NAMES = [name for name in library() if not any(name.endswith(f"-{filling}") for filling in FILLINGS)]
ROWS = {
    row[0]: tuple(map(int, row[1:]))
    for row in re.findall(
        r"^\| `([a-z0-9-]+)` \| [0-9-]+ \| [0-9-]+ \| (\d+) \| (\d+) \| (\d+) \|$", PAGE, re.MULTILINE
    )
}


def silent(name: str) -> dict[str, str]:
    """The elements of one policy that the page says never acted, with the reason."""
    part = PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `([a-z0-9_.]+)` \| (.*) \|$", part, re.MULTILINE))


def test_every_policy_of_the_library_has_a_row() -> None:
    assert list(ROWS) == NAMES
    assert re.findall(r"^## (.*)$", PAGE, re.MULTILINE) == [name for name in NAMES if ROWS[name][2]]


@pytest.mark.parametrize("name", NAMES)
def test_a_row_counts_what_the_policy_has(name: str) -> None:
    """Run the policies again, and the page from their folders, where one has other elements by now."""
    elements, acted, never = ROWS[name]
    named, found = set(elements_of(load_policy(name))), silent(name)
    assert elements == len(named) == acted + never
    assert set(found) <= named and len(found) == never
    assert all(reason.strip() for reason in found.values())


def row(element: str, times: int, reason: str = "") -> FiredRow:
    return FiredRow("x", element, "x.policy.yaml:1", times, None, reason)


def test_a_page_is_made_of_runs_of_one_kind_and_one_policy_each() -> None:
    worlds = [{"name": "x"}, {"name": "none"}]
    manifest: dict[str, Any] = {
        "worlds": worlds,
        "residents": 2000,
        "seed": 1,
        "from": "2018-10-20",
        "to": "2020-12-31",
    }
    one = row_of(manifest, [row("lists.a", 3), row("lists.b", 0, "nobody did it")])
    assert text_of([one]).endswith(
        "| `x` | 2018-10-20 | 2020-12-31 | 2 | 1 | 1 |\n\n## x\n\n| never acted | why |\n|---|---|\n"
        "| `lists.b` | nobody did it |\n"
    )
    other = row_of({**manifest, "residents": 1000}, [row("lists.a", 3)])
    with pytest.raises(ValueError, match=r"runs of one kind are wanted: 1,000 residents, .*; 2,000 residents, "):
        text_of([one, other])
    with pytest.raises(ValueError, match="a run of one policy is wanted, not of 2: x, y"):
        row_of({**manifest, "worlds": [*worlds, {"name": "y"}]}, [])
