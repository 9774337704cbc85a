"""A conversation that goes on by text message after a code: one history, and what it proves here and there."""

import asyncio
import re

import pytest

from gateway.message import Reply
from gateway.models import Conversation, PhoneCode, SmsChoice, SmsThread
from gateway.sms_settings import SmsSettings
from tests.integration.gateway.conftest import Talk
from tests.integration.gateway.identity_steps import LAURIER
from tests.integration.gateway.onward_steps import ask, code_at, give, move
from tests.integration.gateway.sms_steps import AMELIE, NUMBERS, TOKEN, say, sent
from tests.openapi_check import check_response

ON_FILE = "+15145550101"
OTHER = "+14165550177"


@pytest.fixture
async def gateway(start):
    return await start(sms=SmsSettings(numbers=NUMBERS, twilio_tokens=(TOKEN,), burst_s=0.0))


async def conversation_of(gateway, conversation):
    (found,) = [row for row in await gateway.rows(Conversation) if row.id == conversation]
    return found


@pytest.mark.parametrize(
    ("language", "code_words", "first", "shown"),
    [
        (
            "fr",
            "votre code pour continuer le clavardage par texto",
            "notre conversation continue ici",
            "continue par texto",
        ),
        ("en", "your code to continue the chat by text", "our conversation goes on here", "goes on by text"),
    ],
)
async def test_the_same_conversation_goes_on_by_text_and_the_page_shows_it(
    gateway, parts, language, code_words, first, shown
):
    talk = await gateway.talk(language=language)
    await talk.say("bonjour" if language == "fr" else "hello")
    status, body = await ask(talk, "(514) 555-0150")
    assert (status, body) == (202, {"phone": "(514) 555-0150", "expires_in": 300})
    (text,) = await sent(gateway, 1)
    assert code_words in text
    status, body = await give(talk, await code_at(gateway))
    assert (status, body) == (200, {"phone": "(514) 555-0150", "number": "(514) 555-0100"})
    assert first in (await sent(gateway, 2))[1]
    await say(gateway, "mon modem clignote" if language == "fr" else "my modem is blinking")
    assert (await sent(gateway, 3))[2].startswith("you said m")
    lines = await talk.lines()
    assert [line["channel"] for line in lines] == ["api", None, None, "sms", None]
    assert shown in lines[2]["text"]
    assert "(514) 555-0150" in lines[2]["text"]
    assert lines[3]["text"] == parts.turns[-1]["text"]
    assert [turn["metadata"]["channel"] for turn in parts.turns] == ["api", "sms"]
    assert {turn["conversation"] for turn in parts.turns} == {talk.id}, "one memory, as it is one conversation"
    assert [row.id for row in await gateway.rows(Conversation)] == [talk.id]


async def test_an_answer_goes_where_the_customer_wrote_last(gateway):
    talk = await gateway.talk()
    await move(talk)
    await say(gateway, "par texto")
    assert len(await sent(gateway, 3)) == 3
    answer = await talk.say("me revoici sur la page")
    assert answer["replies"][0]["text"] == "you said me revoici sur la page"
    assert len(await sent(gateway, 3)) == 3, "nothing of it goes to the phone"
    await say(gateway, "et de nouveau par texto")
    assert (await sent(gateway, 4))[3] == "you said et de nouveau par texto"
    assert len(await talk.lines()) == 7


async def test_the_question_that_waits_comes_along_and_its_number_answers_it(gateway, parts):
    async def choices(turn):
        from aiohttp import web

        if turn["text"] == "Par chèque":
            return web.json_response(
                {"replies": [Reply("Bien reçu.").as_payload() | {"text": "Bien reçu."}], "understood": None}
            )
        buttons = [{"title": title, "payload": title} for title in ("En ligne", "Par chèque")]
        reply = {"text": "Payer comment?", "buttons": buttons, "article": None, "title": None, "attachments": []}
        return web.json_response({"replies": [reply], "understood": None})

    parts.answer = choices
    talk = await gateway.talk(language="fr")
    await talk.say("payer")
    await move(talk)
    text = (await sent(gateway, 2))[1]
    assert "Payer comment?" in text
    assert re.search(r"2\. Par ch[eè]que", text)
    await say(gateway, "2")
    assert (await sent(gateway, 3))[2] == "Bien reçu."


async def test_a_request_that_was_opened_on_the_page_is_there_by_text(gateway):
    talk = await gateway.talk()
    await talk.say("bonjour")
    opened = {
        "key": "k", "kind": "open_request", "category": "support", "language": "fr", "details": {},
        "description": "Le modem clignote", "contact": "amelie@laurier.example",
    }  # fmt: skip
    assert (await talk.inside("requests", opened))[0] == 201
    await move(talk)
    await say(gateway, "où en est ma demande")
    await sent(gateway, 3)
    _, listed = await talk.inside("request-list")
    assert len(listed["requests"]) == 1


