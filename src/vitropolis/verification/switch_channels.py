"""What may change when a mechanism goes off: families of indicators, and what leads from one to another.

A switch acts at once on families, or on hidden things: the live *file*, the *measures* that act, what is *carried* to
relatives, who is *punished*, who has been *told*. From there CHANNELS lead on, each open or shut by the policy's flow
graph, its procedure and the assumptions. What can be reached so may change, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from vitropolis.model.procedure import appeal_open, notice_on, objection_open, redress_open
from vitropolis.model.publicity import by_name_alone
from vitropolis.model.worlds import World
from vitropolis.policy import flow_graph
from vitropolis.verification.switch_rules import START, Switch


@dataclass(frozen=True)
class Facts:
    """What a world's policy and assumptions say of its channels."""

    world: World

    @cached_property
    def edges(self) -> frozenset[tuple[str, str, str]]:
        """Edges of the flow graph between sections: (section, section, kind); a band of a score is a score."""
        found = flow_graph(self.world.policy).edges
        return frozenset((edge.start.split(".")[0], edge.end.split(".")[0], edge.kind) for edge in found)

    def leads(self, start: str, end: str, kind: str = "triggers") -> bool:
        """Whether something of one section leads to something of another."""
        return (start, end, kind) in self.edges

    @property
    def punishes(self) -> bool:
        """Whether a measure is a sanction."""
        return "sanction" in flow_graph(self.world.policy).polarities.values()

    @property
    def shuts(self) -> bool:
        """Whether a measure refuses requests."""
        return any(item.action.kind in ("deny", "withdraw", "restrict") for item in self.world.policy.measures.values())

    @property
    def black(self) -> bool:
        """Whether there is a black list."""
        return any(item.polarity == "black" for item in self.world.lists.values())

    @property
    def norms(self) -> bool:
        """Whether others' records change what people do."""
        norms = self.world.assumptions.norms
        return max(norms.household.value, norms.workplace.value, norms.district.value) > 0

    @property
    def deterrence(self) -> bool:
        """Whether records and listings change what people do."""
        return any(family.deterrence.value > 0 for family in self.world.assumptions.families.values())

    @property
    def fault(self) -> bool:
        """Whether a spill-over asks for fault of one's own."""
        return any(item.individual_fault_test is True for item in self.world.policy.spillover.values())

    @property
    def notice(self) -> bool:
        """Whether anybody is told."""
        return notice_on(self.world, START) != "none"

    @property
    def objection(self) -> bool:
        """Whether there is an answer before the effect."""
        return objection_open(self.world, START)

    @property
    def redress(self) -> bool:
        """Whether a record can be contested."""
        return redress_open(self.world, START)

    @property
    def suspends(self) -> bool:
        """Whether an appeal suspends the effect."""
        procedure = self.world.policy.procedure
        said = procedure.appeal.suspends_effect if procedure and procedure.appeal else None
        return appeal_open(self.world, START) and said is not None and said.on(START) is True

    @property
    def disputes(self) -> bool:
        """Whether a contested record stays out until answered."""
        procedure = self.world.policy.procedure
        return bool(procedure and procedure.correction and procedure.correction.flag_dispute)

    @property
    def rivals(self) -> bool:
        """Whether a measure puts somebody elsewhere in the queue of a rival service."""
        return any(item.action.kind == "priority" for item in self.world.policy.measures.values())

    @property
    def works(self) -> bool:
        """Whether lists and measures can cost jobs: of firms, or of who answers for them."""
        return self.world.policy.population.legal_entities and self.world.assumptions.work.pass_through.value > 0

    @property
    def leaves(self) -> bool:
        """Whether who is hit may leave."""
        return self.world.assumptions.adaptation.leaves_weekly.value > 0

    @property
    def mistakes(self) -> bool:
        """Whether somebody can be taken for a namesake on a published list."""
        mistaken = self.world.assumptions.publicity.mistaken_for_listed.value
        return mistaken > 0 and any(by_name_alone(item) for item in self.world.policy.lists.values())

    @property
    def climate(self) -> bool:
        """Whether records and removals change who speaks."""
        return self.world.assumptions.speech.weight.value > 0

    @property
    def silences(self) -> bool:
        """Whether anything changes what is said."""
        return self.climate or any(item.kind == "accounts" for item in self.world.policy.campaigns.values())


Open = Callable[[Facts], bool]


def _always(facts: Facts) -> bool:
    return True


