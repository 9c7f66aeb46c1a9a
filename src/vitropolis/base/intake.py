"""The one checker of every file that comes in: no record about a real person may enter (line 1 of SCOPE.md).

A city table holds counts of people by at most three attributes from a closed list. What could single somebody
out, or looks as if it listed people, is refused (RefusedError, exit code 4); what is merely wrong is an InputError
(exit code 3). A file is judged from its first bytes on and never read beyond the limits.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn
from unicodedata import category

from vitropolis.base.errors import InputError, Message, RefusedError
from vitropolis.base.intake_words import (
    ATTRIBUTES,
    LABELS,
    PERSON_COLUMNS,
    SENSITIVE,
    STRUCTURAL,
    VALUES,
    name_like,
    person_like,
    word_like,
    words_of,
)
from vitropolis.base.yamlfile import Node

MAX_ROWS = 20_000
MAX_MODEL_ROWS = 2_000
MAX_AREAS = 400
MAX_CROSSED = 3
MAX_COLUMNS = 24
MAX_WORDS = 40  # different sectors or parameters
LEAST_COUNT = 5
LEAST_MEAN = 50
MAX_TABLE_BYTES = 4_000_000
MAX_ANY_BYTES = 500_000_000
HEAD_BYTES = 4096
MAGICS = {
    b"PK\x03\x04": "a ZIP archive or spreadsheet",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "a database",
    b"\x1f\x8b": "a compressed file",
    b"%PDF": "a PDF",
    b"\x89HDF": "an HDF5 file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"ARROW1": "an Arrow file",
    b"\xd0\xcf\x11\xe0": "an Office document",
}
LABEL_MARKS = frozenset(" '-+.()/&")
DIGIT_RUN = re.compile(r"\d{5}")


@dataclass(frozen=True, slots=True)
class TableData:
    """A checked table: `columns` (header), `rows` (label or whole number per column), `lines` (1-based, per row)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    lines: tuple[int, ...]

    def column(self, name: str) -> list[int]:
        """Return a column of whole numbers."""
        place = self.columns.index(name)
        return [int(row[place]) for row in self.rows]

    def labels(self, name: str) -> list[str]:
        """Return a column of labels."""
        place = self.columns.index(name)
        return [str(row[place]) for row in self.rows]


def read_text(path: Path, shown: str, most: int = MAX_TABLE_BYTES) -> str:
    """Return the text of a small UTF-8 file; judged from its first bytes, never read beyond `most` bytes.

    RefusedError for a file so large that it can only be records; InputError for a binary file, another encoding
    or a file that cannot be read.
    """
    try:
        if not path.is_file():
            raise InputError(Message(shown, 0, "", "there is no such file" if not path.exists() else "is not a file"))
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
            _judge_head(head, size, most, shown)
            raw = head + stream.read(most + 1 - len(head))
    except OSError as error:
        raise InputError(Message(shown, 0, "", f"cannot be read: {error.strerror}")) from None
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError(Message(shown, line, "", "is not UTF-8 text; save it as UTF-8")) from None


def _judge_head(head: bytes, size: int, most: int, shown: str) -> None:
    if size > MAX_ANY_BYTES:
        _refuse(shown, 0, "", f"has {size:,} bytes: an aggregate table is small, this can only be records")
    for magic, what in MAGICS.items():
        if head.startswith(magic):
            raise InputError(Message(shown, 0, "", f"is {what}; only CSV text is read"))
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(Message(shown, 0, "", "is UTF-16 text; save it as UTF-8"))
    if b"\0" in head:
        raise InputError(Message(shown, 0, "", "is a binary file; only CSV text is read"))
    if size > most:
        _refuse(shown, 0, "", f"has {size:,} bytes; an aggregate table has at most {most:,}")


def _refuse(shown: str, line: int, element: str, text: str) -> NoReturn:
    raise RefusedError(str(Message(shown, line, element, text)))


def read_table(path: Path, shown: str, areas: Sequence[str], people: int, model: bool) -> TableData:
    """Read and check one city table.

    `areas` are the declared districts, `people` the declared population, `model` says that the table holds
    assumed weights (at most 2,000 rows) instead of published counts. Raises RefusedError or InputError, each
    naming file and line.
    """
    text = read_text(path, shown)
    lines = _lines(text, shown)
    first, header = next(lines, (1, []))
    columns = _check_header(header, shown, first, lines)
    rows, numbers = _read_rows(lines, columns, shown, areas, MAX_MODEL_ROWS if model else MAX_ROWS)
    if not rows:
        raise InputError(Message(shown, 0, "", "has a header but no rows"))
    table = TableData(tuple(columns), tuple(rows), tuple(numbers))
    _check_keys(table, shown)
    if "count" in columns and not model:
        _check_counts(table, shown, people)
    return table


