"""What a change of a policy does to its findings; and whether one vanished because something was only called otherwise.

A finding is the same if rule, element and way are. Where one is gone, what changed in the elements on its way (and in
what speaks for the whole policy) is looked at. If that is nothing but labels (what a thing is called, not what
happens), the finding vanished by relabelling alone. If labels changed beside other things and the way itself is still
there, they may have done it, and it is warned of all the same: a harmless change more must not hide a word that was
changed. Only where the way is cut is a label no more than a note. Which conduct a behaviour counts is no label: a run
plays it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from vitropolis.base.yamlfile import Node
from vitropolis.lint.case import Case
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
MUTE = frozenset({"title", "note", "statement"})
"""Labels that no rule reads."""
UNIONS = frozenset({"trigger", "action", "life", "carries", "of"})
BY_ID = frozenset(
    {
        "references", "legal_basis", "links", "departments", "feeds", "behaviours", "scores", "lists", "measures",
        "spillover", "campaigns", "sharing", "points", "discretion_range", "band_ceiling", "bands", "ramp_by_district",
    }
)  # fmt: skip
"""Mappings whose keys are ids, which may be any word: a behaviour called `note` is no note."""
OPEN = "now open"
GLOBAL = ("policy", "operator", "method", "purpose", "links", "legal_basis")
"""Sections that speak for the whole policy: a change there may bear on any finding."""

_Elements = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gone:
    """A finding that is no more, or weaker: `now` is what is left of it, `relabelled` are the labels whose change made
    it so or may have (empty: not so), `beside` what else changed on its way then, `also` the labels that changed where
    the way is cut."""

    finding: Finding
    now: str
    relabelled: tuple[str, ...]
    also: tuple[str, ...]
    beside: tuple[str, ...] = ()

    @property
    def undeclared(self) -> bool:
        """Whether it counted and cannot be decided any more, for want of something declared."""
        return self.finding.counts and self.now == OPEN


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
        """1 if a finding that counts is new, may have vanished by relabelling, or cannot be decided any more."""
        lost = any(each.relabelled or each.undeclared for each in self.gone)
        return int(lost or any(each.counts for each in self.fresh))


def compare(old: Report, new: Report) -> Difference:
    """Compare the findings on two policies."""
    before, after = _told(old), _told(new)
    changed = tuple(changes(old.policy.tree, new.policy.tree))
    fresh = tuple(each for key, each in after.items() if key not in before or _order(each) < _order(before[key]))
    fresh, moved = _paired(fresh, [each for key, each in before.items() if key not in after])
    others = {each.fingerprint: each for each in new.shown}
    ways = _Ways(old, new)
    gone = []
    for key, each in before.items():
        left = after.get(key) or moved.get(key)
        if left is None or _order(left) > _order(each):
            gone.append(_gone(each, left or others.get(key) or _undecided(each, new), changed, ways))
    return Difference(old, new, fresh, tuple(gone), changed)


def _paired(fresh: Sequence[Finding], lost: Sequence[Finding]) -> tuple[tuple[Finding, ...], dict[str, Finding]]:
    """Findings of one rule on one element that only show another way now are the same: what is left as new, and by the
    fingerprint of the old finding the one that it has become."""
    free = list(fresh)
    moved: dict[str, Finding] = {}
    for each in lost:
        same = [one for one in free if (one.rule, one.outcome.element) == (each.rule, each.outcome.element)]
        if len(same) == 1 and each.outcome.path and same[0].outcome.path:
            moved[each.fingerprint] = same[0]
            if _order(same[0]) >= _order(each):
                free.remove(same[0])
    return tuple(free), moved


def _undecided(finding: Finding, new: Report) -> Finding | None:
    """What the same rule cannot decide any more of the same element, whatever way it shows."""
    same = (each for each in new.shown if each.rule == finding.rule and each.outcome.element == finding.outcome.element)
    return next((each for each in same if each.kind == "open"), None)


class _Ways:
    """The ways from records to measures in two policies, to see which are still there."""

    def __init__(self, old: Report, new: Report) -> None:
        self.old, self.new = old, new

    @cached_property
    def _both(self) -> tuple[Mapping[_Elements, str], Mapping[_Elements, str]]:
        return _ways(self.old), _ways(self.new)

    def stand(self, finding: Finding) -> bool:
        """Whether a finding's way still leads from the same conduct to what punishes, or rewards, as it did; without
        one, whether its element is there."""
        way = tuple(hop.element for hop in finding.outcome.path)
        if any(self._other_conduct(element) for element in (*way, finding.outcome.element)):
            return False
        before, after = self._both
        if way in before:
            return after.get(way) == before[way]
        tree = self.new.policy.tree
        return all(_there(tree, _stem(element)) for element in (*way, finding.outcome.element))

    def _other_conduct(self, element: str) -> bool:
        """Whether a behaviour counts no more some conduct that it counted; more conduct cuts no way."""
        section, _, name = element.partition(".")
        old, new = (each.policy.behaviours.get(name.partition(".")[0]) for each in (self.old, self.new))
        return section == "behaviours" and old is not None and new is not None and not {*old.conduct} <= {*new.conduct}


def _ways(report: Report) -> Mapping[_Elements, str]:
    found: dict[_Elements, str] = {}
    for measure in Case(report.policy, report.as_of).measures:
        for each in measure.contributions:
            found[tuple(hop.element for hop in each.path)] = measure.polarity
    return found


def _there(tree: Node, element: str) -> bool:
    for name in element.split("."):
        if not isinstance(tree.value, dict) or name not in tree.value:
            return False
        tree = tree.value[name]
    return True


def _told(report: Report) -> Mapping[str, Finding]:
    return {each.fingerprint: each for each in report.shown if each.kind in ("fail", "review") and not each.suppressed}


def _order(finding: Finding) -> tuple[bool, bool]:
    return not finding.counts, finding.kind != "fail"


def _gone(finding: Finding, left: Finding | None, changed: tuple[str, ...], ways: _Ways) -> Gone:
    touched = {_stem(hop.element) for hop in finding.outcome.path} | {_stem(finding.outcome.element)}
    near = [path for path in changed if _stem(path) in touched or path.split(".")[0] in GLOBAL]
    near = [path for path in near if not path.startswith("policy.") and not MUTE & set(path.split(".")[1:])]
    removed = {stem for stem in touched if not _there(ways.new.policy.tree, stem)}
    labels = tuple(path for path in near if is_label(path) and _stem(path) not in removed)
    beside = tuple(path for path in near if not is_label(path))
    now = "gone" if left is None else "now suppressed" if left.suppressed else f"now {left.kind}"
    if labels and (not beside or ways.stand(finding)):
        return Gone(finding, now, labels, (), beside)
    return Gone(finding, now, (), labels)


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
            yield from _wrap(f"      WARNING: {_warning(gone)}")
        elif gone.undeclared:
            yield from _wrap("      WARNING: it cannot be decided any more, which clears nothing")
        elif gone.also:
            yield from _wrap(f"      note: labels changed on its way too: {', '.join(gone.also)}")


def _warning(gone: Gone) -> str:
    labels = ", ".join(gone.relabelled)
    how = "vanished" if gone.now == "gone" else "became weaker"
    if not gone.beside:
        return f"it {how} by relabelling alone: only {labels} changed on its way"
    few = ", ".join(gone.beside[:3]) + (f" and {len(gone.beside) - 3} more" if len(gone.beside) > 3 else "")
    return f"it {how} and its way is still there: labels changed on it ({labels}), beside {few}"


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
             "relabelled": list(each.relabelled), "beside": list(each.beside), "also": list(each.also),
             "undeclared": each.undeclared}
            for each in found.gone
        ],
        "exit_code": found.exit_code,
    }  # fmt: skip
