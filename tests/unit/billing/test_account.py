"""How account numbers and postal codes compare."""

import pytest

from billing.account import normal_account_number, normal_postal_code, province


@pytest.mark.parametrize(
    "typed", ["1002003001", "1002 003 001", "1002-003-001", " 1002.003.001 ", "１００２００３００１"]
)
def test_an_account_number_is_its_digits(typed):
    assert normal_account_number(typed) == "1002003001"


def test_leading_zeros_belong_to_an_account_number():
    assert normal_account_number("00 1234 5678") == "0012345678"


@pytest.mark.parametrize("typed", ["H2X 1Y4", "h2x1y4", "H2X-1Y4", " h2x  1y4 ", "H2X\u00a01Y4"])
def test_a_postal_code_is_compared_without_blanks_dashes_and_case(typed):
    assert normal_postal_code(typed) == "H2X1Y4"


@pytest.mark.parametrize("typed", ["12534", "12534-0042", "12534 0042"])
def test_a_us_zip_code_is_its_five_digits(typed):
    assert normal_postal_code(typed) == "12534"


def test_text_without_letters_or_digits_is_nothing():
    assert normal_account_number("- .\x00é") == ""
    assert normal_postal_code("") == ""


@pytest.mark.parametrize(
    ("country", "code", "expected"),
    [
        ("CA", "h2x 1y4", "QC"),
        ("CA", "M5V 2T6", "ON"),
        ("CA", "", None),
        ("CA", "D1A 1A1", None),
        ("US", "12534", None),
    ],
)
def test_the_first_letter_tells_the_province(country, code, expected):
    assert province(country, code) == expected
