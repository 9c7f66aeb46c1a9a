"""Integer tables of recording, for one stretch of unchanged rules (docs/mechanisms.md, section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.fixed import ONE32, delay_ends, exact, geometric_quantiles, s32
from vitropolis.model.assumptions import Assumption
from vitropolis.model.envelope import possible_words
from vitropolis.model.recording import Recording
from vitropolis.model.rulebook import PAYER_CODES
from vitropolis.model.rules import DISTRICTS, NO_WAIT, UNTIL_SETTLED, WORDS
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import PERSON_WORDS

SLIPS = ("lost", "by_name_alone", "wrong_content", "duplicate", "stale")


@dataclass(frozen=True)
class Clerk:
    """What a world's assumptions say of one behaviour's feed."""

    errors: dict[str, Assumption]
    intensity: Assumption | None  # replaces every district's

    def caught(self, world: World, word: str, district: str) -> Fraction:
        """Share of acts of a word in a district that are detected, at most 1."""
        held = world.assumptions
        named = self.intensity or held.recording.intensity.get(district)
        intensity = exact(named.value) if named else Fraction(1)
        share = exact(held.conduct[word].visibility.value) * exact(self.errors["completeness"].value) * intensity
        return min(share, Fraction(1))


def clerk_of(world: World, behaviour: int) -> Clerk:
    """The clerk of a behaviour (its place among those of persons)."""
    feed_id = list(world.behaviours.values())[behaviour].feed
    feed = world.policy.feeds[feed_id]
    recording = world.assumptions.recording
    own = recording.feeds.get(feed_id)
    return Clerk(recording.of(feed_id, feed.provenance, feed.linkage_key), own.intensity if own else None)


class Registrar:
    """What clerks do in every epoch of a run; `register` adds what is in force. `districts` are the city's area ids."""

    def __init__(self, plan: Plan, districts: Sequence[str]) -> None:
        self.plan, self.districts = plan, districts
        self.clerks = [[clerk_of(world, place) for place in range(len(world.behaviours))] for world in plan.worlds]
        self.known: dict[tuple[int, int, int], tuple[Fraction, ...]] = {}
        means = [[exact(clerk.errors["delay_mean_days"].value) for clerk in row] for row in self.clerks]
        self.means = sorted({mean for row in means for mean in row} or {Fraction(1)})
        self.rows = [[self.means.index(mean) for mean in row] for row in means]
        self.fixed: dict[str, Any] = {
            "route_ends": np.array([kind.route_end for kind in plan.kinds], np.int64),
            "mistaken": _mistaken(plan.worlds),
            "delays": np.array([delay_ends(mean) for mean in self.means], np.int64),
            "possible": possible_words(plan.worlds[0].assumptions),
            **_debts(plan.worlds),
        }

    def caught(self, world: int, behaviour: int, word: int) -> tuple[Fraction, ...]:
        """Share of acts of a word that a behaviour's feed detects, by district."""
        key = (world, behaviour, word)
        if key not in self.known:
            clerk, name = self.clerks[world][behaviour], PERSON_WORDS[word]
            self.known[key] = tuple(clerk.caught(self.plan.worlds[world], name, area) for area in self.districts)
        return self.known[key]

    def register(self, rules: Any, epoch: int) -> Recording:
        """The tables of recording under the rules of an epoch (its number)."""
        kinds, worlds = self.plan.kinds, len(self.plan.worlds)
        detected = np.zeros((worlds, len(kinds), DISTRICTS), np.int64)
        errors = np.zeros((worlds, len(kinds), len(SLIPS)), np.int64)
        rows = np.zeros((worlds, len(kinds)), np.int16)
        for number in range(worlds):
            for place, kind in enumerate(kinds):
                behaviour = kind.behaviours[number]
                if behaviour < 0:
                    continue
                if rules["in_force"][number, behaviour]:
                    shares = self.caught(number, behaviour, kind.word)
                    detected[number, place, : len(shares)] = [s32(share) for share in shares]
                settles = rules["life"][number, behaviour] == UNTIL_SETTLED
                errors[number, place] = running_sums(self.clerks[number][behaviour].errors, settles)
                rows[number, place] = self.rows[number][behaviour]
        first = np.array(self.plan.routing.first[epoch], np.int16)
        return Recording(first_kind=first, detected=detected, errors=errors, delay_row=rows, **self.fixed)


def running_sums(errors: dict[str, Assumption], settles: Any) -> list[int]:
    """Upper ends of the error draws: lost, by name alone, wrong content, duplicate, stale."""
    ends, total = [], Fraction(0)
    for name in SLIPS:
        total += exact(errors[name].value) if name != "stale" or settles else 0
        ends.append(round(min(total, Fraction(1)) * ONE32))
    return ends


def _mistaken(worlds: Sequence[World]) -> NDArray[np.int16]:
    table = np.full((len(worlds), WORDS), -1, np.int16)
    for number, world in enumerate(worlds):
        for place, name in enumerate(PERSON_WORDS):
            other = world.assumptions.conduct[name].mistaken_for
            table[number, place] = PERSON_WORDS.index(other) if other else -1
    return table


def _debts(worlds: Sequence[World]) -> dict[str, Any]:
    """Debt class of each word, who pays it, and quantiles of the wait by payer type; of classes that are owed here."""
    owed = [{found for word in PERSON_WORDS if (found := world.debt_of(word))} for world in worlds]
    classes = max(1, *map(len, owed))
    debt = np.full((len(worlds), WORDS), -1, np.int16)
    payer = np.zeros((len(worlds), classes), np.int8)
    waits = np.full((len(worlds), classes, 3, 256), NO_WAIT, np.int16)
    for number, world in enumerate(worlds):
        held = world.assumptions
        names = [name for name in held.debts if name in owed[number]]
        for place, word in enumerate(PERSON_WORDS):
            found = world.debt_of(word)
            debt[number, place] = names.index(found) if found else -1
        for place, item in enumerate(held.debts[name] for name in names):
            payer[number, place] = PAYER_CODES[item.payer]
            for kind, hazard in enumerate((held.payers.daily.fast, held.payers.daily.slow)):
                daily = min(exact(hazard.value) * exact(item.speed.value), Fraction(1))
                waits[number, place, kind] = geometric_quantiles(daily, 256, NO_WAIT)
    return {"debt": debt, "payer": payer, "waits": waits}
