"""What is counted while a city is played: one list of items, and how an event is added to it.

Items of stock (bands, lists, verdicts) are counted as changes, +1 and -1; their sum up to a day is the stock.
"""

from __future__ import annotations

from typing import Any, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.kernels import inner
from vitropolis.model.rules import BANDS, LISTS, SCORES
from vitropolis.policy.words import Field5

_NAMES = (
    ["enrolled", "acts_minor", "acts_harmful", "acts_protected", "acts_good"]
    + ["detected", "right_person", "wrong_person", "lost"]
    + [f"records_{truth}" for truth in ("right", "misattributed", "wrong", "duplicate", "stale", "invented", "quota")]
    + [f"score_{place}_band_{band}" for place in range(SCORES) for band in range(BANDS)]
    + [
        f"score_{place}_{defined}_{part}"
        for place in range(SCORES)
        for defined in ("first", "second")
        for part in ("wrong_fact", "protected", "breach")
    ]
    + [f"listed_{entry}" for entry in range(LISTS)]
    + [f"in_{entry}" for entry in range(LISTS)]
    + [f"out_{how}" for how in ("term", "compliance", "repair", "repealed", "correction")]
    + [f"black_{defined}_{part}" for defined in ("first", "second") for part in ("wrong_fact", "protected", "breach")]
    + ["on_black_list", "waiting_cancelled", "excluded_minor", "excluded_unable"]
    + ["hit_now", "wrong_now", "through_now", "doors_1", "doors_2_4", "doors_5_9", "doors_10"]
    + [f"ever_{defined}_{part}" for defined in ("first", "second") for part in ("wrong_fact", "protected", "breach")]
    + ["ever_hit", "ever_wrongly", "ever_through", "ever_through_wrong", "ever_refused"]
    + ["learnt_notice", "learnt_refused", "needs_avoided", "requests", "refusals", "dearer", "delayed", "delay_days"]
    + ["appeals_filed", "appeals_not_made", "upheld_wrong", "upheld_right", "refused_wrong", "refused_right"]
    + ["objections", "objections_upheld"]
    + ["dropped_wrong", "dropped_right", "mistaken_refusals", "left_city"]
    + [f"fields_{number}" for number in range(1, 6)]
    + [f"limited_{field}" for field in get_args(Field5)]
    + [f"none_open_{field}" for field in get_args(Field5)]
    + ["all_shut"]
    + ["laid_off", "found_work", "search_blocked", "weeks_without_work", "without_work", "children_of_laid_off"]
)
ITEMS = {name: place for place, name in enumerate(_NAMES)}
STOCKS = frozenset(
    name
    for name in _NAMES
    if name.startswith(("score_", "listed_", "ever_", "doors_", "hit_", "wrong_now", "through_"))
    or name.startswith(("fields_", "limited_", "none_open_"))
    or name in ("enrolled", "on_black_list", "all_shut", "left_city", "without_work")
)

