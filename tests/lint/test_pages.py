"""The pages of the rules in docs/rules are those that the rules themselves give."""

from __future__ import annotations

from tests.house.tree import ROOT

from vitropolis.lint.catalogue import rules
from vitropolis.lint.explain import pages

HOME = ROOT / "docs" / "rules"
RENEW = "renew them: vitropolis lint rules --pages docs/rules"


def test_every_page_is_current() -> None:
    made = pages(rules())
    kept = {path.name: path.read_text(encoding="utf8") for path in HOME.glob("*.md")}
    assert sorted(kept) == sorted(made), RENEW
    assert [name for name in made if kept[name] != made[name]] == [], RENEW
