"""The pages of plan and reality name files that exist, commands that are real, and elements of the policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.house.tree import ROOT

from vitropolis.cli.app import COMMANDS, make_app
from vitropolis.engine.played import parts_not_played
from vitropolis.policy import load_policy
from vitropolis.policy.schema import Policy

PAGES = ("plan.md", "reality.md", "odd.md", "headlines.md")
CLAIMS = [f"M{number}" for number in range(1, 15)]
HEADS = ("Articles", "Model", "See it", "Held by", "Summaries", "Marks")
NEVER = {"M5", "M6", "M9", "M12"}
ROOMS_OF_FILES = ("src/", "tests/", "docs/", "benchmarks/", "tools/")


def text(page: str) -> str:
    return (ROOT / "docs" / page).read_text(encoding="utf8")


def spans(page: str) -> list[str]:
    """What stands between backquotes, line breaks as spaces."""
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", text(page))]


def missing(page: str) -> list[str]:
    """Files that a page names or links to and that do not exist."""
    named = [span for span in spans(page) if span.startswith(ROOMS_OF_FILES)]
    linked = re.findall(r"\]\(([\w./-]+\.md)(?:#[\w-]+)?\)", text(page))
    return [path for path in named if not (ROOT / path).exists()] + [
        path for path in linked if not (ROOT / "docs" / path).is_file()
    ]


def commands(page: str) -> list[list[str]]:
    return [span.split()[1:] for span in spans(page) if span.startswith("vitropolis ")]


def is_real(words: list[str]) -> bool:
    """Whether the command line takes a call; nothing is played."""
    from cyclopts import CycloptsError

    if words[0] not in [name for name, _, _ in COMMANDS]:
        return False
    try:
        make_app().parse_args(words, exit_on_error=False, print_error=False)
    except CycloptsError:
        return len(words) == 1  # a command named in passing, without what it needs
    return True


@pytest.mark.parametrize("page", PAGES)
def test_every_file_named_exists(page: str) -> None:
    assert missing(page) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_command_named_is_real(page: str) -> None:
    assert [" ".join(words) for words in commands(page) if not is_real(words)] == []
    assert commands(page)


@pytest.mark.parametrize("words", ["pley x", "run x --sise 2k", "life x --pick worst", "policy shw", "odd x"])
def test_a_command_that_is_none_is_noticed(words: str) -> None:
    assert not is_real(words.split())


def test_every_policy_in_a_command_is_in_the_library() -> None:
    for page in ("plan.md", "reality.md"):
        for words in commands(page):
            if words[0] in ("run", "lint") or words[:2] == ["policy", "show"]:
                names = [word for word in words[1:] if re.fullmatch(r"[a-z]+(-[a-z]+)*-\d{4}(-[a-z]+)*", word)]
                assert [load_policy(name).id for name in names] == names


def claims() -> dict[str, str]:
    """The section of each claim."""
    parts = re.split(r"^## (M\d+): .*$", text("plan.md").partition("\n## Parts not played")[0], flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_claim_is_told_under_the_same_heads() -> None:
    assert list(claims()) == CLAIMS
    for section in claims().values():
        assert tuple(re.findall(r"^\* \*\*([\w ]+):\*\*", section, re.MULTILINE)) == HEADS


def test_every_claim_names_a_command_and_the_files_and_tests_that_exist() -> None:
    for claim, section in claims().items():
        shown = re.search(r"See it:\*\*(.*?)^\* \*\*Held", section, re.DOTALL | re.MULTILINE)
        held = re.search(r"Held by:\*\*(.*?)^\* \*\*Summ", section, re.DOTALL | re.MULTILINE)
        model = re.search(r"Model:\*\*(.*?)^\* \*\*See", section, re.DOTALL | re.MULTILINE)
        assert shown and held and model
        assert "`vitropolis " in shown.group(1)
        assert "`src/vitropolis/" in model.group(1)
        assert re.search(r"`(tests|src/vitropolis/verification)/", held.group(1)) or claim == "M13"


def test_what_can_never_meet_data_says_so_twice() -> None:
    rows = dict(re.findall(r"^\| (M\d+) \|.*\| ([^|]+) \|$", text("plan.md"), re.MULTILINE))
    assert list(rows) == CLAIMS
    assert {claim for claim, met in rows.items() if met == "never"} == NEVER
    assert {claim for claim, section in claims().items() if "never" in section.partition("**Marks:**")[2]} == NEVER


def listed_as_waiting() -> set[str]:
    """`element: waits for mechanism`, from the page's table."""
    table = text("plan.md").partition("## Parts not played")[2].partition("## Sources")[0]
    rows = re.findall(r"^\| ([a-z ]+) \| (`.*`) \|$", table, re.MULTILINE)
    return {f"{element}: waits for {waits}" for waits, row in rows for element in re.findall(r"`([^`]+)`", row)}


def test_what_waits_is_what_a_run_says_waits() -> None:
    assert listed_as_waiting() == set(parts_not_played(load_policy("beijing-2018-press")))


def element(policy: Policy, path: str) -> object:
    part: object = policy
    for step in path.split("."):
        part = part[step] if isinstance(part, dict) else getattr(part, step)
    return part


def test_elements_named_are_elements_of_the_policy() -> None:
    policy = load_policy("beijing-2018-press")
    named = [span for span in spans("plan.md") if re.fullmatch(r"(measures|campaigns|lists|scores)\.\w+", span)]
    assert len(named) > 10
    assert all(element(policy, span) is not None for span in named)


def test_a_source_that_is_cited_is_listed_and_the_other_way_round() -> None:
    for page in ("plan.md", "reality.md"):
        body, _, sources = text(page).partition("\n## Sources\n")
        listed = re.findall(r"^\| \[(\w+)\] \|", sources, re.MULTILINE)
        assert set(re.findall(r"\[([a-z]\w*)\](?!\()", body)) == set(listed)


def test_validation_is_never_called_verification() -> None:
    assert "**Verification** asks" in text("reality.md") and "**Validation** asks" in text("reality.md")
    assert not re.search(
        r"(?i)\bverif\w+ (against|with|by) (data|reality|observ)", text("reality.md") + text("plan.md")
    )


def test_every_page_is_reached_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf8")
    assert [page for page in PAGES if f"(docs/{page})" not in readme] == []
    assert Path(ROOT / "docs" / "plan.md").is_file()
