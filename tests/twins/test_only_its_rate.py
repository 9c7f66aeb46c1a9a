"""Changing one word's rate inside its range: nobody becomes a candidate for anything else, nothing else is done.

With deterrence and norms frozen (strengths 0). Every act is recorded the next day and truly, so that the files say
who did what on which day; the city plays 56 words, each about twice a person and year.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from tests.twins.busy import city_of
from tests.twins.ledger import play, simulation_of

from vitropolis.engine.chunks import make_desk
from vitropolis.engine.run import Simulation
from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.model.conduct import draw_details, refine, select_below, weekly_numbers
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import PERSON_WORDS, Policy
from vitropolis.verification.quiet import Plain, assumed, behaviour, policy, put, quiet

SIZE, DAYS, SEED = 1000, 42, 9
GROUPS = [PERSON_WORDS[start:end] for start, end in pairwise(range(0, 57, 7))]
START = date(2019, 1, 7)


@cache
def everything() -> tuple[Policy, Assumptions]:
    """A policy that records all 56 words and does nothing with them; profiles and trait as in the default set."""
    names = {f"says_{word}": behaviour("office", word) for word in PERSON_WORDS}
    return policy(("office",), behaviours=names), assumed(_often())


def _often() -> Plain:
    data, usual = quiet({}), load_assumptions("default").model_dump()
    for word, item in data["conduct"].items():
        item["profile"] = usual["conduct"][word]["profile"]
        put(item["rate"], 2.0, 1.0, 3.0)
    data["profiles"] = usual["profiles"]
    data["trait"] = usual["trait"]
    return data


@cache
def plan_with(rates: tuple[tuple[str, float], ...]) -> Plan:
    text, held = everything()
    values = {f"conduct.{word}.rate": rate for word, rate in rates}
    return Plan((World("one", text, held.with_values(values)),), START, DAYS, SEED)


def candidates(simulation: Simulation) -> list[tuple[int, int, int]]:
    """Every (resident, day, word) that is looked at, by the engine's own kernels and tables."""
    tables, found = simulation.tables.conduct, []
    keys = np.uint32(simulation.plan.seed & 0xFFFFFFFF), np.uint32(simulation.plan.seed >> 32)
    for chunk in simulation.chunks:
        desk, state = make_desk(chunk.residents), chunk.state
        for day in range(simulation.plan.days):
            if day % 7 == 0:
                weekly_numbers(chunk.first, chunk.residents, day // 7, *keys, desk.numbers)
            count: Any = select_below(chunk.residents, desk.numbers[day % 7], state.threshold, desk.mask, desk.chosen)
            draw_details(chunk.first, count, desk.chosen, day, *keys, desk.words)
            count = refine(tables, count, day % 7, state, desk)
            places = desk.chosen[:count].tolist()
            for place, draw in zip(places, desk.words[1, :count].tolist(), strict=True):
                word = int(np.searchsorted(tables.ends[state.cell[place]], draw, side="right"))
                found.append((chunk.first + place, day, word))
    return found


@cache
def acts(word: str, rate: float) -> tuple[frozenset[tuple[int, int, int]], Any]:
    """Every (resident, day, word) that was done (and could still arrive), and acts by district, word and day."""
    ledger = play(plan_with(((word, rate),)), city_of(SIZE))[0]
    done = {(who, record[3], record[0]) for who, rows in ledger.files.items() for record in rows}
    assert all(record[2] == 0 and record[4] == 1 for rows in ledger.files.values() for record in rows)
    return frozenset(done), np.concatenate(ledger.acts, axis=-1)[..., :DAYS]


@cache
def usual() -> tuple[list[tuple[int, int, int]], frozenset[tuple[int, int, int]], Any]:
    return candidates(simulation_of(plan_with(()), city_of(SIZE))), *acts(PERSON_WORDS[0], 2.0)


@pytest.mark.parametrize("words", GROUPS, ids=lambda words: f"from {words[0]}")
def test_only_its_own_events(words: tuple[str, ...]) -> None:
    looked_at, done, counted = usual()
    for word in words:
        place = PERSON_WORDS.index(word)
        simulation = simulation_of(plan_with(((word, 1.0),)), city_of(SIZE))
        assert candidates(simulation) == looked_at, f"{word}: other candidates"
        fewer, other = acts(word, 1.0)
        others = {each for each in done if each[2] != place}
        assert {each for each in fewer if each[2] != place} == others, f"{word}: other events"
        assert np.array_equal(np.delete(counted, place, axis=1), np.delete(other, place, axis=1))
        mine, less = done - others, fewer - others
        assert less < mine, f"{word}: acts at half the rate are not among those at the whole"


def test_every_word_is_done() -> None:
    looked_at, done, counted = usual()
    assert {word for _, _, word in done} == set(range(56))
    assert counted.sum() > 2000
    arrived = {(who, day, word) for who, day, word in looked_at if day < DAYS - 1}
    assert done <= arrived
    assert len(done) == counted[..., : DAYS - 1].sum()
    assert len({each[:2] for each in done}) == len(done)  # at most one act a resident and day


def test_a_second_pass_with_two_worlds_agrees() -> None:
    """The same by two worlds of one pass, for one word."""
    plan = plan_with(())
    changed = plan_with((("littering", 3.0),)).worlds[0]
    one, two = play(Plan((plan.worlds[0], changed), START, DAYS, SEED), city_of(SIZE))
    place = PERSON_WORDS.index("littering")
    kept = [
        {(who, record) for who, rows in ledger.files.items() for record in rows if record[0] != place}
        for ledger in (one, two)
    ]
    assert kept[0] == kept[1]
    assert sum(map(len, two.files.values())) > sum(map(len, one.files.values()))
