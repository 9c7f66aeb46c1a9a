"""No text, no matching, no live source: neither the code nor what it is installed with reaches out or matches."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from tests.house.tree import PACKAGE, ROOT, modules, name, parsed, used

NETWORK = (
    "socket", "socketserver", "ssl", "http", "urllib", "ftplib", "smtplib", "imaplib", "poplib", "nntplib", "telnetlib",
    "xmlrpc", "urllib3", "requests", "httpx", "aiohttp", "websockets", "grpc", "starlette", "uvicorn", "webbrowser",
)  # fmt: skip
DATABASES = ("sqlite3", "dbm", "duckdb", "sqlalchemy", "psycopg", "psycopg2", "pymongo", "redis", "adbc_driver_manager")
UNSAFE = ("pickle", "cPickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib")
BUILTINS = ("eval", "exec", "compile", "__import__")
METHODS = (
    "read_database",
    "read_database_uri",
    "read_sql",
    "read_sql_query",
    "read_sql_table",
    "read_html",
    "read_pickle",
)

DENIED = {
    "language models and text classifiers: this project reads no text that anybody wrote": (
        "anthropic", "fasttext", "flair", "gensim", "jieba", "keras", "langchain", "llama-cpp-python", "mistralai",
        "nltk",
        "ollama", "openai", "scikit-learn", "sentence-transformers", "sentencepiece", "spacy", "stanza", "tensorflow",
        "textblob", "tiktoken", "tokenizers", "torch", "transformers", "vadersentiment", "vllm",
    ),
    "record linkage and fuzzy matching: nothing here matches one record to another person's": (
        "dedupe", "fuzzywuzzy", "jellyfish", "levenshtein", "metaphone", "phonetics", "py-stringmatching",
        "python-levenshtein", "rapidfuzz", "recordlinkage", "splink", "textdistance", "thefuzz", "usaddress",
    ),
    "recognition of faces, voices and plates": (
        "deepface", "dlib", "easyocr", "face-recognition", "insightface", "opencv-python", "opencv-python-headless",
        "openalpr", "pytesseract", "speechbrain",
    ),
    "HTTP clients and crawlers: no run fetches anything": (
        "aiohttp", "beautifulsoup4", "boto3", "fsspec", "grpcio", "httplib2", "httpx", "httpx2", "niquests", "paramiko",
        "playwright", "praw", "pycurl", "pyzmq", "requests", "scrapy", "selenium", "tweepy", "urllib3", "websockets",
    ),
    "database drivers: no register can be plugged in": (
        "adbc-driver-manager", "aiosqlite", "asyncpg", "cassandra-driver", "clickhouse-connect", "connectorx",
        "cx-oracle",
        "duckdb", "elasticsearch", "ibis-framework", "kafka-python", "mysql-connector-python", "mysqlclient", "neo4j",
        "oracledb", "peewee", "psycopg", "psycopg-binary", "psycopg2", "psycopg2-binary", "pymongo", "pymssql",
        "pymysql",
        "pyodbc", "redis", "snowflake-connector-python", "sqlalchemy",
    ),
}  # fmt: skip


def offences(tree: ast.AST, may_listen: bool = False) -> Iterator[str]:
    """Yield every way out to a network or database, every unsafe reader, every evaluated text."""
    banned = (*DATABASES, *UNSAFE) if may_listen else (*NETWORK, *DATABASES, *UNSAFE)
    for full, line in used(tree):
        if full.split(".")[0] in banned:
            yield f"{line}: {full}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BUILTINS:
            yield f"{node.lineno}: {node.func.id}()"
        if isinstance(node, ast.Attribute) and node.attr in METHODS:
            yield f"{node.lineno}: .{node.attr}"
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            yield f"{node.value.lineno}: allow_pickle"


def locked(lock: str) -> dict[str, str]:
    """Return the packages a lock names, in the form registries compare names in, with their versions."""
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf8")
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", package).lower(): version for package, version in pins}


def denied(packages: dict[str, str]) -> dict[str, str]:
    """Return the packages that must not be there, each with why."""
    return {package: why for why, names in DENIED.items() for package in names if package in packages}


def test_no_module_reaches_out_or_unpickles() -> None:
    server = PACKAGE / "server"
    found = [
        f"{name(path)}:{each}"
        for path in modules()
        for each in offences(parsed(path), may_listen=server in path.parents)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "import socket",
        "from urllib.request import urlopen",
        "import urllib.parse",
        "def late():\n    import requests",
        "import sqlite3",
        "from pickle import loads",
        "numpy.load(path, allow_pickle=True)",
        "polars.read_database(query)",
        "eval('1 + 1')",
        "__import__('socket')",
    ],
)
def test_each_way_out_is_noticed(source: str) -> None:
    assert list(offences(ast.parse(source)))


def test_nothing_denied_is_installed_to_run() -> None:
    packages = locked("run")
    assert len(packages) > 20
    assert denied(packages) == {}


def test_other_models_are_measured_against_but_never_run_with() -> None:
    """Mesa and starsim are what the engine is timed beside; nothing of ours imports them, and no run needs them."""
    others = {"mesa", "starsim", "sciris"}
    assert others & set(locked("run")) == set() == others & set(locked("dev"))
    assert [name(path) for path in modules() for full, _ in used(parsed(path)) if full.split(".")[0] in others] == []


def test_only_studies_meet_scipy() -> None:
    """What statistics need stands above the engine: no number of a run passes through it."""
    found = {path for path in modules() for full, _ in used(parsed(path)) if full.split(".")[0] == "scipy"}
    assert {name(path) for path in found if PACKAGE / "study" not in path.parents} == set()


def test_the_deny_list_notices() -> None:
    assert set(denied({"numpy": "2", "torch": "2", "splink": "4", "httpx": "1", "psycopg": "3"})) == {
        "torch", "splink", "httpx", "psycopg",
    }  # fmt: skip
