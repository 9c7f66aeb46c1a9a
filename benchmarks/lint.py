"""How fast the linter judges a large policy: from process start, and again in the same process.

`python -m benchmarks.lint` prints both, beside the time of an empty interpreter; no test asserts a time.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from vitropolis.lint.check import check
from vitropolis.policy import load_policy
from vitropolis.policy.words import CONTEXTS, PERSON_WORDS, SERVICES

FEEDS, BEHAVIOURS, MEASURES = 40, 300, 60
TURNS = 5


def large(feeds: int = FEEDS, behaviours: int = BEHAVIOURS, measures: int = MEASURES) -> str:
    """A made-up policy of this size: one score of six bands, one list, measures of every kind of trigger."""
    contexts = [word for word in CONTEXTS if word not in ("press", "culture")]
    services = [name for name, item in SERVICES.items() if item.subject == "person"]
    lines = ["schema_version: 1", "policy: {id: large, title: Large, as_of: 2026-01-01}",
             "population: {natural_persons: true, legal_entities: false, enrolment: {mode: mandatory}}",
             "departments: {office: {title: Office}}", "feeds:"]  # fmt: skip
    for number in range(feeds):
        context = contexts[number % len(contexts)]
        lines.append(f"  f{number}: {{department: office, context: {context}, provenance: verified_record}}")
    lines.append("behaviours:")
    for number in range(behaviours):
        word, points, cap = PERSON_WORDS[number % len(PERSON_WORDS)], -(number % 50) - 1, number % 9 + 1
        lines.append(f"  b{number}: {{feed: f{number % feeds}, conduct: [{word}], kind: unlawful_act, gravity: "
                     f"{number % 4}, points: {{s: {points}}}, max_counted: {cap}}}")  # fmt: skip
    bands = ", ".join(
        f"{name}: {{lower: {lower}}}" for name, lower in zip("abcdef", (1000, 960, 850, 600, 300, 0), strict=True)
    )
    lines.append(f"scores: {{s: {{start: 1000, range: [0, 1300], bands: {{{bands}}}}}}}")
    trigger = (
        "{kind: any_of, of: [{kind: band, score: s, bands: [f]}, {kind: records, behaviours: [b1, b2], count: 3}]}"
    )
    lines.append(f"lists: {{black: {{polarity: black, context: justice, term_days: 730, trigger: {trigger}}}}}")
    lines.append("measures:")
    for number in range(measures):
        trigger = (
            "{kind: listed, lists: [black]}"
            if number % 2
            else f"{{kind: band, score: s, bands: [{'cdef'[number % 4]}]}}"
        )
        lines.append(
            f"  m{number}: {{trigger: {trigger}, action: {{kind: deny}}, service: {services[number % len(services)]}}}"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the times, least of some turns."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.policy.yaml"
        path.write_text(large(), encoding="utf-8")
        bare = min(_process("-c", "pass") for _ in range(TURNS))
        cold = min(_process("-m", "vitropolis", "lint", str(path)) for _ in range(TURNS))
        again = []
        for _ in range(TURNS + 1):
            started = time.perf_counter()
            report = check(load_policy(path), date(2026, 11, 21))
            again.append(time.perf_counter() - started)
    lines = (
        f"{BEHAVIOURS} behaviours, {FEEDS} feeds, {MEASURES} measures: {len(report.findings):,} outcomes of all rules",
        f"from process start {cold:.2f} s, an empty interpreter {bare:.2f} s, ratio {cold / bare:.0f}",
        f"again in the same process, file read and judged: {1000 * min(again[1:]):.0f} ms",
    )
    sys.stdout.write("\n".join(lines) + "\n")


def _process(*words: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *words], capture_output=True, check=False)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
