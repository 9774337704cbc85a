"""Typography always gives way, accents only where that saves a part; nothing else of a text changes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.sms_alphabet import GSM, alphabet_of, measure
from gateway.sms_fold import fold
from tests.unit.gateway.sms_samples import EMOJI, texts

NB, NARROW = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("l’été, d‘un", "l'été, d'un"),
        (f"«{NB}oui{NB}»", '"oui"'),
        ("«oui»", '"oui"'),
        ("“yes”", '"yes"'),
        ("attendez…", "attendez..."),
        (f"1{NARROW}250,00{NB}$", "1 250,00 $"),
        ("8 h – 20 h — HE", "8 h - 20 h - HE"),
        ("Menu → Factures", "Menu -> Factures"),
        ("2 × 3 ÷ 4 ± 1", "2 x 3 / 4 +/- 1"),
        ("• un\n• deux", "- un\n- deux"),
        ("1\u20442 ½ x² 1ᵉʳ", "1/2 1/2 x2 1er"),
        ("n°5, N° 6", "no 5, No 6"),
        ("Virement Interac®, ™", "Virement Interac, TM"),
        ("ＦＵＬＬ", "FULL"),
        ("zero\u200bwidth\ufeff\u00ad", "zerowidth"),
        ("a\r\nb\tc\x07", "a\nb c"),
        ("e\u0301te\u0301", "été"),
        ("100 €", "100 €"),
        ("20 °C", "20 C"),
    ],
)
def test_typography_is_folded_whatever_it_saves(text, folded):
    assert fold(text, accents=False) == fold(text, accents=True) == folded
    assert alphabet_of(folded) == GSM


def test_accents_stay_where_folding_them_saves_nothing():
    short = "Français, être, cœur, À l’île"
    assert fold(short, accents=True) == "Français, être, cœur, À l'île"


def test_accents_give_way_where_that_saves_a_part_and_may():
    text = "Vous êtes déjà en file, à la 3e place. À bientôt, cœur naïf, garçon, ÊTRE, Çà et là : août."
    assert measure(fold(text, accents=False)).parts == 2
    assert fold(text, accents=False) == text
    folded = fold(text, accents=True)
    assert folded == "Vous etes déjà en file, à la 3e place. A bientot, coeur naif, garcon, ETRE, Çà et là : aout."
    assert measure(folded).parts == 1


def test_accents_stay_beside_an_emoji_which_folding_cannot_save():
    text = "Être ou ne pas être 😀 " * 6
    assert fold(text, accents=True) == text


@pytest.mark.parametrize("emoji", EMOJI)
def test_an_emoji_is_no_typography(emoji):
    assert fold(emoji, accents=True) == emoji


def test_many_texts_cost_no_more_folded_and_are_folded_once():
    for text in texts(3_000, seed=7):
        plain, cheap = fold(text, accents=False), fold(text, accents=True)
        assert measure(cheap).parts <= measure(plain).parts
        assert fold(cheap, accents=True) == cheap
        assert fold(plain, accents=False) == plain
        assert not {"’", "«", "»", "…", NB, NARROW, "–", "“", "•"} & set(cheap)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200), st.booleans())
def test_any_text_is_folded_once(text, accents):
    assert fold(fold(text, accents), accents) == fold(text, accents)
