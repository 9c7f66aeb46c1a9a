"""No record about a real person can enter: every file that looks like one is refused, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitropolis.base.errors import InputError, RefusedError
from vitropolis.base.intake import check_areas, check_label, check_text, check_tree, read_table
from vitropolis.base.intake_words import SENSITIVE, person_like
from vitropolis.base.yamlfile import parse_yaml

AREAS = ("Dongcheng", "Xicheng")
PEOPLE = 100_000


def read(folder: Path, text: str | bytes, model: bool = False) -> object:
    """Read a table written to a file."""
    path = folder / "table.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_table(path, "my.city/table.csv", AREAS, PEOPLE, model)


def test_an_aggregate_table_is_read(tmp_path: Path) -> None:
    text = "\ufeffdistrict,sex,count\r\nDongcheng,female,30000\r\n\r\nDongcheng,male,0\r\nXicheng,male,70000\r\n"
    table = read(tmp_path, text)
    assert table.rows == (  # type: ignore[attr-defined]
        ("Dongcheng", "female", 30_000),
        ("Dongcheng", "male", 0),
        ("Xicheng", "male", 70_000),
    )
    assert table.lines == (2, 4, 5)  # type: ignore[attr-defined]


NAMES = {
    "latin": ["Anna Schmidt", "Ben O'Neill", "Wang Wei", "Li Na", "José Pérez"],
    "han": ["王伟", "李娜", "张秀英", "刘洋", "陈静"],
    "cyrillic": ["Иванов Иван", "Петрова Анна Сергеевна", "Сидоров Пётр", "Орлова Мария", "Попов Олег"],
    "arabic": ["محمد علي", "فاطمة حسن", "أحمد خالد", "ليلى عمر", "يوسف سعيد"],
    "devanagari": ["राम कुमार", "सीता देवी", "अनिल शर्मा", "सुनीता वर्मा", "राज सिंह"],
    "hangul": ["김민수", "이영희", "박지훈", "최서연", "정하늘"],
}
HEADERS = {
    "latin": "Full name", "han": "姓名", "cyrillic": "ФИО", "arabic": "الاسم", "devanagari": "नाम", "hangul": "성명",
}  # fmt: skip


@pytest.mark.parametrize("script", NAMES)
@pytest.mark.parametrize("heading", ["named", "disguised", "none", "sector"])
def test_names_are_refused_in_six_scripts(tmp_path: Path, script: str, heading: str) -> None:
    header = {"named": HEADERS[script], "disguised": "label", "none": NAMES[script][0], "sector": "sector"}[heading]
    rows = "".join(f"{name},500\n" for name in NAMES[script])
    with pytest.raises(RefusedError, match=r"my\.city/table\.csv:\d"):
        read(tmp_path, f"{header},count\n{rows}")


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("key", "110101199003071234"),
        ("key", "11010119900307123X"),
        ("key", "900101-1234567"),
        ("key", "078-05-1120"),
        ("key", "112-233-445 95"),
        ("key", "1234 5678 9012"),
        ("key", "13812345678"),
        ("key", "+44 20 7946 0958"),
        ("key", "010-1234-5678"),
        ("key", "wang.wei@example.org"),
        ("key", "京A·12345"),
        ("key", "А123ВС77"),
        ("key", "39.90421, 116.40739"),
        ("key", "39.90421"),
        ("count", "110101199003071234"),
        ("count", "wang.wei@example.org"),
        ("district", "13812345678"),
        ("district", "Dongcheng 10012"),
        ("sector", "京A·12345"),
        ("phone", "x"),
        ("e-mail", "x"),
        ("身份证号", "x"),
        ("Licence_Plate", "x"),
        ("latitude", "x"),
        ("score", "5"),
    ],
)
def test_marks_of_people_are_refused(tmp_path: Path, header: str, cell: str) -> None:
    other = "weight" if header == "count" else "count"
    with pytest.raises(RefusedError, match=r"table\.csv:[12]") as caught:
        read(tmp_path, f'{header},{other}\n"{cell}",500\n')
    assert caught.value.exit_code == 4


@pytest.mark.parametrize("word", sorted(SENSITIVE))
def test_sensitive_attributes_are_refused_with_the_reason(tmp_path: Path, word: str) -> None:
    with pytest.raises(RefusedError, match=f"never reads {SENSITIVE[word]}"):
        read(tmp_path, f"{word.title()},count\na,500\n")


def test_21_million_districts_of_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="at most 4,000,000"):
        read(tmp_path, "district,count\n" + "Dongcheng,1\n" * 400_000)
    with pytest.raises(RefusedError, match="more than 20,000 rows"):
        read(tmp_path, "district,count\n" + "Dongcheng,1\n" * 20_001)
    with pytest.raises(RefusedError, match="more than 2,000 rows"):
        read(tmp_path, "district,weight\n" + "Dongcheng,1\n" * 2_001, model=True)
    with pytest.raises(RefusedError, match=r"city.yaml:3: areas: has 401 areas"):
        check_areas([f"Area {'x' * place}" for place in range(401)], "city.yaml", 3)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("district,count\nDongcheng,4\nXicheng,99996\n", r"table.csv:2: count: 4 could single people out"),
        ("district,sex,count\nDongcheng,male,40\nXicheng,male,50\n", "45 people in the mean cell"),
        ("age,sex,education,district,count\n0-14,male,none,Xicheng,500\n", "crosses 4 attributes"),
        (
            "sector,count\n" + "".join(f"tr{chr(97 + k // 9)}{chr(97 + k % 9)},500\n" for k in range(44)),
            "different",
        ),
        ("key,count\n" + "".join(f"k{k:04},500\n" for k in range(100)), "differs in nearly every row"),
    ],
)
def test_what_could_single_people_out_is_refused(tmp_path: Path, text: str, match: str) -> None:
    with pytest.raises(RefusedError, match=match):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "is empty"),
        ("district,count\n", "no rows"),
        ("distrct,count\nDongcheng,500\n", "table.csv:1: distrct: unknown column; did you mean district"),
        ("district,count\nDongcheng,500,3\n", "table.csv:2: has 3 cells, the header has 2"),
        ("district,count\nDongcheng,5.5\n", "must be a whole number"),
        ("district,count\nDongcheng,-5\n", "must be a whole number"),
        ("district,count\nDongcheng,\u0665\u0665\n", "must be a whole number"),
        ("district,count\nDongchen,500\n", "did you mean Dongcheng"),
        ("district,count\nDongcheng,500\nDongcheng,500\n", "table.csv:3: Dongcheng stands twice .first in line 2"),
        ("district,count\nDongcheng,500000\n", "more than the declared"),
        ("sex,count\nwoman,500\n", "legal are female, male"),
        ("count,count\n500,500\n", "each column stands once"),
        ('district,count\n"Dongcheng,500\n', "is not CSV"),
        (b"district,count\nDongch\xe9ng,500\n", "table.csv:2: is not UTF-8"),
        ("district,count\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04rest", "ZIP archive"),
        (b"PAR1rest", "Parquet"),
        (b"SQLite format 3\0", "database"),
        (b"district\0,count\n", "binary"),
    ],
)
def test_what_is_merely_wrong_is_named(tmp_path: Path, text: str | bytes, match: str) -> None:
    with pytest.raises(InputError, match=match):
        read(tmp_path, text)


def test_a_giant_file_is_judged_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    with path.open("wb") as stream:
        stream.write(b"district,count\n")
        stream.truncate(600_000_000)
    with pytest.raises(RefusedError, match="600,000,000 bytes"):
        read_table(path, "table.csv", AREAS, PEOPLE, False)


def test_folders_and_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a file"):
        read_table(tmp_path, "x.csv", AREAS, PEOPLE, False)
    with pytest.raises(InputError, match="there is no such file"):
        read_table(tmp_path / "x.csv", "x.csv", AREAS, PEOPLE, False)


@pytest.mark.parametrize(
    "label", ["Dongcheng", "东城", "石景山", "Île-de-France", "Rhein-Neckar (Kreis)", "Восток", "강남"]
)
def test_places_may_have_any_name(label: str) -> None:
    check_label(label, "city.yaml", 1, "areas")


@pytest.mark.parametrize("label", ["", "12", "a_b", "x" * 61, "=cmd()", "<b>", "a\nb", "-x"])
def test_labels_are_letters(label: str) -> None:
    with pytest.raises(InputError, match=r"city.yaml:1: areas: a label is"):
        check_label(label, "city.yaml", 1, "areas")


def test_texts_may_cite_sources_but_hold_nobody() -> None:
    check_text("Census 2020, table 6-1, https://example.org/13812345678?id=110101199003071234", "c.yaml", 1, "source")
    check_text("from 2018-11-01 to 2020-12-31: 21,893,095 people, 10,000 accounts, arXiv 2603.11084", "c.yaml", 1, "x")
    with pytest.raises(RefusedError, match=r"c.yaml:7: note: the text holds what looks like a telephone number"):
        check_text("ask 138 1234 5678", "c.yaml", 7, "note")


def test_a_yaml_tree_is_walked_to_its_leaves() -> None:
    check_tree(parse_yaml("a:\n  b: [x, {c: 2018-01-01, d: 10000000}]\n", "p.yaml"))
    with pytest.raises(RefusedError, match=r"p\.yaml:2: .*telephone"):
        check_tree(parse_yaml('a:\n  b: [x, "13812345678"]\n', "p.yaml"))
    with pytest.raises(RefusedError, match=r"p\.yaml:2: .*identity number"):
        check_tree(parse_yaml('a:\n  "110101199003071234": 3\n', "p.yaml"))
    with pytest.raises(RefusedError, match="five digits in a row"):
        check_tree(parse_yaml("a:\n  case_12345: 3\n", "p.yaml"))


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_any_text_is_judged_without_failing(text: str) -> None:
    assert isinstance(person_like(text), str)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        try:
            read(Path(folder), data)
        except (InputError, RefusedError) as error:
            assert str(error).startswith("my.city/table.csv")
