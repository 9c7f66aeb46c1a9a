"""The strict reader: what it takes, and each thing it refuses with its literal message."""

import time
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from vitropolis.base.errors import InputError
from vitropolis.base.yamlfile import Node, parse_yaml, read_yaml


def refused(data: bytes | str) -> list[str]:
    with pytest.raises(InputError) as error:
        parse_yaml(data, "x.yaml")
    return [str(message) for message in error.value.messages]


def test_scalars_are_read_as_yaml_1_2() -> None:
    text = (
        "a: 1\nb: -2.5\nc: true\nd: null\ne:\nf: yes\ng: '1'\nh: 2018-11-20\ni: 1e3\nj: 0x10\nk: on\nl: \"null\"\n"
        "m: 12:30\nn: 1_000\no: .5\np: ~\nq: .inf\n"
    )
    assert parse_yaml(text, "x").plain() == {
        "a": 1, "b": -2.5, "c": True, "d": None, "e": None, "f": "yes", "g": "1", "h": date(2018, 11, 20), "i": 1000.0,
        "j": "0x10", "k": "on", "l": "null", "m": "12:30", "n": "1_000", "o": 0.5, "p": None, "q": ".inf",
    }  # fmt: skip


def test_every_element_knows_its_line_and_column() -> None:
    tree = parse_yaml("# head\na:\n  b: [1, {c: 2}]\n  2018-01-01: x\n", "x.yaml")
    branch = tree.child("a")
    assert branch is not None
    items = branch.child("b")
    assert items is not None
    assert (branch.place, branch.key_column, items.place, items.line, items.column) == (2, 1, 3, 3, 6)
    leaf = items.child(1)
    assert leaf is not None and leaf.flow
    assert leaf.child("c") is not None and leaf.child("c").column == 14  # type: ignore[union-attr]
    assert branch.child("2018-01-01") is branch.child(date(2018, 1, 1))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "x.yaml: the file is empty"),
        (b"\n  \n", "x.yaml: the file is empty"),
        (b"# only a comment\n", "x.yaml: the file is empty"),
        (b"---\n...\n", "x.yaml: the file is empty"),
        (b"- a\n- b\n", "x.yaml:1: the top of the file is a list; it must be a mapping `key: value`"),
        (b"word\n", "x.yaml:1: the top of the file is a single value; it must be a mapping `key: value`"),
        (b"a: 1\nb: \x00\n", "x.yaml:2: holds a NUL byte: not a text file"),
        ("a: 1\nb: caf\u00e9\n".encode("latin-1"), "x.yaml:2: is not UTF-8 (byte 0xe9); save the file as UTF-8"),
        (b"a: 1\nb: 2\na: 3\n", "x.yaml:3: key `a` stands here a second time"),
        (b"a:\n\tb: 1\n", "x.yaml:2: a tab stands in the indentation; use spaces"),
        (b"a: !!python/object:os.system x\n", "x.yaml:1: tags are not allowed: `!!python/object:os.system`"),
        (b"a: !x 1\n", "x.yaml:1: tags are not allowed: `!x`"),
        (b"a: 1\n---\nb: 1\n", "x.yaml:2: a second document begins here; one file holds one document"),
        (b"a: {value: 2021-13-01}\n",
         "x.yaml:1: `2021-13-01` is not a date (month must be in 1..12); write YYYY-MM-DD"),
        (b"a:\n  2018-02-30: 1\n",
         "x.yaml:2: `2018-02-30` is not a date (day is out of range for month); write YYYY-MM-DD"),
        (b"a: 123456789012345678901234\n", "x.yaml:1: `123456789012...` has too many digits"),
        (b"a: 1e999\n", "x.yaml:1: `1e999` is too large or too long a number"),
        (b"? [a]\n: 1\n", "x.yaml:1: a key must be a single word, not a list or mapping"),
    ],
)  # fmt: skip
def test_refusals(data: bytes, message: str) -> None:
    assert refused(data) == [message]


def test_anchors_aliases_and_merge_keys_are_refused_each() -> None:
    assert refused("a: &x 1\nb: *x\nc:\n  <<: {d: 1}\n") == [
        "x.yaml:1: anchors and aliases are not allowed; use `extends`",
        "x.yaml:2: anchors and aliases are not allowed; use `extends`",
        "x.yaml:4: merge keys `<<` are not allowed; use `extends`",
    ]


def test_a_colon_without_quotes_gets_the_hint() -> None:
    (message,) = refused("a: {title: b: c}\n")
    assert message.startswith("x.yaml:1: not valid YAML: ")
    assert message.endswith("; a text with a comma or colon inside {...} needs quotes")


def test_syntax_errors_say_the_line() -> None:
    (message,) = refused("a: 1\nb: [1, 2\nc: 3\n")
    assert message.startswith("x.yaml:3: not valid YAML: ")


@pytest.mark.parametrize("bracket", ["[", "{a: ", "- "])
def test_twenty_thousand_brackets_stop_early(bracket: str) -> None:
    began = time.perf_counter()
    assert refused("a: " + bracket * 20_000 if bracket != "- " else bracket * 20_000)[0].startswith(
        "x.yaml:1: is nested"
    )
    assert time.perf_counter() - began < 1


def test_an_alias_bomb_stops_early() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    began = time.perf_counter()
    messages = refused("\n".join(lines))
    assert messages[0] == "x.yaml:1: anchors and aliases are not allowed; use `extends`"
    assert len(messages) <= 50
    assert time.perf_counter() - began < 1


def test_a_hundred_thousand_values_are_the_limit() -> None:
    assert refused("a: [" + "1," * 150_000 + "]") == ["x.yaml:1: holds more than 100,000 values"]


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder, not a file"):
        read_yaml(tmp_path)
    with pytest.raises(InputError, match="there is no such file"):
        read_yaml(tmp_path / "x.yaml")
    big = tmp_path / "big.yaml"
    big.write_bytes(b"a: 1\n" * 500_000)
    with pytest.raises(InputError, match="has 2,500,000 bytes; at most 2,000,000 are read"):
        read_yaml(big)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_tree_or_an_input_error(data: bytes) -> None:
    try:
        assert isinstance(parse_yaml(data, "x.yaml"), Node)
    except InputError as error:
        assert error.messages


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab:-,[]{}&*!#|>'\" \n?%@`<0", max_size=80))
def test_any_yaml_like_text_gives_a_tree_or_an_input_error(text: str) -> None:
    try:
        assert isinstance(parse_yaml(text, "x.yaml").plain(), dict)
    except InputError as error:
        assert all(message.file == "x.yaml" for message in error.messages)


no_digits = st.characters(exclude_characters="0123456789", exclude_categories=["Cs", "Nd"])
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.dates() | st.text(no_digits, max_size=8)
    | st.floats(allow_nan=False, allow_infinity=False, width=32),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"[a-z]{1,5}\Z"), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.from_regex(r"\A[a-z]{2,6}\Z"), plain, min_size=1, max_size=4))
def test_what_yaml_writes_is_read_back(data: dict[str, object]) -> None:
    text = yaml.safe_dump(data, allow_unicode=False, default_flow_style=False)
    if "!!" not in text and "&id" not in text:
        assert parse_yaml(text, "x.yaml").plain() == data
