"""Parts stopped one by one: an answer in the right language within 8 s, the message kept, and service again when it is back."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import pytest

from tests.stack import Stack

pytestmark = pytest.mark.stack

QUESTION = {
    "fr": "quelles sont les modalités à lire avant de m'inscrire?",
    "en": "do we have to accept the terms and conditions before signing up?",
}
BALANCE = {"fr": "c'est quoi mon solde", "en": "what do I owe"}
SORRY = {"fr": ("en ce moment", "Réessayez"), "en": ("right now", "ry again")}


@contextlib.contextmanager
def without(stack: Stack, name: str, how: str) -> Iterator[None]:
    """One process is killed or hangs; after the block it is back and all serve again."""
    getattr(stack, {"killed": "kill", "frozen": "freeze"}[how])(name)
    try:
        yield
    finally:
        getattr(stack, {"killed": "start_one", "frozen": "thaw"}[how])(name)
        stack.wait_ready()


def in_words(text: str, language: str) -> bool:
    return all(words in text for words in SORRY[language])


@pytest.mark.parametrize("how", ["killed", "frozen"])
def test_the_assistant_stops_and_comes_back(stack: Stack, how: str, language: str) -> None:
    talk = stack.talk("primus", language)
    if (how, language) == ("killed", "en"):
        pytest.skip("one restart of Rasa is enough; frozen runs in both languages")
    with without(stack, "assistant", how):
        started = time.monotonic()
        talk.say(QUESTION[language])
        assert time.monotonic() - started < 8
        assert in_words(talk.text, language), talk.text
    assert talk.transcript()[0]["text"] == QUESTION[language]
    assert talk.say(QUESTION[language])["replies"][0]["article"] == "primus/before-registering"


@pytest.mark.parametrize("how", ["killed", "frozen"])
def test_the_action_server_stops_and_comes_back(stack: Stack, how: str, language: str) -> None:
    talk = stack.talk("primus", language)
    with without(stack, "actions", how):
        started = time.monotonic()
        talk.say(QUESTION[language])
        assert time.monotonic() - started < 8
        assert in_words(talk.text, language), talk.text
    assert talk.transcript()[0]["text"] == QUESTION[language]
    assert talk.say(QUESTION[language])["replies"][0]["article"] == "primus/before-registering"


@pytest.mark.parametrize("how", ["killed", "frozen"])
def test_billing_stops_and_comes_back(stack: Stack, how: str, language: str) -> None:
    talk = stack.talk("primus", language)
    talk.say(BALANCE[language])
    talk.say("1002003777")  # an account of nobody: codes are counted by account, and no other test may miss them
    with without(stack, "billing", how):
        started = time.monotonic()
        talk.say("J8X 2K1")
        assert time.monotonic() - started < 8
        assert {"fr": "Rien n’a été changé", "en": "Nothing was changed"}[language] in talk.text
    assert "J8X 2K1" in [line["text"] for line in talk.transcript()]
    talk.say(BALANCE[language])
    assert "1002003001" in talk.text, "the way starts again"


def test_the_gateway_is_killed_and_nothing_it_acknowledged_is_lost(stack: Stack) -> None:
    talk = stack.talk("wrs", "en")
    talk.say("hello")
    stack.kill("gateway")
    stack.start_one("gateway")
    stack.wait_ready()
    assert [line["author"] for line in talk.transcript()] == ["customer", "assistant"]
    assert talk.say("do I need a modem?")["replies"][0]["article"] == "wrs/need-modem"
