"""Who is, and ever was, hit: own or through others, wrongly or not, on what ground (docs/mechanisms.md, section 9).

What somebody has ever been is bits of the column `ever`; the counted stocks follow whenever a bit is set.

Hit on own account stands in one bin for each definition of deserving: wrong fact if ever wrongly hit, else protected
if ever so, else breach. Unit: persons; once set, a bit stays.
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.kernels import inner, int64, kernel
from vitropolis.model import counts as tally
from vitropolis.model.counts import add

HIT, WRONGLY, SHIELDED, THROUGH, THROUGH_WRONG, REFUSED = 1, 2, 4, 16, 32, 64


@inner
def ground(bits: Any, definition: Any) -> Any:
    """The bin of somebody hit on own account: 0 not hit, 1 wrong fact, 2 protected, 3 breach."""
    if not bits & HIT:
        return 0
    return 1 if bits & WRONGLY else 2 if bits & (SHIELDED << definition) else 3


@inner
def move(world: Any, item: Any, at: Any, old: Any, new: Any, counts: Any) -> None:
    """Count somebody into or out of a stock."""
    if old != new:
        add(counts, world, item, at, 1 if new else -1)


@inner
def ever(world: Any, place: Any, at: Any, bits: Any, state: Any, counts: Any) -> None:
    """Set bits of what somebody has ever been, and count what that changes."""
    old = int64(state.ever[world, place])
    new = old | bits
    if new != old:
        state.ever[world, place] = new
        count_ever(world, at, old, new, counts)


@kernel
def count_ever(world: Any, at: Any, old: Any, new: Any, counts: Any) -> None:
    """Count what somebody has become who was never that before; `old` and `new` are bits of `ever`."""
    for definition in range(2):
        first = tally.EVER_BINS + 3 * definition - 1
        was, now = ground(old, definition), ground(new, definition)
        if was != now:
            if was:
                add(counts, world, first + was, at, -1)
            add(counts, world, first + now, at, 1)
    own = HIT | THROUGH
    wrong = WRONGLY | THROUGH_WRONG
    move(world, tally.EVER_HIT, at, (old & own) != 0, (new & own) != 0, counts)
    move(world, tally.EVER_WRONGLY, at, (old & wrong) != 0, (new & wrong) != 0, counts)
    move(world, tally.EVER_THROUGH, at, old & own == THROUGH, new & own == THROUGH, counts)
    through_wrong = THROUGH | THROUGH_WRONG
    was_wrong, now_wrong = old & (own | THROUGH_WRONG) == through_wrong, new & (own | THROUGH_WRONG) == through_wrong
    move(world, tally.EVER_THROUGH_WRONG, at, was_wrong, now_wrong, counts)
    move(world, tally.EVER_REFUSED, at, (old & REFUSED) != 0, (new & REFUSED) != 0, counts)