ENROLLED, ACTS = ITEMS["enrolled"], ITEMS["acts_minor"]
DETECTED, RIGHT_PERSON, WRONG_PERSON, LOST = (
    ITEMS[name] for name in ("detected", "right_person", "wrong_person", "lost")
)
RECORDS_IN = ITEMS["records_right"]
BAND_ITEMS, VERDICTS = ITEMS["score_0_band_0"], ITEMS["score_0_first_wrong_fact"]
LISTED_NOW, LISTED_IN, OUT = ITEMS["listed_0"], ITEMS["in_0"], ITEMS["out_term"]
BLACK_BINS, ON_BLACK = ITEMS["black_first_wrong_fact"], ITEMS["on_black_list"]
HIT_NOW, WRONG_NOW, THROUGH_NOW, DOORS = (ITEMS[name] for name in ("hit_now", "wrong_now", "through_now", "doors_1"))
EVER_BINS = ITEMS["ever_first_wrong_fact"]
EVER_HIT, EVER_WRONGLY, EVER_THROUGH, EVER_THROUGH_WRONG, EVER_REFUSED = (
    ITEMS[f"ever_{name}"] for name in ("hit", "wrongly", "through", "through_wrong", "refused")
)
LEARNT_NOTICE, LEARNT_REFUSED, AVOIDED, REQUESTS, REFUSALS = (
    ITEMS[name] for name in ("learnt_notice", "learnt_refused", "needs_avoided", "requests", "refusals")
)
DEARER, DELAYED, DELAY_DAYS, FILED, NOT_MADE = (
    ITEMS[name] for name in ("dearer", "delayed", "delay_days", "appeals_filed", "appeals_not_made")
)
UPHELD_WRONG, UPHELD_RIGHT, REFUSED_WRONG, REFUSED_RIGHT, OBJECTIONS, UPHELD_OBJECTIONS = (
    ITEMS[name]
    for name in ("upheld_wrong", "upheld_right", "refused_wrong", "refused_right", "objections", "objections_upheld")
)
DROPPED_WRONG, DROPPED_RIGHT, MISTAKEN, LEFT_CITY = (
    ITEMS[name] for name in ("dropped_wrong", "dropped_right", "mistaken_refusals", "left_city")
)
FIELDS_SHUT, ALL_SHUT = ITEMS["fields_1"], ITEMS["all_shut"]
LIMITED, NONE_OPEN = ITEMS["limited_market_access"], ITEMS["none_open_market_access"]
LAID_OFF, FOUND_WORK, SEARCH_BLOCKED, WEEKS_WITHOUT_WORK, WITHOUT_WORK, CHILDREN_OF_LAID_OFF = (
    ITEMS[name]
    for name in (
        "laid_off",
        "found_work",
        "search_blocked",
        "weeks_without_work",
        "without_work",
        "children_of_laid_off",
    )
)
CANCELLED, MINOR, UNABLE = ITEMS["waiting_cancelled"], ITEMS["excluded_minor"], ITEMS["excluded_unable"]


# of one service: persons with the door shut (change), the same times the days left of the week, requests ...
DOORS_SEEN = 2
DOOR_CHANGE, DOOR_DAYS, DOOR_REQUESTS, DOOR_REFUSALS, DOOR_AVOIDED = range(5)
# how often an element did something: measures that began to meet somebody, bands entered, spill-overs that reached
MEASURE_FIRED, BAND_FIRED, SPILL_FIRED, FIRED = 0, 64, 64 + SCORES * BANDS, 64 + SCORES * BANDS + 8


class Counts(NamedTuple):
    """One thread's counters, all added up at the end of the week; integers, so that no order matters."""

    cells: NDArray[np.int32]  # [world, district, cell, item]: the week
    days: NDArray[np.int32]  # [world, district, item, day of the week]
    acts: NDArray[np.int32]  # [world, district, word, day of the week]
    records: NDArray[np.int32]  # [world, district, kind, truth]: arrivals of the week
    scores: NDArray[np.int64]  # [ledger, score - floor]: change of the number of enrolled with this score
    adverse: NDArray[np.int64]  # [world, district]: adverse records that arrived in the week
    work: NDArray[np.int32]  # [world, firm]: the same by employer, since last read
    doors: NDArray[np.int32]  # [world, district, cell, service, 5]: see DOOR_CHANGE and after
    fired: NDArray[np.int64]  # [world, FIRED]: see MEASURE_FIRED and after
    speech: NDArray[np.int64]  # [world, 4]: of the whole city alone, see `speech.HUSHED` and after
    seen: NDArray[np.uint8]  # [world, district, cell]: whether anything was counted, and (DOORS_SEEN) of doors


class At(NamedTuple):
    """Whom and when a kernel is looking at."""

    day: Any
    weekday: Any
    place: Any  # in the chunk
    resident: Any
    district: Any
    cell: Any
    key0: Any
    key1: Any


@inner
def add(counts: Any, world: Any, item: Any, at: Any, change: Any) -> None:
    """Add `change` to an item on the day, district and cell of `at`."""
    counts.cells[world, at.district, at.cell, item] += change
    counts.days[world, at.district, item, at.weekday] += change
    counts.seen[world, at.district, at.cell] |= 1
