"""Behaviours and measures as the linter sees them: what they are by nature beside what their author calls them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from vitropolis.lint.finding import Hop
from vitropolis.lint.reveals import revealed
from vitropolis.lint.truth import NOTHING, Names, Truth, known, unknown
from vitropolis.policy.schema import Behaviour, Feed
from vitropolis.policy.triggers import Polarity, Trigger
from vitropolis.policy.words import CONDUCT, GRAVITY_ZERO_KINDS, PROTECTED_KINDS, Service

BY_NATURE = frozenset(
    {"opinion", "belief", "loyalty", "petition", "complaint", "litigation", "assembly", "virtue", "inability_to_pay"}
)
"""Kinds that the catalogue of conduct knows better than the author of a policy."""

OFFENCE = 2
"""Gravity from which a breach of general law (theft, assault) is an offence that happens in any walk of life."""

MeasureKind = Literal["measure", "publication", "campaign"]


@dataclass(frozen=True, eq=False)
class BehaviourView:
    """One behaviour with its feed. `points`: by score, every value that a record may have on the policy's day."""

    name: str
    item: Behaviour
    feed: Feed
    points: Mapping[str, tuple[int, ...]]

    @property
    def element(self) -> str:
        """`behaviours.NAME`."""
        return f"behaviours.{self.name}"

    @cached_property
    def begins(self) -> tuple[Hop, Hop]:
        """How every way from it begins: its feed with its context, itself with kind and gravity."""
        feed = Hop(f"feeds.{self.item.feed}", self.feed.context)
        return feed, Hop(self.element, f"{self.called}, gravity {self.gravity}")

    @property
    def firm(self) -> bool:
        """Whether it is conduct of firms."""
        return self.feed.about == "firm"

    @cached_property
    def context(self) -> str:
        """The walk of life that the policy says it belongs to."""
        return self.item.context or self.feed.context

    @cached_property
    def natural_contexts(self) -> tuple[str, ...]:
        """The walks of life of what people really do there, by the catalogue of conduct."""
        return tuple(dict.fromkeys(CONDUCT[word].context for word in self.item.conduct))

    @cached_property
    def rooted_contexts(self) -> tuple[str, ...]:
        """Those of them that cannot be elsewhere: an offence is where it was committed, if other conduct says where."""
        words = [CONDUCT[word] for word in self.item.conduct]
        rooted = [word for word in words if word.context != "justice" or word.gravity < OFFENCE]
        return tuple(dict.fromkeys(word.context for word in rooted or words))

    @cached_property
    def natural_kinds(self) -> frozenset[str]:
        """Kinds that its conduct has by nature, if they are of BY_NATURE; inability to pay only if all of it is."""
        kinds = [CONDUCT[word].kind for word in self.item.conduct]
        found = {kind for kind in kinds if kind in BY_NATURE and kind != "inability_to_pay"}
        return frozenset(found | ({"inability_to_pay"} if set(kinds) == {"inability_to_pay"} else set()))

    @cached_property
    def unpayable(self) -> bool:
        """Whether some of it is inability to pay, by nature or by its author's own word: that is never settled."""
        return "inability_to_pay" in {self.item.kind, *(CONDUCT[word].kind for word in self.item.conduct)}

    @cached_property
    def reveals(self) -> Mapping[str, str]:
        """Protected traits that its conduct reveals, and by what: {trait: why}. By nature first, then by its name."""
        return revealed(self.item.conduct, self.natural_kinds, self.item.kind)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kind its author declares and those it has by nature."""
        return self.natural_kinds | {self.item.kind}

    @property
    def relabelled(self) -> bool:
        """Whether the author calls it something that it is not by nature."""
        return bool(self.natural_kinds) and self.item.kind not in self.natural_kinds

    @property
    def called(self) -> str:
        """Its kind in words, both labels where they differ."""
        if not self.relabelled:
            return self.item.kind
        return f"{' and '.join(sorted(self.natural_kinds))} by nature, called {self.item.kind}"

    @cached_property
    def gravity(self) -> int:
        """0-4; 0 whatever is declared for what is lawful, protected, a virtue, or inability to pay."""
        return 0 if self.kinds & GRAVITY_ZERO_KINDS else self.item.gravity

    @cached_property
    def tells(self) -> tuple[bool, int]:
        """Sort key for what tells most: what a right protects, then what is least grave."""
        return not self.kinds & PROTECTED_KINDS, self.gravity

    def deducts(self, score: str) -> bool:
        """Whether a record may take points from a score."""
        return score in self._deducts

    @cached_property
    def _deducts(self) -> frozenset[str]:
        return frozenset(score for score, given in self.points.items() if any(points < 0 for points in given))

    def credits(self, score: str) -> bool:
        """Whether a record may add points to a score."""
        return score in self._credits

    @cached_property
    def _credits(self) -> frozenset[str]:
        return frozenset(score for score, given in self.points.items() if any(points > 0 for points in given))

    def moves(self, score: str, ways: Collection[int]) -> bool:
        """Whether a record may move a score in one of these ways: -1 down, 1 up."""
        return (-1 in ways and score in self._deducts) or (1 in ways and score in self._credits)

    def counts_in(self, score: str) -> bool:
        """Whether a record moves a score at all, by points or a ceiling."""
        return self.deducts(score) or self.credits(score) or score in self.item.band_ceiling


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a measure may last: calendar days, None: no end. `missing`: what would have to be declared to know."""

    days: int | None
    missing: Names = NOTHING
    assumed: Names = NOTHING

    def over(self, days: int) -> Truth:
        """Whether it may last longer than so many days."""
        if self.missing:
            return unknown(*self.missing)
        return known(self.days is None or self.days > days, assumed=self.assumed)

    @property
    def unbounded(self) -> Truth:
        """Whether it has no end."""
        return unknown(*self.missing) if self.missing else known(self.days is None, assumed=self.assumed)

    def told(self) -> str:
        """In words."""
        return "an unknown time" if self.missing else "no end" if self.days is None else f"{self.days} days"


