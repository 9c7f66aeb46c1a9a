"""The application: its commands, and the one place where a call begins and every error ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vitropolis import __version__

if TYPE_CHECKING:
    from cyclopts import App

HELP = "Plays a social credit policy out on a wholly synthetic city, beside its twin without the policy."
EPILOGUE = (
    "Data goes to standard output, everything else to standard error. Synthetic city, no real people. Exit codes: "
    "0 done, 1 a check failed, 2 wrong call, 3 wrong input file, 4 refused, 5 memory, disk or rights are missing, "
    "70 our own mistake, 130 interrupted."
)
# name, where it lives, what the first page of help says
COMMANDS = (
    ("lint", "vitropolis.cli.lint:lint", "Judge a policy's text by law and due process, before anybody is scored."),
    ("run", "vitropolis.cli.run:run", "Play a policy and its twin; leaves a folder."),
    ("open", "vitropolis.cli.open:open_", "Look at it in the browser: policies, runs, lives, comparisons."),
    ("resume", "vitropolis.cli.resume:resume", "Go on with a run that was interrupted."),
    ("rerun", "vitropolis.cli.rerun:rerun", "Play a run again from its own copies and compare every hash."),
    ("show", "vitropolis.cli.show:show", "Say what a run found."),
    ("compare", "vitropolis.cli.compare:compare", "Set policies side by side: who is hit under which, and by what."),
    ("fork", "vitropolis.cli.fork:fork", "Play a run again until a day, then another policy."),
    ("ranges", "vitropolis.cli.ranges:ranges", "Say what the assumptions leave open of a run's headlines."),
    ("challenge", "vitropolis.cli.challenge:challenge", "Look for assumptions that would reverse a headline."),
    ("without", "vitropolis.cli.without:without", "Show what each mechanism of the model does to a run."),
    ("life", "vitropolis.cli.life:life", "Follow one synthetic resident, beside the same life without the policy."),
    ("report", "vitropolis.cli.report:report", "Write a run or a comparison as one HTML file to send."),
    ("figure", "vitropolis.cli.figure:figure", "Write one picture of a run or a comparison as svg, png or pdf."),
    ("export", "vitropolis.cli.export:export", "Write a run's results as CSV, Parquet or NetCDF."),
    ("policy", "vitropolis.cli.policy:policies", "List policies, or show what one says."),
    ("city", "vitropolis.cli.city:cities", "List cities, or show whom one is made of."),
    ("schema", "vitropolis.cli.schema:schema", "Print the JSON Schema of a kind of file."),
    ("odd", "vitropolis.cli.odd:odd", "Describe the model by the ODD protocol, from its own code."),
    ("verify", "vitropolis.cli.verify:verify", "Hold the code to known answers, and say which it misses."),
    ("doctor", "vitropolis.cli.doctor:doctor", "Say what this machine can play, and check it."),
)


def make_app() -> App:
    """Return the application; a command's module is imported when that command, or its help, is asked for."""
    from cyclopts import App

    app = App(
        name="vitropolis",
        help=HELP,
        help_epilogue=EPILOGUE,
        help_format="plaintext",
        version=f"vitropolis {__version__}",
        suppress_keyboard_interrupt=False,
    )
    for number, (name, place, text) in enumerate(COMMANDS):
        app.command(place, name=name, help=text, sort_key=number)
    return app


def start(arguments: Sequence[str] | None) -> int:
    """Do what a command line asks; return the exit code. Every error ends here."""
    call = list(sys.argv[1:] if arguments is None else arguments)
    _never_fail_to_print()
    try:
        code = _act(call)
        sys.stdout.flush()
    except BrokenPipeError:
        _close_quietly()
        return 0
    except (Exception, KeyboardInterrupt) as error:
        return _failed(error, call)
    return code


def _act(call: Sequence[str]) -> int:
    from cyclopts import CycloptsError
    from rich.console import Console

    from vitropolis.cli.options import CALL
    from vitropolis.cli.usage import wrong_call

    app = make_app()
    CALL.set(tuple(call))
    console = Console(no_color=True if "--no-color" in call else None, highlight=False)
    try:
        done: Any = app(
            flags_last(call), console=console, exit_on_error=False, print_error=False, result_action="return_value"
        )
    except CycloptsError as error:
        raise wrong_call(error) from None
    return done if isinstance(done, int) else 0


def flags_last(call: Sequence[str]) -> list[str]:
    """Return a call with the flags that stand before the command moved behind it, so that they may stand anywhere."""
    from vitropolis.cli.options import GLOBAL_FLAGS

    first = next((place for place, word in enumerate(call) if word not in GLOBAL_FLAGS), len(call))
    front, rest = list(call[:first]), list(call[first:])
    end = rest.index("--") if "--" in rest else len(rest)
    return [*rest[:end], *front, *rest[end:]] if rest and not rest[0].startswith("-") else rest


def _failed(error: BaseException, call: Sequence[str]) -> int:
    from vitropolis.cli.failures import explain, say

    try:
        code, lines = explain(error, call)
        say(lines, code, call)
    except BrokenPipeError:
        _close_quietly()
    if not _can_flush():
        _close_quietly()
    return code


def _never_fail_to_print() -> None:
    """A file name that is not text is printed with its bytes escaped."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _can_flush() -> bool:
    try:
        sys.stdout.flush()
    except OSError:
        return False
    return True


def _close_quietly() -> None:
    """Let the interpreter flush what nobody reads any more into nothing, without a word."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            os.dup2(nowhere, stream.fileno())
