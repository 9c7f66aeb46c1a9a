"""City folders: what is wrong is named with table, sum and declared population; `show` says what was built."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from vitropolis.base.errors import InputError, RefusedError
from vitropolis.city import City, CityTables, build_city, library, load_tables
from vitropolis.city.check import margins
from vitropolis.city.show import list_lines, show_data, show_lines

Build = Callable[[int, int], City]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the library's city that a test may spoil."""
    return Path(shutil.copytree(library()["beijing"], tmp_path / "mine.city"))


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_published_figures_are_those_of_the_sources(beijing: CityTables) -> None:
    assert beijing.population == sum(beijing.margin("districts")) == 21_893_095
    assert beijing.margin("sex") == [10_697_705, 11_195_390]
    assert beijing.margin("age") == [2_591_507, 15_002_998, 4_298_590 - 2_912_060, 2_912_060]
    assert beijing.margin("registration") == [21_893_095 - 8_418_000, 8_418_000]
    assert beijing.margin("education") == [6_635, 10_503, 23_289, 17_593, 41_980]
    assert beijing.margin("households") == [8_230_792, 907_136]
    assert beijing.margin("household_persons") == [19_014_338, 2_878_757]
    assert sum(beijing.margin("legal_units")) == 989_000
    assert beijing.tables["legal_units"].counts()["Miyun"] == 48_000
    sizes = beijing["household_sizes"]
    people = sum(size * count for size, count in zip(sizes.column("size"), sizes.column("count"), strict=True))
    assert people == 19_014_338


def test_a_path_works_as_well_as_a_name(folder: Path, beijing: CityTables) -> None:
    mine = load_tables(folder)
    assert (mine.name, mine.digest) == ("mine", beijing.digest)
    assert load_tables(folder / "city.yaml").digest == beijing.digest
    city = build_city(mine, 1_000, 3, cache=False)
    assert all(margin.deviation == 0 for margin in margins(mine, city))


def test_an_unknown_city_names_the_known_ones() -> None:
    with pytest.raises(InputError, match="there is no city 'bejing': name one of beijing"):
        load_tables("bejing")


@pytest.mark.parametrize(
    ("file", "old", "new", "text"),
    [
        ("sex.csv", "10697705", "10697706", r"sex.csv: sex: sex sums to 21,893,096, .* 21,893,095 \(difference \+1\)"),
        ("education.csv", "6635", "6634", "education sums to 99,999"),
        ("household_sizes.csv", "2534633", "2534634", "household_sizes sums to 8,230,793, family households are"),
        ("districts.csv", "Miyun", "Miyum", r"districts.csv:16: district: 'Miyum' is no area .* did you mean Miyun"),
        ("sex.csv", "male,11195390", "", "missing"),
        ("age.csv", "65+", "66+", r"needs the rows 0-14, 15-59, 60-64, 65\+"),
        ("household_types.csv", "H,72\nE,28\n", "", "needs a pattern for each size"),
        ("household_types.csv", "HSKP", "EFKP", "is no legal label"),
        ("education_by_age.csv", "0-5,local", "0-4,local", "age bands|these rows"),
        ("income.csv", "none,local", "none,locall", "'locall' is none of|legal are local, migrant"),
        ("employment.csv", "25-34,female", "25-34,male", "stands twice"),
        ("firm_law.csv", "exponent per thousand", "exponent", "needs these rows"),
        ("sectors.csv", "self employed,0", "self employed,3", "ends with the self-employed"),
        ("district_profile.csv", "Dongcheng,70", "Dongcheng,0", "1 to 1000"),
        ("name_law.csv", "1,1\n", "", "from 1"),
        ("registration_by_age.csv", "0-14,250", "0-14,2500", "at most 1000"),
        ("collective_sizes.csv", "2,205", "16,205", "sizes 1, 2, 3"),
        ("districts.csv", "district,count", "district,weight", "the columns of districts are district, count"),
        ("city.yaml", "population: 21893095", "population: 21893", "declared"),
        ("city.yaml", "  sex:\n    file: sex.csv", "  sexes:\n    file: sex.csv", "unknown table"),
        ("city.yaml", "kind: controlled", "kind: model", "cannot be a model table"),
        ("city.yaml", "kind: controlled", "kind: control", "kind"),
        ("city.yaml", "file: sex.csv", "file: ../sex.csv", "file"),
        ("city.yaml", "file: sex.csv", "file: sexes.csv", "there is no such file"),
    ],
)
def test_what_is_wrong_is_named(folder: Path, file: str, old: str, new: str, text: str) -> None:
    spoil(folder, file, old, new)
    with pytest.raises((InputError, RefusedError), match=text):
        load_tables(folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Beijing, census of 2020", "title: ask wang.wei@example.org"),
        ("title: Beijing, census of 2020", "title: call 13812345678"),
        ("note: 60-64 is derived", "note: 110101199003071234 is derived"),
    ],
)
def test_people_in_the_words_of_a_city_are_refused(folder: Path, old: str, new: str) -> None:
    spoil(folder, "city.yaml", old, new)
    with pytest.raises(RefusedError, match=r"city.yaml:\d+"):
        load_tables(folder)


def test_show_says_that_every_margin_is_exact(beijing: CityTables, built: Build) -> None:
    city = built(1_000, 1)
    lines = show_lines(beijing, city)
    assert max(map(len, lines)) <= 80
    text = "\n".join(lines)
    assert "all met exactly" in text
    assert "no real people" in text
    assert "MODEL TABLES" in text
    data = json.loads(json.dumps(show_data(beijing, city)))
    assert {margin["deviation"] for margin in data["controlled"]} == {0}
    assert len(data["controlled"]) == 8
    assert all(table["rule"] and table["status"] == "assumed" for table in data["model"])
    assert sum(row["built"] for row in data["controlled"][0]["rows"]) == 1_000


def test_the_library_is_listed() -> None:
    (line,) = list_lines()
    assert len(line) <= 80
    assert "beijing" in line
    assert "21,893,095" in line
