"""Known cases, both ways: what has to be found, and where nothing may be."""

from __future__ import annotations

import pytest
from tests.lint.cases import ORDER, Expected, fixtures, obtained


@pytest.mark.parametrize("case", fixtures(), ids=lambda case: case.name)
def test_what_is_expected_is_obtained(case: Expected) -> None:
    found = obtained(case.name)
    assert {rule: found.get(rule, "nothing") for rule in case.expect} == dict(case.expect)
    assert set(case.expect.values()) <= set(ORDER)
    more = {
        rule: said
        for rule, said in found.items()
        if rule.startswith(case.exact or ("-",)) and rule not in case.expect and said in ("fail", "review", "open")
    }
    assert more == {}
