"""Every policy of the library in plain sentences: whole, about what the file says, and no praise or blame."""

from __future__ import annotations

import re

import pytest

from vitropolis.policy import first_sentence, library, load_policy, load_text, summary

SMALLEST = """schema_version: 1
policy: {id: small, title: small, as_of: 2020-01-01}
population: {natural_persons: true, legal_entities: false, enrolment: {mode: opt_in}}
"""


@pytest.mark.parametrize("name", library())
def test_it_is_told_in_whole_sentences(name: str) -> None:
    policy = load_policy(name)
    told = summary(policy)
    assert 5 <= len(told) <= 24
    for sentence in (*told, first_sentence(policy)):
        assert re.fullmatch(r"[A-Z0-9].*\.", sentence) and "_" not in sentence and "  " not in sentence, sentence
        assert not re.search(r"\b(None|True|False|unknown|\[|\{)", sentence), sentence
        assert not re.search(r"\b(fair|unfair|rightly|deserv)", sentence), sentence


def test_it_says_what_the_file_says() -> None:
    told = " ".join(summary(load_policy("beijing-2018-press")))
    for part in ("residents and firms, without being asked, all of them by 2020-12-31", "47 kinds of conduct",
                 "starting at 1,000", "black list “untrustworthy” with no end fixed, and the list is public",
                 "flights", "children", "People can appeal", "1 of its 126 values"):  # fmt: skip
        assert part in told


def test_what_is_not_there_is_said_not_to_be() -> None:
    told = summary(load_text(SMALLEST))
    assert told[0] == "It covers residents, if they sign up."
    assert "No conduct counts." in told
    assert "Nothing is said of notice, objection, appeal or correction: a run takes it that there is none." in told


def test_a_change_of_the_file_changes_the_sentence() -> None:
    assert summary(load_text(SMALLEST.replace("opt_in", "mandatory")))[0] == "It covers residents, without being asked."
    firms = SMALLEST.replace("legal_entities: false", "legal_entities: true")
    assert summary(load_text(firms))[0] == "It covers residents and firms, if they sign up."
