"""`vitropolis open`: the city in the browser, from this machine alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from vitropolis.base.errors import UsageError
from vitropolis.cli.options import PLAIN, Common
from vitropolis.cli.output import Voice

if TYPE_CHECKING:
    from vitropolis.server.settings import Limits, Settings

MOST_PORT = 65_535


def open_(
    folder: Annotated[
        str | None, Parameter(name="RUN", help="The folder of a run or comparison to begin with.")
    ] = None,
    /,
    *,
    port: Annotated[int | None, Parameter(help="The port (default: 8765, or the next free one).")] = None,
    host: Annotated[
        str, Parameter(help="The address to listen on; any but this machine's own makes the address secret.")
    ] = "127.0.0.1",
    readonly: Annotated[
        bool, Parameter(negative="", show_default=False, help="Show runs, and play, change and delete none.")
    ] = False,
    no_browser: Annotated[
        bool, Parameter(negative="", show_default=False, help="Print the address, and open no browser.")
    ] = False,
    runs: Annotated[str, Parameter(help="The folder in which runs lie and are made.")] = "runs",
    largest: Annotated[
        str | None,
        Parameter(show_default=False, help="The largest size that is played, such as 200k (default: any)."),
    ] = None,
    common: Common = PLAIN,
) -> None:
    """Open the page of the city: pick or write a policy, play it, see who is hit and why, follow a life, compare.

    Only this machine reaches it, and it reaches nothing. Runs are played by this program in processes of their own;
    Ctrl-C stops what runs, and `resume` goes on with it.
    """
    from vitropolis.server.serve import serve
    from vitropolis.server.settings import Settings

    voice = Voice.of(common)
    settings = Settings(
        runs=_folder(runs), host=host, readonly=readonly, opened=_run(folder), limits=_limits(largest)
    )  # fmt: skip
    if port is not None and not 0 <= port <= MOST_PORT:
        raise UsageError(f"`{port}` is not legal for --port: it must be 0 to {MOST_PORT:,}")
    stopped = serve(settings, port, lambda known: _say(known, voice, no_browser))
    for job in stopped:
        voice.note(f"stopped {job.id}; go on with: vitropolis resume {settings.runs / job.id}, or on the page")


def _folder(runs: str) -> Path:
    path = Path(runs)
    if path.exists() and not path.is_dir():
        raise UsageError(f"--runs {runs} is not a folder")
    return path


def _run(folder: str | None) -> Path | None:
    """The folder to begin with. UsageError if it is none of a run; the server checks whether this model made it."""
    if folder is None:
        return None
    path = Path(folder)
    if not any((path / name).is_file() for name in ("run.json", "comparison.json")):
        raise UsageError(f"{folder} is no folder of a run or comparison: it has no run.json")
    return path


def _limits(largest: str | None) -> Limits:
    from vitropolis.server.settings import Limits

    if largest is None:
        return Limits()
    from vitropolis.cli.refs import size_of

    return Limits(largest=size_of(largest, Limits().largest))


def _say(known: Settings, voice: Voice, no_browser: bool) -> None:
    """Say where the page is, and open it."""
    page = f"results/{_shown(known)}" if known.opened else ""
    where = [f"{each}{page}" for each in known.addresses]
    if voice.json:
        data = {"address": where[0], "addresses": where, "readonly": known.readonly, "runs": str(known.runs)}
        voice.answer("open", data, ())
    else:
        print("\n".join(where), flush=True)
    if not known.local:
        voice.note("whoever has this address can use the page: others on the network cannot guess it")
    voice.note("Ctrl-C ends it. Synthetic city, no real people.")
    if not no_browser:
        from vitropolis.server.browser import show

        show(f"{known.here}{page}")


def _shown(known: Settings) -> str:
    from vitropolis.server.shelf import Shelf

    opened = Shelf(known.runs, known.opened).opened
    return opened.id if opened else ""