# what leads on to what, and when
CHANNELS: tuple[tuple[str, str, Open], ...] = (
    ("other acts", "acts", _always),  # items of acts count all words
    ("acts", "records", _always),
    ("other acts", "records", _always),
    ("records", "file", _always),
    ("records", "records", lambda facts: facts.leads("campaigns", "feeds", "reports")),
    ("records", "acts", lambda facts: facts.norms or facts.deterrence),
    ("records", "other acts", lambda facts: facts.deterrence),
    ("lists", "other acts", lambda facts: facts.deterrence),
    ("lists", "acts", lambda facts: facts.deterrence),
    ("file", "scores", lambda facts: facts.leads("behaviours", "scores", "adds")),
    ("file", "lists", lambda facts: facts.leads("behaviours", "lists")),
    ("file", "measures", lambda facts: facts.leads("behaviours", "measures")),
    ("file", "hit", lambda facts: facts.black or facts.punishes),  # the bins
    ("file", "carried", lambda facts: facts.leads("measures", "spillover", "spills") or facts.fault),
    ("scores", "lists", lambda facts: facts.leads("scores", "lists")),
    ("scores", "measures", lambda facts: facts.leads("scores", "measures")),
    ("lists", "scores", lambda facts: facts.leads("lists", "scores", "ceiling")),
    ("lists", "measures", lambda facts: facts.leads("lists", "measures")),
    ("lists", "punished", lambda facts: facts.black),
    ("lists", "carried", lambda facts: facts.leads("lists", "spillover", "spills")),
    ("measures", "punished", lambda facts: facts.punishes),
    ("measures", "carried", lambda facts: facts.leads("measures", "spillover", "spills")),
    ("measures", "doors", lambda facts: facts.shuts),
    ("measures", "requests", _always),
    ("measures", "refusals", lambda facts: facts.shuts),
    ("punished", "hit", _always),
    ("punished", "through", lambda facts: facts.leads("spillover", "relation", "acts_on")),  # ... of others *only*
    ("punished", "told", lambda facts: facts.notice or facts.shuts),
    ("punished", "appeals", lambda facts: facts.redress),
    ("hit", "hit at all", _always),
    ("hit", "appeals", lambda facts: facts.redress),  # appeals of the wrongly hit have a chance of their own
    ("carried", "through", _always),
    ("carried", "doors", lambda facts: facts.shuts),
    ("carried", "requests", _always),
    ("carried", "refusals", lambda facts: facts.shuts),
    ("through", "hit at all", _always),
    ("refusals", "requests", _always),  # tries
    ("refusals", "told", _always),
    ("told", "learnt", _always),
    ("told", "requests", _always),
    ("told", "refusals", lambda facts: facts.shuts),
    ("told", "appeals", lambda facts: facts.redress),
    ("file", "appeals", lambda facts: facts.redress),
    ("lists", "objections", lambda facts: facts.objection),
    ("file", "objections", lambda facts: facts.objection),
    ("objections", "file", _always),
    ("appeals", "queue", _always),
    ("appeals", "file", lambda facts: facts.disputes),
    ("appeals", "measures", lambda facts: facts.suspends),
    ("queue", "answers", _always),
    ("answers", "file", _always),
    ("answers", "told", _always),
    ("answers", "measures", lambda facts: facts.suspends),
    ("answers", "corrections", _always),
    ("lists", "corrections", lambda facts: facts.redress),
    ("corrections", "lists", _always),
    ("hit", "left", lambda facts: facts.leaves),
    ("left", "acts", _always),
    ("left", "other acts", _always),
    ("left", "requests", _always),
    ("left", "refusals", lambda facts: facts.shuts),
    ("left", "places", lambda facts: facts.rivals),
    ("measures", "places", lambda facts: facts.rivals),
    ("lists", "mistaken", lambda facts: facts.mistakes),
    ("lists", "work", lambda facts: facts.works),  # a listed representative; who finds work
    ("measures", "work", lambda facts: facts.works),
    ("work", "acts", _always),
    ("work", "other acts", _always),
    ("acts", "speech", _always),  # what the silent keep back
    ("other acts", "speech", _always),
    ("appeals", "speech", _always),  # that the silent do not dare
    ("records", "speech", lambda facts: facts.climate),
    ("speech", "acts", lambda facts: facts.silences),
    ("speech", "other acts", lambda facts: facts.silences),
)


def may_change(switch: Switch, world: World) -> frozenset[str]:
    """Everything that a mechanism can move in the world with it on, hidden things too."""
    facts = Facts(world)
    led = {(start, end) for start, end, is_open in CHANNELS if is_open(facts)}
    found, waiting = set(switch.at_once), list(switch.at_once)
    while waiting:
        here = waiting.pop()
        more = {end for start, end in led if start == here} - found
        found |= more
        waiting += more
    return frozenset(found)
