"""Which records bring a trigger about, against trying all of them on tiny policies; and how far some of them decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lint.tiny import STEADY, behaviour, case, listing, measure, score

from vitropolis.lint.case import Case
from vitropolis.policy.triggers import AllTrigger, AnyTrigger, BandTrigger, ListedTrigger, RecordsTrigger, ScoreTrigger

NAMES = ("a", "b", "c", "d")
BANDS = {"top": 5, "mid": 3, "low": 1, "end": 0}
LADDER = tuple(BANDS)
HIGH = 6
MOST = HIGH  # records of each that are tried where there is no cap

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Town:
    """A policy played by hand: for so many live records of each behaviour, what holds, without the linter."""

    case: Case

    def caps(self) -> dict[str, int]:
        """How many records of each behaviour can count."""
        found = {}
        for name, item in self.case.policy.behaviours.items():
            most = item.max_counted.steps[0].taken if item.max_counted else None
            found[name] = MOST if most is None else most
        return found

    def tries(self, names: Iterator[str] | tuple[str, ...]) -> Iterator[Counts]:
        """Every number of records of these behaviours."""
        caps = {name: most for name, most in self.caps().items() if name in set(names)}
        for counts in product(*(range(most + 1) for most in caps.values())):
            yield dict(zip(caps, counts, strict=True))

    def points(self, counts: Counts) -> int:
        """The score."""
        items, of = self.case.policy.behaviours, self.case.policy.scores["s"]
        total = of.start.steps[0].taken
        for name, times in counts.items():
            given = items[name].points.get("s")
            total += times * (given.steps[0].taken if given else 0)
        return max(0, min(HIGH, total))

    def band(self, counts: Counts, listed: frozenset[str]) -> str:
        """The band: by points, and no better than any ceiling."""
        policy, total = self.case.policy, self.points(counts)
        held = [next(name for name in LADDER if total >= BANDS[name])]
        held += [policy.behaviours[name].band_ceiling["s"] for name, times in counts.items()
                 if times and "s" in policy.behaviours[name].band_ceiling]  # fmt: skip
        held += [policy.lists[name].band_ceiling["s"] for name in listed if "s" in policy.lists[name].band_ceiling]
        return max(held, key=LADDER.index)

    def listed(self, counts: Counts) -> frozenset[str]:
        """The lists somebody with these records comes on."""
        found: frozenset[str] = frozenset()
        while True:
            more = found | {name for name, item in self.case.policy.lists.items()
                            if self.holds(item.trigger, counts, found)}  # fmt: skip
            if more == found:
                return found
            found = more

    def holds(self, trigger: Any, counts: Counts, listed: frozenset[str]) -> bool:
        """Whether a trigger holds."""
        if isinstance(trigger, AnyTrigger | AllTrigger):
            parts = [self.holds(part, counts, listed) for part in trigger.of]
            return any(parts) if isinstance(trigger, AnyTrigger) else all(parts)
        if isinstance(trigger, RecordsTrigger):
            return sum(counts.get(name, 0) for name in set(trigger.behaviours)) >= (trigger.count or 1)
        if isinstance(trigger, ListedTrigger):
            return bool(listed & set(trigger.lists))
        if isinstance(trigger, ScoreTrigger):
            if trigger.below is not None:
                return self.points(counts) < trigger.below.steps[0].taken
            assert trigger.at_least is not None
            return self.points(counts) >= trigger.at_least.steps[0].taken
        assert isinstance(trigger, BandTrigger)
        return self.band(counts, listed) in trigger.bands

    def meets(self, trigger: Any, counts: Counts) -> bool:
        """Whether somebody with these records is met by a trigger."""
        return self.holds(trigger, counts, self.listed(counts))

    def possible(self, trigger: Any, names: tuple[str, ...]) -> bool:
        """Whether any records of these behaviours bring a trigger about."""
        return any(self.meets(trigger, counts) for counts in self.tries(names))


RECORDS = st.builds(
    lambda names, count: {"kind": "records", "behaviours": names, **({"count": count} if count else {})},
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=3), st.one_of(st.none(), st.integers(1, 5)),
)  # fmt: skip
BAND = st.builds(
    lambda bands: {"kind": "band", "score": "s", "bands": bands},
    st.lists(st.sampled_from(LADDER), min_size=1, max_size=2, unique=True),
)
SCORE = st.builds(
    lambda way, points: {"kind": "score", "score": "s", way: points},
    st.sampled_from(["below", "at_least"]), st.integers(-2, HIGH + 2),
)  # fmt: skip
LISTED = st.builds(
    lambda names: {"kind": "listed", "lists": names},
    st.lists(st.sampled_from(["one", "two", "three"]), min_size=1, max_size=2, unique=True),
)
LEAVES = st.one_of(RECORDS, BAND, SCORE, LISTED)
EITHER = st.builds(lambda parts: {"kind": "any_of", "of": parts}, st.lists(LEAVES, min_size=2, max_size=2))
ANY = st.one_of(LEAVES, EITHER)
JOINED = st.builds(lambda parts: {"kind": "all_of", "of": parts}, st.lists(ANY, min_size=2, max_size=2))


@st.composite
def towns(draw: st.DrawFn, trigger: st.SearchStrategy[dict[str, Any]], up: bool = False) -> Case:
    """A policy of three behaviours that move a score, a fourth that only lists people, three lists, and a measure."""
    sign = 1 if up else -1
    behaviours = {}
    for name in NAMES:
        fields: dict[str, Any] = {}
        if name != "d":
            fields["points"] = {"s": sign * draw(st.integers(0, 4))}
        cap = draw(st.one_of(st.none(), st.integers(1, 3)))
        if cap:
            fields["max_counted"] = cap
        if draw(st.integers(0, 3)) == 0:
            fields["band_ceiling"] = {"s": draw(st.sampled_from(LADDER))}
        behaviours[name] = behaviour(**fields)
    ceiling = {"band_ceiling": {"s": draw(st.sampled_from(LADDER))}} if draw(st.booleans()) else {}
    lists = {
        "one": listing({"kind": "records", "behaviours": ["d"]}, **ceiling),
        "two": listing(draw(st.one_of(RECORDS, SCORE))),
        "three": listing({"kind": "listed", "lists": ["two"]}),
    }
    whole = measure(draw(trigger), {"kind": "priority", "place": "first"} if up else "deny",
                    "hospital_appointment" if up else "flights")  # fmt: skip
    return case(behaviours=behaviours, lists=lists, measures={"m": whole},
                scores={"s": score(BANDS, draw(st.integers(0, HIGH)), 0, HIGH)})  # fmt: skip


def counted(witness: tuple[tuple[str, int, int], ...]) -> dict[str, int]:
    """How many records of each behaviour a witness shows."""
    found: dict[str, int] = {}
    for name, times, _ in witness:
        found[name] = found.get(name, 0) + times
    return found


@settings(STEADY, max_examples=150)
@given(st.booleans().flatmap(lambda up: st.tuples(st.just(up), towns(ANY, up))), st.sets(st.sampled_from(NAMES)))
def test_a_trigger_can_be_brought_about_exactly_if_trying_all_records_finds_a_way(
    drawn: tuple[bool, Case], names: set[str]
) -> None:
    _, found = drawn
    town, trigger = Town(found), found.policy.measures["m"].trigger
    witness = found.satisfier.witness(trigger, names)
    assert (witness is not None) is town.possible(trigger, tuple(names))
    if witness is not None:
        counts, caps = counted(witness), town.caps()
        assert set(counts) <= names
        assert all(times <= caps[name] for name, times in counts.items())
        assert town.meets(trigger, counts)


@settings(STEADY, max_examples=60)
@given(towns(JOINED), st.sets(st.sampled_from(NAMES)))
def test_of_joined_triggers_nothing_that_can_happen_is_missed(found: Case, names: set[str]) -> None:
    """Joined triggers are answered leaf by leaf: that may find too much, and never too little."""
    town, trigger = Town(found), found.policy.measures["m"].trigger
    witness = found.satisfier.witness(trigger, names)
    if town.possible(trigger, tuple(names)):
        assert witness is not None
    if witness is not None:
        caps = town.caps()
        assert all(times <= caps[name] for name, times in counted(witness).items())


@settings(STEADY)
@given(towns(ANY), st.sets(st.sampled_from(NAMES)))
def test_necessary_and_sufficient_are_what_their_definition_says(found: Case, names: set[str]) -> None:
    town, view = Town(found), found.measures[0]
    every = tuple(each.name for each in view.behaviours)
    weight = found.weight(view, names)
    if not town.possible(view.trigger, every):
        assert weight is None
        return
    assert weight is not None
    assert weight.sufficient is town.possible(view.trigger, tuple(name for name in every if name in names))
    assert weight.necessary is not town.possible(view.trigger, tuple(name for name in every if name not in names))
    told = {(True, True): "necessary and sufficient", (True, False): "necessary", (False, True): "sufficient",
            (False, False): "contributory"}  # fmt: skip
    assert weight.told == told[weight.necessary, weight.sufficient]
    assert town.meets(view.trigger, counted(weight.witness))


TALL = {"top": 9, "mid": 5, "low": 2, "end": 0}


def witness_of(trigger: dict[str, Any], names: str = "abcd", **sections: Any) -> Any:
    """The records that bring a trigger about in a town of three behaviours."""
    behaviours = sections.pop("behaviours", {
        "a": behaviour(points={"s": -3}, max_counted=2), "b": behaviour(points={"s": -1}),
        "c": behaviour(points={"s": 4}), "d": behaviour(),
    })  # fmt: skip
    found = case(behaviours=behaviours, measures={"m": measure(trigger)}, **{
        "scores": {"s": score(TALL, 10, 0, 12)}, **sections})  # fmt: skip
    return found.satisfier.witness(found.policy.measures["m"].trigger, set(names))


def test_records_are_made_up_of_several_behaviours_where_caps_ask_for_it() -> None:
    wanted = {"kind": "records", "behaviours": ["a", "b"], "count": 5}
    assert witness_of(wanted) == (("a", 2, 0), ("b", 3, 0))
    assert witness_of(wanted, "a") is None
    assert witness_of({"kind": "records", "behaviours": ["a", "a"], "count": 4}, "a") is None


def test_the_band_that_takes_fewest_kinds_of_record_is_shown() -> None:
    assert witness_of({"kind": "band", "score": "s", "bands": ["mid"]}) == (("b", 2, -1),)
    assert witness_of({"kind": "score", "score": "s", "below": 1}, "a") is None
    assert witness_of({"kind": "band", "score": "s", "bands": ["top"]}) == ()


def test_a_list_stands_behind_a_list() -> None:
    lists = {
        "one": listing({"kind": "listed", "lists": ["two", "three"]}),
        "two": listing({"kind": "records", "behaviours": ["a"], "count": 2}),
        "three": listing({"kind": "records", "behaviours": ["d"]}),
    }
    wanted = {"kind": "listed", "lists": ["one"]}
    assert witness_of(wanted, lists=lists) == (("d", 1, 0),)
    assert witness_of(wanted, "a", lists=lists) == (("a", 2, 0),)
    assert witness_of(wanted, "b", lists=lists) is None


def test_a_ranking_is_moved_by_any_record_of_the_right_sign() -> None:
    wanted = {"kind": "rank", "score": "s", "end": "worst", "share": 0.1}
    assert witness_of(wanted, "c") is None
    assert witness_of(wanted, "bc") == (("b", 1, -1),)
    assert witness_of({**wanted, "end": "best"}, "c") == (("c", 1, 4),)
    ranked = {"s": score({"top": 500, "end": 0}, 10, 0, 12, normalisation="relative_rank")}
    assert witness_of({"kind": "band", "score": "s", "bands": ["end"]}, "b", scores=ranked) == (("b", 1, -1),)


def test_a_ceiling_of_a_ranked_score_needs_no_points() -> None:
    ranked = {"s": score({"top": 500, "end": 0}, 10, 0, 12, normalisation="relative_rank")}
    found = witness_of({"kind": "band", "score": "s", "bands": ["end"]}, scores=ranked,
                       behaviours={"d": behaviour(band_ceiling={"s": "end"})})  # fmt: skip
    assert found == (("d", 1, 0),)


@pytest.mark.parametrize(
    ("ceiling", "points", "start", "bands", "witness"),
    [
        ("low", 0, 10, ["low"], (("d", 1, 0),)),
        ("low", -9, 10, ["low"], None),  # its own points take it below
        ("mid", 0, 3, ["mid"], None),  # a ceiling lifts nobody
        ("end", -6, 10, ["low"], None),  # points lead to `low`, the ceiling below it
        ("top", -6, 10, ["low"], (("d", 1, -6),)),  # a ceiling above changes nothing
    ],
)
def test_a_ceiling_holds_down_and_never_lifts(
    ceiling: str, points: int, start: int, bands: list[str], witness: object
) -> None:
    behaviours = {"d": behaviour(band_ceiling={"s": ceiling}, points={"s": points}, max_counted=1)}
    found = witness_of({"kind": "band", "score": "s", "bands": bands}, behaviours=behaviours,
                       scores={"s": score(TALL, start, 0, 12)})  # fmt: skip
    assert found == witness


def test_joined_triggers_count_the_same_record_once() -> None:
    wanted = {"kind": "all_of", "of": [{"kind": "records", "behaviours": ["a"], "count": 2},
                                       {"kind": "score", "score": "s", "below": 8}]}  # fmt: skip
    assert witness_of(wanted, "a") == (("a", 1, 0), ("a", 1, -3))


def test_lists_and_ceilings_in_a_circle_come_to_an_end() -> None:
    """Twelve lists, each on who is in a band that only one of these lists' ceilings leads to."""
    lists = {f"l{n}": listing({"kind": "band", "score": "s", "bands": ["end"]}, band_ceiling={"s": "end"})
             for n in range(12)}  # fmt: skip
    behaviours = {"d": behaviour(points={"s": 1})}
    assert witness_of({"kind": "listed", "lists": list(lists)}, "d", behaviours=behaviours, lists=lists) is None
    way_in = {**lists, "l7": listing({"kind": "records", "behaviours": ["d"]}, band_ceiling={"s": "end"})}
    found = witness_of({"kind": "listed", "lists": ["l0"]}, "d", behaviours=behaviours, lists=way_in)
    assert found == (("d", 1, 0),)


def test_many_lists_in_a_row_are_followed() -> None:
    lists = {f"l{n}": listing({"kind": "listed", "lists": [f"l{n + 1}"]}) for n in range(31)}
    lists["l31"] = listing({"kind": "records", "behaviours": ["d"]})
    assert witness_of({"kind": "listed", "lists": ["l0"]}, lists=lists) == (("d", 1, 0),)
