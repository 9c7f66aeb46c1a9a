"""What the rest of the city may ask of firms, and what it may tell them: the one door between the two populations.

`FirmView` is worked out at the end of a week and holds before the next one. Who tells firms something puts rows
(firm, `model.news.CARRIED`, value) into `FirmSide.told` before a week is played: spill-overs `to: firm` that persons
carry to it, one bit each in the order of `model.measures.spills_of` of the firms' world, in the place of what they
carried before.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitropolis.model.rules import OTHER_SERVICE

FIRST_FIRM = 1 << 27  # a firm's number in draws, messages and logs is this and its place: never a resident's


class FirmView(NamedTuple):
    """How every firm stands at the end of a week, for each world and firm.

    met: measures that meet it, one bit each, in the order of `model.measures.measures_of` of the firms' world.
    shut: its services that one of them shuts, one bit each in the order of `model.rules.FIRM_SERVICES`; the bit after
    the last stands for services of persons. lists: lists it is on, one bit each. wronged: those that began by wrong
    fact.
    """

    met: NDArray[np.int64]
    shut: NDArray[np.uint16]
    lists: NDArray[np.uint8]
    wronged: NDArray[np.uint8]


assert OTHER_SERVICE < 16  # `shut` has so many bits


def empty_view(worlds: int, firms: int) -> FirmView:
    """A view of firms of which nothing is known yet."""
    kinds = (np.int64, np.uint16, np.uint8, np.uint8)
    return FirmView(*(np.zeros((worlds, firms), kind) for kind in kinds))
