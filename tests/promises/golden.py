"""Hashes of one plan's integer tables; `python -m tests.promises.golden` writes them anew after a wanted change."""

from __future__ import annotations

import json
from pathlib import Path

from vitropolis.engine.run import Tables
from vitropolis.engine.scenario import resolve, scenario_for
from vitropolis.results.manifest import table_hashes

FILE = Path(__file__).with_name("golden.json")


def hashes() -> dict[str, str]:
    """SHA-256 of every table of the press policy with its twin under the default assumptions, 20,000 residents."""
    setup = resolve(scenario_for("beijing-2018-press", filling="middle", size="20k", seed=1))
    return table_hashes(Tables(setup.plan, setup.city()))


def inputs() -> dict[str, str]:
    """Digests of what the tables are made from: if these differ, the tables may."""
    setup = resolve(scenario_for("beijing-2018-press", filling="middle", size="20k", seed=1))
    return {"policy": setup.policies[0].digest, "assumptions": setup.assumptions.digest, "city": setup.tables.digest}


if __name__ == "__main__":
    FILE.write_text(json.dumps({"inputs": inputs(), "tables": hashes()}, indent=1) + "\n", encoding="ascii")
