"""Figures as people read them, as spreadsheets do, and as pictures."""

from collections import Counter

import pytest

from desk.console import charts
from desk.console.tables import COUNT, SCORE, SHARE, TEXT, TIME, Row, Table, as_csv, harmless, shown
from desk.console.words import Words
from desk.talk_groups import Spread, spread


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ({}, Spread(0, None, None)),
        ({5: 1}, Spread(1, 5, 5)),
        ({1: 5, 2: 4, 9: 1}, Spread(10, 1, 2)),
        ({1: 1, 2: 1}, Spread(2, 1, 2)),
        (dict.fromkeys(range(1, 101), 1), Spread(100, 50, 90)),
        ({60: 9, 3600: 2}, Spread(11, 60, 3600)),
    ],
)
def test_the_middle_and_nine_tenths_are_times_that_were_really_taken(times, expected):
    assert spread(Counter(times)) == expected


@pytest.mark.parametrize(
    ("value", "kind", "fr", "en"),
    [
        (12345, COUNT, "12\u00a0345", "12,345"),
        (0.125, SHARE, "12\u00a0%", "12%"),
        (4.25, SCORE, "4,2", "4.2"),
        (95, TIME, "1\u00a0min", "1\u00a0min"),
        (0, TIME, "0\u00a0s", "0\u00a0s"),
        (None, SHARE, "—", "—"),
        ("=1+1", TEXT, "=1+1", "=1+1"),
    ],
)
def test_numbers_are_written_as_each_language_writes_them(value, kind, fr, en):
    assert shown(value, kind, Words("fr")) == fr
    assert shown(value, kind, Words("en")) == en


TABLE = Table(
    "questions",
    (("article", TEXT), ("count", COUNT), ("share", SHARE)),
    (Row(("=HYPERLINK(1)", 1200, 0.5)), Row(('Payer; en ligne, "vite"', None, 1.0)), Row(("-", 0, 0.0))),
)


def test_a_table_opens_in_a_spreadsheet_of_either_language_and_is_no_formula():
    heads = ["Article", "+Nombre", "Part"]
    assert as_csv(TABLE, heads, Words("fr")) == (
        '\ufeffArticle;\'+Nombre;Part\r\n\'=HYPERLINK(1);1200;0,5000\r\n"Payer; en ligne, ""vite""";;1,0000\r\n\'-;0;0,0000\r\n'
    )
    assert as_csv(TABLE, heads, Words("en")).splitlines()[1] == "'=HYPERLINK(1),1200,0.5000"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_cell_that_begins_like_a_formula_is_text(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Payer en ligne", "1 + 1", "", " =1", "«=»"])
def test_other_cells_stay_as_they_are(text):
    assert harmless(text) == text


def test_columns_are_as_high_as_their_numbers_and_told_in_words():
    picture = charts.columns(["lundi : 4", "mardi : <2>"], [(3, 1), (2, 0)], "Par jour & plus")
    assert 'aria-label="Par jour &amp; plus"' in picture
    assert "<title>mardi : &lt;2&gt;</title>" in picture
    heights = [
        part.split('"')[0]
        for part in picture.split('class="series-first" ')[1:]
        for part in part.split('height="')[1:2]
    ]
    assert heights == ["120.0", "80.0"], "of 160 for the highest, of four"
    assert picture.count('class="series-second"') == 1, "nothing is not drawn"


@pytest.mark.parametrize(
    ("most", "line"), [(0, 2), (1, 2), (3, 4), (11, 12), (17, 20), (21, 30), (101, 120), (999, 1000), (20_001, 30_000)]
)
def test_the_upper_line_is_a_round_number_near_the_highest_column(most, line):
    assert charts.upper_line([(most, 0)]) == line


def test_nothing_at_all_is_a_picture_too():
    assert charts.columns([], [], "Rien").startswith("<svg")
    assert 'width="0.0"' in charts.bar(0)
    assert 'width="100.0"' in charts.bar(7)
