"""Every rule of the linter."""

from __future__ import annotations

from vitropolis.lint.rule import Rule, registered
from vitropolis.lint.rules import load_all


def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of their modules and in them of the code."""
    load_all()
    return registered()
