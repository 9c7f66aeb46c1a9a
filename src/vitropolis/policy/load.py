"""From a name, a path or a list of them to a checked `Policy`: find, read, lay over, validate, check."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from vitropolis.base.errors import InputError, Message, UsageError
from vitropolis.base.located import failures, nearest
from vitropolis.base.yamlfile import Node, parse_yaml, read_raw
from vitropolis.policy.checks import check
from vitropolis.policy.overlay import body, digest, merge, put, without
from vitropolis.policy.schema import Policy
from vitropolis.policy.values import Dated

SUFFIX = ".policy.yaml"
MAX_CHAIN = 8
FILLINGS = ("lenient", "middle", "harsh")
Ref = str | Path | Sequence[str | Path]
LONGEST_ID = 80
_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


@dataclass(frozen=True, slots=True)
class _Text:
    """One file: its name in messages, its tree, where its relative `extends` starts (None: the library), its bytes."""

    name: str
    tree: Node
    folder: Path | None
    raw: bytes


def library() -> tuple[str, ...]:
    """Names of the policies that come with the package, in alphabetical order."""
    found = (item.name for item in files("vitropolis.policy").joinpath("library").iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in found if name.endswith(SUFFIX)))


def library_text(name: str) -> bytes:
    """The exact bytes of a library policy. Raises UsageError for an unknown name."""
    if name not in library():
        raise UsageError(
            f"`{name}` is not a policy of the library{nearest(name, library())} (legal: {', '.join(library())})"
        )
    return files("vitropolis.policy").joinpath("library", name + SUFFIX).read_bytes()


def load_policy(ref: Ref) -> Policy:
    """Load a policy by library name, by path, or as a list `[base, overlay, ...]` of these.

    Overlays (`extends`) are followed, the merged text is validated and checked. What only a run cannot use (bands that
    overlap) is left to `check_playable`. Raises InputError with every message found, or UsageError for an unknown name.
    """
    refs = [ref] if isinstance(ref, str | Path) else list(ref)
    if not refs:
        raise UsageError("name at least one policy")
    chain = _chain(_open(refs[0], None), ())
    for other in refs[1:]:
        over = _open(other, None)
        _extends_known(over, chain)
        chain = [*chain, over]
    return _build(chain)


def load_text(text: bytes | str, name: str = "text.policy.yaml", folder: Path | None = None) -> Policy:
    """Load a policy from text instead of a file; `name` is what messages call it. Raises like `load_policy`."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return _build(_chain(_Text(name, parse_yaml(raw, name), folder, raw), ()))


def _open(ref: str | Path, folder: Path | None) -> _Text:
    text = str(ref)
    if text == "none":
        raise UsageError("`none` stands beside a policy (the same records, no scores); name that policy too")
    if isinstance(ref, Path) or "/" in text or "\\" in text or text.endswith((".yaml", ".yml")):
        path = Path(ref) if folder is None else folder / ref
        raw = read_raw(path, str(path))
        return _Text(str(path), parse_yaml(raw, str(path)), path.parent, raw)
    raw = library_text(text)
    return _Text(text + SUFFIX, parse_yaml(raw, text + SUFFIX), None, raw)


def _chain(text: _Text, seen: tuple[str, ...]) -> list[_Text]:
    """The files that `text` overlays, base first, and itself."""
    key = str(Path(text.name).resolve()) if text.folder is not None else text.name
    named = text.tree.child("extends")
    if key in seen:
        raise InputError(Message(text.name, 0, "extends", "goes round in a circle: " + " > ".join([*seen, key])))
    if len(seen) >= MAX_CHAIN:
        raise InputError(Message(text.name, 0, "extends", f"more than {MAX_CHAIN} files lie over one another"))
    if named is None:
        return [text]
    if not isinstance(named.value, str):
        raise InputError(Message(text.name, named.place, "extends", "must be a library name or a relative path"))
    if Path(named.value).is_absolute():
        raise InputError(Message(text.name, named.place, "extends", "must be a relative path or a library name"))
    try:
        base = _open(named.value, text.folder)
    except (UsageError, InputError) as error:
        if isinstance(error, InputError) and any(message.line for message in error.messages):
            raise
        raise InputError(Message(text.name, named.place, "extends", str(error))) from None
    return [*_chain(base, (*seen, key)), text]


