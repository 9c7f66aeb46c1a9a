"""Pages say the numbers of the result, and nothing in them can act, reach out or come from a policy as markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pages.shown import Parts, curve, whole
from tests.report import made
from tests.report.renew import NAME

from vitropolis.pages import FIGURES, figure_of, figures_of, method_view, results_view
from vitropolis.pages.band import band, headline_of
from vitropolis.pages.canvas import ticks
from vitropolis.pages.counts import counts_said
from vitropolis.pages.document import SHEET, _document, _page, static
from vitropolis.pages.grounds import of_100
from vitropolis.pages.groups import interval
from vitropolis.pages.ink import INKS, ON_STEP, PALETTE, PAPER, contrast
from vitropolis.pages.markup import Html, bare, prose, tag
from vitropolis.pages.notebook import run_html
from vitropolis.pages.order import BAND, PARTS
from vitropolis.pages.plot import apart, lines_said
from vitropolis.pages.saying import condition, sentence, spoken_value
from vitropolis.pages.scores import bars_of, below
from vitropolis.pages.view import Figure
from vitropolis.report import HEADLINES, make_result
from vitropolis.report.course import ScoreRow
from vitropolis.report.figures import spoken
from vitropolis.report.question import FEW, FEWEST

NASTY = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
HARMFUL = re.compile(r"^on|^style$|^srcdoc$|^formaction$")


def test_every_headline_stands_under_one_question() -> None:
    placed = [name for part in PARTS for name in part.headlines]
    assert sorted(placed) == sorted(HEADLINES)
    assert set(BAND) <= set(HEADLINES)
    assert {name for part in PARTS for name in part.figures} == set(FIGURES) - {"moved"}


def test_the_band_says_every_number_as_the_result_has_it() -> None:
    result = whole()
    parts = Parts(band(result))
    said = [attrs["value"] for name, attrs in parts.found if name == "data"]
    shown = [
        each for name in BAND for each in headline_of(result, name) if each.value is not None or each.low is not None
    ]
    held = [each for each in shown if repr(each.value) != ""]
    for headline in held:
        if headline.value is not None:
            assert repr(headline.value) in said
        assert spoken_value(headline) in parts.text


def test_ranges_come_first_and_the_value_as_written_behind() -> None:
    text = Parts(results_view(whole()).html).text
    assert "41 to 90" in text and "60 as written" in text
    assert text.index("41 to 90") < text.index("60 as written")
    assert "Lowest to highest over 64 sets of assumptions" in text


def test_a_number_as_a_sentence_stands_alone() -> None:
    headline = whole().headline("hit_per_1000", NAME)
    assert headline is not None
    said = sentence(whole(), headline)
    for part in (
        "60 per 1,000 enrolled",
        "41 to 90",
        "64 sets",
        "seed 3",
        "Synthetic city, no real people",
        "vitropolis 0.",
    ):
        assert part in said
    buttons = [attrs for name, attrs in Parts(band(whole())).found if name == "button"]
    assert said in [attrs["data-copy"] for attrs in buttons]
    assert all("hidden" in attrs for attrs in buttons)  # shown by script alone


def test_a_sentence_says_under_what_its_range_holds() -> None:
    result = whole()
    headline = result.headline("hit_per_1000", NAME)
    assert headline is not None
    said = sentence(result, replace(headline, undefined=3))
    assert bare(condition(result, replace(headline, undefined=3))) in said and "3 of them give no value" in said
    assert f"60 per 1,000 enrolled under assumptions {result.basis.assumptions} as written, range 41 to 90" in said
    size = (result.studies.ranges or {})["size"]
    assert f"each played with {size:,} residents" in said
    none = sentence(result, replace(headline, low=None, high=None, sets=0, status=FEW))
    assert "this number has no range" in none and none.count("as written") == 1 and f"Fewer than {FEWEST}" in none


def test_what_is_folded_in_on_a_screen_stands_open_on_paper() -> None:
    html = results_view(whole()).html
    row = re.search(r'<section class="vp-row">.*?</section>', html)
    assert row and '<div class="vp-paper"><p class="vp-condition">' in row[0]
    sheet = static(SHEET)
    paper = sheet[sheet.index("@media print") :]
    assert "details::details-content" in paper and "details:not([open])" not in paper


def test_a_longest_stay_is_told_by_its_days() -> None:
    result = whole()
    rows = [replace(row, median_days=None, by_week=[1.0, 0.8, 0.7], still_on={}) for row in result.tables.survival]
    figure = figure_of(replace(result, tables=replace(result.tables, survival=rows)), "stays")
    assert figure is not None
    assert "70 % of black listings" in figure.title and figure.title.endswith("still on after 14 days")


def test_a_curve_says_how_it_runs_and_makes_nothing_of_what_is_missing() -> None:
    result = whole()

    def shown(*rates: float | None) -> Figure | None:
        rows = [{**row, "wrongly_hit_per_1000": rate} for row, rate in zip(curve()["worlds"][NAME], rates, strict=True)]
        study = {**curve(), "worlds": {NAME: rows}}
        return figure_of(replace(result, studies=replace(result.studies, curve=study)), "errors")

    falling, gap = shown(9.0, 5.0, 1.0), shown(5.0, 2.0, None)
    assert falling is not None and falling.alt.startswith("Falling lines.")
    assert gap is not None and "2 of 1,000 are wrongly hit if 1 in 1,000" in gap.title
    assert "nobody can be counted" in gap.alt and "0 of 1,000" not in gap.alt and gap.svg()
    assert shown(None, None, None) is None


def test_lines_are_said_as_they_run() -> None:
    said = [lines_said(lines) for lines in ([[1, 2], [1, 1, 3]], [[2, 1]], [[1, 1]], [[1, 2], [2, 1]], [[1, 2, 1]])]
    assert said == ["Rising lines.", "Falling lines.", "Level lines.", "Lines.", "Lines."]


def test_what_was_assumed_where_the_policy_is_silent_stands_beside_the_number() -> None:
    taken = ["lists.bad.exit.auto_expiry: false (unknown)", "procedure.notice.when: none (absent)", "x.y: 3 (absent)"]
    result = replace(whole(), basis=replace(whole().basis, defaults_taken=taken))
    text = Parts(results_view(result).html).text
    assert "does not say whether a listing ends by itself (taken: it does not)" in text
    assert "does not say whether and when people are told (taken: they are not told)" in text
    assert "3 values that the policy leaves open" in text and "What x.y is (taken: 3)" in text
    learning = figure_of(result, "learning")
    assert learning is not None and "they are not told" in learning.caption
    assert "does not say" not in Parts(band(whole())).text or whole().basis.defaults_taken


def test_every_section_is_reached_from_the_top() -> None:
    parts = Parts(results_view(whole()).html)
    ids = {attrs["id"] for _, attrs in parts.found if "id" in attrs}
    links = [attrs["href"][1:] for name, attrs in parts.found if name == "a"]
    assert set(links) <= ids and {"part-first", "part-buys", "part-words"} <= set(links)


def test_counts_say_what_they_count() -> None:
    found = whole().headline("hit_per_1000", NAME)
    assert found is not None
    times = replace(found, id="ratio_hit_age", unit="times", numerator=171, denominator=33)
    assert "171 people hit in the group with the highest rate, 33 in" in counts_said(times)
    acts = replace(found, id="harmful_acts_avoided", unit="per 1,000 residents", numerator=7, denominator=20000)
    assert counts_said(acts) == "Counted: 7 acts, 20,000 residents."
    assert counts_said(replace(found, numerator=59, denominator=0)) == ""


def test_a_title_does_not_build_on_chance() -> None:
    rows = [replace(row, hit=3 if at == 0 else 30, hit_per_1000=90.0 if at == 0 else 40.0 - at)
            for at, row in enumerate(whole().tables.groups[:16])]  # fmt: skip
    figure = figure_of(replace(whole(), tables=replace(whole().tables, groups=rows)), "districts")
    assert figure is not None
    assert rows[1].group in figure.title and rows[0].group not in figure.title and "90*" in figure.svg()


def test_two_cells_of_a_notebook_share_no_id() -> None:
    parts = Parts(run_html(whole()))
    assert [attrs for _, attrs in parts.found if "id" in attrs or "aria-labelledby" in attrs] == []
    assert all(attrs["aria-label"] for name, attrs in parts.found if name == "figure")


def test_why_names_method_elements_and_lines() -> None:
    result, text = whole(), results_view(whole()).html
    headline = result.headline("hit_per_1000", NAME)
    assert headline is not None and headline.rule_ids
    for element, line in zip(headline.rule_ids, headline.lines, strict=True):
        assert f"<code>{element}</code>" in text and line in text
    assert result.methods[headline.method_id] in Parts(text).text


@pytest.mark.parametrize("view", [lambda r: results_view(r).html, lambda r: method_view(r).html, run_html])
def test_a_page_is_whole_and_cannot_act(view: object) -> None:
    assert callable(view)
    parts = Parts(view(whole()))
    assert parts.wrong == parts.open == []
    for name, attrs in parts.found:
        assert name not in ("script", "iframe", "object", "embed", "form", "link", "base")
        assert name != "a" or attrs["href"].startswith("#")
        assert [key for key in attrs if HARMFUL.match(key)] == []
        assert not any("://" in value for value in attrs.values())
    names = [attrs["id"] for _, attrs in parts.found if "id" in attrs]
    assert len(names) == len(set(names))


def test_what_a_policy_says_is_text_and_never_markup() -> None:
    result = whole()
    worlds = [replace(world, title=NASTY, filling=NASTY) for world in result.worlds]
    first = replace(result.headlines[0], rule_ids=(NASTY,), lines=(NASTY,))
    basis = replace(result.basis, defaults_taken=[NASTY], parts_not_played={NAME: [NASTY]}, definitions={NASTY: NASTY})
    nasty = replace(result, worlds=worlds, headlines=[first, *result.headlines[1:]], basis=basis, scenario=NASTY)
    for html in (results_view(nasty).html, method_view(nasty).html, *(each.html() for each in figures_of(nasty))):
        assert {name for name, _ in Parts(html).found} & {"script", "img"} == set()
        assert Parts(html).wrong == []
    for figure in figures_of(nasty):
        assert "<script" not in figure.file() and "<img" not in figure.file()


def test_an_element_refuses_styles_and_handlers() -> None:
    for name in ("style", "onclick"):
        with pytest.raises(ValueError, match=name):
            tag("p", **{name: "x"})


@given(st.text(), st.text())
def test_any_text_comes_back_from_an_element_as_it_was(content: str, value: str) -> None:
    parts = Parts(tag("p", content, title=value))
    plain = "".join(parts.words).replace("\r", "\n")
    assert [name for name, _ in parts.found] == ["p"]
    assert "\x00" in content or "\r" in content or plain == content
    assert "\x00" in value or "\r" in value or parts.found[0][1]["title"] == value


@given(st.text(alphabet="ab`<& "))
def test_prose_keeps_every_letter(content: str) -> None:
    said = "".join(Parts(f"<p>{prose(content)}</p>").words)
    assert said == (content if content.count("`") % 2 else content.replace("`", ""))


def test_a_report_asks_for_nothing_from_anywhere() -> None:
    view = results_view(whole())
    text = _document(view.title, [("results", "What the run found", Html(view.html))], "here")
    parts = Parts(text)
    policy = next(attrs["content"] for name, attrs in parts.found if attrs.get("http-equiv"))
    assert "default-src 'none'" in policy and "connect-src 'none'" in policy
    assert not re.search(r"(?:src|href)=\"(?!#)", text) and "@import" not in text and "url(" not in text
    assert "http" not in re.sub(r'http-equiv|"http://www.w3.org/2000/svg"', "", text)
    assert len(text.encode()) < 1_000_000
    assert all(not any(key == "style" for key in attrs) for _, attrs in parts.found)


def test_a_title_cannot_end_the_head() -> None:
    text = _page(NASTY, tag("body", NASTY))
    assert [name for name, _ in Parts(text).found].count("img") == 0


@pytest.mark.parametrize("name", FIGURES)
def test_a_picture_says_its_numbers_in_words_and_has_a_table(name: str) -> None:
    figure = figure_of(whole(), name)
    assert figure is not None
    assert figure.title and figure.table.rows and re.search(r"\d", figure.alt)
    assert "Simulated: synthetic city, no real people" in figure.basis and "seed 3" in figure.basis
    html = Parts(figure.html())
    drawn = [attrs for element, attrs in html.found if element == "svg"]
    assert [attrs["width"] for attrs in drawn] == ["720", "340"]
    assert all(attrs["aria-label"] == figure.alt.replace("`", "") for attrs in drawn)
    cells = {cell for row in figure.table.rows for cell in row}
    assert all(len(row) == len(figure.table.heads) for row in figure.table.rows)
    assert cells <= {*html.words, ""}


@pytest.mark.parametrize("name", FIGURES)
def test_a_picture_as_a_file_stands_alone(name: str) -> None:
    figure = figure_of(whole(), name)
    assert figure is not None
    text = figure.file()
    assert 'class="' not in text and "var(" not in text
    assert set(re.findall(r"https?://[^\"]*", text)) == {"http://www.w3.org/2000/svg"}
    assert figure.basis in Parts(text).text


def test_the_picture_of_the_curve_has_the_points_of_the_study() -> None:
    figure = figure_of(whole(), "errors")
    assert figure is not None
    hand = next(attrs for _, attrs in Parts(figure.html()).found if "data-curve" in attrs)
    steps = json.loads(hand["data-curve"])
    assert [step["label"] for step in steps] == ["1 in 10,000", "1 in 1,000", "1 in 100"]
    assert [spoken(1e4 * share) in step["sentence"] for share, step in zip((1e-4, 1e-3, 1e-2), steps, strict=True)] == [
        True
    ] * 3
    assert all(0 < step["x"]["narrow"] < 340 and 0 < step["x"]["wide"] < 720 for step in steps)
    assert "hidden" in hand


def test_tiles_hold_every_district_with_its_number() -> None:
    figure = figure_of(whole(), "districts")
    assert figure is not None
    for row in whole().tables.groups[:16]:
        assert f"{row.group} {spoken(row.hit_per_1000 or 0)}" in figure.alt
        assert f"{row.group}: {row.hit:,} of {row.base:,}" in figure.svg()


def test_a_run_that_lacks_something_lacks_the_picture_and_nothing_else() -> None:
    setup = made.setup_of()
    found = make_result(made.totals(setup), made.manifest_of(setup))
    names = {figure.id for figure in figures_of(found)}
    assert not names & {"errors", "scores", "moved", "districts"}
    assert "No ranges were computed" in Parts(results_view(found).html).text
    assert "vitropolis ranges" in Parts(results_view(found, "runs/mine").html).text


@given(st.lists(st.integers(0, 10**7), min_size=3, max_size=3))
def test_of_100_adds_up_and_is_never_off_by_one(counts: list[int]) -> None:
    found, total = of_100(counts), sum(counts)
    assert sum(found) == (100 if total else 0)
    assert all(abs(share * total - 100 * count) < total for share, count in zip(found, counts, strict=True) if total)


@given(st.integers(1, 10**6), st.floats(0, 1))
def test_an_interval_holds_the_rate_and_narrows_with_people(base: int, share: float) -> None:
    hit = round(share * base)
    low, high = interval(hit, base)
    assert 0 <= low <= 1000 * hit / base + 1e-9 and 1000 * hit / base <= high + 1e-9
    more = interval(4 * hit, 4 * base)
    assert more[1] - more[0] < high - low


@given(st.floats(1e-6, 1e9))
def test_ticks_begin_at_nothing_and_reach_what_they_must(most: float) -> None:
    found = ticks(most)
    assert found[0] == 0 and found[-1] >= most * 0.998 and len(found) <= 11
    assert found == sorted(set(found))


@given(st.lists(st.floats(0, 100), min_size=1, max_size=5))
def test_labels_that_are_moved_apart_keep_their_order(places: list[float]) -> None:
    found = apart(places, 15, 0, 200)
    order = sorted(range(len(places)), key=lambda at: places[at])
    assert all(found[b] - found[a] >= 15 - 1e-6 for a, b in pairwise(order))
    assert min(found) >= 0 and max(found) <= 200


@given(st.integers(-2000, 2000), st.lists(st.integers(0, 50), min_size=1, max_size=900))
def test_bars_hold_everybody_once(lowest: int, people: list[int]) -> None:
    row = ScoreRow("w", "s", lowest, people, [], False)
    bars = bars_of(row)
    assert sum(bars.counts) == sum(people) and len(bars.counts) <= 62
    assert bars.low <= lowest and lowest + len(people) <= bars.high
    assert below(row, bars.high) == sum(people) and below(row, bars.low) == 0


def test_colours_can_be_read_in_light_and_dark() -> None:
    for light in (True, False):

        def of(name: str, light: bool = light) -> str:
            return PALETTE[name].light if light else PALETTE[name].dark

        paper = PAPER.light if light else PAPER.dark
        assert all(contrast(of(name), paper) >= 4.5 for name in ("text", "soft", "main", "wrong", "third", "twin"))
        assert all(contrast(of(name), paper) >= 3 for name in ("axis", "first", "lawful", "breach"))
        assert all(contrast(of(step), of(on)) >= 4.5 for step, on in ON_STEP.items())
    assert set(ON_STEP.values()) <= set(PALETTE) and set(INKS) <= set(PALETTE)
