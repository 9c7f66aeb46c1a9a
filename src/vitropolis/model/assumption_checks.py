"""What no single value of an assumptions file can tell: names that must exist, sums that must fit, sources that hold.

Each check yields pairs of an element (dotted path) and what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import product
from math import prod

from vitropolis.base.located import nearest
from vitropolis.model.assumption_parts import Assumption, Part, Profile, Provenances, Season
from vitropolis.model.assumption_sections import Sections
from vitropolis.model.assumption_services import Need, ServiceSeason
from vitropolis.policy.words import CONDUCT, FIRM_WORDS, PERSON_WORDS, SERVICES

Problem = tuple[str, str]

PERSON_SERVICES = tuple(name for name, service in SERVICES.items() if service.subject == "person")
AXES = ("age", "sex", "registration", "education", "income")
CLASSES = (  # of each axis, as a profile lists its factors
    tuple(f"age from {age}" for age in (0, 15, 25, 35, 45, 60, 65)),
    ("female", "male"),
    ("local", "migrant"),
    ("no schooling", "primary school", "junior secondary", "senior secondary", "college"),
    tuple(f"{fifth} income fifth" for fifth in ("lowest", "second", "middle", "fourth", "highest")),
)
MOST_NEEDS = 52.0  # one a week, so that a week's chance of a need stays below 1
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
    checks = (_sources, _words, _links, _possible, _sums, _payers, _demand, _needs, _seasons, _firms)
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
    yield from _compared(content)
    yield from _heavier(content)


def _compared(content: Sections) -> Iterator[Problem]:
    for name, row in content.recording.findings.items():
        path = f"recording.findings.{name}"
        yield from _missing(f"{path}.profile", row.profile, "a profile", content.profiles)
        if row.debt is not None:
            yield from _missing(f"{path}.debt", row.debt, "a class of debt", content.debts)


def _heavier(content: Sections) -> Iterator[Problem]:
    for word, conduct in content.conduct.items():
        path, heavier = f"conduct.{word}", conduct.mistaken_for
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


def _firms(content: Sections) -> Iterator[Problem]:
    """Every word of a breach by firms has a weight, and one of them is never 0."""
    acts, legal = content.firms.acts, [word for word in FIRM_WORDS if CONDUCT[word].gravity]
    for word in acts:
        yield from _missing(f"firms.acts.{word}", word, "a breach by firms", legal)
    absent = [word for word in legal if word not in acts]
    if absent:
        yield "firms.acts", f"{len(absent)} breaches by firms are missing: {', '.join(absent)}"
    elif not any(weight.low > 0 for weight in acts.values()):
        yield "firms.acts", "every weight can be 0; one of them must not"


def _seasons(content: Sections) -> Iterator[Problem]:
    families = {key: season.families for key, season in content.calendar.items()}
    yield from _dated("calendar", content.calendar, families, "family", content.families)
    seasons = content.services.seasons
    named_in = {key: season.services for key, season in seasons.items()}
    yield from _dated("services.seasons", seasons, named_in, "service", PERSON_SERVICES)


def _dated(
    section: str,
    seasons: Mapping[str, Season | ServiceSeason],
    names: Mapping[str, tuple[str, ...]],
    kind: str,
    legal: Collection[str],
) -> Iterator[Problem]:
    """What is wrong with a section of dated factors, each on the things of one `kind` that `names` lists."""
    field = {"family": "families", "service": "services"}[kind]
    for key, season in seasons.items():
        if season.ends_before <= season.starts_on:
            yield f"{section}.{key}.ends_before", "must be after `starts_on`"
        for name in names[key]:
            yield from _missing(f"{section}.{key}.{field}", name, f"a {kind}", legal)
            named_here = [other for place, other in seasons.items() if name in names[place]]
            today = [each for each in named_here if each.starts_on <= season.starts_on < each.ends_before]
            largest = max([1.0, *(each.factor.high for each in named_here)])
            if prod(max(1.0, each.factor.high) for each in today) > largest:
                yield f"{section}.{key}", f"overlaps other seasons of `{name}` that raise it too; join them into one"


def _demand(content: Sections) -> Iterator[Problem]:
    demand = content.services.demand
    for name, need in demand.items():
        if name in SERVICES and name not in PERSON_SERVICES:
            yield f"services.demand.{name}", f"`{name}` is a service of firms, not of persons"
        else:
            yield from _missing(f"services.demand.{name}", name, "a service", PERSON_SERVICES)
        yield from _missing(f"services.demand.{name}.profile", need.profile, "a profile", content.profiles)
    absent = [name for name in PERSON_SERVICES if name not in demand]
    if absent:
        yield "services.demand", f"{len(absent)} services are missing: {', '.join(absent)}"
    yield from _missing("redress.profile", content.redress.profile, "a profile", content.profiles)


def _needs(content: Sections) -> Iterator[Problem]:
    """A resident has at most one need a week, so the upper ends of no group may add up to more."""
    upper = {name: need.rate.high * _raised(content, name) for name, need in content.services.demand.items()}
    by_profile: dict[str, float] = {}
    for name, need in _profiled(content):
        by_profile[need.profile] = by_profile.get(need.profile, 0.0) + upper[name]
    stretched = {name: _upper_factors(content.profiles[name]) for name in by_profile}

    def total(group: tuple[int, ...]) -> float:
        return sum(rate * _at(stretched[name], group) for name, rate in by_profile.items())

    worst = max(product(*(range(len(axis)) for axis in CLASSES)), key=total)
    if total(worst) <= MOST_NEEDS:
        return
    here = {name: upper[name] * _at(stretched[need.profile], worst) for name, need in _profiled(content)}
    largest = ", ".join(f"{name} {here[name]:.1f}" for name in sorted(here, key=lambda name: -here[name])[:3])
    group = ", ".join(axis[place] for axis, place in zip(CLASSES, worst, strict=True))
    yield (
        "services.demand",
        f"the needs of one group ({group}) add up to {total(worst):.1f} a year at the upper ends; at most "
        f"{MOST_NEEDS:.0f}, one a week: lower the rates of the largest ({largest})",
    )


def _profiled(content: Sections) -> list[tuple[str, Need]]:
    return [item for item in content.services.demand.items() if item[1].profile in content.profiles]


def _raised(content: Sections, service: str) -> float:
    """The largest factor that any season may put on a service; at least 1."""
    return max([1.0, *(each.factor.high for each in content.services.seasons.values() if service in each.services)])


def _upper_factors(profile: Profile) -> list[list[float]]:
    """The factors of each axis at the end of the strength's range that makes them larger."""
    low, high = profile.strength.low, profile.strength.high
    axes = (getattr(profile, axis) for axis in AXES)
    return [[max(0.0, 1 + (high if f > 1 else low) * (f - 1)) if f else 0.0 for f in axis] for axis in axes]


def _at(factors: list[list[float]], group: tuple[int, ...]) -> float:
    return prod(axis[place] for axis, place in zip(factors, group, strict=True))
