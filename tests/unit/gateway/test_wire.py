"""What a channel lets in, and how a line of the transcript looks from outside."""

import datetime

import pytest

from gateway.channels.wire import checked_message_id, checked_text, line_of, reply_of
from gateway.models import Message
from gateway.web import Problem


@pytest.mark.parametrize(
    "text", ["a", "bonjour", "deux\nlignes\tet un tab", "👩‍👧‍👦 🇨🇦", "e\u0301", "مرحبا", "a\u200bb", "x" * 4000]
)
def test_text_is_text(text):
    assert checked_text(text, 4000, "fr") == text


def test_blanks_around_a_text_are_taken_off():
    assert checked_text(" \n\u00a0bonjour \t\r\n", 4000, "fr") == "bonjour"


@pytest.mark.parametrize(
    "value", [None, "", "   ", "\n\t\r", "\u00a0", 5, 1.5, True, [], ["bonjour"], {"text": "bonjour"}, b"bonjour"]
)
def test_no_text_is_an_empty_message(value):
    with pytest.raises(Problem) as refused:
        checked_text(value, 4000, "en")
    assert (refused.value.name, refused.value.status, refused.value.language) == ("empty_message", 422, "en")


def test_a_text_that_is_too_long_is_refused_with_the_limit_and_not_cut():
    with pytest.raises(Problem) as refused:
        checked_text("x" * 4001, 4000, "fr")
    assert (refused.value.name, refused.value.status) == ("long_message", 413)
    assert refused.value.values == {"characters": 4000}


@pytest.mark.parametrize("text", ["a\x00b", "a\x07", "\x1b[31mred", "a\ud800b", "\udfffab", "a\x7f", "a\x9bb"])
def test_control_characters_and_halves_of_characters_are_no_text(text):
    with pytest.raises(Problem) as refused:
        checked_text(text, 4000, "fr")
    assert (refused.value.name, refused.value.status) == ("binary_message", 422)


@pytest.mark.parametrize("value", ["m", "x" * 128, "a b", "é-1", "{1}"])
def test_a_message_id_is_a_short_text(value):
    assert checked_message_id(value, "fr") == value


@pytest.mark.parametrize("value", [None, "", "x" * 129, 5, ["m"], {"id": 1}, "a\nb", "a\x00", "\ud800"])
def test_anything_else_is_no_message_id(value):
    with pytest.raises(Problem) as refused:
        checked_message_id(value, "en")
    assert (refused.value.name, refused.value.status, refused.value.language) == ("bad_message_id", 422, "en")


def line(**changes):
    at = datetime.datetime(2026, 11, 23, 14, 5, tzinfo=datetime.UTC)
    values = {"id": 7, "conversation": "c", "sequence": 3, "author": "assistant", "text": "Bonjour", "payload": {}}
    return Message(**{**values, "language": "fr", "at": at, **changes})


@pytest.mark.parametrize("offers", [{}, {"offers": "continue_by_text"}])
def test_a_reply_says_no_more_than_the_public_document(offers):
    payload = {
        "article": "primus/user-limit",
        "title": "T",
        "buttons": [{"title": "Oui", "reply": "oui"}],
        "attachments": [],
        **offers,
    }
    assert reply_of(line(payload=payload)) == {"id": "7", "text": "Bonjour", **payload}


def test_a_reply_with_nothing_beside_its_text_is_complete_all_the_same():
    assert reply_of(line()) == {
        "id": "7",
        "text": "Bonjour",
        "article": None,
        "title": None,
        "buttons": [],
        "attachments": [],
    }


def test_a_notice_that_is_not_stored_has_no_id():
    assert reply_of(line(id=None))["id"] is None


def test_a_line_says_who_and_when_and_carries_its_number():
    body = line_of(line(author="customer", message_id="m1", language=None))
    assert (body["sequence"], body["author"], body["message_id"], body["language"]) == (3, "customer", "m1", None)
    assert body["at"] == "2026-11-23T14:05:00+00:00"
