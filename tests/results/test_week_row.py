"""A week's counts come back from their row, each under its own name."""

from __future__ import annotations

import numpy as np

from vitropolis.engine.run import Simulation
from vitropolis.engine.scenario import resolve, scenario_for
from vitropolis.results.firms import row_of
from vitropolis.results.weekly import layout_of, week_row


def test_every_part_stands_where_the_layout_looks_for_it() -> None:
    setup = resolve(scenario_for("beijing-2018-press", filling="middle", size=1000))
    simulation = Simulation(setup.plan, setup.city())
    layout = layout_of(setup.plan)
    for week in simulation.play(12):
        parts = {
            name: part[0] for name, part in layout.split(week_row(setup.plan, layout, week.totals, week.firms)).items()
        }
        about = setup.plan.of_firms()
        assert about is not None and week.firms is not None and week.totals.rivals is not None
        assert np.array_equal(parts["queue"], week.totals.queue)
        assert np.array_equal(parts["speech"], week.totals.speech)
        assert np.array_equal(parts["firms"], row_of(about, week.firms))
        assert int(parts["rivals"].sum()) == int(week.totals.rivals.flows.sum())
        assert int(parts["rival_measures"].sum()) == int(week.totals.rivals.measures.sum())
