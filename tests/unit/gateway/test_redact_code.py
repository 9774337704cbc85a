"""One-time codes are masked: any six digits where one was asked for, and the one that was sent wherever it stands."""

import pytest

from actions.form_fields import CODE_MARK as MARK_OF_THE_ACTIONS
from gateway.redact import CARD_MARK, CODE_MARK, PIN_MARK, mask_cards, mask_codes, mask_pin


def any_code(_):
    return True


def sent(digits):
    return digits == "654321"


@pytest.mark.parametrize(
    ("text", "masked", "code"),
    [
        ("123456", CODE_MARK, "123456"),
        ("123 456", CODE_MARK, "123456"),
        ("123-456", CODE_MARK, "123456"),
        ("123\u202f456", CODE_MARK, "123456"),
        ("1 2 3 4 5 6", CODE_MARK, "123456"),
        ("\uff11\uff12\uff13\uff14\uff15\uff16", CODE_MARK, "123456"),
        ("le code est 012345.", f"le code est {CODE_MARK}.", "012345"),
        ("the code I got is 123456, sent at 10:30", f"the code I got is {CODE_MARK}, sent at 10:30", "123456"),
        ("12 654321", f"12 {CODE_MARK}", "654321"),
        ("123456 non, 654321", f"{CODE_MARK} non, {CODE_MARK}", "123456"),
    ],
)
def test_six_digits_are_a_code_where_one_was_asked_for(text, masked, code):
    assert mask_codes(text, any_code) == (masked, code)


@pytest.mark.parametrize(
    "text", ["12345", "1234567", "514 555-0123", "1002003001", "je l'ai pas reçu", "abcdef", "", "2026-11-30"]
)
def test_other_numbers_are_left(text):
    assert mask_codes(text, any_code) == (text, None)


def test_unasked_only_the_one_that_was_sent_is_one():
    assert mask_codes("mon code est 654 321", sent) == (f"mon code est {CODE_MARK}", "654321")
    assert mask_codes("erreur 482193", sent) == ("erreur 482193", None)


def test_the_marks_are_told_apart_and_known_to_the_actions():
    assert CODE_MARK == MARK_OF_THE_ACTIONS
    assert CARD_MARK not in CODE_MARK
    assert PIN_MARK not in CODE_MARK
    assert mask_pin(CODE_MARK, asked=True) == (CODE_MARK, None)
    assert mask_cards(CODE_MARK) == CODE_MARK
