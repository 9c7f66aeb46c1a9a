"""Options that more than one command takes, with what their help says."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Annotated, Literal

from cyclopts import Group, Parameter

EVERYWHERE = Group("Everywhere", sort_key=90)
GLOBAL_FLAGS = ("--json", "--quiet", "--no-color")


def _flag(text: str) -> Parameter:
    return Parameter(help=text, negative="", show_default=False, group=EVERYWHERE)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Common:
    """What every command takes."""

    json: Annotated[bool, _flag("Print one JSON object with a versioned `schema` instead of text.")] = False
    quiet: Annotated[bool, _flag("Say nothing on standard error but what went wrong.")] = False
    no_color: Annotated[bool, _flag("No colours; the variable NO_COLOR says the same.")] = False


CALL: ContextVar[tuple[str, ...]] = ContextVar("CALL", default=())
"""The words of the call that is being done, as `run.json` keeps them."""

PLAIN = Common()
ProgressKind = Literal["auto", "bar", "plain", "json", "none"]

PolicyName = Annotated[str, Parameter(help="A library name (see `policy list`) or the path of a policy file.")]
Folder = Annotated[str, Parameter(help="The folder of a run.")]
Size = Annotated[
    str | None,
    Parameter(help="Residents: full, 2M, 200k, 20k, auto, or a number such as 50000, 50k, 1.5M."),
]
CitySize = Annotated[str, Parameter(help="Residents: full, 2M, 200k, 20k, or a number such as 50000, 50k, 1.5M.")]
Seed = Annotated[int | None, Parameter(help="Seed of all chance, 0 to 2^64 - 1 (default 1).", show_default=False)]
Threads = Annotated[int | None, Parameter(help="Threads; never changes a number (default: all cores).")]
Chunk = Annotated[int | None, Parameter(help="Residents in a chunk, 64 to 32768; never changes a number.")]
Out = Annotated[str | None, Parameter(help="The folder to write; it must not exist yet.")]
ProgressOption = Annotated[
    ProgressKind,
    Parameter(help="How to show progress: a bar on a terminal, else a line per 10 %; json is one object a line."),
]
FirstDay = Annotated[str | None, Parameter(name="--from", help="First day, YYYY-MM-DD (default 2018-10-20).")]
LastDay = Annotated[str | None, Parameter(name="--to", help="Last day, YYYY-MM-DD (default 2020-12-31).")]
CityOption = Annotated[str | None, Parameter(help="A city of the library, or a path (default beijing).")]
AssumptionsOption = Annotated[str | None, Parameter(help="A set of the library, or a path (default: default).")]
Force = Annotated[bool, Parameter(negative="", show_default=False, help="Play although it may not fit.")]
