"""Sales taxes by province, and totals that fall apart into a price and its taxes without losing a cent."""

from decimal import Decimal

import pytest

from billing.money import CAD, total
from billing.tax import shares, split_total, tax_amounts, taxes


@pytest.mark.parametrize(
    ("postal_code", "expected"),
    [
        ("H2X 1Y4", [("gst", "5"), ("qst", "9.975")]),
        ("G1R 4P5", [("gst", "5"), ("qst", "9.975")]),
        ("J8X 2K1", [("gst", "5"), ("qst", "9.975")]),
        ("K7L 3N6", [("hst", "13")]),
        ("M5V 2T6", [("hst", "13")]),
        ("P3E 5J1", [("hst", "13")]),
        ("E1C 4Z6", [("hst", "15")]),
        ("A1C 5M2", [("hst", "15")]),
        ("C1A 7N8", [("hst", "15")]),
        ("B3J 1S9", [("hst", "14")]),
        ("R3C 4T3", [("gst", "5"), ("pst", "7")]),
        ("S4P 3Y2", [("gst", "5"), ("pst", "6")]),
        ("V6B 1A1", [("gst", "5"), ("pst", "7")]),
        ("T5J 2R7", [("gst", "5")]),
        ("X1A 2P8", [("gst", "5")]),
        ("Y1A 1A1", [("gst", "5")]),
        ("D0D 0D0", [("gst", "5")]),
    ],
)
def test_taxes_follow_the_province_of_the_postal_code(postal_code, expected):
    assert [(tax.code, str(tax.percent)) for tax in taxes("CA", postal_code)] == expected


def test_no_canadian_tax_outside_canada():
    assert taxes("US", "12534") == ()
    assert split_total(CAD("3650.00"), ()) == (CAD("3650.00"), ())


@pytest.mark.parametrize("postal_code", ["H2X1Y4", "M5V2T6", "R3C4T3", "T5J2R7", "E1C4Z6"])
def test_price_and_taxes_make_exactly_the_total_and_no_tax_is_more_than_a_cent_off(postal_code):
    charged = taxes("CA", postal_code)
    for cents in [*range(0, 3000), 18452, 39875, 912004, 365000]:
        amount = CAD.of_cents(cents)
        price, amounts = split_total(amount, charged)
        assert price + total(amounts) == amount
        for due, asked in zip(tax_amounts(price, charged), amounts, strict=True):
            assert abs(due - asked) <= CAD("0.01")


def test_a_quebec_bill_is_taxed_as_revenu_quebec_does():
    price, (gst, qst) = split_total(CAD("184.52"), taxes("CA", "H2X 1Y4"))
    assert (price, gst, qst) == (CAD("160.49"), CAD("8.02"), CAD("16.01"))
    assert qst == price.times(Decimal("0.09975"))  # on the price, not on the price and the GST


@pytest.mark.parametrize("cents", [0, 1, 2, 99, 100, 16049])
def test_shares_lose_no_cent(cents):
    parts = shares(CAD.of_cents(cents), (58, 27, 15))
    assert len(parts) == 3
    assert total(parts) == CAD.of_cents(cents)


def test_no_weights_give_no_shares():
    assert shares(CAD("1.00"), ()) == ()
