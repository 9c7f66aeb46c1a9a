"""Single values, fields and elements of a policy in plain words, for whoever does not read YAML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from vitropolis.policy.describe import (
    action_in_words,
    campaign_in_words,
    carries_in_words,
    in_words,
    listing_in_words,
    measure_in_words,
    spill_in_words,
)
from vitropolis.policy.schema import Behaviour, Score
from vitropolis.policy.triggers import Expires, HalfLife, Life, UntilSettled
from vitropolis.policy.values import NoValueYet, Step, Value

SAID = frozenset({"title", "note", "reference", "status"})
"""Fields that say where something comes from or what it is called, and decide nothing."""
NOTHING = "nothing said"
_IDS = frozenset(
    {
        "behaviours",
        "score",
        "bands",
        "list",
        "lists",
        "measure",
        "feed",
        "department",
        "neutral_band",
        "trustworthy_from",
        "legal_basis",
        "band_ceiling",
        "recipient",
    }
)
_NULL: Mapping[str, str] = {
    "max_counted": "no limit", "at_most": "no limit", "term_days": "no end", "adverse_days": "no end",
    "after_days": "no end",
    "then_days": "no end", "until_days": "no end", "fixed_days": "while it holds", "repair_after_days": "never",
    "propagates_within_days": "never promised",
}  # fmt: skip
"""What a written `null` means, where it is not simply none."""
_SPANS = frozenset({"range", "discretion_range"})


def value_in_words(name: str, value: Any, day: date | None = None) -> str:
    """Return what stands under a field `name`, dated values told by date, or as on `day` if one is given."""
    if value is None:
        return NOTHING
    if not isinstance(value, Value):
        return _plain(name, value, day or date.max)
    steps = [_step(name, step) for step in value.steps]
    if day is not None:
        held = [told for told, step in zip(steps, value.steps, strict=True) if step.since is None or step.since <= day]
        return held[-1] if held else "nothing yet"
    return ", then ".join(f"{told} from {step.since}" if step.since else told
                          for told, step in zip(steps, value.steps, strict=True))  # fmt: skip


def _step(name: str, step: Step[Any]) -> str:
    told = _NULL.get(name.rpartition(".")[2], "none") if step.value is None else _plain(name, step.value, date.max)
    return f"{told} working days" if step.unit == "working_days" else told


def _plain(name: str, value: Any, day: date) -> str:
    parts = name.split(".")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, BaseModel):
        return _union(parts[-1], value, day)
    if isinstance(value, dict):
        return ", ".join(f"{item:.0%} by {key}" if isinstance(key, date) else f"{key} {item}"
                         for key, item in value.items()) or "none"  # fmt: skip
    if isinstance(value, tuple):
        between = " to " if _SPANS & set(parts) else ", "
        return between.join(_plain(name, item, day) for item in value) or "none"
    if isinstance(value, int) and parts[0] == "points":
        return f"{value:+d}"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value) if _IDS & set(parts) else str(value).replace("_", " ")


def _union(name: str, value: Any, day: date) -> str:
    if name == "trigger":
        return in_words(value, day)
    if name == "action":
        return action_in_words(value, day)
    if name == "carries":
        return carries_in_words(value)
    return life_in_words(value) if name == "life" else model_in_words(value, day)


def life_in_words(life: Life) -> str:
    """Return how long a record counts."""
    if isinstance(life, Expires):
        return f"for so many days: {value_in_words('days', life.after_days)}"
    if isinstance(life, HalfLife):
        return f"halved every so many days: {value_in_words('days', life.days)}"
    if isinstance(life, UntilSettled):
        more = f", and so many days more: {value_in_words('days', life.then_days)}" if life.then_days else ""
        return f"until it is settled{more}"
    return "for ever"


def field_in_words(path: str) -> str:
    """Return a dotted field as a reader would name it: `points.city` is `points in city`."""
    parts = path.split(".")
    if parts[0] in ("points", "discretion_range", "band_ceiling") and len(parts) == 2:
        return f"{parts[0].replace('_', ' ')} in {parts[1]}"
    if parts[0] == "bands" and len(parts) > 1:
        return ", ".join([f"band {parts[1]}", *(part.replace("_", " ") for part in parts[2:])])
    return ", ".join(part.replace("_", " ") for part in parts)


def model_in_words(model: BaseModel, day: date | None = None) -> str:
    """Return everything that a part of a policy decides, field by field."""
    told = []
    for name in type(model).model_fields:
        value = getattr(model, name)
        if name not in SAID and value is not None and value not in ((), {}):
            told.append(f"{name.replace('_', ' ')} {value_in_words(name, value, day)}")
    return "; ".join(told) or "nothing more is said"


def element_in_words(element: str, item: BaseModel, day: date | None = None) -> str:
    """Return an element with its name (`section.id`) in one line, in the words of `policy show` where it has some."""
    section, _, name = element.partition(".")
    show = _SHOWN.get(section)
    if show is None or not name:
        return f"{element}: {model_in_words(item, day)}"
    try:
        return f"{section}.{show(name, item, day or date.max)}"
    except NoValueYet:
        return f"{section}.{show(name, item, date.max)}"


def _behaviour(name: str, item: Behaviour, day: date) -> str:
    given = [f"{points.on(day):+d} in {score}" for score, points in item.points.items()]
    counts = ", ".join(word.replace("_", " ") for word in item.conduct)
    ends = f"; counts {life_in_words(item.life)}" if item.life else ""
    return (
        f"{name} ({item.kind.replace('_', ' ')}): {counts}, from {item.feed}; points {', '.join(given) or 'none'}{ends}"
    )


def _score(name: str, item: Score, day: date) -> str:
    low, high = item.range.on(day)
    bands = ", ".join(f"{band} {lower}" for band, lower in item.bands_on(day))
    return f"{name} ({item.subject}s): starts at {item.start.on(day)}, from {low} to {high}; bands from {bands}"


_SHOWN: Mapping[str, Callable[[str, Any, date], str]] = {
    "behaviours": _behaviour,
    "scores": _score,
    "lists": listing_in_words,
    "measures": measure_in_words,
    "spillover": lambda name, item, day: spill_in_words(name, item),
    "campaigns": campaign_in_words,
}
