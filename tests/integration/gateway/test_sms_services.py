"""What is done by text message beside talking: receipts, reminders, a support request, a premier PIN, a form's answers."""

import asyncio

import pytest
from aiohttp import web

from gateway import notices
from gateway.models import Conversation, Message, Outgoing
from gateway.redact import PIN_MARK
from gateway.sms_settings import SmsSettings
from tests.integration.gateway.conftest import Talk
from tests.integration.gateway.sms_steps import AMELIE, NUMBERS, TOKEN, say, sent

AMOUNT = {"amount": "284.52", "currency": "CAD"}
TOLD = {
    "payment_promise": ({"amount": AMOUNT, "date": "2026-12-01"}, "E-7GK2MPQA"),
    "promise_reminder": ({"amount": AMOUNT, "date": "2026-12-01"}, "E-7GK2MPQA"),
    "payment": ({"amount": AMOUNT, "bill": "P-1001"}, "E-7GK2MPQA"),
}
SAID = {"fr": ("284,52", "1er décembre"), "en": ("$284.52", "December 1")}


def notice(event, language, number=1):
    values, reference = TOLD[event]
    return {
        "id": number, "brand": "primus", "event": event, "language": language, "channel": "sms", "address": AMELIE,
        "reference": f"{reference}{number}", "values": values,
    }  # fmt: skip


@pytest.fixture
async def gateway(start, monkeypatch):
    monkeypatch.setattr(notices, "EVERY_S", 0.05)
    return await start(sms=SmsSettings(numbers=NUMBERS, twilio_tokens=(TOKEN,), burst_s=0.0))


@pytest.mark.parametrize("event", sorted(TOLD))
async def test_a_receipt_and_a_reminder_come_by_text_in_the_customers_language(gateway, parts, event, language):
    parts.notices = [notice(event, language)]
    (text,) = await sent(gateway, 1)
    amount, date = SAID[language]
    assert amount in text.replace("\u00a0", " ")
    if event != "payment":
        assert date in text
    (row,) = await gateway.rows(Outgoing)
    assert row.parts <= 2
    assert "**" not in text


async def test_a_reminder_does_not_reach_who_wants_no_texts(gateway, parts):
    await say(gateway, "ARRET")
    await sent(gateway, 1)
    parts.notices = [notice("promise_reminder", "fr")]
    for _ in range(250):
        rows = await gateway.rows(Outgoing)
        if [row.state for row in rows if row.letter == "promise_reminder"] == ["suppressed"]:
            break
        await asyncio.sleep(0.02)
    assert [row.state for row in rows] == ["sent", "suppressed"]
    assert len(await sent(gateway, 1)) == 1


async def test_an_answer_to_a_reminder_is_a_conversation_of_the_brand(gateway, parts):
    parts.notices = [notice("promise_reminder", "en")]
    await sent(gateway, 1)
    await say(gateway, "I paid this morning")
    assert (await sent(gateway, 2))[1] == "you said I paid this morning"


async def test_the_receipt_of_a_request_that_was_opened_by_text_comes_by_text(gateway, language):
    await say(gateway, "je veux ouvrir une demande" if language == "fr" else "please open a request")
    await sent(gateway, 1)
    (talk,) = await gateway.rows(Conversation)
    status, opened = await Talk(gateway, talk.id, "").inside("requests", {
        "key": "k", "kind": "open_request", "category": "support", "language": language, "details": {},
        "description": "Plus de tonalité", "contact": AMELIE,
    })  # fmt: skip
    assert status == 201
    receipt = (await sent(gateway, 2))[1]
    assert opened["number"] in receipt
    assert ("votre demande" if language == "fr" else "your request") in receipt.lower()


async def test_a_premier_pin_by_text_is_stored_nowhere_and_told_once(gateway, parts):
    async def asks_for_the_pin(turn):
        body = {"text": f"you said {turn['text']}", "buttons": [], "article": None, "title": None, "attachments": []}
        return web.json_response({"replies": [body], "understood": None, "asks": "pin"})

    parts.answer = asks_for_the_pin
    number = NUMBERS["pitney-bowes"][0]
    await say(gateway, "soutien premier svp", number=number)
    await sent(gateway, 1)
    await say(gateway, "4821", number=number)
    assert len(await sent(gateway, 2)) == 2
    assert parts.turns[-1]["text"] == PIN_MARK
    assert all("4821" not in f"{row.text}{row.payload}" for row in await gateway.rows(Message))
    assert all("4821" not in str(row.values) for row in await gateway.rows(Outgoing))
    (talk,) = await gateway.rows(Conversation)
    by_text = Talk(gateway, talk.id, "")
    assert await by_text.inside("pin") == (200, {"pin": "4821"})
    assert (await by_text.inside("pin"))[0] == 404


@pytest.mark.parametrize("words", ["annuler", "cancel", "fin", "oui", "arrêter"])
async def test_within_a_form_its_answers_are_answers(gateway, parts, words):
    async def asks(turn):
        body = {"text": "Pour quelle date?", "buttons": [], "article": None, "title": None, "attachments": []}
        return web.json_response({"replies": [body], "understood": None, "asks": "date"})

    parts.answer = asks
    await say(gateway, "je promets de payer")
    await sent(gateway, 1)
    await say(gateway, words)
    await sent(gateway, 2)
    assert [turn["text"] for turn in parts.turns] == ["je promets de payer", words]