@dataclass(frozen=True, slots=True)
class Severity4:
    """Severity*, 0-4: `low` without what is not declared, `high` with it at its worst; `why`: the sum in words."""

    low: int
    high: int
    why: tuple[str, ...]
    missing: Names = NOTHING
    assumed: Names = NOTHING

    def at_least(self, level: int) -> Truth:
        """Whether it is so severe."""
        if self.low >= level:
            return known(True)
        return known(False, assumed=self.assumed) if self.high < level else unknown(*self.missing)

    def told(self) -> str:
        """In words: `severity 4 of 4 (deny 3, E2 service 1)`."""
        return f"severity {self.low} of 4 ({', '.join(self.why)})"


@dataclass(eq=False)  # not frozen: there are as many as behaviours times measures, and making one has to be quick
class Contribution:
    """A behaviour that leads to a measure. `tail`: what lies between the behaviour and the end of its way.

    `lacking`: the measure holds for everybody without records, and a record of it leads out; who cannot show one stays.
    """

    behaviour: BehaviourView
    tail: tuple[Hop, ...]
    lacking: bool = False

    @cached_property
    def path(self) -> tuple[Hop, ...]:
        """The whole way: feed, behaviour, score, band, list, measure."""
        return (*self.behaviour.begins, *self.tail)

    def __len__(self) -> int:
        return 2 + len(self.tail)


@dataclass(frozen=True, eq=False)
class MeasureView:
    """Something that happens to somebody: a measure, the publication of a list, or a campaign that removes accounts.

    `item` is the policy's own `Measure`, `Listing` or `AccountsCampaign`. `trigger` is None for a campaign, which is
    aimed at conduct (`aimed_at`) and not at records. `lists`: those on its way (also those that bring it about
    through a band ceiling). `firm`: it meets firms alone. `closes`: what it does amounts to a denial.
    """

    kind: MeasureKind
    element: str
    item: Any
    action: str
    service: Service | None
    context: str
    polarity: Polarity
    firm: bool
    trigger: Trigger | None
    contributions: tuple[Contribution, ...]
    lists: tuple[str, ...]
    duration: Duration
    severity: Severity4
    spills: tuple[str, ...] = ()
    closes: bool = False
    aimed_at: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """Its id, without section."""
        return self.element.split(".")[1]

    @property
    def level(self) -> str:
        """Class of its service, E0-E3; empty for a publication."""
        return self.service.level if self.service else ""

    @property
    def does(self) -> str:
        """What it does, in words: `deny flights`, `publish list banned`."""
        return f"{self.action} {self.service.name}" if self.service else f"{self.action} list {self.name}"

    @cached_property
    def behaviours(self) -> tuple[BehaviourView, ...]:
        """The behaviours that lead to it, or out of it where it holds without records."""
        return tuple(each.behaviour for each in self.contributions)

    @cached_property
    def held_against(self) -> tuple[BehaviourView, ...]:
        """The behaviours whose records lead to it, not those that lead out."""
        return tuple(each.behaviour for each in self.contributions if not each.lacking)
