"""An answer to numbered choices: by number, letter or words; anything else goes on to the assistant."""

import pytest

from gateway.sms_choices import choice_of

METHODS = [
    {"title": "Virement Interac", "reply": "virement"},
    {"title": "Chèque", "reply": "cheque"},
    {"title": "Je ne sais pas", "reply": "inconnu"},
]
YES_NO = [{"title": "Yes", "reply": "yes"}, {"title": "No", "reply": "no"}]
OUI_NON = [{"title": "Oui", "reply": "oui"}, {"title": "Non", "reply": "non"}]


@pytest.mark.parametrize(
    "text",
    [
        "2",
        "2.",
        "(2)",
        "#2",
        " 2) ",
        "[2]",
        "no 2",
        "n° 2",
        "No. 2",
        "Option 2",
        "choix 2",
        "２",
        "2️⃣",
        "02",
        "2!",
        "B",
        "b.",
        "(b)",
    ],
)
def test_the_second_is_taken_by_its_number_or_letter(text):
    assert choice_of(text, METHODS) == "cheque"


@pytest.mark.parametrize("text", ["Chèque", "cheque", "CHEQUE.", "  chèque !", "che\u0300que"])
def test_a_choice_is_taken_by_its_words(text):
    assert choice_of(text, METHODS) == "cheque"


def test_words_of_several_are_compared_without_what_stands_between():
    assert choice_of("je ne sais  pas!", METHODS) == "inconnu"


@pytest.mark.parametrize(
    "text",
    ["4", "0", "22", "d", "2 3", "1002003001", "514 555-0101", "interac ou chèque", "2 mois", "-", "", "?", "👍"],
)
def test_what_names_no_choice_is_left_to_the_assistant(text):
    assert choice_of(text, METHODS) is None


@pytest.mark.parametrize(("text", "reply"), [("y", "yes"), ("N", "no"), ("1", "yes"), ("o", None)])
def test_yes_and_no_are_shortened(text, reply):
    assert choice_of(text, YES_NO) == reply


@pytest.mark.parametrize(("text", "reply"), [("o", "oui"), ("N.", "non"), ("2", "non"), ("y", None)])
def test_oui_and_non_are_shortened(text, reply):
    assert choice_of(text, OUI_NON) == reply


def test_without_choices_nothing_is_taken():
    assert choice_of("1", []) is None


def test_a_title_that_is_a_number_is_taken_before_the_place():
    months = [{"title": "2", "reply": "two"}, {"title": "1", "reply": "one"}]
    assert choice_of("1", months) == "one"
