"""Chance has one door: nothing in `model/`, `engine/` or `city/` draws but through Philox on named streams."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from tests.house.tree import EXACT_ROOMS, modules, name, parsed, used

SOURCES = ("random", "secrets", "uuid", "numpy.random", "os.urandom", "os.getrandom", "tempfile.mktemp")
CLOCKS = (
    "time.time", "time.time_ns", "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today",
    "datetime.now", "datetime.utcnow", "datetime.today", "datetime.date.today", "date.today",
)  # fmt: skip
BUILTINS = ("hash", "id")  # differ from process to process
METHODS = ("shuffle", "permutation", "permuted", "default_rng")


def offences(tree: ast.AST) -> Iterator[str]:
    """Yield what in a tree could bring in chance by another door, or the time of day."""
    for full, line in used(tree):
        if any(full == each or full.startswith(each + ".") for each in (*SOURCES, *CLOCKS)):
            yield f"{line}: {full}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BUILTINS:
            yield f"{node.lineno}: {node.func.id}()"
        if isinstance(node, ast.Attribute) and node.attr in METHODS:
            yield f"{node.lineno}: .{node.attr}"


def test_chance_has_one_door() -> None:
    found = [f"{name(path)}:{each}" for path in modules(*EXACT_ROOMS) for each in offences(parsed(path))]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "from random import choice",
        "import numpy as np\nnp.random.rand()",
        "from numpy import random as r\nr.random()",
        "from numpy.random import default_rng",
        "import secrets",
        "import uuid",
        "import os\nos.urandom(8)",
        "import time\nseed = time.time_ns()",
        "from time import time as now\nnow()",
        "from datetime import datetime\ndatetime.now()",
        "seed = hash('Beijing')",
        "frame.shuffle()",
    ],
)
def test_each_other_door_is_noticed(source: str) -> None:
    assert list(offences(ast.parse(source)))


def test_honest_code_is_left_alone() -> None:
    source = "import time\nfrom datetime import date\ndate(2018, 11, 19)\ntime.perf_counter()\nhashlib.sha256()"
    assert list(offences(ast.parse(source))) == []
