"""Checks of folders: refusals hold, what merely went wrong is tried again, what was read is what was checked."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from tests.server.alone import run as run_alone
from tests.server.conftest import Serve
from tests.server.test_queue import checked

from vitropolis.server import board, staff, verdicts
from vitropolis.server.problems import ProblemError
from vitropolis.server.reading import AS_IT_IS, Reader
from vitropolis.server.staff import Clerk, Judges


@pytest.fixture
def mine(runs: Path, played: Path) -> Path:
    shutil.copytree(played, runs / "mine")
    (runs / "mine" / "README.txt").write_text(str(time.time_ns()))  # a content that was never looked at before
    return runs / "mine"


@pytest.mark.parametrize("wrong", [ProblemError(503, "busy", "it lacks memory"), RuntimeError("unexpected")])
def test_a_check_that_could_not_be_made_is_made_again(
    serve: Serve, mine: Path, monkeypatch: pytest.MonkeyPatch, wrong: Exception
) -> None:
    asked, real = [], Clerk.ask

    async def fails_once(self: Clerk, name: str, seconds: float, /, **arguments: Any) -> Any:
        asked.append(name)
        if asked.count("check") == 1 and name == "check":
            raise wrong
        return await real(self, name, seconds, **arguments)

    monkeypatch.setattr(Clerk, "ask", fails_once)
    page = serve(readonly=True)
    assert checked(page, "mine")["status"] == "failed"
    assert page.get("/api/runs/mine/view/results").status_code == 503
    monkeypatch.setattr(board, "AGAIN_SECONDS", 0.0)
    assert page.get("/api/runs/mine").json()["status"] == "checking"
    assert checked(page, "mine")["status"] == "complete"


def test_a_life_after_a_restart_costs_no_second_check(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("checked again")

    monkeypatch.setattr("vitropolis.results.reader.checked", never)
    reader = Reader(str(mine))
    assert reader.life("random", 1)["html"] and reader.lives()


def test_a_page_of_a_folder_that_changed_meanwhile_is_not_given(
    serve: Serve, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, real = serve(readonly=True), Clerk.ask
    checked(page, "mine")

    async def changes(self: Clerk, name: str, seconds: float, /, **arguments: Any) -> Any:
        found = await real(self, name, seconds, **arguments)
        if name == "view" and arguments["part"] == "method":
            (mine / "README.txt").write_text("changed")
        return found

    monkeypatch.setattr(Clerk, "ask", changes)
    assert page.get("/api/runs/mine/view/method").json()["code"] == "checking"


def test_a_copy_is_called_by_its_own_name(serve: Serve, runs: Path, mine: Path) -> None:
    page = serve(readonly=True)
    checked(page, "mine")
    shutil.copytree(mine, runs / "the-copy")
    checked(page, "the-copy")
    texts = [page.get(f"/api/runs/{id}/view/results").text for id in ("mine", "the-copy")]
    assert "the-copy" not in texts[0] and "the-copy" in texts[1]


def test_files_are_sent_as_they_are(serve: Serve, mine: Path) -> None:
    page = serve(readonly=True)
    checked(page, "mine")
    for each in page.get("/api/runs/mine/files").json():
        if each["name"] in AS_IT_IS:
            found = page.get(f"/api/runs/mine/files/{each['name']}")
            assert found.content == (mine / each["name"]).read_bytes() and found.headers["cache-control"] == "no-store"


def test_another_data_file_is_another_program(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    for name in ("a.py", "table.csv", "static/page.js"):
        (tmp_path / name).write_text("1")
    first = verdicts.digest_of(tmp_path)
    (tmp_path / "static" / "page.js").write_text("22")
    assert verdicts.digest_of(tmp_path) == first
    (tmp_path / "table.csv").write_text("22")
    assert verdicts.digest_of(tmp_path) != first


def test_what_was_not_used_for_long_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITROPOLIS_CACHE", str(tmp_path))
    for number in range(5):
        verdicts.keep(f"{number}" * 64, "verdict", "")
        os.utime(tmp_path / "checks" / (f"{number}" * 40), (number, number))
    assert verdicts.kept("0" * 64, "verdict") == ""  # used just now
    verdicts.prune(2)
    assert [verdicts.kept(f"{number}" * 64, "verdict") for number in range(5)] == ["", None, None, None, ""]


def test_who_waits_is_told_so_and_a_second_judge_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(self: Clerk, question: bytes, seconds: float) -> bytes:
        await asyncio.sleep(0.5)
        return b'{"is": 1}\n'

    async def some() -> tuple[float, list[Any]]:
        judges, began = Judges(2), time.monotonic()
        await asyncio.gather(*(judges.ask("x", 5.0) for _ in range(2)))
        spent = time.monotonic() - began
        one = Clerk("policies")
        waits = [one.ask("x", 0.1 if number else 5.0) for number in range(6)]
        return spent, await asyncio.gather(*waits, return_exceptions=True)

    monkeypatch.setattr(Clerk, "_answered", slow)
    monkeypatch.setattr(staff, "MOST_WAITING", 3)
    spent, found = run_alone(some())
    assert spent < 0.95  # side by side
    assert found[0] == 1 and [getattr(each, "code", "") for each in found[1:]] == ["busy"] * 5
