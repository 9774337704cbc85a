"""Whole conversations by text message, through a real Kannel and the whole program, in both languages."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import kannel as real
from tests.stack import Stack, why_not

pytestmark = [
    pytest.mark.stack,
    pytest.mark.skipif(real.why_not() is not None, reason=str(real.why_not())),
]
ROOT = Path(__file__).resolve().parents[2]
PRIMUS = "+15145550100"
# The phone on file of Northgate Dental and of Groupe Boréal; each writes from it.
NORTHGATE = ("1002003002", "M5V 2T6", "+14165550102")
BOREAL = ("1002003003", "G1R 4P5", "+14185550103")
BY_TEXT = {"fr": "est-ce qu'on peut finir ça par texto?", "en": "could we finish this by text?"}


@pytest.fixture(scope="module")
def by_text(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    """The program with Kannel before it."""
    reason = why_not(ROOT)
    if reason:
        pytest.skip(reason)
    program = Stack(ROOT, tmp_path_factory.mktemp("by-text"))
    kannel = real.Kannel(program.folder / "kannel", program.url)
    program.env |= {
        "KANNEL_URL": kannel.send_url, "KANNEL_USER": "assistant", "KANNEL_PASSWORD": real.PASSWORD,
        "KANNEL_SECRET": real.SECRET, "SMS_NUMBER_PRIMUS": PRIMUS, "SMS_BURST_S": "0.2",
        "SMS_NUMBER_WRS": "+15145550110", "SMS_NUMBER_PITNEY_BOWES": "+15145550120",
    }  # fmt: skip
    try:
        program.start()
        kannel.start()
        yield Phone(program, kannel)
    finally:
        kannel.stop()
        program.stop()


class Phone:
    """Texts to the brand's number and what comes back."""

    def __init__(self, program: Stack, kannel: real.Kannel) -> None:
        self.program = program
        self.kannel = kannel

    def say(self, number: str, text: str, answers: int = 1) -> str:
        """The texts that come back, as the phone shows them."""
        before = len(self.kannel.texts(number))
        self.kannel.say(text, number, PRIMUS)
        return "\n".join(self.kannel.wait_for(number, before + answers, 30)[before:])

    def code_by_mail(self, seen: int) -> str:
        """The code in a mail after the first `seen` letters; none may have gone out by text."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            letters = [one for one in self.program.texts()[seen:] if re.search(r"\b\d{6}\b", one["text"])]
            if letters:
                assert [one["channel"] for one in letters] == ["email"], letters
                return code(letters[0]["text"])
            time.sleep(0.1)
        raise AssertionError(f"no code was sent: {self.program.texts()[seen:]}")


def code(text: str) -> str:
    found = re.search(r"\b\d{6}\b", text)
    assert found, text
    return found[0]


@pytest.mark.parametrize(
    ("customer", "asks", "amount"),
    [(NORTHGATE, "what's my balance?", r"\$\d+\.\d\d"), (BOREAL, "quel est mon solde?", r"\d+,\d\d \$")],
    ids=["en", "fr"],
)
def test_a_whole_balance_conversation(by_text: Phone, customer: tuple[str, str, str], asks: str, amount: str) -> None:
    account, postal_code, phone = customer
    by_text.say(phone, asks)
    by_text.say(phone, account)
    told = by_text.say(phone, postal_code, answers=2)  # the question for the code, and the code
    answer = by_text.say(phone, code(told))
    assert re.search(amount, answer), answer
    assert "**" not in answer


@pytest.mark.parametrize(
    ("customer", "asks", "yes"),
    [
        (("1002003001", "H2X 1Y4", "+15145550101"), "je veux la facture électronique", "oui"),
        (("1002003004", "J8X 2K1", "+18195550104"), "please switch me to paperless billing", "yes"),
    ],
    ids=["fr", "en"],
)
def test_an_ebill_enrolment_with_the_code_from_the_mailbox(
    by_text: Phone, customer: tuple[str, str, str], asks: str, yes: str
) -> None:
    account, postal_code, phone = customer
    by_text.say(phone, asks)
    seen = len(by_text.program.texts())
    if "1002003" not in asks:
        by_text.say(phone, account)
    by_text.say(phone, postal_code)
    by_text.say(phone, by_text.code_by_mail(seen))
    consequence = by_text.say(phone, "factures@exemple.example")
    assert "factures@exemple.example" in consequence
    answer = by_text.say(phone, yes)
    assert re.search(r"E-[A-Z0-9]{8}", answer), answer


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_request_that_was_begun_on_the_page_is_finished_by_text(by_text: Phone, language: str) -> None:
    """The form that was begun in the chat goes on by text: one conversation, one request, its number on both."""
    french = language == "fr"
    phone = "+14185550177" if french else "+14165550177"
    talk = by_text.program.talk("primus", language)
    talk.say(BY_TEXT[language])
    assert [reply.get("offers") for reply in talk.last["replies"]] == ["continue_by_text"], talk.text
    talk.say("je veux ouvrir une demande de soutien" if french else "open a support request please")
    question = talk.last["replies"][-1]["text"]
    talk.say(BY_TEXT[language])
    assert [reply.get("offers") for reply in talk.last["replies"]] == ["continue_by_text", None], talk.text
    assert talk.last["replies"][-1]["text"] == question, "the form waits for what it asked"
    path = f"/api/v1/conversations/{talk.conversation}/phone"
    status, body = by_text.program.call("POST", path, {"phone": phone}, talk.token)
    assert status == 202, body
    (told,) = by_text.kannel.wait_for(phone, 1)
    status, body = by_text.program.call("POST", f"{path}/code", {"code": code(told)}, talk.token)
    assert (status, body["number"]) == (200, "(514) 555-0100"), body
    assert ("continue ici" if french else "goes on here") in by_text.kannel.wait_for(phone, 2)[1]
    already = by_text.say(phone, BY_TEXT[language])
    assert ("Nous y sommes" if french else "already there") in already, "and the question once more"
    by_text.say(phone, "ma ligne grésille quand il pleut" if french else "my line crackles when it rains")
    answer = by_text.say(phone, "amelie@laurier.example")
    number = re.search(r"R-\d{7}", answer)
    assert number, answer
    lines = talk.transcript()
    assert any(number[0] in line["text"] for line in lines), "the page shows what was said by text"
    assert [line["channel"] for line in lines if line["author"] == "customer"] == ["api"] * 3 + ["sms"] * 3
    status, body = by_text.program.call("GET", f"/api/v1/conversations/{talk.conversation}/requests", None, talk.token)
    assert [one["number"] for one in body["requests"]] == [number[0]], "one request, of the one conversation"


@pytest.mark.parametrize("brand", ["primus", "wrs", "pitney-bowes"])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Continuons par texto"),
        ("fr", "je dois m'en aller, peux-tu m'écrire sur mon cell à la place"),
        ("en", "can we continue by text?"),
        ("en", "i have to run, could you message me on my cell instead"),
    ],
)
def test_every_brand_understands_who_would_go_on_by_text(by_text: Phone, brand: str, language: str, words: str) -> None:
    talk = by_text.program.talk(brand, language)
    talk.say(words)
    assert [reply.get("offers") for reply in talk.last["replies"]] == ["continue_by_text"], talk.text
    assert "texto" in talk.text if language == "fr" else "by text" in talk.text


@pytest.mark.parametrize(
    "words",
    [
        "je veux recevoir ma facture par texto",
        "text me my balance",
        "arrêtez de me texter",
        "call me on my cell instead",
    ],
)
def test_what_only_names_text_messages_asks_for_something_else(by_text: Phone, words: str) -> None:
    talk = by_text.program.talk("primus")
    talk.say(words)
    assert all(reply.get("offers") is None for reply in talk.last["replies"]), talk.text
