"""Words as they sound: different spellings of one word meet, different words stay apart."""

import pytest

from bot.sounds import sound, sounds
from bot.text import fold


@pytest.mark.parametrize(
    "spellings",
    [
        ("quand", "kan", "quan", "kand"),
        ("dois", "doi", "doit"),
        ("payer", "payé", "payez", "paye"),
        ("facture", "factur", "facturre", "factures"),
        ("paiement", "paiment", "paiements"),
        ("balance", "ballance"),
        ("account", "acount", "accounts"),
        ("beaucoup", "bocoup", "baucoup"),
        ("électronique", "electronik", "electronic"),
        ("j'ai", "jai", "jé"),
    ],
)
def test_spellings_of_one_word_sound_alike(spellings):
    heard = {sounds(fold(word))[0] for word in spellings}
    assert len(heard) == 1, heard


@pytest.mark.parametrize(
    ("one", "other"),
    [("facture", "fracture"), ("modem", "mode"), ("plan", "plein"), ("bill", "ball"), ("courriel", "courrier")],
)
def test_other_words_sound_otherwise(one, other):
    assert sound(one) != sound(other)


@pytest.mark.parametrize("word", ["e", "et", "s", "x", "est", "?", "d"])
def test_a_word_of_silent_letters_only_stays_a_word(word):
    assert sound(word)


def test_words_are_heard_one_by_one_and_two_by_two():
    assert sounds(fold("Mon solde?")) == [
        sound("mon"),
        sound("solde"),
        "?",
        f"{sound('mon')}_{sound('solde')}",
        f"{sound('solde')}_?",
    ]


def test_a_message_without_words_is_heard_as_nothing():
    assert sounds("…") == []
