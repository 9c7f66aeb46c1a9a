"""From what stands on a command line to what the rooms below take: names, paths, sizes, dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from vitropolis.base.errors import UsageError
from vitropolis.cli.usage import nearest

SCENARIO = (".scenario.yaml", ".scenario.yml")
LONGEST_NAME = 150


def is_path(ref: str) -> bool:
    """Say whether a reference means a file, not a name in a library."""
    return "/" in ref or "\\" in ref or ref.endswith((".yaml", ".yml"))


def policy_ref(ref: str) -> str:
    """Return a policy's name, or its path where it is one; UsageError for an unknown name or the folder of a run."""
    from vitropolis.policy import library, library_text

    if not ref:
        raise UsageError("the policy's name is empty (see `vitropolis policy list`)")
    if ref in library():
        return ref
    if ref == "none":
        raise UsageError("`none` is no policy of its own; run a policy: its twin `none` is played by itself")
    if is_run(Path(ref)):
        raise UsageError(f"{ref} is the folder of a run; `vitropolis show`, `resume` and `rerun` take one")
    if len(Path(ref).name) > LONGEST_NAME:
        raise UsageError(f"the policy's name has {len(Path(ref).name):,} characters; at most {LONGEST_NAME} are taken")
    if is_path(ref):
        return ref
    if not _exists(Path(ref)):
        library_text(ref)
    return f"./{ref}"


def is_run(path: Path) -> bool:
    """Say whether a path is the folder of a run."""
    return _exists(path / "run.json")


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def filling_of(ref: str, filling: str | None) -> str:
    """Return the policy that is a template's filling; UsageError where there is no such filling."""
    from vitropolis.policy import fillings

    if filling is None:
        return ref
    names = fillings(ref)
    if not names:
        raise UsageError(f"`{ref}` has no fillings; leave out --filling")
    if filling not in names:
        near = nearest(filling, list(names))
        raise UsageError(f"`{filling}` is not legal for --filling{near} (legal: {', '.join(names)})")
    return names[filling]


def either_filling(refs: Sequence[str], filling: str | None) -> list[str]:
    """Return each policy's filling where it has fillings; UsageError where none of them has, or not such a one."""
    from vitropolis.policy import fillings

    if filling is not None and not any(fillings(ref) for ref in refs):
        return [filling_of(ref, filling) for ref in refs]
    return [filling_of(ref, filling) if fillings(ref) else ref for ref in refs]


def city_ref(ref: str) -> str:
    """Return a city's name or path as it is; UsageError for a name that nothing bears."""
    from vitropolis.city import library

    if ref in library() or is_path(ref) or _exists(Path(ref)):
        return ref
    known = list(library())
    near = nearest(ref, known)
    raise UsageError(f"`{ref}` is not a city of the library{near} (legal: {', '.join(known)}, or a path)")


def assumptions_ref(ref: str) -> str:
    """Return the name or path of assumptions as it is; UsageError for a name that nothing bears."""
    from vitropolis.model.assumptions import library_names

    known = library_names()
    if ref in known or is_path(ref):
        return ref
    text = f"`{ref}` is not a set of assumptions of the library{nearest(ref, known)}"
    raise UsageError(f"{text} (legal: {', '.join(known)}, or a path)")


def date_of(text: str, option: str) -> date:
    """Return a date YYYY-MM-DD; UsageError names the option and what is wrong."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            reason = "month must be in 1..12" if str(error).startswith("month") else "there is no such day"
            raise UsageError(f"`{text}` is not legal for {option}: {reason}; write YYYY-MM-DD") from None
    raise UsageError(f"`{text}` is not legal for {option}: it must be a date YYYY-MM-DD")


def size_of(text: str, population: int, also: Sequence[str] = ()) -> int:
    """Return the number of residents that `full`, `2M`, `50k` or `1.5M` means in a city of `population` residents.

    UsageError where it is no number, or not 1,000 to 100,000,000; `also`: other words that the option takes.
    """
    from vitropolis.engine.scenario import parse_size

    try:
        found = parse_size(text, also)
    except ValueError as error:
        raise UsageError(f"--size: {error}") from None
    return population if found == "full" else int(found)


def seed_of(seed: int | None) -> int:
    """Return the seed, 1 where none is given; UsageError outside 0 to 2^64 - 1."""
    if seed is not None and not 0 <= seed < 1 << 64:
        raise UsageError(f"`{seed}` is not legal for --seed: it must be 0 to 2^64 - 1")
    return 1 if seed is None else seed


def check_range(value: int | None, option: str, low: int, high: int) -> None:
    """Raise UsageError where a number is given and lies outside its range."""
    if value is not None and not low <= value <= high:
        raise UsageError(f"`{value}` is not legal for {option}: it must be {low:,} to {high:,}")
