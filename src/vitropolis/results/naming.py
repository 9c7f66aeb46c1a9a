"""Names of run folders that nobody named."""

from __future__ import annotations

from itertools import chain, count
from pathlib import Path

from vitropolis.engine.scenario import SIZES, Setup


def free_folder(setup: Setup) -> Path:
    """Return `runs/<policy>-<filling>-<size>-<seed>`, numbered if it is there already."""
    scenario = setup.scenario
    fillings = list(setup.fillings.values())
    words = [scenario.scenario.id, *(["all"] if len(fillings) > 1 else fillings), _short(setup), str(scenario.seed)]
    return _first_free(Path("runs") / "-".join(dict.fromkeys(words)))


def free_named(name: str, setup: Setup) -> Path:
    """Return `runs/<name>-<size>-<seed>`, numbered if it is there already."""
    return _first_free(Path("runs") / f"{name}-{_short(setup)}-{setup.scenario.seed}")


def free_beside(folder: Path, word: str) -> Path:
    """Return the path of a new folder `<folder>-<word>`, numbered if it is there already."""
    whole = folder.absolute()
    return _first_free(folder.parent / f"{whole.name}-{word}")


def _short(setup: Setup) -> str:
    if setup.size == setup.tables.population:
        return "full"
    names = {residents: name for name, residents in SIZES.items()}
    return names.get(setup.size, str(setup.size))


def _first_free(path: Path) -> Path:
    numbered = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return next(each for each in chain([path], numbered) if not each.exists())