async def test_what_was_proved_on_the_page_is_enough_to_read_by_text_and_changes_nothing(gateway, parts):
    talk = await gateway.talk()
    await talk.inside("codes", {**LAURIER, "change": False})
    await talk.inside("verification", {"code": await code_at(gateway, ON_FILE)})
    assert (await talk.inside("billing-token", {"change": True}))[0] == 200
    await move(talk)
    await say(gateway, "mon solde")
    await sent(gateway, 3)
    assert parts.turns[-1]["metadata"]["identity"] == "reading"
    assert [(await talk.inside("billing-token", {"change": change}))[0] for change in (False, True)] == [200, 403]
    await talk.say("et ici")
    assert parts.turns[-1]["metadata"]["identity"] == "verified"
    assert (await talk.inside("billing-token", {"change": True}))[0] == 200


async def test_what_is_proved_by_text_is_not_shown_on_the_page(gateway, parts):
    talk = await gateway.talk(language="fr")
    await talk.say("bonjour")
    await move(talk)
    await say(gateway, "mon solde")
    await sent(gateway, 3)
    await talk.inside("codes", {**LAURIER, "change": False})
    await talk.inside("verification", {"code": await code_at(gateway, ON_FILE)})
    await say(gateway, "redis-moi mon solde")
    assert (await sent(gateway, 4))[3] == "you said redis-moi mon solde"
    assert parts.turns[-1]["metadata"]["identity"] == "verified"
    lines = await talk.lines()
    assert [line["text"][:28] for line in lines[-2:]] == ["Ce message n’est montré qu’u"] * 2
    assert "solde" not in lines[-1]["text"]
    answer = await talk.say("et ici?")
    assert parts.turns[-1]["metadata"]["identity"] == "none"
    assert answer["replies"][0]["text"] == "you said et ici?", "what is said here is shown here"
    assert (await talk.inside("billing-token"))[0] == 403


async def test_a_code_for_the_account_at_the_very_phone_reads_and_does_not_change(gateway):
    talk = await gateway.talk()
    await move(talk, ON_FILE)
    await say(gateway, "mon solde", customer=ON_FILE)
    await sent(gateway, 3, ON_FILE)
    await talk.inside("codes", {**LAURIER, "change": False})
    await talk.inside("verification", {"code": await code_at(gateway, ON_FILE, 4)})
    assert [(await talk.inside("billing-token", {"change": change}))[0] for change in (False, True)] == [200, 403]


async def test_who_wants_no_texts_is_told_how_to_have_them_again(gateway):
    await say(gateway, "STOP")
    talk = await gateway.talk(language="en")
    await talk.say("hello")
    status, problem = await ask(talk)
    assert (status, problem["type"]) == (409, "/problems/phone_opted_out")
    assert "text START to (514) 555-0100" in problem["detail"]
    assert await gateway.rows(PhoneCode) == []
    await say(gateway, "START")
    assert (await ask(talk))[0] == 202


async def test_after_stop_the_conversation_is_back_on_the_page(gateway):
    talk = await gateway.talk()
    await move(talk)
    await say(gateway, "ARRÊT")
    await sent(gateway, 3)
    assert (await conversation_of(gateway, talk.id)).channel == "api"
    assert [row.out for row in await gateway.rows(SmsChoice)] == [True]
    assert (await talk.say("encore ici"))["replies"][0]["text"] == "you said encore ici"
    assert len(await sent(gateway, 3)) == 3


async def test_a_phone_in_the_middle_of_another_conversation_with_people_keeps_it(gateway):
    await say(gateway, "une personne")
    await sent(gateway, 1)
    (by_text,) = await gateway.rows(Conversation)
    await Talk(gateway, by_text.id, "").inside("queue")
    talk = await gateway.talk()
    await ask(talk)
    code = await code_at(gateway, count=2)
    status, problem = await give(talk, code)
    assert (status, problem["type"]) == (409, "/problems/phone_busy")
    (thread,) = await gateway.rows(SmsThread)
    assert thread.conversation == by_text.id
    assert [row.used for row in await gateway.rows(PhoneCode)] == [False], "the code is still good"


async def test_a_phone_that_has_written_before_and_a_second_phone(gateway):
    await say(gateway, "bonjour")
    await sent(gateway, 1)
    talk = await gateway.talk()
    await ask(talk)
    assert (await give(talk, await code_at(gateway, count=2)))[0] == 200
    await say(gateway, "suite de la page")
    await sent(gateway, 4)
    assert len(await talk.lines()) == 3
    await move(talk, OTHER)
    await say(gateway, "du premier téléphone")
    await sent(gateway, 5)
    await say(gateway, "du second", customer=OTHER)
    await sent(gateway, 3, OTHER)
    said = [line["text"] for line in await talk.lines() if line["author"] == "customer"]
    assert said == ["suite de la page", "du second"], "the first phone has begun anew"


