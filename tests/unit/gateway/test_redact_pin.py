"""PINs are masked: where the assistant asked for one, and wherever a message calls four digits so."""

import pytest

from gateway.redact import CARD_MARK, NO_PIN_MARK, PIN_MARK, mask_cards, mask_pin


@pytest.mark.parametrize(
    "typed",
    ["4821", "48 21", "4-8-2-1", "4 8 2 1", "4821.", "c'est 4821", "it is 4821, thanks", "\uff14\uff18\uff12\uff11"],
)
def test_a_short_number_is_a_pin_where_one_was_asked_for(typed):
    text, pin = mask_pin(typed, asked=True)
    assert pin == "4821"
    assert PIN_MARK in text
    assert not any(letter.isdigit() for letter in text)


@pytest.mark.parametrize("typed", ["482", "48211", "482110", "48 21 1"])
def test_a_mistyped_pin_is_masked_too_but_is_none(typed):
    assert mask_pin(typed, asked=True) == (NO_PIN_MARK, None)


@pytest.mark.parametrize(
    "text", ["SW-2290017", "0012345681", "514 555-0121", "3A01234567", "4821-22-7", "annuler", "12", "", "1 234,50 $"]
)
def test_other_numbers_are_left_where_a_pin_was_asked_for(text):
    assert mask_pin(text, asked=True) == (text, None)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mon NIP est 4821", f"mon NIP est {PIN_MARK}"),
        ("PIN: 4821, serial SW-2290017", f"PIN: {PIN_MARK}, serial SW-2290017"),
        ("my premier pin is 48 21", f"my premier pin is {PIN_MARK}"),
        ("le nip premier c'est le 4821.", f"le nip premier c'est le {PIN_MARK}."),
        ("4821 is my PIN", f"{PIN_MARK} is my PIN"),
        ("4821, c'est mon NIP", f"{PIN_MARK}, c'est mon NIP"),
    ],
)
def test_four_digits_that_are_called_a_pin_are_masked_unasked(text, masked):
    assert mask_pin(text, asked=False) == (masked, "4821")


@pytest.mark.parametrize(
    "text",
    [
        "4821",
        "mon code NIP est 482193",  # six digits: a one-time code that is called so
        "je dois 4821 $ depuis 2024",
        "spin 4821",
        "NIP oublié, compte 0012345678",
        "le pin de 12 345,67 $",
        "what is the PIN for? I called 514 555-0121",
    ],
)
def test_other_numbers_are_left_unasked(text):
    assert mask_pin(text, asked=False) == (text, None)


def test_the_mask_is_none_of_a_card_and_is_masked_no_further():
    text, _ = mask_pin("4821", asked=True)
    assert CARD_MARK not in f"{text} et plus"
    assert mask_cards(text) == text
    assert mask_pin(text, asked=True) == (text, None)
