"""Whether two contacts are the same person's: what lets somebody see the state of a request."""

import pytest

from desk.requests import same_contact


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+15145550123", "514 555-0123"),
        ("(514) 555-0123", "1-514-555-0123"),
        ("Amelie@Laurier.example", " amelie@laurier.EXAMPLE "),
    ],
)
def test_the_same(one, other):
    assert same_contact(one, other)
    assert same_contact(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+15145550123", "+15145550124"),
        ("+15145550123", "555-0123"),
        ("0123", "0123"),  # too little to tell anybody apart
        ("", ""),
        ("amelie", "luc"),
        ("amelie@laurier.example", "amelie@laurier.example.org"),
        ("5145550123@laurier.example", "5145550123"),
    ],
)
def test_not_the_same(one, other):
    assert not same_contact(one, other)
    assert not same_contact(other, one)
