"""The clean policy with parts laid over it, and what one rule says of that: for tests of single conditions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from tests.lint.cases import AS_OF, HOME

from vitropolis.lint.case import Case
from vitropolis.lint.catalogue import rules
from vitropolis.lint.finding import Outcome
from vitropolis.policy import load_policy


class _Plain(yaml.SafeDumper):
    """Without anchors: the format has none."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def case_of(folder: Path, as_of: date = AS_OF, **parts: Any) -> Case:
    """The clean policy with these parts laid over it; `folder` is where the two files are written."""
    (folder / "clean.policy.yaml").write_bytes((HOME / "clean.policy.yaml").read_bytes())
    path = folder / "x.policy.yaml"
    text = {"schema_version": 1, "extends": "clean.policy.yaml", "policy": {"id": "x"}, **parts}
    path.write_text(yaml.dump(text, Dumper=_Plain, sort_keys=False), encoding="utf-8")
    return Case(load_policy(path), as_of)


def said_by(rule: str, case: Case) -> dict[str, Outcome]:
    """The outcomes of one rule, by element."""
    return {each.element: each for each in next(each for each in rules() if each.id == rule).judge(case)}
