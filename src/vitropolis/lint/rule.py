"""What a rule is: its standing, the law behind it, its texts, and the function that judges a policy.

A rule's function takes a `Case` and yields `Outcome`s; none at all means that the rule has nothing to look at (not
applicable). Its docstring holds its texts, in sections that the command `lint rule` and the pages of the rules print:

    What: what it looks for.
    Why: what is at stake, and what the law says.
    Fires: an example on which it fires.
    Silent: an example on which it stays silent.
    Fix: verb: what to do; verb: ...         (verbs from FIX_VERBS alone)
    Computed: what is worked out from the graph or by arithmetic.
    Declared: what is taken from the policy's own words.
    Cannot decide: what no static check can know here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from vitropolis.lint.finding import Outcomes, Severity

if TYPE_CHECKING:
    from vitropolis.lint.case import Case

PROFILES = ("eu", "coe", "hr", "cn", "us", "due", "intl")
OWN = "own"  # the profile of a user's own rules: always selected
FIX_VERBS = ("remove", "cut", "separate by law", "add", "shorten", "publish", "notify", "hear", "compensate")
SECTIONS = ("What", "Why", "Fires", "Silent", "Fix", "Computed", "Declared", "Cannot decide")
GRAPH = "nothing: it reads declarations alone"

Judge = Callable[["Case"], Outcomes]


@dataclass(frozen=True)
class Rule:
    """One rule. `profiles`: lenses that it belongs to (all of PROFILES: every one); `grounds`: ids of `grounds/`, the
    first is what its date of application goes by; `gated`: binds AI systems alone (see AIA-0)."""

    id: str
    name: str
    title: str
    severity: Severity
    profiles: tuple[str, ...]
    grounds: tuple[str, ...]
    judge: Judge
    texts: tuple[tuple[str, str], ...]
    gated: bool = False
    cited: str = ""  # what a user's own rule gives as its ground

    def text(self, section: str) -> str:
        """One of SECTIONS; KeyError if it is none."""
        return dict(self.texts)[section]

    @cached_property
    def fixes(self) -> tuple[tuple[str, str], ...]:
        """What to do about it, as (verb of FIX_VERBS, object)."""
        parts = [part.strip() for part in self.text("Fix").split(";")]
        return tuple((verb.strip(), rest.strip()) for verb, _, rest in (part.partition(":") for part in parts))

    @property
    def graph(self) -> bool:
        """Whether anything of its verdict is computed, and not declared."""
        return not self.text("Computed").startswith("nothing")

    @property
    def fix(self) -> str:
        """What to do about it, as one sentence."""
        return "; ".join(f"{verb} {what}" for verb, what in self.fixes)


_RULES: dict[str, Rule] = {}
_SECTION = re.compile(r"^(What|Why|Fires|Silent|Fix|Computed|Declared|Cannot decide):", re.MULTILINE)


def rule(
    id: str, name: str, severity: Severity, profiles: Sequence[str], grounds: Sequence[str], *, gated: bool = False
) -> Callable[[Judge], Judge]:
    """Register the function below as a rule. `name` is kebab-case; ValueError if its docstring lacks a section."""

    def add(judge: Judge) -> Judge:
        title, texts = _texts(judge.__doc__ or "")
        missing = [section for section in SECTIONS if section not in dict(texts)]
        if missing or id in _RULES:
            raise ValueError(f"rule {id}: {'is there twice' if id in _RULES else f'says nothing under {missing}'}")
        found = Rule(id, name, title, severity, tuple(profiles), tuple(grounds), judge, texts, gated)
        _RULES[id] = found
        return judge

    return add


def _texts(doc: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    lines = "\n".join(line.strip() for line in doc.strip().splitlines())
    parts = _SECTION.split(lines)
    title = " ".join(parts[0].split()).rstrip(".")
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return title, tuple((section, " ".join(text.split())) for section, text in pairs)


def registered() -> tuple[Rule, ...]:
    """Every rule that has been loaded, in the order of loading; see `catalogue.rules`."""
    return tuple(_RULES.values())


def with_prefix(prefixes: Sequence[str], among: Sequence[Rule]) -> Iterator[Rule]:
    """Those of `among` whose id begins with one of `prefixes` (case does not matter)."""
    wanted = tuple(prefix.lower() for prefix in prefixes)
    return (each for each in among if each.id.lower().startswith(wanted))
