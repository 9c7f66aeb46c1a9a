"""Philox4x32-10 in plain Python integers, written from the paper (Salmon, Moraes, Dror, Shaw, SC'11), and nothing else.

The counter is (entity, when, stream, slot), the key (low, high half of the seed).
"""

from __future__ import annotations

from functools import lru_cache

WEEK, CONDUCT, RECORDING, CLERK, NAMESAKE, INVENTED, QUOTA = 0, 1, 2, 3, 4, 5, 6
ENROLMENT, LISTING, LAG, PAYER, TRAIT, RANK = 7, 8, 9, 10, 11, 12
DISSENT, ACCOUNT, REMOVAL = 31, 32, 33
HOLDER, SPILL, NOTICE, APPEAL, DECISION, OBJECTION, SERVICE = 13, 14, 15, 17, 18, 19, 20
LAYOFF, JOB, LEGAL_REP = 26, 27, 28
DISCRETION, HUMAN, PROMISE, LEAVING, NAMED = 35, 36, 37, 38, 39
RIVAL, RIVAL_OUT = 21, 22
FIRM_WEEK, FIRM_TRAIT, INSPECTION = 23, 24, 25
FINDING = 40

MASK = 0xFFFFFFFF
Words = tuple[int, int, int, int]


def philox(counter: Words, key: tuple[int, int], rounds: int = 10) -> Words:
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(rounds):
        first, second = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (second >> 32) ^ c1 ^ k0, second & MASK, (first >> 32) ^ c3 ^ k1, first & MASK
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


class Chance:
    """All chance of one run: four 32-bit words for every (entity, when, stream, slot)."""

    def __init__(self, seed: int) -> None:
        key = (seed & MASK, seed >> 32 & MASK)

        @lru_cache(maxsize=1 << 20)
        def draw(entity: int, when: int, stream: int, slot: int = 0) -> Words:
            return philox((entity, when, stream, slot), key)

        self.draw = draw

    def week_numbers(self, resident: int, week: int) -> list[int]:
        """Eight 16-bit numbers: seven days, and one for weekly demand."""
        words = self.draw(resident, week, WEEK, 0)
        return [half for word in words for half in (word & 0xFFFF, word >> 16)]
