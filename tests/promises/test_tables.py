"""Integer tables are the same on every platform: golden hashes."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from tests.promises.golden import FILE, hashes, inputs

from vitropolis.base.fixed import exponential, geometric_quantiles, normal_quantile, share16, share32


def known() -> dict[str, Any]:
    return dict(json.loads(FILE.read_text(encoding="ascii")))


def test_tables_have_their_golden_hashes() -> None:
    """If inputs or table code were changed on purpose: `python -m tests.promises.golden`. If not: why?"""
    golden = known()
    made = hashes()
    different = sorted(name for name in {*golden["tables"], *made} if golden["tables"].get(name) != made.get(name))
    changed = sorted(name for name, digest in inputs().items() if digest != golden["inputs"][name])
    assert different == [], (
        f"changed inputs: {changed or 'none, so either table code was changed or this platform differs'}"
    )


def test_what_tables_are_made_of() -> None:
    """Known digits: exp(-0.7), the 0.975 quantile, halves to even, a geometric law by mid-quantiles."""
    assert str(float(exponential(-0.7))) == "0.4965853037914095"
    quantile = Fraction("1.959963984540054235524594430520")
    assert abs(normal_quantile(Fraction(975, 1000)) - quantile) < Fraction(1, 10**27)
    assert (share16(Fraction(1, 131072)), share16(Fraction(3, 131072)), share32(0.1)) == (0, 2, 429496730)
    assert geometric_quantiles(0.5, 4, 99) == [1, 1, 2, 3]
