"""The labelled messages of tests/evaluation/entities.jsonl, and the figures that are made from them.

The rules were corrected on these messages: the gates guard against loss, they do not measure new messages.
"""

import datetime

import pytest

import entities
from bot.entity_report import CASES, Measured, exact, measure, read_cases, report, table

MEASURED = measure(read_cases(CASES))


def test_nearly_all_messages_are_exactly_right():
    assert len(MEASURED) >= 300
    wrong = [one.case["id"] for one in MEASURED if not one.right]
    assert exact(MEASURED) >= 0.95, wrong


def test_no_kind_is_weak_in_either_language(language):
    weak = [row for row in table(MEASURED) if row.language == language and row.wanted >= 10 and row.f1 < 0.9]
    assert not weak


def test_the_cases_are_well_formed():
    assert len({one.case["id"] for one in MEASURED}) == len(MEASURED)
    for one in MEASURED:
        assert set(one.case) == {"id", "language", "brand", "today", "text", "entities"}
        assert one.case["language"] in ("fr", "en")
        assert datetime.date.fromisoformat(one.case["today"])
        assert {kind for kind, _ in one.wanted} <= set(entities.KINDS)


def test_figures_count_what_is_missed_and_what_is_too_much():
    def one(wanted, found, language="fr"):
        return Measured({"id": "x", "language": language, "text": "a | b"}, set(wanted), set(found), 0.001)

    right = one([("date", "2026-03-15")], [("date", "2026-03-15")])
    missed = one([("date", "2026-03-16"), ("bill", "P-1")], [("bill", "P-1")], "en")
    extra = one([], [("date", "2026-03-17")])
    rows = {(row.kind, row.language): row for row in table([right, missed, extra])}
    assert rows["date", "all"][2:] == (2, 0.5, 0.5, 0.5)
    assert rows["date", "fr"][2:] == (1, 0.5, 1.0, pytest.approx(2 / 3))
    assert rows["date", "en"].f1 == 0.0
    assert rows["all", "all"].recall == pytest.approx(2 / 3)
    assert exact([right, missed, extra]) == pytest.approx(1 / 3)
    lines = "\n".join(report([right, missed, extra]))
    assert "| a / b | date 2026-03-16 |  |" in lines
    assert "| a / b |  | date 2026-03-17 |" in lines
