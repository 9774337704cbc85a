"""What is owed, what is past due and when the next payment is due."""

from datetime import date, timedelta

import pytest

from billing.bill import Bill, Ledger, Line, Payment, balance, latest_activity, lines_total, standing, unpaid
from billing.money import CAD, ZERO

TODAY = date(2026, 3, 5)


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def bill(number: str, issued: int, due: int, total: str) -> Bill:
    return Bill(number, day(issued), day(due), CAD(total))


def paid(when: int, amount: str) -> Payment:
    return Payment(None, day(when), CAD(amount), "cheque")


def test_an_account_without_bills_owes_nothing_and_nothing_is_due():
    stands = standing(Ledger(), TODAY)
    assert (stands.balance, stands.past_due, stands.due_on, stands.past_due_since) == (ZERO, ZERO, None, None)


def test_a_new_bill_is_owed_but_not_past_due():
    stands = standing(Ledger(bills=(bill("B1", -2, 19, "64.10"),)), TODAY)
    assert (stands.balance, stands.past_due, stands.due_on) == (CAD("64.10"), ZERO, day(19))


@pytest.mark.parametrize(("due", "late"), [(1, False), (0, False), (-1, True)])
def test_a_bill_may_be_paid_until_the_end_of_the_day_it_is_due(due, late):
    stands = standing(Ledger(bills=(bill("B1", -30, due, "50.00"),)), TODAY)
    assert stands.past_due == (CAD("50.00") if late else ZERO)
    assert stands.due_on == (None if late else day(due))
    assert stands.past_due_since == (day(due) if late else None)


def test_past_due_is_what_is_left_of_late_bills_and_due_date_that_of_the_next():
    ledger = Ledger(
        bills=(bill("B2", -12, 9, "184.52"), bill("B1", -42, -21, "100.00"), bill("B0", -73, -52, "181.07")),
        payments=(paid(-50, "181.07"),),
    )
    stands = standing(ledger, TODAY)
    assert stands.balance == CAD("284.52")
    assert stands.past_due == CAD("100.00")
    assert stands.past_due_since == day(-21)
    assert stands.due_on == day(9)


def test_payments_settle_the_oldest_bill_first_whatever_the_order_they_are_read_in():
    old, new = bill("B1", -60, -40, "50.00"), bill("B2", -30, -10, "70.00")
    for bills in ((old, new), (new, old)):
        assert unpaid(Ledger(bills=bills, payments=(paid(-5, "60.00"),))) == ((new, CAD("60.00")),)


def test_a_part_payment_leaves_the_rest_of_the_bill_past_due():
    ledger = Ledger(bills=(bill("B1", -60, -40, "50.00"),), payments=(paid(-1, "20.00"),))
    assert standing(ledger, TODAY).past_due == CAD("30.00")


def test_a_debt_from_before_the_oldest_bill_is_settled_first_and_past_due_until_then():
    ledger = Ledger(CAD("51.69"), (bill("B1", -20, 10, "51.69"),), (paid(-70, "20.00"),))
    stands = standing(ledger, TODAY)
    assert (stands.balance, stands.past_due) == (CAD("83.38"), CAD("31.69"))
    assert unpaid(ledger) == ((ledger.bills[0], CAD("51.69")),)


def test_a_credit_from_before_pays_the_next_bill():
    ledger = Ledger(CAD("-30.00"), (bill("B1", -20, -10, "51.69"),))
    assert standing(ledger, TODAY).past_due == CAD("21.69")


def test_a_payment_too_many_is_a_credit_and_never_negative_past_due():
    ledger = Ledger(bills=(bill("B1", -60, -40, "50.00"),), payments=(paid(-1, "80.00"),))
    stands = standing(ledger, TODAY)
    assert (stands.balance, stands.past_due) == (CAD("-30.00"), ZERO)
    assert unpaid(ledger) == ()


def test_with_all_paid_the_due_date_is_that_of_the_latest_bill_not_yet_due():
    ledger = Ledger(bills=(bill("B1", -40, -20, "50.00"), bill("B2", -10, 10, "50.00")), payments=(paid(-1, "100.00"),))
    assert standing(ledger, TODAY).due_on == day(10)


def test_with_all_past_due_no_due_date_is_to_come():
    ledger = Ledger(bills=(bill("B1", -51, -51, "51.69"), bill("B2", -20, -20, "51.69")))
    stands = standing(ledger, TODAY)
    assert (stands.past_due, stands.due_on, stands.past_due_since) == (CAD("103.38"), None, day(-51))


def test_the_balance_is_bills_minus_payments_on_top_of_the_opening():
    ledger = Ledger(CAD("10.00"), (bill("B1", -9, 9, "20.00"),), (paid(-1, "5.00"),))
    assert balance(ledger) == CAD("25.00")


def test_lines_come_to_their_sum():
    lines = [Line("service", "Appels", "Calls", CAD("10.00")), Line("tax", "TPS", "GST", CAD("0.50"))]
    assert lines_total(lines) == CAD("10.50")


def test_latest_activity_is_newest_first_and_a_payment_stands_above_the_bill_of_its_day():
    bills = [bill("B1", -40, -20, "50.00"), bill("B2", -10, 10, "62.09")]
    payments = [paid(-10, "62.09"), paid(-30, "50.00")]
    events = latest_activity(bills, payments, 3)
    assert [(event.day, event.kind) for event in events] == [
        (day(-10), "payment"),
        (day(-10), "bill"),
        (day(-30), "payment"),
    ]
    assert (events[0].method, events[1].method, events[1].number) == ("cheque", None, "B2")
