"""People live alike whether firms are played or not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.results.small import setup_of

from vitropolis.engine.run import Simulation


def test_people_live_alike_with_and_without_firms() -> None:
    """A policy that does not cover firms: nothing of them is played, and nobody's life is another."""
    setup = setup_of()
    city, worlds = setup.city(), []
    for world in setup.plan.worlds:
        population = world.policy.population.model_copy(update={"legal_entities": False})
        worlds.append(replace(world, policy=world.policy.model_copy(update={"population": population})))
    plain = replace(setup.plan, worlds=tuple(worlds))
    assert plain.of_firms() is None
    with_firms, without = Simulation(setup.plan, city, 1, 512), Simulation(plain, city, 1, 512)
    assert without.firms is None
    for mine, theirs in zip(with_firms.play(6), without.play(6), strict=True):
        assert theirs.firms is None
        assert np.array_equal(mine.totals.groups, theirs.totals.groups)
        assert np.array_equal(mine.totals.records, theirs.totals.records)
