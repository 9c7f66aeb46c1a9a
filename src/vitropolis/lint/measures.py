"""What happens to somebody under a policy, as rules see it: measures, publications of lists, campaigns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import Any

from vitropolis.lint.finding import Hop
from vitropolis.lint.flows import Flows
from vitropolis.lint.said import Reader
from vitropolis.lint.severity import Durations, amounts_to, severity
from vitropolis.lint.views import Duration, MeasureView
from vitropolis.policy.checks import subjects
from vitropolis.policy.schema import Listing, Measure, Policy, Spill
from vitropolis.policy.triggers import (
    AccountsCampaign,
    CarriesListing,
    CarriesMeasure,
    CarriesPoints,
    Delay,
    Inspect,
    Polarity,
    Price,
    Priority,
    leaves,
    polarity,
)
from vitropolis.policy.values import Value
from vitropolis.policy.words import SERVICES

Take = Callable[[Value[Any]], Any]
ACCOUNT = "online_account"
CLOSING = ("deny", "withdraw")


def polarity_on(measure: Measure, day: date, take: Take) -> Polarity:
    """Whether a measure punishes or rewards on a day; a value that does not exist yet is taken as its first."""
    action = measure.action
    if isinstance(action, Priority):
        return "reward" if take(action.place) in ("first", "ahead") else "sanction"
    if isinstance(action, Delay | Price | Inspect):
        value: Value[Any]
        if isinstance(action, Delay):
            value = action.days
        else:
            value = action.factor if isinstance(action, Price) else action.times_usual
        return polarity(action, max(day, value.first or day))
    return polarity(action, day)


class Measures:
    """Makes the views of one policy's measures. `adverse`: lists that are bad to be on; `take`: a value on its day."""

    def __init__(
        self,
        policy: Policy,
        reader: Reader,
        take: Take,
        flows: Flows,
        durations: Durations,
        adverse: Collection[str],
    ) -> None:
        self.policy, self.reader, self.take = policy, reader, take
        self.flows, self.durations, self.adverse = flows, durations, adverse

    def all(self) -> Iterator[MeasureView]:
        """Measures, then publications of public lists, then campaigns that remove accounts."""
        for name, item in self.policy.measures.items():
            yield self._measure(name, item)
        for name, listing in self.policy.lists.items():
            if listing.publication is not None and listing.publication.public is True:
                yield self._publication(name, listing)
        for name, campaign in self.policy.campaigns.items():
            if isinstance(campaign, AccountsCampaign):
                yield self._campaign(name, campaign)

    def _measure(self, name: str, item: Measure) -> MeasureView:
        element, service, sign = (
            f"measures.{name}",
            SERVICES[item.service],
            polarity_on(item, self.reader.day, self.take),
        )
        given = self.flows.contributions(item.trigger, Hop(element, service.context), sign == "reward")
        lasting = self.durations.of_measure(name, [each.behaviour for each in given])
        spills = self._spills(name, item)
        author, heavy = item.severity, amounts_to(item.action, self.take)
        return MeasureView(
            kind="measure", element=element, item=item, action=item.action.kind, service=service,
            context=service.context, polarity=sign, firm=self._stays_with_firms(name, item),
            trigger=item.trigger, contributions=given, lists=self.flows.lists_of(item.trigger), duration=lasting,
            severity=severity(item.action.kind, service, lasting, bool(spills), author, heavy), spills=spills,
            closes=heavy in CLOSING,
        )  # fmt: skip

    def _stays_with_firms(self, name: str, item: Measure) -> bool:
        """Whether a measure meets firms alone: on their own records, on a service of firms, and carried to nobody."""
        if subjects(self.policy, item.trigger) != {"firm"} or SERVICES[item.service].subject == "person":
            return False
        return not any(
            isinstance(spill.carries, CarriesMeasure) and spill.carries.measure == name for spill in self._to_people()
        )

    def _to_people(self) -> Iterator[Spill]:
        """The spill-overs that carry anything to somebody who is no firm."""
        for each in self.policy.spillover.values():
            if each.to != "firm" and (each.weight is None or self.take(each.weight) != 0):
                yield each

    def _publication(self, name: str, item: Listing) -> MeasureView:
        element, red = f"lists.{name}.publication", name not in self.adverse
        end = (Hop(f"lists.{name}", f"{item.polarity} list"), Hop(element, item.context))
        given = self.flows.contributions(item.trigger, end[0], red, end[1])
        said = self.reader.said(f"{element}.until_days")
        until = Duration(said.value, frozenset(), frozenset({said.element}) if said.assumed else frozenset())
        lasting = until if said.state == "value" else self.durations.of_list(name)
        spills = tuple(
            f"spillover.{spill}"
            for spill, each in self.policy.spillover.items()
            if isinstance(each.carries, CarriesListing) and each.carries.list == name
        )
        copied = (each.carries for each in self._to_people() if isinstance(each.carries, CarriesListing))
        firm = item.subject == "firm" and all(carries.list != name for carries in copied)
        return MeasureView(
            kind="publication", element=element, item=item, action="publish", service=None, context=item.context,
            polarity="reward" if red else "sanction", firm=firm, trigger=item.trigger,
            contributions=given, lists=(name, *self.flows.lists_of(item.trigger)), duration=lasting,
            severity=severity("publish", None, lasting, bool(spills), None), spills=spills,
        )  # fmt: skip

    def _campaign(self, name: str, item: AccountsCampaign) -> MeasureView:
        service, lasting = SERVICES[ACCOUNT], Duration(None)
        return MeasureView(
            kind="campaign", element=f"campaigns.{name}", item=item, action="withdraw", service=service,
            context=service.context, polarity="sanction", firm=False, trigger=None, contributions=(), lists=(),
            duration=lasting, severity=severity("withdraw", service, lasting, False, None), aimed_at=item.aimed_at,
            closes=True,
        )  # fmt: skip

    def _spills(self, name: str, item: Measure) -> tuple[str, ...]:
        """The spill-overs that carry a measure to others: itself, a list or a score that triggers it."""
        lists = self.flows.lists_of(item.trigger)
        scores = {getattr(leaf, "score", "") for leaf in leaves(item.trigger)}
        found = []
        for spill, each in self.policy.spillover.items():
            carries = each.carries
            if each.weight is not None and self.take(each.weight) == 0:
                continue
            if (
                (isinstance(carries, CarriesMeasure) and carries.measure == name)
                or (isinstance(carries, CarriesListing) and carries.list in lists)
                or (isinstance(carries, CarriesPoints) and carries.score in scores)
            ):
                found.append(f"spillover.{spill}")
        return tuple(found)
