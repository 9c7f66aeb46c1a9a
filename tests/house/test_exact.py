"""Probabilities are integers made in `base/fixed.py` alone: no libm elsewhere, and no floats in kernels."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from tests.house.tree import EXACT_ROOMS, PACKAGE, Function, is_kernel, modules, name, parsed, used

ROUNDED_BY_LIBM = {
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh", "erf", "erfc", "exp", "exp2",
    "expm1", "float_power", "gamma", "hypot", "lgamma", "log", "log10", "log1p", "log2", "logaddexp", "pow", "power",
    "sin", "sinh", "sqrt", "tan", "tanh",
}  # fmt: skip


def libm(tree: ast.AST) -> Iterator[str]:
    """Yield every use of a function that platforms round differently, and of powers with a fraction."""
    for full, line in used(tree):
        home, _, function = full.rpartition(".")
        if (home in ("math", "cmath", "numpy") and function in ROUNDED_BY_LIBM) or full.split(".")[0] == "scipy":
            yield f"{line}: {full}"
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Pow)
            and (_is_float(node.left) or _is_float(node.right))
        ):
            yield f"{node.lineno}: ** with a float"


def floats(function: Function) -> Iterator[str]:
    """Yield every float literal, true division and float type inside a function."""
    for node in (each for part in function.body for each in ast.walk(part)):
        line = getattr(node, "lineno", function.lineno)
        if _is_float(node):
            yield f"{line}: float literal"
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            yield f"{line}: true division"
        if isinstance(node, ast.Name | ast.Attribute):
            called = node.id if isinstance(node, ast.Name) else node.attr
            if called in ("float", "float32", "float64"):
                yield f"{line}: {called}"


def _is_float(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def test_only_fixed_meets_transcendental_functions() -> None:
    paths = [path for path in modules(*EXACT_ROOMS, "base") if path != PACKAGE / "base" / "fixed.py"]
    assert [f"{name(path)}:{each}" for path in paths for each in libm(parsed(path))] == []


def test_kernels_hold_no_floats() -> None:
    found = []
    for path in modules(*EXACT_ROOMS, "base"):
        kernels = (node for node in ast.walk(parsed(path)) if isinstance(node, Function) and is_kernel(node))
        found += [f"{name(path)}:{each}" for kernel in kernels for each in floats(kernel)]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "import math\nmath.exp(-1)",
        "from math import exp",
        "import numpy as np\nnp.log(x)",
        "import numpy\nnumpy.power(x, 2)",
        "from numpy import exp as e\ne(1)",
        "x ** 0.5",
        "0.5 ** x",
        "from scipy.stats import norm",
    ],
)
def test_each_transcendental_function_is_noticed(source: str) -> None:
    assert list(libm(ast.parse(source)))


@pytest.mark.parametrize("line", ["x = 0.5", "x = y / 2", "x /= 2", "x = float(y)", "x = np.float64(y)"])
def test_each_float_in_a_kernel_is_noticed(line: str) -> None:
    function = ast.parse(f"@kernel\ndef step(y):\n    {line}").body[0]
    assert isinstance(function, Function)
    assert is_kernel(function)
    assert list(floats(function))
