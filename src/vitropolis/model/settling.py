"""Settling (M11): on which day a debt is paid, and how much later while the list shuts what one pays with.

docs/mechanisms.md, 4 and 6. A debt is settled w days after the act, w drawn when it was written down. Where the exit of
the list that it leads to needs services (`lists.*.exit.needs_services`), and being on that list shuts one of them, a
day of the wait counts as `payers.pace_shut` (0-1) of a day from the listing on:

    settled = the first day d with  sum over the days t of [act, d) of pace(t)  >=  w,
    pace(t) = pace_shut  if t >= arrival + grace and the service is shut on t by who is on the list,  else 1.

Paces in 16 bits, days whole. It goes by the text, not by the person: of the list that names the behaviour, of its days
of grace when the record arrived, of what its measures shut on each day. So a debtor whom the list passes over pays
no faster. Source: the debt trap as the articles describe it; nobody measured the pace, it is assumed.
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.kernels import inner, int64, kernel
from vitropolis.model.files import act_of, arrival_of, wait_of

FAR = 1 << 20  # behind every day of a run
ONE16 = 65536


@inner
def settled_on(rules: Any, world: Any, behaviour: Any, record: Any) -> Any:
    """Day on which the debt that a record tells of is settled in a world; the record has a wait."""
    settled = act_of(record) + wait_of(record)
    if rules.trap[world, behaviour] >= 0 and settled > arrival_of(record):
        settled = settled_later(rules, world, int64(rules.trap[world, behaviour]), record)
    return settled


@kernel
def settled_later(rules: Any, world: Any, entry: Any, record: Any) -> Any:
    """The same behind the exit of list `entry`, of a debt that is not paid when its record arrives.

    `rules.stretch[world, entry]` are stretches of days: first day, pace, days of grace of a record that arrives in it.
    """
    here = int64(arrival_of(record))
    left = int64(act_of(record) + wait_of(record) - here) * ONE16
    listed = here
    for place in range(rules.stretches[world, entry]):
        if rules.stretch[world, entry, place, 0] <= arrival_of(record):
            listed = here + int64(rules.stretch[world, entry, place, 2])
    for place in range(rules.stretches[world, entry]):
        last = place + 1 == rules.stretches[world, entry]
        end = FAR if last else int64(rules.stretch[world, entry, place + 1, 0])
        for pace, until in ((ONE16, min(end, listed)), (int64(rules.stretch[world, entry, place, 1]), end)):
            days = max(until - here, 0)
            if pace * days >= left:
                return here + (left + pace - 1) // pace
            left -= pace * days
            here += days
    return here
