"""What no single value of an assumptions file can tell: names that must exist, sums that must fit, sources that hold.

Each check yields pairs of an element (dotted path) and what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import prod

from vitropolis.base.located import nearest
from vitropolis.model.assumption_parts import Assumption, Part, Profile, Provenances, Sections
from vitropolis.policy.conduct import CONDUCT, PERSON_WORDS

Problem = tuple[str, str]

WENT_WRONG = ("lost", "by_name_alone", "wrong_content", "duplicate", "stale")


def named(item: object, path: str = "") -> Iterator[tuple[str, Assumption | Profile]]:
    """Every `Assumption` and `Profile` inside a part, with its dotted path, in the order of the sections."""
    if isinstance(item, Assumption):
        yield path, item
        return
    if isinstance(item, Profile):
        yield path, item
    if isinstance(item, Part):
        inside = [(name, getattr(item, name)) for name in type(item).model_fields]
    else:
        inside = list(item.items()) if isinstance(item, dict) else []
    for name, child in inside:
        yield from named(child, f"{path}.{name}" if path else name)


def problems(content: Sections) -> list[Problem]:
    """Everything that is wrong, in the order of the sections."""
    checks = (_sources, _words, _links, _possible, _sums, _payers, _seasons)
    return [found for check in checks for found in check(content)]


def _missing(path: str, name: str, what: str, legal: Collection[str]) -> Iterator[Problem]:
    if name not in legal:
        yield path, f"`{name}` is not {what}{nearest(name, list(legal))}"


def _sources(content: Sections) -> Iterator[Problem]:
    for path, item in named(content):
        if not item.source:
            yield path, "has no source; write one of `references`, or `source` under `defaults`"
            continue
        yield from _missing(path, item.source, "a reference", content.references)
        reference = content.references.get(item.source)
        if item.status == "sourced" and (item.evidence == "memory" or (reference and reference.checked == "memory")):
            yield path, f"`sourced` cannot rest on memory: read `{item.source}`, or say `assumed`"


def _words(content: Sections) -> Iterator[Problem]:
    for word in content.conduct:
        if word in CONDUCT and word not in PERSON_WORDS:
            yield f"conduct.{word}", f"`{word}` is conduct of a firm, not of a person"
        else:
            yield from _missing(f"conduct.{word}", word, "a conduct word", PERSON_WORDS)
    absent = [word for word in PERSON_WORDS if word not in content.conduct]
    if absent:
        yield "conduct", f"{len(absent)} conduct words are missing: {', '.join(absent)}"


def _links(content: Sections) -> Iterator[Problem]:
    for word, conduct in content.conduct.items():
        path = f"conduct.{word}"
        yield from _missing(f"{path}.family", conduct.family, "a family", content.families)
        yield from _missing(f"{path}.profile", conduct.profile, "a profile", content.profiles)
        if conduct.debt is not None:
            yield from _missing(f"{path}.debt", conduct.debt, "a class of debt", content.debts)
        heavier = conduct.mistaken_for
        if heavier is None:
            continue
        yield from _missing(f"{path}.mistaken_for", heavier, "a conduct word", content.conduct)
        known = heavier in CONDUCT and word in CONDUCT
        if heavier == word or (known and CONDUCT[heavier].gravity < CONDUCT[word].gravity):
            yield f"{path}.mistaken_for", f"`{heavier}` is no heavier word than `{word}`"


def _possible(content: Sections) -> Iterator[Problem]:
    for word, conduct in content.conduct.items():
        heavier = content.conduct.get(conduct.mistaken_for or "")
        if heavier is None or heavier.profile == conduct.profile:
            continue
        own, other = content.profiles.get(conduct.profile), content.profiles.get(heavier.profile)
        if own and other and _wider(own, other):
            yield (
                f"conduct.{word}.mistaken_for",
                f"`{conduct.mistaken_for}` is impossible (factor 0) in groups in which `{word}` is not",
            )


def _wider(own: Profile, other: Profile) -> bool:
    axes = ("age", "sex", "registration", "education", "income")
    pairs = [pair for axis in axes for pair in zip(getattr(own, axis), getattr(other, axis), strict=True)]
    return any(mine > 0 and theirs == 0 for mine, theirs in pairs)


def _sums(content: Sections) -> Iterator[Problem]:
    recording = content.recording
    loosest = max(recording.linkage.items(), key=lambda item: item[1].by_name_alone.high)[0]

    def total(feed: str, kind: str) -> float:
        errors = recording.of(feed, kind, loosest)
        return sum(errors[name].high for name in WENT_WRONG)

    sums = {f"recording.provenance.{kind}": (total("", kind), kind) for kind in Provenances.model_fields}
    for feed in recording.feeds:
        sums[f"recording.feeds.{feed}"] = max((total(feed, kind), kind) for kind in Provenances.model_fields)
    for path, (worst, kind) in sums.items():
        if worst > 1:
            yield path, f"what can go wrong adds up to {worst:g} at the upper ends ({kind}, {loosest}); at most 1"


def _payers(content: Sections) -> Iterator[Problem]:
    slow = dict(content.payers.slow.items())
    for fifth, fast in content.payers.fast.items():
        total = fast.high + slow[fifth].high
        if total > 1 + 1e-9:
            yield f"payers.fast.{fifth}", f"fast and slow payers add up to {total:g} at the upper ends; at most 1"


def _seasons(content: Sections) -> Iterator[Problem]:
    for key, season in content.calendar.items():
        if season.ends_before <= season.starts_on:
            yield f"calendar.{key}.ends_before", "must be after `starts_on`"
        for family in season.families:
            yield from _missing(f"calendar.{key}.families", family, "a family", content.families)
            named_here = [other for other in content.calendar.values() if family in other.families]
            today = [each for each in named_here if each.starts_on <= season.starts_on < each.ends_before]
            largest = max([1.0, *(each.factor.high for each in named_here)])
            if prod(max(1.0, each.factor.high) for each in today) > largest:
                yield f"calendar.{key}", f"overlaps other seasons of `{family}` that raise it too; join them into one"
