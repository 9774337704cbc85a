"""An order on its way: its parcel, the installer's appointment, and what is charged for it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from billing.money import CAD
from billing.order_charge import Prices, order_charge, rest_of_month
from billing.orders import (
    Appointment,
    Shipment,
    appointment_stage,
    appointments_told,
    shipment_stage,
    shipments_told,
)
from billing.tax import taxes

TODAY = date(2026, 3, 5)
TORONTO, HALIFAX = ZoneInfo("America/Toronto"), ZoneInfo("America/Halifax")
NOTHING_SET = Prices(monthly=None, modem=None, shipping=CAD("12.95"), connection=None)
ALL_SET = Prices(monthly=CAD("62.00"), modem=CAD("99.00"), shipping=CAD("12.95"), connection=CAD("50.00"))


@pytest.mark.parametrize(
    ("ordered", "until", "days", "of"),
    [
        (date(2026, 3, 1), date(2026, 3, 31), 31, 31),
        (date(2026, 3, 18), date(2026, 3, 31), 14, 31),
        (date(2026, 3, 31), date(2026, 3, 31), 1, 31),
        (date(2026, 4, 30), date(2026, 4, 30), 1, 30),
        (date(2026, 2, 28), date(2026, 2, 28), 1, 28),
        (date(2028, 2, 28), date(2028, 2, 29), 2, 29),
        (date(2028, 2, 29), date(2028, 2, 29), 1, 29),
        (date(2100, 2, 28), date(2100, 2, 28), 1, 28),
        (date(2026, 12, 31), date(2026, 12, 31), 1, 31),
    ],
)
def test_the_month_is_charged_from_the_day_of_the_order_which_counts_to_its_end(ordered, until, days, of):
    month = rest_of_month(ordered)
    assert (month.until, month.days, month.days_in_month) == (until, days, of)


@pytest.mark.parametrize(
    ("ordered", "monthly", "service"),
    [
        (date(2026, 3, 1), "62.00", "62.00"),
        (date(2026, 3, 18), "62.00", "28.00"),
        (date(2026, 3, 31), "62.00", "2.00"),
        (date(2028, 2, 29), "58.00", "2.00"),
        (date(2026, 2, 28), "58.00", "2.07"),  # 2.0714…
        (date(2026, 4, 28), "49.95", "5.00"),  # 4.995: half a cent goes up
        (date(2026, 3, 5), "0.00", "0.00"),
    ],
)
def test_the_service_is_pro_rated_by_days_and_rounded_to_the_cent(ordered, monthly, service):
    prices = Prices(monthly=CAD(monthly), modem=None, shipping=CAD("12.95"), connection=None)
    found = order_charge(prices, ordered_on=ordered, modem="own", charged=())
    assert found.parts["service"] == CAD(service)


@pytest.mark.parametrize(
    ("modem", "parts"),
    [
        ("bought", ["service", "modem", "shipping", "connection"]),
        ("rented", ["service", "shipping", "connection"]),
        ("own", ["service", "connection"]),
    ],
)
def test_a_modem_of_ones_own_is_neither_paid_for_nor_shipped_and_a_rented_one_is_shipped(modem, parts):
    found = order_charge(ALL_SET, ordered_on=TODAY, modem=modem, charged=())
    assert list(found.parts) == parts
    assert found.complete


@pytest.mark.parametrize(
    ("postal_code", "charged", "known"),
    [
        ("K7L3N6", {"hst": "24.69"}, "214.64"),  # 28.00 + 99.00 + 12.95 + 50.00 = 189.95
        ("H2X1Y4", {"gst": "9.50", "qst": "18.95"}, "218.40"),
        ("T2P1J9", {"gst": "9.50"}, "199.45"),
        ("V6B1A1", {"gst": "9.50", "pst": "13.30"}, "212.75"),
        ("R3C4T3", {"gst": "9.50", "pst": "13.30"}, "212.75"),
        ("S4P3Y2", {"gst": "9.50", "pst": "11.40"}, "210.85"),
        ("B3H1A1", {"hst": "26.59"}, "216.54"),
        ("E1C1A1", {"hst": "28.49"}, "218.44"),
        ("X0A0H0", {"gst": "9.50"}, "199.45"),
    ],
)
def test_each_province_s_taxes_are_on_all_of_it(postal_code, charged, known):
    found = order_charge(ALL_SET, ordered_on=date(2026, 3, 18), modem="bought", charged=taxes("CA", postal_code))
    assert {tax.code: str(amount) for tax, amount in found.taxes} == charged
    assert found.known == CAD(known)


def test_what_the_company_has_not_set_is_missing_and_counts_for_nothing():
    found = order_charge(NOTHING_SET, ordered_on=TODAY, modem="bought", charged=taxes("CA", "K7L3N6"))
    assert found.parts == {"service": None, "modem": None, "shipping": CAD("12.95"), "connection": None}
    assert not found.complete
    assert found.known == CAD("12.95") + CAD("12.95").times(Decimal("0.13"))
    own = order_charge(NOTHING_SET, ordered_on=TODAY, modem="own", charged=taxes("CA", "K7L3N6"))
    assert own.known == CAD("0.00")


def parcel(state, ordered, expected, delivered=None, shipped=None):
    def march(day):
        return day and date(2026, 3, day)

    return Shipment(state, march(ordered), march(expected), delivered_on=march(delivered), shipped_on=march(shipped))


@pytest.mark.parametrize(
    ("shipment", "stage"),
    [
        (parcel("preparing", 4, 11), "preparing"),
        (parcel("in_transit", 1, 5), "in_transit"),
        (parcel("in_transit", 1, 4), "late"),
        (parcel("preparing", 1, 4), "late"),
        (parcel("delivered", 1, 4, delivered=5), "delivered"),
        (parcel("returned", 1, 4), "returned"),
    ],
)
def test_a_parcel_is_late_from_the_day_after_the_one_it_was_expected_on(shipment, stage):
    assert shipment_stage(shipment, TODAY) == stage


def test_what_is_under_way_is_told_before_what_arrived_and_what_is_long_over_not_at_all():
    old = Shipment("delivered", date(2025, 12, 1), date(2025, 12, 8), delivered_on=date(2026, 1, 3))
    just_recent = Shipment("delivered", date(2025, 12, 1), date(2025, 12, 8), delivered_on=date(2026, 1, 4))
    here, first, second = parcel("delivered", 1, 4, delivered=4), parcel("in_transit", 2, 9), parcel("preparing", 4, 11)
    assert shipments_told([old, just_recent, here, second, first], TODAY) == (first, second, here, just_recent)
    assert shipments_told([old], TODAY) == ()


def visit(day, hour=8, state="planned", zone=TORONTO):
    opens = datetime(2026, 3, day, hour, tzinfo=zone)
    return Appointment(state, opens, opens.replace(hour=hour + 4))


@pytest.mark.parametrize(
    ("appointment", "stage"),
    [
        (visit(6), "to_come"),
        (visit(5, 18), "today"),
        (visit(5, 8), "past"),
        (visit(4), "past"),
        (visit(4, state="missed"), "missed"),
        (visit(9, state="cancelled"), "cancelled"),
        (visit(4, state="done"), "done"),
    ],
)
def test_an_appointment_is_past_from_the_end_of_its_window(appointment, stage):
    assert appointment_stage(appointment, datetime(2026, 3, 5, 21, 30, tzinfo=TORONTO)) == stage


def test_days_and_windows_are_those_of_the_place():
    """23:30 in Toronto on March 5 is 00:30 in Halifax on March 6."""
    now = datetime(2026, 3, 6, 4, 30, tzinfo=UTC)
    assert appointment_stage(visit(6, zone=TORONTO), now) == "to_come"
    assert appointment_stage(visit(6, zone=HALIFAX), now) == "today"
    noon = datetime(2026, 3, 6, 11, 30, tzinfo=TORONTO)
    assert appointment_stage(visit(6, zone=HALIFAX), noon) == "past"
    assert appointment_stage(visit(6, zone=TORONTO), noon) == "today"


def test_the_next_appointment_is_told_before_those_that_were():
    now = datetime(2026, 3, 5, 12, tzinfo=TORONTO)
    missed, later, next_one = visit(2, state="missed"), visit(20), visit(9)
    long_ago = Appointment("done", datetime(2025, 12, 1, 8, tzinfo=TORONTO), datetime(2025, 12, 1, 12, tzinfo=TORONTO))
    assert appointments_told([missed, later, long_ago, next_one], now) == (next_one, later, missed)
    cancelled = visit(9, state="cancelled")
    assert appointments_told([cancelled, missed], now) == (cancelled, missed)
