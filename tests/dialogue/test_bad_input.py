"""Bad input over the public API: a clear error in the right language, and nothing lost or set."""

from __future__ import annotations

import pytest

from tests.stack import Stack

pytestmark = pytest.mark.stack


def path(talk_id: str) -> str:
    return f"/api/v1/conversations/{talk_id}/messages"


BODIES = [
    ({"text": "", "message_id": "m1"}, 422),
    ({"text": " \n\t ", "message_id": "m1"}, 422),
    ({"message_id": "m1"}, 422),
    ({"text": 5, "message_id": "m1"}, 422),
    ({"text": "x" * 100_000, "message_id": "m1"}, 413),
    ({"text": "a\x00b\x07", "message_id": "m1"}, 422),
    ({"text": "bonjour"}, 422),
    ({"text": "bonjour", "message_id": "x" * 200}, 422),
    (b"\xff\xfe\x00\x01", 400),
    (b"[1,2]", 400),
    (b"{", 400),
]


@pytest.mark.parametrize(("body", "status"), BODIES, ids=[str(b)[:40] for b, _ in BODIES])
def test_a_bad_message_is_refused_in_the_language_of_the_conversation(
    stack: Stack, body: object, status: int, language: str
) -> None:
    talk = stack.talk("primus", language)
    got, problem = stack.call("POST", path(talk.conversation), body, talk.token)
    assert got == status == problem["status"]
    french = any(
        word in f" {problem['title']} {problem['detail']} ".lower() for word in (" le ", " un ", "écrivez", "doit")
    )
    assert french == (language == "fr"), problem
    assert talk.transcript() == []


def test_a_wrong_token_reads_and_writes_nothing(stack: Stack, language: str) -> None:
    talk, other = stack.talk("primus"), stack.talk("primus")
    talk.say("bonjour")
    for token in (other.token, "", "x" * 5000, None):
        for method, body in (("GET", None), ("POST", {"text": "a b", "message_id": "m"})):
            status, problem = stack.call(method, path(talk.conversation), body, token, Accept_Language=language)
            assert status == 401, (method, token)
            assert problem["title"] == {"fr": "Accès refusé", "en": "Access denied"}[language]
    assert len(talk.transcript()) == 2


def test_an_unknown_brand_is_named_with_those_there_are(stack: Stack, language: str) -> None:
    for brand in ("bell", "", None, 7, ["primus"], "../primus"):
        status, problem = stack.call("POST", "/api/v1/conversations", {"brand": brand}, Accept_Language=language)
        assert status == 422
        assert "pitney-bowes, primus, wrs" in problem["detail"]


def test_the_same_message_id_gets_the_same_answer_and_is_stored_once(stack: Stack) -> None:
    talk = stack.talk("wrs")
    first = talk.say("do I need a modem?", "same")
    second = talk.say("do I need a modem?", "same")
    assert first == second
    assert [line["author"] for line in talk.transcript()] == ["customer", "assistant"]


def test_a_card_number_is_masked_before_it_is_stored(stack: Stack) -> None:
    talk = stack.talk("primus")
    talk.say("my card is 4111 1111 1111 1111 please charge it")
    stored = talk.transcript()[0]["text"]
    assert "4111" not in stored.replace("1111 please", "")
    assert "•••• 1111" in stored


def test_unknown_pages_are_problems(stack: Stack, language: str) -> None:
    status, problem = stack.call("GET", "/api/v1/nothing", Accept_Language=f"{language}-CA")
    assert (status, problem["title"]) == (404, {"fr": "Page introuvable", "en": "Not found"}[language])
    status, _ = stack.call("DELETE", "/api/v1/conversations")
    assert status == 405
