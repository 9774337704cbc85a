"""A conversation by text message: what comes in is one turn, what goes out is one text, however it comes and goes."""

import asyncio

import pytest
from aiohttp import web

from gateway.models import Conversation, Message, Outgoing, SmsReceived, SmsThread
from gateway.sms_settings import SmsSettings
from tests.integration.gateway.parts import said
from tests.integration.gateway.sms_steps import AMELIE, NUMBERS, PRIMUS, TOKEN, form, post, say, sent


def settings(**changes):
    return SmsSettings(**{"numbers": NUMBERS, "twilio_tokens": (TOKEN,), "burst_s": 0.0, **changes})


def reply(text, buttons=()):
    return {"text": text, "buttons": list(buttons), "article": None, "title": None, "attachments": []}


@pytest.fixture
async def gateway(start):
    return await start(sms=settings())


async def test_a_text_is_answered_in_its_thread(gateway, parts):
    await say(gateway, "quel est mon solde?")
    assert await sent(gateway, 1) == ["you said quel est mon solde?"]
    await say(gateway, "merci")
    assert await sent(gateway, 2) == ["you said quel est mon solde?", "you said merci"]
    (talk,) = await gateway.rows(Conversation)
    assert (talk.channel, talk.brand, talk.language) == ("sms", "primus", "fr")
    assert [turn["metadata"]["channel"] for turn in parts.turns] == ["sms", "sms"]
    (thread,) = await gateway.rows(SmsThread)
    assert (thread.number, thread.customer, thread.conversation) == (PRIMUS, AMELIE, talk.id)


async def test_a_text_that_is_handed_over_again_is_one_turn(start, parts):
    gateways = [await start(sms=settings()), await start(sms=settings())]
    fields = form("bonjour")
    answers = await asyncio.gather(*(post(gateways[i % 2], fields) for i in range(5)))
    assert {status for status, _ in answers} == {200}
    assert await sent(gateways[0], 1) == ["you said bonjour"]
    assert (await post(gateways[1], fields))[0] == 200
    assert await sent(gateways[0], 1) == ["you said bonjour"]
    assert [line.author for line in await gateways[0].rows(Message)] == ["customer", "assistant"]
    assert len(await gateways[0].rows(SmsReceived)) == 1


async def test_texts_in_one_go_are_answered_once_and_in_order(start, parts):
    gateway = await start(sms=settings(burst_s=1.0))  # three posts take less, on a slow machine too
    for text in ("mon compte", "1002003001", "H2X 1Y4"):
        await say(gateway, text)
    assert await sent(gateway, 1) == ["you said mon compte\n1002003001\nH2X 1Y4"]
    assert [turn["text"] for turn in parts.turns] == ["mon compte\n1002003001\nH2X 1Y4"]
    lines = await gateway.rows(Message)
    assert [(line.text, line.state) for line in lines[:3]] == [
        ("mon compte", "answered"), ("1002003001", "answered"), ("H2X 1Y4", "answered"),
    ]  # fmt: skip


async def test_each_brand_has_its_number_and_each_number_its_conversation(gateway):
    await say(gateway, "bonjour")
    await say(gateway, "hello", number="+16135550100")
    await say(gateway, "hello", customer="+14165550177")
    talks = await gateway.rows(Conversation)
    assert sorted(talk.brand for talk in talks) == ["primus", "primus", "wrs"]


async def test_a_number_that_is_nobodys_is_not_acknowledged(gateway):
    assert (await post(gateway, form("bonjour", number="+19995550100")))[0] == 404
    assert await gateway.rows(Message) == []


async def test_a_number_of_a_messaging_service_is_the_brands(start):
    service = "MG" + "a" * 32
    gateway = await start(sms=settings(numbers={"wrs": (service,)}))
    await say(gateway, "hello", number="+19995550100", MessagingServiceSid=service)
    (talk,) = await gateway.rows(Conversation)
    assert talk.brand == "wrs"


