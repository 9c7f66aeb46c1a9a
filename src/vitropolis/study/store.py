"""A run's `study/` folder: what was studied of this very run, each file whole or not at all.

Every file says of which run it is, by a digest of the run's outputs, at which size it was played and by which version.
What belongs to another run, or was made by another version, is refused: it is neither read nor mixed with new passes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vitropolis import __version__
from vitropolis.base.errors import RefusedError, UsageError
from vitropolis.base.mark import MARK
from vitropolis.engine.scenario import Setup
from vitropolis.report.studies import digest_of_run
from vitropolis.results.folder import disk_trouble, write_json
from vitropolis.results.reader import read_setup

ROOM = "study"


@dataclass(frozen=True)
class Store:
    """Where the studies of a run lie, and what marks them as its own. size: residents that the studies play."""

    home: Path
    run: str
    seed: int
    size: int

    @property
    def facts(self) -> dict[str, Any]:
        """What every file says."""
        return {"mark": MARK, "seed": self.seed, "run": self.run, "version": __version__, "size": self.size}

    def read(self, name: str) -> dict[str, Any] | None:
        """A study's file (`ranges`, `ranges/000`); None if there is none. RefusedError if it is not of this run."""
        path = self.home / f"{name}.json"
        if not path.is_file():
            return None
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise RefusedError(f"{path} cannot be read; remove it and study again") from None
        facts = found if isinstance(found, dict) else {}
        if facts.get("run") != self.run or facts.get("seed") != self.seed or facts.get("mark") != MARK:
            raise RefusedError(f"{path} is a study of another run; remove {self.home} and study again")
        if facts.get("version") != __version__:
            said = f"{path} was made by version {facts.get('version')}, this is {__version__}"
            raise RefusedError(f"{said}; remove {self.home} and study again")
        return None if facts.get("size") != self.size else dict(facts)

    def write(self, name: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Write a study's file, whole; return it as it stands there."""
        path = self.home / f"{name}.json"
        whole = {"schema": f"vitropolis.study.{name.partition('/')[0]}/1", **self.facts, **content}
        with disk_trouble(path, "free some space, then call again: what is finished is kept"):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_json(path, whole)
        return whole


def store_of(folder: str | Path, most: int) -> tuple[Store, Setup]:
    """The store of a complete run, and what the run played. UsageError or RefusedError if there is nothing to study."""
    home = Path(folder)
    manifest, setup = read_setup(home)
    if manifest["status"] != "complete":
        raise UsageError(f"{home} was interrupted: `vitropolis resume {home}` first, then study it")
    return Store(home / ROOM, digest_of_run(manifest), setup.plan.seed, min(setup.size, most)), setup
