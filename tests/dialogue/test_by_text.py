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