def _extends_known(over: _Text, chain: Sequence[_Text]) -> None:
    """An overlay in a list may name in `extends` only what it is laid over anyway."""
    named = over.tree.child("extends")
    if named is None:
        return
    known = {_stem(text.name) for text in chain}
    if _stem(str(named.value)) not in known:
        under = ", ".join(sorted(known))
        text = f"extends `{named.value}`, but is laid over {under}; leave `extends` out or name it first"
        raise InputError(Message(over.name, named.place, "extends", text))


def _stem(name: str) -> str:
    return Path(name).name.removesuffix(SUFFIX)


def _build(chain: Sequence[_Text]) -> Policy:
    wrong: list[Message] = []
    tree: Node | None = None
    for under, text in zip(("", *(each.name for each in chain)), chain, strict=False):
        wrong += _head_messages(text, first=tree is None)
        if tree is not None:
            doomed = text.tree.child("delete")
            names = [str(item.value) for item in doomed.value] if doomed and isinstance(doomed.value, list) else []
            tree, missing = without(tree, names, _stem(chain[0].name), text.name)
            wrong += missing
        tree = body(text.tree) if tree is None else _named(merge(tree, body(text.tree)), tree, text, under)
    assert tree is not None
    policy = make(tree, tuple(text.name for text in chain), wrong)
    policy._texts = {text.name: text.raw for text in chain}
    return policy


def _named(merged: Node, below: Node, text: _Text, under: str) -> Node:
    """The merged tree under a name of its own: an overlay that gives no `policy.id` takes its file's name.

    Where it does not extend the very file `under` it, it may lie over several policies in one run, so the name below
    stands before its own. A file whose name is no legal id leaves the id as it is.
    """
    own, head, known = _stem(text.name), text.tree.child("policy"), below.child("policy")
    named = known.child("id") if known else None
    if named is None or (head and (head.child("id") or not isinstance(head.value, dict))):
        return merged
    extends = text.tree.child("extends")
    if extends is None or _stem(str(extends.value)) != _stem(under):
        own = f"{named.value}-{own}"[:LONGEST_ID].rstrip("-")
    if not text.name.endswith(SUFFIX) or _stem(text.name) == "text" or _id_wrong(own) or len(own) > LONGEST_ID:
        return merged
    return put(merged, ("policy", "id"), Node(own, text.name, 1, 1))


def _head_messages(text: _Text, first: bool) -> list[Message]:
    """What must hold of each single file: version, `delete` only in overlays, the id as the file's name."""
    wrong = []
    version, doomed = text.tree.child("schema_version"), text.tree.child("delete")
    if version is None:
        wrong.append(Message(text.name, 1, "", "`schema_version` is missing; write `schema_version: 1`"))
    if doomed is not None:
        bad = not isinstance(doomed.value, list) or any(not isinstance(item.value, str) for item in doomed.value)
        if bad:
            wrong.append(Message(text.name, doomed.place, "delete", "must be a list of elements `section.id`"))
        elif first:
            wrong.append(
                Message(text.name, doomed.place, "delete", "only an overlay can delete; this file lies over none")
            )
    head = text.tree.child("policy")
    named = head.child("id") if head else None
    if named is not None and isinstance(named.value, str):
        wrong += _id_messages(named, text.name)
    return wrong


def _id_messages(named: Node, file: str) -> list[Message]:
    name = str(named.value)
    if _id_wrong(name):
        return [
            Message(
                file, named.line, "policy.id", f"`{name}` must be in kebab-case (a-z, 0-9, single `-`) and not `none`"
            )
        ]
    if file.endswith(SUFFIX) and _stem(file) not in (name, "text"):
        return [Message(file, named.line, "policy.id", f"`{name}` is not the file's name; write `{_stem(file)}`")]
    return []


def _id_wrong(name: str) -> bool:
    return not _KEBAB.match(name) or name == "none"


def make(tree: Node, chain: tuple[str, ...], wrong: Sequence[Message] = ()) -> Policy:
    """Validate and check a merged tree; raises one InputError with `wrong` and everything else that is found."""
    messages = list(wrong)
    policy, dropped = _validate(tree, messages)
    if policy is not None:
        policy._tree = tree
        messages += check(policy, dropped)
    if messages or policy is None:
        raise InputError(list(dict.fromkeys(messages)))
    policy._digest, policy._chain = digest(tree), chain
    return policy


def _validate(tree: Node, messages: list[Message]) -> tuple[Policy | None, frozenset[str]]:
    """The model, and ids of elements left out because their own shape is wrong (so that the rest is checked as
    well)."""
    dropped: set[str] = set()
    for _ in range(2):
        try:
            return Policy.model_validate(tree.plain()), frozenset(dropped)
        except ValidationError as error:
            found = failures(Policy, tree, error)
            messages += [failure.message for failure in found]
            for failure in found:
                tree, name = _drop(tree, failure.path)
                dropped.add(name)
    return None, frozenset(dropped)


