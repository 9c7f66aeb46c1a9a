"""A laboratory that plays a social credit policy out on a wholly synthetic city."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from vitropolis.api import (
        Assumptions,
        City,
        Headline,
        InputError,
        Policy,
        Progress,
        RefusedError,
        ResourceError,
        Result,
        Run,
        UsageError,
        VitropolisError,
        library,
        open_run,
        simulate,
    )

__all__ = [
    "Assumptions", "City", "Headline", "InputError", "Policy", "Progress", "RefusedError", "ResourceError", "Result",
    "Run", "UsageError", "VitropolisError", "library", "open_run", "simulate",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load the public names when they are used, so that importing the package costs nothing."""
    if name not in __all__:
        raise AttributeError(f"module 'vitropolis' has no attribute {name!r}")
    from vitropolis import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
