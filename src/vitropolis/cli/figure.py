"""`vitropolis figure`: one picture of a run or a comparison as a file, for papers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from vitropolis.base.errors import UsageError
from vitropolis.cli.options import PLAIN, Common, ProgressOption
from vitropolis.cli.output import Voice
from vitropolis.cli.usage import nearest

if TYPE_CHECKING:
    from vitropolis.pages import Figure
    from vitropolis.report.compared import Comparison
    from vitropolis.results.reader import OpenRun


def figure(
    folder: Annotated[str, Parameter(help="The folder of a run or of a comparison.")],
    name: Annotated[str | None, Parameter(help="Which picture; --list names them.")] = None,
    /,
    *,
    out: Annotated[
        str | None, Parameter(name=["--out", "-o"], help="The file: .svg, .png or .pdf (default: NAME.svg).")
    ] = None,
    width: Annotated[int, Parameter(help="Width of the drawing, 320 to 2000 pixels.")] = 720,
    list_: Annotated[
        bool, Parameter(name="--list", negative="", show_default=False, help="Name the pictures.")
    ] = False,
    progress: ProgressOption = "auto",
    common: Common = PLAIN,
) -> None:
    """Write one picture as a file that carries its title, its numbers' basis and its colours in itself."""
    from vitropolis.cli.folders import new_file, opened
    from vitropolis.pages import KINDS, written
    from vitropolis.results.folder import disk_trouble

    if name is None and not list_:
        raise UsageError("which picture? `--list` names those that this folder has")
    if not 320 <= width <= 2000:
        raise UsageError(f"`{width}` is not legal for --width: it must be 320 to 2000")
    voice = Voice.of(common, progress)
    target = None if list_ else new_file(out or f"{name}.svg")
    kind = next((each for each in KINDS if target is not None and target.suffix == f".{each}"), None)
    if target is not None and kind is None:
        raise UsageError(
            f"`{target.name}` is not legal for -o: it must end with {', '.join(f'.{each}' for each in KINDS)}"
        )
    found = pictures(opened(folder, voice, progress))
    if target is None or kind is None:
        voice.answer("figures", _named(found), [f"{each.id:<10}  {each.title.replace('`', '')}" for each in found])
        return
    content = written(_chosen(found, name or ""), kind, width)
    with disk_trouble(target, "free some space or choose another place with -o"):
        target.write_bytes(content)
    _tell(voice, folder, name or "", target, len(content))


def _tell(voice: Voice, folder: str, name: str, target: Path, size: int) -> None:
    data = {"folder": folder, "figure": name, "out": target, "bytes": size}
    voice.answer("figure", data, [f"written to: {target} ({size:,} bytes; synthetic city, no real people)"])


def pictures(found: OpenRun | Comparison) -> list[Figure]:
    """The pictures that a folder has."""
    from vitropolis.pages import figures_of, figures_of_comparison
    from vitropolis.report import result_of
    from vitropolis.report.compared import Comparison

    if isinstance(found, Comparison):
        return figures_of_comparison(found)
    return figures_of(result_of(found.folder, found.manifest, found.setup.plan))


def _named(found: list[Figure]) -> dict[str, object]:
    return {"figures": [{"name": each.id, "title": each.title, "alt": each.alt} for each in found]}


def _chosen(found: list[Figure], name: str) -> Figure:
    names = [each.id for each in found]
    if name not in names:
        raise UsageError(f"`{name}` is no picture of this folder{nearest(name, names)} (legal: {', '.join(names)})")
    return found[names.index(name)]
