"""The evaluation's figures, their gate, and the page that shows them."""

import re
from html.parser import HTMLParser

import pytest

from bot import figures, report
from bot.entity_report import Row
from bot.figures import Figure

OUT = "do/out_of_scope"


def case(i=0, *, right=True, confidence=0.9, expect="do/check_balance", got=None, **changes):
    """A judged message; `got` is what was expected unless it is said."""
    got = got or (expect if right else "wrs/late-fee")
    case = {
        "id": f"fr-r-{i:03}",
        "brand": "wrs",
        "language": "fr",
        "style": "terse",
        "text": f"message {i}",
        "expect": [expect],
        "got": got,
        "candidates": [got],
        "confidence": confidence,
        "right": right,
        "top3": right,
        "asked": False,
        "refused": got == OUT and not right,
        "seconds": 0.001 * (1 + i % 7),
    }
    case["kind"] = figures.kind_of(case)
    return {**case, **changes}


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [(50, 100, 0.4038, 0.5962), (10, 10, 0.7225, 1.0), (0, 20, 0.0, 0.1611), (0, 0, 0.0, 1.0)],
)
def test_the_interval_is_wilsons(right, count, low, high):
    assert figures.interval(right, count) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_the_calibration_error_weighs_each_part_by_its_messages():
    # 3 messages at 0.95, all right: 0.05 too shy; 1 at 0.55, wrong: 0.55 too bold.
    points = [(0.95, True)] * 3 + [(0.55, False)]
    assert figures.calibration_error(points) == pytest.approx((3 * 0.05 + 0.55) / 4)
    assert figures.calibration_error([(1.0, True), (1.0, True)]) == 0
    assert [(part.low, part.messages) for part in figures.reliability([(1.0, True), (0.0, False), (0.05, True)])] == [
        (0.0, 2),
        (0.9, 1),
    ]


def test_figures_are_counted_by_group_and_language():
    cases = [
        case(1),
        case(2, right=False, language="en", style="typo", confidence=0.4, asked=True, top3=True),
        case(3, expect="wrs/late-fee", style="typo"),
        case(4, right=False, expect="wrs/late-fee", got=OUT),
        case(5, expect=OUT, language="en"),
        case(6, right=False, expect=OUT, got="do/greet"),
    ]
    found = figures.understanding_figures(cases)
    values = {name: (figure.value, figure.messages) for name, figure in found.items()}
    assert values["understanding"] == (0.5, 6)
    assert values["understanding.fr"] == (0.5, 4)
    assert values["understanding.style.typo"] == (0.5, 2)
    assert values["understanding.style.typo.fr"] == (1.0, 1)
    assert values["understanding.kind.out_of_scope"] == (0.5, 2)
    assert values["understanding.kind.article"] == (0.5, 2)
    assert values["understanding.brand.wrs.en"] == (0.5, 2)
    assert values["first_three"] == (pytest.approx(4 / 6), 6)
    assert values["out_of_scope.recognised"] == (0.5, 2)
    assert values["out_of_scope.others_refused"] == (0.25, 4)
    assert values["asked.en"] == (0.5, 2)
    assert "understanding.language.fr" not in values


def test_language_is_counted_by_language():
    cases = [{"language": "fr", "right": True}, {"language": "fr", "right": False}, {"language": "en", "right": True}]
    found = figures.language_figures(cases)
    assert {name: figure.value for name, figure in found.items()} == {
        "language": pytest.approx(2 / 3),
        "language.fr": 0.5,
        "language.en": 1.0,
    }


def test_durations_are_the_median_and_the_95th_percentile():
    found = figures.duration_figures([0.001 * (i + 1) for i in range(100)], 12.5)
    assert found["message_ms.median"].value == pytest.approx(50)
    assert found["message_ms.p95"].value == pytest.approx(95)
    assert found["learned_s"] == Figure(12.5)


