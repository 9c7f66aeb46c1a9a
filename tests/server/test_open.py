"""`vitropolis open` as it is typed: quick to begin, clear when it cannot, clean when it ends; no call gives a 5xx."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from tests.server.alone import run as run_alone

Open = Callable[..., "Opened"]


class Opened:
    """A running `vitropolis open`; `address` is what it printed."""

    def __init__(self, folder: Path, *options: str) -> None:
        call = [sys.executable, "-m", "vitropolis", "open", *options, "--no-browser", "--port", "0"]
        self.began = time.monotonic()
        self.process = subprocess.Popen(call, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()

    def get(self, path: str = "") -> bytes:
        with urllib.request.urlopen(self.address + path, timeout=60) as answer:
            return bytes(answer.read())

    def stop(self) -> tuple[int, str]:
        """Ctrl-C; the exit code and what was said on standard error."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        _, said = self.process.communicate(timeout=60)
        return self.process.returncode, said


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    found: list[Opened] = []

    def start(*options: str) -> Opened:
        found.append(Opened(tmp_path, *options))
        return found[-1]

    yield start
    for each in found:
        each.stop()


def test_it_begins_at_once_and_ends_cleanly(opened: Open, tmp_path: Path) -> None:
    page = opened()
    assert page.address.startswith("http://127.0.0.1:") and b"<html" in page.get()
    assert time.monotonic() - page.began < 10  # 0.7 s where nothing else runs
    assert json.loads(page.get("api/runs")) == []
    code, said = page.stop()
    assert code == 0 and "Ctrl-C ends it" in said and "Traceback" not in said


def test_a_run_is_stopped_with_the_server_and_said_to_be(opened: Open) -> None:
    page = opened()
    body = json.dumps({"policy": "rongcheng-2014", "size": "20k", "ranges": False}).encode()
    asked = urllib.request.Request(f"{page.address}api/runs", body, {"Content-Type": "application/json"})
    id = json.load(urllib.request.urlopen(asked))["id"]
    while json.loads(page.get(f"api/runs/{id}"))["fraction"] < 0.05:
        time.sleep(0.1)
    code, said = page.stop()
    assert code == 0 and f"vitropolis resume runs/{id}" in said


def test_another_host_gets_a_token(opened: Open) -> None:
    page = opened("--host", "0.0.0.0", "--readonly")
    token = page.address.rstrip("/").rpartition("/")[2]
    assert len(token) >= 32
    assert "0.0.0.0" not in page.address
    page.address = f"http://127.0.0.1:{page.address.split(':')[-1]}"
    assert json.loads(page.get("api/runs")) == []
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(page.address.replace(token, "x" * len(token)))


def called(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "vitropolis", "open", "--no-browser", *words], cwd=folder,
                          capture_output=True, text=True, check=False, timeout=60)  # fmt: skip


def test_a_port_that_is_taken_is_said_to_be(tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        done = called(tmp_path, "--port", str(held.getsockname()[1]))
    assert done.returncode == 2 and "is taken; leave --port out" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "is no folder of a run"), (["--port", "70000"], "must be 0 to 65,535"),
        (["--host", "evil.invalid"], "is no address of this machine"), (["--runs", "file"], "is not a folder"),
        (["--largest", "many"], "--size"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_told_so(tmp_path: Path, words: list[str], said: str) -> None:
    (tmp_path / "file").write_text("x")
    done = called(tmp_path, *words)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr


def test_a_hundred_viewers_of_one_run_miss_nothing(opened: Open) -> None:
    """Over real connections: all hear the same events from the first they heard on, and the last."""
    page = opened()
    body = json.dumps({"policy": "rongcheng-2014", "size": "1000", "ranges": False}).encode()
    asked = urllib.request.Request(f"{page.address}api/runs", body, {"Content-Type": "application/json"})
    id = json.load(urllib.request.urlopen(asked))["id"]
    port = int(page.address.rstrip("/").rpartition(":")[2])

    async def viewer() -> list[int]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            f"GET /api/runs/{id}/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
        )
        text = (await reader.read()).decode()
        writer.close()
        assert '"status":"complete"' in text
        return [int(line.rpartition("-")[2]) for line in text.splitlines() if line.startswith("id: ")]

    async def all_of_them() -> list[list[int]]:
        return await asyncio.gather(*(viewer() for _ in range(100)))

    heard = run_alone(all_of_them())
    last = max(each[-1] for each in heard)
    assert all(each == list(range(each[0], last + 1)) for each in heard)


def hostile(address: str, examples: int) -> None:
    """Call everything that the document describes with all that it allows and forbids: never a 5xx."""
    schema = schemathesis.openapi.from_url(f"{address}api/openapi.json")
    quiet = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.filter_too_much]
    for result in schema.get_all_operations():
        found: Any = result
        operation = found.ok()
        if operation.path.endswith("/events"):
            continue  # a stream: the tests above

        @hypothesis.settings(max_examples=examples, deadline=None, suppress_health_check=quiet, derandomize=True,
                             database=None)  # fmt: skip
        @hypothesis.given(case=operation.as_strategy())
        def calls(case: Any) -> None:
            case.call_and_validate(checks=[not_a_server_error])

        calls()


def test_nothing_asked_of_a_server_that_shows_gives_a_server_error(opened: Open) -> None:
    hostile(opened("--readonly").address, 8)


def begun(address: str, path: str, body: Any) -> int:
    """Ask for a run and cancel it at once; the status of the answer."""
    asked = urllib.request.Request(f"{address}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            told = json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code
    if path.endswith("cancel"):
        return int(answer.status)
    assert begun(address, f"api/runs/{told['id']}/cancel", {}) in (200, 409)
    return int(answer.status)


def test_bodies_that_begin_runs_give_no_server_error(opened: Open) -> None:
    """What the document allows, of policies and sizes that there are: the real queue takes it, and it is cancelled."""
    address, codes = opened("--largest", "1000").address, list[int]()
    schema = schemathesis.openapi.from_url(f"{address}api/openapi.json")
    policy, size = st.sampled_from(["rongcheng-2014", "none"]), st.sampled_from(["1000", "1k", "full", "999"])

    def calls(path: str, name: str, chosen: Any) -> None:
        @hypothesis.settings(max_examples=5, deadline=None, derandomize=True, database=None,
                             suppress_health_check=list(hypothesis.HealthCheck))  # fmt: skip
        @hypothesis.given(case=schema[path]["POST"].as_strategy(), chosen=chosen, size=size)
        def call(case: Any, chosen: Any, size: str) -> None:
            rest = {key: value for key, value in case.body.items() if key != "text"}
            codes.append(begun(address, path[1:], {**rest, name: chosen, "size": size}))

        call()

    calls("/api/runs", "policy", policy)
    calls("/api/comparisons", "policies", st.permutations(["rongcheng-2014", "none"]))
    codes.append(begun(address, "api/runs", {"policy": "rongcheng-2014", "size": "1000"}))
    assert codes.count(202) > 1 and all(code < 500 for code in codes)


@pytest.mark.long
def test_nothing_asked_of_a_server_that_plays_gives_a_server_error(opened: Open) -> None:
    hostile(opened("--largest", "1000").address, 60)
