"""The pages in docs/policies say of each library policy what the loaded policy says of itself."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from vitropolis.model.assumptions import load_assumptions
from vitropolis.policy import (
    CONDUCT,
    SERVICES,
    Policy,
    library,
    library_text,
    load_policy,
    policy_schema,
    sourced_values,
)
from vitropolis.policy.load import FILLINGS

PAGES = Path(__file__).parents[2] / "docs" / "policies"
SECTIONS = ("departments", "feeds", "behaviours", "scores", "lists", "measures", "spillover", "campaigns")
WITH_PAGE = [name for name in library() if not any(name.endswith(f"-{filling}") for filling in FILLINGS)]
HEADINGS = (
    "## What it is",
    "## Sourced and assumed",
    "## Never published",
    "## What the format could not say",
    "## Sources",
)
CHECKED = {"read": "read", "secondary": "secondary", "memory": "from memory"}


def table_of(text: str) -> dict[str, str]:
    """The first table of a page, as rows of two cells."""
    rows = {}
    for line in text.splitlines()[2:]:
        if not line.startswith("|"):
            break
        name, value = (cell.strip() for cell in line.strip("|").split("|"))
        rows[name] = value
    return {name: value for name, value in rows.items() if name and not name.startswith("-")}


def expected(policy: Policy) -> dict[str, str]:
    n, m = sourced_values(policy)
    head = {
        "policy": f"`{policy.id}`",
        "title": policy.policy.title,
        "state": policy.policy.state,
        "as of": str(policy.policy.as_of),
    }
    counts = {section: str(len(getattr(policy, section))) for section in SECTIONS}
    return {**head, **counts, "values sourced": f"{n} of {m}"}


def test_every_policy_has_a_page_and_every_page_a_policy() -> None:
    assert sorted(page.stem for page in PAGES.glob("*.md")) == WITH_PAGE


@pytest.mark.parametrize("name", WITH_PAGE)
def test_a_page_agrees_with_its_policy(name: str) -> None:
    policy, text = load_policy(name), (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {name}\n\n| | |\n")
    assert table_of(text) == expected(policy)
    n, m = sourced_values(policy)
    assert f"{n} of {m} values are sourced" in " ".join(text.split())
    assert text.endswith("\nThis page describes a text, not people.\n")
    lines = text.splitlines()
    assert all(any(line.startswith(heading) for line in lines) for heading in HEADINGS)


@pytest.mark.parametrize("name", WITH_PAGE)
def test_a_page_names_every_source_and_how_it_was_checked(name: str) -> None:
    policy, text = load_policy(name), (PAGES / f"{name}.md").read_text(encoding="utf-8")
    rows = [line for line in text.partition("## Sources")[2].splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == list(policy.references)
    for row, reference in zip(rows, policy.references.values(), strict=True):
        assert row.endswith(f"| {CHECKED[str(reference.checked)]} |")
        assert reference.url is None or f"<{reference.url}>" in row


def schema_words(part: Any) -> Iterator[str]:
    """Keys and closed words of the format."""
    if isinstance(part, dict):
        keys = part.get("properties")
        yield from keys if isinstance(keys, dict) else ()
        yield from (word for word in (*part.get("enum", ()), part.get("const")) if isinstance(word, str))
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from schema_words(each)


@cache
def known_words() -> frozenset[str]:
    return frozenset({*schema_words(policy_schema()), *CONDUCT, *SERVICES, *FILLINGS, "middle", *library()})


def elements_named(policy: Policy) -> set[str]:
    sections = (*SECTIONS, "references", "legal_basis", "sharing")
    return {each for section in sections for each in getattr(policy, section)} | {
        band for score in policy.scores.values() for band in score.bands
    }


@pytest.mark.parametrize("name", WITH_PAGE)
def test_every_element_that_a_page_names_is_one_of_its_policy(name: str) -> None:
    found, base = elements_named(load_policy(name)), yaml.safe_load(library_text(name)).get("extends")
    found |= elements_named(load_policy(base)) if base else set()  # what an overlay deletes
    ticks = re.findall(r"`([^`]+)`", (PAGES / f"{name}.md").read_text(encoding="utf-8"))
    ticks = [tick for tick in ticks if not tick.startswith("vitropolis ")]
    values = load_assumptions("default").values()
    assumed = {path.rsplit(".", up)[0] for path in values for up in range(3)}  # and the rows that hold them
    named = {word for tick in ticks if tick not in assumed for word in re.findall(r"[a-z][a-z_0-9-]*", tick)}
    assert named - found - known_words() == set()


@pytest.mark.parametrize("name", library())
def test_no_value_counts_as_sourced_that_only_memory_knows(name: str) -> None:
    policy = load_policy(name)
    for path, value in policy.values():
        for step in value.steps:
            if step.status == "sourced" and step.reference:
                assert policy.references[step.reference].checked in ("read", "secondary"), path
