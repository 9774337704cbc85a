"""Names as people write them, one of several people, and what is said to the terms."""

import types

import pytest

from actions import profile_fields

PEOPLE = ("Amélie Laurier", "Luc Roy", "Nadia Haddad", "Paul Roy", "Jean de la Tour")


def turn(text):
    return types.SimpleNamespace(text=text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Amélie Laurier", "Amélie Laurier"),
        ("amelie laurier", "amelie laurier"),
        ("Je m’appelle Jean-François O’Brien.", "Jean-François O'Brien"),
        ("my name is J. P. Côté", "J. P. Côté"),
        ("c'est Nguyễn Thị Hạnh", "Nguyễn Thị Hạnh"),
        ("Jean de la Tour", "Jean de la Tour"),
        ("Omar Ali", "Omar Ali"),
    ],
)
def test_a_first_and_a_last_name_are_read(text, name):
    assert profile_fields.full_name(turn(text)) == name


@pytest.mark.parametrize(
    "text",
    [
        "Amélie",
        "c'est quoi mon solde",
        "what is that",
        "514 555-0123",
        "annuler svp",
        "pourquoi?",
        "a@b.ca",
        "x" * 300,
        "",
    ],
)
def test_what_is_no_name_is_not_read(text):
    assert profile_fields.full_name(turn(text)) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("retirez AMELIE laurier svp", "Amélie Laurier"),
        ("c'est Luc", "Luc Roy"),
        ("Haddad", "Nadia Haddad"),
        ("M. Roy", None),
        ("Paul Roy", "Paul Roy"),
        ("Luc et Nadia", None),
        ("enlevez quelqu'un de la liste", None),
        ("", None),
    ],
)
def test_a_person_is_named_by_the_whole_name_or_by_a_part_that_only_one_has(text, name):
    assert profile_fields.person_named(text, PEOPLE) == name


@pytest.mark.parametrize(
    ("text", "said", "answer"),
    [
        ("oui", "yes", "yes"),
        ("non", "no", "no"),
        ("J’accepte", None, "yes"),
        ("I agree", None, "yes"),
        ("je n’accepte pas", None, "no"),
        ("I don't accept them", "yes", "no"),
        ("qu'est-ce que j'accepte?", None, None),
        ("hmm", None, None),
    ],
)
def test_the_terms_are_accepted_or_not_in_words(text, said, answer):
    assert profile_fields.terms(turn(text), said) == answer
