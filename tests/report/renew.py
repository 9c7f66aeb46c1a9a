"""Write the files that the report's tests compare with, after a change that was meant: `python -m tests.report.renew`.

Read what changed before you keep it; a changed `result.schema.json` is a change of a public format.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.report import made

from vitropolis.report import Headline, as_data, headlines, make_result, report_lines, result_schema
from vitropolis.report.studies import Studies

HERE = Path(__file__).parent
NAME = "beijing-2018-press"
FIRED = {NAME: {
    "behaviours.theft": {"times": 3, "residents": 3},
    "behaviours.assault": {"times": 0, "residents": 0},
    "behaviours.blood_donation": {"times": 0, "residents": 0},
    "behaviours.jaywalking": {"times": 0, "residents": 0},
    "scores.city.bands.d": {"times": 0, "residents": 0},
    "lists.untrustworthy": {"times": 2, "residents": 2},
    "measures.no_social_assistance": {"times": 0, "residents": 0},
    "measures.no_flights": {"times": 2, "residents": None},
    "spillover.spouse_vetting": {"times": 0, "residents": 0},
    "procedure.notice": {"times": 0, "residents": 0},
    "procedure.objection": {"times": 0, "residents": 0},
    "procedure.appeal": {"times": 0, "residents": 0},
}}  # fmt: skip
FIXED: dict[str, Any] = {  # of a manifest, what would move with the library and says nothing about the report
    "assumptions": {"id": "default", "digest": "a" * 64},
    "values_sourced": "40 of 100 values of the policy and 30 of 400 assumptions are sourced",
    "parts_not_played": {NAME: ["sharing.other: waits for firms"]},
    "defaults_taken": ["procedure.notice"],
    "envelope": {"capped_share": 0.0001, "half_squared_rate": 0.00002},
}


def ranges(**more: Any) -> dict[str, Any]:
    """A study of ranges as its file holds it."""
    driver = {"path": "payers.fast.lowest", "unit": "share", "value": 0.2, "range": [0.1, 0.4], "at_low": 70,
              "at_high": 50, "effect": -20, "direction": "lowers"}  # fmt: skip
    of = {"value": 61, "low": 41.3, "high": 89.7, "p10": 45, "p90": 80, "values": [61], "undefined": 0,
          "drivers": [driver]}  # fmt: skip
    days = of | {"low": 70, "high": 90, "undefined": 12, "drivers": []}
    return {"schema": "vitropolis.study.ranges/1", "sets": 64, "size": 200_000,
            "headlines": {"hit_per_1000": {NAME: of}, "days_until_out": {NAME: days}}} | more  # fmt: skip


def told_of(mine: tuple[Headline, ...]) -> list[str]:
    """`headlines.txt`: one line for each headline."""
    return [f"{h.id} {h.value!r} {h.numerator} {h.denominator} {h.status} | {h.twin_value!r}" for h in mine]


def page() -> list[str]:
    """`page.txt`: what a reader sees of the made run, down to what it rests on."""
    setup = made.setup_of()
    told = list(report_lines(make_result(made.totals(setup, FIRED), made.manifest_of(setup)), "runs/x"))
    return told[: told.index("What this rests on")]


def result() -> dict[str, Any]:
    """`result.json` of the made run, with ranges; policies have no digest, for the library may change."""
    setup = made.setup_of()
    manifest = made.manifest_of(setup) | FIXED
    worlds = [world | {"policy": "b" * 64} for world in manifest["worlds"]]
    return as_data(make_result(made.totals(setup, FIRED), manifest | {"worlds": worlds}, Studies(ranges(), {}, {}, {})))


def lines_of(data: dict[str, Any]) -> str:
    """JSON with every row of a list or table on a line of its own, so that a change shows as such."""
    parts = []
    for name, part in data.items():
        rows = part if isinstance(part, list) else [part]
        split = part.items() if isinstance(part, dict) else ()
        inner = [f"  {json.dumps(key)}: {_rows(held)}" for key, held in split] or [f"  {_flat(row)}" for row in rows]
        ends = "{}" if isinstance(part, dict) else "[]"
        plain = not isinstance(part, dict | list)
        said = _flat(part) if plain else f"{ends[0]}\n" + ",\n".join(inner) + f"\n {ends[1]}"
        parts.append(f" {json.dumps(name)}: {said}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _rows(held: Any) -> str:
    if isinstance(held, list) and held and isinstance(held[0], dict):
        return "[\n" + ",\n".join(f"   {_flat(row)}" for row in held) + "\n  ]"
    return _flat(held)


def _flat(held: Any) -> str:
    return json.dumps(held, ensure_ascii=False)


def main() -> None:
    """Write all four."""
    setup = made.setup_of()
    texts = {
        "headlines.txt": "\n".join(told_of(headlines(made.totals(setup), 0))) + "\n",
        "page.txt": "\n".join(page()) + "\n",
        "result.json": lines_of(result()),
        "result.schema.json": json.dumps(result_schema(), indent=1) + "\n",
    }
    for name, text in texts.items():
        (HERE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
