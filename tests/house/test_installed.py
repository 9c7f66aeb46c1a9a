"""The wheel in an environment of its own: installed from the file alone, it opens its pages."""

from __future__ import annotations

import re
import signal
import site
import subprocess
import sys
import tarfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.house.tree import ROOT

pytestmark = pytest.mark.long


def ask(*call: str | Path, cwd: Path = ROOT) -> str:
    """Run a command that has to succeed; return what it said."""
    done = subprocess.run([str(each) for each in call], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment that holds the wheel; packages it needs are looked up where the tests have them."""
    folder = tmp_path_factory.mktemp("installed")
    ask(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    ask(sys.executable, "-m", "venv", "--without-pip", folder / "venv")
    home = next((folder / "venv").glob("lib/python*/site-packages"))
    ask(sys.executable, "-m", "pip", "install", "--no-deps", "--target", home, next(folder.glob("*.whl")))
    (home / "others.pth").write_text("\n".join(site.getsitepackages()) + "\n", encoding="utf8")
    where = ask(folder / "venv" / "bin" / "python", "-c", "import vitropolis; print(vitropolis.__file__)", cwd=folder)
    assert Path(where.strip()).is_relative_to(home)
    return folder


@pytest.fixture(scope="module")
def address(installed: Path) -> Iterator[str]:
    """The address of a server of that environment, for reading only."""
    call = [str(installed / "venv" / "bin" / "python"), "-m", "vitropolis", "open"]
    words = ["--no-browser", "--readonly", "--port", "0", "--runs", str(installed / "runs")]
    server = subprocess.Popen(
        [*call, *words], cwd=installed, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert server.stdout is not None
        first = server.stdout.readline()
        found = re.match(r"http://\S+", first.strip())
        assert found, first
        yield found[0].rstrip("/")
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return str(answer.read().decode("utf8"))


def test_it_opens_its_pages(address: str) -> None:
    page = read(f"{address}/")
    assert '<div id="app">' in page and "no real people" in page
    for path in re.findall(r'(?:src|href)="(/assets/[^"]+)"', page):
        assert len(read(address + path)) > 1000
    assert '"readonly":true' in read(f"{address}/api/meta").replace(" ", "")


def test_it_carries_the_notices_of_what_the_pages_are_built_with(address: str) -> None:
    assert "== svelte " in read(f"{address}/LICENSES.txt")


def test_the_source_archive_builds_without_node(tmp_path: Path) -> None:
    """The archive holds the sources of the pages and the pages as built, so that whoever installs it needs no Node."""
    ask(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        archive.extractall(tmp_path, filter="data")
    copy = next(path for path in tmp_path.iterdir() if path.is_dir())
    assert (copy / "web" / "src" / "App.svelte").is_file() and not (copy / "web" / "node_modules").exists()
    code = "import sys; sys.path.insert(0, 'tools'); import build_pages; sys.exit(not build_pages.is_built())"
    ask(sys.executable, "-c", code, cwd=copy)
