"""A process of its own that answers questions on its standard input, one JSON object a line, until that is closed.

`python -m vitropolis.server.clerk policies` judges texts and says what runs would take; `... run FOLDER` checks one run
folder and reads it. So what is slow, large or hostile is never in the web process, and can be ended at any moment.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from vitropolis.base.errors import InputError, RefusedError, ResourceError, VitropolisError

Answers = Mapping[str, Callable[..., Any]]
CODES: tuple[tuple[type[VitropolisError], str], ...] = (
    (RefusedError, "refused"), (ResourceError, "resources"), (InputError, "input"),
)  # fmt: skip


def serve(answers: Answers, questions: TextIO, out: TextIO) -> None:
    """Answer each question in turn: `{"ask": name, ...arguments}` gives `{"is": answer}` or `{"wrong": ...}`."""
    for line in questions:
        asked = json.loads(line)
        name = asked.pop("ask")
        print(json.dumps(_answer(answers[name], asked), ensure_ascii=True), file=out, flush=True)


def _answer(function: Callable[..., Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {"is": function(**asked)}
    except VitropolisError as error:
        code = next((name for kind, name in CODES if isinstance(error, kind)), "usage")
        return {"wrong": {"code": code, "words": str(error)}}
    except MemoryError:
        return {"wrong": {"code": "resources", "words": "this machine has too little free memory for it"}}
    except Exception as error:
        return {"wrong": {"code": "internal", "words": _kept(error)}}


def _kept(error: Exception) -> str:
    """Keep the traceback in a file of its own and say where, as the command line does."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="vitropolis-error-", suffix=".log", delete=False, encoding="utf-8", errors="backslashreplace"
    ) as file:
        file.write("".join(traceback.format_exception(error)))
    return f"internal error ({type(error).__name__}); this is our mistake: the traceback is in {file.name}"


def _private_output() -> TextIO:
    """What goes to standard output by mistake goes to standard error; answers have the old one to themselves."""
    kept = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(kept, "w", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Answer about policies, or about the run folder that is named."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server, which the terminal's Ctrl-C reaches too, ends this
    out = _private_output()
    if arguments[0] == "policies":
        from vitropolis.server.policies import ANSWERS

        serve(ANSWERS, sys.stdin, out)
    else:
        from vitropolis.server.reading import Reader

        serve(Reader(arguments[1]).answers, sys.stdin, out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
