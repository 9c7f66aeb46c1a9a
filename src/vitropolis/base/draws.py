"""The one door of chance: every draw is a pure function of (seed, stream, entity, day or week, slot).

Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11) with
counter (entity, when, stream, slot) and key (low, high half of the seed). Nothing is drawn in an order,
so nothing depends on threads, chunks or what else happened. The compiled twin of this module is
`vitropolis.base.kernels.philox`; a test holds both to the published known answers.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Words = NDArray[np.uint32]


class Stream(IntEnum):
    """Registered constants, never renumbered: each kind of decision has a stream of its own."""

    WEEK = 0  # resident, week: eight 16-bit numbers, seven days and one for weekly demand
    CONDUCT = 1  # resident, day: refinement, word, mark
    RECORDING = 2  # resident, day: detection, route, error
    CLERK = 3  # resident, day, slot: delays, settlement quantile
    NAMESAKE = 4  # resident, day: who of the same name is taken instead
    INVENTED = 5  # word, week, slot district * 2^20 + n: reports with no act behind them
    QUOTA = 6  # campaign, week, slot n: what is found when true acts run out
    ENROLMENT = 7  # resident: place in the ramp, consent, objection
    LISTING = 8  # resident, day, slot list: ability test, request for repair
    LAG = 9  # resident, day, slot list: lag of deletion
    PAYER = 10  # resident: fast, slow or cannot pay
    TRAIT = 11  # resident: quantile class of the conduct trait
    RANK = 12  # resident: breaks ties of equal scores
    HOLDER = 13  # resident, day, slot list: how long others still hold a listing that is over
    SPILL = 14  # resident, 0, slot place of the relative << 3 | spill-over: whether a register knows the relation
    NOTICE = 15  # resident, day: whether a notice reaches
    CITY = 16  # everything drawn while a city is built; slot = step of the synthesis
    APPEAL = 17  # resident, day told: whether and when to appeal
    DECISION = 18  # resident, filing day, slot level: how an appeal is decided, whether it goes on
    OBJECTION = 19  # resident, day, slot list: whether to object in time, and with what success
    SERVICE = 20  # resident, day: what is needed, whether for real, outcome, tries
    RIVAL = 21  # resident, week: what is needed of rival services, whether for real, tie in the queue
    RIVAL_OUT = 22  # resident, week: outcome and tries behind a closed door; resident, 0, slot 1: who is named
    DISCRETION = 35  # resident, act day, slot word: whether a clerk chooses the points of a record, and which
    HUMAN = 36  # resident, day, slot list: whether a clerk who looks at a case drops it
    PROMISE = 37  # resident, day, slot list, or 8 + level of an appeal: whether promised days are kept
    LEAVING = 38  # resident, week: whether somebody who is hit leaves the city
    NAMED = 39  # resident, week: whether a namesake is taken for somebody on a published list, and who
    FIRM_WEEK = 23  # firm, week, slot: whether and what it does, what is noticed; details of a record
    FIRM_TRAIT = 24  # firm: class of the cost of complying
    INSPECTION = 25  # firm, week, slot: whether it is inspected, what is found; or a unit, period: which site
    LAYOFF = 26  # resident: place in the order in which a firm lays off
    JOB = 27  # resident, week: whether somebody without work finds some
    LEGAL_REP = 28  # firm, slot attempt: its legal representative
    CHECK = 30  # picks made when a run folder is opened
    DISSENT = 31  # resident: class of the private threshold of speaking
    ACCOUNT = 32  # resident: whether there is an account; resident, week, slot 1: whether it comes back
    REMOVAL = 33  # resident, campaign: the order in which accounts are removed
    FINDING = 40  # word << 4 | district, week, slot n: comparisons by machines that show a difference with no act


def philox(entity: ArrayLike, when: ArrayLike, stream: ArrayLike, slot: ArrayLike, seed: int) -> Words:
    """Draw four 32-bit words for every key; the arguments broadcast against each other.

    Returns uint32 of shape (4, *broadcast shape), uniform on 0..2^32-1. `entity`, `when`, `stream` and
    `slot` are 0..2^32-1, `seed` is 0..2^64-1.
    """
    counters = np.broadcast_arrays(*(np.asarray(part, dtype=np.uint64) for part in (entity, when, stream, slot)))
    c0, c1, c2, c3 = (part & np.uint64(0xFFFFFFFF) for part in counters)
    k0, k1 = seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF
    mask, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    for _ in range(10):
        low, high = c0 * np.uint64(0xD2511F53), c2 * np.uint64(0xCD9E8D57)
        c0, c1, c2, c3 = (
            (high >> half) ^ c1 ^ np.uint64(k0),
            high & mask,
            (low >> half) ^ c3 ^ np.uint64(k1),
            low & mask,
        )
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack([c0, c1, c2, c3]).astype(np.uint32)
