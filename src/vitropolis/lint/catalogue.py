"""Every rule of the linter."""

from __future__ import annotations

from vitropolis.lint.rule import Rule, registered
from vitropolis.lint.rules import MODULES, load_all


def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of their modules and in them of the code, whichever module was imported first."""
    load_all()
    order = {f"vitropolis.lint.rules.{name}": number for number, name in enumerate(MODULES)}
    return tuple(sorted(registered(), key=lambda each: order[each.judge.__module__]))
