"""The OpenAPI document: what is committed is what the server does, and nothing in it takes a person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.house.test_decides_about_nobody import TAKEN
from tests.house.tree import ROOT

from vitropolis.server.openapi import ENDPOINTS, document, text
from vitropolis.server.settings import Settings

COMMAND = "python -m vitropolis.server.openapi web/src/openapi.json"
COMES_IN = {
    "path": {"policy", "run", "part", "pick", "number", "file"},
    "body": {"policy", "policies", "text", "filling", "size", "seed", "ranges"},
}


def test_the_document_that_the_page_is_made_from_is_current() -> None:
    assert (ROOT / "web" / "src" / "openapi.json").read_text(encoding="utf8") == text(), f"renew it: {COMMAND}"


def properties(schema: Any) -> Iterator[str]:
    """Names of everything that a body may hold, at any depth."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for name, part in schema.items():
            if name == "$ref":
                yield from properties(document()["components"]["schemas"][part.rpartition("/")[2]])
            yield from properties(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from properties(part)


def taken(made: dict[str, Any]) -> dict[str, set[str]]:
    """What comes in over all operations: parts of addresses, and fields of bodies."""
    operations = [each for path in made["paths"].values() for each in path.values()]
    parts = {item["name"] for each in operations for item in each.get("parameters", [])}
    return {"path": parts, "body": {name for each in operations for name in properties(each.get("requestBody", {}))}}


def test_exactly_this_comes_in() -> None:
    assert taken(document()) == COMES_IN


def test_no_endpoint_takes_a_person_or_traits() -> None:
    words = {
        word for names in taken(document()).values() for name in names for word in re.findall("[a-z]+", name.lower())
    }
    assert words & TAKEN == set()
    picks = document()["paths"]["/api/runs/{run}/lives/{pick}/{number}"]["get"]["parameters"][1]["schema"]
    assert set(picks["enum"]) == {"wrong-fact", "random", "worst", "through-others", "child", "cannot-pay"}


def test_every_operation_refuses_in_words() -> None:
    for path in document()["paths"].values():
        for each in path.values():
            assert {"403", "404", "413", "429"} <= set(each["responses"])


def test_every_endpoint_is_answered(client: TestClient) -> None:
    for each in ENDPOINTS:
        path = re.sub(r"{number}", "1", re.sub(r"{pick}", "random", re.sub(r"{part}", "results", each.path)))
        found = client.request(each.method, re.sub(r"{\w+}", "none-such", path))
        assert found.status_code in (200, 403, 404, 415), each.path


def test_the_server_serves_it(client: TestClient) -> None:
    assert client.get("/api/openapi.json").json() == json.loads(text())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_needs_no_token(host: str) -> None:
    assert Settings(runs=ROOT, host=host).local


def test_addresses_are_whole() -> None:
    assert Settings(runs=ROOT, host="::1", port=80).address == "http://[::1]:80/"
    assert Settings(runs=ROOT, host="10.0.0.1", port=80, token="t").address == "http://10.0.0.1:80/t/"
