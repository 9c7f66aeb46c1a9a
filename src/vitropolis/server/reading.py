"""What the clerk of one run folder answers: the check whether this model made it, and then what it says.

Only the clerk opens folders. Names of files are those in `FILES` and of the figures; none comes from outside.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from vitropolis.base.errors import UsageError

if TYPE_CHECKING:
    from vitropolis.pages import Figure
    from vitropolis.report.compared import Comparison
    from vitropolis.report.result import Result
    from vitropolis.results import OpenRun

FIGURE = "figure-"
MEDIA = {
    ".html": "text/html; charset=utf-8", ".json": "application/json", ".csv": "text/csv; charset=utf-8",
    ".yaml": "application/yaml; charset=utf-8", ".svg": "image/svg+xml", ".zip": "application/zip",
}  # fmt: skip
FILES: Mapping[str, str] = {
    "report.html": "the whole report in one file that opens without a network",
    "result.json": "everything the run found, with methods and ranges",
    "headlines.csv": "the headline numbers as a table",
    "lists.csv": "stays of synthetic residents on lists, a sample of residents",
    "indicators.nc": "every count by week, day, district and group",
    "lists.parquet": "every stay of a synthetic resident on a list",
    "policy.yaml": "the policy as it was played",
    "inputs.zip": "everything needed to play it again",
    "run.json": "what was played, from what, with the hash of every output",
}
COMPARED: Mapping[str, str] = {
    "report.html": "the whole comparison in one file that opens without a network",
    "comparison.json": "everything the comparison found",
    "people.parquet": "every synthetic resident hit under any of the policies",
}
# Files of the folder, which the server sends as they are.
AS_IT_IS = ("indicators.nc", "lists.parquet", "run.json", "comparison.json", "people.parquet")


class Reader:
    """One run folder or comparison, opened when something is asked that needs it."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)
        self.run: OpenRun | None = None
        self.comparison: Comparison | None = None
        self.found: Result | None = None
        self.answers: Mapping[str, Callable[..., Any]] = {
            "check": self.check, "view": self.view, "compared": self.compared, "lives": self.lives, "life": self.life,
            "files": self.files, "file": self.file,
        }  # fmt: skip

    def check(self) -> bool:
        """Open the folder as every command does. RefusedError names what this model did not make."""
        from vitropolis.results import open_run
        from vitropolis.study import compare, expected

        if compare.is_comparison(self.folder):
            self.comparison = compare.checked(self.folder, threads=expected.cores())
            return True
        self.run = open_run(self.folder, threads=expected.cores())
        if not self.run.complete:
            raise UsageError("this run was interrupted: go on with it first")
        return True

    def _opened(self) -> OpenRun:
        """The run, as it was opened for its check, or again: nothing but `check` is asked before a verdict is kept."""
        from vitropolis.results.reader import reopen_run
        from vitropolis.study.expected import cores

        if self.run is None:
            self.run = reopen_run(self.folder, threads=cores())
        return self.run

    def _result(self) -> Result:
        """What a run that was checked found; its inputs are compared with `run.json` once more."""
        from vitropolis.report import result_of
        from vitropolis.results.reader import read_setup

        if self.found is None:
            manifest, setup = (self.run.manifest, self.run.setup) if self.run else read_setup(self.folder)
            self.found = result_of(self.folder, manifest, setup.plan)
        return self.found

    def view(self, part: str) -> dict[str, str]:
        """A piece of a run's page: `results` or `method`."""
        from vitropolis.pages import method_view, results_view

        made = method_view(self._result()) if part == "method" else results_view(self._result(), self.folder.name)
        return {"title": made.title, "html": made.html}

    def compared(self) -> dict[str, str]:
        """The page of a comparison that was checked."""
        from vitropolis.pages import compared_view

        made = compared_view(self._comparison(), self.folder.name)
        return {"title": made.title, "html": made.html}

    def _comparison(self) -> Comparison:
        """What a comparison that was checked found."""
        from vitropolis.study import compare

        if self.comparison is None:
            said = compare.read_comparison(self.folder)
            rooms = [self.folder / compare.PASSES / str(number) for number in range(1, said["passes"] + 1)]
            self.comparison = compare.compare(self.folder, rooms, said["names"], said["coupling"], write=False)
        return self.comparison

    def lives(self) -> list[dict[str, Any]]:
        """Each fixed pick, and how many residents it finds in the world that a life is shown in."""
        from vitropolis.results.life import world_named
        from vitropolis.results.picks import PICKS, pick

        run = self._opened()
        world, found = world_named(run, None), []
        for name, (words, _) in PICKS.items():
            try:
                count = pick(run, name, world).among
            except UsageError:
                count = 0
            found.append({"pick": name, "words": words, "count": count})
        return found

    def life(self, pick: str, number: int) -> dict[str, Any]:
        """The `number`-th life (from 1) of a pick, as a piece of a page. UsageError if the pick finds fewer."""
        from vitropolis.pages import life_view
        from vitropolis.results.life import life_of

        run = self._opened()
        shown = life_of(run, pick=pick, number=number - 1)
        made, how = life_view(run, shown), shown.picked
        return {"title": made.title, "html": made.html, "resident": shown.id, "pick": pick, "number": how.number,
                "among": how.among}  # fmt: skip

    def files(self) -> list[dict[str, Any]]:
        """What can be had, in the order in which most want it."""
        named = COMPARED if (self.folder / "comparison.json").is_file() else FILES
        named = {**named, **{f"{FIGURE}{each.id}.svg": each.title for each in self._figures()}}
        return [
            {"name": name, "words": words, "bytes": self._size(name), "media": media_of(name)}
            for name, words in named.items()
        ]

    def _figures(self) -> list[Figure]:
        """Every picture of the run or comparison."""
        from vitropolis.pages import figures_of, figures_of_comparison

        if (self.folder / "comparison.json").is_file():
            return figures_of_comparison(self._comparison())
        return figures_of(self._result())

    def _size(self, name: str) -> int | None:
        return (self.folder / name).stat().st_size if name in AS_IT_IS else None

    def file(self, name: str, out: str) -> str:
        """Write a file that must be made to the path `out`; return its media type. UsageError for any other name."""
        if name in AS_IT_IS or name not in {each["name"] for each in self.files()}:
            raise UsageError(f"there is no file `{name}` of this run")
        Path(out).write_bytes(self._made(name))
        return media_of(name)

    def _made(self, name: str) -> bytes:
        if name == "report.html":
            return self._report().encode("utf-8")
        if name.startswith(FIGURE):
            return self._figure(name.removeprefix(FIGURE).removesuffix(".svg"))
        makers = {"result.json": self._result_json, "policy.yaml": self._policy, "inputs.zip": self._inputs}
        return makers[name]() if name in makers else self._table(name.removesuffix(".csv"))

    def _report(self) -> str:
        """One file: of a run with a few lives, of a comparison as it is."""
        from vitropolis.pages import comparison_document, lives_told, run_document

        if (self.folder / "comparison.json").is_file():
            return comparison_document(self._comparison(), self.folder.name)
        run = self._opened()
        return run_document(run, self._result(), lives_told(run))

    def _figure(self, name: str) -> bytes:
        figure = next(each for each in self._figures() if each.id == name)
        return figure.file().encode("utf-8")

    def _result_json(self) -> bytes:
        import json

        from vitropolis.report import as_data

        return (json.dumps(as_data(self._result()), indent=1, ensure_ascii=False) + "\n").encode("utf-8")

    def _policy(self) -> bytes:
        """The file of the first policy: of a template, its middle filling."""
        run = self._opened()
        middle = [name for name, filling in run.setup.fillings.items() if filling == "middle"]
        chosen = next((each for each in run.setup.policies if each.id in middle), run.setup.policies[0])
        return chosen.text(chosen.chain[-1])

    def _inputs(self) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in sorted(self._opened().setup.inputs.items()):
                packed.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
        return made.getvalue()

    def _table(self, part: str) -> bytes:
        from vitropolis.report.headline_table import headline_table
        from vitropolis.results.export import export

        with TemporaryDirectory(prefix="vitropolis-") as room:
            what = () if part == "headlines" else (part,)
            first = headline_table(self._result()) if part == "headlines" else None
            export(self._opened(), Path(room) / "out", "csv", what, headlines=first)
            return (Path(room) / "out" / f"{part}.synthetic.csv").read_bytes()


def media_of(name: str) -> str:
    """The media type of a file by its ending."""
    return MEDIA.get(Path(name).suffix, "application/octet-stream")
