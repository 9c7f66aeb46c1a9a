"""`vitropolis odd`: the model by the ODD protocol, written from its own code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from vitropolis.cli.options import PLAIN, Common
from vitropolis.cli.output import answer_text


def odd(
    *,
    out: Annotated[
        Path | None, Parameter(help="Write there instead of to standard output; must not exist yet.")
    ] = None,
    common: Common = PLAIN,
) -> None:
    """Describe the model by the ODD protocol, as Markdown; --json gives the tables behind it."""
    from vitropolis.cli.output import deliver
    from vitropolis.report.odd import odd_data, odd_text

    data = odd_data()
    deliver(answer_text("odd", data) if common.json else odd_text(data), out)