def _drop(tree: Node, path: tuple[str, ...]) -> tuple[Node, str]:
    section = tree.child(path[0]) if path else None
    if section is None or not isinstance(tree.value, dict):
        return tree, ""
    if len(path) > 1 and isinstance(section.value, dict) and path[0] not in ("policy", "population", "schema_version"):
        kept = {key: node for key, node in section.value.items() if str(key) != path[1]}
        return tree.with_value({**tree.value, path[0]: section.with_value(kept)}), ".".join(path[:2])
    if path[0] in ("policy", "population", "schema_version"):
        return tree, ""
    return tree.with_value({key: node for key, node in tree.value.items() if key != path[0]}), path[0]


def none_beside(policy: Policy) -> Policy:
    """The policy `none`: what `policy`'s departments record goes on being recorded, and nothing follows from it.

    Population, departments, feeds, behaviours and retention stay; points, ceilings, scores, lists, measures, spill-over
    and campaigns go, and with them what only speaks of these. Lines still point into the policy's own files.
    """
    keep = {"schema_version", "policy", "references", "population", "departments", "feeds", "behaviours", "retention"}
    value = policy.tree.value if isinstance(policy.tree.value, dict) else {}
    parts = {key: node for key, node in value.items() if key in keep or key in ("legal_basis", "links", "governance")}
    if "behaviours" in parts:
        parts["behaviours"] = _each(parts["behaviours"], ("points", "discretion_range", "band_ceiling", "max_counted"))
    head = parts["policy"]
    named = {"id": "none", "title": f"none beside {policy.id}: records, and nothing that follows from them"}
    written = dict(head.value) if isinstance(head.value, dict) else {}
    written |= {key: Node(text, head.file, head.line, head.column, head.place) for key, text in named.items()}
    parts["policy"] = head.with_value(written)
    return make(policy.tree.with_value(parts), (*policy.chain, "none"))


def lacking(policy: Policy, gone: Collection[str]) -> Policy:
    """The same policy without some of its elements (`section.id`; of `procedure`: its parts).

    What names one of them must not be left: InputError says what it is.
    """
    tree = policy.tree
    for name in gone:
        section, _, own = name.partition(".")
        whole = tree.value if isinstance(tree.value, dict) else {}
        part = whole[section]
        items = part.value if isinstance(part.value, dict) else {}
        kept = part.with_value({key: item for key, item in items.items() if key != own})
        tree = tree.with_value({**whole, section: kept})
    return make(tree, policy.chain) if gone else policy


def _each(section: Node, gone: Sequence[str]) -> Node:
    items = section.value if isinstance(section.value, dict) else {}
    kept = {}
    for name, node in items.items():
        fields = node.value if isinstance(node.value, dict) else {}
        kept[name] = node.with_value({key: item for key, item in fields.items() if key not in gone})
    return section.with_value(kept)


def change_dates(policy: Policy) -> tuple[date, ...]:
    """The days, rising, on which a dated value changes or an element comes into or goes out of force."""
    days = {day for _, value in policy.values() for day in value.changes}
    sections = ("feeds", "behaviours", "scores", "lists", "measures", "spillover", "campaigns", "sharing")
    for section in sections:
        for element in getattr(policy, section).values():
            if isinstance(element, Dated):
                days |= {day for day in (element.starts_on, element.ends_before) if day is not None}
    return tuple(sorted(days))


def fillings(ref: str) -> Mapping[str, str]:
    """The fillings of a template, by name: `{"lenient": ..., "middle": ..., "harsh": ...}`; empty if it has none.

    `ref` is the template's library name (which is also the middle filling) or the name of one of its fillings.
    """
    template = ref
    for name in FILLINGS:
        template = template.removesuffix(f"-{name}")
    names = {"lenient": f"{template}-lenient", "middle": template, "harsh": f"{template}-harsh"}
    return MappingProxyType(names if all(name in library() for name in names.values()) else {})


def sourced_values(policy: Policy) -> tuple[int, int]:
    """(n, m): of the m values written in the policy (each date of a dated one counts), n have the status `sourced`."""
    statuses = [step.status or policy.policy.default_status for _, value in policy.values() for step in value.steps]
    return statuses.count("sourced"), len(statuses)
