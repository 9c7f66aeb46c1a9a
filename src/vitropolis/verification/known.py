"""Every script of known answers, by name: the one list that `vitropolis verify` and the tests of the house read.

A script is a module of this folder with `main()`, which prints its tables, and `known(full)`, which gives its cases:
with `full` at the size at which its source prints them, else at one that takes seconds. To add one, write the module
and add its line to `SCRIPTS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vitropolis.verification.table import Case


@dataclass(frozen=True)
class Script:
    """One script: the name of its module, what it holds the model to, where the answers are from.

    plays: whether it runs compiled kernels, which must then exist.
    """

    name: str
    title: str
    source: str
    plays: bool = True

    def cases(self, full: bool) -> Iterator[Case]:
        """Give its cases, played while they are asked for; full: at the published size, minutes instead of seconds."""
        yield from import_module(f"vitropolis.verification.{self.name}").known(full)


SCRIPTS = (
    Script("base_rates", "Base rates: who is flagged in a whole city", "Bayes' rule; binomial law at N = 21,500,000"),
    Script("list_chain", "A black list as a two-state chain", "closed forms of a two-state Markov chain"),
    Script("queue", "The queue of appeals, day by day", "Lindley 1952, in days; Little 1961", plays=False),
    Script("contagion", "Spill-over in the household reaches (s - 1) q others", "independent tosses: mean, variance"),
    Script("degrees", "Ties of a resident in the built city", "identity: household - 1 and staff - 1"),
    Script("refusals", "Requests at closed doors", "chain of learning; China Youth Daily 2014-08-11; SHINE 2019-03-04"),
    Script("inequality", "Gini, Shorrocks' index, mean stays", "closed forms; Shorrocks 1978", plays=False),
    Script("hysteresis", "A loop between two folds", "x' = x - x^3 + h: folds at 2 / (3 sqrt 3)", plays=False),
    Script("reputation", "A public score with errors: who stays good", "fixed points of the donation game; Nowak & "
           "Sigmund 1998; Ohtsuki & Iwasa 2004", plays=False),
    Script("rivals", "Queues for a limited number of places", "exact: what comes in goes out or waits"),
    Script("harrington", "State-dependent supervision of firms", "Harrington 1988; exact for two groups, with errors"),
    Script("inspection", "Inspections at random over sites", "D'Amour et al. 2020, section 4, at d = 0"),
    Script("firm_sizes", "Sizes of firms have Axtell's tail", "Axtell 2001: 1.059, by maximum likelihood"),
    Script("cascades", "Cascades of speaking on a complete graph", "Granovetter 1978; Kuran 1989, 1991", plays=True),
    Script("switches", "Every mechanism off alone", "the policy's own flow graph: what may change, and nothing else"),
    Script("ten_and_ten", "Values changed alone in their files", "the files themselves: what is read moves a count"),
)  # fmt: skip
NAMES = tuple(script.name for script in SCRIPTS)
