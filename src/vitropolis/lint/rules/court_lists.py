"""Lists on which debts under judgments put people, told by conduct and not by what a list is called.

No rule stands here; `prc_terms.py` and `gdpr_rights.py` ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vitropolis.lint.case import Case
from vitropolis.lint.views import BehaviourView
from vitropolis.policy.schema import Listing
from vitropolis.policy.words import CONDUCT

JUDGMENTS = frozenset(word for word, item in CONDUCT.items() if item.context == "civil_judgment")
REFUSAL = frozenset({"judgment_unpaid_able", "judgment_unpaid_unable", "firm_judgment_unpaid"})
UNABLE = frozenset({"judgment_unpaid_unable"})


@dataclass(frozen=True, slots=True)
class CourtList:
    """A list on which debts under judgments put people. `sure`: nothing else does, or its own context says so."""

    name: str
    item: Listing
    grounds: tuple[BehaviourView, ...]
    sure: bool

    @property
    def element(self) -> str:
        """`lists.NAME`."""
        return f"lists.{self.name}"

    @property
    def refusal_only(self) -> bool:
        """Whether nothing but ground 1 leads to it: able to perform, and refuses."""
        words = [set(each.item.conduct) for each in self.grounds]
        return bool(words) and all(each <= REFUSAL and each != UNABLE for each in words)


def court_lists(case: Case) -> tuple[CourtList, ...]:
    """Adverse lists, also of firms, whose context is civil judgments, or on which unperformed judgments put people."""
    return case.once("court lists", lambda: tuple(_court_lists(case)))


def _court_lists(case: Case) -> Iterator[CourtList]:
    for name, item in case.policy.lists.items():
        if name not in case.adverse:
            continue
        triggers = [item.trigger, *(case.policy.lists[other].trigger for other in case.flows.lists_of(item.trigger))]
        counted = {each.name: each for trigger in triggers for each in case.directly(trigger)}
        judged = [each for each in counted.values() if set(each.item.conduct) & JUDGMENTS]
        declared = item.context == "civil_judgment"
        if declared or judged:
            grounds = tuple(counted.values()) or case.on_list(name)
            yield CourtList(name, item, grounds, declared or len(judged) == len(counted))


def accompanies(case: Case, court: CourtList) -> bool:
    """Whether a list that is not public only goes with other court lists, and so is none that article 2 means: all
    that leads to it leads to one that can be looked up, which is judged by itself. So is an order that limits spending.
    """
    if case.said(f"{court.element}.publication.public").value is not False:
        return False
    seen = [
        {each.name for each in case.on_list(other.name)}
        for other in court_lists(case)
        if other.name != court.name
        and other.item.subject == court.item.subject
        and case.said(f"{other.element}.publication.public").value is True
    ]
    mine = {each.name for each in case.on_list(court.name)}
    return bool(mine) and mine <= set().union(*seen)
