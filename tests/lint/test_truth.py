"""Three-valued truth: Kleene's tables, and evidence that holds what an answer needs and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lint.tiny import STEADY

from vitropolis.lint.truth import FALSE, TRUE, Truth, all_of, any_of, known, unknown

U = unknown("a")
ORDER = {False: 0, None: 1, True: 2}
WORDS: Mapping[int, bool | None] = {0: False, 1: None, 2: True}
NAMES = ("a", "b", "c", "d")


@dataclass(frozen=True)
class Leaf:
    """An element of a formula: what it says, and whether it is assumed or a label."""

    name: str
    value: bool | None
    rests: str

    @property
    def truth(self) -> Truth:
        if self.value is None:
            return unknown(self.name)
        names = (self.name,)
        return known(self.value, assumed=names if self.rests == "assumed" else (),
                     labels=names if self.rests == "label" else ())  # fmt: skip


@dataclass(frozen=True)
class Formula:
    """`and`, `or`, `not` of parts, or a leaf."""

    word: str
    parts: tuple[Formula, ...] = ()
    leaf: Leaf | None = None

    def truth(self, at: Mapping[str, Leaf]) -> Truth:
        """Its truth where leaves say what `at` says."""
        if self.leaf is not None:
            return at[self.leaf.name].truth
        told = [part.truth(at) for part in self.parts]
        return ~told[0] if self.word == "not" else all_of(told) if self.word == "and" else any_of(told)

    def leaves(self) -> dict[str, Leaf]:
        """Its leaves by name."""
        found = {self.leaf.name: self.leaf} if self.leaf else {}
        for part in self.parts:
            found |= part.leaves()
        return found


SAID = st.sampled_from([True, False, None])
LEAVES = {name: st.builds(Leaf, st.just(name), SAID, st.sampled_from(["", "assumed", "label"])) for name in NAMES}


def grown(found: Mapping[str, Leaf]) -> st.SearchStrategy[Formula]:
    """Formulas over these leaves."""
    ends = st.sampled_from([Formula("leaf", leaf=leaf) for leaf in found.values()])
    return st.recursive(
        ends,
        lambda inner: st.one_of(
            st.builds(Formula, st.just("not"), st.tuples(inner)),
            st.builds(Formula, st.sampled_from(["and", "or"]), st.tuples(inner, inner)),
        ),
        max_leaves=6,
    )


FORMULAS = st.fixed_dictionaries(LEAVES).flatmap(grown)
TRUTHS = st.sampled_from(NAMES).flatmap(lambda name: LEAVES[name]).map(lambda leaf: leaf.truth)


@pytest.mark.parametrize("left", [True, False, None])
@pytest.mark.parametrize("right", [True, False, None])
def test_and_is_the_least_and_or_the_greatest_of_kleene(left: bool | None, right: bool | None) -> None:
    one = unknown("a") if left is None else known(left)
    other = unknown("b") if right is None else known(right)
    assert (one & other).value is WORDS[min(ORDER[left], ORDER[right])]
    assert (one | other).value is WORDS[max(ORDER[left], ORDER[right])]
    assert (~one).value is (None if left is None else not left)


@settings(STEADY)
@given(TRUTHS, TRUTHS)
def test_de_morgan_with_all_evidence(left: Truth, right: Truth) -> None:
    assert ~(left & right) == (~left | ~right)
    assert ~(left | right) == (~left & ~right)
    assert ~~left == left


@settings(STEADY)
@given(TRUTHS, TRUTHS, TRUTHS)
def test_order_does_not_change_an_answer(one: Truth, two: Truth, three: Truth) -> None:
    assert (one & two).value is (two & one).value
    assert (one & two).weight == (two & one).weight
    assert ((one & two) & three).value is (one & (two & three)).value
    assert (one | two).value is (two | one).value
    assert any_of([one, two, three]).value is any_of([three, two, one]).value


def test_none_is_false_of_any_and_true_of_all() -> None:
    assert any_of([]) == FALSE
    assert all_of([]) == TRUE


def test_a_false_part_decides_and_keeps_its_own_evidence_alone() -> None:
    assumed, label = known(False, assumed=["x"]), known(False, labels=["y"])
    assert (U & FALSE) == FALSE
    assert (assumed & known(True, assumed=["z"])) == assumed
    assert (assumed & label) == label  # a label weighs less than an assumed value
    assert (assumed & label & FALSE) == FALSE
    assert (unknown("a") | known(True, labels=["y"])) == known(True, labels=["y"])


def test_what_is_undecided_names_all_that_is_missing() -> None:
    assert (unknown("a") & unknown("b", "c")).missing == {"a", "b", "c"}
    assert (unknown("a") & known(True, assumed=["x"])) == Truth(None, frozenset({"a"}), frozenset({"x"}))
    assert known(True).resting_on(labels=["l"], assumed=["m"]) == known(True, assumed=["m"], labels=["l"])


def test_a_truth_is_not_asked_as_if_it_had_two_values() -> None:
    with pytest.raises(TypeError, match=r"^a Truth has three values: use \.value, &, \| and ~$"):
        bool(TRUE)


@settings(STEADY)
@given(FORMULAS, st.data())
def test_what_is_not_in_the_evidence_never_changes_a_decided_answer(formula: Formula, data: st.DataObject) -> None:
    """Every element beside the evidence may say anything else: true, false, unknown. (Silent ones have no name.)"""
    leaves = formula.leaves()
    answer = formula.truth(leaves)
    if answer.value is None:
        return
    told = answer.assumed | answer.labels
    free = [name for name, leaf in leaves.items() if (leaf.rests or leaf.value is None) and name not in told]
    moved = {
        name: Leaf(name, data.draw(st.sampled_from([True, False, None])), leaf.rests) if name in free else leaf
        for name, leaf in leaves.items()
    }
    assert formula.truth(moved).value is answer.value
    assert not answer.missing


@settings(STEADY)
@given(FORMULAS)
def test_what_is_undecided_is_decided_by_what_is_missing_alone(formula: Formula) -> None:
    """Whatever the missing elements say, once they all say something the formula is decided."""
    leaves = formula.leaves()
    answer = formula.truth(leaves)
    if answer.value is not None:
        return
    assert answer.missing <= {name for name, leaf in leaves.items() if leaf.value is None}
    for said in (True, False):
        filled = {name: Leaf(name, said, "") if name in answer.missing else leaf for name, leaf in leaves.items()}
        assert formula.truth(filled).value is not None
