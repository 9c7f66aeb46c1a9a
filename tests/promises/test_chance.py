"""Philox4x32-10 by its published answers, in both of the product's versions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from vitropolis.base import draws, kernels

# Random123 (DEShawResearch/random123, tests/kat_vectors): counter, key, answer
PUBLISHED = (
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
)
# the same function in our layout (resident, day, stream, slot; key: low and high half of the seed)
OURS = (
    ((1, 0, 0, 0), (0, 0), (0xF8E4CCA4, 0x5CB200DB, 0xB1A574EB, 0x097EFF67)),
    ((12_345_678, 3650, 7, 2), (20_180_723, 0), (0xEB15E490, 0x3A9ECD01, 0x7C2A067C, 0x6152C1EC)),
    ((21_499_999, 364, 255, 0), (0xDEADBEEF, 1), (0xBE7CE9DD, 0xE1E2C229, 0xB110C5A0, 0xCCA1BE19)),
)


@pytest.mark.parametrize(("counter", "key", "answer"), [*PUBLISHED, *OURS])
def test_known_answers(counter: tuple[int, ...], key: tuple[int, int], answer: tuple[int, ...]) -> None:
    entity, when, stream, slot = counter
    assert tuple(draws.philox(entity, when, stream, slot, key[1] << 32 | key[0]).tolist()) == answer


@kernels.kernel
def _compiled(counters: Any, keys: Any, out: Any) -> None:
    for row in range(counters.shape[0]):
        a, b, c, d = kernels.philox(
            counters[row, 0], counters[row, 1], counters[row, 2], counters[row, 3], keys[row, 0], keys[row, 1]
        )
        out[row, 0] = a
        out[row, 1] = b
        out[row, 2] = c
        out[row, 3] = d


def test_the_compiled_version_knows_them_too() -> None:
    cases = [*PUBLISHED, *OURS]
    out = np.zeros((len(cases), 4), np.uint32)
    _compiled(np.array([case[0] for case in cases], np.uint32), np.array([case[1] for case in cases], np.uint32), out)
    assert out.tolist() == [list(case[2]) for case in cases]


def test_both_versions_agree_on_many_keys() -> None:
    rows = np.arange(4000, dtype=np.uint64)
    entity, when = rows * np.uint64(2_654_435_761) & np.uint64(0xFFFFFFFF), rows * np.uint64(7) % np.uint64(8000)
    counters = np.stack([entity, when, rows % np.uint64(31), rows], axis=1).astype(np.uint32)
    keys = np.tile(np.array([0x9ABCDEF0, 0x12345678], np.uint32), (4000, 1))
    out = np.zeros((4000, 4), np.uint32)
    _compiled(counters, keys, out)
    assert np.array_equal(out.T, draws.philox(entity, when, counters[:, 2], rows, 0x123456789ABCDEF0))


def test_streams_are_never_renumbered() -> None:
    assert {stream.name: int(stream) for stream in draws.Stream} == {
        "WEEK": 0, "CONDUCT": 1, "RECORDING": 2, "CLERK": 3, "NAMESAKE": 4, "INVENTED": 5, "QUOTA": 6, "ENROLMENT": 7,
        "LISTING": 8, "LAG": 9, "PAYER": 10, "TRAIT": 11, "RANK": 12, "HOLDER": 13, "SPILL": 14, "NOTICE": 15,
        "CITY": 16, "APPEAL": 17, "DECISION": 18, "OBJECTION": 19, "SERVICE": 20, "CHECK": 30,
        "RIVAL": 21, "RIVAL_OUT": 22, "FIRM_WEEK": 23, "FIRM_TRAIT": 24, "INSPECTION": 25, "LAYOFF": 26, "JOB": 27,
        "LEGAL_REP": 28, "DISSENT": 31, "ACCOUNT": 32, "REMOVAL": 33,
        "DISCRETION": 35, "HUMAN": 36, "PROMISE": 37, "LEAVING": 38, "NAMED": 39, "FINDING": 40,
    }  # fmt: skip