@pytest.mark.parametrize(
    ("name", "was", "now", "fails"),
    [
        ("understanding.fr", 0.95, 0.939, True),
        ("understanding.fr", 0.95, 0.94, False),  # a point is chance
        ("understanding.fr", 0.95, 0.99, False),
        ("out_of_scope.others_refused", 0.01, 0.03, True),  # less is better
        ("out_of_scope.others_refused", 0.03, 0.01, False),
        ("asked", 0.10, 0.02, False),  # neither is better
        ("calibration_error", 0.10, 0.02, False),
    ],
)
def test_the_gate_names_each_figure_that_fell_more_than_a_point(name, was, now, fails):
    found = figures.worse({name: Figure(now, 200), "language": Figure(1.0, 150)}, {name: Figure(was, 200)})
    assert [line.partition(":")[0] for line in found] == ([name] if fails else [])


def test_small_groups_and_durations_are_not_held():
    recorded = {"understanding.style.long": Figure(1.0, 99), "learned_s": Figure(1.0)}
    assert not figures.worse({"understanding.style.long": Figure(0.0, 99), "learned_s": Figure(99.0)}, recorded)


def test_a_recorded_figure_that_is_gone_is_named():
    assert "understanding.style.typo" in figures.worse({}, {"understanding.style.typo": Figure(0.9, 100)})[0]


def test_figures_are_read_as_they_were_written_a_figure_a_line(tmp_path):
    path = tmp_path / "new" / "figures.json"
    found = {"understanding": figures.share([True, True, False]), "learned_s": Figure(0.0), "none": figures.share([])}
    figures.write(found, path)
    assert len(path.read_text().splitlines()) == len(found) + 2
    again = figures.read(path)
    assert again["understanding"].messages == 3
    assert again["understanding"].value == pytest.approx(2 / 3, abs=1e-4)
    assert again["understanding"].low == pytest.approx(figures.interval(2, 3)[0], abs=1e-4)
    assert again["learned_s"].value == 0


def test_an_interval_that_starts_at_nothing_is_kept(tmp_path):
    figures.write({"out_of_scope.others_refused": figures.share([False] * 5)}, tmp_path / "f.json")
    assert figures.read(tmp_path / "f.json")["out_of_scope.others_refused"].low == 0


def test_wrong_pairs_are_counted_most_frequent_first():
    cases = [case(i, right=False, got="wrs/b") for i in range(3)] + [case(4, right=False, got="wrs/a"), case(5)]
    found = report.confusion(cases)
    assert (found.wanted, found.got, found.most) == (["do/check_balance"], ["wrs/b", "wrs/a"], 3)
    assert sorted(found.cells) == [(0, 0, 3), (0, 1, 1)]
    assert report.confusion([case(1)]).cells == []


def test_kinds_are_counted_by_what_they_were_taken_for():
    cases = [case(1), case(2, right=False), case(3, right=False, got=OUT), case(4, right=False, got="do/pay")]
    assert report.by_kind(cases) == {"request": {"right": 1, "article": 1, "out_of_scope": 1, "request": 1}}


def test_the_bars_hold_every_message():
    values = [1.0, 1.1, 2.0, 5.0, 400.0]
    found = report.bars(values)
    assert sum(count for _, _, count in found) == len(values)
    assert found[0][0] == 1.0
    assert report.bars([2.0, 2.0])[0][2] == 2
    assert report.bars([]) == []


def test_entities_stand_by_kind_the_sum_first():
    rows = [
        Row("amount", "en", 1, 1, 1, 1),
        Row("all", "en", 1, 1, 1, 1),
        Row("all", "all", 3, 1, 1, 1),
        Row("all", "fr", 2, 1, 1, 1),
    ]
    found = report.by_entity(rows)
    assert list(found) == ["all", "amount"]
    assert list(found["all"]) == ["all", "fr", "en"]
    assert found["amount"] == {"en": rows[0]}


def step(name, brand, right, learned_s=10.0):
    counts = {"fr": [right, 100], "en": [right - 10, 100]}
    return {
        "step": name,
        "brand": brand,
        "learned_on": "2026-01-02",
        "learned_s": learned_s,
        "sets": {"evaluation": counts},
    }


