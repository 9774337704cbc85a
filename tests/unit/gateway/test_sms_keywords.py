"""Whole messages that order something of the channel, whatever they look like; and requests that only sound like it."""

import unicodedata
from pathlib import Path

import pytest

from gateway.sms_alphabet import GSM, measure
from gateway.sms_keywords import ANSWERS, HELP, MORE, START, STOP, Keyword, answer_to, keyword_in
from knowledge import read_brand

KNOWLEDGE = Path(__file__).resolve().parents[3] / "knowledge_base"
KNOWN = {path.parent.name: read_brand(path.parent) for path in sorted(KNOWLEDGE.glob("*/brand.yml"))}
BRANDS = sorted(KNOWN)
PRIMUS = KNOWN["primus"]
KEYWORDS = [
    (brand, group, language, word)
    for brand in BRANDS
    for group in KNOWN[brand].sms.keywords
    for language, words in group.words.items()
    for word in words
]
# As people type them on a phone: case, accents, what stands around, and blanks.
VARIANTS = {
    "as it is": str,
    "small": str.lower,
    "a sentence": lambda word: f"{word.capitalize()}.",
    "without accents": lambda word: unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode(),
    "shouted between blanks": lambda word: f" \n{word.upper()} !!! ",
    "quoted, with accents of their own": lambda word: f"«\u00a0{unicodedata.normalize('NFD', word.title())}\u00a0»",
    "with an emoji": lambda word: f"{word} 🛑",
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(
    ("brand", "group", "language", "word"), KEYWORDS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_keyword_counts_however_it_is_typed(brand, group, language, word, variant):
    expected = Keyword(group.does, None if language == "any" else language)
    assert keyword_in(VARIANTS[variant](word), KNOWN[brand], state=group.needs) == expected


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize(
    ("word", "does", "language"),
    [
        ("STOP", STOP, "en"),
        ("STOPALL", STOP, "en"),
        ("UNSUBSCRIBE", STOP, "en"),
        ("QUIT", STOP, "en"),
        ("ARRET", STOP, "fr"),
        ("ARRÊT", STOP, "fr"),
        ("DESABONNER", STOP, "fr"),
        ("DÉSABONNEMENT", STOP, "fr"),
        ("START", START, "en"),
        ("UNSTOP", START, "en"),
        ("DEBUT", START, "fr"),
        ("DÉBUT", START, "fr"),
        ("HELP", HELP, "en"),
        ("INFO", HELP, None),
        ("AIDE", HELP, "fr"),
    ],
)
def test_what_the_carriers_ask_for_counts_at_any_time(brand, word, does, language):
    for state in (set(), {"asked"}, {"stopped"}, {"kept"}, {"asked", "kept", "stopped"}):
        assert keyword_in(word, KNOWN[brand], state=state) == Keyword(does, language)


@pytest.mark.parametrize(
    "text",
    [
        "je veux arrêter mon forfait",
        "arrêt de service",
        "arrêtez le paiement automatique",
        "stop automatic payment",
        "STOP je veux un agent",
        "please cancel my plan",
        "I need help with my bill",
        "besoin d'aide",
        "info facture",
        "c'est la fin du mois",
        "when does it start",
        "annuler",
        "non",
        "no",
        "",
        "?!",
        "🛑",
        "12",
    ],
)
def test_a_request_is_no_keyword(text):
    for state in (set(), {"asked"}, {"stopped", "kept"}):
        assert keyword_in(text, PRIMUS, state=state) is None


@pytest.mark.parametrize("word", ["CANCEL", "END", "FIN", "arrêtez"])
def test_a_word_that_leaves_a_form_stops_only_where_nothing_is_asked(word):
    assert keyword_in(word, PRIMUS, state={"asked"}) is None
    found = keyword_in(word, PRIMUS)
    assert found is not None
    assert found.does == STOP


@pytest.mark.parametrize("word", ["YES", "OUI"])
def test_yes_is_an_answer_but_after_stop(word):
    assert keyword_in(word, PRIMUS, state={"asked"}) is None
    assert keyword_in(word, PRIMUS) is None
    found = keyword_in(word, PRIMUS, state={"stopped"})
    assert found is not None
    assert found.does == START


@pytest.mark.parametrize("word", ["SUITE", "More", "plus", "next"])
def test_the_rest_is_asked_for_only_where_some_is_kept(word):
    assert keyword_in(word, PRIMUS) is None
    found = keyword_in(word, PRIMUS, state={"kept"})
    assert found is not None
    assert found.does == MORE


@pytest.mark.parametrize("brand", BRANDS)
def test_no_word_stands_twice(brand):
    """Else the first group would decide in silence."""
    folded = [
        "".join(c for c in unicodedata.normalize("NFKD", word).casefold() if c.isalnum())
        for name, _, _, word in KEYWORDS
        if name == brand
    ]
    assert len(folded) > 40
    assert sorted(folded) == sorted(set(folded))


@pytest.mark.parametrize("does", sorted(ANSWERS))
@pytest.mark.parametrize("brand", BRANDS)
def test_the_answer_to_a_keyword_is_one_part_and_says_who_and_how_on(brand, does, language):
    known = KNOWN[brand]
    text = answer_to(does, known, language)
    cost = measure(text)
    assert (cost.alphabet, cost.parts) == (GSM, 1)
    assert known.name in text
    assert (known.contact["phone"] or "") in text
    assert ("DEBUT" if language == "fr" else "START") in text or does != STOP
    assert ("ARRET" if language == "fr" else "STOP") in text or does == STOP
    assert "None" not in text
