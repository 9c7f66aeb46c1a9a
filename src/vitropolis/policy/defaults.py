"""What a run takes where a policy says nothing or `unknown`; everything taken is noted, so that the run can print it.

Absent and `unknown` are read alike here, `null` never is: it is a declared value (none, no limit, never) and stays
None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar

from vitropolis.policy.schema import Exit, Listing, Policy, Score
from vitropolis.policy.triggers import Expires, Forever, Life, UntilSettled
from vitropolis.policy.values import Step, Value

T = TypeVar("T")

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "decided_by": "automated",
        "missing_data": "neutral",
        "opt_out_effect": "none",
        "counted_from": "event",
        "linkage_key": "unknown",
        "provenance": "verified_record",
        "absorption": "none",
        "if_late": "waits",
        "burden_of_proof": "person",
        "when": "none",
        "normalisation": "absolute",
    }
)
"""Enums: what a run takes, by the name of the field. An unknown `linkage_key` has its own row in the assumptions."""

NUMBERS: Mapping[str, int | float | None] = MappingProxyType(
    {
        "grace_days": 0,
        "after_exit_days": 0,
        "then_days": 0,
        "weight": 1.0,
        "levels": 1,
        "count": 1,
        "max_counted": None,
        "fixed_days": None,
        "min_age_years": None,
        "repair_after_days": None,
        "propagates_within_days": None,
        "adverse_days": None,
        "before_days": 0,
        "days": 0,
        "window_days": None,
        "decision_days": None,
    }
)
"""Numbers: what a run takes where the key is absent (None: no limit, never); `days` are those of `objection`."""


@dataclass(slots=True)
class Taken:
    """A run's notebook: reads a policy's fields and notes which defaults it used, as `element -> what was taken`."""

    used: dict[str, str] = field(default_factory=dict)

    def note(self, element: str, value: object, why: str) -> None:
        """Note that `value` was taken for `element` because it is `why` (absent or unknown)."""
        shown = "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        self.used[element] = f"{shown} ({why})"

    def flag(self, element: str, value: object, default: bool = False) -> bool:
        """A flag as true or false; absent and `unknown` give `default`."""
        if isinstance(value, bool):
            return value
        self.note(element, default, "absent" if value is None else "unknown")
        return default

    def flag_on(self, element: str, value: Value[Any] | None, day: date, default: bool = False) -> bool:
        """A dated flag on a day. Raises NoValueYet."""
        return self.flag(element, value.on(day) if value is not None else None, default)

    def word(self, element: str, value: str | None, default: str | None = None) -> str:
        """An enum; absent and `unknown` give `default`, else the entry of `WORDS` for the element's last part."""
        if value is not None and value != "unknown":
            return value
        taken = default if default is not None else WORDS[element.rpartition(".")[2]]
        self.note(element, taken, "absent" if value is None else "unknown")
        return taken

    def number(self, element: str, value: Value[T] | None, day: date) -> T | int | float | None:
        """A number on a day (working days as calendar days); absent gives the entry of `NUMBERS`; null stays None."""
        if value is not None:
            return value.on(day)
        taken = NUMBERS[element.rpartition(".")[2]]
        self.note(element, taken, "absent")
        return taken

    def days(self, element: str, value: Value[int | None] | None, day: date) -> int | None:
        """Calendar days on a day; None: no limit, never. Raises NoValueYet."""
        taken = self.number(element, value, day)
        return None if taken is None else int(taken)

    def assumed(self, element: str, value: Value[Any] | None, day: date, assumption: float) -> float:
        """A number on a day that the assumptions give where the policy has none: absent and `null` are read alike.

        For `procedure.appeal.staff_per_100k` (persons) and `procedure.correction.removal_days` (calendar days).
        """
        written = value.on(day) if value is not None else None
        if written is not None:
            return float(written)
        self.note(element, f"{assumption:g}", f"{'absent' if value is None else 'null'}: the assumption")
        return assumption

    def auto_expiry(self, element: str, exit_: Exit | None, term_days: int | None) -> bool:
        """Whether a listing ends by itself: if nothing is said, it does if there is a term."""
        return self.flag(f"{element}.auto_expiry", exit_.auto_expiry if exit_ else None, term_days is not None)

    def excludes_minors(self, element: str, listing: Listing) -> bool:
        """Whether persons under 18 are never listed."""
        return self.flag(f"{element}.excludes_minors", listing.excludes_minors)

    def neutral_band(self, element: str, score: Score, day: date) -> str:
        """Band of somebody without records: as declared, else the band of `start`."""
        if score.neutral_band is not None:
            return score.neutral_band
        start = score.start.on(day)
        band = next(name for name, lower in score.bands_on(day) if lower <= start)
        self.note(f"{element}.neutral_band", band, "absent: the band of `start`")
        return band

    def life(self, element: str, policy: Policy, life: Life | None) -> Life:
        """How long a record counts: its own life, else `retention.adverse_days`, else for ever."""
        if life is not None:
            return life
        taken: Life = Forever(kind="forever")
        if policy.retention is not None:
            taken = Expires.model_construct(kind="expires", after_days=policy.retention.adverse_days)
        self.note(f"{element}.life", "retention.adverse_days" if policy.retention else "forever", "absent")
        return taken

    def then_days(self, element: str, life: UntilSettled, day: date) -> int | None:
        """Days a record counts after it is settled; None: for ever."""
        return self.days(f"{element}.then_days", life.then_days, day)

    def lines(self) -> list[str]:
        """What was taken, one line each, in the order of elements."""
        return [f"{element}: {taken}" for element, taken in sorted(self.used.items())]


def plain(value: T) -> Value[T]:
    """A plain value, for policies built in code and tests."""
    return Value((Step(value),))
