"""`python -m tests.lint.coverage`: what each rule works out, what it takes on trust, and what the fixtures show of it.

On the left of each line: on how many fixtures the rule fires (fail or review), is silent (looked and passed), is open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from tests.lint.cases import HOME, obtained

from vitropolis.lint.catalogue import rules

FIRES, SILENT, OPEN = "fires", "silent", "open"
MEANS = {"fail": FIRES, "review": FIRES, "silent": SILENT, "open": OPEN}


def names() -> tuple[str, ...]:
    """Every fixture, with or without expectations of its own."""
    return tuple(sorted(path.name.removesuffix(".policy.yaml") for path in HOME.glob("*.policy.yaml")))


def counts() -> Mapping[str, Counter[str]]:
    """For each rule, on how many fixtures the strongest thing that it says is that it fires, is silent, is open."""
    found: dict[str, Counter[str]] = {rule.id: Counter() for rule in rules()}
    for name in names():
        for rule, said in obtained(name).items():
            if said in MEANS:
                found[rule][MEANS[said]] += 1
    return found


def lines() -> Iterator[str]:
    """The table."""
    told = counts()
    yield f"{len(told)} rules over {len(names())} fixtures"
    for rule in rules():
        shown = told[rule.id]
        numbers = ", ".join(f"{word} {shown[word]}" for word in (FIRES, SILENT, OPEN))
        yield f"{rule.id} ({'graph' if rule.graph else 'declared'}): {numbers}"
        yield f"    computed: {rule.text('Computed')}"
        yield f"    declared: {rule.text('Declared')}"


if __name__ == "__main__":
    print("\n".join(lines()))
