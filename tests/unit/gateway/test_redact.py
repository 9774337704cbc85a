"""Card numbers are masked, however they are typed; other numbers are left as they are."""

import time

import pytest

from gateway.redact import mask_cards, mask_split, passes_luhn

# Numbers that the networks publish for tests.
CARDS = [
    "4111111111111111",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "6011111111111117",
    "30569309025904",
    "4222222222222",
]


@pytest.mark.parametrize("card", CARDS)
def test_a_card_of_each_network_is_masked_to_its_last_four_digits(card):
    assert mask_cards(card) == f"•••• {card[-4:]}"
    assert mask_cards(f"ma carte est {card}, merci") == f"ma carte est •••• {card[-4:]}, merci"


@pytest.mark.parametrize(
    "typed",
    [
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111.1111.1111.1111",
        "4111  1111  1111  1111",
        "4111 - 1111 - 1111 - 1111",
        "4111\u00a01111\u00a01111\u00a01111",
        "4111\u202f1111\u202f1111\u202f1111",
        "4111–1111–1111–1111",
        "41 1111 1111 1111 11",
        "4111\n1111\n1111\n1111",
    ],
)
def test_separators_hide_no_card(typed):
    assert mask_cards(f"voici: {typed}.") == "voici: •••• 1111."


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4111 1111 1111 1111 12/27", "•••• 1111 12/27"),
        ("4111111111111111 12/27 123", "•••• 1111 12/27 123"),
        ("4111 1111 1111 1111 123", "•••• 1111 123"),
        ("12/27 4111 1111 1111 1111", "12/27 •••• 1111"),
        ("visa-4111111111111111", "visa-•••• 1111"),
        ("mon compte 1002003001 et 4111111111111111", "mon compte 1002003001 et •••• 1111"),
        ("4111111111111111 5555555555554444", "•••• 1111 •••• 4444"),
        ("4111111111111111, ou 378282246310005", "•••• 1111, ou •••• 0005"),
    ],
)
def test_what_stands_beside_a_card_does_not_save_it(text, masked):
    assert mask_cards(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4111 1111 1111 1112",  # the check digit is wrong
        "1002003001",
        "compte 0012345678, H3B 2Y5",
        "514 555-0101 1002003001",
        "514 555-0123 ou 1 888 576-4899",
        "R-4821937",
        "9111111111111111",  # no card begins with 9
        "411111111111",  # twelve digits
        "41111111111111110000",  # twenty
        "284,52 $ le 2026-11-21 à 10:30",
    ],
)
def test_other_numbers_are_left_as_they_are(text):
    assert mask_cards(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4111111111111111 exp 12/27 cvv 123", "•••• 1111 exp ••• cvv •••"),
        ("carte 4111 1111 1111 1111, code de sécurité: 1234", "carte •••• 1111, code de sécurité: •••"),
        ("4111 1111 1111 1111 CVC 987", "•••• 1111 CVC •••"),
    ],
)
def test_the_security_code_beside_a_card_is_not_kept_either(text, masked):
    assert mask_cards(text) == masked


def test_a_code_without_a_card_is_left_as_it_is():
    assert mask_cards("mon code de sécurité 123456 ne marche pas") == "mon code de sécurité 123456 ne marche pas"


def test_masking_twice_changes_nothing_more():
    once = mask_cards("4111 1111 1111 1111 12/27")
    assert mask_cards(once) == once


@pytest.mark.parametrize(
    ("digits", "right"), [("4111111111111111", True), ("4111111111111112", False), ("79927398713", True), ("0", True)]
)
def test_the_check_digit(digits, right):
    assert passes_luhn(digits) is right


@pytest.mark.parametrize(
    "text", ["1 " * 2000, "4" * 4000, "41 " * 1333, "4111 " * 800, "4 1 1 " * 660, "4111111111111111 " * 235]
)
def test_the_longest_message_of_digits_holds_nobody_up(text):
    started = time.perf_counter()
    mask_cards(text)
    assert time.perf_counter() - started < 2


def test_a_card_is_found_among_many_digits():
    text = "1 " * 900 + "4111 1111 1111 1111" + " 1" * 900
    assert "4111" not in mask_cards(text)


@pytest.mark.parametrize(
    ("before", "after", "masked"),
    [
        ("voici ma carte 5105 1051", "0510 5100 exp 11/28", ("voici ma carte ••••", "•••• •••• exp •••")),
        ("4111", "1111-1111-1111", ("••••", "•••• ••••")),
        ("4111 1111 1111", "1111, merci", ("••••", "•••• ••••, merci")),
        ("41111111", "11111111", ("••••", "•••• ••••")),
        ("\uff14\uff11\uff11\uff11 \uff11\uff11\uff11\uff11.", "1111 1111", ("••••", "•••• ••••")),
        ("amex 3782 822463", "10005", ("amex ••••", "•••• ••••")),
        ("le 12 4111 1111", "1111 1111", ("le 12 ••••", "•••• ••••")),
    ],
)
def test_a_card_number_over_two_messages_is_masked_in_both(before, after, masked):
    assert mask_split(before, after) == masked


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("514 555 0123", "482193"),
        ("50010001", "612345"),
        ("bonjour", "4111 1111"),
        ("4111 1111", "bonjour"),
        ("4111 1111", "1111 1112"),
        ("1002003001", "123456"),
        ("", ""),
        ("41111111", ""),
    ],
)
def test_other_numbers_one_after_the_other_are_left(before, after):
    assert mask_split(before, after) is None
