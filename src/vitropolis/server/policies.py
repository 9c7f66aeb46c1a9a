"""What the clerk for policies answers: the library, the judgement of a text, what a run of it would take."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vitropolis.base.errors import InputError, Message
from vitropolis.base.yamlfile import Node, parse_yaml
from vitropolis.policy import fillings, first_sentence, library, library_text, load_policy, load_text, summary

if TYPE_CHECKING:
    from vitropolis.lint.check import Report
    from vitropolis.lint.finding import Finding
    from vitropolis.policy import Policy
    from vitropolis.study.expected import Expected

NAME = "your.policy.yaml"  # what messages call a text that came over the wire
MOST_FINDINGS = 300
SUFFIX = ".policy.yaml"


def warm() -> bool:
    """Load what the first check would load, so that it is as quick as the next."""
    check(library_text("beijing-2018-press").decode())
    return True


def entries() -> list[dict[str, Any]]:
    """The policies of the library; a template once, with its fillings."""
    found = []
    for name in library():
        others = fillings(name)
        if not others or others["middle"] == name:
            policy = load_policy(name)
            found.append(
                {
                    "id": name,
                    "title": _title(policy, bool(others)),
                    "jurisdiction": ", ".join(policy.policy.jurisdictions),
                    "fillings": list(others),
                    "summary": first_sentence(policy),
                }
            )
    return found


def _title(policy: Policy, template: bool) -> str:
    """A template is offered under the name that its fillings share."""
    return policy.policy.title.removesuffix(", middle filling") if template else policy.policy.title


def offers(out: str) -> list[dict[str, Any]]:
    """The usual sizes with what a run would take here."""
    from vitropolis.study import expected

    return [
        {"name": name, "residents": number, "seconds": cost.seconds, "bytes": cost.memory_bytes, "fits": fits}
        for name, number, cost, fits in expected.offers(Path(out))
    ]


def entry(policy: str) -> dict[str, Any]:
    """One policy of the library: its text and what it says in plain words. UsageError for an unknown name."""
    text = library_text(policy).decode("utf-8")
    held = load_policy(policy)
    return {"id": policy, "title": held.policy.title, "text": text, "summary": summary(held)}


def schema() -> dict[str, Any]:
    """The JSON Schema of a policy file."""
    from vitropolis.policy import policy_schema

    return policy_schema()


def read_text(text: str) -> Policy:
    """A policy from a text of unknown origin: it may lie over policies of the library, and over no file."""
    tree = parse_yaml(text, NAME)
    based = tree.child("extends")
    if based is not None and based.value not in library():
        said = f"a text on this page may extend a policy of the library, and no file (legal: {', '.join(library())})"
        raise InputError(Message(NAME, based.place, "extends", said))
    return load_text(text, NAME if not _named(tree) else f"{_named(tree)}{SUFFIX}")


def _named(tree: Node) -> str:
    """The id that a text gives itself, where a file could bear it."""
    head = tree.child("policy")
    named = head.child("id") if head is not None else None
    word = named.value if named is not None else None
    plain = isinstance(word, str) and word.isascii() and word.replace("-", "").isalnum() and word == word.lower()
    return str(word) if plain and len(str(word)) <= 80 else ""


def check(text: str) -> dict[str, Any]:
    """Whether a text is a policy, what the linter says of it, what it means in plain words."""
    began = time.perf_counter()
    try:
        policy = read_text(text)
    except InputError as error:
        return _checked(began, errors=[_error(each) for each in error.messages])
    errors = [_error(each) for each in _not_playable(policy)]
    report = _report(policy)
    found = [_finding(report, each) for each in report.shown[:MOST_FINDINGS]]
    left = max(0, len(report.shown) - MOST_FINDINGS)
    return _checked(began, valid=not errors, errors=errors, findings=found, more=left, summary=summary(policy))


def _checked(began: float, **told: Any) -> dict[str, Any]:
    spent = round(1000 * (time.perf_counter() - began))
    nothing = {"valid": False, "errors": [], "findings": [], "more": 0, "summary": []}
    return {**nothing, **told, "milliseconds": spent}


def _error(message: Message) -> dict[str, Any]:
    return {"line": message.line, "column": 0, "field": message.element, "message": message.text}


def _not_playable(policy: Policy) -> Sequence[Message]:
    """What only a run cannot use."""
    from vitropolis.policy import check_playable

    try:
        check_playable(policy, policy.starts_on or date.max)
    except InputError as error:
        return error.messages
    return ()


def _report(policy: Policy) -> Report:
    from vitropolis.lint.check import check as judge

    return judge(policy, date.today())


def _finding(report: Report, found: Finding) -> dict[str, Any]:
    from vitropolis.lint.render.words import law_of

    rule, source = report.rule(found.rule), report.policy.source
    hops = [
        {"element": hop.element, "says": hop.says, "line": source.place_of(hop.element)[1]}
        for hop in found.outcome.path
    ]
    said = f"{found.led}: {found.outcome.says}" if found.led else found.outcome.says
    return {
        "id": found.rule, "severity": found.severity, "kind": found.kind, "title": rule.title, "message": said,
        "element": found.outcome.element, "line": found.line, "column": found.column, "path": hops,
        "ground": [ground.cite for ground in law_of(rule)],
        "fix": [{"verb": verb, "what": what} for verb, what in rule.fixes], "suppressed": found.suppressed,
    }  # fmt: skip


def estimate(policy: str | None, text: str | None, filling: str | None, size: str, out: str) -> dict[str, Any]:
    """What a run would take. InputError, UsageError, RefusedError where it could not be played."""
    found = _run(policy, text, filling, size, 1, out)
    return {
        "seconds": found.cost.seconds,
        "bytes": found.cost.memory_bytes,
        "fits": not found.lacks,
        "words": found.words,
    }


def prepare(
    policy: str | None, text: str | None, filling: str | None, size: str, seed: int, out: str
) -> dict[str, Any]:
    """The same for a run that is to be played: what it will be called, how large it is, what it lacks."""
    return _told(_run(policy, text, filling, size, seed, out))


def prepare_comparison(policies: list[str], size: str, seed: int, out: str) -> dict[str, Any]:
    """The same for a comparison."""
    from vitropolis.study import expected

    for name in policies:
        if name != expected.TWIN:
            library_text(name)
    return _told(expected.of_comparison(policies, size, seed, Path(out)))


def _told(found: Expected) -> dict[str, Any]:
    from vitropolis.study.expected import STUDIED

    return {"names": list(found.names), "title": found.title, "residents": found.residents, "lacks": found.lacks,
            "ranges": found.residents >= STUDIED}  # fmt: skip


def left(folder: str) -> int:
    """The residents that a folder would go on with, by its own inputs. RefusedError if those were changed."""
    from vitropolis.study import expected

    return expected.residents_of(Path(folder))


def _run(policy: str | None, text: str | None, filling: str | None, size: str, seed: int, out: str) -> Expected:
    from vitropolis.study import expected

    if policy is not None:
        library_text(policy)
        return expected.of_run(policy, filling, size, seed, Path(out))
    with _as_file(text or "") as path:
        return expected.of_run(str(path), filling, size, seed, Path(out))


@contextmanager
def _as_file(text: str) -> Iterator[Path]:
    """A text that was looked at, as a file of the name it must have to be played."""
    held = read_text(text)
    with tempfile.TemporaryDirectory(prefix="vitropolis-") as room:
        file = Path(room) / f"{held.id}{SUFFIX}"
        file.write_text(text, encoding="utf-8")
        yield file


ANSWERS: Mapping[str, Any] = {
    "warm": warm, "entries": entries, "offers": offers, "entry": entry, "schema": schema, "check": check,
    "estimate": estimate, "prepare": prepare, "prepare_comparison": prepare_comparison, "left": left,
}  # fmt: skip
