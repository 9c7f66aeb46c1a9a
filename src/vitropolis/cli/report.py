"""`vitropolis report`: a run or a comparison as one HTML file to send."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from vitropolis.cli.options import PLAIN, Common, ProgressOption
from vitropolis.cli.output import Voice


def report(
    folder: Annotated[str, Parameter(help="The folder of a run or of a comparison.")],
    /,
    *,
    out: Annotated[
        str | None, Parameter(name=["--out", "-o"], help="The file to write (default: FOLDER.html).")
    ] = None,
    lives: Annotated[bool, Parameter(help="Whether to show two lives too: one wrongly hit, and a child.")] = True,
    progress: ProgressOption = "auto",
    common: Common = PLAIN,
) -> None:
    """Write what a run or a comparison found as one HTML file, which opens from disk and asks nothing of a network."""
    from vitropolis.cli.folders import new_file, opened
    from vitropolis.pages import comparison_document, lives_told, run_document
    from vitropolis.report import result_of
    from vitropolis.report.compared import Comparison
    from vitropolis.results.folder import disk_trouble

    voice = Voice.of(common, progress)
    target = new_file(out if out is not None else f"{Path(folder).resolve().name}.html")
    found = opened(folder, voice, progress)
    if isinstance(found, Comparison):
        text = comparison_document(found, Path(folder).name)
    else:
        result = result_of(found.folder, found.manifest, found.setup.plan)
        text = run_document(found, result, lives_told(found) if lives else [])
    content = text.encode("utf-8")
    with disk_trouble(target, "free some space or choose another place with -o"):
        target.write_bytes(content)
    data = {"folder": folder, "out": target, "bytes": len(content)}
    voice.answer("report", data, [f"written to: {target} ({len(content):,} bytes; synthetic city, no real people)"])