def _lines(text: str, shown: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if cells and any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise InputError(Message(shown, reader.line_num, "", f"is not CSV: {error}")) from None


def _check_header(header: list[str], shown: str, line: int, rest: Iterable[tuple[int, list[str]]]) -> list[str]:
    """Return the column names if each is on the closed list; otherwise say why not, looking at the values."""
    if not header:
        raise InputError(Message(shown, 0, "", "is empty"))
    columns = [cell.lower() for cell in header]
    for cell in columns:
        word = words_of(cell)
        parts = (word, word.replace(" ", ""), *word.split())
        if reason := next((SENSITIVE[part] for part in parts if part in SENSITIVE), ""):
            _refuse(shown, line, cell, f"this project never reads {reason}, whoever publishes it")
        if any(part in PERSON_COLUMNS for part in parts):
            _refuse(shown, line, cell, "names a column of records about people; only counts by group are read")
        if found := person_like(cell):
            _refuse(shown, line, "", f"the first line holds what looks like {found}; only counts by group are read")
    unknown = [place for place, cell in enumerate(columns) if cell not in ATTRIBUTES + STRUCTURAL + VALUES]
    if unknown:
        _blame_column(columns, unknown[0], shown, line, rest)
    if len(set(columns)) < len(columns) or len(columns) > MAX_COLUMNS:
        raise InputError(Message(shown, line, "", f"each column stands once, and there are at most {MAX_COLUMNS}"))
    crossed = [cell for cell in columns if cell in ATTRIBUTES]
    if len(crossed) > MAX_CROSSED:
        text = f"crosses {len(crossed)} attributes ({', '.join(crossed)}); at most {MAX_CROSSED} keep people indistinct"
        _refuse(shown, line, "", text)
    return columns


def _blame_column(columns: list[str], place: int, shown: str, line: int, rest: Iterable[tuple[int, list[str]]]) -> None:
    """Refuse an unknown column if its first 200 values look like people, else name the nearest legal one."""
    sample = []
    for number, cells in rest:
        sample.append(cells[place] if place < len(cells) else "")
        if found := person_like(sample[-1]):
            _refuse(shown, number, columns[place], f"holds what looks like {found}; only counts by group are read")
        if len(sample) >= 200:
            break
    if sum(name_like(cell) for cell in sample) * 2 > len(sample) > 0:
        _refuse(shown, line, columns[place], "holds what looks like names of people; only counts by group are read")
    words = [cell for cell in sample if word_like(cell)]
    if len(set(words)) > max(10, len(sample) // 2) or (len(sample) > 20 and len(set(sample)) > 0.9 * len(sample)):
        text = "differs in nearly every row, as names or numbers of people do; only counts by group are read"
        _refuse(shown, line, columns[place], text)
    legal = ATTRIBUTES + STRUCTURAL + VALUES
    near = get_close_matches(columns[place], legal, 1)
    hint = f"did you mean {near[0]}?" if near else f"legal attributes are {', '.join(ATTRIBUTES)}"
    raise InputError(Message(shown, line, columns[place], f"unknown column; {hint}"))


def _read_rows(
    lines: Iterable[tuple[int, list[str]]], columns: list[str], shown: str, areas: Sequence[str], most: int
) -> tuple[list[tuple[str | int, ...]], list[int]]:
    rows: list[tuple[str | int, ...]] = []
    numbers: list[int] = []
    known = set(areas)
    for line, cells in lines:
        if len(rows) >= most:
            _refuse(shown, line, "", f"has more than {most:,} rows: records, not an aggregate table")
        if len(cells) != len(columns):
            raise InputError(Message(shown, line, "", f"has {len(cells)} cells, the header has {len(columns)}"))
        rows.append(tuple(_cell(cell, name, shown, line, known) for cell, name in zip(cells, columns, strict=True)))
        numbers.append(line)
    return rows, numbers


def _cell(cell: str, column: str, shown: str, line: int, areas: set[str]) -> str | int:
    """Return one checked cell: a whole number in a value column, else a label that the column may hold."""
    if column in VALUES or column == "size":
        if cell.isascii() and cell.isdigit() and len(cell) <= 10:
            return int(cell)
        if found := person_like(cell):
            _refuse(shown, line, column, f"holds what looks like {found}; only counts by group are read")
        raise InputError(Message(shown, line, column, f"must be a whole number of at most ten digits, got {cell!r}"))
    if column != "district" and name_like(cell):
        _refuse(shown, line, column, "holds what looks like a person's name; only counts by group are read")
    check_label(cell, shown, line, column)
    legal = LABELS.get(column)
    fits = legal.match(cell) if isinstance(legal, re.Pattern) else legal is None or cell in legal
    if not fits:
        hint = "" if isinstance(legal, re.Pattern) or legal is None else f"; legal are {', '.join(legal)}"
        raise InputError(Message(shown, line, column, f"{cell!r} is no legal label here{hint}"))
    if column == "district" and cell not in areas:
        near = get_close_matches(cell, areas, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise InputError(Message(shown, line, column, f"{cell!r} is no area of this city's list{hint}"))
    return cell


def check_label(text: str, shown: str, line: int, element: str) -> None:
    """Check one label of a file that comes in: letters (and the digits of bands such as 15-59), at most 60 characters.

    RefusedError for a run of five digits or anything that looks like a person's number, address or place;
    InputError for an empty or overlong label or characters that no label needs.
    """
    places = element in ("district", "areas")  # a district may be called what a person is called
    if found := person_like(text, whole=not places):
        _refuse(shown, line, element, f"a label looks like {found}")
    if DIGIT_RUN.search(re.sub(r"\s", "", text)):
        _refuse(shown, line, element, "a label holds five digits in a row, as numbers of people do")
    band = element in ("age", "size") and re.fullmatch(r"\d{1,3}(-\d{1,3}|\+)?", text)
    letters = text[:1].isalpha() and all(letter in LABEL_MARKS or category(letter)[0] in "LMN" for letter in text)
    if not band and (len(text) > 60 or not letters):
        raise InputError(Message(shown, line, element, "a label is 1 to 60 letters, spaces or hyphens"))


def check_text(text: str, shown: str, line: int, element: str) -> None:
    """Check a free text of a YAML file (title, note, source); addresses of pages are skipped.

    RefusedError if it holds an e-mail address, an identity or telephone number, a number plate or coordinates.
    """
    if found := person_like(re.sub(r"https?://\S+|\bdoi\S+|\barXiv:?\s*\S+", " ", text), whole=False):
        _refuse(shown, line, element, f"the text holds what looks like {found}")


def check_areas(areas: Sequence[str], shown: str, line: int) -> None:
    """Check a city's list of districts: 1 to 400 labels, no two alike. RefusedError or InputError."""
    if len(areas) > MAX_AREAS:
        _refuse(shown, line, "areas", f"has {len(areas):,} areas; more than {MAX_AREAS} would single people out")
    for area in areas:
        check_label(area, shown, line, "areas")
    if not areas or len(set(areas)) < len(areas):
        raise InputError(Message(shown, line, "areas", "needs at least one area, and each stands once"))


def check_tree(tree: Node) -> None:
    """Check every key and text of a YAML file that comes in (city, policy, assumptions, scenario).

    Keys are labels (no five digits in a row, nothing that tells of a person); texts as in `check_text`.
    """
    stack = [("", tree)]
    while stack:
        element, node = stack.pop()
        if isinstance(node.value, str):
            check_text(node.value, node.file, node.line, element)
        elif isinstance(node.value, list):
            stack += [(element, child) for child in node.value]
        elif isinstance(node.value, dict):
            for key, child in node.value.items():
                name = f"{element}.{key}" if element else str(key)
                if found := person_like(str(key), whole=False):
                    _refuse(node.file, child.place, name, f"a label looks like {found}")
                if DIGIT_RUN.search(str(key)):
                    _refuse(node.file, child.place, name, "a label holds five digits in a row")
                stack.append((name, child))


def _check_keys(table: TableData, shown: str) -> None:
    for name in ("sector", "parameter"):
        if name in table.columns and len(set(table.labels(name))) > MAX_WORDS:
            _refuse(shown, 0, name, f"has more than {MAX_WORDS} different labels, as names of people do")
    keys = [place for place, name in enumerate(table.columns) if name not in VALUES]
    seen: dict[tuple[str | int, ...], int] = {}
    for row, line in zip(table.rows, table.lines, strict=True):
        key = tuple(row[place] for place in keys)
        if key in seen:
            text = f"{' / '.join(map(str, key))} stands twice (first in line {seen[key]})"
            raise InputError(Message(shown, line, "", text))
        seen[key] = line


def _check_counts(table: TableData, shown: str, people: int) -> None:
    """Counts of 1-4 and tables of tiny cells are refused: they could single somebody out."""
    counts = table.column("count")
    for count, line in zip(counts, table.lines, strict=True):
        if 0 < count < LEAST_COUNT:
            _refuse(shown, line, "count", f"{count} could single people out; a count is 0 or at least {LEAST_COUNT}")
        if count > max(people, 100_000):
            raise InputError(Message(shown, line, "count", f"{count:,} is more than the declared {people:,} people"))
    if sum(counts) < LEAST_MEAN * len(counts):
        mean = sum(counts) // len(counts)
        _refuse(shown, 0, "count", f"has {mean} people in the mean cell; at least {LEAST_MEAN} keep them indistinct")
