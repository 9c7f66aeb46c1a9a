"""The corner: which ends work against a story, and the fewest values that reverse it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import pytest

from vitropolis.model.assumptions import load_assumptions
from vitropolis.study.challenge import HOLDS, REVERSES, Case, Corners, against, first_of, play_corners
from vitropolis.study.stories import STORIES, Numbers, Story

STORY = Story("made", 1.0, "above", "below", lambda totals, world: None)
EFFECTS = {"trait.sigma": 0.5, "norms.household": -2.0, "lists.asks_repair": 0.1, "norms.district": 1.0}


class Linear:
    """Plays a world in which each value adds its own, from the end that works for the story to the one against it."""

    def __init__(self, start: float, steps: Mapping[str, float]) -> None:
        self.start, self.steps, self.turns = start, steps, 0

    def play(self, part: str, corners: list[dict[str, float]]) -> list[Numbers]:
        self.turns += 1
        return [self.numbers(self.start - sum(self.steps[path] for path in corner)) for corner in corners]

    def numbers(self, number: float) -> Numbers:
        return {"stories": {"w": {"made": number}}, "values": {}}


def case(written: float, story: Story = STORY) -> Case:
    corner = against(story, written, EFFECTS, load_assumptions("default"))
    row: dict[str, Any] = {"value": written, "low": written, "high": written, "values": [written] * 3}
    return Case(story, "w", row, corner)


def test_the_corner_takes_the_ends_against_the_story_strongest_first() -> None:
    known = load_assumptions("default").values()
    above = against(STORY, 3.0, EFFECTS, load_assumptions("default"))
    assert list(above) == ["norms.household", "norms.district", "trait.sigma", "lists.asks_repair"]
    assert above["norms.household"] == known["norms.household"].high  # it lowers the number
    assert above["norms.district"] == known["norms.district"].low
    below = against(STORY, 0.5, EFFECTS, load_assumptions("default"))
    assert below["norms.household"] == known["norms.household"].low
    assert first_of(above, 2) == {path: above[path] for path in ("norms.household", "norms.district")}


@pytest.mark.parametrize(("start", "fewest"), [(2.5, 1), (3.5, 2), (4.2, 3), (4.55, 4)])
def test_the_fewest_values_that_reverse_are_found(start: float, fewest: int) -> None:
    world = Linear(start, {path: abs(effect) for path, effect in EFFECTS.items()})
    mine = case(start)
    play_corners([mine], cast(Corners, world))
    told = mine.verdict()
    assert told.verdict == REVERSES
    assert told.lever is not None
    assert list(told.lever) == list(mine.corner)[:fewest]
    assert told.at is not None
    assert told.at <= 1.0


def test_a_story_that_no_corner_reverses_holds() -> None:
    world = Linear(9.0, {path: abs(effect) for path, effect in EFFECTS.items()})
    mine = case(9.0)
    play_corners([mine], cast(Corners, world))
    told = mine.verdict()
    assert (told.verdict, told.lever) == (HOLDS, None)
    assert told.corner == pytest.approx(5.4)
    assert world.turns == 1


def test_a_set_of_the_design_that_tells_the_opposite_reverses_it() -> None:
    mine = replace(case(2.0), row={"value": 2.0, "low": 0.5, "high": 3.0, "values": [2.0, 0.5, None]}, corner={})
    told = mine.verdict()
    assert (told.verdict, told.reversed_sets, told.sets) == (REVERSES, 1, 3)


def test_stories_say_both_sides_and_none_is_about_speech() -> None:
    assert len({story.id for story in STORIES}) == len(STORIES) >= 8
    for story in STORIES:
        assert story.above != story.below
        assert story.told(story.threshold) == story.below
        words = f"{story.id} {story.above} {story.below}"
        assert not any(word in words for word in ("speech", "critic", "petition", "loyal", "belief", "opinion"))