async def test_a_number_that_only_the_provider_knows(start):
    service = "MG" + "b" * 32
    gateway = await start(sms=SmsSettings(numbers={"primus": (service,)}, twilio_tokens=(TOKEN,), burst_s=0.0))
    talk = await gateway.talk()
    assert (await move(talk))["number"] is None
    await say(gateway, "me voici", number="+15145550111", MessagingServiceSid=service)
    await sent(gateway, 3)
    assert [line["text"] for line in await talk.lines()][-1] == "you said me voici"
    (thread,) = await gateway.rows(SmsThread)
    assert thread.number == "+15145550111"


async def test_a_brand_without_a_number_goes_on_where_it_is(start):
    gateway = await start(sms=SmsSettings(numbers={"wrs": NUMBERS["wrs"]}, twilio_tokens=(TOKEN,)))
    status, problem = await ask(await gateway.talk())
    assert (status, problem["type"]) == (409, "/problems/no_texts")
    _, brands = await gateway.call("GET", "/api/v1/brands")
    assert {brand["id"]: brand["texts"] for brand in brands} == {"primus": False, "wrs": True, "pitney-bowes": False}


async def test_nobody_else_can_move_a_conversation(gateway):
    talk = await gateway.talk()
    for path, body in (("phone", {"phone": AMELIE}), ("phone/code", {"code": "123456"})):
        status, _ = await gateway.call("POST", f"/api/v1/conversations/{talk.id}/{path}", body, "another token")
        assert status == 401
    assert await gateway.rows(PhoneCode) == []


async def test_the_answers_are_those_of_the_document(gateway):
    document = (await gateway.call("GET", "/api/openapi.json"))[1]
    talk = await gateway.talk()
    headers = {"Authorization": f"Bearer {talk.token}"}
    place = "/api/v1/conversations/{id}/phone"
    url = gateway.url + place.format(id=talk.id)
    async with gateway.http.post(url, json={"phone": AMELIE}, headers=headers) as response:
        await check_response(document, "post", place, response)
    code = await code_at(gateway)
    async with gateway.http.post(f"{url}/code", json={"code": code}, headers=headers) as response:
        await check_response(document, "post", f"{place}/code", response)


async def test_a_page_hears_texts_as_they_come_and_finds_them_again_and_no_secrets(gateway, page, parts):
    amelie = await page()
    begun = await amelie.session(brand="primus", language="fr")
    conversation, _, token = begun["session_id"].partition(".")
    await amelie.say("bonjour")
    await amelie.wait_for(1)
    talk = Talk(gateway, conversation, token)
    await move(talk)
    await say(gateway, "me voici")
    assert (await amelie.wait_for(3))[1:] == [(await talk.lines())[2]["text"], "you said me voici"]
    assert [line["channel"] for line in amelie.own] == ["web", "sms"]
    await talk.inside("codes", {**LAURIER, "change": False})
    await talk.inside("verification", {"code": await code_at(gateway, ON_FILE)})
    await say(gateway, "mon solde svp")
    heard = await amelie.wait_for(4)
    assert "solde" not in heard[3] + amelie.own[-1]["text"], "it was proved by text, not here"
    again = await page()
    found = await again.session(session_id=begun["session_id"], brand="primus", after=0)
    assert found["session_id"] == begun["session_id"], "the page keeps its conversation while its customer writes texts"
    assert [line["text"] for line in found["lines"]][3:5] == ["me voici", "you said me voici"]
    assert "solde" not in str(found["lines"][5:])
    await again.say("de retour ici")
    assert (await again.wait_for(1))[-1] == "you said de retour ici"
    assert (await conversation_of(gateway, conversation)).channel == "web"


async def test_two_gateways_and_five_hands_move_it_once(start):
    sms = SmsSettings(numbers=NUMBERS, twilio_tokens=(TOKEN,), burst_s=0.0)
    first, second = await start(sms=sms), await start(sms=sms)
    talk = await first.talk()
    await ask(talk)
    code = await code_at(first)
    path = f"/api/v1/conversations/{talk.id}/phone/code"
    tries = [(first, second)[n % 2].call("POST", path, {"code": code}, talk.token) for n in range(5)]
    assert sorted(status for status, _ in await asyncio.gather(*tries)) == [200, 422, 422, 422, 422]
    assert len(await sent(first, 2)) == 2
