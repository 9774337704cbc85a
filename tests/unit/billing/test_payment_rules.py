"""Payment links, automatic payment and reports of payments: amounts, states and days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from billing.autopay import TakenRule, amount_taken, next_taken_on, taken_days
from billing.bill import Bill, Payment
from billing.money import CAD
from billing.payment_link import (
    AmountTooLarge,
    AmountTooSmall,
    NothingOwed,
    link_amount,
    link_state,
)
from billing.payment_report import earliest_day, matching_payment

NOW = datetime(2026, 3, 5, 14, 30, tzinfo=UTC)
FIRST = TakenRule("day_of_month", 1)
FIFTEEN = TakenRule("days_after_bill", 15)


def amount(asked, *, balance="100.00", least="1.00", above="0.00"):
    return link_amount(asked and CAD(asked), balance=CAD(balance), least=CAD(least), above_balance=CAD(above))


def test_a_link_is_for_the_balance_unless_an_amount_is_asked():
    assert amount(None) == CAD("100.00")
    assert amount("40.00") == CAD("40.00")


@pytest.mark.parametrize("asked", ["1.00", "99.99", "100.00"])
def test_a_link_takes_from_the_least_amount_to_the_balance(asked):
    assert amount(asked) == CAD(asked)


def test_a_payment_above_the_balance_is_refused_with_the_largest():
    with pytest.raises(AmountTooLarge) as caught:
        amount("100.01")
    assert caught.value.largest == CAD("100.00")


def test_a_brand_may_take_more_than_is_owed():
    assert amount("105.00", above="5.00") == CAD("105.00")
    with pytest.raises(AmountTooLarge) as caught:
        amount("105.01", above="5.00")
    assert caught.value.largest == CAD("105.00")


def test_a_payment_below_the_least_is_refused():
    with pytest.raises(AmountTooSmall) as caught:
        amount("0.99")
    assert caught.value.least == CAD("1.00")


def test_a_balance_below_the_least_may_be_paid_whole():
    assert amount(None, balance="0.40") == CAD("0.40")
    with pytest.raises(AmountTooSmall):
        amount("0.39", balance="0.40")


@pytest.mark.parametrize("balance", ["0.00", "-12.00"])
def test_nothing_owed_is_nothing_to_pay(balance):
    with pytest.raises(NothingOwed):
        amount(None, balance=balance)
    with pytest.raises(NothingOwed):
        amount("5.00", balance=balance)


@pytest.mark.parametrize(
    ("state", "minutes_left", "heard"),
    [
        ("open", 1, "open"),
        ("open", 0, "expired"),
        ("open", -1, "expired"),
        ("charging", -1, "charging"),
        ("paid", -1, "paid"),
        ("declined", 1, "declined"),
    ],
)
def test_only_a_link_that_nobody_used_expires(state, minutes_left, heard):
    assert link_state(state, NOW + timedelta(minutes=minutes_left), NOW) == heard


@pytest.mark.parametrize(
    ("today", "taken"),
    [
        (date(2026, 3, 1), date(2026, 3, 1)),
        (date(2026, 3, 2), date(2026, 4, 1)),
        (date(2026, 1, 31), date(2026, 2, 1)),
        (date(2026, 12, 2), date(2027, 1, 1)),
        (date(2028, 2, 29), date(2028, 3, 1)),
    ],
)
def test_the_first_of_the_month(today, taken):
    assert next_taken_on(FIRST, (), today) == taken


@pytest.mark.parametrize(
    ("today", "taken"),
    [
        (date(2026, 1, 31), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2028, 2, 1), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2028, 2, 29)),
        (date(2026, 4, 1), date(2026, 4, 30)),
        (date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_the_31st_is_the_last_day_of_a_shorter_month(today, taken):
    assert next_taken_on(TakenRule("day_of_month", 31), (), today) == taken


def bill(issued_on):
    return Bill("B", issued_on, issued_on + timedelta(days=21), CAD("10.00"))


@pytest.mark.parametrize(
    ("issued", "taken"),
    [
        (date(2026, 3, 3), date(2026, 3, 18)),
        (date(2026, 2, 18), date(2026, 3, 5)),
        (date(2026, 12, 20), date(2027, 1, 4)),
        (date(2028, 2, 14), date(2028, 2, 29)),
        (date(2028, 2, 15), date(2028, 3, 1)),
        (date(2026, 2, 14), date(2026, 3, 1)),
    ],
)
def test_fifteen_days_after_the_bill(issued, taken):
    assert next_taken_on(FIFTEEN, [bill(issued)], min(issued + timedelta(days=15), taken)) == taken


def test_a_bill_whose_day_is_past_waits_for_the_next_bill():
    today = date(2026, 3, 19)
    assert next_taken_on(FIFTEEN, [bill(date(2026, 3, 3))], today) is None
    assert next_taken_on(FIFTEEN, [bill(date(2026, 3, 3)), bill(date(2026, 3, 10))], today) == date(2026, 3, 25)


def test_with_nothing_unpaid_the_day_depends_on_the_next_bill():
    assert next_taken_on(FIFTEEN, [], date(2026, 3, 5)) is None


@pytest.mark.parametrize(("rule", "value"), [("weekly", 1), ("day_of_month", 0), ("day_of_month", 32)])
def test_a_rule_that_is_none_is_refused(rule, value):
    with pytest.raises(ValueError, match="no rule"):
        TakenRule(rule, value)


def paid(day, amount="50.00", number=None):
    return Payment(number, date(2026, 3, day), CAD(amount), "cheque")


@pytest.mark.parametrize(("day", "found"), [(7, True), (10, True), (13, True), (6, False), (14, False)])
def test_a_payment_within_three_days_is_the_one_reported(day, found):
    payment = paid(day)
    assert matching_payment(CAD("50.00"), date(2026, 3, 10), [payment]) == (payment if found else None)


def test_another_amount_is_another_payment():
    assert matching_payment(CAD("50.01"), date(2026, 3, 10), [paid(10)]) is None


def test_of_several_payments_the_nearest_is_meant_and_of_two_the_earlier():
    near = [paid(8, number="R-1"), paid(11, number="R-2"), paid(9, number="R-3")]
    assert matching_payment(CAD("50.00"), date(2026, 3, 10), near).number == "R-3"
    # Without receipt numbers, two of one day must not be compared further.
    assert matching_payment(CAD("50.00"), date(2026, 3, 10), [paid(9), paid(9)]) == paid(9)


def test_a_report_reaches_back_120_days():
    assert earliest_day(date(2026, 3, 5)) == date(2025, 11, 5)


OWED = [
    (Bill("A", date(2026, 2, 1), date(2026, 2, 20), CAD("10.00")), CAD("4.00")),
    (Bill("B", date(2026, 2, 13), date(2026, 3, 1), CAD("20.00")), CAD("20.00")),
    (Bill("C", date(2026, 2, 13), date(2026, 3, 1), CAD("1.00")), CAD("1.00")),
]


def test_the_days_of_bills_are_those_of_what_is_unpaid():
    days = taken_days(FIFTEEN, OWED, first=date(2026, 2, 1), last=date(2026, 2, 28))
    assert days == (date(2026, 2, 16), date(2026, 2, 28))
    assert taken_days(FIFTEEN, OWED, first=date(2026, 2, 17), last=date(2026, 2, 27)) == ()
    assert taken_days(FIFTEEN, [], first=date(2026, 2, 1), last=date(2026, 2, 28)) == ()


def test_each_day_takes_what_is_left_of_its_own_bills():
    assert amount_taken(FIFTEEN, OWED, date(2026, 2, 16)) == CAD("4.00")
    assert amount_taken(FIFTEEN, OWED, date(2026, 2, 28)) == CAD("21.00")
    assert amount_taken(FIFTEEN, OWED, date(2026, 3, 1)) == CAD("0.00")
    assert amount_taken(FIRST, OWED, date(2026, 3, 1)) == CAD("25.00")


@pytest.mark.parametrize(
    ("value", "first", "last", "expected"),
    [
        (1, date(2026, 2, 27), date(2026, 3, 2), [date(2026, 3, 1)]),
        (1, date(2026, 2, 26), date(2026, 2, 28), []),
        (31, date(2026, 2, 26), date(2026, 3, 1), [date(2026, 2, 28)]),
        (31, date(2028, 2, 26), date(2028, 3, 1), [date(2028, 2, 29)]),
        (1, date(2025, 12, 30), date(2026, 1, 2), [date(2026, 1, 1)]),
    ],
)
def test_a_day_of_the_month_is_found_across_months_and_years(value, first, last, expected):
    assert list(taken_days(TakenRule("day_of_month", value), OWED, first=first, last=last)) == expected
