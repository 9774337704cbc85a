"""What must be kept nowhere is typed into the running program, then looked for in every file that it wrote: logs, databases, outbox.

Exempt, and only these: the letter in the development outbox that brings the code to its customer, and billing's own record of a
premier PIN, with which the one that is typed is compared.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from tests.stack import Stack, Talk

pytestmark = pytest.mark.stack

CARDS = [
    "4539578763621486",
    "5425233430109903",
    "378282246310005",
    "6011000990139424",
    "4111111111111111",
    "5105105105105100",
]
# As people type them. The last is written over two messages.
TYPED = [
    "ma carte est 4539 5787 6362 1486 exp 12/27 cvv 987",
    "5425-2334-3010-9903",
    "amex 3782.822463.10005 merci",
    "６０１１００００９９０１３９４２４",
    "4111\u00a01111\u202f1111 1111",
]
SPLIT = ["voici ma carte 5105 1051", "0510 5100 exp 11/28"]
PRAIRIE = {"account": "0012345679", "postal_code": "R3C 4T3", "phone": "+12045550122"}
PIN = "4821"
SEPARATORS = re.compile(r"[\s.\-/\u2010-\u2015]")


def plain(path: Path) -> str:
    """A file's text with nothing between its digits, full-width ones as the usual."""
    text = unicodedata.normalize("NFKC", path.read_bytes().decode("utf-8", "ignore"))
    return SEPARATORS.sub("", text)


def texts(path: Path) -> list[str]:
    """All texts of a database, of every table."""
    found = []
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in database.execute(f'SELECT * FROM "{table}"').fetchall():
                found += [value for value in row if isinstance(value, str)]
    return found


@pytest.fixture(scope="module")
def code(stack: Stack) -> str:
    """Types all of it; the one-time code that was sent and used."""
    talk = stack.talk("primus", "fr")
    for text in TYPED:
        talk.say(text)
    for text in SPLIT:
        talk.say(text)
    talk.say("je veux ouvrir une demande de soutien")
    talk.say("ma facture est payée deux fois, ma carte 4539 5787 6362 1486 le montre bien")
    talk.say("514 555-0123")
    rated = {"score": 2, "comment": "j'ai donné 5425 2334 3010 9903 pour rien"}
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {talk.token}"}
    url = f"{stack.url}/api/v1/conversations/{talk.conversation}/rating"
    urllib.request.urlopen(urllib.request.Request(url, json.dumps(rated).encode(), headers), timeout=10).close()
    customer = stack.talk("pitney-bowes", "en")
    seen = len(stack.texts())
    customer.say("what's my balance")
    customer.say(f"{PRAIRIE['account']} {PRAIRIE['postal_code']}")
    sent = stack.code_for(PRAIRIE["phone"], seen)
    customer.say(f"my code is {sent}, thanks")
    assert "1,180.00" in customer.text, customer.text
    premier(stack.talk("pitney-bowes", "en"))
    return sent


def premier(talk: Talk) -> None:
    talk.say("I have a premier PIN")
    talk.say("SW-2290017")
    talk.say(f"my PIN is {PIN}")


@pytest.mark.parametrize("card", CARDS)
def test_a_card_number_is_in_no_file(stack: Stack, code: str, card: str) -> None:
    files = [path for path in stack.folder.rglob("*") if path.is_file() and path.suffix not in (".md", ".yml")]
    assert len(files) > 6
    assert [path.name for path in files if card in plain(path)] == []


def test_the_one_time_code_is_in_no_database_and_no_log(stack: Stack, code: str) -> None:
    # Not as a part of a moment, of another number, or of a request's id.
    alone = re.compile(rf"(?<![\da-f.]){code}(?![\da-f])")
    for name in ("gateway", "assistant", "billing"):
        assert [text for text in texts(stack.folder / f"{name}.sqlite") if alone.search(text)] == [], name
    for path in stack.folder.glob("*.log"):
        assert not alone.search(path.read_text(errors="replace")), path.name
    assert sum(bool(alone.search(letter["text"])) for letter in stack.texts()) == 1, "the letter itself"


def test_the_premier_pin_is_in_no_database_but_billings_own_record(stack: Stack, code: str) -> None:
    alone = re.compile(rf"(?<![\da-f.:-]){PIN}(?![\da-f])")
    for name in ("gateway", "assistant"):
        assert [text for text in texts(stack.folder / f"{name}.sqlite") if alone.search(text)] == [], name


def test_no_log_holds_a_token_a_text_or_an_address(stack: Stack, code: str) -> None:
    talk = stack.talk("primus", "fr")
    talk.say("canari-4711 courriel canari@laurier.example")
    for path in stack.folder.glob("*.log"):
        text = path.read_text(errors="replace")
        for secret in (talk.token, "canari-4711", "canari@laurier.example", "+14165550102", "M5V 2T6"):
            assert secret not in text, (path.name, secret)
        assert not re.search(r"[?&](token|secret|code)=", text), path.name
        assert not re.search(r"(/pay/|/documents/)[\w-]{16,}", text), f"{path.name} holds a link that pays or downloads"
