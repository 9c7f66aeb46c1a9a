"""The error curve: how many people are wrongly hit for each wrong record, where data err less, or more, than assumed.

All error rates of the assumptions are multiplied by one factor: what is matched by the name alone, wrong content,
duplicates, what is not deleted, what is invented, what machines find of nothing. What a department finds for a quota is
not an error of its data and stays. The factor follows from the share of such records under the assumptions as written;
what share came out is said.
"""

from __future__ import annotations

from typing import Any

from vitropolis.model.assumptions import Assumptions
from vitropolis.report.totals import Totals
from vitropolis.results.progress import Tell, silent
from vitropolis.results.weekly import WRONG
from vitropolis.study.changed import widened, with_values
from vitropolis.study.design import rounded
from vitropolis.study.ground import Ground
from vitropolis.study.passes import Teller, passes_for, played
from vitropolis.study.store import Store

NAME = "curve"
ERRORS = ("by_name_alone", "wrong_content", "duplicate", "stale", "invented", "false_difference")
TARGETS = (0.0001, 0.0003, 0.001, 0.003, 0.01)
QUOTA = "records_quota"
METHOD = (
    "All error rates multiplied by one factor, so that about this share of the records that arrive is wrong; records "
    "found for a quota are not scaled and count as wrong. The share that came out is given beside the one aimed at. At "
    "the low end few people are hit, so the quotient is coarse."
)


def error_paths(held: Assumptions) -> dict[str, float]:
    """Every error rate of a set, by path, with its value."""
    found = held.values().items()
    return {path: item.value for path, item in found if path.startswith("recording.") and path.split(".")[-1] in ERRORS}


def scaled(held: Assumptions, factor: float) -> dict[str, float]:
    """The error rates times a factor, at most 1."""
    return {path: min(1.0, rounded(number * factor)) for path, number in error_paths(held).items()}


def counted(totals: Totals) -> dict[str, Any]:
    """What the curve needs of each world with a policy."""
    found = {}
    for world in totals.played:
        wrong, right = totals.flows(WRONG, world), totals.flow("records_right", world)
        hit, enrolled = totals.stock("ever_wrongly", world), totals.stock("enrolled", world)
        found[totals.name(world)] = {
            "records": wrong + right,
            "wrong_records": wrong,
            "quota_records": totals.flow(QUOTA, world),
            "share": _over(wrong, wrong + right),
            "wrongly_hit": hit,
            "wrongly_hit_per_wrong_record": _over(hit, wrong),
            "wrongly_hit_per_1000": _over(1000 * hit, enrolled),
        }
    return found


def _over(top: int, bottom: int) -> float | None:
    return top / bottom if bottom else None


def factors(written: dict[str, Any]) -> list[float]:
    """For each target the factor that should give it: of wrong records made by errors over all others."""
    err = sum(each["wrong_records"] - each["quota_records"] for each in written.values())
    other = sum(each["records"] for each in written.values()) - err
    return [rounded(target * other / (err * (1 - target))) if err else 1.0 for target in TARGETS]


def curve(ground: Ground, store: Store, tell: Tell = silent, teller: Teller | None = None) -> dict[str, Any]:
    """Play the curve into `curve.json`, or read it if it is there; return what it says."""
    kept = store.read(NAME)
    if kept is not None:
        return kept
    mine = teller or Teller(tell, passes_for(ground, 1) + passes_for(ground, len(TARGETS)))
    began, held = mine.now(), ground.assumptions
    [written] = played(ground, store, "curve-written", [held], counted, mine)
    steps = factors(written)
    changes = [scaled(held, factor) for factor in steps]
    whole = widened(held, _ends(changes))
    found = list(played(ground, store, NAME, [with_values(whole, each) for each in changes], counted, mine))
    worlds = {
        name: [
            {"target": target, "factor": factor, **one[name]}
            for target, factor, one in zip(TARGETS, steps, found, strict=True)
        ]
        for name in ground.judged
    }
    content = {"method": METHOD, "worlds": worlds, "as_written": written, "residents": store.size}
    return store.write(NAME, content | {"seconds": mine.since(began)})


def _ends(changes: list[dict[str, float]]) -> dict[str, tuple[float, float]]:
    return {path: (0.0, max(change[path] for change in changes)) for path in changes[0]}
