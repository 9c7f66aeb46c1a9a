"""Wrong calls in our words: one line with what was wrong and the nearest that is legal."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from cyclopts import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
)
from cyclopts.exceptions import UnusedCliTokensError

from vitropolis.base.errors import UsageError
from vitropolis.cli.options import GLOBAL_FLAGS

_TYPES: dict[Any, str] = {int: "a whole number", float: "a number", bool: "yes or no"}


def nearest(word: str, legal: Sequence[str]) -> str:
    """Return `; did you mean ...?` for the closest legal word, or nothing."""
    close = get_close_matches(word, legal, n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else ""


def wrong_call(error: CycloptsError) -> UsageError:
    """Return the error that tells a user what was wrong with a call."""
    command = " ".join(("vitropolis", *(error.command_chain or ())))
    said = _said(error, command)
    return UsageError(said if "legal: " in said else f"{said} (see `{command} --help`)")


def _said(error: CycloptsError, command: str) -> str:
    if isinstance(error, UnknownOptionError):
        return _unknown_option(error, command)
    if isinstance(error, UnknownCommandError):
        return _unknown_command(error, command)
    if isinstance(error, CoercionError) and error.token is not None:
        return _wrong_value(error)
    if isinstance(error, MissingArgumentError) and error.argument is not None:
        name = error.keyword or error.argument.name
        return f"`{name}` needs a value" if name.startswith("-") else f"`{command}` needs {name}"
    if isinstance(error, RepeatArgumentError):
        return f"`{error.token.keyword or error.token.value}` stands here twice"
    if isinstance(error, UnusedCliTokensError) and error.unused_tokens:
        return f"`{command}` does not know what to do with `{error.unused_tokens[0]}`"
    error.verbose = False
    return " ".join(str(error).split())


def _unknown_option(error: UnknownOptionError, command: str) -> str:
    word = (error.token.keyword or error.token.value).partition("=")[0]
    names = [name for argument in error.argument_collection if argument.parse for name in argument.names]
    legal = [name for name in names if name.startswith("-")] + ["--help", "--version"]
    return f"`{word}` is not an option of `{command}`{nearest(word, legal)}"


def _unknown_command(error: UnknownCommandError, command: str) -> str:
    word = error.unused_tokens[0] if error.unused_tokens else ""
    if word.startswith("-"):
        flag = word.partition("=")[0]
        return f"`{flag}` is not an option of `{command}`{nearest(flag, (*GLOBAL_FLAGS, '--help', '--version'))}"
    legal = [name for name in error.app or () if not name.startswith("-")]
    return f"`{word}` is not a command of `{command}`{nearest(word, legal)} (legal: {', '.join(legal)})"


def _wrong_value(error: CoercionError) -> str:
    token, kind = error.token, error.target_type
    assert token is not None
    name = token.keyword or (error.argument.name if error.argument else "the argument")
    if get_origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, Enum)):
        legal = [str(each) for each in get_args(kind)]
        return f"`{token.value}` is not legal for {name}{nearest(token.value, legal)} (legal: {', '.join(legal)})"
    wanted = _TYPES.get(kind, "of another kind")
    return f"`{token.value}` is not legal for {name}: it must be {wanted}"
