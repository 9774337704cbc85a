"""What changed since the bill before, and which bills are printed again."""

from datetime import date

import pytest

from billing.bill import Line
from billing.bill_change import amount_change, is_reprinted, line_changes
from billing.money import CAD, total


def line(key, amount, kind="service"):
    return Line(kind, f"{key} (fr)", f"{key} (en)", CAD(amount), key)


def told(lines, before):
    return [
        (change.line.key, change.change, change.previous and str(change.previous), str(change.difference))
        for change in line_changes(lines, before)
    ]


def test_each_line_is_told_against_the_same_line_before():
    before = [line("internet", "50.00"), line("lines", "20.00"), line("modem", "8.00"), line("gst", "3.90", "tax")]
    lines = [line("internet", "55.00"), line("lines", "20.00"), line("visit", "40.00"), line("gst", "3.00", "tax")]
    assert told(lines, before) == [
        ("internet", "more", "50.00", "5.00"),
        ("lines", "same", "20.00", "0.00"),
        ("visit", "new", None, "40.00"),
        ("gst", "less", "3.90", "-0.90"),
        ("modem", "gone", "8.00", "-8.00"),
    ]


def test_the_differences_come_to_that_of_the_totals():
    before = [line("a", "10.00"), line("b", "20.00")]
    lines = [line("b", "25.55"), line("c", "0.01"), line("c", "1.00")]
    assert total(change.difference for change in line_changes(lines, before)) == CAD("26.56") - CAD("30.00")


def test_a_first_bill_is_all_new():
    assert told([line("internet", "50.00")], []) == [("internet", "new", None, "50.00")]


def test_two_lines_of_one_key_are_compared_in_their_order():
    before = [line("call", "1.00"), line("call", "2.00")]
    assert told([line("call", "1.00"), line("call", "3.00"), line("call", "9.00")], before) == [
        ("call", "same", "1.00", "0.00"),
        ("call", "more", "2.00", "1.00"),
        ("call", "new", None, "9.00"),
    ]


def test_a_line_without_a_key_is_known_by_its_words():
    old = Line("service", "Accès", "Access", CAD("5.00"))
    new = Line("service", "Accès", "Access", CAD("6.00"))
    (change,) = line_changes([new], [old])
    assert (change.change, change.difference) == ("more", CAD("1.00"))


def test_a_tax_is_no_service_though_the_keys_are_alike():
    assert told([line("x", "1.00", "tax")], [line("x", "1.00")]) == [
        ("x", "new", None, "1.00"),
        ("x", "gone", "1.00", "-1.00"),
    ]


@pytest.mark.parametrize(("difference", "change"), [("0.01", "more"), ("-0.01", "less"), ("0.00", "same")])
def test_a_difference_has_a_direction(difference, change):
    assert amount_change(CAD(difference)) == change


@pytest.mark.parametrize(
    ("issued", "today", "printed"),
    [
        (date(2026, 2, 15), date(2026, 5, 15), True),
        (date(2026, 2, 14), date(2026, 5, 15), False),
        (date(2026, 2, 28), date(2026, 5, 31), True),
        (date(2026, 2, 27), date(2026, 5, 31), False),
        (date(2028, 2, 29), date(2028, 5, 31), True),
        (date(2028, 2, 28), date(2028, 5, 31), False),
        (date(2025, 11, 10), date(2026, 2, 10), True),
        (date(2025, 12, 31), date(2026, 3, 31), True),
        (date(2025, 12, 30), date(2026, 3, 31), False),
    ],
)
def test_a_bill_of_the_last_three_months_is_printed(issued, today, printed):
    assert is_reprinted(issued, today, 3) is printed


def test_without_a_limit_every_bill_is_printed():
    assert is_reprinted(date(1999, 1, 1), date(2026, 3, 5), None)
