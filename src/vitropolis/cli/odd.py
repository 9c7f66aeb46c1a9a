"""`vitropolis odd`: the model by the ODD protocol, written from its own code; what each headline rests on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from vitropolis.base.errors import UsageError
from vitropolis.cli.options import PLAIN, Common
from vitropolis.cli.output import Voice, answer_text


def odd(
    *,
    headlines: Annotated[
        bool,
        Parameter(negative="", show_default=False, help="Say what each headline rests on, and what moves it."),
    ] = False,
    of: Annotated[
        str | None, Parameter(help="With --headlines: the folder of a run whose numbers are told (default: one kept).")
    ] = None,
    out: Annotated[
        Path | None, Parameter(help="Write there instead of to standard output; must not exist yet.")
    ] = None,
    common: Common = PLAIN,
) -> None:
    """Describe the model by the ODD protocol, as Markdown; --json gives the tables behind it."""
    from vitropolis.cli.output import deliver

    if of is not None and not headlines:
        raise UsageError("--of says whose headlines; add --headlines")
    if headlines:
        from vitropolis.report.headline_page import headline_data, headline_text, kept

        data = headline_data(kept()) if of is None else _of_run(of, Voice.of(common))
        deliver(answer_text("headlines", data) if common.json else headline_text(data), out)
        return
    from vitropolis.report.odd import odd_data, odd_text

    data = odd_data()
    deliver(answer_text("odd", data) if common.json else odd_text(data), out)


def _of_run(folder: str, voice: Voice) -> dict[str, Any]:
    """The page's data of a complete run, which is opened (and so checked) first."""
    from vitropolis.cli.machine import cores
    from vitropolis.cli.play import warm
    from vitropolis.report.headline_page import headline_data, measured_in
    from vitropolis.results import open_run

    warm(voice)
    run = open_run(folder, threads=cores(), progress=lambda _: None)
    return headline_data(measured_in(run), run.setup.plan.worlds[0])
