"""Whatever stands in a policy file, loading gives a policy or messages with lines, and nothing else."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.policy.texts import SMALL

from vitropolis.base.errors import InputError
from vitropolis.base.yamlfile import parse_yaml
from vitropolis.policy import Policy, check_playable, flow_graph, load_policy, load_text, none_beside, show_lines

JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 0, 10**15, 1.5, "unknown", "x y", "", [], [1], [[]], {}, {"kind": "x"}, {"value": 1},
     {"value": {}},
     {"kind": "any_of", "of": []}, {"2018-01-01": 1}, ["black"], "credit", {"a": {"b": {}}}]
)  # fmt: skip


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for key, item in items for path in paths(item, (*here, key)))]


def put(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    copy = dict(value) if isinstance(value, dict) else list(value)
    if len(path) == 1 and junk == "" and isinstance(copy, dict):
        del copy[path[0]]
    else:
        copy[path[0]] = put(copy[path[0]], path[1:], junk)
    return copy


def text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): text_keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [text_keys(item) for item in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def yaml_of(value: Any) -> str:
    """As JSON, with dates bare again."""
    import re

    return re.sub(r'"(\d{4}-\d\d-\d\d)"', r"\1", json.dumps(text_keys(value), indent=1))


PLAIN = parse_yaml(SMALL, "x.policy.yaml").plain()
PATHS = [path for path in paths(PLAIN) if path]


def use(policy: Policy) -> None:
    try:
        check_playable(policy, policy.starts_on)
    except InputError:
        return
    none_beside(policy)
    flow_graph(policy)
    show_lines(policy)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PATHS), JUNK), min_size=1, max_size=3))
def test_a_broken_policy_gives_messages_with_lines(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    broken = PLAIN
    for path, junk in changes:
        try:
            broken = put(broken, path, junk)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    try:
        policy = load_text(yaml_of(broken), "x.policy.yaml")
    except InputError as error:
        assert all(message.file == "x.policy.yaml" and message.text for message in error.messages)
        assert all(message.line for message in error.messages if message.element)
        lines = [message.line for message in error.messages]
        assert lines == sorted(lines)
    else:
        use(policy)


def test_the_library_survives_its_own_plain_form() -> None:
    policy = load_policy("beijing-2018-press")
    again = load_text(yaml_of(policy.tree.plain()), "beijing-2018-press.policy.yaml")
    assert again.digest == policy.digest
