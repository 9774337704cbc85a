"""Mail through a real SMTP server on loopback: what arrives, what is tried again, what is given up."""

import asyncio
import email
import email.policy

import pytest
from aiosmtpd.controller import Controller

from gateway import notices
from gateway.models import Outgoing
from tests.integration.gateway.identity_steps import send
from tests.stack import free_port


class Mailbox:
    """Keeps what arrives; `answers` are said to the next recipients and messages instead of yes."""

    def __init__(self):
        self.messages = []
        self.to_recipients = []
        self.to_messages = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.to_recipients:
            return self.to_recipients.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        answer = self.to_messages.pop(0) if self.to_messages else "250 accepted"
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return answer


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture
def server(mailbox):
    """Starts the server; `stop()` and `start()` take it away and bring it back at the same port."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    if controller.loop.is_running():
        controller.stop()


@pytest.fixture
async def gateway(start, server):
    return await start(smtp_url=f"smtp://127.0.0.1:{server.port}", mail_from="assistant@support.example")


async def until(condition):
    for _ in range(250):
        found = condition()
        if found:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen in 5 s")


async def state_is(gateway, state):
    for _ in range(250):
        rows = await gateway.rows(Outgoing)
        if [row.state for row in rows] == [state]:
            return rows[0]
        await asyncio.sleep(0.02)
    raise AssertionError([(row.state, row.error) for row in rows])


@pytest.mark.parametrize(("language", "words"), [("fr", "Votre code est"), ("en", "Your code is")])
async def test_a_code_by_mail_arrives_as_text_and_html_in_the_customers_language(gateway, mailbox, language, words):
    talk = await gateway.talk(language=language)
    await send(talk, channel="email", language=language)
    (message,) = await until(lambda: mailbox.messages)
    assert message["To"] == "comptes@laurier.example"
    assert message["From"] == "PRIMUS <assistant@support.example>"
    assert message["Reply-To"] == "businesscare@primustel.ca"
    assert message["Content-Language"] == f"{language}-CA"
    assert message["Auto-Submitted"] == "auto-generated"
    text, page = message.get_body(("plain",)).get_content(), message.get_body(("html",)).get_content()
    assert words in text
    assert words in page
    assert f'<html lang="{language}-CA">' in page
    assert gateway.texts() == [], "what goes by mail does not go to the file"
    assert (await state_is(gateway, "sent")).tries == 1


async def test_what_the_server_puts_off_is_sent_again_under_the_same_id(gateway, mailbox, clock):
    mailbox.to_messages = ["451 busy"]
    await send(await gateway.talk(), channel="email")
    await until(lambda: mailbox.messages)
    row = await state_is(gateway, "pending")
    assert row.error == "refused: 451"
    clock.pass_(seconds=6)
    first, second = await until(lambda: mailbox.messages[1:] and mailbox.messages)
    assert first["Message-ID"] == second["Message-ID"]
    assert (await state_is(gateway, "sent")).tries == 2


async def test_an_address_that_is_refused_for_good_is_not_tried_again(gateway, mailbox, clock):
    mailbox.to_recipients = ["550 no such mailbox"]
    await send(await gateway.talk(), channel="email")
    row = await state_is(gateway, "failed")
    assert (row.error, row.tries) == ("address refused: 550", 1)
    clock.pass_(minutes=1)
    await asyncio.sleep(0.2)
    assert mailbox.messages == []


async def test_a_server_that_is_away_gets_its_mail_when_it_is_back(gateway, mailbox, server, clock):
    await asyncio.to_thread(server.stop)
    await send(await gateway.talk(), channel="email")
    await state_is(gateway, "pending")
    again = Controller(mailbox, hostname="127.0.0.1", port=server.port)
    again.start()
    clock.pass_(seconds=6)
    await until(lambda: mailbox.messages)
    await state_is(gateway, "sent")
    await asyncio.to_thread(again.stop)


async def test_a_code_that_nobody_could_use_any_more_is_not_sent(gateway, mailbox, clock):
    mailbox.to_messages = ["451 busy"]
    await send(await gateway.talk(), channel="email")
    await until(lambda: mailbox.messages)
    await state_is(gateway, "pending")
    clock.pass_(minutes=6)
    assert (await state_is(gateway, "expired")).ended_at
    assert len(mailbox.messages) == 1


async def test_two_gateways_send_a_letter_once(start, server, mailbox):
    settings = {"smtp_url": f"smtp://127.0.0.1:{server.port}", "mail_from": "assistant@support.example"}
    gateways = [await start(**settings), await start(**settings)]
    talks = [await gateways[i % 2].talk("wrs") for i in range(2)]
    await asyncio.gather(*(send(talk, account="50010001", postal_code="K7L 3N6", channel="email") for talk in talks))
    await until(lambda: len(mailbox.messages) >= 2)
    await asyncio.sleep(0.3)
    assert len(mailbox.messages) == 2
    assert len({message["Message-ID"] for message in mailbox.messages}) == 2


async def test_what_a_stopped_gateway_left_in_hand_is_sent_by_the_next(start, server, mailbox, clock):
    class Stuck:
        async def send(self, letter):
            await asyncio.Event().wait()

    first = await start(senders={"sms": Stuck(), "email": Stuck()})
    await send(await first.talk(), channel="email")
    await state_is(first, "sending")
    await first.stop()
    second = await start(smtp_url=f"smtp://127.0.0.1:{server.port}", mail_from="assistant@support.example")
    await asyncio.sleep(0.2)
    assert mailbox.messages == [], "it may still be in hand"
    clock.pass_(minutes=3)
    await until(lambda: mailbox.messages)
    await state_is(second, "sent")


NOTICE = {
    "id": 7,
    "brand": "primus",
    "language": "fr",
    "event": "ebill_email",
    "reference": "E-7GK2MPQA",
    "channel": "email",
    "address": "ancienne@laurier.example",
    "at": "2026-11-23T12:00:00-05:00",
    "values": {"email": "neuve@laurier.example", "previous": {"email": "ancienne@laurier.example", "since": None}},
}


async def test_what_billing_has_to_tell_is_told_once_even_if_it_is_listed_twice(gateway, mailbox, parts, monkeypatch):
    monkeypatch.setattr(notices, "AFTER_FAILURE_S", 0.05)
    parts.forgets_what_was_taken = True
    parts.notices = [NOTICE]
    (message,) = await until(lambda: mailbox.messages)
    assert message["To"] == "ancienne@laurier.example"
    text = message.get_body(("plain",)).get_content()
    assert "neuve@laurier.example" in text
    assert "E-7GK2MPQA" in text
    await until(lambda: parts.taken == [7])
    await asyncio.sleep(0.1)
    assert len(mailbox.messages) == 1


async def test_a_request_is_confirmed_by_the_contact_that_was_given(gateway, mailbox):
    talk = await gateway.talk(language="en")
    body = {
        "key": "k1",
        "kind": "open_request",
        "category": "other",
        "language": "en",
        "description": "No dial tone <b>since</b> Monday",
        "contact": "luc@laurier.example",
    }
    for _ in range(2):
        _, opened = await talk.inside("requests", body)
    (message,) = await until(lambda: mailbox.messages)
    await asyncio.sleep(0.2)
    assert len(mailbox.messages) == 1, "a repeat is not confirmed again"
    assert message["Subject"] == f"Your request {opened['number']} is open"
    assert "<b>since</b>" in message.get_body(("plain",)).get_content()
    assert "&lt;b&gt;since&lt;/b&gt;" in message.get_body(("html",)).get_content()


async def test_the_password_of_the_mail_server_is_not_shown(gateway):
    assert "smtp://" not in repr(gateway.settings)
