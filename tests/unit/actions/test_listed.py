"""Which one of a list a short answer takes by its place."""

import pytest

from actions.listed import place


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("1", 0),
        ("#2", 1),
        ("la 2", 1),
        ("le numéro 3", 2),
        ("number two", 1),
        ("the second one", 1),
        ("la deuxième svp", 1),
        ("celle du mois passé", None),
        ("je voudrais la première", 0),
        ("the 3rd bill please", 2),
        ("one", 0),
        ("une", 0),
        ("4", None),
        ("les deux", None),
        ("both", None),
        ("1 et 2", None),
        ("oui", None),
        ("", None),
        ("2 minutes", None),
        ("P-88410", None),
    ],
)
def test_a_place_is_named_alone_and_within_the_list(text, index):
    assert place(text, 3) == index
