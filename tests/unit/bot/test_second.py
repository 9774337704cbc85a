"""Two requests in one message, with a ranking that knows a few words."""

import pytest

from bot.second import second_request

WORDS = {
    "solde": "do/check_balance",
    "balance": "do/check_balance",
    "payer": "do/pay_bill",
    "pay": "do/pay_bill",
    "courriel": "do/change_ebill_email",
    "e-mail": "do/change_ebill_email",
    "panne": "do/open_request",
    "down": "do/open_request",
    "merci": "do/thank",
}


def rank(text):
    found = next((outcome for word, outcome in WORDS.items() if word in text.split()), None)
    return [(found or "do/out_of_scope", 0.99 if found else 0.4), ("do/help", 0.01)]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("payer ma facture et changer mon courriel", "do/pay_bill", "do/change_ebill_email"),
        ("payer ma facture et changer mon courriel", "do/change_ebill_email", "do/pay_bill"),
        ("pay my bill and also tell my balance", "do/pay_bill", "do/check_balance"),
        ("je veux payer ma facture, puis voir mon solde", "do/pay_bill", "do/check_balance"),
        ("Pay my bill. What is my balance", "do/pay_bill", "do/check_balance"),
    ],
)
def test_the_other_of_two_requests_is_found_whichever_was_understood(text, first, second):
    assert second_request(text, first, rank) == second


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("payer ma facture", "do/pay_bill"),
        ("payer ma facture et payer mon compte", "do/pay_bill"),
        ("payer ma facture et merci beaucoup", "do/pay_bill"),
        ("ma ligne est en panne et j'ai dû payer deux fois", "do/open_request"),
        ("payer ma facture et autre chose encore", "do/pay_bill"),
        ("payer et voir mon solde", "do/check_balance"),
        ("payer ma facture et voir mon solde", "primus/pay-online"),
        ("payer ma facture et voir mon solde", "do/change_ebill_email"),
        ("payer ma facture " + "vraiment " * 30 + "et voir mon solde", "do/pay_bill"),
        ("", "do/pay_bill"),
    ],
)
def test_one_request_stays_one(text, first):
    assert second_request(text, first, rank) is None
