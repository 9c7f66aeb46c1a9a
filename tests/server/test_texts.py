"""A policy's text from anywhere: judged quickly, bounded, and it reaches no file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.server.conftest import Serve

from vitropolis.policy import library_text
from vitropolis.server.settings import Limits


def checked(client: TestClient, text: str) -> dict[str, Any]:
    answer = client.post("/api/policy/check", json={"text": text})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_policy_of_the_library_is_judged_and_told(client: TestClient) -> None:
    found = checked(client, library_text("rongcheng-2014").decode())
    assert found["valid"] and found["errors"] == []
    assert found["findings"] and found["summary"]
    first = found["findings"][0]
    assert first["severity"] == "prohibited" and first["line"] > 0 and first["ground"] and first["message"]


def test_a_second_check_is_quick(client: TestClient) -> None:
    text = library_text("rongcheng-2014").decode()
    checked(client, text)
    began = time.perf_counter()
    checked(client, text)
    assert time.perf_counter() - began < 2  # 0.1 s where nothing else runs


def test_errors_have_their_lines(client: TestClient) -> None:
    text = library_text("rongcheng-2014").decode().replace("schema_version: 1", "schema_version: 9", 1)
    found = checked(client, text)
    assert not found["valid"]
    assert found["errors"][0]["line"] == 1 + text[: text.index("schema_version")].count("\n")


@pytest.mark.parametrize(
    "path", ["../x", "/etc/passwd", "./other.policy.yaml", "secret.policy.yaml", "..\\x", "runs/x.yaml"]
)
def test_a_text_extends_no_file(client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    found = checked(client, f"schema_version: 1\nextends: {path}\npolicy: {{id: mine, title: t, as_of: 2020-01-01}}\n")
    assert not found["valid"]
    assert found["errors"][0]["field"] == "extends" and "and no file" in found["errors"][0]["message"]


def test_it_may_extend_the_library(client: TestClient) -> None:
    text = "schema_version: 1\nextends: rongcheng-2014\npolicy: {id: mine, title: my own, as_of: 2020-01-01}\n"
    assert checked(client, text)["valid"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "a: [" * 30_000,
        "{" * 30_000,
        "a: &x [1]\nb: *x\n",
        "!!python/object/apply:os.system [ls]",
        "- " * 40_000,
        "a: " + "9" * 5_000,
        "---\na: 1\n---\nb: 2\n",
        "<<: {a: 1}",
        "x" * 200_000,
        "policy: {id: " + "a" * 100_000 + "}",
        "\ud800"[:0] + "é" * 1000,
    ],
)
def test_hostile_texts_are_errors_and_no_more(client: TestClient, text: str) -> None:
    found = checked(client, text)
    assert not found["valid"] and found["errors"]


def test_a_text_that_takes_too_long_is_given_up_and_the_next_is_judged(serve: Serve) -> None:
    page = serve(readonly=True, limits=Limits(check_seconds=3.0))
    page.get("/api/meta")
    slow = "\n".join(f"k{number}: 1" for number in range(20_000))
    answer = page.post("/api/policy/check", json={"text": slow})
    assert answer.status_code == 422 and answer.json()["code"] == "slow"
    assert page.post("/api/policy/check", json={"text": "a: 1"}).json()["errors"]


def test_a_text_that_cannot_be_played_is_refused_before_it_waits(serve: Serve, runs: Path) -> None:
    page = serve()
    for body in (
        {"text": "a: 1", "size": "1000"},
        {"policy": "no-such-policy", "size": "1000"},
        {"policy": "rongcheng-2014", "size": "999"},
        {"policy": "rongcheng-2014", "size": "1000", "filling": "harsh"},
    ):
        answer = page.post("/api/runs", json=body)
        assert answer.status_code == 422 and answer.json()["words"]
    assert [each for each in runs.iterdir() if each.is_dir()] == []


def test_what_a_run_takes_is_said_before(client: TestClient) -> None:
    found = client.post("/api/estimate", json={"policy": "rongcheng-2014", "size": "20k"}).json()
    assert found["fits"] and found["seconds"] > 0 and " of memory" in found["words"]
    huge = client.post("/api/estimate", json={"policy": "rongcheng-2014", "size": "100M"}).json()
    assert huge["bytes"] > found["bytes"]


def test_what_the_server_offers(client: TestClient) -> None:
    found = client.get("/api/meta").json()
    assert [each["name"] for each in found["sizes"]] == ["20k", "200k", "2M", "full"]
    assert found["mark"] == "synthetic city, no real people" and found["readonly"] is True
    press = next(each for each in found["policies"] if each["id"] == "beijing-2018-press")
    assert press["fillings"] == ["lenient", "middle", "harsh"] and press["summary"].endswith("count.")
    assert client.get("/api/policies/rongcheng-2014").json()["summary"]
    assert client.get("/api/schema/policy").json()["title"] == "vitropolis policy"


def test_a_size_over_the_servers_own_is_refused(serve: Serve) -> None:
    answer = serve(limits=Limits(largest=5_000)).post("/api/runs", json={"policy": "rongcheng-2014", "size": "20k"})
    assert answer.status_code == 422 and "at most 5,000" in answer.json()["words"]
