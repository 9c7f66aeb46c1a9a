"""What firms tell residents before a week: work lost, and what their representatives carry (section 17).

All of it follows from how firms stand at the end of the week before (`engine.firmview`); what it has done so far is in
`CityState.jobs` (jobs cut, by world and firm) and `CityState.offices` (what representatives carry).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.fixed import exact, share16
from vitropolis.city import City
from vitropolis.engine.between import CityState
from vitropolis.engine.chunks import Chunk, fixed_view
from vitropolis.engine.firmview import FIRST_FIRM, FirmView
from vitropolis.model.jobs import Staff, jobs_to_go, plays_work
from vitropolis.model.news import LAID_OFF
from vitropolis.model.representatives import carried_by, held_by, news_of_offices, pick_representatives, sources_of
from vitropolis.model.rules import FIRM_SERVICES
from vitropolis.model.worlds import Plan, World

Rows = NDArray[np.int64]
NOBODY = np.zeros((0, 3), np.int64)


class _Shares:
    """One world's assumptions about firms and work, in 16 bits."""

    def __init__(self, world: World) -> None:
        held, lists = world.assumptions.work, replace(world, subject="firm").lists.values()
        self.orders = [share16(exact(getattr(held.orders_lost, name).value)) for name in _SERVICES]
        self.listed, self.rep = share16(exact(held.orders_lost_listed.value)), share16(exact(held.rep_listed.value))
        self.through, self.closes = share16(exact(held.pass_through.value)), share16(exact(held.closes_weekly.value))
        self.black = sum(1 << place for place, item in enumerate(lists) if item.polarity == "black")
        self.persons = sum(1 << place for place, x in enumerate(world.lists.values()) if x.polarity == "black")


_SERVICES = ("public_procurement", "firm_loan", "firm_subsidy", "customs_clearance", "firm_licence")
_AT = [FIRM_SERVICES.index(name) for name in _SERVICES]


class WorkSide:
    """Work and representatives of a whole city; `staff` int64[firm]: how many each employs."""

    def __init__(self, plan: Plan, city: City, staff: Rows) -> None:
        self.plan, self.city, self.staff = plan, city, staff
        self.shares = [_Shares(world) for world in plan.worlds]
        self.sources = [sources_of(world) for world in plan.worlds]
        self.works = plays_work(plan)
        self.reps = np.full(len(staff), -1, np.int32)
        if any(self.sources) or any(each.rep for each in self.shares):
            keys = np.uint32(plan.seed & 0xFFFFFFFF), np.uint32(plan.seed >> 32)
            ends = np.asarray(city.district_ends, np.int64)
            districts = np.asarray(city.firm_district).astype(np.int64)
            pick_representatives(FIRST_FIRM, districts, ends, fixed_view(np.asarray(city.age)), *keys, self.reps)
        order = np.argsort(self.reps, kind="stable")
        self.known = order[np.searchsorted(self.reps[order], 0) :].copy()  # firms that have one, in their order
        self.who = self.reps[self.known]
        self.people: Staff | None = None

    def tell(self, state: CityState, view: FirmView, chunks: list[Chunk]) -> Rows:
        """News of the week to come; the city's state moves on."""
        laid = self._lay_off(state, view, chunks) if self.works else NOBODY
        return np.concatenate([laid, self._represent(state, view)])

    def _lay_off(self, state: CityState, view: FirmView, chunks: list[Chunk]) -> Rows:
        """Who loses work, with the worlds in which they do."""
        listed = self._listed_reps(chunks)
        found = []
        for world, shares in enumerate(self.shares):
            firms = np.flatnonzero(view.shut[world] | view.lists[world] | listed[world])
            lost: Rows = np.zeros(len(firms), np.int64)
            shut = view.shut[world, firms].astype(np.int64)
            for place, share in zip(_AT, shares.orders, strict=True):
                lost += share * ((shut >> place) & 1)
            lost += shares.listed * (view.lists[world, firms] & shares.black != 0).astype(np.int64)
            lost = np.minimum(65536, lost + shares.rep * listed[world, firms].astype(np.int64))
            gone = state.jobs[world, firms].astype(np.int64)
            more = jobs_to_go(self.staff[firms], lost, gone, shares.through, shares.closes)
            if more.any():
                self.people = self.people or Staff(np.asarray(self.city.employer), self.staff, self.plan.chance)
                who = self.people.next(firms, gone, more)
                found.append(np.stack([who, np.full_like(who, 1 << world)], axis=1))
                state.jobs[world, firms] += more.astype(np.int32)
        if not found:
            return NOBODY
        rows = np.concatenate(found)
        residents, which = np.unique(rows[:, 0], return_inverse=True)
        worlds = np.zeros_like(residents)
        np.bitwise_or.at(worlds, which, rows[:, 1])
        return np.stack([residents, np.full_like(residents, LAID_OFF), worlds], axis=1)

    def _listed_reps(self, chunks: list[Chunk]) -> NDArray[np.uint8]:
        """0/1 uint8[world, firm]: whether its representative is on a black list of persons, where that matters."""
        found = np.zeros((len(self.shares), len(self.staff)), np.uint8)
        if not any(each.rep and each.persons for each in self.shares):
            return found
        black = np.array([each.persons if each.rep else 0 for each in self.shares], np.uint16)  # lists somebody is on
        ends = np.searchsorted(self.who, [chunk.end for chunk in chunks]).tolist()
        lists, first = np.zeros((len(self.shares), len(self.who)), np.uint16), 0
        for end, chunk in zip(ends, chunks, strict=True):
            if end > first:
                who = self.who[first:end] - chunk.first
                np.take(chunk.state.lists, who, axis=1, out=lists[:, first:end], mode="clip")
            first = end
        for world, row in enumerate(lists):
            found[world, self.known[row & black[world] != 0]] = 1
        return found

    def _represent(self, state: CityState, view: FirmView) -> Rows:
        """For whom what firms carry has changed."""
        parts = [np.zeros((0, 3), np.int64)]
        for world, sources in enumerate(self.sources):
            firms = np.flatnonzero(view.lists[world] | view.met[world]) if sources else np.zeros(0, np.int64)
            columns = (part[world, firms].astype(np.int64) for part in (view.met, view.lists, view.wronged))
            who, value = held_by(self.reps[firms].astype(np.int64), *carried_by(sources, *columns))
            parts.append(np.stack([who, np.full_like(who, world), value], axis=1))
        now = np.concatenate(parts)
        now = now[np.lexsort((now[:, 1], now[:, 0]))]
        before, state.offices = state.offices, now
        return news_of_offices(before, now)
