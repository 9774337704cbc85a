"""Money: exact, immutable, and deaf to floats."""

import copy
import dataclasses
import pickle
from decimal import Decimal

import pytest

from billing.money import CAD, ZERO, total


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("284.52", "284.52"),
        ("0", "0.00"),
        ("5", "5.00"),
        ("5.5", "5.50"),
        ("-0.05", "-0.05"),
        ("-12.30", "-12.30"),
        ("9999999999.99", "9999999999.99"),
        (Decimal("1E+2"), "100.00"),
        (Decimal("62.090"), "62.09"),
    ],
)
def test_an_amount_shows_two_decimals(written, shown):
    assert str(CAD(written)) == shown


def test_repr_can_be_typed_again():
    assert repr(CAD("284.52")) == "CAD('284.52')"


@pytest.mark.parametrize("amount", [284.52, 1.0, 5, True, None, [], b"5"])
def test_floats_and_bare_numbers_are_refused(amount):
    with pytest.raises(TypeError):
        CAD(amount)


@pytest.mark.parametrize(
    "amount",
    [
        *("", " ", "abc", "1,50", "$5", "1e3", "1_000", "12.345", "٣.٥٠", "--1", "1.2.3", " 5", "NaN", "Infinity"),
        *(Decimal("NaN"), Decimal("Infinity"), Decimal("0.001")),
    ],
)
def test_text_that_is_no_amount_in_whole_cents_is_refused(amount):
    with pytest.raises(ValueError, match="not an amount"):
        CAD(amount)


def test_a_fraction_of_a_cent_is_refused_even_where_a_float_would_hide_it():
    with pytest.raises(ValueError, match="whole cents"):
        CAD(Decimal.from_float(0.1))


def test_arithmetic():
    assert CAD("184.52") + CAD("100.00") == CAD("284.52")
    assert CAD("100.00") - CAD("284.52") == CAD("-184.52")
    assert 3 * CAD("51.69") == CAD("51.69") * 3 == CAD("155.07")
    assert -CAD("5.00") == CAD("-5.00")
    assert abs(CAD("-5.00")) == CAD("5.00")


@pytest.mark.parametrize("other", [1, 1.5, "1.00", Decimal(1), None])
def test_money_adds_to_money_only(other):
    for operation in (lambda: CAD("1.00") + other, lambda: other + CAD("1.00"), lambda: CAD("1.00") - other):
        with pytest.raises(TypeError):
            operation()


@pytest.mark.parametrize("factor", [1.5, Decimal("1.5"), True, CAD("2.00")])
def test_money_is_counted_by_whole_numbers_only(factor):
    with pytest.raises(TypeError):
        CAD("1.00") * factor


def test_comparison():
    assert CAD("-1.00") < ZERO < CAD("0.01") <= CAD("0.01") < CAD("1")
    assert CAD("1.00") != "1.00"
    assert CAD("1.00") != 100
    assert max(CAD("2.00"), CAD("10.00")) == CAD("10.00")
    with pytest.raises(TypeError):
        assert CAD("1.00") < 2


def test_equal_amounts_are_one_key():
    assert {CAD("1"), CAD("1.0"), CAD("1.00")} == {CAD("1.00")}


def test_only_nothing_is_false():
    assert not ZERO
    assert CAD("-0.01")


def test_an_amount_cannot_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        CAD("1.00").cents = 5


def test_an_amount_survives_copying_and_pickling():
    amount = CAD("284.52")
    assert copy.deepcopy(amount) == amount
    assert pickle.loads(pickle.dumps(amount)) == amount


def test_a_total_of_nothing_is_zero():
    assert total([]) == CAD("0.00")
    assert total([CAD("1.10"), CAD("2.20")]) == CAD("3.30")


@pytest.mark.parametrize(
    ("amount", "rate", "expected"),
    [("160.49", "0.09975", "16.01"), ("0.10", "0.05", "0.01"), ("-0.10", "0.05", "-0.01"), ("100.00", "0", "0.00")],
)
def test_a_rate_rounds_half_a_cent_away_from_zero(amount, rate, expected):
    assert CAD(amount).times(Decimal(rate)) == CAD(expected)


def test_a_rate_is_never_a_float():
    with pytest.raises(TypeError):
        CAD("1.00").times(0.05)


@pytest.mark.parametrize("cents", [1.0, "1", True, None])
def test_cents_are_whole(cents):
    with pytest.raises(TypeError):
        CAD.of_cents(cents)
