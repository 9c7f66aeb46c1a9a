"""What a rule is, in words: for `lint rule ID`, `lint rules`, and the pages of the rules."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from vitropolis.base.errors import UsageError
from vitropolis.base.located import nearest
from vitropolis.lint.catalogue import rules
from vitropolis.lint.grounds import Ground
from vitropolis.lint.render.as_json import ground_data
from vitropolis.lint.render.markdown import plain
from vitropolis.lint.render.words import law_of
from vitropolis.lint.rule import Rule

WIDTH = 80
HEADINGS = (
    ("What", "What it looks for"),
    ("Why", "Why"),
    ("Fires", "It fires, for example"),
    ("Silent", "It stays silent, for example"),
    ("Computed", "What is computed"),
    ("Declared", "What is taken from the policy's own words"),
    ("Cannot decide", "What this check cannot decide"),
)


def rule_of(id: str) -> Rule:
    """The rule of an id, whatever its case. UsageError names the nearest."""
    every = rules()
    found = next((each for each in every if each.id.lower() == id.lower()), None)
    if found is None:
        begin = [each.id for each in every if each.id.lower().startswith(id.lower())]
        near = (
            f"; did you mean one of {', '.join(begin)}?" if begin else nearest(id.upper(), [each.id for each in every])
        )
        raise UsageError(f"`{id}` is not a rule of the linter{near}; see `vitropolis lint rules`")
    return found


def rule_lines(rule: Rule) -> Iterator[str]:
    """One rule for a terminal."""
    yield f"{rule.id} {rule.name}"
    yield from textwrap.wrap(rule.title, WIDTH)
    yield f"severity {rule.severity}; profiles {', '.join(rule.profiles)}"
    if rule.gated:
        binds = "binds AI systems alone: a review, not a fail, where the method is not declared as one (AIA-0)"
        yield from textwrap.wrap(binds, WIDTH)
    for section, heading in HEADINGS:
        yield from ("", f"{heading}:")
        yield from _wrapped(rule.text(section))
    yield from ("", "To mend it:")
    for verb, what in rule.fixes:
        yield from _wrapped(f"{verb} {what}")
    yield from ("", "Grounds:")
    for ground in law_of(rule):
        yield from _wrapped(f"{ground.cite}: {ground.says} ({_standing(ground)})")


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _standing(ground: Ground) -> str:
    parts = ["binding" if ground.binding else "not binding"]
    parts += [f"applies from {ground.applies_from.isoformat()}"] if ground.applies_from else []
    parts += [f"until {ground.applies_until.isoformat()}"] if ground.applies_until else []
    how = {"read": "read", "secondary": "from a secondary source", "memory": "from memory, not verified"}
    parts.append(f"{how[ground.checked]}, state of {ground.verified_on.isoformat()}, in {ground.language}")
    return ", ".join(parts) + (f"; {ground.note}" if ground.note else "")


def rule_page(rule: Rule) -> str:
    """The page of a rule, as Markdown."""
    lines = [
        f"# {rule.id} {plain(rule.title)}",
        "",
        f"`{rule.name}` · {rule.severity} · {', '.join(rule.profiles)}",
        "",
    ]
    if rule.gated:
        lines += ["Binds AI systems alone: a review, not a fail, where the method is not declared as one (AIA-0).", ""]
    for section, heading in HEADINGS:
        lines += [f"## {heading}", "", plain(rule.text(section)), ""]
    lines += ["## To mend it", "", *(f"* {verb} {plain(what)}" for verb, what in rule.fixes), "", "## Grounds", ""]
    lines += [f"* {plain(each.cite)}: {plain(each.says)} ({_standing(each)})" for each in law_of(rule)]
    return "\n".join([*lines, ""])


def index_page(every: Sequence[Rule]) -> str:
    """The list of all rules, as Markdown, with links to their pages."""
    lines = ["# Rules of the linter", "", "| rule | severity | profiles | computed | |", "|---|---|---|---|---|"]
    for each in every:
        computed = "graph" if each.graph else "declared"
        link = f"[{each.id}]({each.id}.md)"
        lines.append(f"| {link} | {each.severity} | {', '.join(each.profiles)} | {computed} | {plain(each.title)} |")
    return "\n".join([*lines, ""])


def pages(every: Sequence[Rule]) -> dict[str, str]:
    """The pages of the rules and their list, by file name."""
    return {"README.md": index_page(every), **{f"{each.id}.md": rule_page(each) for each in every}}


def list_lines(every: Sequence[Rule]) -> Iterator[str]:
    """One line a rule."""
    wide = max(len(each.id) for each in every)
    for each in every:
        yield f"{each.id:<{wide}}  {each.severity:<10}  {','.join(each.profiles):<14}  {each.title}"


def rule_data(rule: Rule) -> dict[str, Any]:
    """One rule as plain data."""
    return {
        "id": rule.id, "name": rule.name, "title": rule.title, "severity": rule.severity,
        "profiles": list(rule.profiles), "gated": rule.gated, "computed": rule.graph, "texts": dict(rule.texts),
        "fix": [{"verb": verb, "what": what} for verb, what in rule.fixes],
        "grounds": [ground_data(each) for each in law_of(rule)],
    }  # fmt: skip
