"""Problems and bill lines are worded in both languages, and the caller gets the one it prefers."""

import re
from string import Formatter

import pytest

from billing.bill_lines import read_bill_line_words
from billing.problems import Problem, preferred_language, read_problem_words

WORDS = read_problem_words()


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CA", "fr"),
        ("FR-ca,en;q=0.8", "fr"),
        ("en-CA,fr;q=0.8", "en"),
        ("en;q=0.2, fr;q=0.9", "fr"),
        ("de, fr;q=0.1", "fr"),
        ("de", "en"),
        ("*", "en"),
        ("fr;q=0", "en"),
        ("fr;q=abc", "en"),
        (",,;;==", "en"),
    ],
)
def test_the_language_is_the_one_the_caller_weighs_most(header, language):
    assert preferred_language(header) == language


def placeholders(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("slug", WORDS.entries)
def test_each_problem_is_worded_in_both_languages_with_the_same_placeholders(slug):
    entry = WORDS.entries[slug]
    assert set(entry) == {"status", "title", "detail"}
    assert set(entry["title"]) == set(entry["detail"]) == {"fr", "en"}
    assert entry["title"]["fr"] != entry["title"]["en"]
    assert entry["detail"]["fr"] != entry["detail"]["en"]
    assert placeholders(entry["detail"]["fr"]) == placeholders(entry["detail"]["en"])


@pytest.mark.parametrize("text", [text for entry in WORDS.entries.values() for text in (entry["detail"]["fr"],)])
def test_french_typography_has_its_no_break_spaces(text):
    assert not re.search(r" [:%»]|« |[^\u00a0][:%»]", text)


def test_a_document_is_filled_in_and_carries_the_members():
    problem = Problem("invalid-field", values={"field": "limit"}, members={"field": "limit"})
    document = WORDS.document(problem, "fr")
    assert document == {
        "type": "urn:billing:problem:invalid-field",
        "title": "Valeur non valide",
        "status": 422,
        "detail": "Le champ «\u00a0limit\u00a0» est absent, inconnu ou n'a pas la forme attendue.",
        "field": "limit",
    }


def test_bill_lines_are_worded_in_both_languages():
    words = read_bill_line_words()
    for entry in [*(line for lines in words.services.values() for line in lines), *words.taxes.values()]:
        assert entry["fr"] != entry["en"]
        assert placeholders(entry["fr"]) == placeholders(entry["en"])