def test_the_ladder_compares_only_steps_tried_on_the_same_brands():
    tables = report.ladder_tables([step("all", "wrs", 95), step("diet", "wrs", 80), step("all", "primus", 91, 20.0)])
    assert list(tables) == ["all", "primus", "wrs"]
    assert [row.title for row in tables["wrs"]] == [report.STEPS["diet"], report.STEPS["all"]]
    (row,) = tables["all"]
    assert row.learned_s == 30
    assert row.sets["evaluation"]["fr"].value == pytest.approx(0.93)
    assert (row.sets["evaluation"]["all"].value, row.sets["evaluation"]["all"].messages) == (pytest.approx(0.88), 400)


def test_the_ladder_of_one_brand_has_one_table_also_in_markdown():
    lines = report.ladder_markdown([step("words", "wrs", 80), step("all", "wrs", 95)])
    assert lines[0] == "## wrs"
    assert f"| {report.STEPS['all']} | 10 s | 95.0 | 85.0 | 90.0 |" in lines
    rows = [line for line in lines if line.startswith("|")]
    assert {row.count("|") for row in rows} == {6}


class Page(HTMLParser):
    """What a page loads, and whether its elements close."""

    VOID = frozenset({"meta", "link"})

    def __init__(self, text):
        super().__init__()
        self.open, self.loads, self.tags, self.words = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.loads += [
            value for name, value in attrs if name in ("src", "href", "srcset") and not value.startswith("data:")
        ]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def page(cases, ladder=()):
    language_cases = [
        {"text": "solde", "language": "fr", "heard": "fr", "right": True},
        {"text": "balance", "language": "en", "heard": "fr", "right": False},
    ]
    rows = [Row("all", "all", 3, 1.0, 0.5, 2 / 3), Row("amount", "fr", 3, 1.0, 0.5, 2 / 3)]
    found = {
        **figures.understanding_figures(cases),
        **figures.language_figures(language_cases),
        "entities.exact": figures.share([True, False]),
        "entities.f1": Figure(2 / 3, 2),
        **figures.duration_figures([case["seconds"] for case in cases], 12.0),
    }
    return report.page(found, cases, language_cases, rows, list(ladder))


def test_the_page_holds_everything_and_loads_nothing():
    cases = [case(i, language=("fr", "en")[i % 2], confidence=0.05 + 0.9 * i / 40) for i in range(40)]
    cases += [case(41, right=False, text="<b>l’impayé & co</b>", got="wrs/late-fee")]
    text = page(cases, [step("all", "wrs", 95)])
    shown = Page(text)
    assert shown.open == []
    assert shown.loads == []
    assert "script" not in shown.tags
    assert shown.tags.count("svg") >= 8
    words = " ".join(" ".join(shown.words).split())
    assert "<b>l’impayé & co</b>" in words
    assert "41 messages" in words
    assert report.STEPS["all"] in words
    assert "“balance”" in words
    assert not re.search(r"nan|None|Undefined", words)
    assert not re.search(r'="[^"]*nan', text)


def test_the_page_can_be_made_where_all_is_right_and_where_nothing_is():
    assert "Not understood: 0 messages" in page([case(1), case(2, language="en", expect=OUT)])
    nothing = page([case(i, right=False, confidence=0.0) for i in range(3)])
    assert "Not understood: 3 messages" in nothing
    assert "What each part adds" not in nothing


def test_the_markdown_lists_figures_and_messages():
    cases = [case(1), case(2, right=False, text="a | b", confidence=0.3)]
    found = {
        **figures.understanding_figures(cases),
        "entities.f1": Figure(0.9, 2),
        "entities.f1.amount": Figure(0.8, 2),
    }
    lines = report.markdown(found, cases, [Row("amount", "all", 2, 1.0, 0.5, 2 / 3)])
    assert any(line.startswith("| understanding.fr | 0.500 | 2 | ") for line in lines)
    assert "| a / b | do/check_balance | wrs/late-fee |" in lines
    assert "| entities.f1 | 0.900 | 2 |  |" in lines
    assert not [line for line in lines if "entities.f1.amount" in line]
    assert "| amount | all | 2 | 1.000 | 0.500 | 0.667 |" in lines
    assert lines.index("## Not understood") > 0
