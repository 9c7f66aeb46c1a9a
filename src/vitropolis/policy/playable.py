"""What a real text may say but no run can play: bands that overlap or cannot be reached, exits that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from vitropolis.base.errors import InputError, Message
from vitropolis.policy.checks import days_of
from vitropolis.policy.schema import Policy, Score
from vitropolis.policy.triggers import CarriesPoints


def check_playable(policy: Policy, start: date | None = None) -> None:
    """Raise one InputError if a run cannot play the policy (the linter reports the same as INT-1).

    `start` is the first day of the run: a value that a run needs then and that does not exist yet is refused with its
    first date. Without it only what holds on every day is checked.
    """
    found = list(defects(policy))
    if policy.starts_on is None:
        text = "a run needs a first day: write `ramp` here or `rules_effective_from` under `governance`"
        found.append(policy.source.message("population.enrolment", text))
    if start is not None:
        found += _not_yet(policy, start)
    if found:
        raise InputError(found)


def defects(policy: Policy) -> Iterator[Message]:
    """Overlaps, gaps, unreachable bands and unsatisfiable exits, as messages with their places (for linter and run)."""
    for name, score in policy.scores.items():
        yield from _bands(policy, name, score)
        yield from _unreachable(policy, name, score)
    for name, listing in policy.lists.items():
        exit_ = listing.exit
        if exit_ and exit_.auto_expiry is True and all(term is None for term in listing.term_days.all):
            text = "the listing is to end when its term is over, but `term_days` is null: this exit cannot be met"
            yield policy.source.message(f"lists.{name}.exit.auto_expiry", text)


def _bands(policy: Policy, name: str, score: Score) -> Iterator[Message]:
    seen: set[str] = set()
    uppers = [band.upper for band in score.bands.values() if band.upper is not None]
    for day in days_of([score.range, *(band.lower for band in score.bands.values()), *uppers]):
        ladder = score.bands_on(day)
        for (better, next_lower), (band, lower) in pairwise(ladder):
            upper = score.bands[band].upper
            text = _edge(band, better, lower, upper.on(day) if upper else next_lower, next_lower)
            if text and band not in seen:
                seen.add(band)
                part = "upper" if upper and lower != next_lower else "lower"
                yield policy.source.message(f"scores.{name}.bands.{band}.{part}", text)
        yield from _top(policy, name, score, day, seen)


def _edge(band: str, better: str, lower: int, upper: int, next_lower: int) -> str:
    if lower == next_lower:
        return f"bands `{band}` and `{better}` overlap: both start at {lower}"
    if upper > next_lower:
        shown = f"bands `{band}` and `{better}` overlap: {upper} against {next_lower}"
    elif upper < next_lower:
        shown = f"bands `{band}` and `{better}` leave a gap: {upper} against {next_lower}"
    else:
        return ""
    return f"{shown}; bands are half-open, `upper` is the first score above"


def _top(policy: Policy, name: str, score: Score, day: date, seen: set[str]) -> Iterator[Message]:
    """The best band ends where the range does; both ways of printing its end (1000 or 1001) are read."""
    if score.normalisation != "absolute":
        return
    best, upper = score.bands_on(day)[0][0], score.bands[score.bands_on(day)[0][0]].upper
    high = score.range.on(day)[1]
    if upper is not None and best not in seen and upper.on(day) not in (high, high + 1):
        seen.add(best)
        text = f"the best band `{best}` ends at {upper.on(day)}, the range at {high}"
        yield policy.source.message(f"scores.{name}.bands.{best}.upper", text)


def _unreachable(policy: Policy, name: str, score: Score) -> Iterator[Message]:
    """Bands that no sum of live points can reach; a band used as a ceiling can always be reached from above."""
    if score.normalisation != "absolute":
        return
    ceilings = {behaviour.band_ceiling.get(name) for behaviour in policy.behaviours.values()}
    ceilings |= {listing.band_ceiling.get(name) for listing in policy.lists.values()}
    for day in days_of([score.start, score.range, *(band.lower for band in score.bands.values())]):
        low, high = attainable(policy, name, day)
        above = score.range.on(day)[1] + 1
        for band, lower in score.bands_on(day):
            if (lower > high or above <= low) and band not in ceilings and band != score.neutral_band:
                text = f"band `{band}` ({lower} to {above}) cannot be reached: scores go from {low} to {high}"
                yield policy.source.message(f"scores.{name}.bands.{band}.lower", text)
                return
            above = lower


def attainable(policy: Policy, score: str, day: date) -> tuple[int, int]:
    """Lowest and highest score that live records can give (points), whatever people do."""
    ledger = policy.scores[score]
    low, high = ledger.range.on(day)
    if any(isinstance(spill.carries, CarriesPoints) for spill in policy.spillover.values()):
        return low, high
    down = up = ledger.start.on(day)
    if ledger.clean_bonus is not None:
        bonus = ledger.clean_bonus
        ends = bonus.at_most.all if bonus.at_most else (None,)
        up = high if None in ends else up + max(bonus.points.all) * max(end or 0 for end in ends)
    for behaviour in policy.behaviours.values():
        points = list(behaviour.points[score].all) if score in behaviour.points else []
        points += list(behaviour.discretion_range.get(score, ()))
        caps = behaviour.max_counted.all if behaviour.max_counted else (None,)
        worst, best = min([0, *points]), max([0, *points])
        numbers = [cap for cap in caps if cap is not None]
        times = max(numbers) if len(numbers) == len(caps) else None
        down = low if worst and times is None else down + worst * (times or 0)
        up = high if best and times is None else up + best * (times or 0)
    return max(low, down), min(high, up)


def _not_yet(policy: Policy, start: date) -> Iterator[Message]:
    """Values that do not exist yet when their element is first needed."""
    for path, value in policy.values():
        section, _, rest = path.partition(".")
        element = (
            getattr(policy, section).get(rest.partition(".")[0]) if isinstance(getattr(policy, section), dict) else None
        )
        since = getattr(element, "starts_on", None)
        needed = max(start, since) if since else start
        if value.first is not None and value.first > needed:
            text = f"has no value on {needed.isoformat()}; the first holds from {value.first.isoformat()}"
            yield policy.source.message(path, text)
