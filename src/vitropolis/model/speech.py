"""Speech (M5): who dares to say what they think, as one threshold rule for the whole city.

docs/mechanisms.md, section 18. Everybody has one of 256 classes of a private threshold: the share of the city that has
to speak before they do. The classes are the mid-quantiles of one normal distribution; a class is drawn from the
resident's number when it is needed, is stored nowhere, and has nothing to do with group, district or employer.

r(w) = share of classes with threshold + weight * risk(w) <= r(w-1); risk(w) = risk(w-1) (1 - fade) + per_removal *
(accounts removed last week per 100,000 residents) + per_record * (records on speech that arrived last week per
100,000). Week 0: the fixed point without risk, reached from a city in which nobody speaks. Who does not speak acts on
words of speech with the share `whisper` alone, and appeals with the share `appeals_whisper`.

Units: shares of the city in 1/65536. Granovetter (1978), "Threshold models of collective behavior", American Journal of
Sociology 83(6); Kuran (1989), "Sparks and prairie fires", Public Choice 61(1). Distribution and reactions are assumed.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream
from vitropolis.base.fixed import ONE16, exact, normal_quantile, s32, share16
from vitropolis.base.kernels import inner, kernel, philox
from vitropolis.model.worlds import Plan
from vitropolis.policy import CONDUCT, PERSON_WORDS

VOICES = 256  # classes of threshold
EACH = ONE16 // VOICES  # what a class is of the city
FULL_RISK = 1 << 20  # risk is cut there: sixteen times the whole city
DISSENT = int(Stream.DISSENT)
SPEECH, ONLINE, LAWFUL, SHOWN = 1, 2, 4, 8  # what a word is: one bit each
KINDS_OF_SPEECH = ("opinion", "petition", "complaint", "assembly")
STAYED_AWAY, TOOK_PART = "political_study_absent", "political_study_done"
SPEAKING, RISK, REMOVED_NOW, WRONGLY_NOW = range(4)  # columns of `CityState.speech`
HUSHED, CUT, FEARED, FEIGNED = range(4)  # columns of `Counts.speech`; the city's four stand behind them in a week
NUMBERS = ("hushed", "cut", "appeals_feared", "loyalty_feigned", "speaking", "risk", "removed", "wrongly_removed")


def nature_of(word: str) -> int:
    """What a conduct word is for speech: SPEECH, ONLINE, LAWFUL and SHOWN, one bit each."""
    found = CONDUCT[word]
    speech = found.kind in KINDS_OF_SPEECH or word == STAYED_AWAY
    return (
        (SPEECH if speech else 0)
        | (ONLINE if found.context == "online_speech" else 0)
        | (LAWFUL if found.gravity == 0 and found.kind in KINDS_OF_SPEECH else 0)
        | (SHOWN if word in (STAYED_AWAY, TOOK_PART) else 0)
    )


NATURE = tuple(nature_of(word) for word in PERSON_WORDS)
SPEECH_WORDS = tuple(place for place, nature in enumerate(NATURE) if nature & SPEECH)


class Climate(NamedTuple):
    """What every world assumes of speech, as integers: shares of the city in 1/65536."""

    thresholds: NDArray[np.int64]  # [world, class], rising
    sizes: NDArray[np.int64]  # [class]: what each is of the city
    weight: tuple[int, ...]  # of risk, 65536 is 1
    fade: tuple[int, ...]
    per_removal: tuple[int, ...]
    per_record: tuple[int, ...]
    kinds: tuple[int, ...]  # kinds of record on words of speech


def climate_of(plan: Plan) -> Climate:
    """Turn the assumptions of all worlds into integers."""
    held = [world.assumptions.speech for world in plan.worlds]
    return Climate(
        thresholds=np.array([thresholds_of(part.mean.value, part.sd.value) for part in held], np.int64),
        sizes=np.full(VOICES, EACH, np.int64),
        weight=tuple(round(exact(part.weight.value) * ONE16) for part in held),
        fade=tuple(share16(part.fade.value) for part in held),
        per_removal=tuple(round(exact(part.per_removal.value) * ONE16 / 100) for part in held),
        per_record=tuple(round(exact(part.per_record.value) * ONE16 / 100) for part in held),
        kinds=tuple(place for place, kind in enumerate(plan.kinds) if kind.word in SPEECH_WORDS),
    )


def thresholds_of(mean: float, sd: float, classes: int = VOICES) -> list[int]:
    """Thresholds of equally large classes, rising, in 1/65536 of the city; mean and sd in per cent of it."""
    middles = (normal_quantile(exact(2 * place + 1) / (2 * classes)) for place in range(classes))
    return [round(ONE16 * (exact(mean) + exact(sd) * middle) / 100) for middle in middles]


@kernel
def speak(thresholds: Any, weights: Any, before: Any, risk: Any) -> Any:
    """How many speak if `before` spoke: the weights of all classes with threshold + risk <= before, added up.

    Thresholds, weights, `before` and `risk` (perceived risk times its weight) are integers in one unit.
    """
    found = 0
    for place in range(thresholds.size):
        if thresholds[place] + risk <= before:
            found += weights[place]
    return found


def settled(thresholds: NDArray[np.int64], weights: NDArray[np.int64], before: int = 0, risk: int = 0) -> int:
    """The fixed point that is reached from `before`; rising or falling all the way, so that it is reached."""
    while (found := int(speak(thresholds, weights, before, risk))) != before:
        before = found
    return before


def first_state(climate: Climate) -> NDArray[np.int64]:
    """Speaking, risk, removed and wrongly removed last week, int64[world, 4], before the first week."""
    state = np.zeros((len(climate.thresholds), 4), np.int64)
    state[:, SPEAKING] = [settled(row, climate.sizes) for row in climate.thresholds]
    return state


def next_state(climate: Climate, state: NDArray[np.int64], arrived: NDArray[np.int64], residents: int) -> None:
    """Move risk and speaking on by a week; `arrived` [world, kind] of last week. Removals are for who makes them."""
    for world in range(len(state)):
        speaking, risk, removed, _ = (int(number) for number in state[world])
        records = int(arrived[world, list(climate.kinds)].sum())
        risk -= (risk * climate.fade[world] + ONE16 - 1) >> 16
        risk += climate.per_removal[world] * removed * 100_000 // residents
        risk += climate.per_record[world] * records * 100_000 // residents
        risk = min(risk, FULL_RISK)
        felt = (risk * climate.weight[world]) >> 16
        state[world, RISK] = risk
        state[world, SPEAKING] = int(speak(climate.thresholds[world], climate.sizes, speaking, felt))


def voices(state: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many classes speak, int64[world]: those with the lowest thresholds."""
    return np.asarray(state[:, SPEAKING] // EACH, np.int64)


def whispers(plan: Plan) -> NDArray[np.int64]:
    """The share of acts of speech that the silent dare all the same, int64[world], 16-bit."""
    return np.array([share16(world.assumptions.speech.whisper.value) for world in plan.worlds], np.int64)


def returning(plan: Plan) -> NDArray[np.int64]:
    """The weekly chance that a removed account comes back, int64[world], 32-bit."""
    return np.array([s32(exact(world.assumptions.speech.returns_weekly.value)) for world in plan.worlds], np.int64)


@inner
def voice_of(at: Any) -> Any:
    """The class of a resident's private threshold, 0-255; drawn when needed."""
    lot, _, _, _ = philox(at.resident, 0, DISSENT, 0, at.key0, at.key1)
    return lot >> 24
