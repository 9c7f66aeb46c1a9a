"""Exact copies of every file that a run reads, and the scenario that names the copies."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from vitropolis.base.errors import InputError, Message
from vitropolis.base.intake import check_tree
from vitropolis.base.located import Source, parse
from vitropolis.base.yamlfile import Node, read_yaml
from vitropolis.city.tables import CityFile
from vitropolis.model import assumptions as held
from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.policy import Policy, library, library_text

AGAIN = "run.scenario.yaml"
BESIDE, BASE = "beside", "base"  # what is no filling but stands elsewhere in a scenario
POLICY_SUFFIX = ".policy.yaml"


def layered_assumptions(ref: str | Sequence[str], folder: Path) -> tuple[Assumptions, list[Path]]:
    """Read a set by name or path (`extends` followed), or from its layers, base first; also give the layers' files."""
    if isinstance(ref, str):
        path = held._path_of(ref, folder)
        made = load_assumptions(path)
        layers = _layers(path)
    else:
        layers = [held._path_of(each, folder) for each in ref]
        made = _laid_over(layers)
    for layer in layers:
        check_tree(read_yaml(layer, layer.name))
    return made, layers


def _layers(path: Path) -> list[Path]:
    extends = read_yaml(path).child("extends")
    return [path] if extends is None else [*_layers(held._path_of(str(extends.value), path.parent)), path]


def _laid_over(layers: Sequence[Path]) -> Assumptions:
    tree: Node | None = None
    known: set[str] = set()
    for path in layers:
        top = read_yaml(path)
        extends = top.value.pop("extends", None) if isinstance(top.value, dict) else None
        if (extends is None) != (tree is None) or (extends is not None and _stem(str(extends.value)) not in known):
            raise InputError(Message(str(path), 1, "extends", "in a list, each set extends one that stands before it"))
        known.add(_stem(path.name))
        tree = top if tree is None else held._over(tree, top)
    assert tree is not None
    made = parse(Assumptions, tree)
    made._source = Source(tree)
    return made


def _stem(name: str) -> str:
    return Path(name).name.removesuffix(held.SUFFIX)


class Copies:
    """The files of `inputs/`, each once; two files of one name go into numbered folders."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self._known: dict[tuple[str, str, str], str] = {}

    def add(self, room: str, name: str, content: bytes) -> str:
        """Keep a file; return its path in `inputs/`."""
        key = (room, name, hashlib.sha256(content).hexdigest())
        if key not in self._known:
            path, number = f"{room}/{name}", 2
            while path in self.files:
                path, number = f"{room}/{number}/{name}", number + 1
            self.files[path] = content
            self._known[key] = path
        return self._known[key]


def copies_of(
    scenario: Any,
    file: Path | None,
    chosen: Sequence[tuple[str, Policy]],
    layers: Sequence[Path],
    city: Path,
    played: tuple[int, date, date],
) -> Mapping[str, bytes]:
    """Copy what a scenario read and write `run.scenario.yaml`, which plays exactly the same from the copies.

    `chosen`: policies with their fillings, or BESIDE, or BASE; `layers`: files of the assumptions; `played`:
    residents, first and last day.
    """
    copies = Copies()
    copied = [(kind, [_policy_copy(copies, name) for name in policy.chain]) for kind, policy in chosen]
    refs = {kind: names for kind, names in copied if kind not in (BESIDE, BASE)}
    sets = [copies.add("assumptions", path.name, path.read_bytes()) for path in layers]
    if file is not None:
        copies.add("given", file.name, file.read_bytes())
    town = _city_copy(copies, city)
    first = next(iter(refs.values()))
    content: dict[str, Any] = {
        "schema_version": 1,
        "scenario": scenario.scenario.model_dump(),
        "policy": list(refs.get("middle", first)),  # a copy: YAML would write an alias
        "city": town,
        "size": played[0],
        "assumptions": sets,
        "from": played[1],
        "to": played[2],
        "seed": scenario.seed,
        "twin": scenario.twin,
        "outputs": scenario.outputs.model_dump(),
    }
    others, base = ([list(names) for kind, names in copied if kind == which] for which in (BESIDE, BASE))
    content |= {"beside": others} if others else {}
    content |= {"base": base[0]} if base else {}
    content |= {"queues": list(scenario.queues)} if scenario.queues else {}
    content |= {} if scenario.chance is None else {"chance": scenario.chance}
    if "" not in refs:
        content |= {"filling": "all", "fillings": refs}
    text = "# Plays this run again from the copies beside it: `vitropolis rerun` reads it.\n"
    text += yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)
    return {AGAIN: text.encode()} | copies.files


def _policy_copy(copies: Copies, name: str) -> str:
    stem = name.removesuffix(POLICY_SUFFIX)
    ours = Path(name).name == name and stem in library()
    return copies.add("policies", Path(name).name, library_text(stem) if ours else Path(name).read_bytes())


def _city_copy(copies: Copies, folder: Path) -> str:
    room = folder.resolve().name
    copies.add(room, "city.yaml", (folder / "city.yaml").read_bytes())
    listed = parse(CityFile, read_yaml(folder / "city.yaml"))
    for entry in listed.tables.values():
        copies.add(room, entry.file, (folder / entry.file).read_bytes())
    return room
