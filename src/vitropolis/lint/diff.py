"""What a change of a policy does to its findings; and whether one vanished because something was only called otherwise.

A finding is the same if rule, element and way are. Where one is gone, what changed in the elements on its way (and in
what speaks for the whole policy) is looked at: if that is nothing but labels (what a thing is called, not what
happens), then the finding vanished by relabelling alone. Which conduct a behaviour counts is no label: a run plays it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from vitropolis.base.yamlfile import Node
from vitropolis.lint.check import Report, rule_set
from vitropolis.lint.finding import Finding

WIDTH = 100
LABELS = frozenset(
    {
        "kind", "gravity", "context", "contexts", "category", "about", "provenance", "established_by",
        "definition_precise", "predicts", "uses_traits", "proxy_for", "severity", "domain", "specific", "statement",
        "infers", "ai_role", "recipient_context", "recipient_weight", "seriousness", "title", "note", "polarity",
        "official_authority", "links", "status", "reference", "default_status", "default_reference",
    }
)  # fmt: skip
"""Fields that say what something is, and change nothing of what happens to anybody. `kind` of a union is no label."""
UNIONS = frozenset({"trigger", "action", "life", "carries", "of"})
BY_ID = frozenset(
    {
        "references", "legal_basis", "links", "departments", "feeds", "behaviours", "scores", "lists", "measures",
        "spillover", "campaigns", "sharing", "points", "discretion_range", "band_ceiling", "bands", "ramp_by_district",
    }
)  # fmt: skip
"""Mappings whose keys are ids, which may be any word: a behaviour called `note` is no note."""
GLOBAL = ("policy", "operator", "method", "purpose", "links", "legal_basis")
"""Sections that speak for the whole policy: a change there may bear on any finding."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A finding that is no more, or weaker: `now` is what is left of it, `relabelled` are the labels whose change alone
    made it so (empty: not so), `also` those that changed beside something else on its way."""

    finding: Finding
    now: str
    relabelled: tuple[str, ...]
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two reports compared."""

    old: Report
    new: Report
    fresh: tuple[Finding, ...]
    gone: tuple[Gone, ...]
    changed: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """1 if a finding that counts is new, or one vanished by relabelling alone."""
        bad = any(each.counts for each in self.fresh) or any(each.relabelled for each in self.gone)
        return int(bad)


def compare(old: Report, new: Report) -> Difference:
    """Compare the findings on two policies."""
    before, after = _told(old), _told(new)
    changed = tuple(changes(old.policy.tree, new.policy.tree))
    fresh = tuple(each for key, each in after.items() if key not in before)
    others = {each.fingerprint: each for each in new.shown}
    gone = []
    for key, each in before.items():
        left = after.get(key)
        if left is None or _order(left) > _order(each):
            gone.append(_gone(each, left or others.get(key), changed))
    return Difference(old, new, fresh, tuple(gone), changed)


def _told(report: Report) -> Mapping[str, Finding]:
    return {each.fingerprint: each for each in report.shown if each.kind in ("fail", "review") and not each.suppressed}


def _order(finding: Finding) -> tuple[bool, bool]:
    return not finding.counts, finding.kind != "fail"


def _gone(finding: Finding, left: Finding | None, changed: tuple[str, ...]) -> Gone:
    touched = {_stem(hop.element) for hop in finding.outcome.path} | {_stem(finding.outcome.element)}
    near = [path for path in changed if _stem(path) in touched or path.split(".")[0] in GLOBAL]
    labels = tuple(path for path in near if is_label(path) and not path.startswith("policy."))
    alone = bool(labels) and all(is_label(path) or path.startswith("policy.") for path in near)
    now = "gone" if left is None else "now suppressed" if left.suppressed else f"now {left.kind}"
    return Gone(finding, now, labels if alone else (), () if alone else labels)


def _stem(path: str) -> str:
    return ".".join(path.split(".")[:2])


def is_label(path: str) -> bool:
    """Whether a field says only what something is."""
    parts = path.split(".")
    if parts[0] in ("links", "purpose", "method", "operator"):
        return True
    fields = [part for before, part in pairwise(parts) if before not in BY_ID]
    return any(part in LABELS for part in fields) and not UNIONS & set(fields)


def changes(old: Node, new: Node, path: str = "") -> Iterator[str]:
    """The dotted paths at which two trees differ; a list counts as one value."""
    if isinstance(old.value, dict) and isinstance(new.value, dict):
        for key in dict.fromkeys([*old.value, *new.value]):
            inner = f"{path}.{key}" if path else str(key)
            one, other = old.value.get(key), new.value.get(key)
            if one is None or other is None:
                yield from _whole(one or other, inner)
            else:
                yield from changes(one, other, inner)
    elif old.plain() != new.plain():
        yield path


def _whole(node: Node | None, path: str) -> Iterator[str]:
    """Every field of an element that stands in one tree alone."""
    if node is not None and isinstance(node.value, dict) and node.value:
        for key, child in node.value.items():
            yield from _whole(child, f"{path}.{key}")
    else:
        yield path


def diff_lines(found: Difference) -> Iterator[str]:
    """The comparison for a terminal."""
    yield f"old   {found.old.policy.id} {found.old.policy.digest[:12]}"
    yield f"new   {found.new.policy.id} {found.new.policy.digest[:12]}"
    yield f"rules {rule_set()}, law as of {found.new.as_of.isoformat()}"
    counted = f"{len(found.fresh)} findings are new, {len(found.gone)} are gone or weaker"
    yield f"{len(found.changed)} fields differ, {counted}"
    for each in found.fresh:
        yield from _wrap(f"NEW   {_place(each)}: {each.outcome.says}")
    for gone in found.gone:
        yield from _wrap(f"{gone.now.upper():<5} {_place(gone.finding)}: {gone.finding.outcome.says}")
        if gone.relabelled:
            labels = ", ".join(gone.relabelled)
            how = "vanished" if gone.now == "gone" else "became weaker"
            yield from _wrap(f"      WARNING: it {how} by relabelling alone: only {labels} changed on its way")
        elif gone.also:
            yield from _wrap(f"      note: labels changed on its way too: {', '.join(gone.also)}")


def _place(finding: Finding) -> str:
    return f"{finding.file}:{finding.line}: {finding.rule} {finding.severity}, {finding.kind}"


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent="        ", break_on_hyphens=False, break_long_words=False)


def diff_data(found: Difference) -> dict[str, Any]:
    """The comparison as plain data."""
    from vitropolis.lint.render.as_json import finding_data, head

    return {
        "old": head(found.old), "new": head(found.new), "changed": list(found.changed),
        "fresh": [finding_data(found.new, each) for each in found.fresh],
        "gone": [
            {"finding": finding_data(found.old, each.finding), "now": each.now,
             "relabelled": list(each.relabelled), "also": list(each.also)}
            for each in found.gone
        ],
        "exit_code": found.exit_code,
    }  # fmt: skip