async def test_the_replies_of_a_turn_are_one_text_and_a_number_takes_a_choice(gateway, parts):
    async def with_choices(turn):
        if turn["text"] == "Par chèque":
            return said("Bien reçu")
        choices = [{"title": title, "payload": title} for title in ("En ligne", "Par chèque")]
        return web.json_response(
            {"replies": [reply("Un instant."), reply("Payer comment?", choices)], "understood": None}
        )

    parts.answer = with_choices
    await say(gateway, "payer")
    (text,) = await sent(gateway, 1)
    assert text.startswith("Un instant.\nPayer comment?\n")
    assert text.endswith("1. En ligne\n2. Par cheque") or text.endswith("1. En ligne\n2. Par chèque")
    await say(gateway, "2")
    assert (await sent(gateway, 2))[1] == "Bien reçu"
    assert [turn["text"] for turn in parts.turns] == ["payer", "Par chèque"]
    stored = [line.text for line in await gateway.rows(Message) if line.author == "customer"]
    assert stored == ["payer", "2"], "the transcript has what was written"


async def test_the_rest_of_a_long_text_is_sent_for_the_asking(gateway, parts):
    long = " ".join(f"Phrase numéro {n} d’une réponse vraiment longue." for n in range(30))

    async def answer(turn):
        return said(long)

    parts.answer = answer
    await say(gateway, "parle-moi longtemps")
    (first,) = await sent(gateway, 1)
    assert first.endswith("SUITE.")
    await say(gateway, "Suite!")
    second = (await sent(gateway, 2))[1]
    assert second.startswith("Phrase")
    assert len(parts.turns) == 1, "the assistant is not asked for what was said already"
    rows = await gateway.rows(Outgoing)
    assert [row.parts <= 3 for row in rows] == [True, True]
    assert {row.message for row in rows} == {rows[0].message}


@pytest.mark.parametrize(
    ("body", "media", "sentence"),
    [("", "1", "Les photos"), ("", "0", "Votre texto est arrivé vide"), ("  ", "0", "Votre texto est arrivé vide")],
)
async def test_a_text_without_words_gets_a_sentence(gateway, parts, body, media, sentence):
    await say(gateway, body, NumMedia=media)
    (text,) = await sent(gateway, 1)
    assert text.startswith(sentence)
    assert parts.turns == []


async def test_words_beside_a_photo_get_their_turn(gateway, parts):
    await say(gateway, "my modem looks like this", NumMedia="1")
    texts = await sent(gateway, 2)
    assert texts[1] == "you said my modem looks like this"
    assert len(parts.turns) == 1


async def test_a_conversation_that_rested_for_long_gives_way_to_a_new_one(gateway, clock):
    await say(gateway, "bonjour")
    await sent(gateway, 1)
    clock.pass_(hours=71)
    await say(gateway, "encore moi")
    await sent(gateway, 2)
    clock.pass_(hours=73)
    await say(gateway, "me revoici")
    await sent(gateway, 3)
    talks = sorted(await gateway.rows(Conversation), key=lambda talk: talk.created_at)
    assert len(talks) == 2
    assert talks[1].language == "fr", "the language is known from before"
    (thread,) = await gateway.rows(SmsThread)
    assert thread.conversation == talks[1].id


async def test_what_is_said_while_the_assistant_is_away_comes_when_it_is_back(start, parts):
    parts.assistant_up = False
    gateway = await start(sms=settings())
    await say(gateway, "bonjour")
    assert await sent(gateway, 0) == []
    parts.assistant_up = True
    assert await sent(gateway, 1) == ["you said bonjour"]


async def test_a_gateway_that_stops_before_it_answers_loses_nothing(start, parts):
    hold = asyncio.Event()

    async def wait(turn):
        await hold.wait()
        return said("me voici")

    parts.answer = wait
    first = await start(sms=settings())
    await say(first, "bonjour")
    await asyncio.sleep(0.2)
    parts.answer, parts.turns = wait, []
    hold.set()
    await first.stop()
    second = await start(sms=settings())
    assert await sent(second, 1) == ["me voici"]
