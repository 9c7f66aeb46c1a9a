"""Who is let in: this machine's own page, and nobody that a browser was sent by."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.server.conftest import HERE, Serve

from vitropolis.server import static
from vitropolis.server.contract import MOST_BODY
from vitropolis.server.guard import SAID, Bucket, Buckets
from vitropolis.server.problems import ProblemError
from vitropolis.server.settings import Limits, Settings

JSON = {"Content-Type": "application/json"}
RUN = json.dumps({"policy": "rongcheng-2014", "size": "1000"})


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "[::1]:8765", "LOCALHOST:8765"])
def test_own_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/api/runs", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8765",
        "127.0.0.1:8766",
        "127.0.0.1",
        "localhost.evil.example:8765",
        "",
        "192.168.1.7:8765",
        "127.0.0.1:8765@evil",
        "127.0.0.1:99999999",
    ],
)
def test_another_host_is_refused(client: TestClient, host: str) -> None:
    for path in ("/", "/api/runs", "/assets/x.js"):
        found = client.get(path, headers={"Host": host})
        assert found.status_code == 403 and found.json()["code"] == "host"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "https://127.0.0.1:8765"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": HERE, "Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_page_neither_starts_nor_reads(serve: Serve, runs: Path, headers: dict[str, str]) -> None:
    page = serve()
    for answer in (
        page.post("/api/runs", content=RUN, headers={**JSON, **headers}),
        page.get("/api/runs", headers=headers),
        page.delete("/api/runs/any", headers=headers),
        page.post("/api/runs/any/cancel", headers=headers),
    ):
        assert answer.status_code == 403 and answer.json()["code"] == "origin"
    assert [each.name for each in runs.iterdir() if each.is_dir()] == []


def test_a_link_from_elsewhere_opens_the_page_and_a_followed_link_changes_nothing(serve: Serve) -> None:
    page = serve()
    assert page.get("/", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}).status_code == 200
    assert page.post("/api/runs/any/cancel", headers={"Sec-Fetch-Site": "none"}).status_code == 403


def test_the_own_page_may(serve: Serve) -> None:
    headers = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}
    assert serve().post("/api/runs/none-such/cancel", headers=headers).status_code == 404


@pytest.mark.parametrize("path", ["/", "/api/runs", "/api/nothing", "/nothing", "/api/runs/x"])
def test_every_answer_is_marked(client: TestClient, path: str) -> None:
    found = client.get(path)
    assert {name: found.headers[name] for name in SAID} == dict(SAID)
    assert "unsafe" not in found.headers["content-security-policy"]
    assert "access-control-allow-origin" not in found.headers and "set-cookie" not in found.headers


def test_refusals_are_marked_too(client: TestClient) -> None:
    found = client.get("/", headers={"Host": "evil.example"})
    assert found.headers["x-content-type-options"] == "nosniff"


def test_nothing_is_allowed_to_other_origins_by_asking(client: TestClient) -> None:
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    found = client.options("/api/runs", headers=asked)
    assert found.status_code in (403, 405) and "access-control-allow-origin" not in found.headers


OTHER = Settings(runs=Path("runs"), host="0.0.0.0", port=8765, token="s3cret-token")


def test_another_host_needs_the_token(serve: Serve) -> None:
    page = serve(host="0.0.0.0", token="s3cret-token", readonly=True)
    for path in ("/", "/api/runs", "/x/api/runs", "/s3cret-toke/api/runs", "/api/runs?token=s3cret-token"):
        found = page.get(path)
        assert found.status_code == 403 and found.json()["code"] == "token"
    assert page.get("/s3cret-token/api/runs").status_code == 200
    home = page.get("/s3cret-token/")
    assert home.status_code == 200 and OTHER.address.endswith("/s3cret-token/")


def test_who_reads_an_address_of_nothing_gets_a_page(client: TestClient) -> None:
    read, asked = client.get("/a/b", headers={"Accept": "text/html,*/*"}), client.get("/a/b")
    assert read.status_code == 404 and "<html" in read.text
    assert asked.status_code == 404 and asked.json()["code"] == "page"
    for path in ("/api/nothing", "/assets/nothing.js"):
        assert client.get(path, headers={"Accept": "text/html"}).json()["code"] == "page"


def test_pages_may_be_built_while_the_server_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "server" / "static" / "assets").mkdir(parents=True)
    monkeypatch.setattr(static, "files", lambda _: tmp_path / "server")
    pages = static.Pages()
    (tmp_path / "server" / "static" / "assets" / "new.js").write_text("1")
    assert pages.answer("/assets/new.js", "").body == b"1"
    (tmp_path / "server" / "static" / "assets" / "new.js").unlink()
    with pytest.raises(ProblemError):
        pages.answer("/assets/new.js", "")


NAME = socket.gethostname().lower()
SHORT = NAME.partition(".")[0]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("192.168.1.7:8765", 200), (f"{NAME}:8765", 200), (f"{SHORT}.local:8765", 200),
        (f"{socket.getfqdn()}:8765", 200), ("evil.example:8765", 403), (f"{SHORT}.evil.example:8765", 403),
    ],
)  # fmt: skip
def test_names_of_a_server_for_others(serve: Serve, host: str, status: int) -> None:
    page = serve(host="0.0.0.0", token="t" * 20, readonly=True)
    assert page.get(f"/{'t' * 20}/api/runs", headers={"Host": host}).status_code == status


def test_an_address_for_others_can_be_used() -> None:
    assert "0.0.0.0" not in "".join(OTHER.addresses)
    assert f"http://{NAME}:8765/s3cret-token/" in OTHER.addresses
    assert OTHER.here == "http://127.0.0.1:8765/s3cret-token/"


WAYS_OUT = [
    "..",
    "../..",
    "....//",
    "%2e%2e",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f",
    "..%5c..%5c",
    "%00",
    "x%00.json",
    "run.json",
    ".",
    "~root",
    "$HOME",
    "C:",
    "a/../../b",
    "%252e%252e%252f",
    "‥",
    "．．／",
]


@pytest.mark.parametrize("way", WAYS_OUT)
def test_no_path_leads_out(serve: Serve, runs: Path, way: str) -> None:
    (runs.parent / "run.json").write_text('{"secret": "s3cr3t"}')
    page = serve()
    paths = [
        f"/api/runs/{way}",
        f"/api/runs/{way}/files",
        f"/api/runs/x/files/{way}",
        f"/api/runs/{way}/view/results",
        f"/api/policies/{way}",
        f"/assets/{way}",
        f"/{way}",
        f"/api/runs/{way}/lives/random/1",
    ]
    for path in paths:
        found = page.get(path)
        assert found.status_code in (200, 404), path
        assert "s3cr3t" not in found.text and "root:" not in found.text
        if found.status_code == 200:
            assert (
                found.request.url.path in ("/", "/api/runs", "/api/runs/")
                or "text/html" in found.headers["content-type"]
            )
    assert page.delete(f"/api/runs/{way}").status_code in (404, 405)
    assert (runs.parent / "run.json").exists()


def test_a_link_in_the_folder_of_runs_is_no_run(serve: Serve, runs: Path, played: Path) -> None:
    (runs / "linked").symlink_to(played)
    page = serve()
    assert page.get("/api/runs").json() == []
    assert page.delete("/api/runs/linked").status_code == 404
    assert (played / "run.json").exists()


def test_a_body_has_a_limit(client: TestClient) -> None:
    large = json.dumps({"text": "x" * MOST_BODY}).encode()
    assert client.post("/api/policy/check", content=large, headers=JSON).status_code == 413

    def dripping() -> Iterator[bytes]:
        yield from (b"x" * 50_000 for _ in range(20))

    assert client.post("/api/policy/check", content=dripping(), headers=JSON).status_code == 413


def test_a_body_must_be_the_contract(serve: Serve) -> None:
    page = serve()
    assert page.post("/api/policy/check", content="{}", headers={"Content-Type": "text/plain"}).status_code == 415
    for wrong in ("", "{", "[]", "null", '{"text": 1}', '{"text": "x", "person": "y"}', "[" * 100_000):
        assert page.post("/api/policy/check", content=wrong, headers=JSON).status_code == 400
    for body in (
        {"size": "1000"},
        {"policy": "rongcheng-2014", "text": "x", "size": "1000"},
        {"policy": "rongcheng-2014", "size": "1000", "out": "/tmp/x"},
        {"policy": "--out", "size": "1000"},
        {"policy": "../x", "size": "1000"},
        {"policy": "rongcheng-2014", "size": "1000", "seed": -1},
        {"policy": "rongcheng-2014", "size": "--force"},
    ):
        assert page.post("/api/runs", json=body).status_code == 400


def test_too_many_requests_are_told_when_to_come_again(serve: Serve) -> None:
    page = serve(readonly=True, limits=Limits(asks=(3, 0.01)))
    answers = [page.get("/api/openapi.json") for _ in range(5)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429, 429]
    assert int(answers[-1].headers["retry-after"]) > 1


def test_what_others_make_a_browser_send_takes_nothing_from_the_own_page(serve: Serve) -> None:
    page = serve(readonly=True, limits=Limits(asks=(3, 0.001)))
    strange = [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
    codes = [page.get("/", headers=headers).status_code for headers in strange * 3]
    assert codes[:3] == [403, 200, 200] and set(codes[3:]) == {429}
    assert [page.get("/api/runs").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_everybody_has_a_bucket_of_their_own() -> None:
    held = Buckets(1, 0.001, known=2)
    assert [held.take(who) > 0 for who in ("a", "b", "a", "b", "c")] == [False, False, True, True, False]
    assert len(held.held) == 2


def test_a_bucket_fills_again() -> None:
    now = [0.0]
    bucket = Bucket(2, 1.0, lambda: now[0])
    assert [bucket.take() > 0 for _ in range(3)] == [False, False, True]
    now[0] = 1.5
    assert [bucket.take() > 0 for _ in range(2)] == [False, True]


def test_a_server_that_only_shows_changes_nothing(client: TestClient) -> None:
    for answer in (
        client.post("/api/runs", content=RUN, headers=JSON),
        client.post("/api/comparisons", json={"policies": ["rongcheng-2014", "none"], "size": "1000"}),
        client.post("/api/runs/any/cancel"),
        client.post("/api/runs/any/resume"),
        client.delete("/api/runs/any"),
    ):
        assert answer.status_code == 403 and answer.json()["code"] == "readonly"
